"""Instants in ascending order, and whose they are: kept while some of them change."""

import numpy as np
from numpy.typing import NDArray

# Changed instants, of all, beyond which all are sorted anew.
MOST_CHANGED = 0.25


class InstantOrder:
    """The rows of a column in the order of their instants; immutable, sorted when it is first asked for.

    instants  int64[rows], as `instants_of` gives them
    """

    def __init__(
        self,
        instants: NDArray[np.int64],
        known: tuple[NDArray[np.int64], NDArray[np.int32]] | None = None,
        changed: tuple[NDArray[np.int64], ...] = (),
    ) -> None:
        """Take over a column.

        known    the instants and rows, in order, of an earlier state of the column
        changed  the rows that have changed since
        """
        self._instants = instants
        self._state = known, changed

    @property
    def nbytes(self) -> int:
        """Bytes of what is sorted."""
        known, _ = self._state
        return 0 if known is None else known[0].nbytes + known[1].nbytes

    def with_rows(self, instants: NDArray[np.int64], changed: NDArray[np.int64]) -> "InstantOrder":
        """Return the order of a column of which some rows, each once, have changed."""
        known, earlier = self._state
        pending = (*earlier, changed)
        if sum(rows.size for rows in pending) > MOST_CHANGED * instants.size:
            return InstantOrder(instants)
        return InstantOrder(instants, known, pending)

    def ascending(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return instants, ascending, and the row of each."""
        known, changed = self._state
        if known is None:
            order = np.argsort(self._instants, kind="stable").astype(np.int32)
            known = self._instants[order], order
        elif changed:
            known = self._merged(*known, np.unique(np.concatenate(changed)))
        self._state = known, ()
        return known

    def _merged(
        self, instants: NDArray[np.int64], rows: NDArray[np.int32], changed: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        stays = np.ones(self._instants.size, np.bool_)
        stays[changed] = False
        kept = stays[rows]
        instants, rows = instants[kept], rows[kept]
        fresh = changed[np.argsort(self._instants[changed], kind="stable")]
        places = np.searchsorted(instants, self._instants[fresh], "right")
        return np.insert(instants, places, self._instants[fresh]), np.insert(rows, places, fresh.astype(np.int32))
