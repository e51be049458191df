"""What Arrow computes must be what the definitions of the catalogue say, value by value."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from fasttwitch.batch import evaluation
from fasttwitch.batch.evaluation import Evaluation, computed
from fasttwitch.batch.exact import as_doubles, as_language
from fasttwitch.batch.text import lower_ascii, upper_ascii
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import BOOL, DATE, DURATION, TIMESTAMP, language_type
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
]


@pytest.mark.parametrize("rule", RULES)
def test_arrow_says_what_the_definitions_say(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expression = check(parse(rule), SCOPE, rule)
    if isinstance(expression, nodes.Compare) and expression.left.type is BOOL:
        expression = expression.left
    quick = computed(expression, TABLE, 0, 2).to_pylist()
    monkeypatch.setattr(evaluation, "_in_arrow", lambda expression, operands, threads: None)
    slow = Evaluation({(name,): TABLE[name] for name in TABLE.column_names}, TABLE.num_rows, 0).array(expression)
    assert quick == slow.to_pylist()
    assert len(set(quick)) > 1, "a rule that says the same of every row proves little"


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
    "kind", [pa.decimal128(15, 4), pa.decimal128(38, 10), pa.decimal256(40, 2), pa.decimal64(9, 3)]
)
def test_decimals_become_the_nearest_doubles(kind: pa.DataType) -> None:
    values = [Decimal("0.1"), Decimal("-12345.67"), None, Decimal("0"), Decimal("99999.99"), Decimal("0.3")]
    column = pa.array(values, kind).slice(1)
    assert as_doubles(column).to_pylist() == [None if value is None else float(value) for value in values[1:]]


def test_an_expression_of_the_clock_alone_has_a_value_for_every_row() -> None:
    rule = 'string(now) == "1970-01-01T00:00:00Z"'
    expression = check(parse(rule), SCOPE, rule)
    assert computed(expression, TABLE, 0, 1).to_pylist() == [True] * TABLE.num_rows
    assert computed(expression, TABLE, 1, 1).to_pylist() == [False] * TABLE.num_rows


def test_a_computed_instant_is_an_instant_of_arrow() -> None:
    rule = "timestamp(s) > now"
    expression = check(parse(rule), Scope({"s": language_type(pa.string())}, frozenset(), {}), rule)
    assert isinstance(expression, nodes.Compare)
    table = pa.table({"s": ["2026-01-31T00:00:00Z", "soon", None]})
    found = computed(expression.left, table, 0, 1)
    assert found.type == pa.timestamp("us")
    assert found.to_pylist() == [datetime(2026, 1, 31), None, None]


def test_letters_are_changed_wherever_the_bytes_begin() -> None:
    """Arrow's own functions return garbage for such arrays."""
    offsets = pa.py_buffer(b"".join(place.to_bytes(8, "little") for place in (7, 12, 17)))
    words = pa.Array.from_buffers(pa.large_string(), 2, [None, offsets, pa.py_buffer(b"garbageHellowOrldmore")])
    assert lower_ascii(words).to_pylist() == ["hello", "world"]
    assert upper_ascii(words.slice(1)).to_pylist() == ["WORLD"]
    assert upper_ascii(pa.array(["", None], pa.large_string())).to_pylist() == ["", None]
