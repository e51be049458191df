"""Arithmetic of the rule language on single values; None where the language says unknown."""

from collections.abc import Callable
from math import copysign, inf, isnan, nan
from typing import TypeAlias

from fasttwitch.logic.datatypes import DATE, DOUBLE, DURATION, INT, TIMESTAMP, UINT, Type
from tests.oracle.instants import (
    DAY,
    FIRST_DATE,
    FIRST_TIMESTAMP,
    LAST_DATE,
    LAST_TIMESTAMP,
    LONGEST_DURATION,
)

RANGES: dict[Type, tuple[int, int]] = {
    INT: (-(2**63), 2**63 - 1),
    UINT: (0, 2**64 - 1),
    TIMESTAMP: (FIRST_TIMESTAMP, LAST_TIMESTAMP),
    DURATION: (-LONGEST_DURATION, LONGEST_DURATION),
    DATE: (FIRST_DATE, LAST_DATE),
}

Number: TypeAlias = int | float


def calculate(operator: str, kind: Type, left: Number, right: Number) -> Number | None:
    """Return `left operator right` as a value of type `kind`, or None on overflow and division by zero.

    Both operands are counts of the same unit, except a date with a duration (days and microseconds) and a duration
    with a factor.
    """
    if kind == DOUBLE:
        return DOUBLES[operator](float(left), float(right))
    assert isinstance(left, int)
    assert isinstance(right, int)
    if kind == DATE:
        assert right % DAY == 0, "a date moves by whole days"
        right //= DAY
    return in_range(INTEGERS[operator](left, right), kind)


def negate(kind: Type, value: Number) -> Number | None:
    """Return `-value`, or None where the type cannot hold it."""
    return -value if isinstance(value, float) else in_range(-value, kind)


def in_range(value: int | None, kind: Type) -> int | None:
    """Return the value if its type can hold it, else None."""
    low, high = RANGES[kind]
    return value if value is not None and low <= value <= high else None


def quotient(left: int, right: int) -> int | None:
    """Return `left / right` truncated toward zero, or None for a zero divisor."""
    if right == 0:
        return None
    size = abs(left) // abs(right)
    return size if (left < 0) == (right < 0) else -size


def remainder(left: int, right: int) -> int | None:
    """Return what `quotient` leaves, with the sign of `left`; None where the quotient has no value in int64."""
    whole = quotient(left, right)
    if whole is None or (whole == 2**63 and right == -1):  # the least int64 by -1: an overflow, as in CEL
        return None
    return left - whole * right


def divide(left: float, right: float) -> float:
    """Return the IEEE quotient, where Python raises for a zero divisor."""
    if right != 0.0:
        return left / right
    if left == 0.0 or isnan(left):
        return nan
    return copysign(inf, left) * copysign(1.0, right)


INTEGERS: dict[str, Callable[[int, int], int | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": quotient,
    "%": remainder,
}
DOUBLES: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": divide,
}
