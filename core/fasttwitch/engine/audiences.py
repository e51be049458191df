"""What a bulk run found."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.engine.missing import no_such_segment
from fasttwitch.engine.run import Outcome, counts_by_name
from fasttwitch.engine.words import Words, words_of
from fasttwitch.errors import DataError
from fasttwitch.plan.compiler import Plan


class Audiences:
    """The customers of each segment at one instant.

    names   the segments
    counts  customers in each: those for whom the rule is true
    now     the instant of the run, UTC
    rows    customers looked at
    """

    def __init__(
        self,
        plan: Plan,
        outcome: Outcome,
        table: pa.Table,
        whole: pa.Table | None,
        now: datetime,
        falses: Callable[[], dict[str, int]],
    ) -> None:
        self.names = plan.names
        self.now = now
        self.rows: int = table.num_rows
        self._table = whole if whole is not None else table
        self._roots = dict(zip(plan.names, plan.roots, strict=True))
        assert outcome.masks is not None
        self._masks: NDArray[np.uint64] = outcome.masks
        self._masks.flags.writeable = False
        self._falses = falses
        self.counts: dict[str, int] = counts_by_name(plan, outcome, self.rows)

    @cached_property
    def unknown(self) -> dict[str, int]:
        """Customers for whom each rule is neither true nor false; computed when first asked for, in one more run."""
        falses = self._falses()
        return {name: self.rows - count - falses[name] for name, count in self.counts.items()}

    def mask(self, name: str) -> pa.BooleanArray:
        """Return bool[rows]: true for the customers of a segment, false for all others; never null, read-only."""
        buffer = pa.py_buffer(self.words(name))
        return pa.BooleanArray.from_buffers(pa.bool_(), self.rows, [None, buffer])

    def ids(self, name: str, key: str) -> pa.Array:
        """Return the values of column `key` for the customers of a segment, in row order.

        Errors: DataError if the data has no such column, or was a stream and the column was not named in `keep`.
        """
        if key not in self._table.schema.names:
            raise DataError(
                f"there is no column `{key}` to take ids from",
                f"name it when the data is a stream: `select(data, keep=[{key!r}])`",
            )
        picked = self._table.column(key).filter(self.mask(name))
        return pa.concat_arrays(picked.chunks) if picked.num_chunks else pa.array([], picked.type)

    def overlap(self, names: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Return int64[n, n]: how many customers are in both segments; the diagonal holds the counts."""
        wanted = self.names if names is None else tuple(names)
        words = [self.words(name) for name in wanted]
        result = np.zeros((len(wanted), len(wanted)), np.int64)
        for i, left in enumerate(words):
            for j in range(i + 1):
                result[i, j] = result[j, i] = int(np.bitwise_count(left & words[j]).sum())
        return result

    def words(self, name: str) -> Words:
        """Return the customers of a segment as bits, uint64[ceil(rows / 64)]; read-only.

        Row r is bit r % 64 of word r // 64, and bits past the last row are 0: what `mask` holds, for NumPy.

        Errors: DataError for an unknown segment.
        """
        words = words_of(self._masks, self._root(name), self.rows)
        words.flags.writeable = False
        return words

    def _root(self, name: str) -> int:
        if name not in self._roots:
            raise no_such_segment(name, self._roots)
        return self._roots[name]

    def __repr__(self) -> str:
        return f"Audiences({len(self.names)} segments of {self.rows} customers at {self.now.isoformat()})"
