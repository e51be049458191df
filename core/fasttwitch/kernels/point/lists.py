"""The list part of an index: clauses under the codes of their most selective literal.

What else a clause asks of a customer is said in up to eight lanes, each a test of one byte: a literal is an AND of "not
in this gap between runs", and a gap, cyclic modulo 256, is one comparison of bytes. Codes of more than a byte have a
low and a high one. Lanes beyond the eighth, and what lanes cannot say, are left to the few clauses whose eight pass.
"""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.exact import build_exact
from fasttwitch.kernels.point.gates import Gates, Int64s
from fasttwitch.kernels.point.homes import Clauses
from fasttwitch.kernels.point.index import ExactPart, ListPart
from fasttwitch.kernels.point.literals import DOUBLES, INTS, NARROW, SHORTS, Facts
from fasttwitch.kernels.point.ragged import starts_of

LANES = 8
AT_ONCE = 8  # clauses that are verified together, those of another code among them
SLOTS = 127  # bytes of a customer that lanes can test, and one more that is always 0
ZERO_SLOT = 127
WIDEST = 65_536


def build_lists(gates: Gates, facts: Facts, clauses: Clauses) -> tuple[ListPart, ExactPart]:
    """Return the lists of clauses, and the part that decides what their lanes leave open."""
    slots, low_slot, high_slot = _slots(gates, clauses)
    lanes = _lanes(gates, facts, low_slot, high_slot)
    access_dimension = gates.dimension[clauses.access]
    dimensions = np.unique(access_dimension)
    sizes = np.diff(gates.cells)[dimensions]
    first = starts_of(sizes)
    begin_of = np.zeros(gates.cells.size - 1, np.int64)
    begin_of[dimensions] = first[:-1]

    packed = np.zeros((clauses.rows.size, 3 * LANES), np.uint8)
    inexact = np.zeros(clauses.rows.size, np.bool_)
    extra = np.zeros(clauses.rows.size, np.int64)
    circuit = (clauses.gates, clauses.access, gates.gate_literals, gates.literals, gates.gate_wires)
    count_extra(*circuit, lanes[0], lanes[3], extra, inexact)
    more_starts = starts_of(extra)
    more = np.zeros((int(more_starts[-1]), 3), np.uint8)
    pack_clauses(*circuit, *lanes[:3], more_starts, packed, more)
    exact, number = build_exact(gates, clauses.gates[inexact])
    open_clauses = np.nonzero(inexact | (extra > 0))[0]
    ids = clauses.rows.astype(np.int32)
    ids[open_clauses] = -1 - np.arange(open_clauses.size, dtype=np.int32)
    gate = np.where(inexact, number[clauses.gates], -1)[open_clauses]
    bounds = more_starts[open_clauses], more_starts[open_clauses + 1]
    exceptions = np.stack((clauses.rows[open_clauses], gate, *bounds), 1).astype(np.int32)

    counts = np.zeros(int(first[-1]) + 1, np.int64)
    visit = (clauses.access, clauses.complemented, gates.dimension, gates.literal_runs, gates.runs, gates.cells)
    enter_clauses(*visit, begin_of, packed, ids, counts, np.zeros((3, 0, LANES), np.uint8), ids[:0], False)
    starts = starts_of(counts[:-1])
    total = int(starts[-1])
    listed = np.zeros((3, total + AT_ONCE, LANES), np.uint8)
    listed_ids = np.zeros(total, np.int32)
    enter_clauses(*visit, begin_of, packed, ids, starts.copy(), listed, listed_ids, True)
    longest = np.diff(starts)
    most = int(np.maximum.reduceat(longest, first[:-1]).sum()) if dimensions.size else 0
    part = ListPart(
        np.ascontiguousarray(np.stack((dimensions, first[:-1]), 1).astype(np.int32)),
        starts.astype(np.int32),
        listed,
        listed_ids,
        slots,
        np.ascontiguousarray(exceptions),
        more,
        clauses.rows.size,
        most,
    )
    return part, exact


