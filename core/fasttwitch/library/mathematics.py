"""The functions of `math`: comparison, rounding, roots, kinds of doubles, bits.

An int lies in [-2^63, 2^63), a uint in [0, 2^64); doubles are IEEE values, NaN and infinities included. Where the type
of an int cannot be seen from its value, the function's name says it.
"""

import math
from typing import TypeAlias

Number: TypeAlias = int | float

INT_LOW, INT_HIGH = -(2**63), 2**63 - 1
UINT_HIGH = 2**64 - 1


def greatest(*values: Number) -> Number:
    """Return the greatest value, the first of equal ones; a NaN is greater than nothing, and nothing than it.

    An int and a double are compared as doubles, as the language does everywhere.
    """
    winner = values[0]
    for value in values[1:]:
        if _less(winner, value):
            winner = value
    return winner


def least(*values: Number) -> Number:
    """Return the least value, the first of equal ones; a NaN is less than nothing, and nothing than it."""
    winner = values[0]
    for value in values[1:]:
        if _less(value, winner):
            winner = value
    return winner


def absolute_int(value: int) -> int | None:
    """Return the value without its sign; there is none for the lowest int."""
    return abs(value) if value != INT_LOW else None


def absolute_uint(value: int) -> int:
    """Return the value itself."""
    return value


def absolute_double(value: float) -> float:
    """Return the value without its sign."""
    return abs(value)


def sign(value: Number) -> Number:
    """Return -1, 0 or 1 of the value's type; NaN of NaN, 0.0 of -0.0."""
    if isinstance(value, int):
        return (value > 0) - (value < 0)
    return value if math.isnan(value) else float((value > 0.0) - (value < 0.0))


def ceiling(value: float) -> float:
    """Return the least integral double that is not less."""
    return math.copysign(math.ceil(value), value) if abs(value) < _ALL_INTEGRAL else value


def floor(value: float) -> float:
    """Return the greatest integral double that is not greater."""
    return math.copysign(math.floor(value), value) if abs(value) < _ALL_INTEGRAL else value


def round_half_away(value: float) -> float:
    """Return the nearest integral double; of two equally near ones that which is farther from zero."""
    if not abs(value) < _ALL_INTEGRAL:
        return value
    whole = math.trunc(value)
    # The difference is exact; adding 0.5 first would round 0.49999999999999994 up.
    return math.copysign(abs(whole) + (abs(value - whole) >= 0.5), value)


def truncate(value: float) -> float:
    """Return the value without its fraction."""
    return math.copysign(math.trunc(value), value) if abs(value) < _ALL_INTEGRAL else value


def square_root(value: Number) -> float:
    """Return the root of a number taken as a double; NaN of a negative one."""
    return math.sqrt(value) if value >= 0 else math.nan if value != 0 else float(value)


def is_nan(value: float) -> bool:
    """Return whether the value is NaN."""
    return math.isnan(value)


def is_infinite(value: float) -> bool:
    """Return whether the value is an infinity, of either sign."""
    return math.isinf(value)


def is_finite(value: float) -> bool:
    """Return whether the value is neither NaN nor infinite."""
    return math.isfinite(value)


def bit_and(left: int, right: int) -> int:
    """Return the bits that both have; two ints or two uints."""
    return left & right


def bit_or(left: int, right: int) -> int:
    """Return the bits that one of them has; two ints or two uints."""
    return left | right


def bit_xor(left: int, right: int) -> int:
    """Return the bits that exactly one of them has; two ints or two uints."""
    return left ^ right


def bit_not_int(value: int) -> int:
    """Return the int with all bits turned over."""
    return ~value


def bit_not_uint(value: int) -> int:
    """Return the uint with all bits turned over."""
    return value ^ UINT_HIGH


def shift_left_int(value: int, count: int) -> int | None:
    """Return the int moved left by `count` bits; bits that leave are lost, into the sign too."""
    moved = shift_left_uint(value, count)
    return None if moved is None else _as_int(moved)


def shift_left_uint(value: int, count: int) -> int | None:
    """Return the uint moved left by `count` bits; bits that leave are lost. There is no negative count."""
    if count < 0:
        return None
    return value << count & UINT_HIGH if count < 64 else 0


def shift_right_int(value: int, count: int) -> int | None:
    """Return the int's 64 bits moved right by `count`, zeros coming in: the sign is a bit like the others."""
    moved = shift_right_uint(value & UINT_HIGH, count)
    return None if moved is None else _as_int(moved)


def shift_right_uint(value: int, count: int) -> int | None:
    """Return the uint moved right by `count` bits. There is no negative count."""
    if count < 0:
        return None
    return value >> count if count < 64 else 0


_ALL_INTEGRAL = 2.0**52  # doubles from here on have no fraction


def _as_int(bits: int) -> int:
    return bits - 2**64 if bits > INT_HIGH else bits


def _less(left: Number, right: Number) -> bool:
    if isinstance(left, float) or isinstance(right, float):
        return float(left) < float(right)  # Python itself would compare an int and a float exactly
    return left < right
