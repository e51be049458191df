"""Bits to the places that a mask names, on any processor."""

from typing import Any

import numpy as np

from fasttwitch.kernels.jit import routine


@routine
def deposit(bits: Any, mask: Any) -> Any:
    """Return a word with the lowest bits, in order, where the mask has ones, and zeros elsewhere; all are uint64."""
    placed, zero, one = np.uint64(0), np.uint64(0), np.uint64(1)
    while mask != zero and bits != zero:
        lowest = mask & (zero - mask)
        placed |= lowest * (bits & one)
        bits >>= one
        mask ^= lowest
    return placed
