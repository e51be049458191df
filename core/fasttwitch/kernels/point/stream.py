"""The flat part at run time: AND rows, let living inner gates kill, write the rows of answers that hold."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from fasttwitch.kernels.addresses import BYTE, INT, WORD, bytes_at, ints_at, load, load_word, shorts_at, store, words_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.point.index import (
    BIT_ROWS,
    FAN_BITS,
    FAN_STARTS,
    FETCHES,
    HEAD_FIELDS,
    INVERTED_BEGIN,
    INVERTED_END,
    KILL_BITS,
    KILL_COUNT,
    KILL_DIMENSIONS,
    KILL_STARTS,
    OPERANDS,
    PULL_STARTS,
    PULLS,
    PUSH_COUNT,
    PUSHING,
    ROWS_TABLE,
    SCRATCH_ALIVE,
    SCRATCH_KILLED,
    SCRATCH_POINTERS,
    STRIP_COUNT,
    STRIPS,
    WIRED_BEGIN,
    WIRED_END,
    WIRED_POSITIVE,
    WIRED_ROOTS,
)
from fasttwitch.kernels.point.writing_portable import lowest_bit
from fasttwitch.kernels.vectors import emitted, fetch_ahead

ANY = 1 << 40
_LINE = ir.VectorType(WORD, 8)
_BYTES = ir.VectorType(BYTE, 64)
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


def _row(builder: Any, operands: Any, number: Any, codes: Any, rows: Any, lines: Any) -> Any:
    """Return the address of the row of an operand for a customer's code."""
    operand = builder.add(operands, builder.mul(number, ir.Constant(WORD, 8)))
    dimension, first = (builder.sext(load(builder, operand, offset, INT), WORD) for offset in (0, 4))
    code = load(builder, builder.add(codes, builder.mul(dimension, ir.Constant(WORD, 4))), 0, INT)
    line = builder.add(first, builder.mul(builder.sext(code, WORD), lines))
    return builder.add(rows, builder.mul(line, ir.Constant(WORD, 64)))


def _and_operands(lines: int, fetches: bool = False) -> Any:
    """Return what sets a strip of so many lines at an address to the AND of its operands' rows.

    With `fetches` it asks for the rows of another strip meanwhile, of `ahead_lines` lines.
    """

    def and_operands(builder: Any, out: Any, operands: Any, count: Any, codes: Any, rows: Any, *ahead: Any) -> None:
        sums = [cgutils.alloca_once_value(builder, _ONES) for _ in range(lines)]
        with cgutils.for_range(builder, count) as loop:
            row = _row(builder, operands, loop.index, codes, rows, ir.Constant(WORD, lines))
            if fetches:
                ahead_operands, ahead_last, ahead_lines = ahead
                inside = builder.icmp_signed("<", loop.index, ahead_last)
                number = builder.select(inside, loop.index, ahead_last)
                ahead_row = _row(builder, ahead_operands, number, codes, rows, ahead_lines)
                for line in range(lines):
                    fetch_ahead(builder, builder.add(ahead_row, ir.Constant(WORD, 64 * line)))
            for line, total in enumerate(sums):
                builder.store(builder.and_(builder.load(total), load(builder, row, 64 * line, _LINE)), total)
        for line, total in enumerate(sums):
            store(builder, out, 64 * line, builder.load(total))

    return emitted(types.void(*[types.int64] * (8 if fetches else 5)), and_operands)


_and8, _and4, _and2, _and1 = map(_and_lines, (8, 4, 2, 1))
_strip8, _strip4, _strip2, _strip1 = map(_and_operands, (8, 4, 2, 1))
_fetching_strip8 = _and_operands(8, True)


@routine
def and_rows(head: int, codes: int, scratch: int) -> None:
    """Set the bits of gates that no literal kills.

    codes  address of int32: of the dimensions, 0, groups of coarse dimensions
    """
    table, values = ints_at(head, HEAD_FIELDS), shorts_at(codes, ANY)
    strips, operands = ints_at(table[STRIPS], ANY), shorts_at(table[OPERANDS], ANY)
    rows, alive = table[ROWS_TABLE], scratch + table[SCRATCH_ALIVE]
    pointers_at = scratch + table[SCRATCH_POINTERS]
    pointers = ints_at(pointers_at, ANY)
    fetches = table[FETCHES] != 0
    for strip in range(table[STRIP_COUNT]):
        first, lines = strips[4 * strip], strips[4 * strip + 1]
        begin, end = strips[4 * strip + 2], strips[4 * strip + 3]
        out, count, offset, first_operand = alive + (first << 6), end - begin, 0, table[OPERANDS] + 8 * begin
        if fetches and lines == 8:
            ahead, last = 4 * strip, 0
            if strip + 1 < table[STRIP_COUNT]:
                ahead += 4
                last = strips[ahead + 3] - strips[ahead + 2] - 1
            ahead_operands, ahead_lines = table[OPERANDS] + 8 * strips[ahead + 2], strips[ahead + 1]
            _fetching_strip8(out, first_operand, count, codes, rows, ahead_operands, last, ahead_lines)
            continue
        if lines == 8:
            _strip8(out, first_operand, count, codes, rows)
            continue
        if lines == 4:
            _strip4(out, first_operand, count, codes, rows)
            continue
        if lines == 2:
            _strip2(out, first_operand, count, codes, rows)
            continue
        if lines == 1:
            _strip1(out, first_operand, count, codes, rows)
            continue
        for operand in range(begin, end):
            line = operands[2 * operand + 1] + values[operands[2 * operand]] * lines
            pointers[operand - begin] = rows + (line << 6)
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


