"""What Arrow computes exactly as the language says.

Values of a type lie in one form of column; arrays begin at offset 0:

    bool → bool    int, timestamp, duration, date → int64    uint → uint64    double → float64
    string → large_string    decimal → as stored    list(string) → list, or a Python list    semver → a Python list
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.batch.bucketing import buckets
from fasttwitch.batch.exact import as_doubles, digits_of
from fasttwitch.batch.searching import contained, matched_end, places
from fasttwitch.batch.text import LARGE, lower_ascii, upper_ascii
from fasttwitch.batch.text_parts import element, is_ascii, lengths, numbers, substring, trimmed
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    Type,
)
from fasttwitch.logic.evaluation import definition
from fasttwitch.logic.nodes import Apply, Compare, Expression, In, Value


@dataclass(frozen=True, slots=True)
class Fixed:
    """One value for all rows."""

    value: Value


Column: TypeAlias = pa.Array | list[Value | None] | Fixed

FORMS: Mapping[Type, pa.DataType] = {
    BOOL: pa.bool_(),
    INT: pa.int64(),
    TIMESTAMP: pa.int64(),
    DURATION: pa.int64(),
    DATE: pa.int64(),
    UINT: pa.uint64(),
    DOUBLE: pa.float64(),
    STRING: LARGE,
}
COMPARE = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal"}
TESTS = {
    "startsWith": "starts_with",
    "endsWith": "ends_with",
    "matches": "match_substring_regex",  # RE2, found anywhere in the string
}
UNARY = {"lowerAscii": lower_ascii, "upperAscii": upper_ascii, "reverse": pc.utf8_reverse, "trim": trimmed}
# Holds every decimal128 and every 64-bit integer exactly, so that any two can be compared.
WIDE_DECIMAL = pa.decimal256(76, 38)


def in_arrow(expression: Expression, operands: Sequence[Column]) -> Column | None:
    """Return an expression as Arrow computes it; None where it has no function that means the same."""
    match expression, operands:
        case Apply("contains"), [pa.Array() as text, pa.Array() | Fixed() as part]:
            return contained(text, _part(part))
        case Apply("startsWith" | "endsWith" as name), [pa.Array() as text, pa.Array() as part]:
            return matched_end(text, part, at_end=name == "endsWith")
        case Apply("matches" | "startsWith" | "endsWith" as name), [pa.Array() as text, Fixed(str(part))]:
            return getattr(pc, TESTS[name])(text, pattern=part)
        case Apply(name), [pa.Array() as only]:
            return _of_one(name, expression, only)
        case Apply("substring"), [pa.Array() as text, Fixed(int(begin))]:
            return substring(text, begin, None)
        case Apply("substring"), [pa.Array() as text, Fixed(int(begin)), Fixed(int(end))]:
            return substring(text, begin, end)
        case Apply("indexOf"), [pa.Array() as text, pa.Array() | Fixed() as part] if is_ascii(text):
            return places(text, _part(part))
        case Apply("split"), [pa.Array() as text, Fixed(str(separator))] if separator:
            return pc.split_pattern(text, pattern=separator)
        case Apply("[]"), [pa.ListArray() as lists, Fixed(int(position))]:
            return element(lists, position)
        case Apply("replace"), [pa.Array() as text, Fixed(str(old)), Fixed(str(new))] if old:
            return pc.replace_substring(text, pattern=old, replacement=new)
        case Apply("bucket"), [pa.Array() as ids, Fixed(str(salt)), Fixed(int(count))]:
            return buckets(ids, salt, count)
        case Apply("+", type=kind), [left, right] if kind is STRING and _is_arrow(left, right):
            return pc.binary_join_element_wise(_operand(left), _operand(right), pa.scalar("", LARGE))
        case Compare(operator, left, right), [one, two] if _is_arrow(one, two):
            return _compared(operator, left.type, right.type, one, two)
        case In(operand, constants), [pa.Array() as values] if operand.type in (STRING, BOOL):
            found = pc.is_in(values, value_set=pa.array(constants, values.type))
            return pc.if_else(pc.is_valid(values), found, pa.scalar(None, pa.bool_()))
    return None


def _of_one(name: str, expression: Apply, only: pa.Array) -> pa.Array | None:
    """Return a function of one column."""
    kind, source = expression.type, expression.arguments[0].type
    if source is STRING:
        if name in UNARY:
            return UNARY[name](only)
        if name == "size":
            return lengths(only)
        if name in ("int", "uint", "double"):
            return numbers(only, FORMS[kind], definition(expression))
    if name == "size" and isinstance(only, pa.ListArray):
        return pc.list_value_length(only).cast(pa.int64())
    if name == "string" and source in (INT, UINT):
        return only.cast(LARGE)
    if name == "double" and source is DECIMAL:
        return as_doubles(only)
    return None


def _is_arrow(left: Column, right: Column) -> bool:
    """Return whether two operands are columns of Arrow, or one such and a constant."""
    kinds = [isinstance(side, pa.Array) for side in (left, right)]
    simple = all(kind or isinstance(side, Fixed) for kind, side in zip(kinds, (left, right), strict=True))
    return any(kinds) and simple


def _part(column: pa.Array | Fixed) -> pa.Array | str:
    """Return what is looked for: a column, or the same string in all rows."""
    return str(column.value) if isinstance(column, Fixed) else column


def _operand(column: Column) -> pa.Array | pa.Scalar:
    return pa.scalar(column.value, LARGE) if isinstance(column, Fixed) else column


def _compared(operator: str, left: Type, right: Type, one: Any, two: Any) -> Column | None:
    """Return a comparison of columns of one form, or of decimals with whole numbers."""
    compare = getattr(pc, COMPARE[operator])
    if DECIMAL not in (left, right):
        if left is not right or left not in FORMS:
            return None
        return compare(*(pa.scalar(s.value, FORMS[left]) if isinstance(s, Fixed) else s for s in (one, two)))
    if not isinstance(one, Fixed) and not isinstance(two, Fixed):
        digits = digits_of(one, two)
        if digits is not None:
            return compare(*digits)
    sides = []
    for side in (one, two):
        value = pa.scalar(side.value) if isinstance(side, Fixed) else side
        if isinstance(side, Fixed) and not _fits_wide(side.value):
            return None
        sides.append(value.cast(WIDE_DECIMAL))
    return compare(*sides)


def _fits_wide(value: Value) -> bool:
    """Return whether a constant can be a wide decimal."""
    try:
        pa.scalar(value).cast(WIDE_DECIMAL)
    except pa.ArrowInvalid:
        return False
    return True
