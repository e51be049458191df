"""The slow truth is itself held to the tables that the language was defined by."""

from decimal import Decimal
from itertools import pairwise

import pytest

from fasttwitch.logic.datatypes import BOOL, DECIMAL, DOUBLE, INT, STRING, TIMESTAMP, UINT
from fasttwitch.syntax import parse
from tests.oracle.buckets import murmur
from tests.oracle.instants import LAST_TIMESTAMP
from tests.oracle.interpreter import Truth, answers, evaluate
from tests.oracle.kinds import NamedValues, Row, World
from tests.oracle.written_instants import duration_of_string, timestamp_of_string

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


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("string(x) == '1e+06'", 1e6),
        ("string(x) == '123456'", 123456.0),
        ("string(x) == '1.2345675e+06'", 1234567.5),
        ("string(x) == '0.0001'", 0.0001),
        ("string(x) == '1e-05'", 0.00001),
        ("string(x) == '-0'", -0.0),
        ("string(x) == 'NaN'", float("nan")),
        ("string(x) == '-Inf'", float("-inf")),
    ],
)
def test_doubles_are_printed_as_go_prints_them(rule: str, expected: float) -> None:
    assert says(rule, x=expected) is True


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("int(x) == 1", 1.9, True),
        ("int(x) == -7", -7.9, True),
        ("int(x) != 0", 9223372036854775807.0, None),
        ("int(x) != 0", -9223372036854775808.0, None),
        ("int(x) == 9223372036854774784", 9223372036854774784.0, True),
        ("int(x) == 0", float("nan"), None),
        ("uint(x) == 0u", -0.5, None),
        ("uint(x) == 0u", -0.0, True),
        ("math.round(x) == -2.0", -1.5, True),
        ("math.round(x) == 0.0", 0.49999999999999994, True),
        ("math.round(x) == 3.0", 2.5, True),
        ("1.0 / math.ceil(x) < 0.0", -0.3, True),
        ("1.0 / math.sign(x) > 0.0", -0.0, True),
        ("math.isNaN(math.sqrt(x))", -1.0, True),
        ("math.isNaN(math.greatest(x, 1.0))", float("nan"), True),
        ("math.greatest(1.0, x) == 1.0", float("nan"), True),
        ("math.least([x, 3]) == -2.5", -2.5, True),
        ('"%.2f|%e|%s|%d".format([x, x, x, x]) == "0.12|1.250000e-01|0.125|0.125"', 0.125, True),
        ('"%f %s".format([x, x]) == "-Infinity -Infinity"', float("-inf"), True),
    ],
)
def test_functions_of_doubles(rule: str, value: float, expected: Truth) -> None:
    assert says(rule, x=value) is expected


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("int(s) == 5", "+5", True),
        ("int(s) == 5", " 5", None),
        ("int(s) == 0", "9223372036854775808", None),
        ("uint(s) == 5u", "+5", None),
        ("double(s) == 0.5", ".5", True),
        ("math.isInf(double(s))", "-inf", True),
        ("math.isInf(double(s))", "1e400", None),
        ("double(s) > 0.0", "1_000", None),
        ("bool(s)", "TRUE", True),
        ("bool(s)", "TrUe", None),
        ('s.charAt(3) == ""', "abc", True),
        ('s.charAt(4) == ""', "abc", None),
        ('s.indexOf("a", 3) == -1', "abc", True),
        ('s.indexOf("", 4) == 4', "abc", None),
        ('s.lastIndexOf("a", 2) == 1', "\U0001f600aab", False),
        ('s.lastIndexOf("ab") == 2', "\U0001f600aab", True),
        ('s.substring(1, 2) == "\u00e9"', "h\u00e9\u00e9", True),
        ('s.substring(2, 1) == ""', "abc", None),
        ('s.replace("", "-", 2) == "-a-bc"', "abc", True),
        ('s.replace("a", "bb") == "bbcbb"', "aca", True),
        ('s.split("") == ["a", "\u00e9"]', "a\u00e9", True),
        ("s.split('') == []", "", True),
        ("s.split(',') == ['']", "", True),
        ("s.split(',', 2) == ['a', 'b,c']", "a,b,c", True),
        ("s.split(',', 0).size() == 0", "a,b,c", True),
        ('s.split(",")[2] == "c"', "a,b", None),
        ('[s, "x"].join("-") == "a-x"', "a", True),
        ('s.trim() == "a\\u200b"', "\u00a0a\u200b\u2028", True),
        ('s.trim() == "\\x1ca"', "\x1ca ", True),
        ('s.reverse() == "ba"', "ab", True),
        ('strings.quote(s) == "\\"a\\\\n\\\\\\"\\""', 'a\n"', True),
        ("s.upperAscii() == 'A\u00e9'", "a\u00e9", True),
        ("timestamp(s) == timestamp(1706745600)", "2024-02-01T02:00:00+02:00", True),
        ("timestamp(s) > timestamp(0)", "2024-02-30T00:00:00Z", None),
        ("timestamp(s) > timestamp(0)", "0001-01-01T00:00:00+00:01", None),
        ("date(s) == date('2024-02-29')", "2024-02-29", True),
        ("duration(s) == minutes(90)", "1h30m", True),
        ("duration(s) < minutes(0)", "-1ns", True),
        ("duration(s) == minutes(0)", "1d", None),
        ('"%x %X".format([s, s]) == "c3a9 C3A9"', "\u00e9", True),
    ],
)
def test_functions_of_strings(rule: str, text: str, expected: Truth) -> None:
    assert says(rule, s=text) is expected


