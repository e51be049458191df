"""Any table-like data as contiguous spans of columns in the physical layouts that kernels read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.text import LARGE, plain
from fasttwitch.errors import DataError
from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import Scalar, Type, language_type

Path: TypeAlias = tuple[str, ...]

# Spans shorter than this on average are copied together first: each costs some 100 µs of set-up.
ROWS_A_SPAN = 32_768

INTEGERS = {
    pa.int8(): layout.INT8,
    pa.int16(): layout.INT16,
    pa.int32(): layout.INT32,
    pa.int64(): layout.INT64,
    pa.uint8(): layout.UINT8,
    pa.uint16(): layout.UINT16,
    pa.uint32(): layout.UINT32,
    pa.uint64(): layout.UINT64,
    pa.float32(): layout.FLOAT32,
    pa.float64(): layout.FLOAT64,
    pa.bool_(): layout.BITS,
    pa.date32(): layout.INT32,
    pa.date64(): layout.INT64,
}
TEXTS = {pa.string(): layout.TEXT32, pa.large_string(): layout.TEXT64, pa.string_view(): layout.TEXT_VIEW}
TEXT_BYTES = {layout.TEXT32: 4, layout.TEXT64: 8, layout.TEXT_VIEW: 16}
# Stored units as INPUT_SCALE says: to µs (dates: to days) by multiplication, or by floor division where negative.
SCALES = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": -1_000}


class ArrowStream(Protocol):
    """Anything that hands out an Arrow stream: tables of pyarrow, Polars, DuckDB, pandas, …"""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return a PyCapsule with an ArrowArrayStream."""


@dataclass(frozen=True, slots=True)
class Physical:
    """How a column's values lie in memory.

    kind      a physical layout of kernels/layout.py
    scale     as INPUT_SCALE
    decimals  digits after the point, of decimals
    """

    kind: int
    scale: int = 0
    decimals: int = 0


def as_table(
    data: ArrowStream | pa.Table | pa.RecordBatch, names: Sequence[str], optional: Sequence[str] = ()
) -> pa.Table:
    """Return the named top-level columns of `data` as a table; nothing else of a stream is kept.

    optional  columns that are taken if they are there

    Errors: DataError if a column is missing or stands twice, or the stream breaks off.
    """
    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if isinstance(data, pa.Table):
        return _picked(data, names, optional)
    if isinstance(data, pa.RecordBatchReader):
        reader = data
    elif hasattr(data, "__arrow_c_stream__"):
        reader = pa.RecordBatchReader.from_stream(data)
    else:
        raise DataError(
            f"data of type `{type(data).__name__}` is no Arrow table",
            "give a pyarrow Table or RecordBatch, a Polars or pandas frame, or anything with `__arrow_c_stream__`",
        )
    try:
        batches = [_picked(pa.Table.from_batches([batch]), names, optional) for batch in reader]
    except pa.ArrowInvalid as error:
        raise DataError(f"the stream of data broke off: {error}") from error
    return pa.concat_tables(batches) if batches else _picked(reader.schema.empty_table(), names, optional)


def _picked(table: pa.Table, names: Sequence[str], optional: Sequence[str]) -> pa.Table:
    there = [name for name in optional if table.schema.get_field_index(name) >= 0]
    return table.select([_place(table.schema, name) for name in dict.fromkeys([*names, *there])])


def _place(schema: pa.Schema, name: str) -> int:
    """Return the number of a column."""
    places = schema.get_all_field_indices(name)
    if len(places) != 1:
        what = f"the data has {len(places)} columns named" if places else "the data has no column"
        raise DataError(f"{what} `{name}`", f"its columns are: {_listed(schema.names)}")
    return int(places[0])


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:20])
    return shown + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def column_at(table: pa.Table, path: Path, type_: Type | None) -> pa.ChunkedArray:
    """Return a column, or a field of a struct column, nulls of the structs above it included.

    type_  the language type that the program was compiled for; None where nobody minds

    Errors: DataError if the data is of another language type.
    """
    column = table.column(_place(table.schema, path[0]))
    for depth, name in enumerate(path[1:], 1):
        if not pa.types.is_struct(column.type) or column.type.get_field_index(name) < 0:
            raise DataError(f"column `{'.'.join(path[:depth])}` has no field `{name}`")
        column = pa.chunked_array(
            [pc.struct_field(chunk, [name]) for chunk in column.chunks], type=column.type.field(name).type
        )
    actual = language_type(column.type)
    if isinstance(type_, Scalar) and actual != type_ and not pa.types.is_null(column.type):
        raise DataError(
            f"column `{'.'.join(path)}` is {_described(actual, column.type)}, the rules were compiled for {type_}",
            "compile the rules for this data's schema, or convert the column",
        )
    return column


def _described(actual: Type, arrow: pa.DataType) -> str:
    return f"{arrow}" if str(actual) == str(arrow) else f"{actual} ({arrow})"


