"""Schemas and tables: every type, structs two deep, awkward nulls, chunks and offsets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pyarrow as pa

from fasttwitch.logic.datatypes import BOOL, Scalar, language_type
from tests.generators.values import (
    DATES,
    DECIMALS,
    DURATIONS,
    FLOATS,
    INTEGERS,
    NATURALS,
    STRINGS,
    TIMESTAMPS,
    Stored,
    language_form,
    pool,
)
from tests.oracle.instants import DAY, parse_timestamp
from tests.oracle.kinds import Value

STRUCT = Scalar("struct")  # what a rule can only test for null
MOMENTS = ("2026-01-01T00:00:00Z", "2024-03-31T00:59:59.999999Z", "1970-01-01T00:00:00Z", "2024-02-29T12:34:56.000001Z")
NULL_SHARES = (0.0, 0.05, 0.05, 0.5, 1.0)
INDICES = (*INTEGERS, *NATURALS)
CODED = (
    pa.int64(),
    pa.uint8(),
    pa.float32(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("ms"),
    pa.decimal128(5, 2),
    STRINGS[2],
)
FAMILIES = (
    (pa.bool_(),),
    INTEGERS,
    INTEGERS,
    NATURALS,
    FLOATS,
    FLOATS,
    DECIMALS,
    STRINGS,
    tuple(pa.dictionary(index, text) for index in INDICES for text in STRINGS[:2]),
    tuple(pa.dictionary(pa.int16(), word) for word in CODED),
    TIMESTAMPS,
    TIMESTAMPS,
    DATES,
    DURATIONS,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column to generate.

    type      Arrow type
    pool      distinct values, in stored form; empty for a struct
    nulls     share of null cells
    children  fields of a struct, else empty
    """

    name: str
    type: pa.DataType
    pool: tuple[Stored, ...]
    nulls: float
    children: tuple["Column", ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a rule may name: a path, its language type, and values near the data (none for a struct)."""

    path: str
    kind: Scalar
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema to draw tables from, and the instant at which rules look at them."""

    columns: tuple[Column, ...]
    now: int

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        return pa.schema([(column.name, column.type) for column in self.columns])

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Everything a rule may name."""
        return tuple(leaf for column in self.columns for leaf in leaves_below(column, column.name))


def leaves_below(column: Column, path: str) -> Iterator[Leaf]:
    """Yield the leaves of one column."""
    for child in column.children:
        yield from leaves_below(child, f"{path}.{child.name}")
    kind = language_type(column.type)
    if not isinstance(kind, Scalar):
        yield Leaf(path, STRUCT, ())
    else:
        stored = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        values = [language_form(stored, value) for value in column.pool]
        yield Leaf(path, kind, tuple(values) if kind != BOOL else (True, False))


def shape(random: Random, attributes: int | None = None) -> Shape:
    """Return a schema of 3 to 20 attributes, structs and their fields among them."""
    now = parse_timestamp(random.choice(MOMENTS)) + random.choice((0, 0, 1, 12_345 * DAY // 1000))
    wanted = attributes or random.randint(3, 20)
    return Shape(tuple(column(random, f"c{number}", now, depth=3) for number in range(wanted)), now)


def column(random: Random, name: str, now: int, depth: int) -> Column:
    """Return a column of a random type; a struct one time in eight, one time in four inside a struct."""
    nulls = random.choice(NULL_SHARES)
    if depth > 0 and random.randrange(8 if depth == 3 else 4) == 0:
        children = tuple(
            column(random, word, now, depth - 1) for word in ("city", "size", "seen")[: random.randint(1, 3)]
        )
        fields = pa.struct([(child.name, child.type) for child in children])
        return Column(name, fields, (), nulls, children)
    stored = random.choice(random.choice(FAMILIES))
    values = stored.value_type if pa.types.is_dictionary(stored) else stored
    return Column(name, stored, pool(random, values, now), nulls)


def table(random: Random, shape: Shape, rows: int) -> pa.Table:
    """Return so many rows, cut into chunks at odd offsets of larger arrays."""
    lengths = chunk_lengths(random, rows)
    chunks: dict[str, list[pa.Array]] = {column.name: [] for column in shape.columns}
    for length in lengths:
        before, after = random.choice(((0, 0), (0, 0), (1, 0), (3, 5), (13, 1), (64, 64)))
        for column in shape.columns:
            whole = array(random, column, before + length + after)
            chunks[column.name].append(whole.slice(before, length))
    columns = [pa.chunked_array(chunks[column.name], type=column.type) for column in shape.columns]
    return pa.table(columns, schema=shape.schema)


def chunk_lengths(random: Random, rows: int) -> list[int]:
    """Return the lengths of one to four chunks, empty ones among them."""
    cuts = sorted(random.randint(0, rows) for _ in range(random.choice((0, 0, 1, 3))))
    return [end - start for start, end in zip([0, *cuts], [*cuts, rows], strict=True)]


def array(random: Random, column: Column, rows: int) -> pa.Array:
    """Return one contiguous array of a column. Under a null lies any value, or an index out of range."""
    valid = np.array([random.random() >= column.nulls for _ in range(rows)], dtype=bool)
    if column.children:
        children = [array(random, child, rows) for child in column.children]
        return pa.StructArray.from_arrays(children, fields=list(column.type), mask=pa.array(~valid))
    if pa.types.is_dictionary(column.type):
        return dictionary(random, column, valid)
    return with_nulls(stored_array([random.choice(column.pool) for _ in range(rows)], column.type), valid)


def stored_array(values: Sequence[Stored | None], stored: pa.DataType) -> pa.Array:
    """Return an array from values in stored form."""
    if pa.types.is_temporal(stored):
        return pa.array(values, type=pa.int32() if stored.bit_width == 32 else pa.int64()).view(stored)
    return pa.array(values, type=stored)


def with_nulls(whole: pa.Array, valid: np.ndarray) -> pa.Array:
    """Return the array with a validity bitmap laid over it, values below nulls kept."""
    if valid.all():
        return whole
    bitmap = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.Array.from_buffers(whole.type, len(whole), [bitmap, *whole.buffers()[1:]])


def dictionary(random: Random, column: Column, valid: np.ndarray) -> pa.Array:
    """Return a dictionary array: words in any order, repeated or null ones among them."""
    most = 100 if column.type.index_type.bit_width == 8 else len(column.pool)
    words: list[Stored | None] = random.sample(column.pool, min(most, len(column.pool)))
    words += [word for word in column.pool[:25] if random.random() < 0.2]
    if random.random() < 0.3:
        words.insert(random.randint(0, len(words)), None)
    indices = [random.randrange(len(words)) for _ in valid]
    if random.random() < 0.5:
        indices = [index if known else 127 for index, known in zip(indices, valid, strict=True)]
    return pa.DictionaryArray.from_arrays(
        with_nulls(pa.array(indices, type=column.type.index_type), valid),
        stored_array(words, column.type.value_type),
        safe=False,
    )
