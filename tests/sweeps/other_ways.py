"""The same question asked in other ways: every one of them must give the same masks, to the byte."""

import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

import pyarrow as pa

import fasttwitch as ft
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
    language_type,
)
from tests.oracle.kinds import Row

# The type in which a column of the language type comes back, whatever it was before.
RETYPED: Mapping[Type, pa.DataType] = {
    BOOL: pa.bool_(),
    INT: pa.int64(),
    UINT: pa.uint64(),
    DOUBLE: pa.float64(),
    STRING: pa.string_view(),
    TIMESTAMP: pa.timestamp("us"),
    DURATION: pa.duration("us"),
    DATE: pa.date32(),
}


def other_ways(
    program: ft.Program, table: pa.Table, rows: list[Row], now: datetime, random: Random
) -> Iterator[tuple[str, Callable[[], ft.Audiences]]]:
    """Yield ways to ask a program for the audiences of a table, each with its name."""
    for threads in (2, 4):
        yield f"{threads} threads", lambda threads=threads: program.select(table, now=now, threads=threads)  # type: ignore[misc]
    yield "stream", lambda: program.select(table.to_reader(max_chunksize=random.randint(1, 200)), now=now, threads=2)
    yield "other types", lambda: program.select(retyped(table, rows), now=now, threads=1)
    yield "pickled", lambda: pickle.loads(pickle.dumps(program)).select(table, now=now, threads=1)
    base = program.encode(table)
    yield "kept codes", lambda: program.select(base, now=now, threads=1)
    yield "kept codes, another hour", lambda: an_hour_later(program, base, now)
    yield "kept codes again", lambda: program.select(base, now=now, threads=2)
    yield "another program's codes", lambda: program.select(codes_of_half(program, table), now=now, threads=1)


def an_hour_later(program: ft.Program, base: ft.EncodedBase, now: datetime) -> ft.Audiences:
    """Return the audiences of now, after the same codes have answered for a later instant."""
    program.select(base, now=now + timedelta(hours=1), threads=1)
    return program.select(base, now=now, threads=1)


def codes_of_half(program: ft.Program, table: pa.Table) -> ft.EncodedBase:
    """Return the table encoded for every second segment of the program; all columns are named, hence kept."""
    segments = {f"half-{name}": f'segment("{name}")' for name in program.names[::-2]}
    segments["all"] = " && ".join(f"{column} != null" for column in table.column_names)
    return program.draft(segments).encode(table)


def retyped(table: pa.Table, rows: list[Row]) -> pa.Table:
    """Return the table with every plain column in another type of the same language type, in one chunk."""
    arrays = {}
    for field in table.schema:
        kind = language_type(field.type)
        values = [row.get(field.name) for row in rows]
        if kind in RETYPED:
            arrays[field.name] = pa.array(values, type=RETYPED[kind])
        elif kind == DECIMAL:
            arrays[field.name] = pa.array(values, type=pa.decimal256(38, plain_type(field.type).scale))
        else:
            arrays[field.name] = table.column(field.name)
    return pa.table(arrays)


def plain_type(stored: pa.DataType) -> pa.DataType:
    """Return the type, or that of a dictionary's values."""
    return stored.value_type if pa.types.is_dictionary(stored) else stored
