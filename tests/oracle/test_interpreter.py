"""The slow truth is itself held to the tables that the language was defined by."""

from decimal import Decimal

import pytest

from fasttwitch.logic.datatypes import BOOL, DECIMAL, DOUBLE, INT, STRING, TIMESTAMP, UINT
from fasttwitch.syntax import parse
from tests.oracle.instants import LAST_TIMESTAMP
from tests.oracle.interpreter import Truth, answers, evaluate
from tests.oracle.kinds import NamedValues, Row, World
from tests.oracle.written_instants import duration_of_string

TYPES = {
    "a": BOOL,
    "b": BOOL,
    "i": INT,
    "j": INT,
    "u": UINT,
    "x": DOUBLE,
    "d": DECIMAL,
    "s": STRING,
    "t": TIMESTAMP,
}
LETTERS: dict[str, Truth] = {"T": True, "F": False, "U": None}
NOTHING: Row = dict.fromkeys(TYPES)


def says(rule: str, now: int = 0, **values: bool | int | float | str | Decimal) -> Truth:
    """Return what a rule says of a row in which all other attributes are null."""
    world = World(TYPES, {}, {"l": NamedValues(STRING, ("x",))}, now)
    return evaluate(parse(rule), {**NOTHING, **values}, world)


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("a && b", "TT=T TF=F TU=U FT=F FF=F FU=F UT=U UF=F UU=U"),
        ("a || b", "TT=T TF=T TU=T FT=T FF=F FU=U UT=T UF=U UU=U"),
        ("!a", "TT=F FT=T UT=U"),
        ("a ? b : true", "TT=T TF=F TU=U FT=T FU=T UT=U"),
        ("a == b", "TT=T TF=F TU=U FF=T UU=U"),
        ("a != b", "TT=F TF=T FU=U UU=U"),
        ("isTrue(a)", "TT=T FT=F UT=F"),
        ("isKnown(a)", "TT=T FT=T UT=F"),
        ("a == null", "TT=F FT=F UT=T"),
        ("coalesce(a, b)", "TF=T FT=F UT=T UF=F UU=U"),
    ],
)
def test_connectives_have_their_kleene_tables(rule: str, table: str) -> None:
    for entry in table.split():
        row = {name: LETTERS[letter] for name, letter in zip("ab", entry, strict=False)}
        assert evaluate(parse(rule), {**NOTHING, **row}, World(TYPES, {}, {}, 0)) is LETTERS[entry[3]], (rule, entry)


@pytest.mark.parametrize(
    ("rule", "i", "j", "expected"),
    [
        ("i / j == -1", -5, 3, True),
        ("i % j == -2", -5, 3, True),
        ("i % j == 2", 5, -3, True),
        ("i / j == 1", 1, 0, None),
        ("i % j == 1", 1, 0, None),
        ("i / j == 1", -(2**63), -1, None),
        ("i % j == 0", -(2**63), -1, None),
        ("i + j > 0", 2**63 - 1, 1, None),
        ("i - j > 0", -(2**63), 1, None),
        ("i * j > 0", 2**62, 2, None),
        ("i * j == -9223372036854775808", 2**62, -2, True),
        ("-i > 0", -(2**63), 0, None),
    ],
)
def test_integers_are_checked_and_divide_toward_zero(rule: str, i: int, j: int, expected: Truth) -> None:
    assert says(rule, i=i, j=j) is expected


def test_an_integer_beside_a_double_is_rounded_first() -> None:
    """In plain Python the two would be compared exactly."""
    assert says("i < 9223372036854775808.0", i=2**63 - 1) is False
    assert says("i == x", i=2**53 + 1, x=2.0**53) is True
    assert says("i in [9007199254740992.0]", i=2**53 + 1) is True
    assert says("i in [9007199254740992]", i=2**53 + 1) is False


def test_nan_is_a_value_and_equals_nothing() -> None:
    nan = float("nan")
    assert [says(f"x {operator} x", x=nan) for operator in ("==", "!=", "<", ">=")] == [False, True, False, False]
    assert says("x in [1.0]", x=nan) is False
    assert says("0.0 / x == 1.0", x=0.0) is False
    assert says("1.0 / x < 0.0", x=-0.0) is True


def test_decimals_keep_every_digit_that_is_written() -> None:
    """Python's own arithmetic would round them to 28 digits."""
    many = "12345678901234567890123456789012.345678"
    assert says(f"d == {many}", d=Decimal(many)) is True
    assert says(f"d == -{many}", d=Decimal(many).copy_negate()) is True
    assert says(f"d == {many[:-1]}9", d=Decimal(many)) is False


def test_time_ends_with_the_calendar() -> None:
    assert says('t + duration("1us") > t', t=LAST_TIMESTAMP) is None
    assert says('t - duration("1us") < t', t=LAST_TIMESTAMP) is True
    assert says("now - t < days(1)", now=5, t=4) is True


def test_a_segment_is_its_text() -> None:
    trees = {name: parse(text) for name, text in {"one": "i > 1", "two": '!segment("one")'}.items()}
    rows: list[Row] = [{**NOTHING, "i": 2}, {**NOTHING, "i": 0}, NOTHING]
    assert answers(World(TYPES, trees, {}, 0), rows) == {"one": [True, False, None], "two": [False, True, None]}


def test_a_wrong_tree_trips_the_oracle() -> None:
    """It must not make up an answer where the checker has failed."""
    with pytest.raises(AssertionError, match="no common type"):
        says("i + x > 1.0", i=1, x=1.0)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1h30m", 5_400_000_000),
        ("-1.5s", -1_500_000),
        ("3us", 3),
        ("2ms", 2000),
        ("0", 0),
        ("1h1m1.000001s", 3_661_000_001),
    ],
)
def test_durations_are_read(text: str, microseconds: int) -> None:
    assert duration_of_string(text) == microseconds
