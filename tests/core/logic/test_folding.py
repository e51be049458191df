"""Constants that are computed while the rule is checked, against Python's unbounded integers and its floats."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import DOUBLE, INT, UINT
from fasttwitch.logic.folding import fold_arithmetic, fold_comparison, fold_negation
from fasttwitch.logic.instants import Refusal
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE

LOWEST, HIGHEST = -(2**63), 2**63 - 1
edges = st.sampled_from([LOWEST, LOWEST + 1, -(2**32), -3, -1, 0, 1, 2, 3, 2**31, 2**32, HIGHEST - 1, HIGHEST])
ints = edges | st.integers(LOWEST, HIGHEST) | st.integers(-100, 100)
uints = st.sampled_from([0, 1, 2, 2**63, 2**64 - 1]) | st.integers(0, 2**64 - 1) | st.integers(0, 100)
floats = st.floats()


def folded(rule: str) -> nodes.Value:
    """Return the constant that `rule` compares the column with."""
    predicate = check(parse(rule), SCOPE, rule)
    assert isinstance(predicate, nodes.Compare)
    assert isinstance(predicate.right, nodes.Constant)
    return predicate.right.value


@given(left=ints, right=ints, operator=st.sampled_from("+-*"))
def test_int_arithmetic_is_exact_or_refused(left: int, right: int, operator: str) -> None:
    exact = {"+": left + right, "-": left - right, "*": left * right}[operator]
    result = fold_arithmetic(operator, left, right, INT)
    if LOWEST <= exact <= HIGHEST:
        assert result == exact
    else:
        assert result == Refusal("the result does not fit into an int")


@given(left=uints, right=uints, operator=st.sampled_from("+-*"))
def test_uint_arithmetic_is_exact_or_refused(left: int, right: int, operator: str) -> None:
    exact = {"+": left + right, "-": left - right, "*": left * right}[operator]
    result = fold_arithmetic(operator, left, right, UINT)
    if 0 <= exact < 2**64:
        assert result == exact
    else:
        assert result == Refusal("the result does not fit into a uint")


@given(left=ints, right=ints)
def test_division_truncates_and_its_remainder_has_the_sign_of_the_dividend(left: int, right: int) -> None:
    quotient, remainder = fold_arithmetic("/", left, right, INT), fold_arithmetic("%", left, right, INT)
    if right == 0:
        assert quotient == remainder == Refusal("this divides by zero")
        return
    if (left, right) == (LOWEST, -1):
        assert quotient == remainder == Refusal("the result does not fit into an int")
        return
    assert isinstance(quotient, int)
    assert isinstance(remainder, int)
    assert quotient * right + remainder == left
    assert abs(remainder) < abs(right)
    assert remainder == 0 or (remainder < 0) == (left < 0)


@given(value=ints)
def test_a_number_is_its_own_negation_twice(value: int) -> None:
    negated = fold_negation(value, INT)
    if value == LOWEST:
        assert negated == Refusal("the result does not fit into an int")
    else:
        assert isinstance(negated, int)
        assert negated + value == 0
        assert fold_negation(negated, INT) == value


@given(left=floats, right=floats)
def test_doubles_divide_as_ieee_says(left: float, right: float) -> None:
    result = fold_arithmetic("/", left, right, DOUBLE)
    assert isinstance(result, float)
    if math.isnan(left) or math.isnan(right) or (left == 0 and right == 0):
        assert math.isnan(result)
    elif right == 0:
        assert math.isinf(result)
        assert math.copysign(1, result) == math.copysign(1, left) * math.copysign(1, right)
    else:
        expected = left / right
        assert math.isnan(result) if math.isnan(expected) else result == expected


@given(left=ints, right=floats, operator=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_an_int_beside_a_double_compares_as_if_converted(left: int, right: float, operator: str) -> None:
    as_doubles = fold_comparison(operator, float(left), right)
    assert fold_comparison(operator, left, right) == as_doubles
    flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
    assert fold_comparison(flipped, right, left) == as_doubles


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("age == -5 / 3", -1),
        ("age == -5 % 3", -2),
        ("age == -1 % 3", -1),
        ("age == 0 % -3", 0),
        ("age == -1 / 3", 0),
        ("age == 5 % -3", 2),
        ("age == -(-5)", 5),
        ("age == 60 * 60 * 24", 86_400),
        ("age == -9223372036854775808", LOWEST),
        ("ltv == 1.0 / 0.0", math.inf),
        ("ltv == -1.0 / 0.0", -math.inf),
        ("ltv == 2 * 1.5", 3.0),
        ("points == 7u / 2", 3),
        ("session == days(30) + hours(2)", 2_599_200_000_000),
        ("session == (timestamp('2026-01-02') - timestamp('2026-01-01')) * 2", 172_800_000_000),
        ("signup == date('1970-01-01') - days(1)", -1),
    ],
)
def test_constants_are_computed(rule: str, value: nodes.Value) -> None:
    assert folded(rule) == value


def test_zero_over_zero_is_not_a_number() -> None:
    value = folded("ltv == 0.0 / 0.0")
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "rule",
    ["9223372036854775807 + 1 == 0", "-9223372036854775808 / -1 == 0", "0u - 1u == 0u", "1 % 0 == 0", "1u / 0u == 0u"],
)
def test_what_would_be_unknown_for_everybody_is_an_error(rule: str) -> None:
    with pytest.raises(RulesetError, match=r"fit|divides"):
        check(parse(rule), SCOPE, rule)
