"""Expressions as whole columns, for what the kernels have no steps for: strings, decimals, versions, lists.

A function runs once for each distinct string where one string column decides, else once a row. Arrow does what it does
exactly as the language says; all else goes through the definitions of the catalogue, value by value.

Values of a type lie in one form of column:

    bool → bool    int, timestamp, duration, date → int64    uint → uint64    double → float64
    string → large_string    decimal → as stored    semver, list → a Python list
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.batch.bucketing import buckets
from fasttwitch.batch.columns import TEXTS, column_at
from fasttwitch.batch.exact import as_doubles, as_language
from fasttwitch.batch.interning import interned
from fasttwitch.batch.text import LARGE, lower_ascii, plain, upper_ascii
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
from fasttwitch.logic.evaluation import definition, strict_operands
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, ListOf, Now, Value
from fasttwitch.plan.reads import attributes_of, only_text

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """One value for all rows."""

    value: Value


Column: TypeAlias = pa.Array | pa.ChunkedArray | list[Value | None] | Fixed

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
# As what the kernels take a computed column.
STORED: Mapping[Type, pa.DataType] = {TIMESTAMP: pa.timestamp("us"), DURATION: pa.duration("us"), DATE: pa.date32()}
COMPARE = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal"}
TESTS = {
    "startsWith": "starts_with",
    "endsWith": "ends_with",
    "contains": "match_substring",
    "matches": "match_substring_regex",  # RE2, found anywhere in the string
}
UNARY = {"lowerAscii": lower_ascii, "upperAscii": upper_ascii, "reverse": pc.utf8_reverse}
# Holds every decimal128 and every 64-bit integer exactly, so that any two can be compared.
WIDE_DECIMAL = pa.decimal256(76, 38)


def computed(expression: Expression, table: pa.Table, now: int, threads: int) -> pa.ChunkedArray:
    """Return an expression over the columns of a table, null where it is unknown.

    Errors: DataError if a column is missing or of another type than the program was compiled for.
    """
    kinds = {attribute.path: attribute.type for attribute in attributes_of(expression)}
    columns = {path: column_at(table, path, kind) for path, kind in kinds.items()}
    if only_text(expression):
        column = next(iter(columns.values()))
        if column.type in TEXTS and _is_costly(expression):
            column = interned(column, threads)
        if pa.types.is_dictionary(column.type):
            return pa.chunked_array(
                [_once_each(expression, chunk) for chunk in column.chunks], type=stored_type(expression.type)
            )
    found = Evaluation(columns, table.num_rows, now, threads=threads).array(expression)
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])


def _is_costly(expression: Expression) -> bool:
    """Return whether an expression costs more than finding out which strings are the same."""
    return not (isinstance(expression, Apply) and expression.function in ("size", "bucket"))


def _once_each(expression: Expression, chunk: pa.DictionaryArray) -> pa.Array:
    """Return an expression over one string column, evaluated once for each distinct string."""
    strings = plain(chunk.dictionary)
    return Evaluation({}, len(strings), 0, strings).array(expression).take(chunk.indices)


def stored_type(kind: Type) -> pa.DataType:
    """Return the Arrow type in which the kernels take a computed column."""
    return STORED.get(kind) or FORMS[kind]


class Evaluation:
    """Expressions over columns of one length.

    columns  by path, as they are stored
    rows     how many
    now      µs since 1970 UTC
    strings  stands for every string column, where an expression reads one only
    threads  for the functions that can use several
    """

    def __init__(
        self,
        columns: Mapping[Path, pa.ChunkedArray],
        rows: int,
        now: int,
        strings: pa.Array | pa.ChunkedArray | None = None,
        threads: int = 1,
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._now = now
        self._strings = strings
        self._threads = threads

    def array(self, expression: Expression) -> pa.Array | pa.ChunkedArray:
        """Return the value of an expression in every row, null where it is unknown."""
        kind = expression.type
        column = self._column(expression)
        form = FORMS[kind]
        if isinstance(column, Fixed):
            column = pa.array([column.value] * self._rows, form)
        elif isinstance(column, list):
            column = pa.array(column, form)
        if kind is DATE:
            column = column.cast(pa.int32())
        return column.cast(STORED[kind]) if kind in STORED else column

    def _column(self, expression: Expression) -> Column:
        match expression:
            case Constant(value):
                return Fixed(value)
            case Now():
                return Fixed(self._now)
            case Attribute(path, kind):
                return self._strings if self._strings is not None else as_language(self._columns[path], kind)
            case Coalesce(choices):
                return self._first_known([self._column(choice) for choice in choices], expression.type)
            case Apply() | Compare() | In() | ListOf():
                operands = [self._column(operand) for operand in strict_operands(expression)]
                quick = _in_arrow(expression, operands, self._threads)
                return self._by_value(expression, operands) if quick is None else quick
        raise AssertionError(f"not a value: {expression}")

    def _first_known(self, columns: Sequence[Column], kind: Type) -> Column:
        """Return the first column that is not null, row by row."""
        lists = [self._values(column) for column in columns]
        found = [next((value for value in row if value is not None), None) for row in zip(*lists, strict=True)]
        return pa.array(found, FORMS[kind]) if kind in FORMS else found

    def _by_value(self, expression: Apply | Compare | In | ListOf, operands: Sequence[Column]) -> Column:
        """Return a function of operands, one row after the other; unknown where any of them is."""
        define: Callable[..., Value | None] = definition(expression)
        lists = [self._values(operand) for operand in operands]
        match lists:
            case [only]:
                values = [None if value is None else define(value) for value in only]
            case [left, right]:
                values = [
                    None if one is None or two is None else define(one, two)
                    for one, two in zip(left, right, strict=True)
                ]
            case _:
                values = [None if None in row else define(*row) for row in zip(*lists, strict=True)]
        kind = expression.type
        return pa.array(values, FORMS[kind]) if kind in FORMS else values

    def _values(self, column: Column) -> list[Value | None]:
        match column:
            case Fixed(value):
                return [value] * self._rows
            case list():
                return column
            case _:
                found: list[Value | None] = column.to_pylist()
                return found


def _in_arrow(expression: Expression, operands: Sequence[Column], threads: int) -> Column | None:
    """Return what Arrow computes exactly as the language says; None where it has no such function."""
    match expression, operands:
        case Apply("matches" | "startsWith" | "endsWith" | "contains" as name), [text, Fixed(str(part))]:
            return None if isinstance(text, Fixed) else getattr(pc, TESTS[name])(text, pattern=part)
        case Apply(name, type=kind), [pa.Array() | pa.ChunkedArray() as only]:
            if name in UNARY and kind is STRING:
                return UNARY[name](only)
            if name == "size" and only.type == LARGE:
                return pc.utf8_length(only).cast(pa.int64())
            if name == "string" and pa.types.is_integer(only.type) and expression.arguments[0].type in (INT, UINT):
                return only.cast(LARGE)
            if name == "double" and pa.types.is_decimal(only.type):
                return as_doubles(only)
        case Apply("replace"), [text, Fixed(str(old)), Fixed(str(new))] if old and not isinstance(text, Fixed):
            return pc.replace_substring(text, pattern=old, replacement=new)
        case Apply("bucket"), [ids, Fixed(str(salt)), Fixed(int(count))] if not isinstance(ids, Fixed):
            return buckets(ids, salt, count, threads)
        case Apply("+", type=kind), [left, right] if kind is STRING and _is_arrow(left, right):
            return pc.binary_join_element_wise(_operand(left), _operand(right), pa.scalar("", LARGE))
        case Compare(operator, left, right), [one, two] if _is_arrow(one, two):
            return _compared(operator, left.type, right.type, one, two)
        case In(operand, constants), [pa.Array() | pa.ChunkedArray() as values] if operand.type in (STRING, BOOL):
            found = pc.is_in(values, value_set=pa.array(constants, values.type))
            return pc.if_else(pc.is_valid(values), found, pa.scalar(None, pa.bool_()))
    return None


def _is_arrow(left: Column, right: Column) -> bool:
    """Return whether two operands are columns of Arrow, or one such and a constant."""
    kinds = [isinstance(side, pa.Array | pa.ChunkedArray) for side in (left, right)]
    simple = all(kind or isinstance(side, Fixed) for kind, side in zip(kinds, (left, right), strict=True))
    return any(kinds) and simple


def _operand(column: Column) -> pa.Array | pa.ChunkedArray | pa.Scalar:
    return pa.scalar(column.value, LARGE) if isinstance(column, Fixed) else column


def _compared(operator: str, left: Type, right: Type, one: Any, two: Any) -> Column | None:
    """Return a comparison of columns of one form, or of decimals with whole numbers."""
    sides = []
    for kind, side in ((left, one), (right, two)):
        if DECIMAL in (left, right):
            value = pa.scalar(side.value) if isinstance(side, Fixed) else side
            if isinstance(side, Fixed) and not _fits_wide(side.value):
                return None
            sides.append(value.cast(WIDE_DECIMAL))
        elif left is right and kind in FORMS:
            sides.append(pa.scalar(side.value, FORMS[kind]) if isinstance(side, Fixed) else side)
        else:
            return None
    return getattr(pc, COMPARE[operator])(*sides)


def _fits_wide(value: Value) -> bool:
    """Return whether a constant can be a wide decimal."""
    try:
        pa.scalar(value).cast(WIDE_DECIMAL)
    except pa.ArrowInvalid:
        return False
    return True
