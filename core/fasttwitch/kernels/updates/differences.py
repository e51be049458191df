"""The bits that differ between two sets of bitmasks: who has entered and left which rule."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types

from fasttwitch.kernels.addresses import BIT, WORD, ints_at, shorts_at, words_at
from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.search_wide import call
from fasttwitch.kernels.vectors import emitted

ANY = 1 << 40


def _lowest_bit(builder: Any, word: Any) -> Any:
    return call(builder, "llvm.cttz.i64", WORD, [word, ir.Constant(BIT, 0)])


def _count_bits(builder: Any, word: Any) -> Any:
    return call(builder, "llvm.ctpop.i64", WORD, [word])


lowest_bit = emitted(types.int64(types.uint64), _lowest_bit)
count_bits = emitted(types.int64(types.uint64), _count_bits)


@kernel(types.int64(*[types.int64] * 5))
def count_differences(before: int, after: int, stride: int, rows: int, words: int) -> int:
    """Return how many bits differ.

    before, after  addresses of uint64[rows, words], the rows `stride` bytes apart
    """
    count = 0
    for row in range(rows):
        old, new = words_at(before + row * stride, ANY), words_at(after + row * stride, ANY)
        for word in range(words):
            count += count_bits(old[word] ^ new[word])
    return count


@kernel(types.int64(*[types.int64] * 9))
def list_differences(
    before: int,
    after: int,
    stride: int,
    rows: int,
    words: int,
    names_at: int,
    customers_at: int,
    flips_at: int,
    moved_at: int,
) -> int:
    """Write which bits differ, ascending by row, then by bit; return how many.

    before, after, stride, rows, words  as `count_differences`
    names_at      address of int64[rows]: what each row is called
    customers_at  address of int64: whose bit each is
    flips_at      address of room for int32: 2 * name + 1 for a bit that is set in `after`, 2 * name for one that was
    moved_at      address of room for int64: whose bit it is
    """
    names, customers = ints_at(names_at, ANY), ints_at(customers_at, ANY)
    flips, moved = shorts_at(flips_at, ANY), ints_at(moved_at, ANY)
    count = 0
    for row in range(rows):
        old, new = words_at(before + row * stride, ANY), words_at(after + row * stride, ANY)
        for word in range(words):
            left = old[word] ^ new[word]
            while left != np.uint64(0):
                bit = lowest_bit(left)
                flips[count] = 2 * names[row] + np.int64((new[word] >> np.uint64(bit)) & np.uint64(1))
                moved[count] = customers[64 * word + bit]
                count += 1
                left &= left - np.uint64(1)
    return count
