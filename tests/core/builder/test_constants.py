"""Python's values in rules: what each becomes, and which ones no rule can hold."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.builder.constants import PythonValue
from fasttwitch.syntax import parse


class Tier(str, Enum):  # noqa: UP042  # whose `str` is "Tier.GOLD"
    GOLD = "gold"


class Level(IntEnum):
    HIGH = 3


BERLIN = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (np.False_, "false"),
        (0, "0"),
        (-5, "-5"),
        (2**63 - 1, "9223372036854775807"),
        (-(2**63), "-9223372036854775808"),
        (2**63, "9223372036854775808u"),
        (2**64 - 1, "18446744073709551615u"),
        (Level.HIGH, "3"),
        (np.int8(-3), "-3"),
        (np.uint8(3), "3u"),
        (0.1, "0.1"),
        (-0.0, "-0.0"),
        (1e300, "1e+300"),
        (np.float64(2.5), "2.5"),
        (np.float32(0.1), "0.10000000149011612"),
        (Decimal("1.10"), "1.1"),
        (Decimal("5"), "5.0"),
        (Decimal("-0.10000000000000000000555"), "-0.10000000000000000000555"),
        (Decimal("1E+5"), "100000.0"),
        ("", '""'),
        ('say "hi"\n', r'"say \"hi\"\n"'),
        (Tier.GOLD, '"gold"'),
        (np.str_("größe"), '"größe"'),
        (date(2026, 1, 31), 'date("2026-01-31")'),
        (np.datetime64("2026-01-31"), 'date("2026-01-31")'),
        (datetime(2026, 1, 31, 9, 30, tzinfo=UTC), 'timestamp("2026-01-31T09:30:00Z")'),
        (datetime(2026, 1, 31, 9, 30, 0, 250_000, tzinfo=UTC), 'timestamp("2026-01-31T09:30:00.25Z")'),
        (datetime(2026, 1, 31, 1, 30, tzinfo=BERLIN), 'timestamp("2026-01-30T23:30:00Z")'),
        (np.datetime64("2026-01-31T09:30:00.000001"), 'timestamp("2026-01-31T09:30:00.000001Z")'),
        (datetime(1, 1, 1, tzinfo=UTC), 'timestamp("0001-01-01T00:00:00Z")'),
        (timedelta(days=30), "days(30)"),
        (timedelta(0), "days(0)"),
        (timedelta(days=-1, hours=12), "hours(-12)"),
        (timedelta(hours=36), "hours(36)"),
        (timedelta(minutes=90), "minutes(90)"),
        (timedelta(seconds=90, milliseconds=500), 'duration("90.5s")'),
        (timedelta(microseconds=-1), 'duration("-0.000001s")'),
        (np.timedelta64(7, "D"), "days(7)"),
    ],
)
def test_a_python_value_is_a_constant(value: PythonValue, text: str) -> None:
    built = ft.literal(value)
    assert built.to_cel() == text
    assert parse(text) == built.tree


def test_a_naive_datetime_is_read_as_utc() -> None:
    """As `now` of a run and the documents of a mapping are."""
    naive = datetime(2026, 1, 31)
    assert ft.literal(naive).to_cel() == ft.literal(naive.replace(tzinfo=UTC)).to_cel()


def test_a_decimal_keeps_its_digits_for_decimal_columns() -> None:
    digits = "12345678901234567890.123456789"
    assert (ft.col("price") == Decimal(digits)).to_cel() == f"price == {digits}"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], "x in []"),
        (["b", "a"], 'x in ["b", "a"]'),
        ({"b", "a", "c"}, 'x in ["a", "b", "c"]'),
        (frozenset({3, 1}), "x in [1, 3]"),
        (range(3), "x in [0, 1, 2]"),
        ({"DE": 1, "AT": 2}.keys(), 'x in ["AT", "DE"]'),
        (np.array([1, 2], dtype=np.uint8), "x in [1u, 2u]"),
        (np.array(["2026-01-31"], dtype="datetime64[D]"), 'x in [date("2026-01-31")]'),
        ((ft.days(1), timedelta(days=2)), "x in [days(1), days(2)]"),
        (ft.lists("vip"), 'x in list("vip")'),
    ],
)
def test_any_collection_can_be_looked_up_in(values: object, text: str) -> None:
    assert ft.col("x").is_in(values).to_cel() == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"x", "b'x' is bytes, and rules know text alone: decode it first"),
        (object, "a `type` cannot stand in a rule: give text, a number, a bool, a date, a datetime or a timedelta"),
        (1j, "a `complex` cannot stand in a rule: give text, a number, a bool, a date, a datetime or a timedelta"),
        (
            pa.scalar(5),
            "an Arrow `Int64Scalar` cannot stand in a rule: convert it with `.as_py()` or `.to_pylist()`",
        ),
    ],
)
def test_a_type_without_constants_is_refused(value: PythonValue, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        ft.literal(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2**64, "18446744073709551616 is out of range: an int has 64 bits"),
        pytest.param(-(10**5000), "this number is out of range: an int has 64 bits", id="vast"),
        (float("nan"), "NaN equals nothing, not even itself: use `math.is_nan(x)`"),
        (
            -float("inf"),
            "-inf cannot be written as a number: use `math.is_inf(x)`, or a bound that is finite",
        ),
        (Decimal("NaN"), "NaN cannot be written as a number"),
        (Decimal("1E+400"), "1E+400 is too large for a number: the largest double is about 1.8e+308"),
        ("\ud800", "half of a character stands in '\\ud800'"),
        (np.datetime64("NaT"), "NaT is no instant between the years 1 and 9999"),
        (np.datetime64("12000-01-01T00:00:00"), "12000-01-01T00:00:00 is no instant between the years 1 and 9999"),
        (np.timedelta64("NaT"), "NaT is no length of time that a rule can hold"),
        (
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-2))),
            "9999-12-31 23:59:59.999999-02:00 lies outside the years 1 to 9999 in UTC",
        ),
    ],
)
def test_a_value_that_no_text_can_say_is_refused(value: PythonValue, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared
        ft.literal(value)
    assert str(caught.value) == message


def test_pandas_missing_values_are_refused() -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=r"^NaT is no instant: use `\.is_null\(\)`$"):
        ft.literal(pandas.NaT)
    assert ft.literal(pandas.Timestamp("2026-01-31T09:30:00Z")).to_cel() == 'timestamp("2026-01-31T09:30:00Z")'
    assert ft.literal(pandas.Timedelta(days=3)).to_cel() == "days(3)"
