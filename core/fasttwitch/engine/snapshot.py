"""An encoded base at one moment: columns and codes that never change while somebody reads them.

More codes may come to it, for programs that nobody has asked before; those that are there stay as they are. What an
update makes is another snapshot, which shares with this one all that has not changed.
"""

import ctypes
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.columns import column_at
from fasttwitch.batch.instant_order import InstantOrder
from fasttwitch.batch.patched import PatchedTable
from fasttwitch.batch.point.cut_keys import int_keys
from fasttwitch.batch.point.kept import NO_INSTANT, CoderTables, KeptCoder, instants_of
from fasttwitch.engine.half import Half
from fasttwitch.engine.kept_codes import Kept, kept_codes
from fasttwitch.engine.run import Job
from fasttwitch.engine.shelf import Key, Reading, Shelf, codes_by_key
from fasttwitch.logic.datatypes import TIMESTAMP
from fasttwitch.plan.codebooks import OrderedCodebook
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.sources import Path, Recency
from fasttwitch.pool import default_threads

JOBS_KEPT = 16  # programs whose tables are kept ready


class Snapshot:
    """Columns, and the codes of every codebook that a program has asked for; safe to share between threads.

    Codes that depend on the clock are kept for the latest instant only.

    columns  the data
    shelf    what all snapshots of a base share
    """

    def __init__(
        self,
        columns: PatchedTable,
        shelf: Shelf,
        kept: Mapping[Key, Kept] | None = None,
        instants: Mapping[Path, NDArray[np.int64]] | None = None,
        orders: Mapping[Path, InstantOrder] | None = None,
    ) -> None:
        self.columns = columns
        self.shelf = shelf
        self._lock = threading.RLock()
        self._kept = dict(kept or {})
        self._instants = dict(instants or {})
        self._orders = dict(orders or {})
        self._jobs: dict[int, tuple[Reading, int | None, Job]] = {}
        self._coders: dict[int, tuple[Reading, KeptCoder]] = {}

    def __repr__(self) -> str:
        return f"EncodedBase({self.num_rows} customers, {self.nbytes} bytes of codes)"

    @property
    def num_rows(self) -> int:
        """Customers."""
        return self.columns.num_rows

    @property
    def table(self) -> pa.Table:
        """The data; columns of which rows were replaced are put together here."""
        return self.columns.whole()

    @property
    def nbytes(self) -> int:
        """Bytes of kept codes, and of the instants that no code can be kept of."""
        with self._lock:
            codes = sum(kept.codes.nbytes for kept in self._kept.values())
            instants = sum(array.nbytes for array in self._instants.values())
            return codes + instants + sum(order.nbytes for order in self._orders.values())

    def holds(self, plan: Plan) -> bool:
        """Return whether all codes that a plan reads are kept here, those of other instants too."""
        keys = self.shelf.keys_of(plan)
        with self._lock:
            return keys is not None and keys <= self._kept.keys()

    def everything(self) -> tuple[dict[Key, Kept], dict[Path, NDArray[np.int64]], dict[Path, InstantOrder]]:
        """Return what is kept here now: codes, instants, and their orders."""
        with self._lock:
            return dict(self._kept), dict(self._instants), dict(self._orders)

    def job(self, half: Half, now: int, threads: int) -> Job:
        """Return the run of a plan over kept codes; encodes what is not here yet, with the clock at `now` µs."""
        reading = self.shelf.reading(half)
        instant = now if reading.follows_clock else None
        with self._lock:
            found = self._jobs.get(id(reading))
            if found is None or found[0] is not reading or found[1] != instant:
                kept = self.kept(reading, range(len(reading.keys)), now, threads)
                used = [kept[place] for place in reading.program.places]
                found = reading, instant, reading.program.bound(used).job(0, self.num_rows)
                self._jobs[id(reading)] = found
                if len(self._jobs) > JOBS_KEPT:
                    self._jobs.pop(next(iter(self._jobs)))
            return found[2]

    def kept(self, reading: Reading, places: Iterable[int], now: int, threads: int) -> list[Kept]:
        """Return the codes of some planes of a half; encodes what is not here yet.

        places  as the half's wiring counts them
        """
        wanted = {reading.keys[place]: now if reading.clocked[place] else None for place in places}
        with self._lock:
            missing = tuple(
                key for key, instant in wanted.items() if key not in self._kept or self._kept[key].instant != instant
            )
            if missing:
                names = set().union(*(self.shelf.columns_of(key) for key in missing))
                coded = codes_by_key(self.shelf, missing, self.columns.whole(sorted(names)), now, threads)
                self._kept.update((key, replace(one, instant=wanted[key])) for key, one in coded)
            return [self._kept[key] for key in wanted]

    def instants(self, path: Path) -> NDArray[np.int64]:
        """Return a column of instants, int64[rows], as `instants_of` gives them; kept once made."""
        with self._lock:
            if path not in self._instants:
                whole = self.columns.whole([path[0]])
                self._instants[path] = instants_of(column_at(whole, path, TIMESTAMP))
            return self._instants[path]

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
        if half.clocked.plan.codebooks:
            return np.arange(self.num_rows)
        found = [np.zeros(0, np.int32)]
        for codebook in half.plan.codebooks:
            match codebook:
                case OrderedCodebook(Recency(path), _):
                    found += self._passed(path, int_keys(codebook.cuts).tolist(), since, now)
        return np.unique(np.concatenate(found)).astype(np.int64)

    def _passed(self, path: Path, cuts: Sequence[int], since: int, now: int) -> Iterator[NDArray[np.int32]]:
        """Yield the rows whose instant less the clock has been at each of some cuts."""
        with self._lock:
            if path not in self._orders:
                self._orders[path] = InstantOrder(self.instants(path))
            instants, order = self._orders[path].ascending()
        first_known = int(np.searchsorted(instants, NO_INSTANT, "right"))
        for cut in cuts:
            ends = [min(max(cut + at, NO_INSTANT), -(NO_INSTANT + 1)) for at in (since, now)]
            begin, end = np.searchsorted(instants, ends, "left").tolist()
            yield order[max(begin, first_known) : end]

    def _coder(self, half: Half) -> KeptCoder:
        """Return what gives the codes that are kept; encodes what is not here yet."""
        found = self._coders.get(id(half))
        if found is None or found[0].half is not half:
            reading = self.shelf.reading(half)
            with self._lock:
                found = self._coders[id(half)] = (reading, self._new_coder(reading))
                if len(self._coders) > JOBS_KEPT:
                    self._coders.pop(next(iter(self._coders)))
        return found[1]

    def _new_coder(self, reading: Reading) -> KeptCoder:
        places = [place for place, clocked in enumerate(reading.clocked) if not clocked]
        kept = self.kept(reading, places, 0, default_threads())
        order = reading.half.wiring.plane_order
        planes = {order[place]: one.codes for place, one in zip(places, kept, strict=True)}
        instants = {path: self.instants(path) for path in reading.ages}
        return KeptCoder(reading.coder_tables([one.least_codes for one in kept]), planes, instants)

    def _clocked_codes(self, half: Half, numbers: NDArray[np.int64], now: int) -> NDArray[np.int32]:
        """Return the codes of values that are computed from the clock: encoded for these customers alone."""
        clocked = half.clocked
        names = list(dict.fromkeys(path[0] for path in clocked.paths))
        if names:
            table, rows = self.columns.some(names, numbers), np.arange(len(numbers))
        else:  # the clock alone decides: one customer is like another
            table, rows = self.columns.some([], numbers[:1]), np.zeros(len(numbers), np.int64)
        kept = dict(enumerate(kept_codes(clocked, table, now, 1)))
        known = {number: one.least_codes for number, one in kept.items() if one.least_codes is not None}
        tables = CoderTables(clocked.plan, kept, known)
        return KeptCoder(tables, {number: one.codes for number, one in kept.items()}, {}).codes(rows, now)
