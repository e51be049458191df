"""The flat part of an index: the rows of bits that are ANDed, and what else kills gates."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.coarse import Grouping, build_doubts, group_codes
from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s
from fasttwitch.kernels.point.index import FlatPart
from fasttwitch.kernels.point.kills import build_kills, choose_killed
from fasttwitch.kernels.point.literals import INTS, SHORTS, Facts
from fasttwitch.kernels.point.places import LINE, LINE_WORDS, Places, place_gates
from fasttwitch.kernels.point.ragged import elements_of, starts_of
from fasttwitch.kernels.point.wires import build_wires

STRIP_LINES = 64

Bools = NDArray[np.bool_]


def build_flat(gates: Gates, facts: Facts, rows: Int64s) -> FlatPart:
    """Return the flat part for some rows of answers."""
    places = place_gates(gates, facts, rows)
    lines = places.gates.size // LINE
    strips = _cut(places)
    bits, of_bits = _literals_of_bits(gates, places)
    killed = choose_killed(gates, facts, strips, bits, of_bits)
    kills = build_kills(gates, bits[killed], of_bits[killed])
    bits, of_bits = bits[~killed], of_bits[~killed]
    used = _used(gates, places, strips, bits, of_bits)
    grouping = group_codes(gates, strips[:, 1] @ used[:, :-1], of_bits)
    operands, table = _rows(grouping, places, strips, used, bits, of_bits)
    doubts = build_doubts(gates, grouping, bits, of_bits)
    pull_starts, pulls, pushing, fan_starts, fan_bits = build_wires(gates, places)
    count = int(np.count_nonzero(places.gates >= 0))
    return FlatPart(
        strips,
        operands,
        table,
        *kills,
        *doubts,
        places.wired,
        pull_starts,
        pulls,
        pushing,
        fan_starts,
        fan_bits,
        places.sections,
        np.maximum(places.rows, 0),
        lines,
        count,
    )


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


def _literals_of_bits(gates: Gates, places: Places) -> tuple[Int64s, Int32s]:
    """Return for each literal of each bit the bit and the literal, by bits."""
    bits = np.nonzero(places.gates >= 0)[0]
    elements, begins = elements_of(gates.gate_literals, places.gates[bits].astype(np.int64))
    return np.repeat(bits, np.diff(begins)), gates.literals[elements]


def _used(gates: Gates, places: Places, strips: Int64s, bits: Int64s, literals: Int32s) -> Bools:
    """Return which dimensions each strip reads, and last whether it has bits that must never live."""
    dimensions = gates.cells.size - 1
    strip_of = np.searchsorted(strips[:, 0], bits // LINE, "right") - 1
    used = np.zeros((strips.shape[0], dimensions + 1), np.bool_)
    used[strip_of, gates.dimension[literals]] = True
    dead = _dead_words(places)
    for number, (first, lines, _, _) in enumerate(strips.tolist()):
        used[number, dimensions] = dead[first * LINE_WORDS : (first + lines) * LINE_WORDS].any()
    return used


def _rows(
    grouping: Grouping, places: Places, strips: Int64s, used: Bools, bits: Int64s, literals: Int32s
) -> tuple[Int32s, NDArray[np.uint64]]:
    """Set the operands of strips; return them and the rows."""
    gates = grouping.gates
    strip, dimension = np.nonzero(used)
    lines_of = np.append(np.diff(gates.cells), 1)[dimension] * strips[strip, 1]
    begins = starts_of(lines_of)
    strips[:, 2:] = np.searchsorted(strip, np.stack((np.arange(strips.shape[0]), np.arange(strips.shape[0]) + 1), 1))
    operands = np.ascontiguousarray(np.stack((dimension, begins[:-1]), 1).astype(np.int32))
    table = np.zeros((int(begins[-1]), LINE_WORDS), np.uint64)
    line_literals = np.searchsorted(bits, np.arange(places.gates.size // LINE + 1) * LINE)
    toggles = np.zeros((int(gates.cells[-1]) + 1, LINE_WORDS), np.uint64)
    fill_rows(
        strips, operands, gates.cells, line_literals, bits, literals,
        gates.dimension, gates.literal_runs, gates.runs, _dead_words(places), toggles, table,
    )  # fmt: skip
    number = np.arange(gates.cells.size)
    number[grouping.dimensions] = gates.cells.size + np.arange(grouping.dimensions.size)
    operands[:, 0] = number[dimension]
    return operands, table


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
