"""Kill lists: for dimensions that few gates read, which bits each code clears."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.coarse import MOST_ROWS
from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s
from fasttwitch.kernels.point.literals import INTS, SHORTS, Facts
from fasttwitch.kernels.point.places import LINE
from fasttwitch.kernels.point.ragged import starts_of

Bools = NDArray[np.bool_]

# What else a kill's time is enough for: to AND a line of a row, of 64 bytes, and to look for the kills of a dimension.
LINE_KILLS = 0.6
LIST_KILLS = 4.0

# Kills that each end of a gap may take, in the mean, where a dimension has too many codes for a row of each: so kill
# lists grow with the literals, not with the codes that these lack.
END_KILLS = 16


def choose_killed(gates: Gates, facts: Facts, strips: Int64s, bits: Int64s, literals: Int32s) -> Bools:
    """Return which literals of bits go to kill lists: those of dimensions whose row would cost a strip more."""
    dimensions = gates.cells.size - 1
    own = gates.dimension[literals]
    user = (np.searchsorted(strips[:, 0], bits // LINE, "right") - 1) * dimensions + own
    kills = np.bincount(user, 1.0 - facts.literal_share[literals], minlength=strips.shape[0] * dimensions)
    users = np.bincount(user, minlength=kills.size)
    shape = strips.shape[0], dimensions
    kills, used = kills.reshape(shape), users.reshape(shape) > 0
    saved = (strips[:, 1] * LINE_KILLS + 1.0)[:, None] - kills
    better = used & (saved > 0.0) & _is_short(gates, facts, literals, user, shape)
    better &= np.where(better, saved, 0.0).sum(0) > LIST_KILLS
    chosen: Bools = better.ravel()[user]
    return chosen


def _is_short(gates: Gates, facts: Facts, literals: Int32s, user: Int64s, shape: tuple[int, int]) -> Bools:
    """Return for each strip and dimension whether kill lists would not be too long."""
    sizes = np.diff(gates.cells)
    lacked = sizes[gates.dimension[literals]] - facts.literal_codes[literals]
    ends = np.diff(gates.literal_runs)[literals] + 1
    excess = np.bincount(user, lacked - END_KILLS * ends, minlength=shape[0] * shape[1]).reshape(shape)
    short: Bools = (sizes <= MOST_ROWS) | (excess <= 0)
    return short


def build_kills(gates: Gates, bits: Int64s, literals: Int32s) -> tuple[Int32s, Int32s, Int32s]:
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
