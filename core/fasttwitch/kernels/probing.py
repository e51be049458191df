"""Look-ups in the hash tables of `membership`, one register of keys at a time."""

import numpy as np

from fasttwitch.kernels.addresses import doubles_at, ints_at, words_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import BLOCK_ROWS, BLOCK_WORDS, MEMBER_DOUBLE
from fasttwitch.kernels.membership import EMPTY_DOUBLE, MULTIPLIER
from fasttwitch.kernels.registers import VALUE_BYTES, copy_words, words_of


@routine
def member(operation: int, left: int, table: int, slots: int, rows: int, result: int) -> None:
    """Set the bits of `result` where the register `left` holds a key of the table at the address `table`."""
    entries = ints_at(table, slots + 1)
    marker = entries[0]
    shift = np.uint64(64)
    size = slots
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    keys = ints_at(left, BLOCK_ROWS)
    values = doubles_at(left, BLOCK_ROWS)
    bits = words_at(result, BLOCK_WORDS)
    words = words_of(rows)
    for word in range(words):
        found = np.uint64(0)
        for lane in range(min(64, rows - 64 * word)):
            key = keys[64 * word + lane]
            if operation == MEMBER_DOUBLE:
                value = values[64 * word + lane]
                key = 0 if value == 0.0 else key  # -0.0 too
                key = EMPTY_DOUBLE if value != value else key
            home = np.int64((np.uint64(key) * np.uint64(MULTIPLIER)) >> shift)
            entry = entries[1 + home]
            # `marker` ends every search, also the one for a value that equals the marker: it is no member.
            while (entry != key) & (entry != marker):
                home = (home + 1) & (slots - 1)
                entry = entries[1 + home]
            found |= np.uint64((entry == key) & (entry != marker)) << np.uint64(lane)
        bits[word] = found
    copy_words(left + VALUE_BYTES, result + VALUE_BYTES, words)
