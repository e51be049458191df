"""Checked arithmetic on registers: what overflows, or divides an integer by zero, is marked in a byte per row.

Overflow of sums is read off the sign bits, so that these loops vectorise; products use the processor's own flag.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels.addresses import BIT, WORD, bytes_at, doubles_at, ints_at, words_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import (
    ADD_DOUBLE,
    ADD_INSTANT,
    ADD_INT,
    ADD_UINT,
    BLOCK_ROWS,
    DIVIDE_DOUBLE,
    DIVIDE_INT,
    DIVIDE_UINT,
    MULTIPLY_DOUBLE,
    MULTIPLY_INT,
    MULTIPLY_UINT,
    NEGATE_INT,
    SUBTRACT_DOUBLE,
    SUBTRACT_INSTANT,
    SUBTRACT_INT,
    SUBTRACT_UINT,
)

LOWEST = -(2**63)


def _overflow(name: str, kind: Any) -> Callable[..., Any]:
    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def overflows(typing_context: Any, left: Any, right: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pair = ir.LiteralStructType([WORD, BIT])
            function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(pair, [WORD, WORD]), name)
            return builder.zext(builder.extract_value(builder.call(function, arguments), 1), ir.IntType(8))

        return types.uint8(kind, kind), emit

    return overflows  # type: ignore[no-any-return, unused-ignore]


def _division(method: str) -> Callable[..., Any]:
    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def divide(typing_context: Any, left: Any, right: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, method)(*arguments)

        return types.int64(types.int64, types.int64), emit

    return divide  # type: ignore[no-any-return, unused-ignore]


int_product_overflows = _overflow("llvm.smul.with.overflow.i64", types.int64)
uint_product_overflows = _overflow("llvm.umul.with.overflow.i64", types.uint64)
quotient = _division("sdiv")  # towards zero, unlike Python's //
remainder = _division("srem")  # with the sign of the dividend


@routine
def int_arithmetic(operation: int, left: int, right: int, result: int, failed: int) -> None:
    """Compute int64 values; set a byte of `failed` where the result does not exist."""
    a = ints_at(left, BLOCK_ROWS)
    b = ints_at(right, BLOCK_ROWS)
    out = ints_at(result, BLOCK_ROWS)
    bad = bytes_at(failed, BLOCK_ROWS)
    if operation == ADD_INT:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            total = x + y
            bad[i] = ((x ^ total) & (y ^ total)) < 0  # both operands differ in sign from the sum
            out[i] = total
    elif operation == SUBTRACT_INT:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            difference = x - y
            bad[i] = ((x ^ y) & (x ^ difference)) < 0
            out[i] = difference
    elif operation == MULTIPLY_INT:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            bad[i] = int_product_overflows(x, y)
            out[i] = x * y
    elif operation == NEGATE_INT:
        for i in range(BLOCK_ROWS):
            x = a[i]
            bad[i] = x == LOWEST
            out[i] = -x
    else:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            wrong = (y == 0) | ((x == LOWEST) & (y == -1))
            divisor = 1 if wrong else y  # these two trap in hardware
            bad[i] = wrong
            out[i] = quotient(x, divisor) if operation == DIVIDE_INT else remainder(x, divisor)


@routine
def uint_arithmetic(operation: int, left: int, right: int, result: int, failed: int) -> None:
    """Compute uint64 values; set a byte of `failed` where the result does not exist."""
    a = words_at(left, BLOCK_ROWS)
    b = words_at(right, BLOCK_ROWS)
    out = words_at(result, BLOCK_ROWS)
    bad = bytes_at(failed, BLOCK_ROWS)
    if operation == ADD_UINT:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            total = x + y
            bad[i] = total < x
            out[i] = total
    elif operation == SUBTRACT_UINT:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            bad[i] = x < y
            out[i] = x - y
    elif operation == MULTIPLY_UINT:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            bad[i] = uint_product_overflows(x, y)
            out[i] = x * y
    else:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            wrong = y == np.uint64(0)
            divisor = np.uint64(1) if wrong else y
            bad[i] = wrong
            out[i] = x // divisor if operation == DIVIDE_UINT else x % divisor


@routine
def instant_arithmetic(operation: int, left: int, right: int, low: int, high: int, result: int, failed: int) -> None:
    """Compute instants, durations or days; set a byte of `failed` where the result leaves low..high.

    Valid operands lie within their ranges, so that sums of two cannot overflow.
    """
    a = ints_at(left, BLOCK_ROWS)
    b = ints_at(right, BLOCK_ROWS)
    out = ints_at(result, BLOCK_ROWS)
    bad = bytes_at(failed, BLOCK_ROWS)
    if operation == ADD_INSTANT:
        for i in range(BLOCK_ROWS):
            total = a[i] + b[i]
            bad[i] = (total < low) | (total > high)
            out[i] = total
    elif operation == SUBTRACT_INSTANT:
        for i in range(BLOCK_ROWS):
            difference = a[i] - b[i]
            bad[i] = (difference < low) | (difference > high)
            out[i] = difference
    else:
        for i in range(BLOCK_ROWS):
            x, y = a[i], b[i]
            product = x * y
            bad[i] = int_product_overflows(x, y) | np.uint8((product < low) | (product > high))
            out[i] = product


@routine
def double_arithmetic(operation: int, left: int, right: int, result: int) -> None:
    """Compute float64 values by IEEE: a division by zero is infinite or NaN."""
    a = doubles_at(left, BLOCK_ROWS)
    b = doubles_at(right, BLOCK_ROWS)
    out = doubles_at(result, BLOCK_ROWS)
    if operation == ADD_DOUBLE:
        for i in range(BLOCK_ROWS):
            out[i] = a[i] + b[i]
    elif operation == SUBTRACT_DOUBLE:
        for i in range(BLOCK_ROWS):
            out[i] = a[i] - b[i]
    elif operation == MULTIPLY_DOUBLE:
        for i in range(BLOCK_ROWS):
            out[i] = a[i] * b[i]
    elif operation == DIVIDE_DOUBLE:
        for i in range(BLOCK_ROWS):
            out[i] = a[i] / b[i]
    else:
        for i in range(BLOCK_ROWS):
            out[i] = -a[i]
