"""Cuts lie where the search in registers looks for them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels import wide_tables
from fasttwitch.kernels.wide_tables import (
    ENTRIES,
    FACTS_ROW,
    LEVEL_ROWS,
    NEXT_ROW,
    wide_doubles,
    wide_int32,
    wide_int64,
)

Bytes = NDArray[np.uint8]


def walk(entries: NDArray[np.generic], levels: int, image: float) -> tuple[int, int]:
    """Return the final place of an image and its rank, one level at a time."""
    place = rank = 0
    for level in range(levels):
        passed = image > entries[LEVEL_ROWS[level] * ENTRIES + place]
        place |= int(passed) << level
        rank = 2 * rank + int(passed)
    return place, rank


def facts(table: Bytes) -> list[int]:
    return [int(fact) for fact in table.view(np.int64)[FACTS_ROW * 8 : FACTS_ROW * 8 + 3]]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 15, 16, 31, 32, 45, 63, 64, 100, 127, 128, 253])
def test_a_walk_through_the_levels_counts_the_cuts(count: int) -> None:
    cuts = np.arange(count, dtype=np.int64) * 7 - 100
    entries = wide_int32(cuts).view(np.int32)
    for value in [*(cuts - 1), *cuts, *(cuts + 1), -(2**31), 2**31 - 1]:
        _, rank = walk(entries, count.bit_length(), int(value))
        assert rank == int(np.searchsorted(cuts, value, "right"))


@pytest.mark.parametrize("count", [1, 2, 7, 8, 31, 60, 126])
def test_the_next_threshold_stands_at_the_final_place(count: int) -> None:
    thresholds = np.array([2.5 * i for i in range(count)])
    entries = wide_doubles(thresholds).view(np.float32)
    for value in [*thresholds, *(thresholds + 1.0), -1.0]:
        place, rank = walk(entries, count.bit_length(), float(value))
        following = [*thresholds, np.inf][int(np.searchsorted(thresholds, value, "left"))]
        assert (rank, entries[NEXT_ROW * ENTRIES + place]) == (int(np.searchsorted(thresholds, value)), following)


def test_a_table_begins_a_cache_line() -> None:
    for count in range(1, 20):
        assert wide_int32(np.arange(count, dtype=np.int64)).ctypes.data % wide_tables.ROW_BYTES == 0


def test_near_int64_cuts_are_told_apart_by_their_distances() -> None:
    assert facts(wide_int64(np.array([10, 500, 10 + 2**32 - 2]))) == [9, 0, 0]


def test_far_int64_cuts_lose_low_bits_and_keep_an_image_below() -> None:
    table = wide_int64(np.array([0, 2**32]))
    assert facts(table) == [-4, 2, 1]
    assert table.view(np.uint32)[NEXT_ROW * ENTRIES] == 1


def test_the_most_cuts_of_one_image_are_counted() -> None:
    assert facts(wide_int64(np.array([0, 1, 2, 2**62])))[2] == 3
    assert facts(wide_doubles(np.array([1.0, 1.0 + 2.0**-40, 2.0])))[2] == 2
    assert facts(wide_doubles(np.array([1e300, 1e301, 1e302])))[2] == 3
    assert facts(wide_doubles(np.array([])))[2] == 0


def test_there_is_no_table_where_many_cuts_share_an_image() -> None:
    """Looking again would then cost more than not using images at all."""
    assert wide_doubles(np.array([1.0 + i * 2.0**-40 for i in range(4)])).size == 0
    assert wide_int64(np.array([0, 1, 2, 3, 2**62])).size == 0
