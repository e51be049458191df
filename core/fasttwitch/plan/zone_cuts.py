"""Years, days and beginnings of days on the clocks of a zone, as cuts of the stored instants.

Clocks are set back, so that what they show does not only grow: an instant's local day may come twice. But only within a
day around midnight, and only there the instants are looked at at which the zone's offset changes. Nearly always one cut
is left, and no row need be converted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from fasttwitch.kernels.layout import TIMESTAMP_HIGH, TIMESTAMP_LOW
from fasttwitch.library.zones import Zone, local_time, offset_at, start_of_day
from fasttwitch.logic.datatypes import Type
from fasttwitch.logic.instants import DAY, FIRST_DAY, LAST_DAY
from fasttwitch.logic.nodes import Value
from fasttwitch.plan.calendar_cuts import LAST_YEAR, first_day_of
from fasttwitch.plan.cuts import compare_ranges
from fasttwitch.plan.value_sets import Ranges


def zoned_ranges(
    function: str, zone: Zone, operator: str, bound: Value, bound_type: Type
) -> tuple[Ranges, Ranges] | None:
    """Return the timestamps for which `function(at, zone) operator bound` is true, and false; None if no cuts say that.

    function  "getFullYear", "date" or "startOfDay"
    """
    if function not in ("getFullYear", "date", "startOfDay"):
        return None
    wanted = compare_ranges(operator, bound, bound_type)
    days = []
    for cut in wanted.cuts:
        assert isinstance(cut, int)
        day = _day_of_cut(function, zone, cut)
        if day is None:
            return None
        days.append(day)
    true = _ranges(wanted.below, (flip for day in days for flip in _flips(zone, day)))
    known = _known(function, zone)
    false = Ranges(False, False, not true.below, true.cuts)
    return true.intersection(known), false.intersection(known)


def _day_of_cut(function: str, zone: Zone, cut: int) -> int | None:
    """Return the local day from which on a function is at or past a cut; None near the ends of the calendar."""
    match function:
        case "getFullYear":
            return first_day_of(cut) if 1 < cut <= LAST_YEAR else None
        case "date":
            return cut if FIRST_DAY + 1 < cut <= LAST_DAY - 1 else None
        case _:
            if not TIMESTAMP_LOW + 2 * DAY < cut < TIMESTAMP_HIGH - 2 * DAY:
                return None
            day = local_time(zone, cut) // DAY
            return day if start_of_day(zone, cut) == cut else day + 1


def _known(function: str, zone: Zone) -> Ranges:
    """Return the timestamps for which a function has a result."""
    match function:
        case "getFullYear":
            return Ranges(False, False, True, ())
        case "date":
            return _ranges(False, (*_flips(zone, FIRST_DAY), *_flips(zone, LAST_DAY + 1)))
        case _:  # of the first day, only what begins within the calendar
            first = local_time(zone, TIMESTAMP_LOW) // DAY
            return _ranges(False, _flips(zone, first if start_of_day(zone, TIMESTAMP_LOW) is not None else first + 1))


def _ranges(below: bool, flips: Iterable[int]) -> Ranges:
    """Return the set of timestamps that begins with `below` and flips at each place; what flips twice does not."""
    odd: set[int] = set()
    for flip in flips:
        odd ^= {flip}
    cuts = sorted(odd)
    while cuts and cuts[0] <= TIMESTAMP_LOW:
        below, cuts = not below, cuts[1:]
    return Ranges(False, False, below, tuple(cut for cut in cuts if cut <= TIMESTAMP_HIGH))


def _flips(zone: Zone, day: int) -> Iterator[int]:
    """Yield the instants at which "the zone's calendar shows this day or a later one" becomes true, or false again."""
    midnight = day * DAY
    # No offset reaches a day: a day before, it is false, and a day later, true.
    changes = [midnight - DAY, *_changes(zone, midnight - DAY, midnight + DAY), midnight + DAY]
    is_reached = False
    for begin, end in pairwise(changes):
        moment = midnight - offset_at(zone, begin)
        if (begin >= moment) != is_reached:
            yield begin
        if begin < moment < end:
            yield moment
        is_reached = end > moment


def _changes(zone: Zone, begin: int, end: int) -> Iterator[int]:
    """Yield, ascending, the instants between at which the offset may change."""
    laps, found = {0}, set[int]()
    if zone.cycle and end >= zone.cycle_start:
        first, last = ((instant - zone.cycle_start) // zone.cycle for instant in (begin, end))
        laps |= {lap * zone.cycle for lap in range(max(first, 0), last + 1)}
        found |= {zone.cycle_start + lap for lap in laps}  # where one cycle ends and the next begins
    for lap in laps:
        low, high = bisect_right(zone.transitions, begin - lap), bisect_left(zone.transitions, end - lap)
        found |= {instant + lap for instant in zone.transitions[low:high]}
    return iter(sorted(instant for instant in found if begin < instant < end))
