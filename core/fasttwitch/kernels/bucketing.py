"""The buckets of `bucket(x, "salt", n)`: murmur3_x86_32 of the salt, a colon and the text of x, modulo n.

The hash is A. Appleby's MurmurHash3 (2011, public domain), seed 0. Salt and colon come first in all rows, so that their
whole words are mixed once, and their last bytes wait in front of each row's.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from fasttwitch.kernels.addresses import bytes_at, load_byte, load_short, store_word
from fasttwitch.kernels.jit import kernel, routine
from fasttwitch.kernels.layout import INPUT_DATA, INPUT_PHYSICAL, INPUT_VALIDITY, INPUT_VALIDITY_BIT, INPUT_VALUES
from fasttwitch.kernels.naming import text_at
from fasttwitch.kernels.vectors import scratch_words

ALL_32 = np.uint64(0xFFFF_FFFF)
ASCII_ZEROS = np.uint64(0x3030_3030_3030_3030)
MINUS = 45
HUNDRED_MILLION = 100_000_000
Bytes = types.Array(types.uint8, 1, "C", readonly=True)


@routine
def _after_prefix(prefix: Any) -> tuple[Any, Any, int]:
    """Return the state after the prefix's whole words, its last bytes as a word, and its length."""
    state = np.uint64(0)
    whole = prefix.size & ~3
    for i in range(0, whole, 4):
        word = np.uint64(prefix[i]) | np.uint64(prefix[i + 1]) << np.uint64(8)
        word |= np.uint64(prefix[i + 2]) << np.uint64(16) | np.uint64(prefix[i + 3]) << np.uint64(24)
        state = _mixed(state, word)
    waiting = np.uint64(0)
    for i in range(whole, prefix.size):
        waiting |= np.uint64(prefix[i]) << np.uint64(8 * (i - whole))
    return state, waiting, prefix.size


@routine
def _hash(state: Any, waiting: Any, length_before: int, start: int, length: int) -> Any:
    """Return the 32-bit hash of a prefix and `length` bytes at an address.

    waiting  the last 0 to 3 bytes of the prefix: each word read comes behind them, its own last bytes wait next
    """
    shift = np.uint64(8 * (length_before & 3))
    at = start
    for _ in range(length >> 2):
        ahead = waiting | np.uint64(load_short(at)) << shift
        state = _mixed(state, ahead & ALL_32)
        waiting = ahead >> np.uint64(32)
        at += 4
    for _ in range(length & 3):
        waiting |= np.uint64(load_byte(at)) << shift
        shift += np.uint64(8)
        at += 1
    if shift >= np.uint64(32):
        state = _mixed(state, waiting & ALL_32)
        waiting >>= np.uint64(32)
    state ^= _scrambled(waiting)  # nothing, if no byte waits
    return _finished(state ^ (np.uint64(length_before + length) & ALL_32))


@routine
def _scrambled(word: Any) -> Any:
    word = (word * np.uint64(0xCC9E2D51)) & ALL_32
    word = (word << np.uint64(15) | word >> np.uint64(17)) & ALL_32
    return (word * np.uint64(0x1B873593)) & ALL_32


@routine
def _mixed(state: Any, word: Any) -> Any:
    state ^= _scrambled(word)
    state = (state << np.uint64(13) | state >> np.uint64(19)) & ALL_32
    return (state * np.uint64(5) + np.uint64(0xE6546B64)) & ALL_32


@routine
def _finished(state: Any) -> Any:
    state ^= state >> np.uint64(16)
    state = (state * np.uint64(0x85EBCA6B)) & ALL_32
    state ^= state >> np.uint64(13)
    state = (state * np.uint64(0xC2B2AE35)) & ALL_32
    return state ^ state >> np.uint64(16)