def _slots(gates: Gates, clauses: Clauses) -> tuple[NDArray[np.int32], Int64s, Int64s]:
    """Return what each slot holds, and the slots of each dimension's low and high byte, -1 if none."""
    sizes = np.diff(gates.cells)
    named = np.zeros(gates.gate_literals.size - 1, np.bool_)
    named[clauses.gates[clauses.gates >= 0]] = True
    literals = gates.literals[np.repeat(named, np.diff(gates.gate_literals))]
    used = np.bincount(gates.dimension[literals], minlength=sizes.size)
    low, high = np.full(sizes.size, -1, np.int64), np.full(sizes.size, -1, np.int64)
    sources: list[int] = []
    for dimension in np.argsort(-used, kind="stable"):
        wide = bool(sizes[dimension] > NARROW)
        if used[dimension] == 0 or sizes[dimension] > WIDEST or len(sources) + 1 + wide > SLOTS:
            continue
        low[dimension] = len(sources)
        sources.append(2 * int(dimension))
        if wide:
            high[dimension] = len(sources)
            sources.append(2 * int(dimension) + 1)
    return np.array(sources, np.int32), low, high


def _lanes(gates: Gates, facts: Facts, low_slot: Int64s, high_slot: Int64s) -> tuple[Any, ...]:
    """Return the lanes of each literal: where they begin, their bytes, which codes they exclude, and which are open.

    starts    int64[literals + 1]
    lanes     int64[lanes]: slot | first << 8 | span << 16
    weight    float64[lanes]: share of customers that do not pass
    is_open   bool[literals]: the lanes let codes pass that the literal lacks
    """
    runs, literal_runs = gates.runs.astype(np.int64), gates.literal_runs
    counts = np.diff(literal_runs)
    own = gates.dimension
    sizes = np.diff(gates.cells)[own]
    low, high = low_slot[own], high_slot[own]
    first, last = runs[literal_runs[:-1], 0], runs[literal_runs[1:] - 1, 1]
    wide = sizes > NARROW
    full = (counts == 1) & (first == 0) & (last == sizes - 1)
    one_block = wide & (counts == 1) & (first >> 8 == last >> 8)
    to_the_end = (first == 0) & (last == sizes - 1)  # and so no gap around the end
    number = np.where(full | (low < 0), 0, np.where(wide, 1 + one_block, counts - to_the_end))
    is_open = ~full & ((low < 0) | (wide & ~one_block))
    starts = starts_of(number)
    lanes, weight = np.zeros(starts[-1], np.int64), np.zeros(starts[-1])
    before = np.concatenate(([0.0], np.cumsum(facts.shares)))

    each = np.nonzero(~full & (low >= 0) & wide)[0]  # the high byte, between the first and the last code's
    lanes[starts[each]] = high[each] | (first[each] >> 8) << 8 | ((last[each] >> 8) - (first[each] >> 8)) << 16
    weight[starts[each]] = 1.0 - facts.literal_share[each]
    each = np.nonzero(one_block & (low >= 0))[0]
    lanes[starts[each] + 1] = low[each] | (first[each] & 255) << 8 | (last[each] - first[each]) << 16
    weight[starts[each] + 1] = 1.0 - facts.literal_share[each]

    # Of one byte: a lane for the gap after each run; after the last comes, around the end, the one before the first.
    each = np.nonzero(~full & (low >= 0) & ~wide)[0]
    owner = np.repeat(each, number[each])
    place = np.arange(owner.size) - np.repeat(starts_of(number[each])[:-1], number[each])
    run = literal_runs[owner] + place
    is_last = place == counts[owner] - 1
    following = np.where(is_last, first[owner], runs[np.minimum(run + 1, runs.shape[0] - 1), 0])
    gap = np.where(is_last, 255 - runs[run, 1] + first[owner], following - runs[run, 1] - 1)
    cell = gates.cells[own[owner]]
    after = before[cell + runs[run, 1] + 1]
    lacked = np.where(
        is_last,
        before[cell + sizes[owner]] - after + before[cell + first[owner]] - before[cell],
        before[cell + following] - after,
    )
    lanes[starts[owner] + place] = low[owner] | following << 8 | (255 - gap) << 16
    weight[starts[owner] + place] = lacked
    return starts, lanes, weight, is_open


_UINT8_TABLE, _FLAGS = types.uint8[:, ::1], types.Array(types.boolean, 1, "C", readonly=True)


