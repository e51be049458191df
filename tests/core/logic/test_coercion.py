"""Constants that become what the other side is, exactly or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, UINT
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE


def constant(rule: str) -> nodes.Constant:
    """Return the constant on the right of a checked comparison."""
    predicate = check(parse(rule), SCOPE, rule)
    assert isinstance(predicate, nodes.Compare)
    assert isinstance(predicate.right, nodes.Constant)
    return predicate.right


def refusal(rule: str) -> str:
    with pytest.raises(RulesetError) as caught:
        check(parse(rule), SCOPE, rule)
    return caught.value.problems[0].message


@given(value=st.integers(-(2**63), 2**63 - 1) | st.integers(-(2**53) - 2, 2**53 + 2))
def test_an_int_becomes_a_double_up_to_two_to_the_53rd(value: int) -> None:
    rule = f"ltv > {value}"
    if abs(value) <= 2**53:
        found = constant(rule)
        assert found.type is DOUBLE
        assert type(found.value) is float
        assert found.value == value
    else:
        assert refusal(rule) == f"`{value}` cannot be a double exactly"


@given(value=st.integers(-(2**63), 2**63 - 1))
def test_an_int_becomes_a_uint_unless_it_is_negative(value: int) -> None:
    rule = f"points > {value}"
    if value >= 0:
        assert constant(rule) == nodes.Constant(value, UINT, (0, 0))
    else:
        assert refusal(rule) == f"`{value}` cannot be a uint: a uint is never negative"


@given(value=st.integers(0, 2**64 - 1))
def test_a_uint_beside_a_double_is_rounded_to_nearest_even(value: int) -> None:
    """Such a comparison converts the uint, so a converted constant gives the same answers."""
    assert constant(f"ltv > {value}u") == nodes.Constant(float(value), DOUBLE, (0, 0))


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**20), max_value=10**20))
def test_a_decimal_keeps_every_digit_that_was_written(value: Decimal) -> None:
    found = constant(f"price == {value:f}")
    assert found.type is DECIMAL
    assert found.value == value


def test_a_decimal_is_not_what_the_double_of_its_text_is() -> None:
    assert constant("price == 0.1").value == Decimal("0.1") != Decimal.from_float(0.1)


def test_a_number_too_small_for_any_decimal_is_refused() -> None:
    assert refusal("price > 1e-999999") == "`1e-999999` is out of reach for a decimal"


def test_the_largest_uint_stays_what_it_is_beside_an_int() -> None:
    assert constant("age < 9223372036854775808u") == nodes.Constant(2**63, UINT, (0, 0))


@pytest.mark.parametrize(
    ("rule", "constants"),
    [
        ("age in [1.0, 2, 2.5]", (1, 2)),
        ("age in [9223372036854775808.0]", (9223372036854775808.0,)),
        ("age in [9223372036854775808u, 3u]", (3,)),
        ("age in [9007199254740992, 9007199254740992.0]", (9007199254740992, 9007199254740992.0)),
        ("age in [0.0 / 0.0, 1]", (1,)),
        ("points in [-1.0, 1.0]", (1,)),
        ("ltv in [1, 1.0, 18446744073709551615u]", None),
        ("price in [1, 1.0, 1.00, 1.10]", (Decimal(1), Decimal("1.10"))),
    ],
)
def test_constants_of_a_list(rule: str, constants: tuple[nodes.Value, ...] | None) -> None:
    """Each is of the operand's type where that holds it, and stands once; what never matches is left out."""
    if constants is None:
        assert refusal(rule).startswith("a list holds constants of one type")
        return
    predicate = check(parse(rule), SCOPE, rule)
    assert isinstance(predicate, nodes.In)
    assert predicate.constants == constants
    assert [type(value) for value in predicate.constants] == [type(value) for value in constants]
