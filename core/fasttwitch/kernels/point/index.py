"""The index of the point evaluator: a table of addresses over arrays that it owns."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.heads import lay_out_scratch, point_at

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Words = NDArray[np.uint64]

# Fields of the head, the int64 table that kernels are given.
(
    DIMENSIONS,
    FETCHES,  # 1 if rows are asked for ahead
    MOST_IDS,  # room that a customer's row numbers may take
    LINES,  # of 512 gates each, in the flat part
    STRIPS,
    STRIP_COUNT,
    OPERANDS,
    ROWS_TABLE,
    KILL_DIMENSIONS,
    KILL_COUNT,
    KILL_STARTS,
    KILL_BITS,
    COARSE,
    COARSE_COUNT,
    GROUPS,
    DOUBT_STARTS,
    DOUBTS,
    PULL_STARTS,
    PULLS,
    PUSHING,
    PUSH_COUNT,
    FAN_STARTS,
    FAN_BITS,
    WIRED_BEGIN,  # words whose gates have wires: inner ones, then roots from WIRED_ROOTS on
    WIRED_ROOTS,
    WIRED_POSITIVE,  # of roots, the first that are not inverted
    WIRED_END,
    INVERTED_BEGIN,  # words of inverted roots without wires, which are the last
    INVERTED_END,
    BIT_ROWS,
    LIST_DIMENSIONS,
    LIST_COUNT,
    LIST_STARTS,
    LISTED_SLOTS,
    LISTED_FIRSTS,
    LISTED_SPANS,
    LISTED_IDS,
    SLOT_SOURCES,
    SLOT_COUNT,
    EXCEPTIONS,
    MORE_LANES,
    EXACT_GATES,
    EXACT_LITERALS,
    EXACT_RUNS,
    EXACT_WIRES,
    SCRATCH_CODES,  # offsets within scratch
    SCRATCH_BYTES_OF_CODES,
    SCRATCH_POINTERS,
    SCRATCH_ALIVE,
    SCRATCH_KILLED,
    SCRATCH_FOUND,
    SCRATCH_STACK,
    HEAD_FIELDS,
) = range(53)

# From so many bytes of rows on, those of the next strip are asked for while one is ANDed. 100,000 rules of 200 codes,
# in memory: 33 us in place of 42; 10,000 (6 MiB, third-level cache) no difference; in the second level a fifth lost.
FETCHES_FROM = 8 << 20
SCRIBBLE_IDS = 64  # written behind the last row number


@dataclass(frozen=True, slots=True, eq=False)
class FlatPart:
    """Gates as bits: for each dimension and code, which gates that code leaves alive.

    Bits are numbered by place: inner gates, then roots (gates with rows of answers) in four sections; see `places`. A
    line is 512 bits; a strip some lines, and for each dimension that its gates read a row of as many lines for each
    code.

    strips           int64[strips, 4]: first line, lines, begin and end of its operands
    operands         int32[operands, 2]: dimension (`dimensions` for what every customer ANDs, those above for groups of
                     the codes of coarse dimensions), first line in `rows`
    rows             uint64: what is ANDed
    kill_dimensions  int32[n, 2]: dimension, place in kill_starts of its code 0
    kill_starts      int32: where each code's bits begin in `kill_bits`, which that code clears
    coarse           int32[n, 3]: dimension with rows for groups of codes, places in `groups` of its code 0 and in
                     `doubt_starts` of its group 0
    groups           int32: group of each code
    doubt_starts     int32: where each group's doubts begin in `doubts`
    doubts           int32[n, 3]: a bit, first and last code of the group that clear it
    wired            first word of gates with wires
    pull_starts      int32[words with wires + 1]: where each one's entries begin
    pulls            int64[n, 2]: bit of a child, mask of the gates that it and those after it kill, one each
    pushing          uint64[inner words]: 1 for gates whose wires are followed one by one
    fan_starts       int32[inner bits + 1]: where bits begin, in `fan_bits`, that such a gate kills; these count from
                     the first that has wires
    fan_bits         int32
    sections         words where these begin: inverted roots with wires, positive roots with wires, those without,
                     inverted roots without; and the end
    bit_rows         int32[bits]: row of answers; 0 for bits that are no rows, so that nothing but rows is ever written
    lines            how many
    gates            how many bits stand for gates
    """

    strips: Int64s
    operands: Int32s
    rows: Words
    kill_dimensions: Int32s
    kill_starts: Int32s
    kill_bits: Int32s
    coarse: Int32s
    groups: Int32s
    doubt_starts: Int32s
    doubts: Int32s
    wired: int
    pull_starts: Int32s
    pulls: Int64s
    pushing: Words
    fan_starts: Int32s
    fan_bits: Int32s
    sections: tuple[int, int, int, int, int]
    bit_rows: Int32s
    lines: int
    gates: int


@dataclass(frozen=True, slots=True, eq=False)
class ListPart:
    """Clauses under the codes of their most selective literal, eight lanes each.

    dimensions  int32[n, 2]: dimension, place in `starts` of its code 0
    starts      int32: first place of each code
    lanes       uint8[3, places + 8, 8]: slots, first bytes, spans; a clause passes if each of its lanes has
                byte(slot) - first <= span, modulo 256
    ids         int32[places]: row of answers, or -1 - place among `exceptions`
    slots       int32[n]: 2 * dimension + 1 if it is the high byte of the code
    exceptions  int32[n, 4]: row, gate (of the exact part) that must live too or -1, begin and end of lanes in `more`
    more        uint8[n, 3]: slot, first byte, span of lanes beyond the eighth
    clauses     how many
    most        clauses under the codes of a customer, at most
    """

    dimensions: Int32s
    starts: Int32s
    lanes: NDArray[np.uint8]
    ids: Int32s
    slots: Int32s
    exceptions: Int32s
    more: NDArray[np.uint8]
    clauses: int
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class ExactPart:
    """Gates that are evaluated one by one.

    gates     int32[gates + 1, 2]: where literals and wires begin
    literals  int32[literals, 3]: dimension, begin and end of its runs
    runs      int32[runs, 2]: first and last code
    wires     int32: numbers of gates of this part
    """

    gates: Int32s
    literals: Int32s
    runs: Int32s
    wires: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What `match` reads: immutable, so any number of threads may.

    rows           rows of answers
    dimensions     codes of a customer
    most_ids       how many row numbers `match` may write, room that it only scribbles on included
    scratch_bytes  of each thread, from an address that is a multiple of 64
    """

    rows: int
    dimensions: int
    flat: FlatPart
    listed: ListPart
    exact: ExactPart
    most_ids: int
    scratch_bytes: int
    _head: Int64s = field(repr=False)

    @property
    def address(self) -> int:
        """Return the address of the head, for kernels; the index must outlive its use."""
        return int(self._head.ctypes.data)

    @property
    def nbytes(self) -> int:
        """Return the bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """Return all arrays, those of each part in the order of its fields."""
        parts = (self.flat, self.listed, self.exact)
        values = (getattr(part, name) for part in parts for name in part.__slots__)
        return tuple(value for value in values if isinstance(value, np.ndarray))

    def __reduce__(self) -> tuple[object, ...]:
        """Return what pickles this: the parts; addresses are taken anew."""
        return assemble, (self.rows, self.dimensions, self.flat, self.listed, self.exact)

    def describe(self) -> str:
        """Return how many gates live where, in a line."""
        listed = self.listed
        return (
            f"{self.flat.gates} flat gates in {self.flat.strips.shape[0]} strips of {self.flat.operands.shape[0]} rows,"
            f" {self.flat.kill_bits.size} kills, {self.flat.doubts.shape[0]} doubts;"
            f" {listed.clauses} listed clauses in {listed.ids.size} places,"
            f" {listed.exceptions.shape[0]} of them exceptions; {self.exact.gates.shape[0] - 1} exact gates;"
            f" {self.nbytes} bytes"
        )


def assemble(rows: int, dimensions: int, flat: FlatPart, listed: ListPart, exact: ExactPart) -> Index:
    """Return the index of some parts."""
    head = np.zeros(HEAD_FIELDS, np.int64)
    most_operands = int((flat.strips[:, 3] - flat.strips[:, 2]).max(initial=0))
    rooms = (
        (SCRATCH_CODES, 4 * (dimensions + 1 + flat.coarse.shape[0])),
        (SCRATCH_BYTES_OF_CODES, 128),
        (SCRATCH_POINTERS, 8 * max(most_operands, 2 * listed.dimensions.shape[0] + 2)),
        (SCRATCH_ALIVE, 64 * flat.lines),
        (SCRATCH_KILLED, 64 * (flat.sections[2] - flat.wired)),
        (SCRATCH_FOUND, 8 * (listed.most // 8 + 2 * listed.dimensions.shape[0]) + 64),
        (SCRATCH_STACK, 1024),
    )
    scratch_bytes = lay_out_scratch(head, rooms)
    head[FETCHES] = flat.rows.nbytes >= FETCHES_FROM
    head[DIMENSIONS], head[LINES] = dimensions, flat.lines
    arrays = (
        (STRIPS, flat.strips),
        (OPERANDS, flat.operands),
        (ROWS_TABLE, flat.rows),
        (KILL_DIMENSIONS, flat.kill_dimensions),
        (KILL_STARTS, flat.kill_starts),
        (KILL_BITS, flat.kill_bits),
        (COARSE, flat.coarse),
        (GROUPS, flat.groups),
        (DOUBT_STARTS, flat.doubt_starts),
        (DOUBTS, flat.doubts),
        (PULL_STARTS, flat.pull_starts),
        (PULLS, flat.pulls),
        (PUSHING, flat.pushing),
        (FAN_STARTS, flat.fan_starts),
        (FAN_BITS, flat.fan_bits),
        (BIT_ROWS, flat.bit_rows),
        (LIST_DIMENSIONS, listed.dimensions),
        (LIST_STARTS, listed.starts),
        (LISTED_SLOTS, listed.lanes[0]),
        (LISTED_FIRSTS, listed.lanes[1]),
        (LISTED_SPANS, listed.lanes[2]),
        (LISTED_IDS, listed.ids),
        (SLOT_SOURCES, listed.slots),
        (EXCEPTIONS, listed.exceptions),
        (MORE_LANES, listed.more),
        (EXACT_GATES, exact.gates),
        (EXACT_LITERALS, exact.literals),
        (EXACT_RUNS, exact.runs),
        (EXACT_WIRES, exact.wires),
    )
    point_at(head, arrays)
    for place, count in (
        (STRIP_COUNT, flat.strips.shape[0]),
        (KILL_COUNT, flat.kill_dimensions.shape[0]),
        (COARSE_COUNT, flat.coarse.shape[0]),
        (PUSH_COUNT, flat.fan_bits.size),
        (LIST_COUNT, listed.dimensions.shape[0]),
        (SLOT_COUNT, listed.slots.size),
        (WIRED_BEGIN, flat.wired),
        (WIRED_ROOTS, flat.sections[0]),
        (WIRED_POSITIVE, flat.sections[1]),
        (WIRED_END, flat.sections[2]),
        (INVERTED_BEGIN, flat.sections[3]),
        (INVERTED_END, flat.sections[4]),
    ):
        head[place] = count
    # All bits that are ever written, those that pad included: whatever rows say, there is room.
    head[MOST_IDS] = 64 * (flat.sections[4] - flat.sections[0]) + listed.most + SCRIBBLE_IDS
    return Index(rows, dimensions, flat, listed, exact, int(head[MOST_IDS]), scratch_bytes, head)
