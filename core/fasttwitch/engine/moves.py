"""Which customers of a base enter and leave which segments."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.engine.clock import as_instant
from fasttwitch.engine.missing import no_such_segment
from fasttwitch.engine.point import Point
from fasttwitch.engine.snapshot import Snapshot

CUSTOMERS_AT_ONCE = 4_096


class Moves:
    """The customers of a base who have entered and left segments between two instants.

    since, now  the instants, UTC
    """

    def __init__(
        self,
        names: tuple[str, ...],
        roots: NDArray[np.int64],
        customers: NDArray[np.int64],
        flips: NDArray[np.int32],
        at: range,
    ) -> None:
        """Take over what was found.

        roots      int64[names]: for each name its row of answers, negative if nobody can enter it
        customers  int64[n]: rows of the base, ascending among equal flips
        flips      int32[n]: 2 * row of answers + 1 for an entry, 2 * row of answers for an exit
        at         from the first instant to the second, µs since 1970 UTC
        """
        self.names = names
        self._roots = roots
        self._customers, self._flips = customers, flips
        self.since, self.now = as_instant(at.start), as_instant(at.stop)

    def __bool__(self) -> bool:
        """Return whether anybody has entered or left any segment."""
        return bool(self._flips.size)

    @cached_property
    def entered(self) -> Mapping[str, int]:
        """How many customers have entered each segment that anybody has entered."""
        return self._counts(1)

    @cached_property
    def left(self) -> Mapping[str, int]:
        """How many customers have left each segment that anybody has left."""
        return self._counts(0)

    def entered_rows(self, segment: str) -> pa.Array:
        """Return the rows of the base, int64 and ascending, of those who have entered a segment.

        Errors: DataError for an unknown segment.
        """
        return pa.array(self._rows(segment, 1))

    def left_rows(self, segment: str) -> pa.Array:
        """Return the rows of those who have left a segment; the rest as `entered_rows`."""
        return pa.array(self._rows(segment, 0))

    def __repr__(self) -> str:
        told = f"{sum(self.entered.values())} entries, {sum(self.left.values())} exits"
        return f"Moves({told} from {self.since.isoformat()} to {self.now.isoformat()})"

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Where each flip ends in `_grouped`."""
        return np.cumsum(np.bincount(self._flips, minlength=2 * (int(self._roots.max(initial=0)) + 1)))

    @cached_property
    def _grouped(self) -> NDArray[np.int64]:
        """The customers, flip by flip."""
        return self._customers[np.argsort(self._flips, kind="stable")]

    def _counts(self, sign: int) -> Mapping[str, int]:
        of_rows = np.diff(self._ends, prepend=0)[sign::2]
        counts = np.where(self._roots >= 0, of_rows[np.maximum(self._roots, 0)], 0)
        places = np.flatnonzero(counts)
        return dict(zip([self.names[place] for place in places.tolist()], counts[places].tolist(), strict=True))

    def _rows(self, segment: str, sign: int) -> NDArray[np.int64]:
        if segment not in self.names:
            raise no_such_segment(segment, self.names)
        root = int(self._roots[self.names.index(segment)])
        if root < 0:
            return self._customers[:0]
        flip = 2 * root + sign
        return self._grouped[self._ends[flip - 1] if flip else 0 : self._ends[flip]]


def moves_between(names: tuple[str, ...], point: Point, base: Snapshot, since: int, now: int) -> Moves:
    """Return who has moved as time passed; only those of whom a code has changed are looked at.

    since, now  µs since 1970 UTC
    """
    rows = np.unique(np.concatenate([base.passed_rows(part.half, since, now) for part in point.parts]))
    customers: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    flips: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
    for begin in range(0, rows.size, CUSTOMERS_AT_ONCE):
        some = rows[begin : begin + CUSTOMERS_AT_ONCE]
        found, counts = point.flips.of_many(*(point.kept_codes(base, some, at) for at in (since, now)))
        flips.append(found)
        customers.append(np.repeat(some, counts))
    return Moves(names, point.roots, np.concatenate(customers), np.concatenate(flips), range(since, now))
