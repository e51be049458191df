"""Columns of types that are no lane, brought to theirs 64 values at a time.

Vectors of 64 are LLVM's own: it splits them into what the CPU has, and compiles them in a fraction of the time that it
takes to find out how to vectorise a loop.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, types

from fasttwitch.kernels import layout
from fasttwitch.kernels.addresses import (
    BYTE,
    DOUBLE,
    INT,
    SHORT,
    WORD,
    constant_vector,
    load,
    load_word,
    store,
    store_word,
)
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.lanes import LANE_BYTES, LANES
from fasttwitch.kernels.layout import BLOCK_ROWS
from fasttwitch.kernels.vectors import emitted, prefetch_values, scratch_words, uint8s

_INT8, _INT16, _UINT8, _UINT16, _UINT32 = layout.INT8, layout.INT16, layout.UINT8, layout.UINT16, layout.UINT32
_UINT64, _FLOAT32, _DECIMAL64 = layout.UINT64, layout.FLOAT32, layout.DECIMAL64

_BYTES_OF = {
    _INT8: 1,
    _UINT8: 1,
    _INT16: 2,
    _UINT16: 2,
    _UINT32: 4,
    _FLOAT32: 4,
    _UINT64: 8,
    _DECIMAL64: 16,
}
VALUE_BYTES = tuple(_BYTES_OF.get(physical, 0) for physical in range(len(LANES)))


def _widening(emit: Callable[..., Any], source: Any, lane: Any) -> Any:
    def widen(builder: Any, old: Any, new: Any) -> None:
        values = load(builder, old, 0, ir.VectorType(source, 64))
        store(builder, new, 0, emit(builder, values, ir.VectorType(lane, 64)))

    return emitted(types.void(types.int64, types.int64), widen)


def _flip_top_bits(builder: Any, old: Any, new: Any) -> None:
    values = load(builder, old, 0, ir.VectorType(WORD, 64))
    store(builder, new, 0, builder.xor(values, constant_vector(WORD, [-(2**63)] * 64)))


def _take_low_words(builder: Any, old: Any, new: Any) -> None:
    even = constant_vector(INT, list(range(0, 16, 2)))
    for part in range(8):
        pairs = load(builder, old, 128 * part, ir.VectorType(WORD, 16))
        store(builder, new, 64 * part, builder.shuffle_vector(pairs, pairs, even))


_widen_int8 = _widening(ir.IRBuilder.sext, BYTE, INT)
_widen_int16 = _widening(ir.IRBuilder.sext, SHORT, INT)
_widen_uint8 = _widening(ir.IRBuilder.zext, BYTE, INT)
_widen_uint16 = _widening(ir.IRBuilder.zext, SHORT, INT)
_widen_uint32 = _widening(ir.IRBuilder.zext, INT, WORD)
_widen_float32 = _widening(ir.IRBuilder.fpext, ir.FloatType(), DOUBLE)
_flip_uint64 = emitted(types.void(types.int64, types.int64), _flip_top_bits)
_take_decimal64 = emitted(types.void(types.int64, types.int64), _take_low_words)


@routine
def _widen_64(physical: int, old: int, new: int) -> None:
    if physical == _FLOAT32:
        _widen_float32(old, new)
    elif physical == _DECIMAL64:
        _take_decimal64(old, new)
    elif physical == _INT8:
        _widen_int8(old, new)
    elif physical == _INT16:
        _widen_int16(old, new)
    elif physical == _UINT8:
        _widen_uint8(old, new)
    elif physical == _UINT16:
        _widen_uint16(old, new)
    elif physical == _UINT32:
        _widen_uint32(old, new)
    elif physical == _UINT64:
        _flip_uint64(old, new)


@routine
def copy_padded(source: int, size: int, target: int, padded_size: int) -> int:
    """Copy `size` bytes, then zeros up to `padded_size`; return `target`."""
    # By words: byte by byte, a row of padding took as long as a block of arithmetic.
    for i in range(0, size - 7, 8):
        store_word(target + i, load_word(source + i))
    old = carray(uint8s(source), 16 * BLOCK_ROWS)
    new = carray(uint8s(target), 16 * BLOCK_ROWS)
    for i in range(size & ~7, size):
        new[i] = old[i]
    i = size
    while i + 8 <= padded_size:
        store_word(target + i, np.uint64(0))
        i += 8
    while i < padded_size:
        new[i] = np.uint8(0)
        i += 1
    return target


@routine
def widen(physical: int, source: int, rows: int, padded: int, values: int) -> int:
    """Bring `rows` values at `source` to their lane, zeros after them up to `padded` rows; return `values`.

    Writes whole groups of 64.
    """
    value_bytes = VALUE_BYTES[physical]
    lane_bytes = LANE_BYTES[LANES[physical]]
    whole = rows >> 6
    for group in range(whole):
        old = source + 64 * value_bytes * group
        prefetch_values(old, value_bytes)
        _widen_64(physical, old, values + 64 * lane_bytes * group)
    if rows & 63:
        # The source may end with its last value, so the last group is widened from a copy that has room for 64.
        last = copy_padded(
            source + 64 * value_bytes * whole, (rows & 63) * value_bytes, scratch_words(), 64 * value_bytes
        )
        _widen_64(physical, last, values + 64 * lane_bytes * whole)
    copy_padded(source, 0, values + lane_bytes * rows, lane_bytes * (padded - rows))
    return values
