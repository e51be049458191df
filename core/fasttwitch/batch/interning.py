"""Plain strings as dictionaries, when rules ask more of them than which name they equal.

What Arrow's `dictionary_encode` does, in less time and on several threads; each thread has a dictionary of its own,
so the joint one may hold a string more than once. Where nearly all strings differ, each row has an entry of its own.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.columns import fill_input, physical
from fasttwitch.kernels import layout
from fasttwitch.kernels.names import interning_table
from fasttwitch.pool import run_together

CAPACITIES = (4_096, 131_072)  # the first one's table stays in the second-level cache
# Where more of so many rows than this have strings of their own, looking for equal ones costs more than it saves: those
# of a column of 90,000 strings. Of strings that are judged in no time, those of one of 17,000.
SAMPLE, MOST_IN_SAMPLE, MOST_IN_QUICK_SAMPLE = 16_384, 15_000, 10_500
ROWS_A_THREAD = 65_536


def interned(column: pa.ChunkedArray, threads: int, most_in_sample: int = MOST_IN_SAMPLE) -> pa.ChunkedArray:
    """Return a column of plain strings as dictionaries with int32 indices."""
    chunks = [_interned(chunk, threads, most_in_sample) for chunk in column.chunks]
    return pa.chunked_array(chunks, type=pa.dictionary(pa.int32(), column.type))


def _interned(chunk: pa.Array, threads: int, most_in_sample: int) -> pa.DictionaryArray:
    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    alive = fill_input(row, chunk, physical(chunk.type))
    # As many indices as the validity has bits before the chunk begins, so that both share one offset.
    indices = np.zeros(chunk.offset + len(chunk), np.int32)
    parts = min(threads, 1 + len(chunk) // ROWS_A_THREAD)
    bounds = [len(chunk) * part // parts for part in range(parts + 1)]
    firsts: list[NDArray[np.int64] | None] = [None] * parts
    next_part = itertools.count()

    def work() -> None:
        while (part := next(next_part)) < parts:
            firsts[part] = _part(row, bounds[part], bounds[part + 1], indices[chunk.offset :], most_in_sample)

    run_together(parts, work)
    del alive
    found = list(_complete(firsts))
    if len(found) < parts:  # nearly every string is another one
        return _each_by_itself(chunk)
    base = 0
    for part, rows in enumerate(found):
        if base:
            indices[chunk.offset + bounds[part] : chunk.offset + bounds[part + 1]] += np.int32(base)
        base += rows.size
    values = _taken(chunk, np.concatenate(found))
    validity = chunk.buffers()[0] if chunk.null_count else None
    numbers = pa.Array.from_buffers(pa.int32(), len(chunk), [validity, pa.py_buffer(indices)], offset=chunk.offset)
    return pa.DictionaryArray.from_arrays(numbers, values, safe=False)  # no second look at a million indices


def _each_by_itself(chunk: pa.Array) -> pa.DictionaryArray:
    """Return a dictionary in which every row has an entry of its own, nulls too: to fill them took 47 ns a row."""
    if pa.types.is_string_view(chunk.type):
        return chunk.dictionary_encode()
    numbers = pa.array(np.arange(len(chunk), dtype=np.int32))
    if chunk.null_count:
        numbers = pc.if_else(chunk.is_valid(), numbers, pa.scalar(None, pa.int32()))
    return pa.DictionaryArray.from_arrays(numbers, chunk, safe=False)


def _taken(chunk: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    """Return the strings of some rows, the empty one for a null."""
    if pa.types.is_string_view(chunk.type):  # Arrow cannot take rows of views
        return pa.array([chunk[row].as_py() or "" for row in rows.tolist()], chunk.type)
    return chunk.take(pa.array(rows)).fill_null("")


def _part(
    row: NDArray[np.int64], begin: int, end: int, numbers: NDArray[np.int32], most_in_sample: int
) -> NDArray[np.int64] | None:
    """Number the strings of rows [begin, end); return the first row of each number, or None if there are too many."""
    from fasttwitch.kernels.interning import intern  # here, because Numba takes a second to import

    for capacity in CAPACITIES:
        if capacity > SAMPLE < end - begin:
            seen = np.zeros(SAMPLE, np.int64)
            if intern(row, begin, begin + SAMPLE, interning_table(SAMPLE), numbers, seen) > most_in_sample:
                return None
        firsts = np.zeros(capacity, np.int64)
        count = intern(row, begin, end, interning_table(capacity), numbers, firsts)
        if count >= 0:
            return firsts[:count]
    return None


def _complete(firsts: list[NDArray[np.int64] | None]) -> Iterator[NDArray[np.int64]]:
    return (found for found in firsts if found is not None)
