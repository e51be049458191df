"""`bucket(x, "salt", n)` of a whole column: the same hash as `library.bucketing`, by the kernels."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.columns import fill_input, physical
from fasttwitch.kernels import layout


def buckets(column: pa.Array, salt: str, count: int) -> pa.Array:
    """Return the bucket of each string, int64 or uint64, null where that is null."""
    prefix = np.frombuffer(f"{salt}:".encode(), np.uint8)
    out = np.zeros(len(column), np.int64)
    if pa.types.is_integer(column.type):
        _of_integers(column, prefix, count, out)
    else:
        _of_strings(column, prefix, count, out)
    found = pa.array(out)
    return pc.if_else(column.is_valid(), found, pa.scalar(None, pa.int64())) if column.null_count else found


def _of_integers(column: pa.Array, prefix: NDArray[np.uint8], count: int, out: NDArray[np.int64]) -> None:
    from fasttwitch.kernels.bucketing import bucket_ints  # here, because Numba takes a second to import

    values = column.fill_null(0).to_numpy(zero_copy_only=False)
    bucket_ints(values.view(np.int64), int(pa.types.is_unsigned_integer(column.type)), prefix, count, out)


def _of_strings(column: pa.Array, prefix: NDArray[np.uint8], count: int, out: NDArray[np.int64]) -> None:
    from fasttwitch.kernels.bucketing import bucket_texts

    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    alive = fill_input(row, column, physical(column.type))
    bucket_texts(row, 0, len(column), prefix, count, out)
    del alive
