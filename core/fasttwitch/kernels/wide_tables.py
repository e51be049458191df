"""Cuts laid out for a search whose tree sits in vector registers: plain NumPy.

The search compares 32-bit *images* of values: a double rounded to float32, an int64 less an origin and shifted right.
Images keep the order, so only a value whose image equals a cut's is in doubt, and those few are looked at again.

A wide table is rows of 64 bytes, 16 entries of 32 bits each. First the levels of the search tree: level l has 2**l
pivots, the first five levels a row each, then 2, 4 and 8 rows. A *place* in the tree is a number whose lowest bit says
which way the search went at the root, the next bit which way it went then: a step sets one bit and shifts nothing. So
the pivots of a level stand in the order of places, bits reversed. Then come the images of the cuts by final place: the
cut that is next above the value, or equal to it. The last row holds how int64 images are made, and how many cuts share
one image at most.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

ENTRIES = 16  # a row
ROW_BYTES = 64
LEVEL_ROWS = (0, 1, 2, 3, 4, 5, 7, 11)  # first row of each level
NEXT_ROW = 19  # first of 16 rows of images by final place
FACTS_ROW = 35  # int64: origin, shift, most cuts of one image (0: images decide alone)
_ROWS = 36

Bytes = NDArray[np.uint8]
Int64s = NDArray[np.int64]
Images = NDArray[np.float32] | NDArray[np.int32] | NDArray[np.uint32]

_NOTHING = np.empty(0, np.uint8)
_MOST_SHARING = 3  # a second look at a value costs 0.7 ns for each cut of its image; halving all cuts, 3 to 5 ns
_MOST_UINT32 = 2**32 - 1
_IMAGE_BITS = 31  # of shifted int64 cuts: a bit less than there is, so that the span's rounding cannot overflow


def wide_doubles(thresholds: NDArray[np.float64]) -> Bytes:
    """Return the wide table of a FLOAT plane; nothing if too many thresholds share an image."""
    with np.errstate(over="ignore"):
        images = thresholds.astype(np.float32)
    if _most_equal(images) > _MOST_SHARING:
        return _NOTHING
    # Infinity pads the images: NaN and infinity are then always looked at again, which is how NaN gets its code.
    return _table(images, np.inf, np.inf, most=_most_equal(images))


def wide_int32(cuts: Int64s) -> Bytes:
    """Return the wide table of a SEARCH plane on I32 lanes; `value > cut - 1` is `value >= cut`."""
    return _table((cuts - 1).astype(np.int32), 2**31 - 1, 0)


def wide_int64(cuts: Int64s) -> Bytes:
    """Return the wide table of a SEARCH plane on I64 lanes.

    Cuts that span less than 2**32 - 1 become their distances, which decide alone; wider ones lose low bits. Nothing if
    too many cuts then share an image.
    """
    if cuts.size == 0:
        return _table(cuts.astype(np.uint32), _MOST_UINT32, 0)
    least, span = int(cuts[0]), int(cuts[-1]) - int(cuts[0])
    if span < _MOST_UINT32:
        return _table((cuts - np.int64(least)).astype(np.uint32), _MOST_UINT32, 0, origin=least - 1)
    shift = span.bit_length() - _IMAGE_BITS
    # One image below the first cut's, where there is room: values below all cuts are then in no doubt.
    origin = max(least - (1 << shift), -(2**63))
    images = np.array([(int(cut) - origin) >> shift for cut in cuts], np.uint32)
    if _most_equal(images) > _MOST_SHARING:
        return _NOTHING
    return _table(images, _MOST_UINT32, 0, origin, shift, _most_equal(images))


def _table(pivots: Images, unreached: float, unequal: float, origin: int = 0, shift: int = 0, most: int = 0) -> Bytes:
    """Return a table; `unreached` pads the pivots, so that no value is greater; `unequal` pads the images."""
    levels = int(pivots.size).bit_length()
    padding = (1 << levels) - pivots.size
    room = np.concatenate([pivots, [unreached] * padding, pivots, [unequal] * padding]).astype(pivots.dtype)
    table = _aligned(_ROWS * ROW_BYTES)
    arranged = _arrangement(levels)
    table.view(pivots.dtype)[: arranged.size] = room[arranged]
    table.view(np.int64)[FACTS_ROW * 8 : FACTS_ROW * 8 + 3] = origin, shift, most
    return table


@cache
def _arrangement(levels: int) -> Int64s:
    """Return for each entry which of the sorted pivots, or of the images behind them, it holds."""
    entries = np.zeros(FACTS_ROW * ENTRIES, np.int64)
    for level in range(levels):
        half = 1 << (levels - 1 - level)
        path = np.arange(1 << level)
        entries[LEVEL_ROWS[level] * ENTRIES + _reversed_bits(path, level)] = path * 2 * half + half - 1
    rank = np.arange(1 << levels)
    entries[NEXT_ROW * ENTRIES + _reversed_bits(rank, levels)] = (1 << levels) + rank
    return entries


def _reversed_bits(numbers: Int64s, width: int) -> Int64s:
    result = np.zeros_like(numbers)
    for bit in range(width):
        result |= ((numbers >> bit) & 1) << (width - 1 - bit)
    return result


def _most_equal(images: Images) -> int:
    return int(np.unique(images, return_counts=True)[1].max()) if images.size else 0


def _aligned(size: int) -> Bytes:
    """Return zeroed bytes that begin a cache line: a vector register is one, and straddling two costs a second load."""
    room = np.zeros(size + ROW_BYTES, np.uint8)
    begin = -room.ctypes.data % ROW_BYTES
    return room[begin : begin + size]
