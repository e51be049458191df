"""Strings of any Arrow form in the one form for which Arrow has every function."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

LARGE = pa.large_string()


def plain(array: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return strings of any form as large_string, for which Arrow has every function."""
    if array.type == LARGE:
        return array
    if isinstance(array, pa.ChunkedArray):
        return pa.chunked_array([plain(chunk) for chunk in array.chunks], type=LARGE)
    if pa.types.is_dictionary(array.type):  # Arrow cannot take strings out of a dictionary of views
        array = pa.DictionaryArray.from_arrays(array.indices, plain(array.dictionary))
    return array.cast(LARGE)


def lower_ascii(strings: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return large strings with A to Z made small."""
    return _with_bytes(strings, _LOWER)


def upper_ascii(strings: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return large strings with a to z made capital."""
    return _with_bytes(strings, _UPPER)


def _letters_moved(first: str, last: str, by: int) -> NDArray[np.uint8]:
    table = np.arange(256, dtype=np.uint8)
    table[ord(first) : ord(last) + 1] += np.uint8(by % 256)
    return table


_LOWER, _UPPER = _letters_moved("A", "Z", 32), _letters_moved("a", "z", -32)


def _with_bytes(strings: pa.Array | pa.ChunkedArray, table: NDArray[np.uint8]) -> pa.Array | pa.ChunkedArray:
    """Return the strings with each byte replaced by what the table has for it.

    Arrow's own functions of ASCII letters return garbage for arrays whose first offset is not 0 (seen in 26.0.1).
    """
    if isinstance(strings, pa.ChunkedArray):
        return pa.chunked_array([_with_bytes(chunk, table) for chunk in strings.chunks], type=LARGE)
    validity, offsets, data = strings.buffers()
    if data is None or not len(strings):
        return strings
    moved = pa.py_buffer(table[np.frombuffer(data, np.uint8)])
    return pa.Array.from_buffers(LARGE, len(strings), [validity, offsets, moved], offset=strings.offset)
