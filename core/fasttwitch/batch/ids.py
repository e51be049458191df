"""Which row of a base is the customer with this id?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.columns import fill_input, physical
from fasttwitch.batch.patched import is_text, joined
from fasttwitch.batch.text import LARGE, plain
from fasttwitch.errors import DataError
from fasttwitch.kernels import layout

SEEDS = range(8)  # of hashes, until one tells all ids apart: 64 bits hardly ever need another


class IdIndex:
    """The rows of ids; immutable.

    Errors: DataError if two rows have the same id, or for ids of a type that has no text.
    """

    def __init__(self, name: str, column: pa.ChunkedArray) -> None:
        from fasttwitch.kernels.updates.ids import (  # here, because Numba takes a second to import
            index_words,
            slots_for,
        )

        self._name = name
        self._type = column.type
        ids = self._in_form(joined(column), (pa.int64(), LARGE) if _is_whole(column.type) else (LARGE,))
        for seed in SEEDS:
            words, known = _words(ids, seed)
            slots = slots_for(words.size)
            table = np.full(2 * slots, -1, np.int64)
            second = int(index_words(_at(words), _at(known), words.size, _at(table), slots))
            if second < 0:
                self._ids_of_rows, self._table, self._seed = ids, table, seed
                return
            first = self._first(words, known, ids, second)
            if first is not None:
                raise DataError(
                    f"rows {first} and {second} of the base have the same `{name}`: {ids[second].as_py()!r}",
                    "let each customer stand in the base once, or say which rows change: `update(rows, numbers=…)`",
                )
        raise AssertionError("hashes of eight seeds do not tell ids apart")

    def rows(self, column: pa.ChunkedArray) -> NDArray[np.int64]:
        """Return the row of each id.

        Errors: DataError for an id that nobody has, and for ids of another type.
        """
        from fasttwitch.kernels.updates.ids import find_words

        if _kind(column.type) != _kind(self._type):
            raise DataError(
                f"column `{self._name}` of the changes is {column.type}, that of the base is {self._type}",
                "give the ids in the type that the base has them in",
            )
        ids = self._in_form(joined(column), (self._ids_of_rows.type,))
        words, known = _words(ids, self._seed)
        found = np.empty(words.size, np.int64)
        find_words(_at(words), _at(known), words.size, _at(self._table), self._table.size // 2, _at(found))
        strange = found < 0
        if ids.type == LARGE and words.size:
            own = self._ids_of_rows.take(pa.array(np.where(strange, 0, found))) if len(self._ids_of_rows) else ids
            strange |= ~pc.equal(own, ids).fill_null(False).to_numpy(zero_copy_only=False)
        if strange.any():
            place = int(np.flatnonzero(strange)[0])
            who = "no id" if not ids[place].is_valid else f"the `{self._name}` {ids[place].as_py()!r}, which nobody has"
            raise DataError(
                f"row {place} of the changes has {who}"
                + (f" ({np.count_nonzero(strange)} such rows)" if np.count_nonzero(strange) > 1 else ""),
                "a base takes changes of its own customers: for new ones encode another",
            )
        return found

    def _in_form(self, ids: pa.Array, forms: Sequence[pa.DataType]) -> pa.Array:
        """Return ids in the first form that can hold them."""
        for form in forms:
            try:
                return plain(ids) if form == LARGE and is_text(ids.type) else ids.cast(form)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                continue
        raise DataError(
            f"column `{self._name}` is {ids.type}, by which no customer can be found",
            "use ids that are whole numbers or strings, or say which rows change: `update(rows, numbers=…)`",
        )

    @staticmethod
    def _first(words: NDArray[np.int64], known: NDArray[np.uint8], ids: pa.Array, second: int) -> int | None:
        """Return the row that has the same id as a later one; None if only their hashes are the same."""
        first = int(np.flatnonzero((words[:second] == words[second]) & (known[:second] > 0))[0])
        return first if ids[first] == ids[second] else None


def _is_whole(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_integer(type_))


def _kind(type_: pa.DataType) -> str:
    return "whole numbers" if _is_whole(type_) else "strings" if is_text(type_) else str(type_)


def _words(ids: pa.Array, seed: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return a word for each id, and 0 where there is none, else 1."""
    known = np.ones(len(ids), np.uint8)
    if ids.null_count:
        known = ids.is_valid().to_numpy(zero_copy_only=False).view(np.uint8)
    if ids.type != LARGE:
        return np.ascontiguousarray(ids.fill_null(0).to_numpy(zero_copy_only=False)), known
    from fasttwitch.kernels.updates.ids import hash_texts

    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    alive = fill_input(row, ids, physical(ids.type))
    words = np.empty(len(ids), np.int64)
    hash_texts(row, seed, words)
    del alive
    return words, known


def _at(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)
