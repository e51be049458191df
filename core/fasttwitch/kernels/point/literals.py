"""What literals and gates are like: how often they hold, how many codes they have, how deep they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s

Doubles = NDArray[np.float64]

NULL_SHARE = 0.05  # of code 0 of a dimension, unless somebody knows better

NARROW = 256  # codes that fit a byte

# A gate with more gates under it, counted as often as they are named, is not evaluated by itself.
MOST_TREE = 64

INTS, SHORTS = types.Array(types.int64, 1, "C", readonly=True), types.Array(types.int32, 1, "C", readonly=True)
DOUBLES = types.Array(types.float64, 1, "C", readonly=True)


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What there is to know about gates before their homes are chosen.

    shares         float64[cells]: of customers
    literal_share  float64[literals]: of customers for whom a literal holds
    literal_codes  int64[literals]: how many codes it has
    level          int32[gates]: 0 without wires, else one above the highest gate that a wire names
    tree           int32[gates]: gates in the tree below, itself included; MOST_TREE + 1 for all that is more
    """

    shares: Doubles
    literal_share: Doubles
    literal_codes: Int64s
    level: Int32s
    tree: Int32s


def facts_of(gates: Gates, shares: Doubles | None) -> Facts:
    """Return the facts of gates under shares of codes, one for each cell, which sum to 1 within a dimension."""
    known = guessed_shares(gates.cells) if shares is None else np.asarray(shares, np.float64)
    before = np.concatenate(([0.0], np.cumsum(known)))
    begins = gates.cells[gates.dimension]
    each_begins = np.repeat(begins, np.diff(gates.literal_runs))
    first, last = gates.runs[:, 0] + each_begins, gates.runs[:, 1] + each_begins
    ends = np.concatenate(([0.0], np.cumsum(before[last + 1] - before[first])))
    codes = np.concatenate(([0], np.cumsum(gates.runs[:, 1].astype(np.int64) - gates.runs[:, 0] + 1)))
    level, tree = np.zeros(gates.gate_wires.size - 1, np.int32), np.zeros(gates.gate_wires.size - 1, np.int32)
    measure_trees(gates.gate_wires, gates.wires, level, tree)
    of_literals = gates.literal_runs
    return Facts(
        known,
        np.clip(ends[of_literals[1:]] - ends[of_literals[:-1]], 0.0, 1.0),
        codes[of_literals[1:]] - codes[of_literals[:-1]],
        level,
        tree,
    )


def guessed_shares(cells: Int64s) -> Doubles:
    """Return a guess at how often each code occurs: equally often, but null (code 0) rare."""
    sizes = np.diff(cells)
    shares = np.repeat((1.0 - NULL_SHARE) / np.maximum(sizes - 1, 1), sizes)
    shares[cells[:-1][sizes > 0]] = NULL_SHARE
    shares[cells[:-1][sizes == 1]] = 1.0
    return shares


@kernel(types.void(INTS, SHORTS, types.int32[::1], types.int32[::1]))
def measure_trees(gate_wires: Any, wires: Any, level: Any, tree: Any) -> None:
    """Set each gate's level and the size of its tree; gates come after those that their wires name."""
    for gate in range(level.size):
        highest, size = -1, 1
        for place in range(gate_wires[gate], gate_wires[gate + 1]):
            highest = max(highest, level[wires[place]])
            size = min(size + tree[wires[place]], MOST_TREE + 1)
        level[gate] = highest + 1
        tree[gate] = size


@kernel(types.void(INTS, SHORTS, DOUBLES, INTS, types.int64, types.int64[::1], types.float64[::1]))
def choose_access(
    gate_literals: Any, literals: Any, share: Any, codes: Any, most_codes: int, access: Any, all_share: Any
) -> None:
    """Set for each gate the literal that holds most rarely among those with few codes, -1 if none.

    all_share  set to how often all literals of the gate hold, if they are independent
    """
    for gate in range(access.size):
        best, rarest, together = np.int32(-1), 2.0, 1.0
        for place in range(gate_literals[gate], gate_literals[gate + 1]):
            literal = literals[place]
            together *= share[literal]
            if codes[literal] <= most_codes and share[literal] < rarest:
                best, rarest = literal, share[literal]
        access[gate] = best
        all_share[gate] = together
