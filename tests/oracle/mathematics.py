"""What the functions on numbers do, in the dullest way; None where the result does not fit its type."""

import math
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=400)  # every double below 2**53 with all its digits
WHOLE = 2.0**52  # doubles from here on are whole numbers
LOWEST, HIGHEST = -(2**63), 2**63 - 1
WORD = 2**64


def absolute(number: int) -> int | None:
    """Return the distance of an int from zero."""
    return abs(number) if number != LOWEST else None


def sign(number: float) -> float:
    """Return -1.0, 0.0 or 1.0; NaN of NaN."""
    return number if math.isnan(number) else float((number > 0) - (number < 0))


def sign_of_integer(number: int) -> int:
    """Return -1, 0 or 1."""
    return (number > 0) - (number < 0)


def rounded(number: float, mode: str) -> float:
    """Return the whole number beside a double in one of decimal's rounding modes, the sign of zero kept."""
    if not math.isfinite(number) or abs(number) >= WHOLE:
        return number
    whole = Decimal(number).quantize(Decimal(1), rounding=mode, context=EXACT)
    return math.copysign(float(whole), number)


def ceiling(number: float) -> float:
    """Return the next whole number upwards."""
    return rounded(number, ROUND_CEILING)


def floor(number: float) -> float:
    """Return the next whole number downwards."""
    return rounded(number, ROUND_FLOOR)


def nearest(number: float) -> float:
    """Return the nearest whole number; halves go away from zero."""
    return rounded(number, ROUND_HALF_UP)


def truncated(number: float) -> float:
    """Return the next whole number towards zero."""
    return rounded(number, ROUND_DOWN)


def square_root(number: float) -> float:
    """Return the square root as a double, NaN of a negative number."""
    number = float(number)
    return math.sqrt(number) if number >= 0 else math.nan


def as_int(bits: int) -> int:
    """Return 64 bits read as an int."""
    bits %= WORD
    return bits - WORD if bits > HIGHEST else bits


def as_uint(bits: int) -> int:
    """Return 64 bits read as a uint."""
    return bits % WORD


def shifted_left(number: int, places: int) -> int | None:
    """Return the bits moved to the left; what leaves 64 places is cut off by the caller."""
    return None if places < 0 else number << places if places < 64 else 0


def shifted_right(number: int, places: int) -> int | None:
    """Return the 64 bits moved to the right, zeros coming in from the left."""
    return None if places < 0 else number % WORD >> places if places < 64 else 0


def greatest(*numbers: float) -> float:
    """Return the first number than which none that follows is greater."""
    best = numbers[0]
    for number in numbers[1:]:
        if number > best:
            best = number
    return best


def least(*numbers: float) -> float:
    """Return the first number than which none that follows is less."""
    best = numbers[0]
    for number in numbers[1:]:
        if number < best:
            best = number
    return best
