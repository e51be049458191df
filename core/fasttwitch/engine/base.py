"""Data with its codes kept, for many runs over the same rows."""

import operator
import threading
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.binding import Span
from fasttwitch.engine.half import Half
from fasttwitch.engine.run import Job, encode
from fasttwitch.errors import DataError
from fasttwitch.kernels.layout import BLOCK_ROWS, KEEP, KEPT, PLANE_CODES, PLANE_STATE, PLANE_TEST_BEGIN, PLANE_TEST_END
from fasttwitch.plan.codebooks import Codebook, OrderedCodebook, TruthCodebook
from fasttwitch.plan.reads import reads_now
from fasttwitch.plan.sources import ColumnTest, Derived, Recency

JOBS_KEPT = 16  # programs whose tables are kept ready


@dataclass(frozen=True, slots=True, eq=False)
class BaseRow:
    """One customer of an encoded base; `EncodedBase.row` gives it."""

    base: "EncodedBase"
    number: int


class EncodedBase:
    """Columns, and the codes of every codebook that a program has asked for.

    `select` and `count` of any program over the same schema take it in place of data: codebooks that are here already
    are read, others are encoded once and kept. Codes that depend on the clock are kept for the latest instant only.

    table  the data, for the ids of audiences
    """

    def __init__(self, columns: pa.Table, table: pa.Table) -> None:
        self.table = table
        self._columns = columns
        self._lock = threading.Lock()
        self._codes: dict[tuple[Codebook, int], tuple[int | None, NDArray[np.uint8]]] = {}
        self._jobs: dict[int, tuple[Half, int | None, Job]] = {}

    @property
    def num_rows(self) -> int:
        """Customers."""
        return int(self._columns.num_rows)

    @property
    def nbytes(self) -> int:
        """Bytes of kept codes."""
        return sum(codes.nbytes for _, codes in self._codes.values())

    def row(self, number: int) -> BaseRow:
        """Return a customer, to be matched; `number` counts from 0.

        Errors: DataError if there is no such row.
        """
        if not 0 <= operator.index(number) < self.num_rows:
            raise DataError(f"there is no row {number}: the base has {self.num_rows}", "rows count from 0")
        return BaseRow(self, operator.index(number))

    def job(self, half: Half, now: int, threads: int) -> Job:
        """Return the run of a plan over kept codes; encodes what is not here yet, with the clock at `now` µs."""
        instant = now if any(reads_clock(codebook) for codebook in half.plan.codebooks) else None
        with self._lock:
            found = self._jobs.get(id(half))
            if found is None or found[0] is not half or found[1] != instant:
                found = self._jobs[id(half)] = (half, instant, self._encoded(half, now, threads))
                if len(self._jobs) > JOBS_KEPT:
                    self._jobs.pop(next(iter(self._jobs)))
            return found[2]

    def _encoded(self, half: Half, now: int, threads: int) -> Job:
        job = half.job(self._columns, now, threads, aligned=True, afresh=True)
        spans = job.spans
        fresh: list[int] = []
        for place, plane in enumerate(half.wiring.plane_order):
            entry = half.plan.planes[plane]
            codebook = half.plan.codebooks[entry.codebook]
            instant = now if reads_clock(codebook) else None
            kept = self._codes.get((codebook, entry.part))
            if kept is None or kept[0] != instant:
                # The last block is encoded whole, whatever rows it has.
                kept = (instant, np.zeros(self.num_rows + BLOCK_ROWS, np.uint8))
                self._codes[codebook, entry.part] = kept
                fresh.append(place)
            for span in spans:
                span.planes[place, PLANE_CODES] = kept[1].ctypes.data + span.first
                span.planes[place, PLANE_STATE] = KEPT
                span.alive.append(kept[1])
        if fresh:
            encode(replace(job, spans=[_only(span, fresh) for span in spans]), threads)
        return job


def _only(span: Span, places: list[int]) -> Span:
    """Return a span that encodes the planes at `places`, keeps their codes, and tests nothing."""
    planes = span.planes[places]
    planes[:, PLANE_STATE] = KEEP
    planes[:, [PLANE_TEST_BEGIN, PLANE_TEST_END]] = 0
    return replace(span, planes=planes)


def reads_clock(codebook: Codebook) -> bool:
    """Return whether a codebook's codes change with the instant of the run."""
    match codebook:
        case OrderedCodebook(Derived(expression)) | TruthCodebook(Derived(expression) | ColumnTest(expression)):
            return reads_now(expression)
        case OrderedCodebook(Recency()):
            return True
    return False
