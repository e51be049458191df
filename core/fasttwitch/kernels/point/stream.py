"""The flat part at run time: AND rows, let living inner gates kill, write the rows of answers that hold."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from fasttwitch.kernels.addresses import WORD, ints_at, load, shorts_at, store, words_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.point.index import (
    BIT_ROWS,
    FAN_BITS,
    FAN_STARTS,
    HEAD_FIELDS,
    INVERTED_BEGIN,
    INVERTED_END,
    KILL_BITS,
    KILL_COUNT,
    KILL_DIMENSIONS,
    KILL_STARTS,
    LEVEL_COUNT,
    LEVELS,
    OPERANDS,
    POSITIVE_BEGIN,
    POSITIVE_END,
    ROWS_TABLE,
    SCRATCH_ALIVE,
    SCRATCH_FOUND,
    SCRATCH_POINTERS,
    STRIP_COUNT,
    STRIPS,
)
from fasttwitch.kernels.vectors import emitted

ANY = 1 << 40
_LINE = ir.VectorType(WORD, 8)
_ONES = ir.Constant(_LINE, [2**64 - 1] * 8)


def _and_lines(lines: int) -> Any:
    """Return what sets `lines` lines at an address to the AND of as many at each of `count` addresses plus `offset`.

    The accumulators are registers: in memory, each row would wait for the last one's stores.
    """

    def and_lines(builder: Any, out: Any, pointers: Any, count: Any, offset: Any) -> None:
        sums = [cgutils.alloca_once_value(builder, _ONES) for _ in range(lines)]
        with cgutils.for_range(builder, count) as loop:
            pointer = builder.add(pointers, builder.mul(loop.index, ir.Constant(WORD, 8)))
            row = builder.add(load(builder, pointer, 0, WORD), offset)
            for line, total in enumerate(sums):
                builder.store(builder.and_(builder.load(total), load(builder, row, 64 * line, _LINE)), total)
        for line, total in enumerate(sums):
            store(builder, builder.add(out, offset), 64 * line, builder.load(total))

    return emitted(types.void(*[types.int64] * 4), and_lines)


_and8, _and4, _and2, _and1 = map(_and_lines, (8, 4, 2, 1))


def _bit(builder: Any, name: str, word: Any, *more: Any) -> Any:
    kind = ir.FunctionType(WORD, [WORD, *(value.type for value in more)])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [word, *more])


def _lowest_bit(builder: Any, word: Any) -> Any:
    return _bit(builder, "llvm.cttz.i64", word, ir.Constant(ir.IntType(1), 0))


def _bit_count(builder: Any, word: Any) -> Any:
    return _bit(builder, "llvm.ctpop.i64", word)


lowest_bit = emitted(types.int64(types.uint64), _lowest_bit)  # 64 for 0
bit_count = emitted(types.int64(types.uint64), _bit_count)


@routine
def and_rows(head: int, codes: int, scratch: int) -> None:
    """Set the bits of gates that no literal kills.

    codes  address of int32[dimensions + 1], the last 0
    """
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    strips, operands = ints_at(table[STRIPS], ANY), shorts_at(table[OPERANDS], ANY)
    rows, alive = table[ROWS_TABLE], scratch + table[SCRATCH_ALIVE]
    pointers_at = scratch + table[SCRATCH_POINTERS]
    pointers = ints_at(pointers_at, ANY)
    for strip in range(table[STRIP_COUNT]):
        first, lines = strips[4 * strip], strips[4 * strip + 1]
        begin, end = strips[4 * strip + 2], strips[4 * strip + 3]
        for operand in range(begin, end):
            line = operands[2 * operand + 1] + values[operands[2 * operand]] * lines
            pointers[operand - begin] = rows + (line << 6)
        out, count, offset = alive + (first << 6), end - begin, 0
        for _ in range(lines >> 3):
            _and8(out, pointers_at, count, offset)
            offset += 512
        if lines & 4:
            _and4(out, pointers_at, count, offset)
            offset += 256
        if lines & 2:
            _and2(out, pointers_at, count, offset)
            offset += 128
        if lines & 1:
            _and1(out, pointers_at, count, offset)


@routine
def kill_listed(head: int, codes: int, alive_at: int) -> None:
    """Clear the bits that kill lists name for the codes of a customer."""
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    dimensions, starts = shorts_at(table[KILL_DIMENSIONS], ANY), shorts_at(table[KILL_STARTS], ANY)
    bits, alive = shorts_at(table[KILL_BITS], ANY), words_at(alive_at, ANY)
    for number in range(table[KILL_COUNT]):
        cell = dimensions[2 * number + 1] + values[dimensions[2 * number]]
        for place in range(starts[cell], starts[cell + 1]):
            _clear(alive, bits[place])


@routine
def _clear(alive, bit):  # type: ignore[no-untyped-def]
    alive[bit >> 6] &= ~(np.uint64(1) << np.uint64(bit & 63))


@routine
def walk_levels(head: int, alive_at: int) -> None:
    """Let each living inner gate, level by level, clear the bits of gates that a wire ties to it."""
    table, alive = ints_at(head, HEAD_FIELDS), words_at(alive_at, ANY)
    levels, starts, bits = (
        ints_at(table[LEVELS], ANY),
        shorts_at(table[FAN_STARTS], ANY),
        shorts_at(table[FAN_BITS], ANY),
    )
    for level in range(table[LEVEL_COUNT]):
        for word in range(levels[level], levels[level + 1]):
            left = alive[word]
            while left:
                bit = 64 * word + lowest_bit(left)
                left &= left - np.uint64(1)
                for place in range(starts[bit], starts[bit + 1]):
                    _clear(alive, bits[place])


@routine
def write_rows(head: int, scratch: int, out_at: int) -> int:
    """Write the rows of answers of bits that are 1, or 0 if inverted; return how many."""
    table = ints_at(head, HEAD_FIELDS)
    count = _write_bits(head, scratch, table[POSITIVE_BEGIN], table[POSITIVE_END], np.uint64(0), out_at, 0)
    ones = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
    return _write_bits(head, scratch, table[INVERTED_BEGIN], table[INVERTED_END], ones, out_at, count)


@routine
def _write_bits(head, scratch, begin, end, flip, out_at, count):  # type: ignore[no-untyped-def]
    """Branch rarely where words have few bits: first the words that have any, then two bits of each."""
    table = ints_at(head, HEAD_FIELDS)
    rows, out = shorts_at(table[BIT_ROWS], ANY), shorts_at(out_at, ANY)
    alive, found = words_at(scratch + table[SCRATCH_ALIVE], ANY), shorts_at(scratch + table[SCRATCH_FOUND], ANY)
    one, words = np.uint64(1), 0
    for word in range(begin, end):
        found[words] = word
        words += alive[word] != flip
    for place in range(words):
        word = np.int64(found[place])
        left = alive[word] ^ flip
        first, bits = 64 * word, bit_count(left)
        rest = left & (left - one)
        out[count] = rows[first + lowest_bit(left)]
        out[count + 1] = rows[first + (lowest_bit(rest) & 63)]
        count += 2
        if bits != 2:
            count += bits - 2
            at = count - bits + 2
            rest &= rest - one
            while rest:
                out[at] = rows[first + lowest_bit(rest)]
                at += 1
                rest &= rest - one
    return count