def _not_killed(builder: Any, address: Any) -> Any:
    killed = load(builder, address, 0, _BYTES)
    return builder.bitcast(builder.icmp_unsigned("==", killed, ir.Constant(_BYTES, [0] * 64)), WORD)


not_killed = emitted(types.uint64(types.int64), _not_killed)  # address of 64 bytes: a word with 1 for each that is 0


def deposit(bits: Any, mask: Any) -> Any:
    """Stand in for a sibling: the lowest bits to where the mask has ones."""
    raise NotImplementedError


def follow_wires(head: int, scratch: int) -> None:
    """Let each living inner gate kill the gates that a wire ties to it.

    Children with one wire are pulled, up to 64 at once. Others push: a killed gate is a byte that is set and, where its
    own turn comes, a bit that is cleared; bits cleared one by one in the same word would wait for each other.
    """
    table = ints_at(head, HEAD_FIELDS)
    alive, killed_at = words_at(scratch + table[SCRATCH_ALIVE], ANY), scratch + table[SCRATCH_KILLED]
    starts, pulls, pushing = shorts_at(table[PULL_STARTS], ANY), words_at(table[PULLS], ANY), table[PUSHING]
    first_wired, roots, pushes = table[WIRED_BEGIN], table[WIRED_ROOTS], table[PUSH_COUNT] > 0
    if pushes:
        killed = bytes_at(killed_at, ANY)
        for byte in range((table[WIRED_END] - first_wired) << 6):
            killed[byte] = 0
    for word in range(0 if pushes else first_wired, table[WIRED_END]):
        left = alive[word]
        if word >= first_wired:
            for entry in range(starts[word - first_wired], starts[word - first_wired + 1]):
                child = np.int64(pulls[2 * entry])
                shift = np.uint64(child & 63)
                upper = (alive[(child >> 6) + 1] << np.uint64(1)) << (np.uint64(63) - shift)
                left &= ~deposit(alive[child >> 6] >> shift | upper, pulls[2 * entry + 1])
            if pushes:
                left &= not_killed(killed_at + ((word - first_wired) << 6))
            alive[word] = left
        if pushes and word < roots:
            _push(table, left & load_word(pushing + 8 * word), word << 6, killed_at)


@routine
def _push(table, left, first, killed_at):  # type: ignore[no-untyped-def]
    starts, bits = shorts_at(table[FAN_STARTS], ANY), shorts_at(table[FAN_BITS], ANY)
    killed = bytes_at(killed_at, ANY)
    while left:
        bit = first + lowest_bit(left)
        left &= left - np.uint64(1)
        for place in range(starts[bit], starts[bit + 1]):
            killed[bits[place]] = 1


def write_bits(alive: int, begin: int, end: int, flip: Any, out: int, count: int) -> int:
    """Stand in for a sibling: append the numbers of bits that differ from `flip`."""
    raise NotImplementedError


def write_rows(head: int, scratch: int, out_at: int) -> int:
    """Write the rows of answers of bits that are 1, or 0 if inverted; return how many."""
    table = ints_at(head, HEAD_FIELDS)
    alive, zeros, ones = scratch + table[SCRATCH_ALIVE], np.uint64(0), np.uint64(0xFFFF_FFFF_FFFF_FFFF)
    count = write_bits(alive, table[WIRED_ROOTS], table[WIRED_POSITIVE], ones, out_at, 0)
    count = write_bits(alive, table[WIRED_POSITIVE], table[INVERTED_BEGIN], zeros, out_at, count)
    count = write_bits(alive, table[INVERTED_BEGIN], table[INVERTED_END], ones, out_at, count)
    # A pass of its own, so that many of these reads, which miss the caches, are under way at once.
    rows, out = shorts_at(table[BIT_ROWS], ANY), shorts_at(out_at, ANY)
    for place in range(count):
        out[place] = rows[out[place]]
    return count
