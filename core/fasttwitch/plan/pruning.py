"""The part of a bulk program that depends on some code columns: what a change of those can change at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.layout import ROOT, RUN_BEGIN, RUN_COUNT, RUN_SHAPE, RUN_SINK
from fasttwitch.plan.compiler import PLANE, SLOT
from fasttwitch.plan.schedule import REGISTERS_OF_SHAPE


@dataclass(frozen=True, slots=True, eq=False)
class Pruned:
    """A program of fewer rows.

    tests     those that the program reads, in their order
    runs, operands   as those of a plan; a root's number is its place in `rows`
    rows      int64, ascending: the rows of the whole plan that it finds
    """

    tests: NDArray[np.int64]
    runs: NDArray[np.int64]
    operands: NDArray[np.int32]
    rows: NDArray[np.int64]


def pruned(
    tests: NDArray[np.int64],
    runs: NDArray[np.int64],
    operands: NDArray[np.int32],
    slots: int,
    planes: Sequence[int],
) -> Pruned:
    """Return what of a program depends on some planes, with all that this reads besides.

    tests  int64[tests, 4] as `Plan.tests`, but `planes` count in their column PLANE
    slots  how many
    """
    from fasttwitch.kernels.updates.dependence import keep_dependent  # here, because Numba takes a second to import

    begins, ends, run_of = _instructions(runs)
    is_root = (runs[run_of, RUN_SINK] == ROOT).astype(np.uint8)
    slot_flags = np.zeros(max(slots, 1), np.uint8)
    slot_flags[tests[np.isin(tests[:, PLANE], planes), SLOT]] = 1
    kept = np.zeros(begins.size, np.uint8)
    keep_dependent(begins.size, *map(_at, (begins, ends, is_root, operands, slot_flags, kept)))
    keep = kept > 0
    fresh = operands[np.repeat(keep, ends - begins)]
    widths = (ends - begins)[keep]
    targets = (np.cumsum(widths) - widths)[is_root[keep] > 0]
    rows = np.unique(fresh[targets]).astype(np.int64)
    fresh[targets] = np.searchsorted(rows, fresh[targets])
    counts = np.bincount(run_of[keep], minlength=len(runs))
    fresh_runs = runs[counts > 0].copy()
    fresh_runs[:, RUN_COUNT] = counts[counts > 0]
    lengths = np.bincount(run_of[keep], weights=widths, minlength=len(runs)).astype(np.int64)[counts > 0]
    fresh_runs[:, RUN_BEGIN] = np.cumsum(lengths) - lengths
    return Pruned(tests[slot_flags[tests[:, SLOT]] > 0], fresh_runs, fresh, rows)


def _instructions(runs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return where each instruction begins and ends among the operands, and the number of its run."""
    counts = runs[:, RUN_COUNT]
    run_of = np.repeat(np.arange(len(runs)), counts)
    positives, negatives = np.divmod(runs[:, RUN_SHAPE], REGISTERS_OF_SHAPE)
    widths = (1 + positives + negatives)[run_of]
    place = np.arange(run_of.size) - (np.cumsum(counts) - counts)[run_of]
    begins = runs[run_of, RUN_BEGIN] + widths * place
    return begins, begins + widths, run_of


def _at(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)
