"""The distinct strings of a column, numbered as they appear."""

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import load_byte, load_int, store_word
from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.layout import INPUT_DATA, INPUT_PHYSICAL, INPUT_VALIDITY, INPUT_VALIDITY_BIT, INPUT_VALUES
from fasttwitch.kernels.naming import ends_of_text, slot_of_text, text_at


@kernel(types.int64(types.int64[::1], types.int64, types.int64, types.int64[::1], types.int32[::1], types.int64[::1]))
def intern(input, begin, end, table, numbers, firsts):  # type: ignore[no-untyped-def]
    """Number the distinct strings of rows [begin, end) as they appear; return how many there are, or -1: too many.

    input    int64[INPUT_FIELDS]: a text input
    table    of `interning_table(firsts.size)`
    numbers  int32[rows]: for rows [begin, end), the number of each one's string
    firsts   int64: for each number the first row that has it
    """
    physical, source, data = input[INPUT_PHYSICAL], input[INPUT_VALUES], input[INPUT_DATA]
    validity, validity_bit = input[INPUT_VALIDITY], input[INPUT_VALIDITY_BIT]
    at = table.ctypes.data
    mask = (table[0] & 0xFFFFFFFF) - 1
    count = 0
    for row in range(begin, end):
        # A null counts as the empty string: below it a view may be garbage, and point anywhere.
        start, length = source, 0
        bit = validity_bit + row
        if validity == 0 or (load_byte(validity + (bit >> 3)) >> np.uint8(bit & 7)) & np.uint8(1):
            start, length = text_at(physical, source, data, row)
        head, tail = ends_of_text(start, length)
        entry = slot_of_text(start, length, head, tail, at, mask)
        if load_int(entry + 16) < 0:
            if count == firsts.size:
                return -1
            store_word(entry, head)
            store_word(entry + 8, tail)
            store_word(entry + 16, np.uint64(length))
            store_word(entry + 24, np.uint64(count))
            store_word(entry + 32, np.uint64(start))
            firsts[count] = row
            count += 1
        numbers[row] = load_int(entry + 24)
    return count
