"""Memory between two pages that may not be touched: a kernel that strays by one byte ends the process."""

import ctypes
import mmap

import numpy as np
from numpy.typing import NDArray

_PAGE = mmap.PAGESIZE
_libc = ctypes.CDLL(None, use_errno=True)
_NO_ACCESS = 0


class Guarded:
    """Bytes that end (`at_end`) or begin exactly at a forbidden page.

    bytes    uint8 view of the usable bytes
    address  of its first byte
    """

    def __init__(self, data: bytes, at_end: bool = True) -> None:
        pages = -(-len(data) // _PAGE) + 2
        self._map = mmap.mmap(-1, pages * _PAGE)
        whole = np.frombuffer(self._map, np.uint8)
        begin = (pages - 1) * _PAGE - len(data) if at_end else _PAGE
        self.bytes: NDArray[np.uint8] = whole[begin : begin + len(data)]
        self.bytes[:] = np.frombuffer(data, np.uint8)
        self.address = int(self.bytes.ctypes.data)
        base = int(whole.ctypes.data)
        for forbidden in (base, base + (pages - 1) * _PAGE):
            failed = _libc.mprotect(ctypes.c_void_p(forbidden), ctypes.c_size_t(_PAGE), _NO_ACCESS)
            assert not failed, "mprotect"
