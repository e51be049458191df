"""Whether gates and an index that came from outside are what the kernels of one customer may be given."""

import numpy as np

from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import ExactPart, FlatPart, ListPart
from fasttwitch.kernels.point.lists import AT_ONCE, LANES, SLOTS
from fasttwitch.kernels.point.literals import MOST_TREE, measure_trees
from fasttwitch.kernels.point.places import LINE, LINE_WORDS
from fasttwitch.kernels.point.ragged import owners_of, starts_of
from fasttwitch.kernels.soundness import Integers, require, require_starts, require_within


def check_gates(gates: Gates) -> None:
    """Raise UnsoundError unless an index can be built of gates, and changes be looked for in them."""
    count, literals = gates.gate_literals.size - 1, gates.dimension.size
    sizes = np.diff(gates.cells)
    require(gates.cells.size > 0 and gates.cells[0] == 0 and bool((sizes > 0).all()), "cells")
    require_within(gates.dimension, 0, sizes.size, "dimensions of literals")
    require(gates.literal_runs.size == literals + 1, "runs of literals")
    _check_runs(gates.literal_runs, gates.runs, sizes[gates.dimension], "runs")
    require_starts(gates.gate_literals, gates.literals.size, "literals of gates")
    require_within(gates.literals, 0, literals, "literals")
    reads = np.sort(owners_of(gates.gate_literals) * max(sizes.size, 1) + gates.dimension[gates.literals])
    require(bool((reads[1:] > reads[:-1]).all()), "two literals of one dimension")
    require(gates.gate_wires.size == count + 1, "wires of gates")
    require_starts(gates.gate_wires, gates.wires.size, "wires of gates")
    require_within(gates.wires, 0, count, "wires")
    require(bool((gates.wires < owners_of(gates.gate_wires)).all()), "wires that do not go down")
    require_within(gates.roots, 0, 2 * count, "roots")


def check_index(flat: FlatPart, listed: ListPart, exact: ExactPart, gates: Gates) -> None:
    """Raise UnsoundError unless customers' codes can be matched with the parts of an index of gates that are sound."""
    sizes, rows = np.diff(gates.cells), gates.roots.size
    _check_flat(flat, sizes, rows)
    _check_lists(listed, sizes, rows, exact.gates.shape[0] - 1)
    _check_exact(exact, sizes)


def _check_flat(flat: FlatPart, sizes: Integers, rows: int) -> None:
    bits = LINE * flat.lines
    require(flat.lines >= 0 and flat.bit_rows.size == bits, "bits")
    require_within(flat.bit_rows, 0, rows, "rows of bits")
    _check_strips(flat, _check_coarse(flat, sizes), sizes)
    places = _check_dimensions(flat.kill_dimensions, sizes, "kills")
    require(flat.kill_starts.size == places + 1, "kills")
    require_starts(flat.kill_starts, flat.kill_bits.size, "kills")
    require_within(flat.kill_bits, 0, bits, "kills")
    _check_wires(flat, bits)


def _check_strips(flat: FlatPart, groups: Integers, sizes: Integers) -> None:
    """Look at strips, their operands, and the rows of these.

    groups  of each coarse dimension, how many
    """
    first, lines, begin, end = flat.strips.T
    require(bool((lines > 0).all()), "strips")
    require_starts(np.append(first, flat.lines), flat.lines, "strips")
    require(bool((first + lines <= flat.lines).all()), "strips")
    require_starts(np.append(begin, flat.operands.shape[0]), flat.operands.shape[0], "operands")
    require(bool((end == np.append(begin[1:], flat.operands.shape[0])[: begin.size]).all()), "operands")
    codes = np.concatenate((sizes, [1], groups))
    dimension, place = flat.operands.astype(np.int64).T
    require_within(dimension, 0, codes.size, "operands")
    require_within(place, 0, flat.rows.shape[0] + 1, "rows")
    used = codes[dimension] * np.repeat(lines, end - begin)
    require(bool((place + used <= flat.rows.shape[0]).all()), "rows")


def _check_coarse(flat: FlatPart, sizes: Integers) -> Integers:
    """Look at groups of codes and their doubts; return how many groups each coarse dimension has."""
    places = _check_dimensions(flat.coarse[:, :2], sizes, "groups")
    require(flat.groups.size == places, "groups")
    counts = np.zeros(flat.coarse.shape[0], np.int64)
    for number, (own, place, _) in enumerate(flat.coarse.tolist()):
        groups = flat.groups[place : place + int(sizes[own])]
        require_within(groups, 0, int(sizes[own]), "groups")
        counts[number] = groups.max() + 1
    require(bool((flat.coarse[:, 2] == starts_of(counts)[:-1]).all()), "doubts")
    require(flat.doubt_starts.size == int(counts.sum()) + 1, "doubts")
    require_starts(flat.doubt_starts, flat.doubts.shape[0], "doubts")
    require_within(flat.doubts[:, 0], 0, LINE * flat.lines, "doubts")
    return counts


