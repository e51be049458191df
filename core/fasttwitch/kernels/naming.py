"""Strings looked up in tables of names, one row at a time: see `kernels.names`."""

import numpy as np

from fasttwitch.kernels.addresses import load_byte, load_int, load_short, load_word, shorts_at, store_word
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import (
    BLOCK_ROWS,
    INPUT_DATA,
    INPUT_MISSES,
    INPUT_NAMES,
    INPUT_PHYSICAL,
    INPUT_VALUES,
    TEXT32,
    TEXT64,
    TEXT_VIEW,
)
from fasttwitch.kernels.names import HEAD_FACTOR, LENGTH_FACTOR, SLOT_BYTES, TAIL_FACTOR
from fasttwitch.kernels.vectors import prefetch_values


@routine
def stage_names(inputs, input, row, rows, padded, values, validity):  # type: ignore[no-untyped-def]
    """Write int32 numbers of names for rows [row, row + rows) of a text input to `values`; return that address.

    validity  address of the block's validity words, staged already

    Strings that are no name get the number of names; rows past `rows` up to `padded`, 0. The number of a
    null row is arbitrary.
    """
    physical = inputs[input, INPUT_PHYSICAL]
    source = inputs[input, INPUT_VALUES]
    data = inputs[input, INPUT_DATA]
    table = inputs[input, INPUT_NAMES]
    header = load_int(table)
    mask = (header & 0xFFFFFFFF) - 1
    others = header >> 32
    out = shorts_at(values, BLOCK_ROWS)
    missed = False
    offset_bytes = 4 if physical == TEXT32 else 8 if physical == TEXT64 else 16
    ahead = source
    for i in range(rows):
        if i & 63 == 0:  # as `widen` does; characters come some twelve a string
            prefetch_values(source + offset_bytes * (row + i), offset_bytes)
            prefetch_values(ahead, 12)
        # Below a null a view may be garbage, and point anywhere; offsets never do.
        length = 0
        start = source
        if physical != TEXT_VIEW or (load_word(validity + 8 * (i >> 6)) >> np.uint64(i & 63)) & np.uint64(1):
            start, length = text_at(physical, source, data, row + i)
            ahead = start
        head, tail = ends_of_text(start, length)
        entry = slot_of_text(start, length, head, tail, table, mask)
        if load_int(entry + 16) >= 0:
            out[i] = load_int(entry + 24)
        else:
            out[i] = others
            missed |= bool((load_word(validity + 8 * (i >> 6)) >> np.uint64(i & 63)) & np.uint64(1))
    for i in range(rows, padded):
        out[i] = 0
    if missed and inputs[input, INPUT_MISSES] != 0:
        store_word(inputs[input, INPUT_MISSES], np.uint64(1))
    return values


@routine
def text_at(physical, source, data, row):  # type: ignore[no-untyped-def]
    """Return address and length in bytes of a row's string."""
    if physical == TEXT32:
        begin = np.int64(np.int32(load_short(source + 4 * row)))
        return data + begin, np.int64(np.int32(load_short(source + 4 * row + 4))) - begin
    if physical == TEXT64:
        begin = load_int(source + 8 * row)
        return data + begin, load_int(source + 8 * row + 8) - begin
    view = source + 16 * row
    length = np.int64(load_short(view))
    if length <= 12:
        return view + 4, length
    return load_int(data + 8 * np.int64(load_short(view + 8))) + np.int64(load_short(view + 12)), length


@routine
def ends_of_text(start, length):  # type: ignore[no-untyped-def]
    """Return the first and the last bytes of a string as words, as `names._ends_of` does."""
    if length >= 8:
        return load_word(start), load_word(start + length - 8)
    if length >= 4:
        return np.uint64(load_short(start)), np.uint64(load_short(start + length - 4))
    if length <= 0:
        return np.uint64(0), np.uint64(0)
    middle = np.uint64(load_byte(start + (length >> 1))) << np.uint64(8)
    last = np.uint64(load_byte(start + length - 1)) << np.uint64(16)
    return np.uint64(load_byte(start)) | middle | last, np.uint64(0)


@routine
def slot_of_text(start, length, head, tail, table, mask):  # type: ignore[no-untyped-def]
    """Return the address of the slot that holds a string, or of the empty one in which it would stand."""
    weighted = (tail + np.uint64(length) * np.uint64(LENGTH_FACTOR)) * np.uint64(TAIL_FACTOR)
    mixed = (head * np.uint64(HEAD_FACTOR)) ^ weighted
    mixed = ((mixed ^ (mixed >> np.uint64(32))) * np.uint64(HEAD_FACTOR)) >> np.uint64(32)
    slot = np.int64(mixed) & mask
    while True:
        entry = table + 8 + SLOT_BYTES * slot
        found = load_int(entry + 16)
        if found < 0:
            return entry
        ends = found == length and load_word(entry) == head and load_word(entry + 8) == tail
        if ends and (length <= 16 or _same(start + 8, load_int(entry + 32) + 8, length - 16)):
            return entry
        slot = (slot + 1) & mask


@routine
def _same(left, right, length):  # type: ignore[no-untyped-def]
    """Return whether `length` bytes at two addresses are equal."""
    for i in range(length):  # noqa: SIM110 (a kernel has no generators)
        if load_byte(left + i) != load_byte(right + i):
            return False
    return True
