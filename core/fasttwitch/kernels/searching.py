"""Strings looked for in other strings, row by row: bytes, which in UTF-8 find what code points would."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from fasttwitch.kernels.jit import kernel, routine

Bytes = types.Array(types.uint8, 1, "C", readonly=True)
Offsets = types.Array(types.int64, 1, "C", readonly=True)


@routine
def _same(texts: Any, at: Any, parts: Any, first: Any, length: Any) -> Any:
    """Return whether the bytes of a part stand at a place of a text."""
    for i in range(length):  # noqa: SIM110 - Numba has no generators
        if texts[at + i] != parts[first + i]:
            return False
    return True


@kernel(types.void(Bytes, Offsets, Bytes, Offsets, types.int64, types.int64[::1]))
def find_texts(
    texts: npt.NDArray[np.uint8],
    text_offsets: npt.NDArray[np.int64],
    parts: npt.NDArray[np.uint8],
    part_offsets: npt.NDArray[np.int64],
    step: int,
    out: npt.NDArray[np.int64],
) -> None:
    """Write where in its text each row's part first begins, in bytes; -1 where nowhere.

    texts, text_offsets  bytes, int64[rows + 1]
    parts, part_offsets  bytes, int64[rows + 1]; int64[2] where all rows have the same part
    step                 1; 0 where all rows have the same part
    out                  int64[rows]
    """
    for row in range(out.size):
        begin, end = text_offsets[row], text_offsets[row + 1]
        first, past = part_offsets[row * step], part_offsets[row * step + 1]
        length = past - first
        found = -1
        if length == 0:
            found = 0
        elif length <= end - begin:
            head, tail = parts[first], parts[past - 1]
            for at in range(begin, end - length + 1):
                # Both ends first: they differ nearly everywhere, and need no loop.
                if texts[at] == head and texts[at + length - 1] == tail and _same(texts, at, parts, first, length):
                    found = at - begin
                    break
        out[row] = found


@kernel(types.void(Bytes, Offsets, Bytes, Offsets, types.int64, types.uint8[::1]))
def match_ends(
    texts: npt.NDArray[np.uint8],
    text_offsets: npt.NDArray[np.int64],
    parts: npt.NDArray[np.uint8],
    part_offsets: npt.NDArray[np.int64],
    at_end: int,
    out: npt.NDArray[np.uint8],
) -> None:
    """Write 1 where a row's text begins with its part, else 0.

    texts, text_offsets  bytes, int64[rows + 1]
    parts, part_offsets  the same
    at_end               1: where it ends with its part
    out                  uint8[rows]
    """
    for row in range(out.size):
        begin, end = text_offsets[row], text_offsets[row + 1]
        first, past = part_offsets[row], part_offsets[row + 1]
        length = past - first
        at = end - length if at_end else begin
        out[row] = length <= end - begin and _same(texts, at, parts, first, length)
