"""Values to codes on any CPU that LLVM knows.

Rows are innermost everywhere, so that LLVM vectorises with what the CPU has. A search by halving loads a cut per row
and level, which no CPU does fast in vectors; comparing with all cuts loads each once per chunk of rows and vectorises
everywhere. So few cuts are counted and many are halved. ns a value on Zen 4:

    cuts                                 1      7      15     31     45     63     100 and more
    int32, counted                       0.24   0.36   0.60   1.1           2.3    (halved: 2.9)
    int64, counted                       0.38   0.62   1.1    2.0    (halved: 2.5, 2.9)
    doubles, compared twice exactly      0.18   0.86
    doubles, counted through float32     1.5    1.6    1.8    2.3    2.7    3.2    (halved: 4.7)
"""

import numpy as np
from numba import carray, types

from fasttwitch.kernels import lanes, layout
from fasttwitch.kernels.addresses import load_word
from fasttwitch.kernels.halving import (
    CHUNK,
    TABLE_SIZE,
    finish_float,
    halve_float,
    halve_int32,
    halve_int64,
    look_up,
)
from fasttwitch.kernels.jit import kernel, routine
from fasttwitch.kernels.layout import BLOCK_ROWS, BLOCK_WORDS
from fasttwitch.kernels.vectors import (
    drop_nulls,
    float32s,
    float64s,
    int32s,
    int64s,
    prefetch_values,
    scratch_words,
    truths,
    uint8s,
)

_METHOD, _CUTS, _TABLE, _FIRST = layout.PLANE_METHOD, layout.PLANE_CUTS, layout.PLANE_TABLE, layout.PLANE_FIRST
_LOW, _HIGH, _BIAS = layout.PLANE_LOW, layout.PLANE_HIGH, layout.PLANE_BIAS
_LEVELS, _IMAGE = layout.PLANE_LEVELS, layout.PLANE_IMAGE
_NARROW, _SEARCH, _FLOAT, _LOOKUP = layout.NARROW, layout.SEARCH, layout.FLOAT, layout.LOOKUP
_I32 = lanes.I32

_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_GREATEST_INT32 = 2**31 - 1

# Up to so many cuts the loop above the next one in `encode` is faster.
_COUNTED_INT32 = 96
_COUNTED_INT64 = 32
_COMPARED_DOUBLES = 12
_COUNTED_DOUBLES = 80


@routine
def _narrow_int32(low, high, bias, values, codes):  # type: ignore[no-untyped-def]
    lane = carray(int32s(values), BLOCK_ROWS)
    code = carray(uint8s(codes), BLOCK_ROWS)
    least = np.int32(low)
    greatest = np.int32(high)
    shift = np.uint8(bias)
    for begin in range(0, BLOCK_ROWS, 64):
        prefetch_values(values + 4 * begin, 4)
        for i in range(begin, begin + 64):
            code[i] = np.uint8(min(max(lane[i], least), greatest)) - shift


@routine
def _narrow_int64(low, high, bias, values, codes):  # type: ignore[no-untyped-def]
    lane = carray(int64s(values), BLOCK_ROWS)
    code = carray(uint8s(codes), BLOCK_ROWS)
    shift = np.uint8(bias)
    for begin in range(0, BLOCK_ROWS, 64):
        prefetch_values(values + 8 * begin, 8)
        for i in range(begin, begin + 64):
            code[i] = np.uint8(min(max(lane[i], low), high)) - shift


