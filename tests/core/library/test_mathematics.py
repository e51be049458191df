"""The functions of `math`, at the edges of their types."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import mathematics as m

NAN, INFINITY = math.nan, math.inf
LOW, HIGH, TOP = -(2**63), 2**63 - 1, 2**64 - 1
ints, uints, doubles = st.integers(LOW, HIGH), st.integers(0, TOP), st.floats()
counts = st.integers(-3, 70)


def bits(value: float) -> bytes:
    """Return the double's bits, by which NaN equals itself and -0.0 differs from 0.0."""
    return struct.pack("d", NAN if math.isnan(value) else value)


@pytest.mark.parametrize(
    ("values", "greatest", "least"),
    [
        ((3, -7, 5), 5, -7),
        ((LOW, HIGH), HIGH, LOW),
        ((-1, TOP), TOP, -1),
        ((5.5,), 5.5, 5.5),
        ((5.5, 10, -5.0), 10, -5.0),
        ((-INFINITY, LOW, INFINITY), INFINITY, -INFINITY),
    ],
)
def test_greatest_and_least(values: tuple[m.Number, ...], greatest: m.Number, least: m.Number) -> None:
    assert m.greatest(*values) == greatest
    assert m.least(*values) == least


def test_of_equal_values_the_first_wins() -> None:
    assert isinstance(m.greatest(1, 1.0), int)
    assert isinstance(m.least(1.0, 1), float)
    assert bits(m.least(0.0, -0.0)) == bits(0.0)
    assert bits(m.greatest(-0.0, 0.0)) == bits(-0.0)


def test_an_int_and_a_double_are_compared_as_doubles() -> None:
    """As everywhere in the language: 2^53 + 1 and 2^53 are equal then, so the first of them wins."""
    assert m.greatest(2.0**53, 2**53 + 1) == 2.0**53
    assert m.greatest(2**53, 2**53 + 1) == 2**53 + 1


def test_nan_neither_wins_nor_loses() -> None:
    assert math.isnan(m.greatest(NAN, 1.0))
    assert math.isnan(m.least(NAN, 1.0))
    assert m.greatest(1.0, NAN) == 1.0
    assert m.least(1.0, NAN) == 1.0


def test_the_lowest_int_has_no_absolute_value() -> None:
    assert m.absolute_int(LOW) is None
    assert m.absolute_int(LOW + 1) == HIGH
    assert m.absolute_int(-3) == m.absolute_int(3) == m.absolute_uint(3) == 3
    assert bits(m.absolute_double(-0.0)) == bits(0.0)
    assert m.absolute_double(-INFINITY) == INFINITY


def test_a_sign_has_the_type_of_its_value() -> None:
    assert [m.sign(value) for value in (LOW, -1, 0, 1, TOP)] == [-1, -1, 0, 1, 1]
    assert [bits(m.sign(value)) for value in (-0.5, -0.0, 5e-324, NAN)] == list(map(bits, (-1.0, 0.0, 1.0, NAN)))
    assert isinstance(m.sign(7), int)
    assert isinstance(m.sign(7.0), float)


