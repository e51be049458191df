"""The flat part of an index: which gates get bits, in which order, and the rows that are ANDed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.clusters import MOST_DIMENSIONS, clustered
from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s
from fasttwitch.kernels.point.index import FlatPart
from fasttwitch.kernels.point.literals import INTS, SHORTS, Facts
from fasttwitch.kernels.point.ragged import elements_of, starts_of

LINE = 512  # gates
LINE_WORDS = 8
STRIP_LINES = 64

# What else a kill's time is enough for: to AND a line of a row, of 64 bytes, and to look for the kills of a dimension.
LINE_KILLS = 0.6
LIST_KILLS = 4.0

# Roots, after the inner gates: what wires can kill stands together, and so do the positive ones.
SECTIONS = ((1, True), (0, True), (0, False), (1, False))  # (inverted, has wires)

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Which gate each bit stands for.

    gates     int32[bits]: -1 where no gate is
    rows      int32[bits]: row of answers, -1 for inner gates
    levels    int64[levels + 1]: words where levels of inner gates begin
    sections  words where these begin: inverted rows with wires, positive rows with wires, those without, inverted rows
              without; and the end
    cuts      lines with which strips begin, whatever their number of lines
    """

    gates: Int32s
    rows: Int32s
    levels: Int64s
    sections: tuple[int, int, int, int, int]
    cuts: Int64s


def build_flat(gates: Gates, facts: Facts, rows: Int64s) -> FlatPart:
    """Return the flat part for some rows of answers."""
    places = place(gates, facts, rows)
    lines = places.gates.size // LINE
    strips = _cut(places)
    bits, of_bits = _literals_of_bits(gates, places)
    killed = _killed(gates, facts, strips, bits, of_bits)
    operands, table = _rows(gates, places, strips, bits, of_bits, killed)
    kills = _kills(gates, bits[killed], of_bits[killed])
    fan = _fan(gates, places)
    return FlatPart(
        strips, operands, table, *kills, places.levels, *fan, places.sections, places.rows, lines,
        int(np.count_nonzero(places.gates >= 0)),
    )  # fmt: skip


