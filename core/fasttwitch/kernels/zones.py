"""Clocks of time zones: from an instant to what the zone's clocks show, and to where its local day began.

A zone is a list of transitions and the offsets between them. Rules that hold for ever are written out for one cycle of
400 Gregorian years (146,097 days, whole weeks), after which instants are looked up a number of cycles earlier.

A zone's table is int64: the columns below, then the grid, the transitions, the offsets. The grid is the transitions'
index: time is cut into cells of equal width, a power of two, and each cell knows how many transitions came before it.
Inside a cell the few that are left are counted without a branch: random instants cost as much as sorted ones.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from fasttwitch.kernels.addresses import ints_at, words_at
from fasttwitch.kernels.clocks import DAY_MICROSECONDS
from fasttwitch.kernels.jit import linked, routine
from fasttwitch.kernels.layout import BLOCK_ROWS, BLOCK_WORDS, LOCAL_TIME, TIMESTAMP_HIGH, TIMESTAMP_LOW
from fasttwitch.kernels.registers import VALUE_BYTES, words_of

ZONE_FIRST = 0  # where the grid begins, µs
ZONE_SHIFT = 1  # the width of a cell is 2 to this power
ZONE_CELLS = 2
ZONE_COUNTED = 3  # the most transitions in one cell
ZONE_REPEATS_FROM = 4  # instants from here on are looked up whole cycles earlier
ZONE_CYCLE = 5  # µs; 0 = nothing repeats
ZONE_TRANSITIONS = 6  # where in the table the transitions begin
ZONE_OFFSETS = 7  # and the offsets
ZONE_FIELDS = 8

WIDEST_CELL, MOST_CELLS, FEW = 44, 4096, 1  # 2**44 µs are 204 days
# From an instant to the earliest one that may have the same local date: a day and two offsets. The end of the cycle is
# written out that far into the next one, so that no search has to turn back at its beginning.
SEARCHED = 4 * DAY_MICROSECONDS
LARGEST_OFFSET = DAY_MICROSECONDS  # as the tz database and Python's zoneinfo have it, less than a day
NEVER = 2**63 - 1


def zone_table(
    transitions: Sequence[int], offsets: Sequence[int], cycle_start: int, cycle: int
) -> npt.NDArray[np.int64]:
    """Return a zone's table for LOCAL_TIME and START_OF_DAY.

    transitions  µs UTC, ascending: from each one on its right neighbour in `offsets` holds
    offsets      µs to add to UTC; one more than transitions
    cycle_start  instants from `cycle_start + cycle` on are the same as those whole cycles earlier
    cycle        µs, a multiple of a day; 0 = the last offset holds for ever
    """
    times, shifts = np.array(transitions, np.int64), np.array(offsets, np.int64)
    if cycle:
        times, shifts = _with_beginning_of_next_cycle(times, shifts, cycle_start, cycle)
    first = int(times[0]) - 1 if times.size else 0  # all that is earlier counts as the first cell
    for shift in range(WIDEST_CELL, 0, -1):
        before, counted = _grid(times, first, shift)
        if counted <= FEW or 2 * before.size > MOST_CELLS:
            break
    sentinels = np.full(counted + 1, NEVER, np.int64)
    padding = np.full(counted, shifts[-1], np.int64)
    header = np.zeros(ZONE_FIELDS, np.int64)
    header[ZONE_FIRST], header[ZONE_SHIFT] = first, shift
    header[ZONE_CELLS], header[ZONE_COUNTED] = before.size, counted
    header[ZONE_REPEATS_FROM], header[ZONE_CYCLE] = cycle_start + cycle + SEARCHED, cycle
    header[ZONE_TRANSITIONS] = ZONE_FIELDS + before.size
    header[ZONE_OFFSETS] = header[ZONE_TRANSITIONS] + times.size + sentinels.size
    return np.concatenate([header, before, times, sentinels, shifts, padding])


def _with_beginning_of_next_cycle(
    times: npt.NDArray[np.int64], shifts: npt.NDArray[np.int64], start: int, cycle: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the transitions up to a few days past the first cycle's end, with their offsets."""
    end = start + cycle
    kept = int(np.searchsorted(times, end))
    began = int(np.searchsorted(times, start, "right"))
    again = int(np.searchsorted(times, start + 2 * SEARCHED, "right"))
    times = np.concatenate([times[:kept], [end], times[began:again] + cycle])
    return times, np.concatenate([shifts[: kept + 1], shifts[began : again + 1]])


