"""Which gate each bit of the flat part stands for.

First come inner gates, those farthest below the rows first, so that whatever a wire names stands before the gate that
has the wire. Then come roots, in four sections. Gates at one distance stand in the order of the gates above them, 64 of
these at a time, first children before second ones: then the children of a word of gates are a few runs of bits.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.clusters import MOST_DIMENSIONS, clustered
from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s
from fasttwitch.kernels.point.literals import INTS, SHORTS, Facts
from fasttwitch.kernels.point.ragged import elements_of, starts_of

LINE = 512  # gates
LINE_WORDS = 8

# Roots: what wires can kill stands together, and so do those that are not inverted.
SECTIONS = ((1, True), (0, True), (0, False), (1, False))  # (inverted, has wires)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Which gate each bit stands for.

    gates     int32[bits]: -1 where no gate is
    rows      int32[bits]: row of answers, -1 for inner gates
    wired     first word of gates with wires
    sections  words where these begin: inverted rows with wires, positive rows with wires, those without, inverted rows
              without; and the end
    cuts      lines with which strips begin, whatever their number of lines
    """

    gates: Int32s
    rows: Int32s
    wired: int
    sections: tuple[int, int, int, int, int]
    cuts: Int64s


def place_gates(gates: Gates, facts: Facts, rows: Int64s) -> Places:
    """Return the bits of the gates that some rows need."""
    parts: list[tuple[Int64s, Int64s]] = []  # gates and rows, with padding
    for inverted, has_wires in SECTIONS[:2]:
        chosen = rows[_in_section(gates, facts, rows, inverted, has_wires)]
        parts.append(_padded(gates.roots[chosen] >> 1, chosen, 64))
    above = np.concatenate([part for part, _ in parts])
    inner = _inner(gates, gates.roots[rows] >> 1, above)
    parts = [(part, np.full(part.size, -1)) for part in inner[::-1]] + parts
    cuts = [0]
    for inverted, has_wires in SECTIONS[2:]:
        chosen = rows[_in_section(gates, facts, rows, inverted, has_wires)]
        lines = _strip_lines(chosen.size)
        if chosen.size > LINE * lines:
            parts[-1] = _padded(*parts[-1], LINE, sum(part.size for part, _ in parts[:-1]))  # on from here, strips
            begin = sum(part.size for part, _ in parts) // LINE
            chosen = chosen[clustered(_masks(gates, gates.roots[chosen] >> 1), LINE * lines)]
            cuts += range(begin, begin - (-chosen.size // LINE), lines)
        parts.append(_padded(gates.roots[chosen] >> 1, chosen, 64))
    starts = (starts_of(np.array([part.size for part, _ in parts])) // 64).tolist()
    parts.append(_padded(np.zeros(0, np.int64), np.zeros(0, np.int64), LINE, 64 * starts[-1]))
    return Places(
        np.concatenate([part for part, _ in parts]).astype(np.int32),
        np.concatenate([part for _, part in parts]).astype(np.int32),
        starts[1] if inner else 0,
        (starts[-5], starts[-4], starts[-3], starts[-2], starts[-1]),
        np.unique(cuts),
    )


def _in_section(gates: Gates, facts: Facts, rows: Int64s, inverted: int, has_wires: bool) -> NDArray[np.bool_]:
    roots = gates.roots[rows]
    chosen: NDArray[np.bool_] = ((roots & 1) == inverted) & ((facts.level[roots >> 1] > 0) == has_wires)
    return chosen


def _padded(gates: NDArray[np.integer], rows: NDArray[np.integer], unit: int, before: int = 0) -> tuple[Int64s, Int64s]:
    """Return both with as many times -1 behind that the next bit has a number, after `before`, divisible by `unit`."""
    padding = np.full(-(before + gates.size) % unit, -1)
    return np.concatenate((gates.astype(np.int64), padding)), np.concatenate((rows.astype(np.int64), padding))


def _inner(gates: Gates, roots: NDArray[np.integer], above: Int64s) -> list[Int64s]:
    """Return the gates below roots, each with padding, at each distance from 1 on; `above` has the roots with wires."""
    distance = np.zeros(gates.gate_wires.size - 1, np.int32)
    is_root = np.zeros(distance.size, np.bool_)
    is_root[roots] = True
    measure_distances(gates.gate_wires, gates.wires, is_root, distance)
    parts: list[Int64s] = []
    for number in range(1, int(distance.max(initial=0)) + 1):
        bits = np.nonzero(above >= 0)[0]
        places, begins = elements_of(gates.gate_wires, above[bits])
        parents, children = np.repeat(bits, np.diff(begins)), gates.wires[places]
        here = distance[children] == number
        parents, children = parents[here], children[here].astype(np.int64)
        _, first = np.unique(children, return_index=True)  # a child goes with the first gate that names it
        first.sort()
        parents, children = parents[first], children[first]
        rank = np.arange(parents.size) - np.searchsorted(parents, parents)
        order = np.lexsort((parents, rank, parents >> 6))
        above, _ = _padded(children[order], children[order], 64)
        parts.append(above)
    return parts


@kernel(types.void(INTS, SHORTS, types.boolean[::1], types.int32[::1]))
def measure_distances(gate_wires: Any, wires: Any, is_root: Any, distance: Any) -> None:
    """Set how many wires, at most, lie between a gate and a root above it; 0 for gates that no wire leads to."""
    for gate in range(is_root.size - 1, -1, -1):
        if is_root[gate] or distance[gate] > 0:
            for place in range(gate_wires[gate], gate_wires[gate + 1]):
                distance[wires[place]] = max(distance[wires[place]], distance[gate] + 1)


def _strip_lines(gates: int) -> int:
    """Return how many lines a strip of clustered gates has.

    Narrow strips read fewer dimensions, wide ones are read faster. Microseconds a customer of 42 attributes (30 codes
    each; 200): 10,000 gates take 1.6 and 1.9 in strips of 1 line, 1.2 and 1.7 of 2, 1.2 and 1.7 of 4, 1.3 and 1.7 of 8;
    100,000 take 15 and 61 of 2 lines, 14 and 43 (33 if fetched ahead) of 8, 14 and 36 of 32, 22 and 40 of 64.
    """
    return 2 if gates < 32_768 else 8


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