@routine
def _decimal(value: int, is_unsigned: int, room: int) -> tuple[int, Any]:
    """Write an integer's decimal text to the 32 bytes of `room`; return its address and length."""
    negative = is_unsigned == 0 and value < 0
    size = np.uint64(value)
    if negative:
        size = ~size + np.uint64(1)
    million = np.uint64(HUNDRED_MILLION)
    upper = size // million
    top = upper // million
    store_word(room + 8, _eight_digits(top) | ASCII_ZEROS)
    store_word(room + 16, _eight_digits(upper - top * million) | ASCII_ZEROS)
    store_word(room + 24, _eight_digits(size - upper * million) | ASCII_ZEROS)
    digits = 1
    bound = np.uint64(10)
    while digits < 20 and size >= bound:
        digits += 1
        bound *= np.uint64(10)  # 10**20 is never reached
    start = room + 32 - digits
    if negative:
        start -= 1
        bytes_at(start, 1)[0] = MINUS
    return start, digits + np.int64(negative)


@routine
def _eight_digits(number: Any) -> Any:
    """Return the eight decimal digits of a number below 10**8 as bytes, the first digit lowest."""
    halves = number // np.uint64(10_000)
    halves |= (number - halves * np.uint64(10_000)) << np.uint64(32)
    hundreds = ((halves * np.uint64(5_243)) >> np.uint64(19)) & np.uint64(0x7F_0000_007F)  # by 100, below 10**4
    pairs = hundreds | (halves - hundreds * np.uint64(100)) << np.uint64(16)
    tens = ((pairs * np.uint64(103)) >> np.uint64(10)) & np.uint64(0x000F_000F_000F_000F)  # by 10, below 100
    return tens | (pairs - tens * np.uint64(10)) << np.uint64(8)


@kernel(types.void(types.int64[::1], types.int64, types.int64, Bytes, types.int64, types.int64[::1]))
def bucket_texts(
    input: npt.NDArray[np.int64],
    begin: int,
    end: int,
    prefix: npt.NDArray[np.uint8],
    buckets: int,
    out: npt.NDArray[np.int64],
) -> None:
    """Write the buckets of rows [begin, end) of a column of strings.

    input    int64[INPUT_FIELDS]: a text input; INPUT_NAMES is not read
    prefix   uint8: the salt's UTF-8 and a colon
    buckets  1..2**32
    out      int64[rows]: only [begin, end) is written; a null row gets the bucket of the empty string
    """
    physical, source, data = input[INPUT_PHYSICAL], input[INPUT_VALUES], input[INPUT_DATA]
    validity, validity_bit = input[INPUT_VALIDITY], input[INPUT_VALIDITY_BIT]
    state, waiting, length_before = _after_prefix(prefix)
    for row in range(begin, end):
        start, length = source, 0  # below a null a view may be garbage, and point anywhere
        bit = validity_bit + row
        if validity == 0 or (load_byte(validity + (bit >> 3)) >> np.uint8(bit & 7)) & np.uint8(1):
            start, length = text_at(physical, source, data, row)
        out[row] = np.int64(_hash(state, waiting, length_before, start, length) % np.uint64(buckets))


@kernel(types.void(types.Array(types.int64, 1, "C", readonly=True), types.int64, Bytes, types.int64, types.int64[::1]))
def bucket_ints(
    values: npt.NDArray[np.int64],
    is_unsigned: int,
    prefix: npt.NDArray[np.uint8],
    buckets: int,
    out: npt.NDArray[np.int64],
) -> None:
    """Write the buckets of integers, which are hashed as their decimal text.

    values       int64[rows]; or a view of uint64[rows] as int64, with `is_unsigned` = 1
    is_unsigned  0 or 1
    prefix       uint8: the salt's UTF-8 and a colon
    buckets      1..2**32
    out          int64[rows]
    """
    state, waiting, length_before = _after_prefix(prefix)
    room = scratch_words()
    for row in range(values.size):
        start, length = _decimal(values[row], is_unsigned, room)
        out[row] = np.int64(_hash(state, waiting, length_before, start, length) % np.uint64(buckets))
