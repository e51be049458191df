"""Values as keys that order as int64 does, and the number of cuts at or below a key."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

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


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _choose(typing_context: Any, condition: Any, left: Any, right: Any) -> Any:
    """Return `left` where the condition holds, else `right`, without a branch.

    LLVM makes a branch of what looks like a choice, and of arithmetic on truths too, unless it is told that chance
    decides: 200 cuts then took 33 ns in place of 10.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        chosen = builder.select(builder.trunc(arguments[0], ir.IntType(1)), *arguments[1:])
        chosen.set_metadata("unpredictable", builder.module.add_metadata([]))
        return chosen

    return types.int64(types.boolean, types.int64, types.int64), emit


@routine
def double_key(bits: Any) -> Any:
    """Return the key of a double that is not NaN: both zeros have key 0, and the next double up has the next key."""
    return bits if bits >= 0 else (bits ^ LOW_BITS) + np.int64(1)


@routine
def cuts_reached(cuts: int, count: int, key: Any) -> Any:
    """Return how many of the ascending int64 at address `cuts` are at most `key`."""
    base: Any = cuts
    left = count
    while left > 1:
        half = left >> 1
        middle = base + (half << 3)
        base = _choose(load_int(middle - 8) <= key, middle, base)
        left -= half
    reached = (base - cuts) >> 3
    return reached + np.int64(load_int(base) <= key) if left == 1 else reached


@routine
def double_code(bits: Any, cuts: int, count: int) -> Any:
    """Return the code of a double that is known."""
    code = np.int64(2) + cuts_reached(cuts, count, double_key(bits))
    return np.int64(NAN_CODE) if (bits & LOW_BITS) > INFINITE else code


@routine
def ordered_code(kind: int, bits: Any, cuts: int, count: int, zero: int) -> Any:
    """Return the code of an ordered value that is known; `zero` is `now` where the kind is AS_RECENCY, else 0."""
    if kind == AS_DOUBLE:
        return double_code(bits, cuts, count)
    return np.int64(1) + cuts_reached(cuts, count, (bits ^ flipped_bits(kind)) - zero)


@routine
def flipped_bits(kind: int) -> Any:
    """Return the bits in which a value that is no double differs from its key."""
    return TOP_BIT if kind == AS_UINT else np.int64(0)


@routine
def is_known(known: int, row: int) -> Any:
    """Return bit `row` of the bitmask at address `known`."""
    return (ints_at(known, 1 << 20)[row >> 6] >> (row & 63)) & 1
