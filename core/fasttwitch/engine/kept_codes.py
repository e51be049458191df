"""Codes that outlive the run that made them: encoded once, and read by runs that need nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.binding import Span
from fasttwitch.batch.coding import set_codes, uncut_tests
from fasttwitch.engine.half import Half
from fasttwitch.engine.run import Job, encode
from fasttwitch.kernels.layout import (
    BLOCK_ROWS,
    INPUT_FIELDS,
    KEEP,
    KEPT,
    PLANE_CODES,
    PLANE_FIELDS,
    PLANE_STATE,
    PLANE_TEST_BEGIN,
    PLANE_TEST_END,
    STEP_FIELDS,
)
from fasttwitch.plan.compiler import INDEX, PLANE, Plan


@dataclass(frozen=True, eq=False)
class Kept:
    """The codes of one plane.

    codes        uint8[rows, and BLOCK_ROWS more]: the last block is encoded whole, whatever rows it has
    least_codes  see `batch.coding.Coding`; None where the plane has no cuts
    instant      the clock's, µs since 1970 UTC; None for codes that do not follow it
    """

    codes: NDArray[np.uint8]
    least_codes: NDArray[np.int64] | None
    instant: int | None = None

    @cached_property
    def address(self) -> int:
        """Where the code of row 0 lies."""
        return int(self.codes.ctypes.data)

    def counts_like(self, other: "Kept") -> bool:
        """Return whether equal codes of both stand for the same values: not if decimals have outgrown 64 bits."""
        own, others = self.least_codes, other.least_codes
        return own is others or (own is not None and others is not None and np.array_equal(own, others))


def kept_codes(half: Half, table: pa.Table, now: int, threads: int) -> list[Kept]:
    """Return the codes of all planes of a half that evaluates nothing, in the order of its plan.

    now  µs since 1970 UTC; codes that follow the clock are marked with it by the caller

    Errors: DataError if a column is missing or of another type than the half was compiled for.
    """
    job = half.job(table, now, threads, aligned=True, afresh=True)
    order = half.wiring.plane_order
    codes = [np.zeros(table.num_rows + BLOCK_ROWS, np.uint8) for _ in order]
    spans = []
    for span in job.spans:
        planes = span.planes.copy()
        planes[:, PLANE_STATE] = KEEP
        planes[:, [PLANE_TEST_BEGIN, PLANE_TEST_END]] = 0
        for place, number in enumerate(order):
            planes[place, PLANE_CODES] = codes[number].ctypes.data + span.first
        spans.append(replace(span, planes=planes))
    encode(replace(job, spans=spans), threads)
    return [Kept(array, job.least_codes.get(number)) for number, array in enumerate(codes)]


class KeptProgram:
    """A program as it runs over kept codes; holds none of them. Safe to share between threads.

    places  the planes that it reads, as the wiring of its half counts them
    """

    def __init__(self, plan: Plan, wired: NDArray[np.int64]) -> None:
        """Lay out the tables.

        plan   for its runs, operands, slots and rows
        wired  int64[tests, 4] as `Wiring.tests`
        """
        self._plan = plan
        self.places: tuple[int, ...] = tuple(np.unique(wired[:, PLANE]).tolist())
        self._index = wired[:, INDEX]
        self._uncut = uncut_tests(wired)
        self._bounds = np.searchsorted(wired[:, PLANE], [*self.places, np.iinfo(np.int64).max]).tolist()
        self._planes = np.zeros((len(self.places), PLANE_FIELDS), np.int64)
        self._planes[:, PLANE_TEST_BEGIN], self._planes[:, PLANE_TEST_END] = self._bounds[:-1], self._bounds[1:]
        self._planes[:, PLANE_STATE] = KEPT
        unknown: list[NDArray[np.int64] | None] = [None] * len(self.places)
        self._latest = unknown, self._uncut

    def bound(self, kept: Sequence[Kept]) -> "BoundProgram":
        """Return the program over some codes.

        kept  of each plane of `places`
        """
        planes = self._planes.copy()
        planes[:, PLANE_CODES] = [one.address for one in kept]
        return BoundProgram(self._plan, planes, self._tests(kept), kept)

    def _tests(self, kept: Sequence[Kept]) -> NDArray[np.int64]:
        """Return the tests with the codes of their cuts; those of the latest run are used again."""
        latest, tests = self._latest
        least_codes = [one.least_codes for one in kept]
        fresh = [place for place, (old, new) in enumerate(zip(latest, least_codes, strict=True)) if old is not new]
        if fresh:
            tests = tests.copy()
            for place in fresh:
                own = slice(self._bounds[place], self._bounds[place + 1])
                tests[own] = self._uncut[own]
                least = least_codes[place]
                if least is not None:
                    set_codes(tests[own], self._index[own], least)
            self._latest = least_codes, tests
        return tests


@dataclass(frozen=True, slots=True, eq=False)
class BoundProgram:
    """A program over codes that are kept.

    planes, tests  the kernels' tables
    kept           what they point at
    """

    plan: Plan
    planes: NDArray[np.int64]
    tests: NDArray[np.int64]
    kept: Sequence[Kept]

    def job(self, begin: int, rows: int) -> Job:
        """Return a run over rows [begin, begin + rows): codes must reach as far as whole blocks from `begin` on do."""
        planes = self.planes.copy()
        planes[:, PLANE_CODES] += begin
        inputs, steps = np.zeros((1, INPUT_FIELDS), np.int64), np.zeros((0, STEP_FIELDS), np.int64)
        spans = [Span(0, rows, inputs, planes, list(self.kept))] if rows else []
        return Job(self.plan, rows, spans, self.tests, steps, 0, np.zeros(1, np.int64), {})
