"""From a changed code up to the gates that it may touch: the tables for what one change does to all rules.

Which gates a change from one code to another touches is looked up in two ways, whichever is shorter for a literal:
under each code that the literal treats as an exception (it has few codes, or lacks few), or under the *edges* between
codes where it begins or ends, of which a small step passes few. What a gate asks stands in one cache line, mostly.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.heads import lay_out_scratch, point_at
from fasttwitch.kernels.point.ragged import elements_of, owners_of, starts_of

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Fields of the head, the int64 table that kernels are given.
(
    FLIP_DIMENSIONS,
    FLIP_CELLS,
    FLIP_EXCEPTION_STARTS,
    FLIP_EXCEPTIONS,
    FLIP_EDGE_STARTS,
    FLIP_EDGES,
    FLIP_LINES,
    FLIP_MORE_STARTS,
    FLIP_MORE,
    FLIP_RUNS,
    FLIP_GATE_WIRES,
    FLIP_WIRES,
    FLIP_PARENT_STARTS,
    FLIP_PARENTS,
    FLIP_ROW_STARTS,
    FLIP_ROWS,
    FLIP_ROW_COUNT,
    FLIP_SCRATCH_MARKS,  # offsets within scratch
    FLIP_SCRATCH_CURSORS,
    FLIP_SCRATCH_STATES,
    FLIP_SCRATCH_STACK,
    FLIP_FIELDS,
) = range(22)

# An exception is found twice in a step (once under each code), an edge once for each that is passed.
FEW_CODES = 4

# --- a gate's line: uint16[32]
LINE_TESTS = 8  # that stand in it: dimension, first code, last code of a literal of one run
LINE_COUNT = 0
LINE_FLAGS = 1
LINE_FIRST = 4
LINE_HALVES = 32
TIED = 1  # it has wires, or others have wires to it
HAS_MORE = 2  # it has literals that do not stand in its line
NARROW = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class FlipIndex:
    """What `find_flips` reads: immutable, so any number of threads may.

    cells             int64[dimensions + 1]: as `Gates.cells`
    exception_starts  int64[cells + 1]: where those begin, in `exceptions`, with a literal to which a code is one
    exceptions        int32: gates
    edge_starts       int64[cells + 1]: where those begin, in `edges`, with a literal that begins or ends at a code
    edges             int32: gates
    lines             uint16[gates, 32]: what each gate asks, 64 bytes
    more_starts       int64[gates + 1]: where each gate's other literals begin
    more              int32[n, 3]: dimension, begin and end of the runs
    runs              int32[runs, 2]: first and last code
    gate_wires, wires  as `Gates`
    parent_starts     int64[gates + 1]: where the gates begin that have a wire to each
    parents           int32: gates
    row_starts        int64[gates + 1]: where the rows of answers of each gate begin
    rows              int32: 2 * row + inverted
    scratch_bytes     of each thread, zeroed before its first use
    """

    cells: Int64s
    exception_starts: Int64s
    exceptions: Int32s
    edge_starts: Int64s
    edges: Int32s
    lines: NDArray[np.uint16]
    more_starts: Int64s
    more: Int32s
    runs: Int32s
    gate_wires: Int64s
    wires: Int32s
    parent_starts: Int64s
    parents: Int32s
    row_starts: Int64s
    rows: Int32s
    scratch_bytes: int
    _head: Int64s = field(repr=False)

    @property
    def address(self) -> int:
        """Return the address of the head, for kernels; the index must outlive its use."""
        return int(self._head.ctypes.data)

    @property
    def nbytes(self) -> int:
        """Return the bytes of all arrays."""
        values = (getattr(self, name) for name in self.__slots__)
        return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


def build_flips(gates: Gates) -> FlipIndex:
    """Return the index of some gates."""
    count = gates.gate_literals.size - 1
    exceptions, edges = _occasions(gates)
    lines, more_starts, more = _lines(gates)
    parent_starts, parents = _grouped(gates.wires, owners_of(gates.gate_wires), count)
    row_starts, rows = _grouped(gates.roots >> 1, 2 * np.arange(gates.roots.size) + (gates.roots & 1), count)
    head = np.zeros(FLIP_FIELDS, np.int64)
    rooms = (
        (FLIP_SCRATCH_MARKS, 8 * (count + 1)),  # and before the first mark how many calls there were
        (FLIP_SCRATCH_CURSORS, 4 * count),
        (FLIP_SCRATCH_STATES, count),
        (FLIP_SCRATCH_STACK, 4 * (gates.wires.size + count + 8)),
    )
    scratch_bytes = lay_out_scratch(head, rooms)
    index = FlipIndex(
        gates.cells, *exceptions, *edges, lines, more_starts, more, np.ascontiguousarray(gates.runs),
        gates.gate_wires, gates.wires, parent_starts, parents, row_starts, rows, scratch_bytes, head,
    )  # fmt: skip
    head[FLIP_DIMENSIONS], head[FLIP_ROW_COUNT] = gates.cells.size - 1, gates.roots.size
    arrays = (
        (FLIP_CELLS, index.cells),
        (FLIP_EXCEPTION_STARTS, index.exception_starts),
        (FLIP_EXCEPTIONS, index.exceptions),
        (FLIP_EDGE_STARTS, index.edge_starts),
        (FLIP_EDGES, index.edges),
        (FLIP_LINES, index.lines),
        (FLIP_MORE_STARTS, index.more_starts),
        (FLIP_MORE, index.more),
        (FLIP_RUNS, index.runs),
        (FLIP_GATE_WIRES, index.gate_wires),
        (FLIP_WIRES, index.wires),
        (FLIP_PARENT_STARTS, index.parent_starts),
        (FLIP_PARENTS, index.parents),
        (FLIP_ROW_STARTS, index.row_starts),
        (FLIP_ROWS, index.rows),
    )
    point_at(head, arrays)
    return index


def _lines(gates: Gates) -> tuple[NDArray[np.uint16], Int64s, Int32s]:
    """Return each gate's line, where its other literals begin, and those."""
    count = gates.gate_literals.size - 1
    room = np.zeros(64 * count + 64, np.uint8)
    skip = -room.ctypes.data % 64
    lines = room[skip : skip + 64 * count].view(np.uint16).reshape(count, LINE_HALVES)
    begins, ends = gates.literal_runs[:-1], gates.literal_runs[1:]
    sizes = np.diff(gates.cells)
    fits = (ends - begins == 1) & (sizes[gates.dimension] <= NARROW) & (gates.dimension < NARROW)
    literals = gates.literals.astype(np.int64)
    owner = owners_of(gates.gate_literals)
    inside = fits[literals]
    before = np.concatenate(([0], np.cumsum(inside)))
    place = before[:-1] - before[gates.gate_literals[:-1]][owner]  # among those of the gate that fit
    inside &= place < LINE_TESTS
    own, at = literals[inside], LINE_FIRST + 3 * place[inside]
    run = gates.runs[begins[own]]
    for offset, values in enumerate((gates.dimension[own], run[:, 0], run[:, 1])):
        lines[owner[inside], at + offset] = values
    lines[:, LINE_COUNT] = np.bincount(owner[inside], minlength=count)
    other = literals[~inside]
    more_counts = np.bincount(owner[~inside], minlength=count)
    tied = np.diff(gates.gate_wires) > 0
    tied[gates.wires] = True
    lines[:, LINE_FLAGS] = TIED * tied + HAS_MORE * (more_counts > 0)
    more = np.stack((gates.dimension[other], begins[other], ends[other]), 1).astype(np.int32)
    return lines, starts_of(more_counts), np.ascontiguousarray(more)


