"""What compares, the AND/OR program and derived columns must do, one row at a time, in Python's own integers."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from tests.oracle import kernels_functions

Bools: TypeAlias = NDArray[np.bool_]
Tables: TypeAlias = NDArray[np.int64]
Value: TypeAlias = bool | int | float | None  # None: invalid

INT_LOW, INT_HIGH, UINT_HIGH = -(2**63), 2**63 - 1, 2**64 - 1
RANGES = {
    layout.TIMESTAMP_RANGE: (layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH),
    layout.DURATION_RANGE: (layout.DURATION_LOW, layout.DURATION_HIGH),
    layout.DATE_RANGE: (layout.DATE_LOW, layout.DATE_HIGH),
}


def passes(kind: int, code: int, codes: NDArray[np.uint8]) -> Bools:
    """Return which codes pass a test."""
    passing: Bools = (codes & code) != 0
    if kind == layout.AT_LEAST:
        passing = codes >= code
    elif kind == layout.EQUAL:
        passing = codes == code
    return passing


def run_program(runs: Tables, operands: NDArray[np.int32], slots: dict[int, Bools]) -> dict[int, Bools]:
    """Return the answer of each segment; `slots` holds the tests' answers and is filled further."""
    answers: dict[int, Bools] = {}
    for shape, begin, count, sink, invert in runs.tolist():
        positives, width = shape // 5, 1 + shape // 5 + shape % 5
        for number in range(count):
            target, *parts = operands[begin + number * width : begin + (number + 1) * width].tolist()
            result = np.ones_like(slots[parts[0]])
            for part in parts[:positives]:
                result = result & slots[part]
            for part in parts[positives:]:
                result = result & ~slots[part]
            if invert:
                result = ~result
            (slots if sink == layout.STORE else answers)[target] = result
    return answers


