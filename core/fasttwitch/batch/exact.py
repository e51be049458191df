"""Stored columns as the language's own values: one form for each type, whatever the Arrow type was."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.batch.columns import SCALES
from fasttwitch.batch.text import plain
from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type

MICROSECONDS_A_DAY = 86_400_000_000
RANGES: dict[Type, tuple[int, int]] = {
    TIMESTAMP: (layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH),
    DURATION: (layout.DURATION_LOW, layout.DURATION_HIGH),
    DATE: (layout.DATE_LOW, layout.DATE_HIGH),
}
FORMS = {INT: pa.int64(), UINT: pa.uint64(), DOUBLE: pa.float64(), BOOL: pa.bool_()}


def as_language(column: pa.ChunkedArray, kind: Type) -> pa.ChunkedArray:
    """Return a column in the form in which expressions take values of type `kind`."""
    if pa.types.is_dictionary(column.type) and kind is not STRING:
        column = column.cast(column.type.value_type)
    if kind is STRING:
        return plain(column) if not pa.types.is_null(column.type) else column.cast(pa.large_string())
    if kind in FORMS:
        return column if column.type == FORMS[kind] else column.cast(FORMS[kind])
    if kind is DECIMAL:
        return column if not pa.types.is_null(column.type) else column.cast(pa.decimal128(1))
    return pa.chunked_array([_instants(chunk, kind) for chunk in column.chunks], type=pa.int64())


def _instants(chunk: pa.Array, kind: Type) -> pa.Array:
    """Return µs, or days, floored and held within the years 1 to 9999, as kernels read them."""
    if pa.types.is_null(chunk.type):
        return chunk.cast(pa.int64())
    if pa.types.is_date32(chunk.type):
        stored, scale = chunk.cast(pa.int32()).cast(pa.int64()), 1
    elif pa.types.is_date64(chunk.type):
        stored, scale = chunk.view(pa.int64()), -86_400_000
    else:
        stored, scale = chunk.view(pa.int64()), SCALES[chunk.type.unit]
    low, high = RANGES[kind]
    values = stored.fill_null(0).to_numpy(zero_copy_only=False)
    if scale < 0:
        values = np.clip(values // -scale, low, high)
    else:
        inside = np.clip(values, -(-low // scale), high // scale) * scale
        values = np.where(values < -(-low // scale), low, np.where(values > high // scale, high, inside))
    return pc.if_else(stored.is_valid(), pa.array(values), pa.scalar(None, pa.int64()))


def as_doubles(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return decimals as the nearest doubles."""
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([as_doubles(chunk) for chunk in column.chunks], type=pa.float64())
    scale = column.type.scale
    if column.type.precision > 15 or not 0 <= scale <= 22:
        return pa.array([None if value is None else float(value) for value in column.to_pylist()], pa.float64())
    # Digits and power of ten are both exact doubles, so their quotient is rounded once.
    stored = column.cast(pa.decimal128(column.type.precision, scale))
    words = np.frombuffer(stored.buffers()[1], np.int64) if len(stored) else np.zeros(0, np.int64)
    digits = words[2 * stored.offset : 2 * (stored.offset + len(stored)) : 2]
    return pc.if_else(column.is_valid(), pa.array(digits / 10.0**scale), pa.scalar(None, pa.float64()))
