"""Comparisons of two registers: an outcome per row, then the rows whose outcome is wanted.

Six operators on six pairs of types would be 36 loops. Instead each pair of types has one loop that writes which of
LESS, EQUAL_TO, GREATER, UNORDERED holds, and an operator is the set of outcomes it accepts.
"""

from typing import Any

import numpy as np

from fasttwitch.kernels.addresses import bytes_at, doubles_at, ints_at, words_at
from fasttwitch.kernels.compare import pack_bits
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import (
    BLOCK_ROWS,
    COMPARE_DOUBLE,
    COMPARE_INT,
    COMPARE_INT_DOUBLE,
    COMPARE_INT_UINT,
    COMPARE_UINT,
    EQUAL_TO,
    GREATER,
    LESS,
    UNORDERED,
)


@routine
def compare(operation: int, left: int, right: int, wanted: int, result: int, outcomes: int) -> None:
    """Set the bits of `result` where the outcome of comparing two registers is in the set `wanted`."""
    out = bytes_at(outcomes, BLOCK_ROWS)
    if operation == COMPARE_INT:
        _compare_ints(ints_at(left, BLOCK_ROWS), ints_at(right, BLOCK_ROWS), out)
    elif operation == COMPARE_UINT:
        _compare_ints(words_at(left, BLOCK_ROWS), words_at(right, BLOCK_ROWS), out)
    elif operation == COMPARE_INT_UINT:
        _compare_int_uint(ints_at(left, BLOCK_ROWS), words_at(right, BLOCK_ROWS), out)
    elif operation == COMPARE_DOUBLE:
        _compare_doubles(doubles_at(left, BLOCK_ROWS), doubles_at(right, BLOCK_ROWS), out)
    elif operation == COMPARE_INT_DOUBLE:
        _compare_doubles(ints_at(left, BLOCK_ROWS), doubles_at(right, BLOCK_ROWS), out)
    else:
        _compare_doubles(words_at(left, BLOCK_ROWS), doubles_at(right, BLOCK_ROWS), out)
    pack_bits(outcomes, wanted, result)


@routine
def _compare_ints(left: Any, right: Any, out: Any) -> None:
    for i in range(BLOCK_ROWS):
        x, y = left[i], right[i]
        out[i] = LESS if x < y else (EQUAL_TO if x == y else GREATER)


@routine
def _compare_int_uint(left: Any, right: Any, out: Any) -> None:
    for i in range(BLOCK_ROWS):
        x, y = np.uint64(left[i]), right[i]
        unsigned = LESS if x < y else (EQUAL_TO if x == y else GREATER)
        out[i] = LESS if left[i] < 0 else unsigned


@routine
def _compare_doubles(left: Any, right: Any, out: Any) -> None:
    """Compare by IEEE; integers on the left are converted to the nearest double, ties to even."""
    for i in range(BLOCK_ROWS):
        x, y = np.float64(left[i]), right[i]
        ordered = LESS if x < y else (EQUAL_TO if x == y else GREATER)
        out[i] = UNORDERED if (x != x) | (y != y) else ordered