def place(gates: Gates, facts: Facts, rows: Int64s) -> Places:
    """Return the bits of the gates that some rows need."""
    roots = gates.roots[rows]
    inner = _inner(gates, roots >> 1)
    levels = facts.level[inner]
    groups = [inner[levels == level] for level in range(int(levels.max(initial=-1)) + 1)]
    starts = [0]
    cuts = [0]
    bit_gates, bit_rows = [], []

    def add(group: NDArray[np.integer], answers: NDArray[np.integer], unit: int = 64) -> None:
        padding = np.full(-group.size % unit, -1, np.int32)
        bit_gates.append(np.concatenate((group.astype(np.int32), padding)))
        bit_rows.append(np.concatenate((answers.astype(np.int32), padding)))
        starts.append(starts[-1] + (group.size + padding.size) // 64)

    for group in groups:
        add(group, np.full(group.size, -1))
    wired = facts.level[roots >> 1] > 0
    for inverted, has_wires in SECTIONS:
        chosen = np.nonzero(((roots & 1) == inverted) & (wired == has_wires))[0]
        if not has_wires:
            lines = _strip_lines(chosen.size)
            if chosen.size > LINE * lines:
                # From here on a strip each.
                bit_rows[-1] = np.append(bit_rows[-1], np.full(-starts[-1] % LINE_WORDS * 64, -1, np.int32))
                bit_gates[-1] = np.append(bit_gates[-1], np.full(-starts[-1] % LINE_WORDS * 64, -1, np.int32))
                starts[-1] += -starts[-1] % LINE_WORDS
                chosen = chosen[clustered(_masks(gates, roots[chosen] >> 1), LINE * lines)]
                cuts += range(starts[-1] // LINE_WORDS, (starts[-1] * 64 + chosen.size) // LINE, lines)
        add(roots[chosen] >> 1, rows[chosen])
    rest = np.full(-starts[-1] % LINE_WORDS * 64, -1, np.int32)
    return Places(
        np.concatenate((*bit_gates, rest)),
        np.concatenate((*bit_rows, rest)),
        np.array(starts[: len(groups) + 1], np.int64),
        (starts[-5], starts[-4], starts[-3], starts[-2], starts[-1]),
        np.unique(cuts),
    )


def _strip_lines(gates: int) -> int:
    """Return how many lines a strip of clustered gates has.

    Narrow strips read fewer dimensions, wide ones are read faster. Microseconds a customer of 42 attributes (30 codes
    each; 200): 10,000 gates take 1.6 and 1.9 in strips of 1 line, 1.2 and 1.7 of 2, 1.2 and 1.7 of 4, 1.3 and 1.7 of 8;
    100,000 take 15 and 61 of 2 lines, 14 and 43 (33 if fetched ahead) of 8, 14 and 36 of 32, 22 and 40 of 64.
    """
    return 2 if gates < 32_768 else 8


def _killed(gates: Gates, facts: Facts, strips: Int64s, bits: Int64s, literals: Int32s) -> Bools:
    """Return which literals of bits go to kill lists: those of dimensions whose row would cost a strip more."""
    dimensions = gates.cells.size - 1
    own = gates.dimension[literals]
    user = (np.searchsorted(strips[:, 0], bits // LINE, "right") - 1) * dimensions + own
    kills = np.bincount(user, 1.0 - facts.literal_share[literals], minlength=strips.shape[0] * dimensions)
    users = np.bincount(user, minlength=kills.size)
    kills, used = kills.reshape(-1, dimensions), users.reshape(-1, dimensions) > 0
    saved = (strips[:, 1] * LINE_KILLS + 1.0)[:, None] - kills
    better = used & (saved > 0.0)
    better &= np.where(better, saved, 0.0).sum(0) > LIST_KILLS
    chosen: Bools = better.ravel()[user]
    return chosen


def _masks(gates: Gates, chosen: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Return which dimensions some gates read, of those that most of them do a bit each."""
    elements, begins = elements_of(gates.gate_literals, chosen.astype(np.int64))
    dimension = gates.dimension[gates.literals[elements]]
    users = np.bincount(dimension, minlength=gates.cells.size - 1)
    bit = np.zeros(users.size, np.uint64)
    most = np.argsort(-users, kind="stable")[:MOST_DIMENSIONS]
    bit[most] = np.uint64(1) << np.arange(most.size, dtype=np.uint64)
    masks = np.zeros(chosen.size, np.uint64)
    np.bitwise_or.at(masks, np.repeat(np.arange(chosen.size), np.diff(begins)), bit[dimension])
    return masks


def _cut(places: Places) -> Int64s:
    """Return the strips, int64[strips, 4], still without operands: none goes across a cut or has too many lines."""
    lines = places.gates.size // LINE
    bounds = np.append(places.cuts, lines)
    parts = [
        (line, min(STRIP_LINES, end - line), 0, 0)
        for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        for line in range(begin, end, STRIP_LINES)
    ]
    return np.array(parts, np.int64).reshape(-1, 4)


def _inner(gates: Gates, roots: NDArray[np.integer]) -> Int64s:
    """Return the gates, ascending, below some roots."""
    needed = np.zeros(gates.gate_wires.size - 1, np.bool_)
    wired = np.zeros(needed.size, np.bool_)
    needed[roots] = True
    mark_inner(gates.gate_wires, gates.wires, needed, wired)
    return np.nonzero(wired)[0]


@kernel(types.void(INTS, SHORTS, types.boolean[::1], types.boolean[::1]))
def mark_inner(gate_wires: Any, wires: Any, needed: Any, wired: Any) -> None:
    """Mark the gates that wires of needed gates name, and wires of those."""
    for gate in range(needed.size - 1, -1, -1):
        if needed[gate] or wired[gate]:
            for place in range(gate_wires[gate], gate_wires[gate + 1]):
                wired[wires[place]] = True


def _literals_of_bits(gates: Gates, places: Places) -> tuple[Int64s, Int32s]:
    """Return for each literal of each bit the bit and the literal, by bits."""
    bits = np.nonzero(places.gates >= 0)[0]
    elements, begins = elements_of(gates.gate_literals, places.gates[bits].astype(np.int64))
    return np.repeat(bits, np.diff(begins)), gates.literals[elements]


def _rows(
    gates: Gates, places: Places, strips: Int64s, bits: Int64s, literals: Int32s, killed: Bools
) -> tuple[Int32s, NDArray[np.uint64]]:
    """Set the operands of strips; return them and the rows, all but those of killed literals."""
    dimensions = gates.cells.size - 1
    sizes = np.diff(gates.cells)
    kept = np.nonzero(~killed)[0]
    strip_of = np.searchsorted(strips[:, 0], bits[kept] // LINE, "right") - 1
    used = np.zeros((strips.shape[0], dimensions + 1), np.bool_)
    used[strip_of, gates.dimension[literals[kept]]] = True
    dead = _dead_words(places)
    for number, (first, lines, _, _) in enumerate(strips.tolist()):
        used[number, dimensions] = dead[first * LINE_WORDS : (first + lines) * LINE_WORDS].any()
    strip, dimension = np.nonzero(used)
    lines_of = np.append(sizes, 1)[dimension] * strips[strip, 1]
    begins = starts_of(lines_of)
    strips[:, 2:] = np.searchsorted(strip, np.stack((np.arange(strips.shape[0]), np.arange(strips.shape[0]) + 1), 1))
    operands = np.stack((dimension, begins[:-1]), 1).astype(np.int32)
    table = np.zeros((int(begins[-1]), LINE_WORDS), np.uint64)
    line_literals = np.searchsorted(bits[kept], np.arange(places.gates.size // LINE + 1) * LINE)
    toggles = np.zeros((int(gates.cells[-1]) + 1, LINE_WORDS), np.uint64)
    fill_rows(
        strips, np.ascontiguousarray(operands), gates.cells, line_literals, bits[kept], literals[kept],
        gates.dimension, gates.literal_runs, gates.runs, dead, toggles, table,
    )  # fmt: skip
    return np.ascontiguousarray(operands), table


def _dead_words(places: Places) -> NDArray[np.uint64]:
    """Return words with a 1 for each bit that must never live: padding, but not among inverted rows."""
    dead = places.gates < 0
    dead[64 * places.sections[0] : 64 * places.sections[1]] = False
    dead[64 * places.sections[3] :] = False
    return np.packbits(dead, bitorder="little").view(np.uint64)


_WORDS, _TABLE = types.Array(types.uint64, 1, "C", readonly=True), types.uint64[:, ::1]


@kernel(
    types.void(
        types.int64[:, ::1], types.int32[:, ::1], INTS, INTS, INTS, SHORTS, SHORTS, INTS,
        types.Array(types.int32, 2, "C", readonly=True), _WORDS, _TABLE, _TABLE,
    )
)  # fmt: skip
def fill_rows(
    strips: Any, operands: Any, cells: Any, line_literals: Any, bits: Any, literals: Any,
    dimension: Any, literal_runs: Any, runs: Any, dead: Any, toggles: Any, table: Any,
) -> None:  # fmt: skip
    """Write all rows, line by line: where codes enter and leave a literal is toggled, sums over codes are rows.

    toggles  uint64[cells + 1, 8] of zeros; zeros again at the end
    """
    dimensions = cells.size - 1
    one = np.uint64(1)
    outside = np.zeros((dimensions, 8), np.uint64)
    for strip in range(strips.shape[0]):
        first, lines, begin, end = strips[strip]
        for line in range(first, first + lines):
            outside[:] = 0
            for place in range(line_literals[line], line_literals[line + 1]):
                literal = literals[place]
                own = dimension[literal]
                word = (bits[place] >> 6) & 7
                bit = one << np.uint64(bits[place] & 63)
                outside[own, word] |= bit
                for run in range(literal_runs[literal], literal_runs[literal + 1]):
                    toggles[cells[own] + runs[run, 0], word] ^= bit
                    if cells[own] + runs[run, 1] + 1 < cells[own + 1]:
                        toggles[cells[own] + runs[run, 1] + 1, word] ^= bit
            for operand in range(begin, end):
                own = operands[operand, 0]
                row = operands[operand, 1] + line - first
                if own == dimensions:
                    for word in range(8):
                        table[row, word] = ~dead[8 * line + word]
                else:
                    for cell in range(cells[own], cells[own + 1]):
                        for word in range(8):
                            outside[own, word] ^= toggles[cell, word]
                            toggles[cell, word] = 0
                            table[row, word] = ~outside[own, word]
                        row += lines


def _kills(gates: Gates, bits: Int64s, literals: Int32s) -> tuple[Int32s, Int32s, Int32s]:
    """Return dimensions, starts and bits of the kill lists of some literals of bits."""
    dimensions = np.unique(gates.dimension[literals])
    sizes = np.diff(gates.cells)[dimensions]
    first = starts_of(sizes)
    lists = np.stack((dimensions, first[:-1]), 1).astype(np.int32)
    begin_of = np.zeros(gates.cells.size - 1, np.int64)
    begin_of[dimensions] = first[:-1]
    counts = np.zeros(int(first[-1]) + 1, np.int64)
    kill_bits = np.zeros(0, np.int32)
    for filling in (False, True):
        if filling:
            counts = starts_of(counts[:-1])
            kill_bits = np.zeros(int(counts[-1]), np.int32)
        list_kills(
            bits, literals, gates.dimension, gates.literal_runs, gates.runs, gates.cells, begin_of,
            counts if not filling else counts.copy(), kill_bits, filling,
        )  # fmt: skip
    return np.ascontiguousarray(lists), counts.astype(np.int32), kill_bits


@kernel(
    types.void(
        INTS, SHORTS, SHORTS, INTS, types.Array(types.int32, 2, "C", readonly=True), INTS, INTS,
        types.int64[::1], types.int32[::1], types.boolean,
    )
)  # fmt: skip
def list_kills(
    bits: Any, literals: Any, dimension: Any, literal_runs: Any, runs: Any, cells: Any, begin_of: Any,
    counts: Any, kill_bits: Any, filling: bool,
) -> None:  # fmt: skip
    """Count, for each code, the bits whose literals lack it; or write them, `counts` being where to begin."""
    for place in range(bits.size):
        literal = literals[place]
        own = dimension[literal]
        code: Any = 0
        for run in range(literal_runs[literal], literal_runs[literal + 1] + 1):
            is_gap_last = run == literal_runs[literal + 1]
            end = cells[own + 1] - cells[own] if is_gap_last else np.int64(runs[run, 0])
            while code < end:
                at = begin_of[own] + code
                if filling:
                    kill_bits[counts[at]] = bits[place]
                counts[at] += 1
                code += 1
            if not is_gap_last:
                code = np.int64(runs[run, 1]) + 1


def _fan(gates: Gates, places: Places) -> tuple[Int32s, Int32s]:
    """Return where bits begin that each inner bit kills, and these, counted from the first that has wires."""
    inner = int(places.levels[-1]) * 64
    bit_of = np.full(gates.gate_wires.size - 1, -1, np.int64)
    filled = np.nonzero(places.gates[:inner] >= 0)[0]
    bit_of[places.gates[filled]] = filled
    bits = np.nonzero(places.gates >= 0)[0]
    elements, begins = elements_of(gates.gate_wires, places.gates[bits].astype(np.int64))
    targets = np.repeat(bits, np.diff(begins))
    sources = bit_of[gates.wires[elements]]
    order = np.argsort(sources, kind="stable")
    targets -= 64 * _first_wired(places)
    return starts_of(np.bincount(sources, minlength=inner)).astype(np.int32), targets[order].astype(np.int32)


def _first_wired(places: Places) -> int:
    """Return the first word of gates that have wires."""
    return int(places.levels[1] if places.levels.size > 1 else places.sections[0])
