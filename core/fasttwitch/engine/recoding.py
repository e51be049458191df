"""What a batch of changes makes of the codes that a base keeps.

A plane of which codes have changed is copied whole and written to: some 60 µs a million customers, once a batch, for
the few planes of the attributes that change. Readers of the old plane go on reading it.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.changes import Changes
from fasttwitch.batch.columns import column_at
from fasttwitch.batch.point.kept import NO_INSTANT, instants_of
from fasttwitch.engine.kept_codes import Kept
from fasttwitch.engine.shelf import Key, Reading, codes_by_key
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.kernels.layout import BLOCK_ROWS
from fasttwitch.logic.datatypes import TIMESTAMP
from fasttwitch.plan.sources import Path


class Recoding:
    """The codes of changed customers, before and after, as far as they may differ.

    base      before
    changes   what is to change
    reading   the program that is told of
    at        the instant at which it is asked, µs since 1970 UTC
    moved     bool[changes]: whether any code that the program reads has changed
    planes    place in the program's wiring → codes before and after, of all changes; none that follow the clock
    instants  column of instants whose ages the program reads → µs before and after, of all changes
    clocked   places of planes that follow the clock and read what has changed
    """

    def __init__(self, base: Snapshot, changes: Changes, reading: Reading, at: int, threads: int) -> None:
        self.base, self.changes, self.reading, self.at = base, changes, reading, at
        self._names = frozenset(changes.table.schema.names)
        self.moved = np.zeros(changes.numbers.size, np.bool_)
        self.planes: dict[int, tuple[Kept, Kept]] = {}
        self.instants: dict[Path, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        base.kept(reading, [place for place, clocked in enumerate(reading.clocked) if not clocked], at, threads)
        for path in reading.ages:
            base.instants(path)
        self._kept, self._instants, self._orders = base.everything()
        keys = [key for key in self._kept if base.shelf.columns_of(key) & self._names]
        self.clocked = tuple(
            place
            for place, (key, clocked) in enumerate(zip(reading.keys, reading.clocked, strict=True))
            if clocked and base.shelf.columns_of(key) & self._names
        )
        timeless = tuple(key for key in keys if self._kept[key].instant is None)
        for key in set(keys).difference(timeless):
            del self._kept[key]
        if changes.numbers.size:
            self._recode(timeless, threads)
            self._move_instants()
            if any(not reading.is_age[place] for place in self.clocked):
                self.moved[:] = True  # without a look at what they are computed to be

    def snapshot(self) -> Snapshot:
        """Return the base afterwards."""
        if not self.changes.numbers.size:
            return self.base
        columns = self.base.columns.with_rows(self.changes.numbers, self.changes.table)
        return Snapshot(columns, self.base.shelf, self._kept, self._instants, self._orders)

    def _recode(self, keys: tuple[Key, ...], threads: int) -> None:
        """Code the changed customers anew, as far as codes are computed from what changes."""
        shelf, numbers = self.base.shelf, self.changes.numbers
        if not keys:
            return
        place_of = {key: place for place, key in enumerate(self.reading.keys)}
        names = frozenset().union(*(shelf.columns_of(key) for key in keys))
        others = sorted(names - self._names)
        columns = {name: self.changes.table.column(name) for name in sorted(names & self._names)}
        if others:
            columns |= dict(zip(others, self.base.columns.some(others, numbers).columns, strict=True))
        table = pa.table(columns)
        for key, fresh in codes_by_key(shelf, keys, table, 0, threads):
            old = self._kept[key]
            before = Kept(_taken(old.codes, numbers), old.least_codes)
            if old.counts_like(fresh):
                differs = before.codes[: numbers.size] != fresh.codes[: numbers.size]
                if differs.any():
                    codes = old.codes.copy()
                    codes[numbers] = fresh.codes[: numbers.size]
                    self._kept[key] = Kept(codes, old.least_codes)
            else:  # coded anew when somebody asks
                differs = np.ones(numbers.size, np.bool_)
                del self._kept[key]
            if key in place_of:
                self.planes[place_of[key]] = before, fresh
                self.moved |= differs

    def _move_instants(self) -> None:
        numbers = self.changes.numbers
        for path, old in self._instants.items():
            if path[0] not in self._names:
                continue
            before, fresh = old[numbers], instants_of(column_at(self.changes.table, path, TIMESTAMP))
            differs = before != fresh
            if differs.any():
                self._instants[path] = instants = old.copy()
                instants[numbers] = fresh
                if path in self._orders:
                    self._orders[path] = self._orders[path].with_rows(instants, numbers[differs])
            if path in self.reading.ages:
                self.moved |= differs
                self.instants[path] = before, fresh

    def rows(self, names: Sequence[str], places: NDArray[np.int64], after: bool) -> pa.Table:
        """Return some columns of changed customers, before or after.

        places  where they stand among the changes
        """
        # Kept instants are as good as the column, and nearer at hand.
        ages = [name for name in names if (name,) in self.reading.ages]
        changed = [name for name in names if after and name in self._names and name not in ages]
        rest = [name for name in names if name not in ages and name not in changed]
        table = self.base.columns.some(rest, self.changes.numbers[places])
        for name in changed:
            table = table.append_column(name, self.changes.table.column(name).take(pa.array(places)))
        for name in ages:
            table = table.append_column(name, self._instants_of((name,), places, after))
        return table

    def _instants_of(self, path: Path, places: NDArray[np.int64], after: bool) -> pa.Array:
        if path in self.instants:
            found = self.instants[path][1 if after else 0][places]
        else:
            found = self.base.instants(path)[self.changes.numbers[places]]
        return pa.array(found, pa.timestamp("us"), mask=found == NO_INSTANT)


def _taken(codes: NDArray[np.uint8], numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the codes of some rows, with room for whole blocks behind them."""
    found = np.empty(numbers.size + BLOCK_ROWS, np.uint8)
    np.take(codes, numbers, out=found[: numbers.size], mode="clip")
    return found
