"""Columns as DuckDB reads them from Arrow, turned into the values of the language."""

import pyarrow as pa

from fasttwitch.errors import ExporterError, Problem
from fasttwitch.logic.instants import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT, LONGEST_DURATION
from fasttwitch.logic.nodes import Attribute
from fasttwitch.syntax.nodes import Span


def refused(span: Span, message: str, fix: str = "") -> ExporterError:
    """Return the error for what DuckDB cannot say."""
    return ExporterError(Problem(message, span, fix))


def stored_type(schema: pa.Schema, path: tuple[str, ...]) -> pa.DataType:
    """Return the Arrow type of a column or field; that of its values if it is a dictionary."""
    found = schema.field(path[0]).type
    for step in path[1:]:
        found = found.field(found.get_field_index(step)).type
    return found.value_type if pa.types.is_dictionary(found) else found


def raw(path: tuple[str, ...]) -> str:
    """Return SQL for a column or field as it is stored."""
    text = quoted(path[0])
    for step in path[1:]:
        name = step.replace("'", "''")
        text = f"struct_extract({text}, '{name}')"
    return text


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def column(schema: pa.Schema, node: Attribute) -> str:
    """Return SQL for the value of a column: BOOLEAN, BIGINT, UBIGINT, DOUBLE, DECIMAL, VARCHAR, or a count."""
    types, stored, text = pa.types, stored_type(schema, node.path), raw(node.path)
    if types.is_boolean(stored):
        return text
    if types.is_string(stored) or types.is_large_string(stored) or types.is_string_view(stored):
        return text if stored == _written(schema, node) else f"CAST({text} AS VARCHAR)"
    if types.is_signed_integer(stored):
        return text if types.is_int64(stored) else f"CAST({text} AS BIGINT)"
    if types.is_unsigned_integer(stored):
        return text if types.is_uint64(stored) else f"CAST({text} AS UBIGINT)"
    if types.is_floating(stored):
        return text if types.is_float64(stored) else f"CAST({text} AS DOUBLE)"
    if types.is_decimal(stored):
        if stored.scale < 0 or stored.precision > 38:
            raise refused(node.span, f"DuckDB has no {stored}")
        return text
    return held(*count(schema, node))


def count(schema: pa.Schema, node: Attribute) -> tuple[str, int, int]:
    """Return SQL for an instant, a day or a length of time as a number, with the range that the language has."""
    types, stored, text = pa.types, stored_type(schema, node.path), raw(node.path)
    if types.is_date(stored):
        return f"({text} - DATE '1970-01-01')", FIRST_DAY, LAST_DAY
    if types.is_duration(stored):
        if stored.unit == "ns":
            raise refused(node.span, "DuckDB cuts nanoseconds off where the language rounds down", "store microseconds")
        return f"epoch_us({text})", -LONGEST_DURATION, LONGEST_DURATION
    if types.is_timestamp(stored):
        if stored.unit == "ns":
            return floored(f"epoch_ns({text})", 1_000), FIRST_INSTANT, LAST_INSTANT
        return f"epoch_us({text})", FIRST_INSTANT, LAST_INSTANT
    raise refused(node.span, f"`{'.'.join(node.path)}` is a {stored}, of which SQL can only ask whether it is NULL")


def held(text: str, low: int, high: int) -> str:
    """Return SQL for a count that lies in a range; what is stored beyond its ends counts as the end."""
    return f"(CASE WHEN {text} < {low} THEN {low} WHEN {text} > {high} THEN {high} ELSE {text} END)"


def floored(text: str, divisor: int) -> str:
    """Return SQL for a quotient rounded down; `//` cuts off."""
    # Not by subtracting the remainder first: that may leave the range of BIGINT.
    return f"({text} // {divisor} - CAST({text} % {divisor} < 0 AS BIGINT))"


def _written(schema: pa.Schema, node: Attribute) -> pa.DataType:
    """Return the Arrow type of a column or field as it is written, dictionaries included."""
    found = schema.field(node.path[0]).type
    for step in node.path[1:]:
        found = found.field(found.get_field_index(step)).type
    return found