def _occasions(gates: Gates) -> tuple[tuple[Int64s, Int32s], tuple[Int64s, Int32s]]:
    """Return gates under the codes that are exceptions to a literal of theirs, and at the edges of others."""
    owner = owners_of(gates.literal_runs)
    first, last = gates.runs[:, 0].astype(np.int64), gates.runs[:, 1].astype(np.int64)
    base = gates.cells[gates.dimension]
    sizes = gates.cells[gates.dimension + 1] - base
    codes = np.bincount(owner, last - first + 1, gates.dimension.size).astype(np.int64)
    inner = last < sizes[owner] - 1
    edge_counts = np.bincount(owner, (first > 0) * 1 + inner, gates.dimension.size)
    has_few, lacks_few = codes <= FEW_CODES, sizes - codes <= FEW_CODES
    by_code = (has_few | lacks_few) & (edge_counts > 1)  # a single edge is found by those alone who pass it

    had = by_code[owner] & has_few[owner]
    lacks = by_code & ~has_few
    # Gaps of a literal that lacks few: before each of its runs, back to the last one, and after its last.
    gap = lacks[owner]
    previous = np.concatenate(([-1], last[:-1]))
    previous[gates.literal_runs[:-1][np.diff(gates.literal_runs) > 0]] = -1
    tails = np.nonzero(lacks)[0]
    ends = last[gates.literal_runs[tails + 1] - 1]
    exceptions = _spread(
        np.concatenate((base[owner[had]] + first[had], base[owner[gap]] + previous[gap] + 1, base[tails] + ends + 1)),
        np.concatenate((last[had] - first[had] + 1, first[gap] - previous[gap] - 1, sizes[tails] - ends - 1)),
        np.concatenate((owner[had], owner[gap], tails)),
    )
    passed = ~by_code[owner]
    begins, ends_at = passed & (first > 0), passed & inner
    edges = (
        np.concatenate((base[owner[begins]] + first[begins], base[owner[ends_at]] + last[ends_at] + 1)),
        np.concatenate((owner[begins], owner[ends_at])),
    )
    readers = _grouped(gates.literals, owners_of(gates.gate_literals), gates.dimension.size)
    cells = int(gates.cells[-1])
    return _gates_by_cell(*exceptions, readers, cells), _gates_by_cell(*edges, readers, cells)


def _gates_by_cell(
    cells: Int64s, literals: Int64s, readers: tuple[Int64s, Int32s], count: int
) -> tuple[Int64s, Int32s]:
    """Return where the gates of each of `count` cells begin, and these, given the cells of literals."""
    starts, gates = readers
    places, begins = elements_of(starts, literals)
    return _grouped(np.repeat(cells, np.diff(begins)), gates[places], count)


def _spread(begins: Int64s, counts: Int64s, owners: Int64s) -> tuple[Int64s, Int64s]:
    """Return the cells of ranges, one range after the other, and the owner of each cell."""
    starts = starts_of(counts)
    return np.arange(starts[-1]) + np.repeat(begins - starts[:-1], counts), np.repeat(owners, counts)


def _grouped(keys: NDArray[np.integer], values: NDArray[np.integer], count: int) -> tuple[Int64s, Int32s]:
    """Return where the values of each of `count` keys begin, and the values by key."""
    order = np.argsort(keys, kind="stable")
    return starts_of(np.bincount(keys, minlength=count)), values[order].astype(np.int32)