def normalised(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the same values in one of the types that `physical` knows; most columns come back as they are."""
    arrow = column.type
    types = pa.types
    if types.is_null(arrow) or arrow in INTEGERS or types.is_timestamp(arrow) or types.is_duration(arrow):
        return column
    if types.is_dictionary(arrow):
        if arrow.value_type not in TEXTS:
            return normalised(column.cast(arrow.value_type))
        if arrow.index_type.bit_width == 64:
            return column.cast(pa.dictionary(pa.int32(), arrow.value_type))
        return column
    if arrow in TEXTS:
        return column
    if types.is_float16(arrow):
        return column.cast(pa.float32())
    if types.is_decimal(arrow):
        return (
            column if types.is_decimal128(arrow) else column.cast(pa.decimal128(min(arrow.precision, 38), arrow.scale))
        )
    # Structs, lists and the like: rules can only ask whether they are null.
    chunks = [pc.if_else(pc.is_valid(chunk), True, pa.scalar(None, pa.bool_())) for chunk in column.chunks]
    return pa.chunked_array(chunks, type=pa.bool_())


def physical(arrow: pa.DataType) -> Physical:
    """Return how a normalised column of this type lies in memory."""
    types = pa.types
    if types.is_dictionary(arrow):
        kind = INTEGERS[arrow.index_type]
        # No dictionary has 2**31 entries: unsigned indices are read as signed ones, in the narrower lane.
        return Physical(layout.INT32 if kind == layout.UINT32 else kind)
    if types.is_timestamp(arrow) or types.is_duration(arrow):
        return Physical(layout.INT64, SCALES[arrow.unit])
    if types.is_decimal(arrow):
        return Physical(layout.DECIMAL64, decimals=arrow.scale)
    if types.is_null(arrow):
        return Physical(layout.ABSENT)
    if arrow in TEXTS:
        return Physical(TEXTS[arrow])
    scale = 1 if types.is_date32(arrow) else -86_400_000 if types.is_date64(arrow) else 0
    return Physical(INTEGERS[arrow], scale)


def spans(columns: Sequence[pa.ChunkedArray], rows: int, aligned: bool) -> Iterator[tuple[int, list[pa.Array]]]:
    """Yield (first row, one array a column) for runs of rows in which every column is contiguous.

    aligned  every run begins at a multiple of 64 rows, so that no two share a word of bitmask
    """
    if rows == 0 or not columns:
        if rows:
            yield 0, []
        return
    if all(column.num_chunks == 1 for column in columns):
        yield 0, [column.chunk(0) for column in columns]
        return
    names = [str(i) for i in range(len(columns))]
    batches = pa.table(list(columns), names=names).to_batches()
    misplaced = aligned and any(batch.num_rows % 64 for batch in batches[:-1])
    if misplaced or len(batches) > 1 + rows // ROWS_A_SPAN:
        table = pa.table([_unifiable(column) for column in columns], names=names)
        batches = table.combine_chunks().to_batches()
    first = 0
    for batch in batches:
        if batch.num_rows:
            yield first, batch.columns
            first += batch.num_rows


def _unifiable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the same values with dictionaries that Arrow can bring together.

    It cannot where one holds a null, nor where the joint one has more entries than the index type can count.
    """
    if not pa.types.is_dictionary(column.type):
        return column
    if any(chunk.dictionary.null_count for chunk in column.chunks):
        return plain(column).dictionary_encode()
    chunks = [pa.DictionaryArray.from_arrays(chunk.indices, plain(chunk.dictionary)) for chunk in column.chunks]
    return pa.chunked_array([chunk.cast(pa.dictionary(pa.int32(), LARGE)) for chunk in chunks])


def fill_input(row: NDArray[np.int64], array: pa.Array, form: Physical) -> list[object]:
    """Write an input row for an array; return what must stay alive, with the array, as long as the row is used."""
    values = array
    if pa.types.is_dictionary(array.type):
        values, form = array.indices, physical(array.type)  # bringing spans together may have widened the indices
    row[:] = 0
    row[layout.INPUT_PHYSICAL] = form.kind
    row[layout.INPUT_SCALE] = form.scale
    if form.kind == layout.ABSENT:
        return []
    buffers = values.buffers()
    offset = values.offset
    if buffers[0] is not None and values.null_count:
        row[layout.INPUT_VALIDITY] = buffers[0].address + offset // 8
        row[layout.INPUT_VALIDITY_BIT] = offset % 8
    first = 0 if buffers[1] is None else buffers[1].address
    if form.kind == layout.BITS:
        row[layout.INPUT_VALUES] = first + offset // 8
        row[layout.INPUT_VALUE_BIT] = offset % 8
    elif form.kind in TEXT_BYTES:
        row[layout.INPUT_VALUES] = first + offset * TEXT_BYTES[form.kind]
        addresses = np.array([0 if buffer is None else buffer.address for buffer in buffers[2:]] or [0], np.int64)
        row[layout.INPUT_DATA] = addresses.ctypes.data if form.kind == layout.TEXT_VIEW else addresses[0]
        return [addresses]
    else:
        row[layout.INPUT_VALUES] = first + offset * (values.type.bit_width // 8)
    return []
