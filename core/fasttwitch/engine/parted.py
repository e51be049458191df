"""Several parts of a program asked as one: codes side by side, rows of answers numbered through."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.coder import RowCoder
from fasttwitch.batch.point.values import Values
from fasttwitch.engine.flips import Flips


class PartedCoder:
    """Makes the codes of all parts; as `RowCoder`."""

    def __init__(self, coders: Sequence[RowCoder], first_dimensions: Sequence[int]) -> None:
        """Take over what makes the codes of each part.

        first_dimensions  where the codes of each part begin, and where those of the last one end
        """
        self._coders = list(zip(coders, first_dimensions, first_dimensions[1:], strict=False))
        self._clocked = [one for one in self._coders if one[0].follows_clock]
        self.follows_clock = bool(self._clocked)

    def codes(self, values: Values, now: int) -> NDArray[np.int32]:
        """Return the codes of customers: int32[customers, dimensions].

        now  µs since 1970 UTC
        """
        return np.concatenate([coder.codes(values, now) for coder, _, _ in self._coders], axis=1)

    def recode(self, codes: NDArray[np.int32], values: Values, now: int) -> None:
        """Write anew those codes that follow the clock; all else as `codes`."""
        for coder, begin, end in self._clocked:
            own = np.ascontiguousarray(codes[:, begin:end])
            coder.recode(own, values, now)
            codes[:, begin:end] = own


class PartedFlips:
    """Finds changes in all parts, without those of rows that have no name; as `Flips`."""

    def __init__(
        self,
        flips: Sequence[Flips],
        first_dimensions: Sequence[int],
        first_rows: Sequence[int],
        is_named: NDArray[np.bool_],
    ) -> None:
        """Take over what finds the changes of each part.

        first_dimensions, first_rows  where those of each part begin
        is_named                      bool[rows]
        """
        self._flips = list(zip(flips, first_rows, first_dimensions, first_dimensions[1:], strict=False))
        self._is_named = is_named

    def between(self, before: NDArray[np.int32], after: NDArray[np.int32]) -> bytes:
        """Return the flips from one customer to another."""
        found = [
            np.frombuffer(flips.between(before[begin:end], after[begin:end]), np.int32) + np.int32(2 * first_row)
            for flips, first_row, begin, end in self._flips
        ]
        whole = np.concatenate(found)
        named: NDArray[np.int32] = whole[self._is_named[whole >> 1]]
        return named.tobytes()

    def of_many(
        self, before: NDArray[np.int32], after: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the flips of customers one after the other, and how many each has."""
        customers = np.arange(len(before))
        owners, found = [], []
        for flips, first_row, begin, end in self._flips:
            own, counts = flips.of_many(*(np.ascontiguousarray(codes[:, begin:end]) for codes in (before, after)))
            own = own + np.int32(2 * first_row)
            is_named = self._is_named[own >> 1]
            owners.append(np.repeat(customers, counts)[is_named])
            found.append(own[is_named])
        owner = np.concatenate(owners)
        order = np.argsort(owner, kind="stable")
        return np.concatenate(found)[order], np.bincount(owner, minlength=len(before))
