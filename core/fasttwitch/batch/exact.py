"""Stored columns as the language's own values: one form for each type, whatever the Arrow type was."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.columns import SCALES
from fasttwitch.batch.text import plain
from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type

INT64_HIGH = 2**63 - 1
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


def digits_of(left: pa.Array, right: pa.Array) -> tuple[pa.Array, pa.Array] | None:
    """Return decimals and whole numbers as int64 in units of the finer one's last digit; None if those may not fit."""
    scales = [side.type.scale if pa.types.is_decimal(side.type) else 0 for side in (left, right)]
    finest = max(0, *scales)
    found = []
    for side, scale in zip((left, right), scales, strict=True):
        whole = _whole(side)
        if whole is None:
            return None
        by = 10 ** (finest - scale)
        if by > 1:
            ends = pc.min_max(whole).as_py()
            if by > INT64_HIGH or any(abs(end or 0) > INT64_HIGH // by for end in ends.values()):
                return None
            whole = pc.multiply(whole, by)
        found.append(whole)
    return found[0], found[1]


def _whole(side: pa.Array) -> pa.Array | None:
    """Return an int64, or the digits of a decimal without its point; None if those may need more than 64 bits."""
    if side.type == pa.int64():
        return side
    if side.type == pa.uint64():
        return side.cast(pa.int64()) if (pc.max(side).as_py() or 0) <= INT64_HIGH else None
    if not pa.types.is_decimal(side.type) or side.type.precision > 18:
        return None
    digits = pa.array(_low_words(side))
    return pc.if_else(side.is_valid(), digits, pa.scalar(None, pa.int64())) if side.null_count else digits


def _are_exact_doubles(digits: NDArray[np.int64]) -> bool:
    return not digits.size or (int(digits.min()) >= -(2**53) and int(digits.max()) <= 2**53)


def _low_words(column: pa.Array) -> NDArray[np.int64]:
    """Return the digits of decimals of at most 18, whatever lies under nulls."""
    stored = column.cast(pa.decimal128(column.type.precision, column.type.scale))
    words = np.frombuffer(stored.buffers()[1], np.int64) if len(stored) else np.zeros(0, np.int64)
    return words[2 * stored.offset : 2 * (stored.offset + len(stored)) : 2]


def as_doubles(column: pa.Array) -> pa.Array:
    """Return decimals as the nearest doubles."""
    scale, precision = column.type.scale, column.type.precision
    known = column.drop_null() if column.null_count else column
    if precision > 18 or not 0 <= scale <= 22 or (precision > 15 and not _are_exact_doubles(_low_words(known))):
        return pa.array([None if value is None else float(value) for value in column.to_pylist()], pa.float64())
    # Digits and power of ten are both exact doubles, so their quotient is rounded once.
    doubles = pa.array(_low_words(column) / 10.0**scale)
    return pc.if_else(column.is_valid(), doubles, pa.scalar(None, pa.float64())) if column.null_count else doubles
