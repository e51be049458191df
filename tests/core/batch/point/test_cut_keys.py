"""Keys order as values do, and count cuts as the sides of doubles and decimals say."""

import math
from bisect import bisect_right
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.batch.point.cut_keys import DecimalCuts, double_keys, int_keys, uint_keys
from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.searching import AS_DOUBLE, AS_INT, AS_UINT, cuts_reached, double_code, flipped_bits

DOUBLES = st.floats(allow_nan=False) | st.sampled_from(
    [0.0, -0.0, math.inf, -math.inf, 5e-324, -5e-324, 1.0, math.nextafter(1.0, 2.0)]
)
INTS = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, -1, 2**63 - 1, -(2**63)])
UINTS = st.integers(0, 2**64 - 1) | st.sampled_from([0, 2**63 - 1, 2**63, 2**64 - 1])


@kernel("int64(int64, int64, int64, int64)")
def _code(kind: int, bits: int, cuts: int, count: int) -> int:
    if kind == AS_DOUBLE:
        return int(double_code(bits, cuts, count))
    return 1 + int(cuts_reached(cuts, count, bits ^ flipped_bits(kind)))


def code(kind: int, value: int | float, keys: np.ndarray) -> int:
    if isinstance(value, float):
        value = int(np.float64(value).view(np.int64))
    bits = value - 2**64 if value >= 2**63 else value
    return int(_code(kind, bits, keys.ctypes.data, keys.size))


@given(values=st.lists(DOUBLES, min_size=1), cuts=st.lists(st.tuples(DOUBLES, st.integers(0, 1)), max_size=40))
def test_doubles_have_passed_the_cuts_below_them(values: list[float], cuts: list[tuple[float, int]]) -> None:
    """-0.0 is 0.0: neither lies above the other."""
    ordered = sorted({(value + 0.0, side) for value, side in cuts if (value, side) != (math.inf, 1)})
    keys = double_keys(ordered)
    for value in [*values, *(value for value, _ in cuts)]:
        expected = sum(value > limit if side else value >= limit for limit, side in ordered)
        assert code(AS_DOUBLE, value, keys) == 2 + expected


@given(cuts=st.lists(DOUBLES))
def test_nan_has_its_own_code_whatever_the_cuts(cuts: list[float]) -> None:
    keys = double_keys([(value + 0.0, 0) for value in sorted(set(cuts))])
    for nan in (math.nan, -math.nan, float(np.uint64(0x7FF0_0000_0000_0001).view(np.float64))):
        assert code(AS_DOUBLE, nan, keys) == 1


@given(values=st.lists(INTS, min_size=1), cuts=st.lists(INTS, max_size=40))
def test_ints_have_passed_the_cuts_at_or_below_them(values: list[int], cuts: list[int]) -> None:
    ordered = sorted(set(cuts))
    for value in [*values, *cuts]:
        assert code(AS_INT, value, int_keys(ordered)) == 1 + bisect_right(ordered, value)


@given(values=st.lists(UINTS, min_size=1), cuts=st.lists(UINTS, max_size=40))
def test_uints_have_passed_the_cuts_at_or_below_them(values: list[int], cuts: list[int]) -> None:
    ordered = sorted(set(cuts))
    for value in [*values, *cuts]:
        assert code(AS_UINT, value, uint_keys(ordered)) == 1 + bisect_right(ordered, value)


def test_cuts_outside_int64_are_passed_by_all_or_by_none() -> None:
    keys = int_keys([-(2**63) - 5, 0, 2**63])
    assert [code(AS_INT, value, keys) for value in (-(2**63), -1, 0, 2**63 - 1)] == [2, 2, 3, 3]


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000)


@given(values=st.lists(DECIMALS, min_size=1), cuts=st.lists(st.tuples(DECIMALS, st.integers(0, 1))))
def test_decimals_have_passed_the_cuts_below_them(values: list[Decimal], cuts: list[tuple[Decimal, int]]) -> None:
    ordered = sorted(set(cuts))
    coded = DecimalCuts(ordered)
    for value in [*values, *(value for value, _ in cuts)]:
        assert coded.code(value) == 1 + sum(value > limit if side else value >= limit for limit, side in ordered)


def test_decimals_are_compared_exactly_and_null_has_code_0() -> None:
    """Forty digits are more than Python's arithmetic keeps."""
    limit = Decimal("1234567890123456789012345678.9012345678")
    coded = DecimalCuts([(limit, 0), (limit, 1)])
    assert coded.code(None) == 0
    assert coded.code(limit) == 2
    assert coded.code(Decimal("1234567890123456789012345678.9012345679")) == 3
    assert coded.code(Decimal("1234567890123456789012345678.9012345677")) == 1
