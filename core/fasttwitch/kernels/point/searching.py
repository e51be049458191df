"""Values as keys that order as int64 does, and the number of cuts at or below a key."""

from typing import Any

import numpy as np

from fasttwitch.kernels.addresses import ints_at, load_int
from fasttwitch.kernels.jit import routine

# What a value's 64 bits are, and with that how they become a key.
AS_INT = 0  # int64, or instants, days and lengths of time
AS_UINT = 1  # the top bit flipped is int64's order
AS_DOUBLE = 2
AS_RECENCY = 3  # µs; the key is what they lie after `now`

NULL_CODE, NAN_CODE = 0, 1
TOP_BIT = np.int64(-(2**63))
LOW_BITS = np.int64(2**63 - 1)
INFINITE = np.int64(0x7FF0_0000_0000_0000)


@routine
def double_key(bits: Any) -> Any:
    """Return the key of a double that is not NaN: both zeros have key 0, and the next double up has the next key."""
    return bits if bits >= 0 else (bits ^ LOW_BITS) + np.int64(1)


@routine
def cuts_reached(cuts: int, count: int, key: Any) -> Any:
    """Return how many of the ascending int64 at address `cuts` are at most `key`."""
    base: Any = cuts
    left = count
    # Without a branch that chance decides: a wrong guess would cost as much as the rest of the search.
    while left > 1:
        half = left >> 1
        base += (half << 3) * np.int64(load_int(base + (half << 3) - 8) <= key)
        left -= half
    reached = (base - cuts) >> 3
    return reached + np.int64(load_int(base) <= key) if left == 1 else reached


@routine
def ordered_code(kind: int, bits: Any, cuts: int, count: int, now: int) -> Any:
    """Return the code of an ordered value that is known."""
    if kind == AS_DOUBLE:
        if (bits & LOW_BITS) > INFINITE:
            return NAN_CODE
        return np.int64(2) + cuts_reached(cuts, count, double_key(bits))
    key = bits
    if kind == AS_UINT:
        key = bits ^ TOP_BIT
    elif kind == AS_RECENCY:
        key = bits - now
    return np.int64(1) + cuts_reached(cuts, count, key)


@routine
def is_known(known: int, row: int) -> Any:
    """Return bit `row` of the bitmask at address `known`."""
    return (ints_at(known, 1 << 20)[row >> 6] >> (row & 63)) & 1
