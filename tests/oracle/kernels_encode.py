"""What `stage` and `encode` must do, one value at a time."""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout

ROWS = layout.BLOCK_ROWS
Values = NDArray[Any]
Codes = NDArray[np.uint8]
Bools = NDArray[np.bool_]

# How one stored value is unpacked, and the NumPy type of the lane it comes to.
FORMATS: dict[int, tuple[str, type[np.generic]]] = {
    layout.INT8: ("<b", np.int32),
    layout.INT16: ("<h", np.int32),
    layout.INT32: ("<i", np.int32),
    layout.INT64: ("<q", np.int64),
    layout.UINT8: ("<B", np.int32),
    layout.UINT16: ("<H", np.int32),
    layout.UINT32: ("<I", np.int64),
    layout.UINT64: ("<Q", np.int64),
    layout.FLOAT32: ("<f", np.float64),
    layout.FLOAT64: ("<d", np.float64),
    layout.DECIMAL64: ("<qq", np.int64),
}


@dataclass(frozen=True, slots=True)
class Staged:
    """A block in lane form: 2,048 values (BITS: Booleans), and which are known."""

    values: Values
    known: Bools


def bits(data: bytes, first: int, count: int) -> Bools:
    """Return `count` bits from bit `first` on, lowest bit of each byte first."""
    return np.array([bool(data[bit // 8] >> (bit % 8) & 1) for bit in range(first, first + count)], np.bool_)


def stage(
    physical: int, data: bytes, data_bit: int, validity: bytes | None, validity_bit: int, row: int, rows: int
) -> Staged:
    """Return rows [row, row + rows) of a column, padded with zeros and nulls to a block."""
    known = np.zeros(ROWS, np.bool_)
    if physical == layout.ABSENT:
        return Staged(np.zeros(ROWS, np.int32), known)
    known[:rows] = True if validity is None else bits(validity, validity_bit + row, rows)
    if physical == layout.BITS:
        truths = np.zeros(ROWS, np.bool_)
        truths[:rows] = bits(data, data_bit + row, rows)
        return Staged(truths, known)
    form, lane = FORMATS[physical]
    values = np.zeros(ROWS, lane)
    for i in range(rows):
        value = struct.unpack_from(form, data, (row + i) * struct.calcsize(form))[0]
        values[i] = value - 2**63 if physical == layout.UINT64 else value
    return Staged(values, known)


def clamped(values: Values, known: Bools, cuts: list[int]) -> Codes:
    """Return NARROW's codes for cuts: 1 below the first, then one code for every integer up to the last."""
    low, high = cuts[0] - 1, cuts[-1]
    return _each(values, known, lambda value: min(max(int(value), low), high) - low + 1)


def counted(values: Values, known: Bools, cuts: list[int]) -> Codes:
    """Return SEARCH's codes: 1 + number of cuts <= value."""
    return _each(values, known, lambda value: 1 + sum(cut <= int(value) for cut in cuts))


def ranked(values: Values, known: Bools, thresholds: list[float]) -> Codes:
    """Return FLOAT's codes: NaN 1, else 2 + 2 * (thresholds below) + (equal to one)."""

    def code(value: float) -> int:
        if math.isnan(value):
            return 1
        return 2 + 2 * sum(threshold < value for threshold in thresholds) + (value in thresholds)

    return _each(values, known, lambda value: code(float(value)))


def looked_up(values: Values, known: Bools, table: list[int]) -> Codes:
    """Return LOOKUP's codes."""
    return _each(values, known, lambda value: table[int(value)])


def truths(values: Values, known: Bools) -> Codes:
    """Return TRUTH's codes: false 1, true 2."""
    return _each(values, known, lambda value: 2 if value else 1)


def _each(values: Values, known: Bools, code: Callable[[Any], int]) -> Codes:
    return np.array([code(value) if there else 0 for value, there in zip(values, known, strict=True)], np.uint8)
