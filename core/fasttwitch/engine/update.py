"""Changes of many customers at once: the next state of a base, and who has moved.

A batch is a small table. Its changed attributes are encoded as any data is; codes that have changed are written into
copies of their planes, and the rules that read those planes are evaluated, for these customers alone, before and after.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.changes import Changes, read_changes
from fasttwitch.batch.columns import ArrowStream
from fasttwitch.batch.ids import IdIndex
from fasttwitch.engine.clock import moment
from fasttwitch.engine.difference import Difference
from fasttwitch.engine.recoding import Recoding
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.engine.threads import checked_threads
from fasttwitch.engine.update_moves import UpdateMoves
from fasttwitch.errors import DataError
from fasttwitch.plan.lowering import TRUE

if TYPE_CHECKING:
    from fasttwitch.engine.program import Program


class Updater:
    """What updates of one base keep from one to the next; used by one thread at a time."""

    def __init__(self) -> None:
        self._index: tuple[str, IdIndex] | None = None
        self._difference = Difference()

    def update(
        self,
        base: Snapshot,
        rows: ArrowStream | pa.Table | pa.RecordBatch,
        now: datetime | None,
        program: "Program",
        threads: int,
        numbers: Sequence[int] | NDArray[np.int64] | None,
    ) -> tuple[Snapshot, UpdateMoves]:
        """Return the base after some changes, and who has moved; arguments and errors as `EncodedBase.update`."""
        from fasttwitch.engine.program import Program

        if not isinstance(program, Program):
            raise DataError(f"a `{type(program).__name__}` is no program", "make one: `fasttwitch.compile(…)`")
        at, count = moment(now), checked_threads(threads)
        changes = self._changes(base, rows, program.ruleset.key, numbers)
        recoding = Recoding(base, changes, base.shelf.reading(program.half(TRUE)), at, count)
        customers, flips, affected = self._difference.of(recoding, count)
        after = recoding.snapshot()
        if self._index is not None and self._index[0] in changes.table.schema.names:
            self._index = None
        return after, UpdateMoves(program, customers, flips, at, affected)

    def _changes(
        self,
        base: Snapshot,
        rows: ArrowStream | pa.Table | pa.RecordBatch,
        key: str,
        numbers: Sequence[int] | NDArray[np.int64] | None,
    ) -> Changes:
        def index() -> IdIndex:
            if self._index is None or self._index[0] != key:
                self._index = key, IdIndex(key, base.columns.column(key))
            return self._index[1]

        return read_changes(rows, base.columns, key, index, numbers)
