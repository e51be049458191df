"""Conversions: what has a counterpart in the other type, and how numbers look as text."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import casts
from fasttwitch.library.zones import read_zone
from fasttwitch.logic.instants import (
    FIRST_INSTANT,
    LAST_INSTANT,
    LONGEST_DURATION,
    read_date,
    read_duration,
    read_timestamp,
)

LOW, HIGH, TOP = -(2**63), 2**63 - 1, 2**64 - 1
DAY = 86_400_000_000
ints, uints = st.integers(LOW, HIGH), st.integers(0, TOP)
instants = st.integers(FIRST_INSTANT, LAST_INSTANT)


@pytest.mark.parametrize(
    ("value", "as_int", "as_uint"),
    [
        (1.9, 1, 1),
        (-7.9, -7, None),
        (-0.5, 0, None),
        (-0.0, 0, 0),
        (2.0**63 - 1024, 2**63 - 1024, 2**63 - 1024),
        (2.0**63, None, 2**63),
        (-(2.0**63), None, None),
        (-(2.0**63) + 1024, -(2**63) + 1024, None),
        (2.0**64 - 2048, None, 2**64 - 2048),
        (2.0**64, None, None),
        (math.inf, None, None),
        (-math.inf, None, None),
        (math.nan, None, None),
    ],
)
def test_a_double_becomes_an_integer_towards_zero(value: float, as_int: int | None, as_uint: int | None) -> None:
    """The lowest int is refused too: the official tests have it so."""
    assert casts.int_of_double(value) == as_int
    assert casts.uint_of_double(value) == as_uint


@pytest.mark.parametrize(
    ("text", "as_int", "as_uint"),
    [
        ("987", 987, 987),
        ("+5", 5, None),
        ("-5", -5, None),
        ("-0", 0, None),
        ("0", 0, 0),
        ("-00012", -12, None),
        ("0" * 5000 + "7", 7, 7),
        (str(HIGH), HIGH, HIGH),
        (str(HIGH + 1), None, HIGH + 1),
        (str(LOW), LOW, None),
        (str(LOW - 1), None, None),
        (str(TOP), None, TOP),
        (str(TOP + 1), None, None),
        ("9" * 5000, None, None),
    ],
)
def test_digits_become_an_integer(text: str, as_int: int | None, as_uint: int | None) -> None:
    assert casts.int_of_string(text) == as_int
    assert casts.uint_of_string(text) == as_uint


@pytest.mark.parametrize("text", ["", "-", "+", " 5", "5 ", "5\n", "0x10", "1_0", "٣", "²", "1.0", "1e3", "--1", "+-1"])
def test_what_is_not_all_digits_is_no_integer(text: str) -> None:
    assert casts.int_of_string(text) is None
    assert casts.uint_of_string(text) is None


@given(value=ints)
def test_an_int_is_read_back_from_its_text(value: int) -> None:
    assert casts.int_of_string(casts.string_of_int(value)) == value


@given(value=uints)
def test_a_uint_is_read_back_from_its_text(value: int) -> None:
    assert casts.uint_of_string(casts.string_of_int(value)) == value


def test_integers_of_the_other_sign_have_no_counterpart() -> None:
    assert [casts.int_of_uint(value) for value in (0, HIGH, HIGH + 1, TOP)] == [0, HIGH, None, None]
    assert [casts.uint_of_int(value) for value in (LOW, -1, 0, HIGH)] == [None, None, 0, HIGH]


def test_large_integers_become_the_nearest_double() -> None:
    assert casts.double_of_number(2**53 + 1) == 2.0**53
    assert casts.double_of_number(2**53 + 3) == 2.0**53 + 4
    assert casts.double_of_number(HIGH) == 2.0**63
    assert casts.double_of_number(TOP) == 2.0**64


@pytest.mark.parametrize(
    ("value", "as_int", "as_uint", "as_double", "text"),
    [
        ("12.90", 12, 12, 12.9, "12.90"),
        ("-12.90", -12, None, -12.9, "-12.90"),
        ("-0.50", 0, None, -0.5, "-0.50"),
        ("9223372036854775807.9", HIGH, HIGH, 2.0**63, "9223372036854775807.9"),
        ("9223372036854775808", None, HIGH + 1, 2.0**63, "9223372036854775808"),
        ("-9223372036854775808.9", LOW, None, -(2.0**63), "-9223372036854775808.9"),
        ("18446744073709551616", None, None, 2.0**64, "18446744073709551616"),
        ("1E+3", 1000, 1000, 1000.0, "1000"),
        ("1E-9", 0, 0, 1e-9, "0.000000001"),
        ("9007199254740993", 2**53 + 1, 2**53 + 1, 2.0**53, "9007199254740993"),
    ],
)
def test_decimals(value: str, as_int: int | None, as_uint: int | None, as_double: float, text: str) -> None:
    decimal = Decimal(value)
    assert casts.int_of_decimal(decimal) == as_int
    assert casts.uint_of_decimal(decimal) == as_uint
    assert casts.double_of_decimal(decimal) == as_double
    assert casts.string_of_decimal(decimal) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123.456", 123.456),
        ("6.02214e23", 6.02214e23),
        ("-84.32E+7", -843200000.0),
        ("5.", 5.0),
        (".5", 0.5),
        ("+1", 1.0),
        ("00.5", 0.5),
        ("1e-400", 0.0),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("0x1p-2", 0.25),
        ("-0X1.8p1", -3.0),
        ("0x.8p0", 0.5),
        ("inf", math.inf),
        ("+Infinity", math.inf),
        ("-INF", -math.inf),
        ("0.1" + "0" * 5000, 0.1),
    ],
)
def test_texts_of_doubles(text: str, value: float) -> None:
    assert casts.double_of_string(text) == value


def test_nan_has_no_sign() -> None:
    assert math.isnan(casts.double_of_string("NaN") or 0.0)
    assert math.isnan(casts.double_of_string("nan") or 0.0)
    assert casts.double_of_string("-NaN") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "e5",
        "1e",
        "1_000",
        " 1",
        "1 ",
        "1\n",
        "1,5",
        "٣",
        "1e400",
        "-1e400",
        "0x1",
        "0xp1",
        "0x1p9999",
        "infinit",
        "ınf",
    ],
)
def test_what_names_no_double(text: str) -> None:
    """A comma, a space or a number too large is unknown, not a guess."""
    assert casts.double_of_string(text) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123.456, "123.456"),
        (-4.5e-3, "-0.0045"),
        (1.0, "1"),
        (0.0, "0"),
        (-0.0, "-0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (0.000012345, "1.2345e-05"),
        (100000.0, "100000"),
        (999999.9, "999999.9"),
        (1000000.0, "1e+06"),
        (-1234567.5, "-1.2345675e+06"),
        (123456789.0, "1.23456789e+08"),
        (2.0**53, "9.007199254740992e+15"),
        (1e20, "1e+20"),
        (1e100, "1e+100"),
        (5e-324, "5e-324"),
        (2.0**-24, "5.960464477539063e-08"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_doubles_look_as_go_prints_them(value: float, text: str) -> None:
    assert casts.string_of_double(value) == text


@given(value=st.floats(allow_nan=False))
def test_a_double_is_read_back_from_its_text(value: float) -> None:
    text = casts.string_of_double(value)
    found = casts.double_of_string(text)
    assert found == value
    assert math.copysign(1, value) == math.copysign(1, found)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_no_shorter_text_names_the_same_double(value: float) -> None:
    """Python's `repr` is shortest too; and the exponent begins where Go begins it."""
    text = casts.string_of_double(value)
    mantissa, _, exponent = text.partition("e")
    digits = re.sub(r"^0+", "", mantissa.lstrip("-").replace(".", "")).rstrip("0")
    shortest = re.sub(r"^0+", "", repr(value).partition("e")[0].lstrip("-").replace(".", "")).rstrip("0")
    assert digits == shortest
    assert bool(exponent) == (value != 0 and not 1e-4 <= abs(value) < 1e6)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        *((text, True) for text in ("1", "t", "true", "True", "TRUE")),
        *((text, False) for text in ("0", "f", "false", "False", "FALSE")),
        *((text, None) for text in ("", "T", "F", "TrUe", "yes", "no", " true", "2")),
    ],
)
def test_ten_words_are_truth_values(text: str, truth: bool | None) -> None:
    assert casts.bool_of_string(text) is truth


