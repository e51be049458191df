"""Columns as DuckDB reads them from Arrow, turned into the values of the language."""

from datetime import datetime, timedelta

import pyarrow as pa

from fasttwitch.errors import ExporterError, Problem
from fasttwitch.logic.instants import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT, LONGEST_DURATION
from fasttwitch.logic.nodes import Attribute
from fasttwitch.syntax.nodes import Span

_EPOCH = datetime(1970, 1, 1)
_LAST_NANOSECOND = 2**63 - 1


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
    return _count(schema, node)


def native_literal(schema: pa.Schema, node: Attribute, value: int) -> str | None:
    """Return an instant or a day as a constant of the column's own type in DuckDB.

    None where DuckDB's type and ours do not order alike: beside nanoseconds, and at the ends of the years 1 to 9999,
    which stand for all that lies beyond them.
    """
    types, stored = pa.types, stored_type(schema, node.path)
    if types.is_date(stored):
        return _day(value) if FIRST_DAY < value < LAST_DAY else None
    if types.is_timestamp(stored) and stored.unit != "ns" and FIRST_INSTANT < value < LAST_INSTANT:
        return _instant(value, stored.tz is not None)
    return None


def _count(schema: pa.Schema, node: Attribute) -> str:
    """Return SQL for an instant, a day or a length of time as a number; what lies beyond our range is its end."""
    types, stored, text = pa.types, stored_type(schema, node.path), raw(node.path)
    if types.is_date(stored):
        return _held(text, (_day(FIRST_DAY), _day(LAST_DAY)), (FIRST_DAY, LAST_DAY), f"{text} - DATE '1970-01-01'")
    if types.is_duration(stored):
        if stored.unit == "ns":
            raise refused(node.span, "DuckDB cuts nanoseconds off where the language rounds down", "store microseconds")
        limits = (-LONGEST_DURATION, LONGEST_DURATION)
        return _held(f"epoch_us({text})", (str(limits[0]), str(limits[1])), limits, f"epoch_us({text})")
    if types.is_timestamp(stored):
        if stored.unit == "ns":  # 1677 to 2262; DuckDB takes both ends for `infinity`, which has no count
            ends = (
                f"WHEN 'infinity' THEN {_LAST_NANOSECOND // 1_000} WHEN '-infinity' THEN {-_LAST_NANOSECOND // 1_000}"
            )
            return f"coalesce({floored(f'epoch_ns({text})', 1_000)}, CASE CAST({text} AS VARCHAR) {ends} END)"
        # Compared as instants: `infinity` is no number.
        limits = (FIRST_INSTANT, LAST_INSTANT)
        zoned = stored.tz is not None
        return _held(text, (_instant(limits[0], zoned), _instant(limits[1], zoned)), limits, f"epoch_us({text})")
    raise refused(node.span, f"`{'.'.join(node.path)}` is a {stored}, of which SQL can only ask whether it is NULL")


def _held(text: str, ends: tuple[str, str], counts: tuple[int, int], count: str) -> str:
    return f"(CASE WHEN {text} < {ends[0]} THEN {counts[0]} WHEN {text} > {ends[1]} THEN {counts[1]} ELSE {count} END)"


def _day(value: int) -> str:
    return f"DATE '{_EPOCH.date() + timedelta(days=value)}'"


def _instant(value: int, zoned: bool) -> str:
    words = (_EPOCH + timedelta(microseconds=value)).isoformat(" ")
    return f"TIMESTAMPTZ '{words}+00'" if zoned else f"TIMESTAMP '{words}'"


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
