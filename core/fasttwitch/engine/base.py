"""Data with its codes kept, for many runs over the same rows, and for changes of some of them."""

import operator
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.columns import ArrowStream
from fasttwitch.batch.patched import PatchedTable
from fasttwitch.engine.half import Half
from fasttwitch.engine.run import Job
from fasttwitch.engine.shelf import Shelf
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.errors import DataError

if TYPE_CHECKING:
    from fasttwitch.engine.program import Program
    from fasttwitch.engine.update import Updater
    from fasttwitch.engine.update_moves import UpdateMoves


@dataclass(frozen=True, slots=True, eq=False)
class BaseRow:
    """One customer of an encoded base as it was when `EncodedBase.row` gave it: updates do not reach it.

    base  the base at that moment
    """

    base: Snapshot
    number: int

    def __repr__(self) -> str:
        return f"BaseRow({self.number} of {self.base!r})"


class EncodedBase:
    """Columns, and the codes of every codebook that a program has asked for.

    `select` and `count` of any program over the same schema take it in place of data: codebooks that are here already
    are read, others are encoded once and kept. Codes that depend on the clock are kept for the latest instant only.

    One thread at a time updates it, any number read it meanwhile: each answer is from before an update or after it.

    snapshot  what it is at this moment; another one after each update
    program   the one that encoded it, whose moves are told if no other is named
    """

    def __init__(self, table: pa.Table, program: "Program") -> None:
        self.snapshot = Snapshot(PatchedTable(table), Shelf())
        self.program = program
        self._lock = threading.Lock()
        self._updater: Updater | None = None

    def __repr__(self) -> str:
        return repr(self.snapshot)

    @property
    def num_rows(self) -> int:
        """Customers."""
        return self.snapshot.num_rows

    @property
    def nbytes(self) -> int:
        """Bytes of kept codes, and of the instants that no code can be kept of."""
        return self.snapshot.nbytes

    @property
    def table(self) -> pa.Table:
        """The data; columns of which rows were changed are put together here."""
        return self.snapshot.table

    def row(self, number: int) -> BaseRow:
        """Return a customer as it is now, to be matched; `number` counts from 0.

        Errors: DataError if there is no such row.
        """
        if not hasattr(number, "__index__"):
            raise DataError(f"a row is an int, not a `{type(number).__name__}`", "give its number, from 0")
        snapshot = self.snapshot
        if not 0 <= operator.index(number) < snapshot.num_rows:
            raise DataError(f"there is no row {number}: the base has {snapshot.num_rows}", "rows count from 0")
        return BaseRow(snapshot, operator.index(number))

    def update(
        self,
        rows: "ArrowStream | pa.Table | pa.RecordBatch",
        now: datetime | None = None,
        program: "Program | None" = None,
        threads: int = 1,
        numbers: "Sequence[int] | NDArray[np.int64] | None" = None,
    ) -> "UpdateMoves":
        """Take changes of customers over; return who has entered and left which segments because of them, and why.

        All of `rows` counts or, after an error, nothing. Of several rows of one customer the last one counts. Columns
        that `rows` lacks stay as they are, a null is a null. The clock stands still: what passing time does, `sweep`
        tells.

        rows     the key column of the ruleset, and of the base's other columns any that change
        now      as `Program.select`
        program  the one whose segments are told; the one that encoded the base if not given
        threads  as `Program.select`
        numbers  int64: the rows of the base that change, one a row of `rows`, in place of the key column

        Errors: DataError for ids that the base lacks or has twice, for columns that it lacks, and for values of
        another type than theirs.
        """
        from fasttwitch.engine.update import Updater

        told = self.program if program is None else program
        with self._lock:
            updater = self._updater = self._updater or Updater()
            self.snapshot, moves = updater.update(self.snapshot, rows, now, told, threads, numbers)
            return moves

    def job(self, half: Half, now: int, threads: int) -> Job:
        """Return the run of a plan over the codes of this moment, as `Snapshot.job` does."""
        return self.snapshot.job(half, now, threads)

    def point_codes(self, half: Half, numbers: NDArray[np.int64], now: int) -> NDArray[np.int32]:
        """Return the codes of customers at this moment, as `Snapshot.point_codes` does."""
        return self.snapshot.point_codes(half, numbers, now)
