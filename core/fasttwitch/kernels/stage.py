"""Bring a block of a column into lane form: one of four element types, validity as whole words from bit 0."""

import numpy as np
from numba import carray, types

from fasttwitch.kernels import layout
from fasttwitch.kernels.addresses import load_word, store_word, table_at
from fasttwitch.kernels.jit import kernel, linked, routine
from fasttwitch.kernels.lanes import LANES
from fasttwitch.kernels.layout import BLOCK_MASK_BYTES, BLOCK_ROWS, INPUT_FIELDS
from fasttwitch.kernels.naming import stage_names
from fasttwitch.kernels.vectors import prefetch, uint8s
from fasttwitch.kernels.widening import VALUE_BYTES, copy_padded, widen

_PHYSICAL, _VALUES, _VALUE_BIT = layout.INPUT_PHYSICAL, layout.INPUT_VALUES, layout.INPUT_VALUE_BIT
_VALIDITY, _VALIDITY_BIT = layout.INPUT_VALIDITY, layout.INPUT_VALIDITY_BIT
_INT32, _INT64, _FLOAT64 = layout.INT32, layout.INT64, layout.FLOAT64
_BITS, _ABSENT, _TEXT32 = layout.BITS, layout.ABSENT, layout.TEXT32

_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@kernel(types.int64(types.int64))
def lane_of_physical(physical: int) -> int:
    """Return the lane of a physical layout."""
    return LANES[physical]


@routine
def _fetch_next(source: int) -> None:
    """Ask for the bits of the block after the one at `source`.

    Four lines a column teach the hardware nothing, and waiting for them was 5 % of encoding from memory.
    """
    for line in range(4):
        prefetch(source + BLOCK_MASK_BYTES + 64 * line)


@routine
def _stage_bits(source: int, bit: int, rows: int, words: int, target: int) -> None:
    """Copy `rows` bits that begin at a bit of the byte at `source` to `words` words; bits past the last row become 0.

    Reads only the bytes that hold one of the rows' bits.
    """
    _fetch_next(source)
    whole = rows >> 6
    left = np.uint64(bit)
    right = np.uint64(64 - bit)
    if bit == 0:
        for word in range(whole):
            store_word(target + 8 * word, load_word(source + 8 * word))
    else:
        bytes_ = carray(uint8s(source), BLOCK_ROWS)
        for word in range(whole):
            high = np.uint64(bytes_[8 * word + 8]) << right
            store_word(target + 8 * word, (load_word(source + 8 * word) >> left) | high)
    for word in range(whole, words):
        store_word(target + 8 * word, np.uint64(0))
    rest = rows & 63
    if rest:
        store_word(target + 8 * whole, _last_bits(source + 8 * whole, bit, rest))


@routine
def _last_bits(source, bit, count):  # type: ignore[no-untyped-def]
    """Return `count` < 64 bits as a word, read byte by byte: the source may end with the last of them."""
    bytes_ = carray(uint8s(source), 16)
    word = np.uint64(0)
    for number in range((bit + count + 7) >> 3):
        shift = 8 * number - bit
        byte = np.uint64(bytes_[number])
        word |= byte << np.uint64(shift) if shift >= 0 else byte >> np.uint64(-shift)
    return word & (_ALL >> np.uint64(64 - count))


@routine
def _stage_validity(inputs, input, row, rows, words, validity):  # type: ignore[no-untyped-def]
    """Write the validity words of rows [row, row + rows) of an input; bits past the last row become 0."""
    source = inputs[input, _VALIDITY]
    if inputs[input, _PHYSICAL] == _ABSENT:
        for word in range(words):
            store_word(validity + 8 * word, np.uint64(0))
    elif source != 0:
        _stage_bits(source + (row >> 3), inputs[input, _VALIDITY_BIT], rows, words, validity)
    else:
        for word in range(words):
            store_word(validity + 8 * word, _ALL if word < rows >> 6 else np.uint64(0))
        if rows & 63:
            store_word(validity + 8 * (rows >> 6), _ALL >> np.uint64(64 - (rows & 63)))


@linked("fasttwitch_stage", types.int64(*[types.int64] * 7))
def stage_at(table, input, row, rows, padded, values, validity):  # type: ignore[no-untyped-def]
    """Do what `stage` does for a table at an address, for kernels that need not have a whole block.

    padded  `rows` or more: rows past `rows` hold 0 up to here. Validity is written in as many words as hold `padded`
    """
    inputs = table_at(table, INPUT_FIELDS)
    words = (padded + 63) >> 6
    _stage_validity(inputs, input, row, rows, words, validity)
    physical = inputs[input, _PHYSICAL]
    source = inputs[input, _VALUES]
    if physical in (_FLOAT64, _INT64):
        source += 8 * row
        return source if rows == padded else copy_padded(source, 8 * rows, values, 8 * padded)
    if physical == _INT32:
        source += 4 * row
        return source if rows == padded else copy_padded(source, 4 * rows, values, 4 * padded)
    if physical == _BITS:
        bit = inputs[input, _VALUE_BIT]
        if bit == 0 and rows == BLOCK_ROWS:
            _fetch_next(source + (row >> 3))
            return source + (row >> 3)
        _stage_bits(source + (row >> 3), bit, rows, words, values)
        return values
    if physical >= _TEXT32:
        return stage_names(inputs, input, row, rows, padded, values, validity)
    if physical == _ABSENT:
        return copy_padded(source, 0, values, 4 * padded)
    return widen(physical, source + VALUE_BYTES[physical] * row, rows, padded, values)


@kernel(types.int64(types.int64[:, ::1], types.int64, types.int64, types.int64, types.int64, types.int64))
def stage(inputs, input, row, rows, values, validity):  # type: ignore[no-untyped-def]
    """Return the address of rows [row, row + rows) of an input in lane form; write their validity words.

    inputs    int64[inputs, INPUT_FIELDS]
    row       a multiple of 2,048, counted from the input's row 0
    rows      1..2,048
    values    address of 16 KiB, overwritten unless the source already is in lane form and the block is whole
    validity  address of 32 words, overwritten

    Rows past `rows` hold 0. Not for derived inputs: those are computed.
    """
    return stage_at(inputs.ctypes.data, input, row, rows, BLOCK_ROWS, values, validity)
