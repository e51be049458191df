"""Polars: one lazy `select` of all sums.

Its documentation says: prefer the lazy API; prefer Enum to Categorical and both to strings; let one query do it all, so
that the optimiser finds common sub-expressions (`comm_subexpr_elim` is on by default).
"""

import os
from collections.abc import Mapping

import pyarrow as pa

from bench.rivals.conditions import (
    OPERATORS,
    Compare,
    Condition,
    Count,
    Every,
    Flag,
    Not,
    OneOf,
    Some,
    StartsWith,
)

# Read once, when Polars is first imported; on the two cores that we measure on it changes nothing.
os.environ.setdefault("POLARS_MAX_THREADS", "2")
import polars


def polars_lazy(table: pa.Table, segments: Mapping[str, Condition]) -> Count:
    """Return a function that counts each segment with Polars."""
    frame = polars.DataFrame(polars.from_arrow(table)).with_columns(
        polars.col(field.name).cast(polars.Enum(table[field.name].chunk(0).dictionary.to_pylist()))
        for field in table.schema
        if pa.types.is_dictionary(field.type)
    )
    frame = frame.rechunk()
    sums = [_expression(condition, frame.schema).sum().alias(name) for name, condition in segments.items()]

    def count() -> dict[str, int]:
        return dict(frame.lazy().select(sums).collect().row(0, named=True))

    return count


def _expression(condition: Condition, schema: polars.Schema) -> polars.Expr:
    """Return the condition as an expression of Polars."""
    match condition:
        case Compare(column, comparison, constant):
            literal = polars.lit(constant, dtype=schema[column])
            return OPERATORS[comparison](polars.col(column), literal)
        case OneOf(column, words):
            return polars.col(column).is_in(polars.Series(words, dtype=schema[column]).implode())
        case StartsWith(column, prefix):
            return polars.col(column).str.starts_with(prefix)
        case Flag(column):
            return polars.col(column)
        case Not(part):
            return ~_expression(part, schema)
        case Every(parts):
            first, *others = (_expression(part, schema) for part in parts)
            return first.and_(*others)
        case Some(parts):
            first, *others = (_expression(part, schema) for part in parts)
            return first.or_(*others)
