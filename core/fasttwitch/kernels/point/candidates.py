"""The list part at run time: clauses under the codes of a customer, verified eight at a time."""

from typing import Any

import numpy as np

from fasttwitch.kernels.addresses import bytes_at, ints_at, shorts_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.point.exact import gate_lives
from fasttwitch.kernels.point.index import (
    EXCEPTIONS,
    HEAD_FIELDS,
    LIST_COUNT,
    LIST_DIMENSIONS,
    LIST_STARTS,
    LISTED_FIRSTS,
    LISTED_IDS,
    LISTED_SLOTS,
    LISTED_SPANS,
    MORE_LANES,
    SCRATCH_BYTES_OF_CODES,
    SCRATCH_FOUND,
    SCRATCH_POINTERS,
    SLOT_COUNT,
    SLOT_SOURCES,
)
from fasttwitch.kernels.point.writing_portable import lowest_bit
from fasttwitch.kernels.vectors import prefetch

ANY = 1 << 40
LANE_BYTES = 8  # of a clause: a byte a lane, in each of three tables


def verify(values: int, slots: int, firsts: int, spans: int, count: int) -> int:
    """Stand in for a sibling: which of eight clauses pass."""
    raise NotImplementedError


@routine
def fill_slots(head: int, codes: int, scratch: int) -> None:
    """Set the bytes that lanes test."""
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    sources, slots = shorts_at(table[SLOT_SOURCES], ANY), bytes_at(scratch + table[SCRATCH_BYTES_OF_CODES], 128)
    slots[127] = 0
    for slot in range(table[SLOT_COUNT]):
        source = sources[slot]
        slots[slot] = values[source >> 1] >> ((source & 1) << 3)


@routine
def find_lists(head: int, codes: int, scratch: int) -> Any:
    """Write begin and end of the lists under the codes that have any; return how many. Their lanes are asked for."""
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    dimensions, starts = shorts_at(table[LIST_DIMENSIONS], ANY), shorts_at(table[LIST_STARTS], ANY)
    lists = ints_at(scratch + table[SCRATCH_POINTERS], ANY)
    count: Any = 0
    for number in range(table[LIST_COUNT]):
        cell = dimensions[2 * number + 1] + values[dimensions[2 * number]]
        begin, end = np.int64(starts[cell]), np.int64(starts[cell + 1])
        lists[2 * count], lists[2 * count + 1] = begin, end
        count += end > begin  # no branch: half of them would be mispredicted
        prefetch(table[LISTED_SLOTS] + LANE_BYTES * begin)
        prefetch(table[LISTED_FIRSTS] + LANE_BYTES * begin)
        prefetch(table[LISTED_SPANS] + LANE_BYTES * begin)
    return count


def find_passing(head: int, scratch: int, lists_count: int) -> int:
    """Write from which places on some of eight clauses pass, and which; return how many such places there are."""
    table = ints_at(head, HEAD_FIELDS)
    lists = ints_at(scratch + table[SCRATCH_POINTERS], ANY)
    found = shorts_at(scratch + table[SCRATCH_FOUND], ANY)
    values, slot_count = scratch + table[SCRATCH_BYTES_OF_CODES], table[SLOT_COUNT]
    slots, firsts, spans = table[LISTED_SLOTS], table[LISTED_FIRSTS], table[LISTED_SPANS]
    count = 0
    for number in range(lists_count):
        place, end = lists[2 * number], lists[2 * number + 1]
        while place < end:
            offset = LANE_BYTES * place
            passed = verify(values, slots + offset, firsts + offset, spans + offset, slot_count)
            passed &= (1 << min(end - place, 8)) - 1  # others are of the next list
            found[2 * count], found[2 * count + 1] = place, passed
            count += passed != 0
            place += 8
    return count


@routine
def write_passing(head: int, codes: int, scratch: int, count: int, out_at: int, ids: int) -> int:
    """Append the rows of clauses that pass to `ids` row numbers; return how many there are then."""
    table, out = ints_at(head, HEAD_FIELDS), shorts_at(out_at, ANY)
    found, listed_ids = shorts_at(scratch + table[SCRATCH_FOUND], ANY), shorts_at(table[LISTED_IDS], ANY)
    exceptions = shorts_at(table[EXCEPTIONS], ANY)
    for place in range(count):
        left = np.uint64(found[2 * place + 1])
        while left:
            row = np.int64(listed_ids[np.int64(found[2 * place]) + lowest_bit(left)])
            left &= left - np.uint64(1)
            if row >= 0:
                out[ids] = row
                ids += 1
            else:
                exception = 4 * (-1 - row)
                out[ids] = exceptions[exception]
                ids += _passes_more(head, exceptions[exception + 1 : exception + 4], codes, scratch)
    return ids


@routine
def _passes_more(head, exception, codes, scratch):  # type: ignore[no-untyped-def]
    table = ints_at(head, HEAD_FIELDS)
    slots, lanes = bytes_at(scratch + table[SCRATCH_BYTES_OF_CODES], 128), bytes_at(table[MORE_LANES], ANY)
    for lane in range(3 * np.int64(exception[1]), 3 * np.int64(exception[2]), 3):
        if ((slots[lanes[lane]] - lanes[lane + 1]) & 255) > lanes[lane + 2]:
            return False
    return exception[0] < 0 or gate_lives(head, np.int64(exception[0]), codes, scratch)
