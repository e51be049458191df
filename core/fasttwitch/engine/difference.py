"""Who has moved by a batch of changes: rules evaluated in bulk before and after, and the bits that differ."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fasttwitch.engine.kept_codes import Kept
from fasttwitch.engine.recoding import Recoding
from fasttwitch.engine.run import run_into
from fasttwitch.engine.shelf import PrunedProgram, codes_by_key
from fasttwitch.engine.update_moves import Affected, Side
from fasttwitch.kernels.layout import BLOCK_ROWS

# Bitmasks of so many bytes, before and after, stay in the caches until they have been compared. On Zen 3, whose third
# level has 32 MiB, a quarter of that took a third longer, and more gave nothing.
MASK_BYTES = 2 << 20
MOST_ROWS = 16_384

Int64s = NDArray[np.int64]
Flips = tuple[NDArray[np.int64], NDArray[np.int32]]


class Difference:
    """Compares answers before and after; keeps the room it writes to, so that fresh memory costs nothing."""

    def __init__(self) -> None:
        self._codes = np.zeros((0, 0), np.uint8)
        self._masks = np.zeros((2, 0, 0), np.uint64)

    def of(self, recoding: Recoding, threads: int) -> tuple[Int64s, NDArray[np.int32], Affected]:
        """Return the customers who have moved (rows of the base), how (as `Moves` has it), and what moved them."""
        places = np.flatnonzero(recoding.moved)
        numbers = recoding.changes.numbers[places]
        moving = [*recoding.planes, *recoding.clocked]
        pruned = recoding.reading.pruned(moving)
        before, after = self._sides(recoding, pruned, numbers, places)
        customers, flips = self._flips(pruned, before, after, numbers, threads)
        order = recoding.reading.half.wiring.plane_order
        affected = {place: number for number, place in enumerate(pruned.program.places) if place in set(moving)}
        was, is_now = (
            Side(
                {order[place]: side[number] for place, number in affected.items()},
                {path: both[which][places] for path, both in recoding.instants.items()},
            )
            for which, side in enumerate((before, after))
        )
        half, roots = recoding.reading.half, recoding.reading.roots
        columns = recoding.base.columns
        return customers, flips, Affected(half, roots, numbers, places, was, is_now, columns, recoding.changes)

    def _sides(
        self, recoding: Recoding, pruned: PrunedProgram, numbers: Int64s, places: Int64s
    ) -> tuple[list[Kept], list[Kept]]:
        """Return the codes of the customers who may move, before and after, of each plane that the rules read."""
        from fasttwitch.kernels.updates.gathering import gather_planes

        reading, wanted = recoding.reading, pruned.program.places
        still = [place for place in wanted if place not in recoding.planes and not reading.clocked[place]]
        if self._codes.shape[0] < len(still) or self._codes.shape[1] < numbers.size + BLOCK_ROWS:
            self._codes = np.zeros((len(still), numbers.size + BLOCK_ROWS), np.uint8)
        found: dict[int, tuple[Kept, Kept]] = {}
        kept_still = recoding.base.kept(reading, still, recoding.at, 1)
        sources = np.array([kept.address for kept in kept_still], np.int64)
        gather_planes(_at(sources), sources.size, _at(numbers), numbers.size, _at(self._codes), self._codes.strides[0])
        for room, place, kept in zip(self._codes, still, kept_still, strict=False):
            found[place] = (Kept(room, kept.least_codes),) * 2
        for place, (before, after) in recoding.planes.items():
            found[place] = _only(before, places), _only(after, places)
        found |= _clocked(recoding, [place for place in wanted if reading.clocked[place]], places)
        return [found[place][0] for place in wanted], [found[place][1] for place in wanted]

    def _flips(
        self, pruned: PrunedProgram, before: Sequence[Kept], after: Sequence[Kept], numbers: Int64s, threads: int
    ) -> Flips:
        from fasttwitch.kernels.updates.differences import count_differences, list_differences

        rows, customers = pruned.rows.size, numbers.size
        customers_found, flips_found = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        if not rows or not customers:
            return customers_found[0], flips_found[0]
        some = min(max(8 * MASK_BYTES // rows // BLOCK_ROWS, 1) * BLOCK_ROWS, MOST_ROWS)
        if self._masks.shape[1] < rows or self._masks.shape[2] < some // 64:
            self._masks = np.zeros((2, rows, some // 64), np.uint64)
        old, new = self._masks
        was, is_now = pruned.program.bound(before), pruned.program.bound(after)
        for begin in range(0, customers, some):
            count = min(some, customers - begin)
            run_into(old, was.job(begin, count), threads)
            run_into(new, is_now.job(begin, count), threads)
            where = _at(old), _at(new), old.strides[0], rows, -(-count // 64)
            found = int(count_differences(*where))
            flips, moved = np.empty(found, np.int32), np.empty(found, np.int64)
            list_differences(*where, _at(pruned.rows), _at(numbers[begin:]), _at(flips), _at(moved))
            flips_found.append(flips)
            customers_found.append(moved)
        return np.concatenate(customers_found), np.concatenate(flips_found)


def _only(kept: Kept, places: Int64s) -> Kept:
    """Return the codes of some customers, with room for whole blocks behind them."""
    if places.size == kept.codes.size - BLOCK_ROWS:
        return kept
    codes = np.empty(places.size + BLOCK_ROWS, np.uint8)
    np.take(kept.codes, places, out=codes[: places.size], mode="clip")
    return Kept(codes, kept.least_codes)


def _at(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)


def _clocked(recoding: Recoding, wanted: Sequence[int], places: Int64s) -> Iterator[tuple[int, tuple[Kept, Kept]]]:
    """Yield (place, codes before and after) of planes that follow the clock: of these customers at this instant."""
    reading, shelf = recoding.reading, recoding.base.shelf
    if not wanted:
        return
    keys = tuple(reading.keys[place] for place in wanted)
    names = sorted(frozenset().union(*(shelf.columns_of(key) for key in keys)))
    before = after = dict(codes_by_key(shelf, keys, recoding.rows(names, places, after=False), recoding.at, 1))
    if set(wanted) & set(recoding.clocked):
        after = dict(codes_by_key(shelf, keys, recoding.rows(names, places, after=True), recoding.at, 1))
    yield from ((place, (before[key], after[key])) for place, key in zip(wanted, keys, strict=True))
