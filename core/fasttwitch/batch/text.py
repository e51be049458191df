"""Strings of any Arrow form in the one form for which Arrow has every function."""

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
