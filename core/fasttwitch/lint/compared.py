"""Segments side by side: which pairs of them are equal, nested or disjoint on the data at hand."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.relations import BOTH, FIRST_ALONE, RELATION_FIELDS, relate
from fasttwitch.lint.chance import log_chance_inside
from fasttwitch.pool import run_together

# Pairs that a thread relates before it takes more: many of them share masks, which then come from the cache (all pairs
# of 1,000 segments: 0.44 s with 256, 0.29 with 16,384), but no thread should wait long for the last.
LEAST_PAIRS_A_TURN, MOST_PAIRS_A_TURN = 256, 16_384
TURNS_A_THREAD = 4
PAIRS_AT_ONCE = 1 << 20  # whose answers take 24 MB


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """Pairs of segments with customers in a relation.

    pairs     int32[n, 2]: numbers of segments, the smaller one first
    rows      int64[n, 3]: the first customer in both, in the first alone, in the second alone; -1 for nobody
    chance    float64[n]: the logarithm of the chance of that relation if the two had nothing to do with each other
    compared  how many pairs have been looked at
    """

    pairs: NDArray[np.int32]
    rows: NDArray[np.int64]
    chance: NDArray[np.float64]
    compared: int

    @property
    def are_disjoint(self) -> NDArray[np.bool_]:
        """Whether nobody is in both; else the first lies in the second."""
        apart: NDArray[np.bool_] = self.rows[:, BOTH] < 0
        return apart


class Compared:
    """Segments that somebody is in and somebody is not in, numbered from the smallest to the largest.

    names   of each; of equally large ones those that were given first come first
    counts  int64[n]: customers in each
    rows    customers in all
    """

    def __init__(
        self, counts: Mapping[str, int], masks: Mapping[str, NDArray[np.uint64]], rows: int, threads: int
    ) -> None:
        self.names = tuple(sorted(masks, key=counts.__getitem__))
        self.counts = np.array([counts[name] for name in self.names], np.int64)
        self.rows = rows
        self._threads = threads
        self._masks = [masks[name] for name in self.names]  # kernels are given their addresses
        self._addresses = np.array([mask.ctypes.data for mask in self._masks], np.int64)

    def all_pairs(self) -> Iterator[NDArray[np.int32]]:
        """Yield all pairs, the smaller segment first, in portions that memory can hold."""
        count = len(self.names)
        step = max(PAIRS_AT_ONCE // max(count, 1), 1)
        for begin in range(0, count, step):
            first = np.arange(begin, min(begin + step, count))
            one, other = np.nonzero(np.arange(count) > first[:, None])
            yield _beside(first[one], other)

    def pairs_with(self, some: Sequence[int]) -> Iterator[NDArray[np.int32]]:
        """Yield the pairs of some segments and all others, the smaller segment first."""
        seen: set[int] = set()
        for number in some:
            seen.add(number)
            others = np.array([other for other in range(len(self.names)) if other not in seen], np.int32)
            yield _beside(np.minimum(others, number), np.maximum(others, number))

    def related(self, portions: Iterable[NDArray[np.int32]], with_disjoint: bool) -> Related:
        """Return those pairs of which the first lies in the second, and if asked for those that are disjoint."""
        found_pairs, found_rows = [np.zeros((0, 2), np.int32)], [np.zeros((0, RELATION_FIELDS), np.int64)]
        compared = 0
        for pairs in portions:
            rows = self._relate(pairs, 1 << FIRST_ALONE | with_disjoint << BOTH)
            nobody = rows < 0
            kept = nobody[:, FIRST_ALONE] | (nobody[:, BOTH] & with_disjoint)
            found_pairs.append(pairs[kept])
            found_rows.append(rows[kept])
            compared += len(pairs)
        found, rows = np.concatenate(found_pairs), np.concatenate(found_rows)
        smaller, larger = self.counts[found[:, 0]], self.counts[found[:, 1]]
        room = np.where(rows[:, BOTH] < 0, self.rows - larger, larger)  # where the smaller one lies
        return Related(found, rows, log_chance_inside(smaller, room, self.rows), compared)

    def lie_inside(self, inner: Sequence[int], outer: Sequence[int]) -> list[bool]:
        """Return, pair by pair, whether all customers of the one segment are in the other."""
        rows = self._relate(_beside(np.array(inner), np.array(outer)), 1 << FIRST_ALONE)
        inside: list[bool] = (rows[:, FIRST_ALONE] < 0).tolist()
        return inside

    def _relate(self, pairs: NDArray[np.int32], wanted: int) -> NDArray[np.int64]:
        out = np.empty((len(pairs), RELATION_FIELDS), np.int64)
        left = np.empty(len(pairs), np.int32)
        words = self._masks[0].size if self._masks else 0
        share = len(pairs) // (self._threads * TURNS_A_THREAD)
        turn = min(max(share, LEAST_PAIRS_A_TURN), MOST_PAIRS_A_TURN)
        begins = itertools.count(0, turn)

        def work() -> None:
            while (begin := next(begins)) < len(pairs):
                end = min(begin + turn, len(pairs))
                relate(self._addresses.ctypes.data, words, pairs, begin, end, wanted, left, out)

        run_together(max(1, min(self._threads, -(-len(pairs) // turn))), work)
        return out


def _beside(first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.int32]:
    return np.ascontiguousarray(np.stack([first, second], axis=1), np.int32)