@pytest.mark.parametrize(
    ("rule", "i", "expected"),
    [
        ("math.abs(i) > 0", -(2**63), None),
        ("math.bitNot(i) == -2", 1, True),
        ("math.bitShiftLeft(i, 63) == -9223372036854775808", 1, True),
        ("math.bitShiftLeft(i, 64) == 0", 1, True),
        ("math.bitShiftRight(i, 3) == 2305843009213693824", -1024, True),
        ("math.bitShiftRight(1, i) == 0", -1, None),
        ("math.bitXor(i, 3) == 6", 5, True),
        ("uint(i) == 0u", -1, None),
        ("timestamp(i) == timestamp('0001-01-01T00:00:00Z')", -62135596800, True),
        ("timestamp(i) > timestamp('0001-01-01T00:00:00Z')", 253402300800, None),
        ("days(i) > days(0)", 3652500, True),
        ("days(i) > days(0)", 3652501, None),
        ('"%x %b %o".format([i, i, i]) == "-ff -11111111 -377"', -255, True),
        ("string(i) + 'a' == '-5a'", -5, True),
        ("i in [1, 2] ? true : bool(string(i))", 0, False),
    ],
)
def test_functions_of_integers(rule: str, i: int, expected: Truth) -> None:
    assert says(rule, i=i) is expected


def test_versions_are_ordered_by_precedence() -> None:
    """The chain of the specification, each below the next."""
    chain = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.10.0"
    for low, high in pairwise(chain.split()):
        assert says(f'semver(s) < "{high}"', s=low) is True
        assert says(f'semver(s) > semver("{low}")', s=high) is True
    assert says('semver(s) == "1.0.0+other"', s="1.0.0+build") is True
    assert says("semver(s).minor() == 10", s="2.10.0-rc.1") is True
    assert says("semver(s).minor() == 10", s="2.10") is None
    assert says("isSemver(s)", s="1.0.0-01") is False