def _grid(times: npt.NDArray[np.int64], first: int, shift: int) -> tuple[npt.NDArray[np.int64], int]:
    """Return how many transitions have come when each cell begins, and the most that come inside one."""
    if not times.size:
        return np.zeros(1, np.int64), 0
    cells = ((int(times[-1]) - first) >> shift) + 1
    begins = first + (np.arange(cells + 1) << shift)
    before = np.searchsorted(times, begins[:-1], "right")
    inside = np.searchsorted(times, begins[1:], "left") - before
    return before.astype(np.int64), int(inside.max())


@routine
def _moved_into_cycle(zone: Any, instant: int) -> Any:
    """Return an instant at which the zone's clocks say the same, but for the year."""
    if zone[ZONE_CYCLE] == 0 or instant < zone[ZONE_REPEATS_FROM]:
        return instant
    return instant - zone[ZONE_CYCLE] * (1 + (instant - zone[ZONE_REPEATS_FROM]) // zone[ZONE_CYCLE])


@routine
def _transitions_until(zone: Any, instant: int) -> Any:
    """Return how many transitions have come at an instant of the table."""
    cell = min(max((instant - zone[ZONE_FIRST]) >> zone[ZONE_SHIFT], 0), zone[ZONE_CELLS] - 1)
    came = zone[ZONE_FIELDS + cell]
    transitions = zone[ZONE_TRANSITIONS]
    for _ in range(zone[ZONE_COUNTED]):
        came += np.int64(zone[transitions + came] <= instant)
    return came


@routine
def _local_time(zone: Any, instant: int) -> Any:
    """Return what the zone's clocks show at an instant."""
    return instant + zone[zone[ZONE_OFFSETS] + _transitions_until(zone, _moved_into_cycle(zone, instant))]


@routine
def _start_of_day(zone: Any, instant: int) -> Any:
    """Return the earliest instant whose local date is that of an instant.

    Clocks may skip midnight, strike it twice, skip a whole date or repeat one. So the stretches between transitions are
    asked in turn, from the first in which the date can begin.
    """
    moved = _moved_into_cycle(zone, instant)
    local = moved + zone[zone[ZONE_OFFSETS] + _transitions_until(zone, moved)]
    midnight = local // DAY_MICROSECONDS * DAY_MICROSECONDS
    stretch = _transitions_until(zone, midnight - LARGEST_OFFSET)
    while True:
        offset = zone[zone[ZONE_OFFSETS] + stretch]
        start = midnight - offset
        if stretch > 0:
            start = max(start, zone[zone[ZONE_TRANSITIONS] + stretch - 1])
        before_end = start < zone[zone[ZONE_TRANSITIONS] + stretch]
        if before_end and start + offset < midnight + DAY_MICROSECONDS:  # at the latest where the instant itself is
            return start + (instant - moved)
        stretch += 1


@linked("fasttwitch_consult_zone", types.void(*[types.int64] * 5))
def consult_zone(operation: int, left: int, table: int, rows: int, result: int) -> None:
    """Set `result` to LOCAL_TIME or START_OF_DAY of the register `left`; `table` is the address of a zone's table."""
    zone = ints_at(table, ZONE_FIELDS)
    instants = ints_at(left, BLOCK_ROWS)
    known = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    values = ints_at(result, BLOCK_ROWS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    for word in range(words_of(rows)):
        good = known[word]
        for lane in range(min(64, rows - 64 * word)):
            # What lies under a null must not lead out of the table.
            instant = min(max(instants[64 * word + lane], TIMESTAMP_LOW), TIMESTAMP_HIGH)
            if operation == LOCAL_TIME:
                values[64 * word + lane] = _local_time(zone, instant)
            else:
                start = _start_of_day(zone, instant)
                values[64 * word + lane] = start
                # A day may begin before the year 1.
                good &= ~(np.uint64(start < TIMESTAMP_LOW) << np.uint64(lane))
        valid[word] = good
