"""What Arrow computes must be what the definitions of the catalogue say, value by value."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from fasttwitch.batch import evaluation
from fasttwitch.batch.evaluation import computed, is_quick, judged
from fasttwitch.batch.exact import as_doubles, as_language, digits_of
from fasttwitch.batch.outline import outline
from fasttwitch.batch.text import lower_ascii, upper_ascii
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, DURATION, TIMESTAMP, language_type
from fasttwitch.logic.scope import Scope
from fasttwitch.syntax import parse

WORDS = ["", "a", "Ab", "ß", "ÄÖ", "1.2.3", "x%y", "İı", "\U0001f600a", "12", "1.3.0", "a.b", None, "true", "  pad "]
TABLE = pa.table(
    {
        "s": pa.array(WORDS),
        "t": pa.array([*WORDS[5:], *WORDS[:5]], pa.large_string()),
        "v": pa.array(WORDS[::-1], pa.string_view()),
        "d": pa.array(WORDS).dictionary_encode(),
        "i": pa.array([0, -1, 2**62, -(2**63), None, 5, 7, 9, 1, 2, 3, 4, 5, 6, 2**63 - 1], pa.int64()),
        "u": pa.array([0, 2**64 - 1, *range(12), None], pa.uint64()),
        "b": pa.array([True, False, None] * 5),
        "x": pa.array([0.0, -0.0, 1.5, float("nan"), float("inf"), None, 1e300, *range(8)], pa.float64()),
        "m": pa.array([Decimal(k).scaleb(-2) if k % 4 else None for k in range(-7, 8)], pa.decimal128(12, 2)),
        "n": pa.array([Decimal(k).scaleb(-4) * 2500 if k % 5 else None for k in range(15)], pa.decimal128(18, 4)),
        "w": pa.array([Decimal(10**k + 7).scaleb(-3) for k in range(10, 25)], pa.decimal128(30, 3)),
    }
)
SCOPE = Scope({field.name: language_type(field.type) for field in TABLE.schema}, frozenset(), {})
RULES = [
    's.startsWith("a")',
    's.endsWith("b")',
    'd.contains(".")',
    'v.matches("[A-Z]")',
    "s.startsWith(t)",
    "s.contains(d)",
    "s.endsWith(t)",
    "(s + t).endsWith(t)",
    "(s + t).contains(v)",
    'd.contains("2.")',
    '(s + t).contains("ß1")',
    "(t + s).indexOf(s) == 0",
    '"a12".contains(s)',
    's.lowerAscii() == "ab"',
    't.upperAscii() == "ÄÖ"',
    'v.reverse() == "bA"',
    "size(s) > 1",
    's.replace("a", "bb") == "bb.b"',
    's.replace("", "-") == "-a-"',
    's + t == "a12"',
    's + "x" == "ax"',
    "s + t == t + s",
    "s < t",
    "s == d",
    's in ["a", "12"]',
    's.trim() in ["pad", ""]',
    'string(i) == "5"',
    'string(u) == "18446744073709551615"',
    'string(x) == "1e+300"',
    'string(b) == "true"',
    "m > i",
    "m <= u",
    "w >= i",
    "double(m) > 0.03",
    "double(w) > 1.0e17",
    "m == w",
    "b == (i > 3)",
    'bucket(s, "salt", 10) < 5',
    'bucket(i, "salt", 10) < 5',
    'bucket(u, "salt", 10) < 5',
    's in t.split(".")',
    '[s, t].join("-") == "a-12"',
    '"%s of %d".format([s, i]) == "a of -1"',
    "semver(s) >= semver(t)",
    "int(s) > 11",
    "int(t + t) > 12",
    "uint(s) > 11u",
    "double(s) > 11.5",
    "double(t + t) < 1.5",
    's.indexOf("a") == 0',
    't.indexOf("x") >= 0',
    '(s + t).indexOf("Ö") >= 0',
    't.indexOf("") == 0',
    's.substring(1) == "b"',
    's.substring(1, 2) == "b"',
    '(s + "x").substring(0, 2) == "aa"',
    '(t + "y").substring(1, 2) == "."',
    's.charAt(0) == "a"',
    't.split(".")[1] == "2"',
    '(s + t).split("a")[1] == ""',
    'size(t.split(".")) > 1',
    'size(s + "ä") > 3',
    '(s + " ").trim() == "a"',
    "(s + t).reverse() == t.reverse() + s.reverse()",
    "(s + t).lowerAscii() == s + t",
    "math.greatest(size(s), size(t)) > 2",
    "m == i",
    "m >= n",
    "n < i",
    "n == u",
]


@pytest.mark.parametrize("rule", RULES)
def test_arrow_says_what_the_definitions_say(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expression = check(parse(rule), SCOPE, rule)
    if isinstance(expression, nodes.Compare) and expression.left.type is BOOL:
        expression = expression.left
    monkeypatch.setattr(evaluation, "ROWS_AT_ONCE", 4)
    for table in (TABLE, TABLE.slice(3), pa.concat_tables([TABLE.slice(5, 3), TABLE.slice(1, 9)])):
        (quick,) = computed([expression], table, 0, 2)
        with monkeypatch.context() as patched:
            patched.setattr(evaluation, "in_arrow", lambda expression, operands: None)
            (slow,) = computed([expression], table, 0, 1)
        assert quick.to_pylist() == slow.to_pylist()
        if table is TABLE:
            assert len(set(quick.to_pylist())) > 1, "a rule that says the same of every row proves little"


def test_instants_become_microseconds_held_within_the_calendar() -> None:
    seconds = pa.chunked_array([pa.array([0, -1, 10**12, -(10**12), None], pa.timestamp("s"))])
    nanoseconds = pa.chunked_array([pa.array([-1, 1999, None], pa.timestamp("ns"))])
    assert as_language(seconds, TIMESTAMP).to_pylist() == [
        0,
        -1_000_000,
        253_402_300_799_999_999,
        -62_135_596_800_000_000,
        None,
    ]
    assert as_language(nanoseconds, TIMESTAMP).to_pylist() == [-1, 1, None]


def test_days_of_both_kinds_become_days() -> None:
    days = [date(1969, 12, 31), date(2026, 1, 31), None]
    for kind in (pa.date32(), pa.date64()):
        assert as_language(pa.chunked_array([pa.array(days, kind)]), DATE).to_pylist() == [-1, 20_484, None]


def test_durations_become_microseconds() -> None:
    spans = pa.chunked_array([pa.array([timedelta(hours=1), None], pa.duration("ms"))])
    assert as_language(spans, DURATION).to_pylist() == [3_600_000_000, None]


@pytest.mark.parametrize(
    "kind",
    [pa.decimal128(15, 4), pa.decimal128(18, 3), pa.decimal128(38, 10), pa.decimal256(40, 2), pa.decimal64(9, 3)],
)
def test_decimals_become_the_nearest_doubles(kind: pa.DataType) -> None:
    values = [Decimal("0.1"), Decimal("-12345.67"), None, Decimal("0"), Decimal("99999.99"), Decimal("0.3")]
    column = pa.array(values, kind).slice(1)
    assert as_doubles(column).to_pylist() == [None if value is None else float(value) for value in values[1:]]


def test_an_expression_of_the_clock_alone_has_a_value_for_every_row() -> None:
    rule = 'string(now) == "1970-01-01T00:00:00Z"'
    expression = check(parse(rule), SCOPE, rule)
    assert computed([expression], TABLE, 0, 1)[0].to_pylist() == [True] * TABLE.num_rows
    assert computed([expression], TABLE, 1, 1)[0].to_pylist() == [False] * TABLE.num_rows


def test_a_computed_instant_is_an_instant_of_arrow() -> None:
    rule = "timestamp(s) > now"
    expression = check(parse(rule), Scope({"s": language_type(pa.string())}, frozenset(), {}), rule)
    assert isinstance(expression, nodes.Compare)
    table = pa.table({"s": ["2026-01-31T00:00:00Z", "soon", None]})
    (found,) = computed([expression.left], table, 0, 1)
    assert found.type == pa.timestamp("us")
    assert found.to_pylist() == [datetime(2026, 1, 31), None, None]


def test_letters_are_changed_wherever_the_bytes_begin() -> None:
    """Arrow's own functions return garbage for such arrays."""
    offsets = pa.py_buffer(b"".join(place.to_bytes(8, "little") for place in (7, 12, 17)))
    words = pa.Array.from_buffers(pa.large_string(), 2, [None, offsets, pa.py_buffer(b"garbageHellowOrldmore")])
    assert lower_ascii(words).to_pylist() == ["hello", "world"]
    assert upper_ascii(words.slice(1)).to_pylist() == ["WORLD"]
    assert upper_ascii(pa.array(["", None], pa.large_string())).to_pylist() == ["", None]


