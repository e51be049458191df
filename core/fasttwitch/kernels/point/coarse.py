"""Dimensions of very many codes: a row of bits for each group of codes, and what a group leaves in doubt.

Where every rule brings constants of its own, a row for each code would make memory grow with the square of the rules.
So neighbouring codes share a row, in which a gate lives if its literal holds for any of them; and a gate whose literal
lacks some of them, but not all, is in doubt. A doubt is a gap of the literal, as far as it lies in the group: the bit
is cleared if the customer's code lies in it. A literal has no more doubts than it has ends of runs.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import ints_at, shorts_at, words_at
from fasttwitch.kernels.jit import kernel, routine
from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s
from fasttwitch.kernels.point.index import (
    COARSE,
    COARSE_COUNT,
    DIMENSIONS,
    DOUBT_STARTS,
    DOUBTS,
    GROUPS,
    HEAD_FIELDS,
)
from fasttwitch.kernels.point.literals import INTS, SHORTS
from fasttwitch.kernels.point.ragged import owners_of, starts_of

ANY = 1 << 40

# A dimension of more codes than this has coarse rows, of at most so many groups. With 128, 256, 512, 1,024 groups,
# 20,000 rules `x > {i} && y < {7 * i}` take 65, 85, 134, 232 bytes each, and a customer 1.24, 0.99, 0.85, 0.79 us; with
# a row for each code 5,125 bytes and 1.5 us. Of 100,000 such rules a customer takes 6.0, 4.8, 4.7, 4.8 us.
MOST_ROWS = 1_024
MOST_GROUPS = 512
# Where few gates of a line read the dimension, as in deep chains, groups are fewer: one doubt in four lines.
LEAST_GROUPS, LINE_GROUPS = 16, 4
# Groups are more where that takes no more bytes than the doubts that it settles: sets of scattered codes, with ends of
# runs everywhere, would have doubts in every group.
DOUBT_BYTES, ROW_BYTES = 12, 64  # of a doubt, and of a line of a row


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which codes share rows.

    gates       the same, with groups for codes in coarse dimensions: literals hold for a group if for any code of it
    dimensions  int64[n]: that are coarse
    places      int64[n + 1]: where the codes of each begin in `groups`
    groups      int32: of each code
    first       int64[n + 1]: where the groups of each begin in `bounds`
    bounds      int32[groups, 2]: first and last code of each group
    """

    gates: Gates
    dimensions: Int64s
    places: Int64s
    groups: Int32s
    first: Int64s
    bounds: Int32s


def row_counts(cells: Int64s) -> Int64s:
    """Return how many rows each dimension is expected to have: one for each code, or for each group."""
    sizes = np.diff(cells)
    return np.where(sizes > MOST_ROWS, MOST_GROUPS, sizes)


def group_codes(gates: Gates, lines: Int64s, literals: Int32s) -> Grouping:
    """Return which codes share rows.

    lines     int64[dimensions]: of each dimension's rows
    literals  of bits, as often as bits have them, that are said by rows
    """
    sizes = np.diff(gates.cells)
    large = np.nonzero((sizes > MOST_ROWS) & (lines > 0))[0]
    ends = _ends_of_runs(gates, large, literals)
    found = [(own, _groups(ends[gates.cells[own] : gates.cells[own + 1]], int(lines[own]))) for own in large.tolist()]
    chosen = [(own, groups) for own, groups in found if groups[-1] + 1 < groups.size]
    dimensions = np.array([own for own, _ in chosen], np.int64)
    counts = np.array([groups[-1] + 1 for _, groups in chosen], np.int64)
    begins = [np.nonzero(np.diff(groups, prepend=-1))[0] for _, groups in chosen]
    lasts = [np.append(begin[1:], size) - 1 for begin, size in zip(begins, sizes[dimensions].tolist(), strict=True)]
    bounds = [np.stack(both, 1) for both in zip(begins, lasts, strict=True)]
    return Grouping(
        _coarsened(gates, chosen) if chosen else gates,
        dimensions,
        starts_of(sizes[dimensions]),
        np.concatenate([np.zeros(0, np.int32), *(groups for _, groups in chosen)]).astype(np.int32),
        starts_of(counts),
        np.concatenate([np.zeros((0, 2), np.int32), *bounds]).astype(np.int32),
    )


def _ends_of_runs(gates: Gates, large: Int64s, literals: Int32s) -> Int64s:
    """Return for each cell how many literals of bits hold for its code or the one before, but not for both."""
    cells = int(gates.cells[-1])
    if large.size == 0:
        return np.zeros(cells, np.int64)
    users = np.bincount(literals, minlength=gates.dimension.size)[owners_of(gates.literal_runs)]
    begins = np.repeat(gates.cells[gates.dimension], np.diff(gates.literal_runs))
    ends = np.bincount(begins + gates.runs[:, 0], users, cells + 1)
    ends += np.bincount(begins + gates.runs[:, 1] + 1, users, cells + 1)
    ends[gates.cells] = 0
    return ends[:-1].astype(np.int64)


