"""Decimals that do not fit 64 bits: coded by rank."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from fasttwitch.plan.value_sets import Cut

DIGITS_OF_64_BITS = 18


def fits_64_bits(column: pa.ChunkedArray) -> bool:
    """Return whether every stored decimal128 is the sign extension of its low word."""
    if column.type.precision <= DIGITS_OF_64_BITS:
        return True
    for chunk in column.chunks:
        words = np.frombuffer(chunk.buffers()[1], np.int64)[2 * chunk.offset : 2 * (chunk.offset + len(chunk))]
        low, high = words[::2], words[1::2]
        if not np.array_equal(low >> 63, high):
            return False
    return True


def ranks(column: pa.ChunkedArray, cuts: Sequence[Cut]) -> pa.ChunkedArray:
    """Return int32: the number of cuts at or below each value, null where the value is."""
    chunks = []
    for chunk in column.chunks:
        # A value stands just above the cut (value, 0) and just below (value, 1).
        found = [None if value is None else bisect_right(cuts, (value, 0)) for value in chunk.to_pylist()]
        chunks.append(pa.array(found, pa.int32()))
    return pa.chunked_array(chunks, type=pa.int32())