def test_digits_of_decimals_meet_in_units_of_the_finer_one() -> None:
    coarse = pa.array([Decimal("1.5"), None, Decimal("-2.0")], pa.decimal128(10, 1))
    fine = pa.array([Decimal("1.500"), Decimal("0.001"), None], pa.decimal128(18, 3))
    found = digits_of(coarse, fine)
    assert found is not None
    assert [side.to_pylist() for side in found] == [[1500, None, -2000], [1500, 1, None]]


@pytest.mark.parametrize(
    "wide",
    [
        pa.array([Decimal(10**18)], pa.decimal128(19, 0)),
        pa.array([2**63 - 1], pa.int64()),
        pa.array([2**64 - 1], pa.uint64()),
    ],
    ids=str,
)
def test_what_does_not_fit_64_bits_is_not_compared_in_64_bits(wide: pa.Array) -> None:
    assert digits_of(wide, pa.array([Decimal("0.1")], pa.decimal128(3, 1))) is None


def test_what_expressions_share_is_computed_once() -> None:
    texts = ["int(s) > 11", "int(s) > 12", "x > 0.0 ? int(s) > 11 : b"]
    first, second, third = (check(parse(text), SCOPE, text) for text in texts)
    assert isinstance(third, nodes.Conditional)
    found = outline([first, second, third.then])
    assert found.results == (3, 5, 3)
    assert [type(expression).__name__ for expression, _ in found.steps] == [
        "Attribute",
        "Apply",
        "Constant",
        "Compare",
        "Constant",
        "Compare",
    ]