def _groups(ends: Int64s, lines: int) -> Int64s:
    """Return the group of each code of a dimension, ascending from 0.

    No group has more ends of runs inside than all of them over the number of groups; where that many fall on one code,
    a group begins there.
    """
    total = int(ends.sum())
    most = min(MOST_GROUPS, max(LEAST_GROUPS, LINE_GROUPS * total // lines))
    most = max(most, DOUBT_BYTES * total // (ROW_BYTES * lines))
    if most >= ends.size:
        return np.arange(ends.size)
    if np.count_nonzero(ends) < most:
        return np.cumsum(ends > 0)
    parts = np.cumsum(ends) * most // (total + 1)
    return np.cumsum(np.diff(parts, prepend=0) > 0)


def _coarsened(gates: Gates, chosen: list[tuple[int, Int64s]]) -> Gates:
    """Return the gates with groups for codes in some dimensions."""
    sizes = np.diff(gates.cells)
    group_of = np.arange(int(gates.cells[-1])) - np.repeat(gates.cells[:-1], sizes)
    for own, groups in chosen:
        group_of[gates.cells[own] : gates.cells[own + 1]] = groups
        sizes[own] = groups[-1] + 1
    owner = owners_of(gates.literal_runs)
    begins = gates.cells[gates.dimension[owner]]
    first, last = group_of[begins + gates.runs[:, 0]], group_of[begins + gates.runs[:, 1]]
    is_new = np.ones(owner.size, np.bool_)  # runs that meet in a group become one
    is_new[1:] = (owner[1:] != owner[:-1]) | (first[1:] != last[:-1])
    begin = np.nonzero(is_new)[0]
    end = np.append(begin[1:], owner.size)[: begin.size] - 1
    return replace(
        gates,
        cells=starts_of(sizes),
        literal_runs=np.searchsorted(owner[begin], np.arange(gates.dimension.size + 1)).astype(np.int64),
        runs=np.ascontiguousarray(np.stack((first[begin], last[end]), 1).astype(np.int32)),
    )


def build_doubts(
    gates: Gates, grouping: Grouping, bits: Int64s, literals: Int32s
) -> tuple[Int32s, Int32s, Int32s, Int32s]:
    """Return the coarse dimensions, groups of codes, starts and doubts of some literals of bits; see FlatPart."""
    coarse = np.stack((grouping.dimensions, grouping.places[:-1], grouping.first[:-1]), 1).astype(np.int32)
    number = np.full(gates.cells.size - 1, -1, np.int64)
    number[grouping.dimensions] = np.arange(grouping.dimensions.size)
    inside = np.nonzero(number[gates.dimension[literals]] >= 0)[0]
    bits, literals = bits[inside], literals[inside]
    circuit = (bits, literals, gates.dimension, gates.literal_runs, gates.runs, gates.cells)
    groups = (number, grouping.places, grouping.groups, grouping.first, grouping.bounds)
    counts = np.zeros(int(grouping.first[-1]) + 1, np.int64)
    list_doubts(*circuit, *groups, counts, np.zeros((0, 3), np.int32), False)
    starts = starts_of(counts[:-1])
    doubts = np.zeros((int(starts[-1]), 3), np.int32)
    list_doubts(*circuit, *groups, starts.copy(), doubts, True)
    return np.ascontiguousarray(coarse), grouping.groups, starts.astype(np.int32), doubts


_PAIRS = types.Array(types.int32, 2, "C", readonly=True)


@kernel(
    types.void(
        INTS, SHORTS, SHORTS, INTS, _PAIRS, INTS, INTS, INTS, SHORTS, INTS, _PAIRS,
        types.int64[::1], types.int32[:, ::1], types.boolean,
    )
)  # fmt: skip
def list_doubts(
    bits: Any, literals: Any, dimension: Any, literal_runs: Any, runs: Any, cells: Any, number: Any, places: Any,
    groups: Any, first: Any, bounds: Any, counts: Any, doubts: Any, filling: bool,
) -> None:  # fmt: skip
    """Count the doubts of each group; or write them, `counts` being where to begin."""
    for place in range(bits.size):
        literal = literals[place]
        own = dimension[literal]
        coarse = number[own]
        begin: Any = 0  # of the gap before each run, and after the last
        for run in range(literal_runs[literal], literal_runs[literal + 1] + 1):
            is_last = run == literal_runs[literal + 1]
            end = cells[own + 1] - cells[own] if is_last else np.int64(runs[run, 0])
            if begin < end:
                low = first[coarse] + groups[places[coarse] + begin]
                high = first[coarse] + groups[places[coarse] + end - 1]
                # Groups between the first and the last have no code that the literal holds for.
                for group in range(low, high + 1, max(high - low, 1)):
                    if begin > bounds[group, 0] or end <= bounds[group, 1]:
                        if filling:
                            doubts[counts[group], 0] = bits[place]
                            doubts[counts[group], 1] = max(begin, bounds[group, 0])
                            doubts[counts[group], 2] = min(end - 1, bounds[group, 1])
                        counts[group] += 1
            if not is_last:
                begin = np.int64(runs[run, 1]) + 1


@routine
def find_groups(head: int, codes: int) -> None:
    """Write the groups of a customer's codes behind these."""
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    coarse, groups = shorts_at(table[COARSE], ANY), shorts_at(table[GROUPS], ANY)
    behind = table[DIMENSIONS] + 1
    for number in range(table[COARSE_COUNT]):
        values[behind + number] = groups[coarse[3 * number + 1] + values[coarse[3 * number]]]


@routine
def settle_doubts(head: int, codes: int, alive_at: int) -> None:
    """Clear the bits of gates that live for another code of a group only."""
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    coarse, starts = shorts_at(table[COARSE], ANY), shorts_at(table[DOUBT_STARTS], ANY)
    doubts, alive = shorts_at(table[DOUBTS], ANY), words_at(alive_at, ANY)
    behind = table[DIMENSIONS] + 1
    for number in range(table[COARSE_COUNT]):
        code = values[coarse[3 * number]]
        group = coarse[3 * number + 2] + values[behind + number]
        for place in range(3 * np.int64(starts[group]), 3 * np.int64(starts[group + 1]), 3):
            bit = doubts[place]
            # No branch: it would be mispredicted half of the time.
            killed = np.uint64((doubts[place + 1] <= code) & (code <= doubts[place + 2]))
            alive[bit >> 6] &= ~(killed << np.uint64(bit & 63))
