"""Functions of strings on Arrow arrays: once for each distinct value of a column, or column against column."""

from collections.abc import Callable
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.logic.datatypes import DECIMAL, STRING
from fasttwitch.logic.nodes import Apply, Attribute, Compare, Constant, Expression, In

Columns: TypeAlias = Callable[[tuple[str, ...]], pa.Array]

COMPARE = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal"}
TESTS = {
    "startsWith": "starts_with",
    "endsWith": "ends_with",
    "contains": "match_substring",
    "matches": "match_substring_regex",  # RE2, found anywhere in the string
}
LARGE = pa.large_string()
# Holds every decimal128 and every 64-bit integer exactly, so that any two can be compared.
WIDE_DECIMAL = pa.decimal256(76, 38)


def evaluate(expression: Expression, columns: Columns) -> pa.Array | pa.Scalar:
    """Return the value of a text expression for every row: null where any part is null or the result is unknown.

    columns  path → the array of that column
    """
    match expression:
        case Attribute(path, type_):
            return plain(columns(path)) if type_ is STRING else columns(path)
        case Constant(value, type_):
            return pa.scalar(value, LARGE if type_ is STRING else None)
        case Apply(function, (operand, Constant(pattern))) if function in TESTS:
            return getattr(pc, TESTS[function])(evaluate(operand, columns), pattern=pattern)
        case Apply("size", (operand,)):
            return pc.utf8_length(evaluate(operand, columns)).cast(pa.int64())
        case Apply("lowerAscii", (operand,)):
            return pc.ascii_lower(evaluate(operand, columns))
        case Apply(function, arguments):
            return _integers(function, [evaluate(argument, columns) for argument in arguments])
        case Compare(operator, left, right):
            sides = evaluate(left, columns), evaluate(right, columns)
            if DECIMAL in (left.type, right.type):
                sides = sides[0].cast(WIDE_DECIMAL), sides[1].cast(WIDE_DECIMAL)
            return getattr(pc, COMPARE[operator])(*sides)
        case In(operand, constants):
            values = evaluate(operand, columns)
            found = pc.is_in(values, value_set=pa.array(constants, values.type))
            return pc.if_else(pc.is_valid(values), found, pa.scalar(None, pa.bool_()))
    raise AssertionError(f"not a text expression: {expression}")


def plain(array: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return strings of any form as large_string, for which Arrow has every function."""
    if array.type == LARGE:
        return array
    if isinstance(array, pa.ChunkedArray):
        return pa.chunked_array([plain(chunk) for chunk in array.chunks], type=LARGE)
    if pa.types.is_dictionary(array.type):  # Arrow cannot take strings out of a dictionary of views
        array = pa.DictionaryArray.from_arrays(array.indices, plain(array.dictionary))
    return array.cast(LARGE)


def _integers(function: str, operands: list[pa.Array | pa.Scalar]) -> pa.Array:
    """Return checked int64 arithmetic; these arrays hold one value for each distinct string, so a loop will do."""
    length = max(len(operand) for operand in operands if isinstance(operand, pa.Array))
    columns = [o.to_pylist() if isinstance(o, pa.Array) else [o.as_py()] * length for o in operands]
    return pa.array([_integer(function, values) for values in zip(*columns, strict=True)], pa.int64())


def _integer(function: str, values: tuple[int | None, ...]) -> int | None:
    if None in values:
        return None
    a, b = values[0], values[-1]
    assert a is not None
    assert b is not None
    match function:
        case "+":
            result = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case "negate":
            result = -a
        case _:
            if b == 0:
                return None
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            result = quotient if function == "/" else a - quotient * b
    return result if -(2**63) <= result < 2**63 else None
