"""Codes by loads from a table in the first-level cache, one or more a row: searches by halving, and look-ups."""

import numpy as np
from numba import carray

from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import BLOCK_ROWS
from fasttwitch.kernels.vectors import (
    float64s,
    int32s,
    int64s,
    prefetch_values,
    scratch_words,
    uint8s,
    uint32s,
)

CHUNK = 256  # rows searched together: their positions, 1 to 2 KiB, stay in the first-level cache
TABLE_SIZE = 256


@routine
def halve_int32(table, cuts, levels, first, values, codes):  # type: ignore[no-untyped-def]
    """Write the codes of 2,048 int32 values; rows that are null get any code."""
    cut = carray(int64s(table), TABLE_SIZE)
    below = carray(int64s(scratch_words()), CHUNK)
    for begin in range(0, BLOCK_ROWS, CHUNK):
        prefetch_values(values + 4 * begin, 4 * CHUNK // 64)
        lane = carray(int32s(values + 4 * begin), CHUNK)
        code = carray(uint8s(codes + begin), CHUNK)
        for i in range(CHUNK):
            below[i] = 0
        for level in range(levels):
            half = 1 << (levels - 1 - level)
            for i in range(CHUNK):
                farther = below[i] + half
                below[i] = farther if cut[np.uint64(farther - 1)] <= lane[i] else below[i]
        for i in range(CHUNK):
            code[i] = np.uint8(min(below[i], cuts) + first)


@routine
def halve_int64(table, cuts, levels, first, values, codes):  # type: ignore[no-untyped-def]
    """Write the codes of 2,048 int64 values; rows that are null get any code."""
    cut = carray(int64s(table), TABLE_SIZE)
    below = carray(int64s(scratch_words()), CHUNK)
    for begin in range(0, BLOCK_ROWS, CHUNK):
        prefetch_values(values + 8 * begin, 8 * CHUNK // 64)
        lane = carray(int64s(values + 8 * begin), CHUNK)
        code = carray(uint8s(codes + begin), CHUNK)
        for i in range(CHUNK):
            below[i] = 0
        for level in range(levels):
            half = 1 << (levels - 1 - level)
            for i in range(CHUNK):
                farther = below[i] + half
                below[i] = farther if cut[np.uint64(farther - 1)] <= lane[i] else below[i]
        for i in range(CHUNK):
            code[i] = np.uint8(min(below[i], cuts) + first)


@routine
def finish_float(threshold, below, lane, code):  # type: ignore[no-untyped-def]
    """Write the codes of a chunk, given how many thresholds lie below each value, or one less than that."""
    for i in range(CHUNK):
        value = lane[i]
        # Padding is NaN, so that this compares false past the last threshold.
        nearest = threshold[np.uint32(below[i])]
        twice = 2 * (below[i] + np.int32(nearest < value)) + np.int32(nearest == value)
        code[i] = np.uint8(2 + twice) if value == value else np.uint8(1)


@routine
def halve_float(table, levels, values, codes):  # type: ignore[no-untyped-def]
    """Write the codes of 2,048 doubles; rows that are null get any code."""
    threshold = carray(float64s(table), TABLE_SIZE)
    below = carray(int32s(scratch_words()), CHUNK)
    for begin in range(0, BLOCK_ROWS, CHUNK):
        prefetch_values(values + 8 * begin, 8 * CHUNK // 64)
        lane = carray(float64s(values + 8 * begin), CHUNK)
        for i in range(CHUNK):
            below[i] = 0
        for level in range(levels):
            half = np.int32(1 << (levels - 1 - level))
            for i in range(CHUNK):
                farther = np.int32(below[i] + half)
                below[i] = farther if threshold[np.uint32(farther - 1)] < lane[i] else below[i]
        finish_float(threshold, below, lane, carray(uint8s(codes + begin), CHUNK))


@routine
def look_up(table, entries, values, codes):  # type: ignore[no-untyped-def]
    """Write the codes of 2,048 dictionary indices; rows that are null get any code."""
    entry = carray(uint8s(table), 1 << 31)
    index = carray(uint32s(values), BLOCK_ROWS)
    code = carray(uint8s(codes), BLOCK_ROWS)
    last = np.uint32(entries)
    for i in range(
        BLOCK_ROWS
    ):  # an index under a null may be anything: the entry past the last one is there to be read
        code[i] = entry[min(index[i], last)]
