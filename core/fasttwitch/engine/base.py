"""Data with its codes kept, for many runs over the same rows."""

import ctypes
import operator
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.binding import Span
from fasttwitch.batch.columns import column_at
from fasttwitch.batch.point.cut_keys import int_keys
from fasttwitch.batch.point.kept import NO_INSTANT, KeptCoder, ages_of, instants_of, is_age, is_clocked
from fasttwitch.engine.half import Half
from fasttwitch.engine.run import Job, encode
from fasttwitch.errors import DataError
from fasttwitch.kernels.layout import BLOCK_ROWS, KEEP, KEPT, PLANE_CODES, PLANE_STATE, PLANE_TEST_BEGIN, PLANE_TEST_END
from fasttwitch.logic.datatypes import TIMESTAMP
from fasttwitch.plan.codebooks import Codebook, OrderedCodebook
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.sources import Path, Recency
from fasttwitch.pool import default_threads

JOBS_KEPT = 16  # programs whose tables are kept ready
FEW = 256  # customers, of whom each is cut out by itself in some 20 µs


@dataclass(frozen=True, slots=True, eq=False)
class BaseRow:
    """One customer of an encoded base; `EncodedBase.row` gives it."""

    base: "EncodedBase"
    number: int

    def __repr__(self) -> str:
        return f"BaseRow({self.number} of {self.base!r})"


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
        self._coders: dict[int, tuple[Half, KeptCoder]] = {}
        self._instants: dict[Path, NDArray[np.int64]] = {}
        self._by_instant: dict[Path, tuple[NDArray[np.int64], NDArray[np.int32]]] = {}

    def __repr__(self) -> str:
        return f"EncodedBase({self.num_rows} customers, {self.nbytes} bytes of codes)"

    @property
    def num_rows(self) -> int:
        """Customers."""
        return int(self._columns.num_rows)

    @property
    def nbytes(self) -> int:
        """Bytes of kept codes, and of the instants that no code can be kept of."""
        codes = sum(array.nbytes for _, array in self._codes.values())
        instants = sum(array.nbytes for array in self._instants.values())
        return codes + instants + sum(one.nbytes + other.nbytes for one, other in self._by_instant.values())

    def row(self, number: int) -> BaseRow:
        """Return a customer, to be matched; `number` counts from 0.

        Errors: DataError if there is no such row.
        """
        if not hasattr(number, "__index__"):
            raise DataError(f"a row is an int, not a `{type(number).__name__}`", "give its number, from 0")
        if not 0 <= operator.index(number) < self.num_rows:
            raise DataError(f"there is no row {number}: the base has {self.num_rows}", "rows count from 0")
        return BaseRow(self, operator.index(number))

    def holds(self, plan: Plan) -> bool:
        """Return whether all codes that a plan reads are kept here, those of other instants too."""
        parts = {(plan.codebooks[plane.codebook], plane.part) for plane in plan.planes}
        with self._lock:
            return parts <= self._codes.keys()

    def job(self, half: Half, now: int, threads: int) -> Job:
        """Return the run of a plan over kept codes; encodes what is not here yet, with the clock at `now` µs."""
        instant = now if any(reads_clock(codebook) for codebook in half.codebooks) else None
        with self._lock:
            found = self._jobs.get(id(half))
            if found is None or found[0] is not half or found[1] != instant:
                found = self._jobs[id(half)] = (half, instant, self._encoded(half, now, threads))
                if len(self._jobs) > JOBS_KEPT:
                    self._jobs.pop(next(iter(self._jobs)))
            return found[2]

    def point_codes(self, half: Half, numbers: NDArray[np.int64], now: int) -> NDArray[np.int32]:
        """Return the codes of customers at the point: int32[customers, dimensions].

        numbers  their rows
        now      µs since 1970 UTC
        """
        coder = self._coder(half)
        codes = coder.codes(numbers, now)
        if coder.missing and len(numbers):
            codes[:, coder.missing] = self._clocked_codes(half, numbers, now)
        return codes

    def write_codes(self, half: Half, number: int, now: int, address: int) -> None:
        """Write the codes of one customer to an address with room for them: `point_codes` in a fifth of the time."""
        coder = self._coder(half)
        if coder.missing:
            codes = self.point_codes(half, np.array([number]), now)
            ctypes.memmove(address, codes.ctypes.data, codes.nbytes)
        else:
            coder.write(number, now, address)

    def passed_rows(self, half: Half, since: int, now: int) -> NDArray[np.int64]:
        """Return the rows, ascending, of which the passing of time may have changed a code between two instants.

        since, now  µs since 1970 UTC
        """
        if half.clocked.codebooks:
            return np.arange(self.num_rows)
        found = [np.zeros(0, np.int32)]
        for codebook in half.codebooks:
            match codebook:
                case OrderedCodebook(Recency(path), _):
                    found += self._passed(path, int_keys(codebook.cuts).tolist(), since, now)
        return np.unique(np.concatenate(found)).astype(np.int64)

    def _passed(self, path: Path, cuts: Sequence[int], since: int, now: int) -> Iterator[NDArray[np.int32]]:
        """Yield the rows whose instant less the clock has been at each of some cuts."""
        instants, order = self._sorted_instants(path)
        first_known = int(np.searchsorted(instants, NO_INSTANT, "right"))
        for cut in cuts:
            ends = [min(max(cut + at, NO_INSTANT), -(NO_INSTANT + 1)) for at in (since, now)]
            begin, end = np.searchsorted(instants, ends, "left").tolist()
            yield order[max(begin, first_known) : end]

    def _sorted_instants(self, path: Path) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return a column of instants in ascending order, and their rows; kept once made."""
        found = self._by_instant.get(path)
        if found is None:
            with self._lock:
                if path not in self._instants:
                    self._instants[path] = instants_of(column_at(self._columns, path, TIMESTAMP))
                instants = self._instants[path]
                order = np.argsort(instants, kind="stable").astype(np.int32)
                found = self._by_instant[path] = (instants[order], order)
        return found

    def _coder(self, half: Half) -> KeptCoder:
        """Return what gives the codes that are kept; encodes what is not here yet."""
        found = self._coders.get(id(half))
        if found is None or found[0] is not half:
            with self._lock:
                found = self._coders[id(half)] = (half, self._new_coder(half))
                if len(self._coders) > JOBS_KEPT:
                    self._coders.pop(next(iter(self._coders)))
        return found[1]

    def _new_coder(self, half: Half) -> KeptCoder:
        plan = half.plan
        wanted = {number for number, plane in enumerate(plan.planes) if not reads_clock(plan.codebooks[plane.codebook])}
        found = self._jobs.get(id(half))
        # A run of the plan has encoded all that does not follow the clock.
        is_encoded = found is not None and found[0] is half
        job = found[2] if found and is_encoded else self._encoded(half, 0, default_threads(), wanted)
        for path in ages_of(plan):
            if path not in self._instants:
                self._instants[path] = instants_of(column_at(self._columns, path, TIMESTAMP))
        planes = {number: plan.planes[number] for number in wanted}
        kept = {number: self._codes[plan.codebooks[plane.codebook], plane.part][1] for number, plane in planes.items()}
        return KeptCoder(plan, kept, job.least_codes, self._instants)

    def _clocked_codes(self, half: Half, numbers: NDArray[np.int64], now: int) -> NDArray[np.int32]:
        """Return the codes of values that are computed from the clock: encoded for these customers alone, if few."""
        clocked = half.clocked
        table = self._columns.select(list(dict.fromkeys(path[0] for path in clocked.paths)))
        if not table.num_columns:  # the clock alone decides: one customer is like another
            table, numbers = table.slice(0, 1), np.zeros(len(numbers), np.int64)
        elif len(numbers) <= FEW:
            table = pa.concat_tables([table.slice(number, 1) for number in numbers.tolist()])
            numbers = np.arange(len(numbers))
        job = clocked.job(table, now, 1, aligned=True, afresh=True)
        kept = {number: np.zeros(table.num_rows + BLOCK_ROWS, np.uint8) for number in clocked.wiring.plane_order}
        for span in job.spans:
            for place, number in enumerate(clocked.wiring.plane_order):
                span.planes[place, PLANE_CODES] = kept[number].ctypes.data + span.first
        encode(replace(job, spans=[_only(span, range(len(span.planes))) for span in job.spans]), 1)
        return KeptCoder(clocked.plan, kept, job.least_codes, {}).codes(numbers, now)

    def _encoded(self, half: Half, now: int, threads: int, wanted: Collection[int] | None = None) -> Job:
        """Return the run of a plan over kept codes.

        wanted  the planes that have to be there; all, if not given
        """
        job = half.job(self._columns, now, threads, aligned=True, afresh=True)
        spans = job.spans
        fresh: list[int] = []
        for place, plane in enumerate(half.wiring.plane_order):
            if wanted is not None and plane not in wanted:
                continue
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


def _only(span: Span, places: Sequence[int]) -> Span:
    """Return a span that encodes the planes at `places`, keeps their codes, and tests nothing."""
    planes = span.planes[list(places)]
    planes[:, PLANE_STATE] = KEEP
    planes[:, [PLANE_TEST_BEGIN, PLANE_TEST_END]] = 0
    return replace(span, planes=planes)


def reads_clock(codebook: Codebook) -> bool:
    """Return whether a codebook's codes change with the instant of the run."""
    return is_age(codebook) or is_clocked(codebook)
