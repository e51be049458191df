"""Cuts: comparing a code must be comparing the value, up to the last bit of the last type."""

import math
import operator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, INT, UINT, Type
from fasttwitch.plan.cuts import compare_ranges, membership_ranges
from tests.core.plan.test_value_sets import holds

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
EDGES = [0, 1, -1, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 2**63 - 512, 2**63 - 513]
ints = st.sampled_from(EDGES) | st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)
uints = st.sampled_from([0, 1, 2**53 + 1, 2**64 - 1, 2**64 - 1024]) | st.integers(0, 2**64 - 1)
doubles = (
    st.floats(allow_nan=True)
    | st.sampled_from([float(edge) for edge in EDGES])
    | st.sampled_from([0.0, -0.0, math.inf, -math.inf, 2.5, -0.5, 1.8446744073709552e19])
)


@pytest.mark.parametrize("symbol", OPERATORS)
def test_integers_meet_doubles_as_doubles(symbol: str) -> None:
    """`9223372036854775807 < 9223372036854775808.0` is false: the integer is converted first, as the language says."""

    @given(ints, doubles)
    def signed(value: int, constant: float) -> None:
        assert holds(compare_ranges(symbol, constant, INT), value) == OPERATORS[symbol](float(value), constant)

    @given(uints, doubles)
    def unsigned(value: int, constant: float) -> None:
        assert holds(compare_ranges(symbol, constant, UINT), value) == OPERATORS[symbol](float(value), constant)

    signed()
    unsigned()


@pytest.mark.parametrize("symbol", OPERATORS)
def test_doubles_compare_as_ieee(symbol: str) -> None:
    """NaN on either side, both zeros, infinities."""

    @given(doubles, doubles)
    def check(value: float, constant: float) -> None:
        assert holds(compare_ranges(symbol, constant, DOUBLE), value) == OPERATORS[symbol](value, constant)

    check()


@pytest.mark.parametrize("symbol", OPERATORS)
def test_integers_and_decimals_compare_exactly(symbol: str) -> None:
    """No value goes through a double on the way."""

    @given(ints, ints)
    def integers(value: int, constant: int) -> None:
        assert holds(compare_ranges(symbol, constant, INT), value) == OPERATORS[symbol](value, constant)

    @given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=2))
    def decimals(value: Decimal, constant: Decimal) -> None:
        assert holds(compare_ranges(symbol, constant, DECIMAL), value) == OPERATORS[symbol](value, constant)

    integers()
    decimals()


@given(st.lists(ints, max_size=8), ints)
def test_membership_is_equality_with_any(constants: list[int], value: int) -> None:
    """`x in [a, b]` is `x == a || x == b`."""
    assert holds(membership_ranges(constants, INT), value) == (value in constants)


@pytest.mark.parametrize(
    ("symbol", "constant", "type_", "cuts"),
    [
        (">=", -(2**63), INT, ()),
        (">", 2**63 - 1, INT, ()),
        (">=", 0, UINT, ()),
        (">", math.inf, DOUBLE, ()),
        (">", 4, INT, (5,)),
        ("==", 4, INT, (4, 5)),
        ("<", 2.5, INT, (3,)),
    ],
)
def test_no_cut_stands_where_no_value_is(symbol: str, constant: float, type_: Type, cuts: tuple[int, ...]) -> None:
    """A comparison that all values pass is known to be one."""
    assert compare_ranges(symbol, constant, type_).cuts == cuts