def test_truth_values_as_text() -> None:
    assert [casts.string_of_bool(value) for value in (True, False)] == ["true", "false"]


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-500_000, "1969-12-31T23:59:59.5Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1_234_567_890_000_120, "2009-02-13T23:31:30.00012Z"),
        (FIRST_INSTANT, "0001-01-01T00:00:00Z"),
        (LAST_INSTANT, "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_shows_no_more_digits_than_it_has(instant: int, text: str) -> None:
    assert casts.string_of_timestamp(instant) == text


@given(instant=instants)
def test_an_instant_is_read_back_from_its_text(instant: int) -> None:
    text = casts.string_of_timestamp(instant)
    assert read_timestamp(text) == instant
    assert datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC) == timedelta(microseconds=instant)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0s"),
        (90_000_000, "90s"),
        (1_500_000, "1.5s"),
        (-500_000, "-0.5s"),
        (1, "0.000001s"),
        (LONGEST_DURATION, "315576000000s"),
        (1 - LONGEST_DURATION, "-315575999999.999999s"),
    ],
)
def test_a_duration_counts_seconds(duration: int, text: str) -> None:
    assert casts.string_of_duration(duration) == text


@given(duration=st.integers(-LONGEST_DURATION, LONGEST_DURATION))
def test_a_duration_is_read_back_from_its_text(duration: int) -> None:
    assert read_duration(casts.string_of_duration(duration)) == duration


