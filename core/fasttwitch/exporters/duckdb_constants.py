"""Constants as SQL."""

from collections.abc import Sequence
from decimal import Decimal

from fasttwitch.exporters.duckdb_columns import refused
from fasttwitch.logic.datatypes import BOOL, DECIMAL, DOUBLE, INT, STRING, UINT, Type
from fasttwitch.logic.nodes import Value
from fasttwitch.syntax.nodes import Span

_PLAIN_INTS = range(-(2**31) + 1, 2**31)  # DuckDB reads these as INTEGER, which meets any other whole number


def literal(value: Value, kind: Type, span: Span) -> str:
    """Return a value as a SQL constant of its type."""
    if kind is BOOL:
        return "TRUE" if value else "FALSE"
    if kind is STRING and isinstance(value, str):
        return text_literal(value, span)
    if kind is DOUBLE and isinstance(value, int | float):
        return double_literal(float(value))
    if kind is DECIMAL and isinstance(value, Decimal):
        whole, fraction = digits(value)
        return decimal_literal(value, max(whole, 1) + fraction, fraction, span)
    if isinstance(value, int):
        return f"CAST('{value}' AS {'UBIGINT' if kind is UINT else 'BIGINT'})"
    raise refused(span, f"DuckDB has no {kind}")


def compared_literal(value: Value, kind: Type, span: Span) -> str:
    """Return a constant as it stands beside a comparison, where small whole numbers need no type."""
    if isinstance(value, int) and not isinstance(value, bool) and kind is not DOUBLE and value in _PLAIN_INTS:
        return str(value)
    return literal(value, kind, span)


def text_literal(value: str, span: Span) -> str:
    """Return a text in quotes."""
    if "\0" in value:
        raise refused(span, "SQL cannot write the character NUL")
    return "'" + value.replace("'", "''") + "'"


def double_literal(value: float) -> str:
    """Return a double: with an exponent, or DuckDB would take it for a decimal."""
    if value != value or value in (float("inf"), float("-inf")):
        return f"CAST('{value}' AS DOUBLE)"
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def decimal_literal(value: Decimal, precision: int, scale: int, span: Span) -> str:
    """Return a decimal of a type that holds it exactly."""
    if precision > 38:
        raise refused(span, f"DuckDB's decimals have 38 digits, and `{value}` beside its column needs more")
    return f"CAST('{value:f}' AS DECIMAL({precision}, {scale}))"


def digits(value: Decimal) -> tuple[int, int]:
    """Return how many digits a decimal has before and after the point."""
    whole, _, fraction = format(value.copy_abs(), "f").partition(".")
    return len(whole.lstrip("0")), len(fraction)


def widest(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the digits before and after the point that hold all of some decimals."""
    return max(whole for whole, _ in parts), max(fraction for _, fraction in parts)


WHOLE_DIGITS = {INT: (19, 0), UINT: (20, 0)}
"""Digits of whole numbers that are compared with decimals."""
