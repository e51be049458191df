"""Strings of any Arrow form in the one form for which Arrow has every function."""

import numpy as np
import pyarrow as pa

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
    return _with_case_flipped(strings, "A")


def upper_ascii(strings: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return large strings with a to z made capital."""
    return _with_case_flipped(strings, "a")


def _with_case_flipped(strings: pa.Array | pa.ChunkedArray, first: str) -> pa.Array | pa.ChunkedArray:
    """Return the strings with the 26 letters from `first` on in the other case.

    Arrow's own functions of ASCII letters return garbage for arrays whose first offset is not 0 (seen in 26.0.1).
    """
    if isinstance(strings, pa.ChunkedArray):
        return pa.chunked_array([_with_case_flipped(chunk, first) for chunk in strings.chunks], type=LARGE)
    validity, offsets, data = strings.buffers()
    if data is None or not len(strings):
        return strings
    letters = np.frombuffer(data, np.uint8)
    is_letter = (letters - np.uint8(ord(first))) < 26  # wraps around below the first one
    flipped = pa.py_buffer(letters ^ is_letter.view(np.uint8) << np.uint8(5))
    return pa.Array.from_buffers(LARGE, len(strings), [validity, offsets, flipped], offset=strings.offset)
