"""The part of a bulk program that depends on some code columns: what a change of those can change at all."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.layout import ROOT, RUN_BEGIN, RUN_COUNT, RUN_FIELDS, RUN_SHAPE, RUN_SINK
from fasttwitch.plan.compiler import PLANE, SLOT

SHAPES_A_SIDE = 5  # a shape is positives * 5 + negatives


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
    planes: Collection[int],
) -> Pruned:
    """Return what of a program depends on some planes, with all that this reads besides.

    tests   int64[tests, 4] as `Plan.tests`, but `planes` count in their column PLANE
    slots   how many
    """
    instructions = _instructions(runs)
    stream = operands.tolist()
    moved = bytearray(slots)
    for slot in tests[np.isin(tests[:, PLANE], list(planes)), SLOT].tolist():
        moved[slot] = 1
    kept_roots: set[int] = set()
    for begin, end, is_root, _ in instructions:  # a slot is written anew again and again
        is_moved = any(moved[slot] for slot in stream[begin + 1 : end])
        if not is_root:
            moved[stream[begin]] = is_moved
        elif is_moved:
            kept_roots.add(stream[begin])
    needed, kept = bytearray(slots), []
    for begin, end, is_root, run in reversed(instructions):
        target = stream[begin]
        if target in kept_roots if is_root else needed[target]:
            if not is_root:
                needed[target] = 0
            for slot in stream[begin + 1 : end]:
                needed[slot] = 1
            kept.append((begin, end, is_root, run))
    rows = sorted(kept_roots)
    fresh_runs, fresh_operands = _written(kept[::-1], stream, runs, {row: place for place, row in enumerate(rows)})
    is_needed = np.frombuffer(needed, np.uint8)[tests[:, SLOT]] > 0
    return Pruned(tests[is_needed], fresh_runs, fresh_operands, np.array(rows, np.int64))


def _instructions(runs: NDArray[np.int64]) -> list[tuple[int, int, bool, int]]:
    """Return where each instruction stands in the stream, whether it is a root, and the number of its run."""
    found = []
    for number, run in enumerate(runs.tolist()):
        positives, negatives = divmod(run[RUN_SHAPE], SHAPES_A_SIDE)
        width = 1 + positives + negatives
        begin = run[RUN_BEGIN]
        is_root = run[RUN_SINK] == ROOT
        found += [(at, at + width, is_root, number) for at in range(begin, begin + width * run[RUN_COUNT], width)]
    return found


def _written(
    kept: list[tuple[int, int, bool, int]], stream: list[int], runs: NDArray[np.int64], places: dict[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the runs and the stream of the instructions that are kept."""
    fresh_runs: list[list[int]] = []
    fresh: list[int] = []
    last = -1
    for begin, end, is_root, number in kept:
        if number != last:
            run = runs[number].tolist()
            run[RUN_BEGIN], run[RUN_COUNT] = len(fresh), 0
            fresh_runs.append(run)
            last = number
        fresh_runs[-1][RUN_COUNT] += 1
        fresh.append(places[stream[begin]] if is_root else stream[begin])
        fresh += stream[begin + 1 : end]
    return np.array(fresh_runs, np.int64).reshape(-1, RUN_FIELDS), np.array(fresh, np.int32)