@kernel(types.void(INTS, INTS, INTS, SHORTS, INTS, INTS, _FLAGS, types.int64[::1], types.boolean[::1]))
def count_extra(
    clause_gates: Any,
    access: Any,
    gate_literals: Any,
    literals: Any,
    gate_wires: Any,
    lane_starts: Any,
    is_open: Any,
    extra: Any,
    inexact: Any,
) -> None:
    """Set how many lanes of each clause are too many, and whether it says more than lanes can."""
    for clause in range(clause_gates.size):
        gate, count = clause_gates[clause], 0
        if gate < 0:
            continue
        open = gate_wires[gate] < gate_wires[gate + 1]
        for place in range(gate_literals[gate], gate_literals[gate + 1]):
            literal = literals[place]
            if literal != access[clause]:
                open |= is_open[literal]
                count += lane_starts[literal + 1] - lane_starts[literal]
        inexact[clause] = open
        extra[clause] = 0 if open else max(count - 8, 0)


@kernel(types.void(INTS, INTS, INTS, SHORTS, INTS, INTS, INTS, DOUBLES, INTS, _UINT8_TABLE, _UINT8_TABLE))
def pack_clauses(
    clause_gates: Any,
    access: Any,
    gate_literals: Any,
    literals: Any,
    gate_wires: Any,
    lane_starts: Any,
    lanes: Any,
    weight: Any,
    more_starts: Any,
    packed: Any,
    more: Any,
) -> None:
    """Write the eight lanes of each clause that exclude most, and the others where there is room for them.

    packed  uint8[clauses, 24]: slots, first bytes, spans
    more    uint8[n, 3]: slot, first byte, span
    """
    chosen = np.zeros(9, np.int64)
    for clause in range(clause_gates.size):
        gate, count, extra = clause_gates[clause], 0, more_starts[clause]
        for lane in range(8):
            packed[clause, lane] = ZERO_SLOT
            packed[clause, 16 + lane] = 255
        if gate < 0:
            continue
        for place in range(gate_literals[gate], gate_literals[gate + 1]):
            literal = literals[place]
            if literal == access[clause]:
                continue
            for lane in range(lane_starts[literal], lane_starts[literal + 1]):
                at = count
                while at > 0 and weight[chosen[at - 1]] < weight[lane]:
                    chosen[at] = chosen[at - 1]
                    at -= 1
                chosen[at] = lane
                count += 1
                if count == 9:
                    count = 8
                    if extra < more_starts[clause + 1]:
                        more[extra, 0] = lanes[chosen[8]] & 255
                        more[extra, 1] = lanes[chosen[8]] >> 8 & 255
                        more[extra, 2] = lanes[chosen[8]] >> 16
                        extra += 1
        for lane in range(count):
            packed[clause, lane] = lanes[chosen[lane]] & 255
            packed[clause, 8 + lane] = lanes[chosen[lane]] >> 8 & 255
            packed[clause, 16 + lane] = lanes[chosen[lane]] >> 16


@kernel(
    types.void(
        INTS, _FLAGS, SHORTS, INTS, types.Array(types.int32, 2, "C", readonly=True), INTS, INTS,
        _UINT8_TABLE, types.int32[::1], types.int64[::1], types.uint8[:, :, ::1], types.int32[::1], types.boolean,
    )
)  # fmt: skip
def enter_clauses(
    access: Any, complemented: Any, dimension: Any, literal_runs: Any, runs: Any, cells: Any, begin_of: Any,
    packed: Any, ids: Any, counts: Any, listed: Any, listed_ids: Any, writing: bool,
) -> None:  # fmt: skip
    """Count the clauses of each code; or write them, `counts` being the place of each code's first."""
    for clause in range(access.size):
        literal = access[clause]
        own = dimension[literal]
        codes = cells[own + 1] - cells[own]
        lacks = np.int64(complemented[clause])
        # The runs of the literal, or the gaps before each and after the last.
        for run in range(literal_runs[literal], literal_runs[literal + 1] + lacks):
            if lacks:
                begin = np.int64(runs[run - 1, 1]) + 1 if run > literal_runs[literal] else 0
                end = np.int64(runs[run, 0]) if run < literal_runs[literal + 1] else codes
            else:
                begin, end = np.int64(runs[run, 0]), np.int64(runs[run, 1]) + 1
            for code in range(begin, end):
                at = begin_of[own] + code
                if writing:
                    for field in range(3):
                        for lane in range(8):
                            listed[field, counts[at], lane] = packed[clause, 8 * field + lane]
                    listed_ids[counts[at]] = ids[clause]
                counts[at] += 1