@routine
def _count_int32(table, cuts, first, values, codes):  # type: ignore[no-untyped-def]
    cut = carray(int64s(table), TABLE_SIZE)
    count = carray(int32s(scratch_words()), CHUNK)
    most = np.int32(cuts)
    for begin in range(0, BLOCK_ROWS, CHUNK):
        prefetch_values(values + 4 * begin, 4 * CHUNK // 64)
        lane = carray(int32s(values + 4 * begin), CHUNK)
        code = carray(uint8s(codes + begin), CHUNK)
        for i in range(CHUNK):
            count[i] = 0
        for k in range(0, cuts, 4):  # four at a time: the counts are loaded and stored a quarter as often
            a = np.int32(min(cut[k], _GREATEST_INT32))
            b = np.int32(min(cut[k + 1], _GREATEST_INT32))
            c = np.int32(min(cut[k + 2], _GREATEST_INT32))
            d = np.int32(min(cut[k + 3], _GREATEST_INT32))
            for i in range(CHUNK):
                value = lane[i]
                pair = np.int32(np.int32(value >= a) + np.int32(value >= b))
                count[i] += np.int32(pair + np.int32(np.int32(value >= c) + np.int32(value >= d)))
        for i in range(CHUNK):  # the greatest int32 reaches the padding too
            code[i] = np.uint8(min(count[i], most) + first)


@routine
def _count_int64(table, cuts, first, values, codes):  # type: ignore[no-untyped-def]
    cut = carray(int64s(table), TABLE_SIZE)
    count = carray(int64s(scratch_words()), CHUNK)
    for begin in range(0, BLOCK_ROWS, CHUNK):
        prefetch_values(values + 8 * begin, 8 * CHUNK // 64)
        lane = carray(int64s(values + 8 * begin), CHUNK)
        code = carray(uint8s(codes + begin), CHUNK)
        for i in range(CHUNK):
            count[i] = 0
        for k in range(0, cuts, 4):
            a, b, c, d = cut[k], cut[k + 1], cut[k + 2], cut[k + 3]
            for i in range(CHUNK):
                value = lane[i]
                count[i] += np.int64(value >= a) + np.int64(value >= b) + np.int64(value >= c) + np.int64(value >= d)
        for i in range(CHUNK):
            code[i] = np.uint8(min(count[i], cuts) + first)


@routine
def _compare_float(table, cuts, values, codes):  # type: ignore[no-untyped-def]
    """Compare with each threshold twice: exact, and for few of them faster than looking up the nearest one."""
    threshold = carray(float64s(table), TABLE_SIZE)
    for begin in range(0, BLOCK_ROWS, 64):
        prefetch_values(values + 8 * begin, 8)
        lane = carray(float64s(values + 8 * begin), 64)
        code = carray(uint8s(codes + begin), 64)
        for i in range(64):
            code[i] = np.uint8(2) if lane[i] == lane[i] else np.uint8(1)
        for k in range(cuts):
            bound = threshold[k]
            for i in range(64):
                code[i] += np.uint8(lane[i] > bound) + np.uint8(lane[i] >= bound)


@routine
def _count_float(table, cuts, values, codes):  # type: ignore[no-untyped-def]
    """Count in float32, whose lanes are half as wide: rounding is monotone, so only the next threshold is in doubt."""
    threshold = carray(float64s(table), TABLE_SIZE)
    scratch = scratch_words()
    below = carray(int32s(scratch), CHUNK)
    image = carray(float32s(scratch + 4 * CHUNK), CHUNK)
    for begin in range(0, BLOCK_ROWS, CHUNK):
        prefetch_values(values + 8 * begin, 8 * CHUNK // 64)
        lane = carray(float64s(values + 8 * begin), CHUNK)
        for i in range(CHUNK):
            below[i] = 0
            image[i] = np.float32(lane[i])
        for k in range(0, cuts, 4):
            a, b = np.float32(threshold[k]), np.float32(threshold[k + 1])
            c, d = np.float32(threshold[k + 2]), np.float32(threshold[k + 3])
            for i in range(CHUNK):
                value = image[i]
                pair = np.int32(np.int32(value > a) + np.int32(value > b))
                below[i] += np.int32(pair + np.int32(np.int32(value > c) + np.int32(value > d)))
        finish_float(threshold, below, lane, carray(uint8s(codes + begin), CHUNK))


@kernel(types.void(types.int64[:, ::1], types.int64, types.int64, types.int64, types.int64, types.int64))
def encode(planes, plane, lane, values, validity, codes):  # type: ignore[no-untyped-def]
    """Write the codes of a staged block by a plane's method.

    planes    int64[planes, PLANE_FIELDS]
    lane      of the plane's input, see `lanes`
    values    address of 2,048 values (BITS: 32 words)
    validity  address of 32 words
    codes     address of uint8[2048], overwritten; null rows get 0
    """
    row = planes[plane]
    method, table, cuts, first = row[_METHOD], row[_TABLE], row[_CUTS], row[_FIRST]
    if method == _NARROW:
        if lane == _I32:
            _narrow_int32(row[_LOW], row[_HIGH], row[_BIAS], values, codes)
        else:
            _narrow_int64(row[_LOW], row[_HIGH], row[_BIAS], values, codes)
    elif method == _SEARCH:
        if lane == _I32:
            if cuts <= _COUNTED_INT32:
                _count_int32(table, cuts, first, values, codes)
            else:
                halve_int32(table, cuts, row[_LEVELS], first, values, codes)
        elif cuts <= _COUNTED_INT64:
            _count_int64(table, cuts, first, values, codes)
        else:
            halve_int64(table, cuts, row[_LEVELS], first, values, codes)
    elif method == _FLOAT:
        if cuts <= _COMPARED_DOUBLES:
            _compare_float(table, cuts, values, codes)
        elif row[_IMAGE] and cuts <= _COUNTED_DOUBLES:
            _count_float(table, cuts, values, codes)
        else:
            halve_float(table, row[_LEVELS], values, codes)
    elif method == _LOOKUP:
        look_up(table, cuts, values, codes)
    else:
        for word in range(BLOCK_WORDS):
            truths(codes + 64 * word, load_word(values + 8 * word), load_word(validity + 8 * word))
        return
    for word in range(BLOCK_WORDS):
        known = load_word(validity + 8 * word)
        if known != _ALL:
            drop_nulls(codes + 64 * word, known)
