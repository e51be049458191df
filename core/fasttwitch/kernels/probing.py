"""Look-ups in the hash tables of `membership`, one register of keys at a time."""

import numpy as np

from fasttwitch.kernels.addresses import bytes_at, doubles_at, ints_at, words_at
from fasttwitch.kernels.compare import pack_bits
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import BLOCK_ROWS, MEMBER_DOUBLE
from fasttwitch.kernels.membership import EMPTY_DOUBLE, MULTIPLIER


@routine
def member(operation: int, left: int, table: int, slots: int, result: int, found: int) -> None:
    """Set the bits of `result` where the register `left` holds a key of the table.

    table   address of int64[1 + slots]
    found   room for 2,048 bytes
    """
    out = bytes_at(found, BLOCK_ROWS)
    entries = ints_at(table, slots + 1)
    marker = entries[0]
    shift = np.uint64(64)
    size = slots
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    keys = ints_at(left, BLOCK_ROWS)
    bits = words_at(left, BLOCK_ROWS)
    values = doubles_at(left, BLOCK_ROWS)
    for i in range(BLOCK_ROWS):
        key = keys[i]
        pattern = bits[i]
        if operation == MEMBER_DOUBLE:
            value = values[i]
            if value == 0.0:  # -0.0 too
                key = 0
                pattern = np.uint64(0)
            elif value != value:
                key = EMPTY_DOUBLE
        home = np.int64((pattern * np.uint64(MULTIPLIER)) >> shift)
        entry = entries[1 + home]
        # `marker` ends every search, also the one for a value that equals the marker: it is no member.
        while (entry != key) & (entry != marker):
            home = (home + 1) & (slots - 1)
            entry = entries[1 + home]
        out[i] = (entry == key) & (entry != marker)
    pack_bits(found, 1, result)
