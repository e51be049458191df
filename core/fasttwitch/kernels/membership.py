"""Membership in a large set of constants: an open-addressing hash table of 64-bit keys.

The table is int64[1 + slots]: first the marker of empty slots, a key that is not in the set, then the slots, at most
half of them full. Keys of float64 values are their bits, after -0.0 has become 0.0; NaN is a member of nothing.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

MULTIPLIER = 0x9E3779B97F4A7C15  # 2**64 / golden ratio (Knuth, volume 3, section 6.4): consecutive keys spread evenly
EMPTY_DOUBLE = 0x7FF8_0000_0000_0001  # a NaN: no member has these bits


def membership_table(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the table of a set of int64, uint64 or float64 values; its number of slots is `table.size - 1`."""
    keys = np.unique(membership_keys(values))
    slots = max(4, 1 << int(2 * keys.size - 1).bit_length()) if keys.size else 4
    marker = EMPTY_DOUBLE if values.dtype == np.float64 else _absent(keys)
    table = np.full(1 + slots, marker, np.int64)
    homes = (keys.view(np.uint64) * np.uint64(MULTIPLIER)) >> np.uint64(64 - int(slots - 1).bit_length())
    for key, home in zip(keys.tolist(), homes.tolist(), strict=True):
        while table[1 + home] != marker:
            home = (home + 1) & (slots - 1)
        table[1 + home] = key
    return table


def membership_keys(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the keys of the values that can be members at all: all but NaN."""
    if values.dtype == np.float64:
        members: npt.NDArray[np.float64] = values[~np.isnan(values)] + 0.0
        return members.view(np.int64)
    return np.ascontiguousarray(values).view(np.int64)


def _absent(keys: npt.NDArray[np.int64]) -> int:
    """Return the smallest number from 0 that is no key; `keys` is sorted."""
    natural = keys[keys >= 0]
    gaps = np.flatnonzero(natural != np.arange(natural.size))
    return int(gaps[0]) if gaps.size else int(natural.size)
