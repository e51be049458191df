"""Tables of addresses that kernels are given, and the scratch that they say they need."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


def point_at(head: Int64s, arrays: Iterable[tuple[int, NDArray[Any]]]) -> None:
    """Write the addresses of arrays into fields of a head; the arrays must outlive its use."""
    for field, array in arrays:
        assert array.flags.c_contiguous
        head[field] = array.ctypes.data


def lay_out_scratch(head: Int64s, sizes: Iterable[tuple[int, int]]) -> int:
    """Write where rooms of so many bytes begin in scratch, each at a multiple of 64; return the bytes of all."""
    offset = 0
    for field, size in sizes:
        head[field] = offset
        offset += -(-size // 64) * 64
    return offset
