"""Patterns with clauses: what each clause makes of each type, and what is refused."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import formatting
from fasttwitch.library.casts import double_of_string
from fasttwitch.library.versions import read_semver

FORMATTED: list[tuple[str, list[tuple[str, Any]], str]] = [
    ("no clause", [], "no clause"),
    ("%% and %%%%", [], "% and %%"),
    ("%%%s%%", [("string", "text")], "%text%"),
    ("%s", [("string", "%%")], "%%"),
    ("%d of %d: %s", [("int", 1), ("uint", 2), ("string", "one")], "1 of 2: one"),
    ("%s %s", [("int", -7), ("uint", 2**64 - 1)], "-7 18446744073709551615"),
    ("%s, %s", [("bool", True), ("bool", False)], "true, false"),
    ("%s", [("double", 56.8)], "56.8"),
    ("%s", [("double", 2.0)], "2"),
    ("%s", [("double", -0.0)], "-0"),
    ("%s", [("double", 1e21)], "1000000000000000000000"),
    ("%s", [("double", 1e-7)], "0.0000001"),
    ("%s", [("double", math.nan)], "NaN"),
    ("%s", [("decimal", Decimal("12.50"))], "12.50"),
    ("%s", [("timestamp", 1_675_467_080_000_000)], "2023-02-03T23:31:20Z"),
    ("%s", [("duration", 6_347_500_000)], "6347.5s"),
    ("%s", [("date", 0)], "1970-01-01"),
    ("%s", [("semver", read_semver("1.2.3-rc.1+b"))], "1.2.3-rc.1"),
    ("%s", [("null", None)], "null"),
    ("%s", [("list(string)", ("a", "b"))], "[a, b]"),
    ("%s", [("list(double)", (math.nan, math.inf, 3.14))], "[NaN, Infinity, 3.14]"),
    ("%s", [("list(list(int))", ((1, 2), ()))], "[[1, 2], []]"),
    ("%d", [("double", 2.5)], "2.5"),
    ("%d", [("double", -math.inf)], "-Infinity"),
    ("%.3f", [("double", 1.2345)], "1.234"),
    ("%.0f %.0f", [("double", 1.5), ("double", 2.5)], "2 2"),
    ("%f", [("double", 2.71828)], "2.718280"),
    ("%f", [("int", 2)], "2.000000"),
    ("%f", [("uint", 2**64 - 1)], "18446744073709551616.000000"),
    ("%.1000f", [("double", 0.5)], "0.5" + "0" * 999),
    ("%.6e", [("double", 1052.032911275)], "1.052033e+03"),
    ("%e", [("int", 2)], "2.000000e+00"),
    ("%e", [("double", 1e300)], "1.000000e+300"),
    ("%e|%f", [("double", math.inf), ("double", math.nan)], "Infinity|NaN"),
    ("%b", [("int", 5)], "101"),
    ("%b", [("int", -5)], "-101"),
    ("%b", [("uint", 64)], "1000000"),
    ("%b%b", [("bool", True), ("bool", False)], "10"),
    ("%o", [("int", -11)], "-13"),
    ("%o", [("uint", 65535)], "177777"),
    ("%x", [("int", 30)], "1e"),
    ("%X", [("int", -30)], "-1E"),
    ("%x", [("uint", 6000)], "1770"),
    ("%x", [("string", "Hé!")], "48c3a921"),
    ("%X", [("string", "Hello")], "48656C6C6F"),
    ("%.2s %.3d", [("string", "abc"), ("int", 1)], "abc 1"),
]

REFUSED = [
    ("100%", "a single `%` ends the pattern: write `%%` for a percent sign"),
    ("%%%", "a single `%` ends the pattern: write `%%` for a percent sign"),
    ("%.3", "`%.3` is no complete clause: write it like `%.2f`, or `%%` for a percent sign"),
    ("%.f", "`%.f` is no complete clause: write it like `%.2f`, or `%%` for a percent sign"),
    ("%.1001f", "`%.1001f` asks for more than 1,000 digits: write fewer, like `%.2f`"),
    (f"%.{'9' * 5000}f", f"`%.{'9' * 5000}f` asks for more than 1,000 digits: write fewer, like `%.2f`"),
    (
        "%a",
        "`%a` is no clause: write `%s`, `%d`, `%f`, `%e`, `%x`, `%X`, `%o`, `%b`, or `%%` for a percent sign",
    ),
    (
        "%E",
        "`%E` is no clause: write `%s`, `%d`, `%f`, `%e`, `%x`, `%X`, `%o`, `%b`, or `%%` for a percent sign",
    ),
    (
        "%5s",
        "`%5` is no clause: write `%s`, `%d`, `%f`, `%e`, `%x`, `%X`, `%o`, `%b`, or `%%` for a percent sign",
    ),
    (
        "100% sure",
        "`%` is no clause: write `%s`, `%d`, `%f`, `%e`, `%x`, `%X`, `%o`, `%b`, or `%%` for a percent sign",
    ),
]


@pytest.mark.parametrize(("pattern", "arguments", "text"), FORMATTED)
def test_clauses_are_replaced(pattern: str, arguments: list[tuple[str, Any]], text: str) -> None:
    kinds, values = tuple(kind for kind, _ in arguments), tuple(value for _, value in arguments)
    assert formatting.format_text(pattern, values, kinds) == text


@pytest.mark.parametrize(("pattern", "message"), REFUSED)
def test_a_pattern_says_what_is_wrong_with_it(pattern: str, message: str) -> None:
    assert formatting.read_format(pattern) == message
    assert formatting.format_text(pattern, (1,), ("int",)) is None


def test_clauses_stand_where_they_stand() -> None:
    assert formatting.read_format("a%%b%.2f, %x") == (
        formatting.Clause("f", 2, 4, 8),
        formatting.Clause("x", 6, 10, 12),
    )
    assert formatting.read_format("%%") == ()


@pytest.mark.parametrize(
    ("verb", "taken"),
    [
        ("s", "bool int uint double decimal string timestamp duration date semver null list(int) list(list(date))"),
        ("d", "int uint double"),
        ("f", "int uint double"),
        ("e", "int uint double"),
        ("x", "int uint string"),
        ("X", "int uint string"),
        ("o", "int uint"),
        ("b", "bool int uint"),
    ],
)
def test_each_verb_takes_its_types(verb: str, taken: str) -> None:
    kinds = "bool int uint double decimal string timestamp duration date semver null list(int) list(list(date))"
    kinds += " list(struct) struct map(string, int)"
    assert [kind for kind in kinds.split() if formatting.accepts(verb, kind)] == taken.split()


def test_a_value_of_the_wrong_type_makes_no_text() -> None:
    assert formatting.format_text("%d", (90,), ("duration",)) is None
    assert formatting.format_text("%s", ((),), ("list(struct)",)) is None


def test_there_must_be_as_many_values_as_clauses() -> None:
    assert formatting.format_text("%d %d", (1,), ("int",)) is None
    assert formatting.format_text("%d", (1, 2), ("int", "int")) is None
    assert formatting.format_text("%d", (1, 2), ("int",)) is None


@given(text=st.text())
def test_a_text_with_its_percent_signs_doubled_stands_for_itself(text: str) -> None:
    assert formatting.format_text(text.replace("%", "%%"), (), ()) == text


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_plain_digits_name_the_same_double(value: float) -> None:
    text = formatting.format_text("%s", (value,), ("double",))
    assert text is not None
    assert "e" not in text
    assert double_of_string(text) == value
    assert text == formatting.format_text("%d", (value,), ("double",))


@given(value=st.integers(-(2**63), 2**63 - 1))
def test_an_int_is_the_same_number_in_every_base(value: int) -> None:
    texts = formatting.format_text("%b %o %d %x %X", (value,) * 5, ("int",) * 5)
    assert texts is not None
    assert [int(text, base) for text, base in zip(texts.split(), (2, 8, 10, 16, 16), strict=True)] == [value] * 5
