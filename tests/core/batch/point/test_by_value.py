"""Expressions by value: unknown in is unknown out, equal steps are one, the clock is an input."""

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.batch.point.by_value import ByValue
from fasttwitch.logic.nodes import Expression

SCHEMA = pa.schema(
    {
        "a": pa.string(),
        "b": pa.string(),
        "n": pa.int64(),
        "u": pa.uint64(),
        "d": pa.float64(),
        "p": pa.decimal128(9, 2),
        "at": pa.timestamp("us"),
    }
)


def test_of(rule: str) -> Expression:
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"r": rule}}), SCHEMA)
    return program.trees["r"]


test_of.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rule", "inputs", "expected"),
    [
        ('a + b == "xy"', ("x", "y"), True),
        ('a + b == "xy"', ("x", None), None),
        ("a < b", ("B", "a"), True),
        ("a < b", ("\U0001f600", "\uffff"), False),
        ("n == d", (2**63 - 1, 2.0**63), True),
        ("n < u", (-1, 2**64 - 1), True),
        ("p < n", (None, 5), None),
        ('a.matches("^x+$") == true', ("xx",), True),
        ('coalesce(a, b) + "!" == "y!"', (None, "y"), True),
        ('string(n) in ["1", "2"]', (2,), True),
        ('a.substring(n, n + 1) == "b"', ("abc", 1), True),
        ('a.substring(n, n + 1) == "b"', ("abc", 7), None),
        ('[a, b].join("-") == "x-y"', ("x", "y"), True),
        ("semver(a) < semver(b)", ("1.10.0", "1.9.0"), False),
        ("semver(a) < semver(b)", ("1.10", "1.9.0"), None),
    ],
)
def test_expressions_have_the_values_of_their_definitions(
    rule: str, inputs: tuple[object, ...], expected: object
) -> None:
    tree = test_of(rule)
    by_value = ByValue([tree])
    assert len(by_value.paths) == len(inputs)
    assert by_value(inputs) == [expected]


def test_steps_that_several_expressions_share_are_done_once() -> None:
    """The outline of all three: a, b, a + b, three constants, three comparisons; constants are no steps."""
    rules = [test_of('a + b == "x"'), test_of('a + b == "y"'), test_of('a + b > "y"')]
    together = ByValue(rules)
    assert len(together._steps) == 4
    assert together.paths == (("a",), ("b",))
    assert together(("", "y")) == [False, True, False]


def test_the_clock_is_an_input() -> None:
    by_value = ByValue([test_of('string(now) > "2026"')])
    assert by_value((), 0) == [False]
    assert by_value((), 1_800_000_000_000_000) == [True]


def test_zero_has_a_sign_and_one_is_no_double() -> None:
    """Equality of nodes overlooks both; what is divided by zero does not."""
    by_value = ByValue([test_of('string(d) == "-0"'), test_of('string(d) == "0"')])
    assert by_value((-0.0,)) == [True, False]


def test_what_never_changes_is_computed_beforehand() -> None:
    by_value = ByValue([test_of('a == "x"'), test_of('a == "x"')])
    assert len(by_value._steps) == 1
    assert by_value(("x",)) == [True, True]
