"""Years and days of stored instants as cuts of the instants: both only grow with time, so no row need be converted."""

from fasttwitch.logic.datatypes import DATE, TIMESTAMP, Type
from fasttwitch.logic.instants import DAY, FIRST_DAY, LAST_DAY
from fasttwitch.logic.nodes import Value
from fasttwitch.plan.cuts import compare_ranges
from fasttwitch.plan.value_sets import Cut, Ranges

LAST_YEAR = 9999


def calendar_ranges(function: str, type_: Type, operator: str, bound: Value, bound_type: Type) -> Ranges | None:
    """Return the values of type `type_` for which `function(value) operator bound`; None if no cuts say that.

    function  "getFullYear" of timestamps in UTC and of dates, "date" of timestamps in UTC
    """
    if (function, type_) not in (("getFullYear", TIMESTAMP), ("getFullYear", DATE), ("date", TIMESTAMP)):
        return None
    of_parts = compare_ranges(operator, bound, bound_type)
    below, cuts = of_parts.below, []
    for cut in of_parts.cuts:
        assert isinstance(cut, int)
        day = cut if function == "date" else first_day_of(cut)
        if day <= FIRST_DAY:  # all values lie past it
            below = not below
        elif day <= LAST_DAY:
            cuts.append(day * DAY if type_ is TIMESTAMP else day)
    flipped: list[Cut] = list(cuts)
    return Ranges(False, False, below, tuple(flipped))


def first_day_of(year: int) -> int:
    """Return the first day of a year, in days since 1970; years beyond the calendar lie before or past all days."""
    if year < 1:
        return FIRST_DAY
    if year > LAST_YEAR:
        return LAST_DAY + 1
    before = year - 1
    return FIRST_DAY + 365 * before + before // 4 - before // 100 + before // 400
