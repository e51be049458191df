"""Columns of which rows are replaced time and again: what was replaced is noted, and brought together on demand.

A column is never changed: with replaced rows it is another one that shares all the rest. Whole columns are needed
rarely (ids, another program's codebooks), so replacing costs as much as there are rows to replace.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.columns import TEXTS
from fasttwitch.batch.text import LARGE, plain

# Replaced rows, of all rows, beyond which a column is made whole again: each waits for at most four times its own cost.
MOST_REPLACED = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Rows and what stands there now.

    numbers  int64, each once
    """

    numbers: NDArray[np.int64]
    values: pa.Array


class PatchedColumn:
    """A column with some rows replaced; immutable, safe to share between threads.

    type  its Arrow type
    """

    def __init__(self, type_: pa.DataType, array: pa.Array, patches: tuple[Patch, ...] = ()) -> None:
        """Take over the rows, as `joined` gives them, and what has been replaced of them, the latest last."""
        self.type = type_
        # Swapped as one: what it says never changes, only how.
        self._parts = array, patches
        self._places: NDArray[np.int32] | None = None

    def with_rows(self, numbers: NDArray[np.int64], values: pa.Array) -> "PatchedColumn":
        """Return the column with other rows.

        numbers  each once
        values   as `as_stored` gives them
        """
        array, patches = self._parts
        patched = PatchedColumn(self.type, array, (*patches, Patch(numbers, values)))
        if sum(patch.numbers.size for patch in patched._parts[1]) > MOST_REPLACED * len(array):
            patched.whole()
        return patched

    def whole(self) -> pa.ChunkedArray:
        """Return all rows; kept once made."""
        array, patches = self._parts
        if patches:
            places = self._places_of(len(array), patches)
            array = _as_type(self._merged(array, patches, places), self.type)
            self._parts, self._places = (array, ()), None
        return pa.chunked_array([array])

    def some(self, numbers: NDArray[np.int64]) -> pa.Array:
        """Return some rows; strings may come in another form than that of the whole column."""
        array, patches = self._parts
        found = array.take(pa.array(numbers))
        if not patches:
            return found
        places = self._places_of(len(array), patches)[numbers]
        return self._merged(found, patches, places) if (places >= 0).any() else found

    def _merged(self, array: pa.Array, patches: Sequence[Patch], places: NDArray[np.int32]) -> pa.Array:
        """Return values, but for those that have a place among what was replaced."""
        values = [array, *(patch.values for patch in patches)]
        if is_text(self.type):
            values = [plain(part) for part in values]
        own = np.arange(len(array), dtype=np.int64)
        chosen = np.where(places < 0, own, places.astype(np.int64) + len(array))
        return _concatenated(values).take(pa.array(chosen))

    def _places_of(self, rows: int, patches: Sequence[Patch]) -> NDArray[np.int32]:
        """Return, for each row, where among all that was replaced its latest value stands; -1 for nowhere."""
        places = self._places
        if places is None:
            places = np.full(rows, -1, np.int32)
            begin = 0
            for patch in patches:
                places[patch.numbers] = np.arange(begin, begin + patch.numbers.size, dtype=np.int32)
                begin += patch.numbers.size
            self._places = places
        return places


class PatchedTable:
    """A table of such columns; immutable, safe to share between threads.

    schema  of the table that it began with
    """

    def __init__(
        self,
        table: pa.Table,
        replaced: Mapping[str, PatchedColumn] | None = None,
        known: dict[str, PatchedColumn] | None = None,
    ) -> None:
        """Take over a table and what of it is replaced.

        known  columns of the table itself that rows have been taken of, shared by all that begin with it
        """
        self._table = table
        self._replaced = dict(replaced or {})
        self._known = {} if known is None else known
        self.schema: pa.Schema = table.schema

    @property
    def num_rows(self) -> int:
        """Customers."""
        return int(self._table.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column."""
        replaced = self._replaced.get(name)
        return self._table.column(name) if replaced is None else replaced.whole()

    def whole(self, names: Sequence[str] | None = None) -> pa.Table:
        """Return a table of whole columns: the named ones, or all."""
        table = self._table if names is None else self._table.select(list(names))
        for place, field in enumerate(table.schema):
            if field.name in self._replaced:
                column = self.column(field.name)
                table = table.set_column(place, field.with_type(column.type), column)
        return table

    def some(self, names: Sequence[str], numbers: NDArray[np.int64]) -> pa.Table:
        """Return some rows of the named columns."""
        if not names:
            return self._table.select([]).slice(0, numbers.size)
        return pa.table({name: self._patched(name).some(numbers) for name in names})

    def with_rows(self, numbers: NDArray[np.int64], table: pa.Table) -> "PatchedTable":
        """Return the table with some rows of the columns of `table` replaced; these as `as_stored` gives them."""
        fresh = {
            name: self._patched(name).with_rows(numbers, joined(table.column(name))) for name in table.schema.names
        }
        return PatchedTable(self._table, {**self._replaced, **fresh}, self._known)

    def _patched(self, name: str) -> PatchedColumn:
        found = self._replaced.get(name) or self._known.get(name)
        if found is None:
            column = self._table.column(name)
            found = self._known[name] = PatchedColumn(column.type, joined(column))
        return found


def as_stored(column: pa.ChunkedArray, stored: pa.DataType) -> pa.ChunkedArray:
    """Return values as a column of type `stored` takes them; strings in any form.

    Raises pa.ArrowInvalid or pa.ArrowNotImplementedError for what cannot be stored so.
    """
    if is_text(stored):
        return plain(column) if is_text(column.type) else column.cast(LARGE)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_dictionary(stored):
        stored = stored.value_type
    return column if column.type == stored else column.cast(stored)


def is_text(type_: pa.DataType) -> bool:
    """Return whether a column holds strings, in any form."""
    return type_ in TEXTS or (pa.types.is_dictionary(type_) and type_.value_type in TEXTS)


def joined(column: pa.ChunkedArray) -> pa.Array:
    """Return the chunks of a column as one array of a type of which Arrow can take rows."""
    type_ = column.type
    if pa.types.is_dictionary(type_) and not is_text(type_):
        column = column.cast(type_.value_type)
    elif pa.types.is_string_view(type_) or (pa.types.is_dictionary(type_) and not _is_simple(column)):
        column = plain(column)
    return _concatenated(column.chunks) if column.num_chunks else pa.array([], column.type)


def _is_simple(column: pa.ChunkedArray) -> bool:
    """Return whether a column has one dictionary, of a form that Arrow can take rows of."""
    return column.num_chunks == 1 and not pa.types.is_string_view(column.type.value_type)


def _concatenated(arrays: Sequence[pa.Array]) -> pa.Array:
    if len(arrays) == 1:
        return arrays[0]
    try:
        return pa.concat_arrays(arrays)
    except pa.ArrowInvalid:  # more characters than 32 bits can count
        return pa.concat_arrays([plain(array) for array in arrays])


def _as_type(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Return an array in the type that its column had, as far as that can hold it."""
    if pa.types.is_dictionary(wanted) and not is_text(wanted):
        return array
    if pa.types.is_dictionary(wanted) and is_text(wanted):
        array = array.dictionary_encode()
        try:
            dictionary, indices = array.dictionary.cast(wanted.value_type), array.indices.cast(wanted.index_type)
        except pa.ArrowInvalid:  # more strings than its indices can count
            return array
        return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=wanted.ordered, safe=False)
    try:
        return array if array.type == wanted else array.cast(wanted)
    except pa.ArrowInvalid:
        return array