ROUNDED = [
    # value, ceiling, floor, half away, truncated
    (1.2, 2.0, 1.0, 1.0, 1.0),
    (-1.2, -1.0, -2.0, -1.0, -1.0),
    (1.5, 2.0, 1.0, 2.0, 1.0),
    (2.5, 3.0, 2.0, 3.0, 2.0),
    (-2.5, -2.0, -3.0, -3.0, -2.0),
    (-0.3, -0.0, -1.0, -0.0, -0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (-0.0, -0.0, -0.0, -0.0, -0.0),
    (0.49999999999999994, 1.0, 0.0, 0.0, 0.0),
    (4503599627370495.5, 4503599627370496.0, 4503599627370495.0, 4503599627370496.0, 4503599627370495.0),
    (4503599627370497.0, 4503599627370497.0, 4503599627370497.0, 4503599627370497.0, 4503599627370497.0),
    (1e300, 1e300, 1e300, 1e300, 1e300),
    (INFINITY, INFINITY, INFINITY, INFINITY, INFINITY),
    (-INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY),
    (NAN, NAN, NAN, NAN, NAN),
]


@pytest.mark.parametrize(("value", "ceiling", "floor", "half_away", "truncated"), ROUNDED)
def test_rounding(value: float, ceiling: float, floor: float, half_away: float, truncated: float) -> None:
    """Down to the bit: the sign of a zero shows in `string(…)`."""
    assert bits(m.ceiling(value)) == bits(ceiling)
    assert bits(m.floor(value)) == bits(floor)
    assert bits(m.round_half_away(value)) == bits(half_away)
    assert bits(m.truncate(value)) == bits(truncated)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_lies_between_its_floor_and_its_ceiling(value: float) -> None:
    floor, ceiling = m.floor(value), m.ceiling(value)
    assert floor <= value <= ceiling <= floor + 1
    assert m.truncate(value) == (floor if value >= 0 else ceiling)
    assert m.round_half_away(value) in (floor, ceiling)
    assert abs(m.round_half_away(value) - value) <= 0.5
    assert bits(m.round_half_away(-value)) == bits(-m.round_half_away(value))


def test_square_roots() -> None:
    assert m.square_root(9) == 3.0
    assert m.square_root(2.25) == 1.5
    assert m.square_root(TOP) == 2.0**32
    assert m.square_root(INFINITY) == INFINITY
    assert bits(m.square_root(-0.0)) == bits(-0.0)
    assert all(math.isnan(m.square_root(value)) for value in (-1, -5e-324, -INFINITY, NAN))


@given(value=doubles)
def test_every_double_is_of_one_kind(value: float) -> None:
    assert [m.is_nan(value), m.is_infinite(value), m.is_finite(value)].count(True) == 1
    assert m.is_nan(value) == (value != value)
    assert m.is_infinite(value) == (abs(value) == INFINITY)


@given(left=ints, right=ints)
def test_bits_of_ints_are_those_of_their_64(left: int, right: int) -> None:
    for found, whole in (
        (m.bit_and(left, right), (left & TOP) & (right & TOP)),
        (m.bit_or(left, right), (left & TOP) | (right & TOP)),
        (m.bit_xor(left, right), (left & TOP) ^ (right & TOP)),
        (m.bit_not_int(left), TOP - (left & TOP)),
    ):
        assert LOW <= found <= HIGH
        assert found & TOP == whole


@given(left=uints, right=uints)
def test_bits_of_uints_stay_uints(left: int, right: int) -> None:
    assert m.bit_or(left, right) == m.bit_xor(left, right) + m.bit_and(left, right)
    assert m.bit_not_uint(left) == TOP - left


@given(value=uints, count=counts)
def test_shifting_moves_64_bits(value: int, count: int) -> None:
    signed = struct.unpack("q", struct.pack("Q", value))[0]
    left, right = m.shift_left_uint(value, count), m.shift_right_uint(value, count)
    if count < 0:
        assert left is right is m.shift_left_int(signed, count) is m.shift_right_int(signed, count) is None
        return
    assert left == value * 2**count % 2**64
    assert right == value // 2**count
    for found, whole in ((m.shift_left_int(signed, count), left), (m.shift_right_int(signed, count), right)):
        assert found == struct.unpack("q", struct.pack("Q", whole))[0]


def test_shifting_right_takes_no_sign_along() -> None:
    assert m.shift_right_int(-1024, 3) == 2305843009213693824
    assert m.shift_right_int(-1, 63) == 1
    assert m.shift_right_int(-1, 0) == -1
    assert m.shift_left_int(1, 63) == LOW
    assert [m.shift_left_int(-1, 64), m.shift_right_int(-1, 64), m.shift_left_uint(1, 200)] == [0, 0, 0]
