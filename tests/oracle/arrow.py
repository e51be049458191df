"""Arrow tables as rows in language form, one cell at a time.

    bool → bool    int, uint → int    double → float    decimal → Decimal    string → str
    timestamp, duration → int microseconds    date → int days    null → None

A struct column gives its own path (True where the struct is there) and a path for every field below it. Columns that
the language has no type for are left out.
"""

from collections.abc import Callable, Iterator

import pyarrow as pa

from fasttwitch.logic.datatypes import DATE, DOUBLE, DURATION, TIMESTAMP, Scalar, StructType, Type, language_type
from tests.oracle.instants import FIRST_DATE, FIRST_TIMESTAMP, LAST_DATE, LAST_TIMESTAMP, LONGEST_DURATION, clamp
from tests.oracle.kinds import Row, Value

DAY_MILLISECONDS = 86_400_000
# A stored count times the first, floor-divided by the second, is microseconds.
MICROSECONDS = {"s": (1_000_000, 1), "ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}


def paths(schema: pa.Schema) -> dict[str, Type]:
    """Return the language type of every path of a schema, structs included."""
    found: dict[str, Type] = {}
    for field in schema:
        found.update(paths_below(field.name, language_type(field.type)))
    return found


def paths_below(path: str, kind: Type) -> Iterator[tuple[str, Type]]:
    """Yield a path with its type, and those of its fields."""
    if isinstance(kind, Scalar):
        yield path, kind
    if isinstance(kind, StructType):
        yield path, kind
        for name, child in kind.fields:
            yield from paths_below(f"{path}.{name}", child)


def rows(table: pa.Table) -> list[Row]:
    """Return every row as a mapping from path to value or None."""
    cells: dict[str, list[Value | None]] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        for path, kind in paths_below(name, language_type(column.type)):
            steps = path.removeprefix(name).split(".")[1:]
            cells[path] = [value for chunk in column.chunks for value in read(descend(chunk, steps), kind)]
    return [{path: values[row] for path, values in cells.items()} for row in range(table.num_rows)]


def descend(array: pa.Array, steps: list[str]) -> list[tuple[pa.Array, list[bool]]]:
    """Return the arrays from a column down to a field, each with which of its own rows are there."""
    found = [(array, array.is_valid().to_pylist())]
    for step in steps:
        array = array.field(array.type.get_field_index(step))
        found.append((array, array.is_valid().to_pylist()))
    return found


def read(levels: list[tuple[pa.Array, list[bool]]], kind: Type) -> list[Value | None]:
    """Return the values of the lowest array, None wherever it or a struct around it is null."""
    array = levels[-1][0]
    there = [all(level[row] for _, level in levels) for row in range(len(array))]
    if isinstance(kind, StructType):
        return [valid or None for valid in there]
    return [value if valid else None for value, valid in zip(values_of(array, kind), there, strict=True)]


def values_of(array: pa.Array, kind: Type) -> list[Value | None]:
    """Return the values of an array without children in language form."""
    if pa.types.is_dictionary(array.type):
        words = values_of(array.dictionary, kind)
        indices = array.indices.to_pylist()
        return [None if index is None else words[index] for index in indices]
    if kind in (TIMESTAMP, DURATION, DATE):
        convert = counted(array.type)
        storage = array.view(pa.int32() if array.type.bit_width == 32 else pa.int64())
        return [None if count is None else convert(count) for count in storage.to_pylist()]
    if kind == DOUBLE:
        return [None if value is None else float(value) for value in array.to_pylist()]
    values: list[Value | None] = array.to_pylist()
    return values


def counted(stored: pa.DataType) -> Callable[[int], int]:
    """Return how a stored count becomes microseconds or days; what lies outside the range counts as its end."""
    if pa.types.is_date32(stored):
        return lambda days: clamp(days, FIRST_DATE, LAST_DATE)
    if pa.types.is_date64(stored):
        return lambda milliseconds: clamp(milliseconds // DAY_MILLISECONDS, FIRST_DATE, LAST_DATE)
    times, per = MICROSECONDS[stored.unit]
    if pa.types.is_timestamp(stored):
        return lambda count: clamp(count * times // per, FIRST_TIMESTAMP, LAST_TIMESTAMP)
    return lambda count: clamp(count * times // per, -LONGEST_DURATION, LONGEST_DURATION)
