"""Columns of which rows are replaced time and again: what was replaced is noted, and brought together on demand.

A column is never changed: with replaced rows it is another one that shares all the rest. Whole columns are needed
rarely (ids, another program's codebooks), so replacing costs as much as there are rows to replace.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.columns import TEXTS
from fasttwitch.batch.text import LARGE, plain

# Replaced rows, of all rows, beyond which a column is made whole again: each waits for at most four times its own cost.
MOST_REPLACED = 0.25
MOST_PATCHES = 64  # which are brought together then: each adds to what looking at the column takes


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Rows and what stands there now.

    numbers  int64; of those that stand there twice the last one counts
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
        self._whole: pa.ChunkedArray | None = None

    def with_rows(self, numbers: NDArray[np.int64], values: pa.Array) -> "PatchedColumn":
        """Return the column with other rows.

        numbers  each once
        values   as `as_stored` gives them
        """
        array, patches = self._parts
        patches = (*patches, Patch(numbers, values))
        if sum(patch.numbers.size for patch in patches) > MOST_REPLACED * len(array):
            patched = PatchedColumn(self.type, array, patches)
            return PatchedColumn(self.type, patched._merged(array, patches, patched._places_of(len(array), patches)))
        if len(patches) > MOST_PATCHES:
            numbers = np.concatenate([patch.numbers for patch in patches])
            patches = (Patch(numbers, pa.concat_arrays([patch.values for patch in patches])),)
        return PatchedColumn(self.type, array, patches)

    def whole(self) -> pa.ChunkedArray:
        """Return all rows, in the type of the column as far as it can hold them; kept once made."""
        whole = self._whole
        if whole is None:
            array, patches = self._parts
            if patches:
                array = self._merged(array, patches, self._places_of(len(array), patches))
                self._parts, self._places = (array, ()), None
            whole = self._whole = pa.chunked_array([_as_type(array, self.type)])
        return whole

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
        """Return a table of whole columns: the named ones as far as there are any, or all."""
        table = self._table if names is None else self._table.select(self._held(names))
        for place, field in enumerate(table.schema):
            if field.name in self._replaced:
                column = self.column(field.name)
                table = table.set_column(place, field.with_type(column.type), column)
        return table

    def some(self, names: Sequence[str], numbers: NDArray[np.int64]) -> pa.Table:
        """Return some rows of the named columns, as far as there are any."""
        held = self._held(names)
        if not held:
            return self._table.select([]).slice(0, numbers.size)
        return pa.table({name: self._patched(name).some(numbers) for name in held})

    def with_rows(self, numbers: NDArray[np.int64], table: pa.Table) -> "PatchedTable":
        """Return the table with some rows of the columns of `table` replaced; these as `as_stored` gives them."""
        fresh = {
            name: self._patched(name).with_rows(numbers, joined(table.column(name))) for name in table.schema.names
        }
        return PatchedTable(self._table, {**self._replaced, **fresh}, self._known)

    def _held(self, names: Sequence[str]) -> list[str]:
        """Return names that there are: of others, whoever reads them tells."""
        return [name for name in names if name in self.schema.names]

    def _patched(self, name: str) -> PatchedColumn:
        found = self._replaced.get(name) or self._known.get(name)
        if found is None:
            column = self._table.column(name)
            found = self._known[name] = PatchedColumn(column.type, joined(column))
        return found


def as_stored(column: pa.ChunkedArray, stored: pa.DataType) -> pa.Array:
    """Return values as a column of type `stored` takes them, in one array.

    Raises pa.ArrowInvalid or pa.ArrowNotImplementedError for what cannot be stored so.
    """
    array, wanted = joined(column), _simple_type(stored)
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), wanted)
    if is_text(array.type):
        array = plain(array)
    return array if array.type == wanted else array.cast(wanted)


def is_text(type_: pa.DataType) -> bool:
    """Return whether a column holds strings, in any form."""
    return type_ in TEXTS or (pa.types.is_dictionary(type_) and type_.value_type in TEXTS)


def joined(column: pa.ChunkedArray) -> pa.Array:
    """Return the chunks of a column as one array of a type of which Arrow can take rows."""
    if not column.num_chunks:
        return pa.array([], _simple_type(column.type))
    if not is_text(column.type):
        return _concatenated([_simple(chunk) for chunk in column.chunks])
    values = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    several = pa.types.is_dictionary(column.type) and column.num_chunks > 1
    return _concatenated((plain(column) if several or pa.types.is_string_view(values) else column).chunks)


def _simple(array: pa.Array) -> pa.Array:
    """Return an array without dictionaries and views: Arrow cannot take rows of all of them, nor bring all together."""
    if is_text(array.type):
        return plain(array)
    if pa.types.is_dictionary(array.type):
        return array.cast(array.type.value_type)
    if array.type == _simple_type(array.type):
        return array
    fields = [_simple(pc.struct_field(array, [number])) for number in range(array.type.num_fields)]
    names = [field.name for field in array.type]
    return pa.StructArray.from_arrays(fields, names=names, mask=array.is_null())


def _simple_type(type_: pa.DataType) -> pa.DataType:
    if is_text(type_):
        return LARGE
    if pa.types.is_dictionary(type_):
        return type_.value_type
    if pa.types.is_struct(type_):
        return pa.struct([pa.field(field.name, _simple_type(field.type)) for field in type_])
    return type_


def _concatenated(arrays: Sequence[pa.Array]) -> pa.Array:
    if len(arrays) == 1:
        return arrays[0]
    try:
        return pa.concat_arrays(arrays)
    except pa.ArrowInvalid:  # more characters than 32 bits can count
        return pa.concat_arrays([plain(array) for array in arrays])


def _as_type(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Return an array in the type that its column had, as far as that can hold it."""
    try:
        if pa.types.is_dictionary(wanted) and is_text(wanted):
            array = array.dictionary_encode()
            dictionary, indices = array.dictionary.cast(wanted.value_type), array.indices.cast(wanted.index_type)
            return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=wanted.ordered, safe=False)
        return array if array.type == wanted else array.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # more strings, or characters, than its numbers can count
        return array
