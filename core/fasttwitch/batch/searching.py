"""Strings looked for in strings, by the kernels: `contains`, `startsWith`, `endsWith`, `indexOf`.

Arrow has them for constant parts alone, and takes twice as long to find one anywhere in a string (57 ns where the
kernel takes 29, in mail addresses).
"""

from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.text import LARGE

Bytes: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.int64]]


def places(texts: pa.Array, parts: pa.Array | str) -> pa.Array:
    """Return where in its text each part first begins, in bytes, int64; -1 where nowhere, null where either is."""
    from fasttwitch.kernels.searching import find_texts  # here, because Numba takes a second to import

    step, sought = (0, pa.array([parts], LARGE)) if isinstance(parts, str) else (1, parts)
    out = np.zeros(len(texts), np.int64)
    find_texts(*_bytes(texts), *_bytes(sought), step, out)
    return _with_nulls(pa.array(out), texts, sought)


def contained(texts: pa.Array, parts: pa.Array | str) -> pa.Array:
    """Return whether each part stands anywhere in its text."""
    return pc.greater_equal(places(texts, parts), 0)


def matched_end(texts: pa.Array, parts: pa.Array, at_end: bool) -> pa.Array:
    """Return whether each text begins, or ends, with its part."""
    from fasttwitch.kernels.searching import match_ends

    out = np.zeros(len(texts), np.uint8)
    match_ends(*_bytes(texts), *_bytes(parts), int(at_end), out)
    return _with_nulls(pa.array(out.view(np.bool_)), texts, parts)


def _bytes(strings: pa.Array) -> Bytes:
    """Return the bytes of large strings and where each begins."""
    _, offsets, data = strings.buffers()
    if not len(strings):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    begins = np.frombuffer(offsets, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    return np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8), begins


def _with_nulls(found: pa.Array, *operands: pa.Array) -> pa.Array:
    """Return what was found, null where an operand is."""
    for operand in operands:
        if operand.null_count:
            found = pc.if_else(operand.is_valid(), found, pa.scalar(None, found.type))
    return found