def test_zeros_of_both_signs_are_two_constants() -> None:
    trees = [check(parse(text), SCOPE, text) for text in ("string(1.0 / x) == string(1.0 / 0.0)",) * 2]
    assert outline(trees).results[0] == outline(trees).results[1]
    signs = [nodes.Constant(value, DOUBLE, (0, 0)) for value in (0.0, -0.0)]
    assert outline(signs).results == (0, 1)


def test_strings_are_judged_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "ROWS_AT_ONCE", 4)
    expressions = [check(parse(rule), SCOPE, rule) for rule in ('s.contains("a")', "int(s) > 11")]
    first, second = judged(outline(expressions), TABLE["d"].chunk(0).cast(pa.string()), 3)
    assert first.to_pylist() == [None if word is None else "a" in word for word in WORDS]
    assert second.to_pylist() == [word == "12" or None for word in WORDS]


@pytest.mark.parametrize(
    ("rules", "quick"),
    [
        (['s.contains("a")', "int(s) > 11", "int(s) > 12"], True),
        (["semver(s) == semver(s)"], False),
        ([f's.contains("{letter}")' for letter in "abcde"], False),
    ],
)
def test_few_quick_functions_are_no_reason_to_look_for_equal_strings(rules: list[str], quick: bool) -> None:
    assert is_quick(outline([check(parse(rule), SCOPE, rule) for rule in rules])) == quick
