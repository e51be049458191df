"""Input rows of the kernels' table, made from Python values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from tests.oracle.kernels_evaluate import Value

TYPES = {
    layout.INT8: np.int8,
    layout.INT16: np.int16,
    layout.INT32: np.int32,
    layout.INT64: np.int64,
    layout.UINT8: np.uint8,
    layout.UINT16: np.uint16,
    layout.UINT32: np.uint32,
    layout.UINT64: np.uint64,
    layout.FLOAT32: np.float32,
    layout.FLOAT64: np.float64,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column in memory: values (packed bits for Booleans) and validity, under nulls garbage."""

    physical: int
    values: NDArray[np.generic]
    validity: NDArray[np.uint8]
    scale: int = 0

    def fill(self, row: NDArray[np.int64]) -> None:
        """Write the input's row of the table."""
        row[:] = 0
        row[layout.INPUT_PHYSICAL] = self.physical
        row[layout.INPUT_VALUES] = self.values.ctypes.data
        row[layout.INPUT_VALIDITY] = self.validity.ctypes.data
        row[layout.INPUT_SCALE] = self.scale


def column(physical: int, values: Sequence[Value], scale: int = 0, garbage: Value = 1) -> Column:
    """Return a column of the values; None is a null with `garbage` under it."""
    known = np.array([value is not None for value in values], np.bool_)
    filled = [garbage if value is None else value for value in values]
    validity = np.packbits(known, bitorder="little")
    if physical == layout.BITS:
        return Column(physical, np.packbits(np.array(filled, np.bool_), bitorder="little"), validity)
    return Column(physical, np.array(filled, TYPES[physical]), validity, scale)


def derived(physical: int, begin: int, end: int) -> NDArray[np.int64]:
    """Return the table row of an input that the steps begin..end compute."""
    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    row[layout.INPUT_PHYSICAL] = physical
    row[layout.INPUT_STEP_BEGIN] = begin
    row[layout.INPUT_STEP_END] = end
    return row
