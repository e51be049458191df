"""Rows found by 64-bit words that stand for their ids.

The table is int64[2 * slots], slots being a power of two, at most half of them taken: for each slot a word and its row,
or -1 for an empty one. A whole number is its own word, a string has a hash of all its bytes.
"""

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import bytes_at, ints_at, load_byte, load_word
from fasttwitch.kernels.jit import kernel, routine
from fasttwitch.kernels.layout import INPUT_DATA, INPUT_PHYSICAL, INPUT_VALIDITY, INPUT_VALIDITY_BIT, INPUT_VALUES
from fasttwitch.kernels.naming import ends_of_text, text_at
from fasttwitch.kernels.vectors import prefetch

MULTIPLIER = 0x9E3779B97F4A7C15  # 2**64 / golden ratio: consecutive words spread evenly
ANY = 1 << 40
AHEAD = 8  # slots that are asked for while others are looked at: they lie anywhere


def slots_for(rows: int) -> int:
    """Return the number of slots of a table of so many rows."""
    return max(4, 1 << (2 * rows - 1).bit_length()) if rows else 4


@routine
def _home(word, shift):  # type: ignore[no-untyped-def]
    return np.int64((np.uint64(word) * np.uint64(MULTIPLIER)) >> shift)


@routine
def _shift(slots):  # type: ignore[no-untyped-def]
    """Return by how much a product is shifted to become the number of a slot."""
    shift = np.uint64(64)
    while slots > 1:
        slots >>= 1
        shift -= np.uint64(1)
    return shift


@kernel(types.int64(*[types.int64] * 5))
def index_words(words_at: int, known_at: int, rows: int, table_at: int, slots: int) -> int:
    """Fill a table whose rows are all -1; return the first row whose word an earlier one has, or -1.

    words_at  address of int64[rows]
    known_at  address of uint8[rows]: 0 for rows that are left out
    table_at  address of int64[2 * slots]
    """
    words, known, table = ints_at(words_at, ANY), bytes_at(known_at, ANY), ints_at(table_at, ANY)
    shift = _shift(slots)
    for row in range(rows):
        if row + AHEAD < rows:
            prefetch(table_at + 16 * _home(words[row + AHEAD], shift))
        if known[row]:
            slot = _home(words[row], shift)
            while table[2 * slot + 1] >= 0:
                if table[2 * slot] == words[row]:
                    return row
                slot = (slot + 1) & (slots - 1)
            table[2 * slot], table[2 * slot + 1] = words[row], row
    return -1


@kernel(types.void(*[types.int64] * 6))
def find_words(words_at: int, known_at: int, count: int, table_at: int, slots: int, rows_at: int) -> None:
    """Write the row of each word; -1 where there is none, and where it is not known.

    words_at, known_at, table_at, slots  as `index_words`
    rows_at                              address of int64[count]
    """
    words, known, table = ints_at(words_at, ANY), bytes_at(known_at, ANY), ints_at(table_at, ANY)
    rows = ints_at(rows_at, ANY)
    shift = _shift(slots)
    for place in range(count):
        if place + AHEAD < count:
            prefetch(table_at + 16 * _home(words[place + AHEAD], shift))
        rows[place] = -1
        if known[place]:
            slot = _home(words[place], shift)
            while table[2 * slot + 1] >= 0:
                if table[2 * slot] == words[place]:
                    rows[place] = table[2 * slot + 1]
                    break
                slot = (slot + 1) & (slots - 1)


@routine
def _mixed(state, word):  # type: ignore[no-untyped-def]
    product = (state ^ word) * np.uint64(MULTIPLIER)
    return product ^ (product >> np.uint64(29))


@routine
def _hash_of(start, length, seed):  # type: ignore[no-untyped-def]
    mixed = seed + np.uint64(length) * np.uint64(MULTIPLIER)
    for place in range(0, length - 7, 8):
        mixed = _mixed(mixed, load_word(start + place))
    head, tail = ends_of_text(start, length)
    return _mixed(mixed, tail if length >= 8 else head ^ (tail << np.uint64(32)))


@kernel(types.void(types.int64[::1], types.int64, types.int64[::1]))
def hash_texts(input, seed, words):  # type: ignore[no-untyped-def]
    """Write a hash of each string of a text input; of a null, 0.

    input  int64[INPUT_FIELDS]
    words  int64[rows]
    """
    physical, source, data = input[INPUT_PHYSICAL], input[INPUT_VALUES], input[INPUT_DATA]
    validity, validity_bit = input[INPUT_VALIDITY], input[INPUT_VALIDITY_BIT]
    for row in range(words.size):
        bit = validity_bit + row
        words[row] = 0
        # Below a null a view may be garbage, and point anywhere.
        if validity == 0 or (load_byte(validity + (bit >> 3)) >> np.uint8(bit & 7)) & np.uint8(1):
            start, length = text_at(physical, source, data, row)
            words[row] = np.int64(_hash_of(start, length, np.uint64(seed)))
