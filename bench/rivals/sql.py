"""Conditions as SQL: what DuckDB and DataFusion read alike."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from bench.rivals.conditions import Compare, Condition, Constant, Every, Flag, Not, OneOf, Some, StartsWith


def counts_query(segments: Mapping[str, Condition], count: str) -> str:
    """Return one SELECT with a column for each segment, in order; `count` is how a condition's rows are counted."""
    counts = (count.format(_sql(condition)) for condition in segments.values())
    return f"SELECT {', '.join(f'{each} AS s{i}' for i, each in enumerate(counts))} FROM customers"


def quoted(text: str) -> str:
    """Return a string literal."""
    return "'" + text.replace("'", "''") + "'"


def _sql(condition: Condition) -> str:
    """Return a condition as SQL."""
    match condition:
        case Compare(column, comparison, constant):
            return f"{column} {'=' if comparison == '==' else comparison} {_literal(constant)}"
        case OneOf(column, words):
            return f"{column} IN ({', '.join(map(quoted, words))})"
        case StartsWith(column, prefix):
            return f"starts_with({column}, {quoted(prefix)})"
        case Flag(column):
            return column
        case Not(part):
            return f"NOT ({_sql(part)})"
        case Every(parts):
            return " AND ".join(f"({_sql(part)})" for part in parts)
        case Some(parts):
            return " OR ".join(f"({_sql(part)})" for part in parts)


def _literal(constant: Constant) -> str:
    """Return a constant as SQL; instants carry their zone, and are compared as instants."""
    match constant:
        case str():
            return quoted(constant)
        case datetime():
            return f"TIMESTAMPTZ {quoted(constant.strftime('%Y-%m-%d %H:%M:%S+00:00'))}"
        case date():
            return f"DATE {quoted(constant.isoformat())}"
        case Decimal() | int() | float():
            return str(constant)