def test_buckets_hash_salt_and_value() -> None:
    """Published values of MurmurHash3_x86_32 with seed 0; a number counts as its digits."""
    assert murmur(b"") == 0
    assert murmur(b"test") == 0xBA6BD213
    assert murmur(b"Hello, world!") == 0xC0363E43
    assert murmur(b"The quick brown fox jumps over the lazy dog") == 0x2E4FF723
    expected = murmur(b"salt:42") % 100
    assert says(f'bucket(i, "salt", 100) == {expected}', i=42) is True
    assert says(f'bucket(s, "salt", 100) == {expected}', s="42") is True


@pytest.mark.parametrize(
    ("rule", "moment", "expected"),
    [
        ("t.getDayOfMonth('America/St_Johns') == 11", "2009-02-13T02:00:00Z", True),
        ("t.getHours('02:00') == 1", "2009-02-13T23:31:30Z", True),
        ("t.getMinutes('Asia/Kathmandu') == 16", "2009-02-13T23:31:30Z", True),
        ("t.getDayOfYear() == 43", "2009-02-13T23:31:30Z", True),
        ("t.getDayOfWeek() == 0", "2024-03-31T00:00:00Z", True),
        ("t.getFullYear('+08:00') == 10000", "9999-12-31T23:59:59Z", True),
        ("t.getFullYear('America/New_York') == 0", "0001-01-01T00:00:00Z", True),
        ("date(t, 'Asia/Tokyo') > date('2024-01-01')", "9999-12-31T23:59:59Z", None),
        ("t.getHours('Europe/Berlin') == 3", "2024-03-31T01:00:00Z", True),
        ("t.getHours('Europe/Berlin') == 3", "9998-07-01T01:00:00Z", True),
        # midnight is left out, comes twice, and a whole day is left out
        ("startOfDay(t, 'America/Sao_Paulo') == timestamp('2018-11-04T03:00:00Z')", "2018-11-04T15:00:00Z", True),
        ("startOfDay(t, 'America/Havana') == timestamp('2020-11-01T04:00:00Z')", "2020-11-01T15:00:00Z", True),
        ("startOfDay(t, 'America/St_Johns') == timestamp('2010-11-07T02:30:00Z')", "2010-11-07T12:00:00Z", True),
        ("startOfDay(t, 'Pacific/Apia') == timestamp('2011-12-30T10:00:00Z')", "2011-12-31T01:00:00Z", True),
        ("startOfDay(t, '+01:00') < t", "0001-01-01T00:00:00Z", None),
        ("int(t) == -1", "1969-12-31T23:59:59.5Z", True),
        ("string(t) == '1969-12-31T23:59:59.5Z'", "1969-12-31T23:59:59.5Z", True),
        ("string(t - timestamp(1)) == '-1.5s'", "1969-12-31T23:59:59.5Z", True),
        ("(t - timestamp(1)).getMilliseconds() == -500", "1969-12-31T23:59:59.5Z", True),
        ("(t - timestamp(1)).getSeconds() == -1", "1969-12-31T23:59:59.5Z", True),
        ("timestamp(date(t)) == t", "2024-02-29T00:00:00Z", True),
    ],
)
def test_functions_of_instants(rule: str, moment: str, expected: Truth) -> None:
    instant = timestamp_of_string(moment)
    assert instant is not None
    assert says(rule, t=instant) is expected


def test_constants_take_the_type_that_a_function_wants() -> None:
    assert says("math.greatest(x, 2) == 2.0", x=1.0) is True
    assert says("math.bitAnd(u, 6) == 2u", u=3) is True
    assert says("math.greatest(5.4, 10, 3u) == 10") is True
    assert says('semver(s) >= (true ? "1.0.0" : "2.0.0")', s="1.5.0") is True


def test_lists_of_strings_are_values() -> None:
    assert says('[s, "b"] == ["a", "b"]', s="a") is True
    assert says('[s, "b"] == ["a"]', s="a") is False
    assert says("[s] != []", s="a") is True
    assert says('[s, "b"] == ["a", "b"]') is None
    assert says("[x] == [x]", x=float("nan")) is False