def _check_wires(flat: FlatPart, bits: int) -> None:
    sections = np.array(flat.sections)
    require(bool((np.diff(sections) >= 0).all()) and flat.sections[4] <= LINE_WORDS * flat.lines, "sections")
    require(0 <= flat.wired <= flat.sections[0], "sections")
    require(flat.pull_starts.size == flat.sections[2] - flat.wired + 1, "pulls")
    require_starts(flat.pull_starts, flat.pulls.shape[0], "pulls")
    require_within(flat.pulls[:, 0], 0, bits, "pulls")
    require(flat.pushing.size == flat.sections[0], "pushes")
    require(flat.fan_starts.size == 64 * flat.sections[0] + 1, "pushes")
    require_starts(flat.fan_starts, flat.fan_bits.size, "pushes")
    require_within(flat.fan_bits, 0, 64 * (flat.sections[2] - flat.wired), "pushes")


def _check_lists(listed: ListPart, sizes: Integers, rows: int, gates: int) -> None:
    places = _check_dimensions(listed.dimensions, sizes, "lists")
    require(listed.starts.size == places + 1, "lists")
    require_starts(listed.starts, listed.ids.size, "lists")
    require(listed.lanes.shape == (3, listed.ids.size + AT_ONCE, LANES), "lanes")
    require_within(listed.lanes[0], 0, SLOTS + 1, "lanes")
    exceptions = listed.exceptions
    require_within(listed.ids, -exceptions.shape[0], rows, "rows of lists")
    longest = 0
    if places:
        longest = int(np.maximum.reduceat(np.diff(listed.starts), listed.dimensions[:, 1]).sum())
    require(listed.most == longest, "lists")
    require(listed.slots.size <= SLOTS, "slots")
    require_within(listed.slots, 0, 2 * sizes.size, "slots")
    require_within(exceptions[:, 0], 0, rows, "exceptions")
    require_within(exceptions[:, 1], -1, gates, "exceptions")
    require_within(exceptions[:, 2:], 0, listed.more.shape[0] + 1, "exceptions")
    require_within(listed.more[:, 0], 0, SLOTS + 1, "lanes")


def _check_exact(exact: ExactPart, sizes: Integers) -> None:
    require(exact.gates.shape[0] > 0, "exact gates")
    literal_starts, wire_starts = (np.ascontiguousarray(starts, np.int64) for starts in exact.gates.T)
    require_starts(literal_starts, exact.literals.shape[0], "exact literals")
    require_starts(wire_starts, exact.wires.size, "exact wires")
    require_within(exact.literals[:, 0], 0, sizes.size, "exact literals")
    require_within(exact.literals[:, 1:], 0, exact.runs.shape[0] + 1, "exact literals")
    count = exact.gates.shape[0] - 1
    require_within(exact.wires, 0, max(count, 1), "exact wires")
    require(bool((exact.wires < owners_of(wire_starts)).all()), "wires that do not go down")
    level, tree = np.zeros(count, np.int32), np.zeros(count, np.int32)
    measure_trees(wire_starts, exact.wires, level, tree)
    require_within(tree, 0, MOST_TREE + 1, "exact gates")


def _check_runs(starts: Integers, runs: Integers, sizes: Integers, what: str) -> None:
    """Raise UnsoundError unless each literal has runs of its codes, ascending and with gaps between them.

    sizes  codes of each literal's dimension
    """
    require_starts(starts, runs.shape[0], what)
    require(bool((starts[1:] > starts[:-1]).all()), what)
    first, last = runs.T
    require(bool((first <= last).all()), what)
    follows = np.ones(first.size, np.bool_)
    follows[1:] = first[1:] > last[:-1].astype(np.int64) + 1
    follows[starts[:-1]] = first[starts[:-1]] >= 0
    require(bool(follows.all()) and bool((last[starts[1:] - 1] < sizes).all()), what)


def _check_dimensions(table: Integers, sizes: Integers, what: str) -> int:
    """Look at dimensions, each with the place of its code 0; return how many places there are."""
    require_within(table[:, 0], 0, sizes.size, what)
    starts = starts_of(sizes[table[:, 0]])
    require(bool((table[:, 1] == starts[:-1]).all()), what)
    return int(starts[-1])
