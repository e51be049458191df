"""Tables of one customer with some attributes changed."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from fasttwitch.batch.text import plain
from fasttwitch.explanation.readings import Path
from fasttwitch.logic.datatypes import STRING, language_type

BYTES_AT_ONCE = 1 << 25


def plain_row(column: pa.ChunkedArray) -> pa.Array:
    """Return a column of one row without dictionaries and views of strings: not all that is needed here takes them."""
    chunks = [chunk for chunk in column.chunks if len(chunk)]
    assert len(chunks) == 1, "one customer"
    return _plain(chunks[0])


def _plain(array: pa.Array) -> pa.Array:
    if language_type(array.type) is STRING:
        return array if pa.types.is_string(array.type) else plain(array)
    if pa.types.is_dictionary(array.type):
        return array.dictionary.take(array.indices)
    if pa.types.is_struct(array.type):
        fields = [_plain(part) for part in array.flatten()]
        return pa.StructArray.from_arrays(fields, [field.name for field in array.type], mask=array.is_null())
    return array


def current_values(row: pa.Table, path: Path) -> pa.Array:
    """Return what a customer has under a path, as one row of the attribute's stored type."""
    array = row.column(path[0]).chunk(0)
    for name in path[1:]:
        array = array.flatten()[array.type.get_field_index(name)]  # null where the struct is
    return array


def most_rows(row: pa.Table, at_once: int = BYTES_AT_ONCE) -> int:
    """Return how many copies of a customer fit into so many bytes; a text may have millions."""
    return max(at_once // max(int(row.nbytes), 1), 1)


def changed_rows(row: pa.Table, changes: Mapping[Path, pa.Array], rows: int) -> pa.Table:
    """Return so many copies of a customer, some attributes replaced by the values given for each copy."""
    inside: dict[str, dict[Path, pa.Array]] = {}
    for path, values in changes.items():
        inside.setdefault(path[0], {})[path[1:]] = values
    arrays = [_changed(row.column(name).chunk(0), inside.get(name, {}), rows) for name in row.schema.names]
    return pa.Table.from_arrays(arrays, schema=row.schema)


def _changed(one: pa.Array, changes: Mapping[Path, pa.Array], rows: int) -> pa.Array:
    if () in changes:
        return changes[()]
    if not changes:
        return one.take(pa.array(np.zeros(rows, np.int64)))
    fields = [
        _changed(
            field_values,
            {path[1:]: values for path, values in changes.items() if path[0] == field.name},
            rows,
        )
        for field, field_values in zip(one.type, one.flatten(), strict=True)
    ]
    mask = None
    if one.null_count:  # a struct that was not there is there once a field is
        mask = pa.array(np.logical_and.reduce([~np.asarray(values.is_valid()) for values in fields]))
    return pa.StructArray.from_arrays(fields, fields=list(one.type), mask=mask)