def pack(bits: Bools) -> NDArray[np.uint64]:
    """Return Booleans as words, lowest bit first, zeros past the end."""
    padded = np.zeros(-(-bits.size // 64) * 64, np.bool_)
    padded[: bits.size] = bits
    return np.packbits(padded, bitorder="little").view(np.uint64)


def derive(
    steps: Sequence[Sequence[int]], row: Sequence[Value], scales: Sequence[int], sets: Sequence[Sequence[Value]]
) -> Value:
    """Return the result of a register program for one row.

    row     the value of each input, None where it is null
    scales  INPUT_SCALE of each input
    sets    the constants behind each MEMBER step's RIGHT, which here is a position in `sets`
    """
    registers: dict[int, Value] = {}
    result: Value = None
    for operation, target, left, right, extra in steps:
        if operation in (layout.LOAD_INT, layout.LOAD_UINT, layout.LOAD_DOUBLE, layout.LOAD_BITS):
            result = row[left]
        elif operation == layout.LOAD_INSTANT:
            result = instant(row[left], scales[left], *RANGES[extra])
        elif operation in FUNCTIONS:
            result = strict(FUNCTIONS[operation], registers[left], registers.get(right), extra)
        elif operation in (layout.MEMBER_INT, layout.MEMBER_DOUBLE):
            value = registers[left]
            result = None if value is None else value in sets[right]
        elif operation in (layout.COALESCE, layout.COALESCE_BITS):
            result = registers[right] if registers[left] is None else registers[left]
        elif operation in (layout.CHOOSE, layout.CHOOSE_BITS):
            condition = registers[left]
            result = None if condition is None else registers[right if condition else extra]
        elif operation == layout.IS_KNOWN:
            result = registers[left] is not None
        elif operation == layout.IS_TRUE:
            result = registers[left] is True
        else:
            result = kleene(operation, registers[left], registers.get(right))
        registers[target] = result
    return result


def instant(stored: Value, scale: int, low: int, high: int) -> Value:
    """Return a stored instant in microseconds or days, at the nearest end of the range where it lies outside."""
    if stored is None:
        return None
    assert isinstance(stored, int)
    converted = stored // -scale if scale < 0 else stored * max(scale, 1)
    return min(max(converted, low), high)


def kleene(operation: int, left: Value, right: Value) -> Value:
    """Return NOT of `left`, or AND or OR of both."""
    if operation == layout.NOT_BITS:
        return None if left is None else not left
    decides = operation == layout.OR_BITS
    if left is decides or right is decides:
        return decides
    return None if left is None or right is None else not decides


def strict(function: Callable[..., Value], left: Value, right: Value, extra: int) -> Value:
    """Return the function's result, or None if an operand is invalid."""
    unary = function.__code__.co_argcount == 2
    if left is None or (right is None and not unary):
        return None
    return function(left, extra) if unary else function(left, right, extra)


def within(value: int, low: int, high: int) -> Value:
    """Return the value, or None outside low..high."""
    return value if low <= value <= high else None


def quotient(left: int, right: int) -> int:
    """Return the quotient, truncated towards zero."""
    size = abs(left) // abs(right)
    return size if (left < 0) == (right < 0) else -size


def divide(left: float, right: float) -> float:
    """Return the quotient by IEEE."""
    with np.errstate(all="ignore"):
        return float(np.float64(left) / np.float64(right))


def outcome(left: float, right: float) -> int:
    """Return which outcome a comparison has; Python compares integers with integers exactly."""
    if (isinstance(left, float) and math.isnan(left)) or (isinstance(right, float) and math.isnan(right)):
        return layout.UNORDERED
    return layout.LESS if left < right else layout.EQUAL_TO if left == right else layout.GREATER


def _int(function: Callable[[int, int], int]) -> Callable[..., Value]:
    return lambda a, b, extra: within(function(a, b), INT_LOW, INT_HIGH)


def _uint(function: Callable[[int, int], int]) -> Callable[..., Value]:
    return lambda a, b, extra: within(function(a, b), 0, UINT_HIGH)


def _instant(function: Callable[[int, int], int]) -> Callable[..., Value]:
    return lambda a, b, extra: within(function(a, b), *RANGES[extra])


def _ieee(function: Callable[[float, float], float]) -> Callable[..., Value]:
    return lambda a, b, extra: function(a, b)


FUNCTIONS: dict[int, Callable[..., Value]] = {
    layout.ADD_INT: _int(lambda a, b: a + b),
    layout.SUBTRACT_INT: _int(lambda a, b: a - b),
    layout.MULTIPLY_INT: _int(lambda a, b: a * b),
    layout.DIVIDE_INT: lambda a, b, extra: within(quotient(a, b), INT_LOW, INT_HIGH) if b else None,
    # min % -1 overflows on the way to its 0, as CEL has it
    layout.REMAINDER_INT: lambda a, b, extra: (
        a - b * quotient(a, b) if b and within(quotient(a, b), INT_LOW, INT_HIGH) is not None else None
    ),
    layout.NEGATE_INT: lambda a, extra: within(-a, INT_LOW, INT_HIGH),
    layout.ADD_UINT: _uint(lambda a, b: a + b),
    layout.SUBTRACT_UINT: _uint(lambda a, b: a - b),
    layout.MULTIPLY_UINT: _uint(lambda a, b: a * b),
    layout.DIVIDE_UINT: lambda a, b, extra: a // b if b else None,
    layout.REMAINDER_UINT: lambda a, b, extra: a % b if b else None,
    layout.ADD_DOUBLE: _ieee(lambda a, b: a + b),
    layout.SUBTRACT_DOUBLE: _ieee(lambda a, b: a - b),
    layout.MULTIPLY_DOUBLE: _ieee(lambda a, b: a * b),
    layout.DIVIDE_DOUBLE: _ieee(divide),
    layout.NEGATE_DOUBLE: lambda a, extra: -a,
    layout.ADD_INSTANT: _instant(lambda a, b: a + b),
    layout.SUBTRACT_INSTANT: _instant(lambda a, b: a - b),
    layout.MULTIPLY_INSTANT: _instant(lambda a, b: a * b),
    layout.INT_TO_DOUBLE: lambda a, extra: float(a),
    layout.UINT_TO_DOUBLE: lambda a, extra: float(a),
    layout.COMPARE_INT: lambda a, b, extra: bool(outcome(a, b) & extra),
    layout.COMPARE_UINT: lambda a, b, extra: bool(outcome(a, b) & extra),
    layout.COMPARE_INT_UINT: lambda a, b, extra: bool(outcome(a, b) & extra),
    layout.COMPARE_DOUBLE: lambda a, b, extra: bool(outcome(a, b) & extra),
    layout.COMPARE_INT_DOUBLE: lambda a, b, extra: bool(outcome(float(a), b) & extra),
    layout.COMPARE_UINT_DOUBLE: lambda a, b, extra: bool(outcome(float(a), b) & extra),
    **kernels_functions.FUNCTIONS,
}
