"""Changes of customers, as somebody hands them over, to the rows of a base and what stands there from now on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.columns import ArrowStream, as_table
from fasttwitch.batch.ids import IdIndex
from fasttwitch.batch.patched import PatchedTable, as_stored
from fasttwitch.errors import DataError
from fasttwitch.logic.datatypes import language_type
from fasttwitch.logic.names import nearest


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What is to change.

    numbers  int64, ascending, each once: rows of the base
    table    the columns that change, in the types of the base, a row for each of `numbers`
    """

    numbers: NDArray[np.int64]
    table: pa.Table


def read_changes(
    rows: ArrowStream | pa.Table | pa.RecordBatch,
    columns: PatchedTable,
    key: str,
    index: Callable[[], IdIndex],
    numbers: Sequence[int] | NDArray[np.int64] | None,
) -> Changes:
    """Return what rows change in a base; of several rows of one customer the last one counts.

    columns  of the base
    key      the column that identifies customers, if `numbers` are not given
    index    gives the rows of ids

    Errors: DataError for customers and columns that the base lacks, and for values of another type than theirs.
    """
    table = _whole_table(rows)
    if numbers is None:
        if key not in columns.schema.names:
            raise DataError(
                f"the base has no column `{key}` to find customers by",
                f"encode a table that has `{key}`, or say which rows change: `update(rows, numbers=…)`",
            )
        if key not in table.schema.names:
            raise DataError(
                f"the changes have no column `{key}` that says whose they are",
                f"add `{key}`, or say which rows change: `update(rows, numbers=…)`",
            )
        given = index().rows(table.column(key))
        table = table.drop_columns([key])
    else:
        given = _checked(numbers, table.num_rows, columns.num_rows)
    arrays = {name: _stored(table.column(name), name, columns) for name in table.schema.names}
    if not arrays:
        raise DataError("the changes name no attribute", "give a column for each attribute that changes")
    ordered = np.sort(given << 32 | np.arange(given.size))  # of 64-bit words alone, which takes 10 ns each
    found, places = ordered >> 32, ordered & (2**32 - 1)
    is_last = np.ones(found.size, np.bool_)
    is_last[:-1] = found[1:] != found[:-1]
    places = places[is_last]
    if not np.array_equal(places, np.arange(given.size)):
        arrays = {name: array.take(pa.array(places)) for name, array in arrays.items()}
    return Changes(found[is_last], pa.table(arrays))


def _whole_table(rows: ArrowStream | pa.Table | pa.RecordBatch) -> pa.Table:
    """Return all columns of the changes, which no two have the same name."""
    if not isinstance(rows, pa.Table | pa.RecordBatch | pa.RecordBatchReader) and hasattr(rows, "__arrow_c_stream__"):
        rows = pa.RecordBatchReader.from_stream(rows)
    schema = getattr(rows, "schema", None)
    return as_table(rows, schema.names if isinstance(schema, pa.Schema) else [])


def _checked(numbers: Sequence[int] | NDArray[np.int64], changes: int, rows: int) -> NDArray[np.int64]:
    """Return row numbers as int64.

    Errors: DataError for what is no number of a row, and if there are more or fewer than changes.
    """
    if isinstance(numbers, pa.Array | pa.ChunkedArray):
        numbers = numbers.to_numpy(zero_copy_only=False) if isinstance(numbers, pa.Array) else numbers.to_numpy()
    array = np.asarray(numbers)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise DataError(
            f"`numbers` is {array.dtype}, and not one row number a change", "give int64, from 0, without nulls"
        )
    if array.size != changes:
        raise DataError(
            f"there are {array.size} `numbers` for {changes} changes", "give one for each row of the changes"
        )
    strange = (array < 0) | (array >= rows)
    if strange.any():
        raise DataError(f"there is no row {array[strange][0]}: the base has {rows}", "rows count from 0")
    return array.astype(np.int64)


def _stored(column: pa.ChunkedArray, name: str, columns: PatchedTable) -> pa.Array:
    """Return a changed column as the base stores it."""
    if name not in columns.schema.names:
        meant = nearest(name, columns.schema.names)
        raise DataError(
            f"the base has no column `{name}` to change",
            f"did you mean `{meant}`?" if meant else "a base takes changes of the columns that it was encoded with",
        )
    stored = columns.schema.field(name).type
    if not pa.types.is_null(column.type) and language_type(column.type) != language_type(stored):
        raise DataError(
            f"column `{name}` of the changes is {column.type}, that of the base is {stored}",
            f"convert it: `.cast({stored})`",
        )
    try:
        return as_stored(column, stored)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(
            f"column `{name}` of the changes ({column.type}) does not fit into that of the base ({stored}): "
            + str(error).partition("\n")[0],
            "give values that the column of the base can hold",
        ) from None
