"""Random rules in DuckDB: what the exporter says of them, beside what the slow truth says."""

import re
from dataclasses import dataclass
from random import Random

import duckdb
import pyarrow as pa

import fasttwitch as ft
from fasttwitch.exporters.duckdb_sql import to_duckdb_sql
from tests.generators.trials import Trial, trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import answers

# DuckDB cannot read stored instants beyond its own range in seconds: then it answers nothing at all.
UNREADABLE = "Could not convert Timestamp"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial.

    said     rules that SQL could say
    refused  rules that it could not
    wrong    text, row, truth and DuckDB's answer, of each rule that DuckDB answers otherwise
    """

    said: int
    refused: int
    wrong: tuple[tuple[str, object, object, object], ...]


def outcome(seed: int, connection: duckdb.DuckDBPyConnection) -> Outcome:
    """Return how DuckDB fares with forty random rules over a hundred random rows."""
    drawn = trial(Random(seed), rules=40, rows=100)
    truths = answers(drawn.world, rows(drawn.table))
    table = readable(drawn.table)
    ruleset = ft.load_ruleset(drawn.document)
    connection.register("batch", table)
    said, refused = 0, 0
    wrong: list[tuple[str, object, object, object]] = []
    for name in drawn.rules:
        if missing_columns(drawn, name, table):
            continue
        try:
            sql = to_duckdb_sql(ruleset, drawn.table.schema, segment=name, now=moment(drawn.shape.now))
        except ft.ExporterError:
            refused += 1
            continue
        try:
            found = connection.sql(f"SELECT {sql} AS answer FROM batch").to_arrow_table().column(0).to_pylist()
        except duckdb.Error as error:
            if UNREADABLE not in str(error):
                wrong.append((drawn.rules[name], "raised", sql, str(error)))
            continue
        said += 1
        expected = list(truths[name])
        row = next((row for row in range(len(expected)) if found[row] is not expected[row]), None)
        if row is not None:
            wrong.append((drawn.rules[name], row, expected[row], found[row]))
    connection.unregister("batch")
    return Outcome(said, refused, tuple(wrong))


def missing_columns(drawn: Trial, name: str, table: pa.Table) -> bool:
    """Return whether a rule, or a segment that it refers to, names a column that was left out."""
    text = drawn.rules[name]
    if any(missing_columns(drawn, other, table) for other in re.findall(r'segment\("(\w+)"\)', text)):
        return True
    left_out = set(drawn.table.column_names) - set(table.column_names)
    return any(re.search(rf"\b{column}\b", text) for column in left_out)


def readable(table: pa.Table) -> pa.Table:
    """Return the columns that DuckDB reads as they are, in one chunk: it misreads slices."""
    kept = {}
    for field in table.schema:
        if reads(field.type):
            column = table.column(field.name)
            kept[field.name] = column if field.type == plain(field.type) else column.cast(plain(field.type))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, pa.table(kept).schema) as writer:
        writer.write_table(pa.table(kept))
    return pa.ipc.open_stream(sink.getvalue()).read_all().combine_chunks()


def reads(stored: pa.DataType) -> bool:
    """Return whether DuckDB reads a type at all, and all values that the generator puts there.

    Left out: decimals that it does not have; days in milliseconds, which Arrow wants to be whole and the generator
    does not.
    """
    types = pa.types
    if types.is_struct(stored):
        return all(reads(child.type) for child in stored)
    if types.is_dictionary(stored):
        return reads(stored.value_type) and not types.is_string_view(stored.value_type)
    if types.is_decimal(stored):
        return bool(stored.scale >= 0 and types.is_decimal128(stored))
    return bool(not types.is_date64(stored))


def plain(stored: pa.DataType) -> pa.DataType:
    """Return a type without dictionaries and half floats."""
    if pa.types.is_struct(stored):
        return pa.struct([child.with_type(plain(child.type)) for child in stored])
    if pa.types.is_dictionary(stored):
        return plain(stored.value_type)
    return pa.float32() if pa.types.is_float16(stored) else stored