@given(day=st.dates())
def test_a_date_is_read_back_from_its_text(day: date) -> None:
    number = day.toordinal() - date(1970, 1, 1).toordinal()
    assert casts.string_of_date(number) == day.isoformat()
    assert read_date(casts.string_of_date(number)) == number


@given(instant=instants)
def test_the_seconds_of_an_instant_are_whole_and_downwards(instant: int) -> None:
    seconds = casts.int_of_timestamp(instant)
    floor = casts.timestamp_of_seconds(seconds)
    assert floor is not None
    assert floor <= instant < floor + 1_000_000


def test_instants_exist_in_the_years_1_to_9999() -> None:
    assert casts.timestamp_of_seconds(-62_135_596_800) == FIRST_INSTANT
    assert casts.timestamp_of_seconds(-62_135_596_801) is None
    assert casts.timestamp_of_seconds(253_402_300_799) == LAST_INSTANT - 999_999
    assert casts.timestamp_of_seconds(253_402_300_800) is None
    assert casts.timestamp_of_date(FIRST_INSTANT // DAY) == FIRST_INSTANT
    assert casts.timestamp_of_date(FIRST_INSTANT // DAY - 1) is None
    assert casts.timestamp_of_date(LAST_INSTANT // DAY + 1) is None


def test_the_date_of_an_instant_depends_on_the_zone() -> None:
    instant = 1_234_567_890_000_000  # 2009-02-13T23:31:30Z
    sydney, west = read_zone("Australia/Sydney"), read_zone("-08:00")
    day = casts.date_of_timestamp(instant)
    assert day is not None
    assert casts.string_of_date(day) == "2009-02-13"
    assert casts.date_of_timestamp(instant, sydney) == day + 1
    assert casts.date_of_timestamp(instant, west) == day
    assert casts.date_of_timestamp(-1) == -1
    assert casts.date_of_timestamp(FIRST_INSTANT) == FIRST_INSTANT // DAY
    assert casts.date_of_timestamp(FIRST_INSTANT, west) is None
    assert casts.date_of_timestamp(LAST_INSTANT, sydney) is None
