"""Comparisons with a constant as cuts of the attribute's language type."""

import math
from collections.abc import Iterable
from decimal import Decimal

from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, INT, UINT, Type
from fasttwitch.logic.nodes import Value
from fasttwitch.plan.value_sets import Cut, Ranges, union_of_points

INT_BOUNDS = (-(2**63), 2**63)
UINT_BOUNDS = (0, 2**64)


def compare_ranges(operator: str, constant: Value, type_: Type) -> Ranges:
    """Return the non-null values `v` of `type_` for which `v operator constant` is true."""
    has_nan = type_ is DOUBLE
    ends = _ends(constant, type_)
    if ends is None:  # NaN: equal to nothing, below nothing
        return Ranges(False, operator == "!=", operator == "!=", (), has_nan)
    low, high = ends  # the values equal to the constant are those from `low` up to, not including, `high`
    nan = False
    match operator:
        case "<":
            below, cuts = True, [low]
        case "<=":
            below, cuts = True, [high]
        case ">":
            below, cuts = False, [high]
        case ">=":
            below, cuts = False, [low]
        case "==":
            below, cuts = False, [low, high] if low != high else []
        case _:
            below, cuts, nan = True, [low, high] if low != high else [], has_nan
    return _within_bounds(Ranges(False, nan, below, tuple(cuts), has_nan), type_)


def membership_ranges(constants: Iterable[Value], type_: Type) -> Ranges:
    """Return the values of `type_` that equal one of `constants`."""
    points = sorted(ends for ends in (_ends(value, type_) for value in constants) if ends and ends[0] != ends[1])
    distinct = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    return _within_bounds(Ranges(False, False, False, union_of_points(distinct), type_ is DOUBLE), type_)


def _ends(constant: Value, type_: Type) -> tuple[Cut, Cut] | None:
    """Return the cuts just below and just above the values equal to `constant`; None for NaN."""
    assert not isinstance(constant, tuple), "versions and lists have no cuts"
    if type_ is DOUBLE:
        value = float(constant) + 0.0  # -0.0 becomes 0.0
        return None if math.isnan(value) else ((value, 0), (value, 1))
    if type_ is DECIMAL:
        exact = Decimal(constant)  # no arithmetic: that would round to 28 digits
        return (exact, 0), (exact, 1)
    if isinstance(constant, float):
        if math.isnan(constant):
            return None
        bounds = UINT_BOUNDS if type_ is UINT else INT_BOUNDS
        return _first_integer(constant, False, bounds), _first_integer(constant, True, bounds)
    number = int(constant)
    return number, number + 1


def _first_integer(constant: float, strict: bool, bounds: tuple[int, int]) -> int:
    """Return the least integer whose nearest double is at least (`strict`: above) `constant`, or the upper bound."""
    low, high = bounds
    if math.isfinite(constant) and abs(constant) < 2**53:
        first = math.floor(constant) + 1 if strict else math.ceil(constant)
        return min(max(first, low), high)
    # Beyond 2**53 several integers share one double: search for the first on the monotone conversion.
    while low < high:
        middle = (low + high) // 2
        image = float(middle)
        if image > constant or (image == constant and not strict):
            high = middle
        else:
            low = middle + 1
    return low


def _within_bounds(ranges: Ranges, type_: Type) -> Ranges:
    """Return the same set without cuts that no value of the type can pass."""
    below, cuts = ranges.below, list(ranges.cuts)
    if type_ is DOUBLE:
        lowest, highest = (-math.inf, 0), (math.inf, 1)
        while cuts and cuts[0] <= lowest:  # type: ignore[operator]
            below, cuts = not below, cuts[1:]
        while cuts and cuts[-1] >= highest:  # type: ignore[operator]
            cuts.pop()
    elif type_ is INT or type_ is UINT:
        least, past = UINT_BOUNDS if type_ is UINT else INT_BOUNDS
        while cuts and cuts[0] <= least:  # type: ignore[operator]
            below, cuts = not below, cuts[1:]
        while cuts and cuts[-1] >= past:  # type: ignore[operator]
            cuts.pop()
    return Ranges(ranges.null, ranges.nan, below, tuple(cuts), ranges.has_nan)
