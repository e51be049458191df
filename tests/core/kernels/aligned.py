"""NumPy arrays that begin at a cache line, as kernels expect of scratch and of streamed masks."""

import numpy as np
from numpy.typing import NDArray


def aligned_bytes(size: int, fill: int = 0) -> NDArray[np.uint8]:
    """Return `size` bytes at an address that is a multiple of 64."""
    room = np.full(size + 64, fill, np.uint8)
    offset = -room.ctypes.data % 64
    return room[offset : offset + size]
