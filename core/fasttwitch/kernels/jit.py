"""The one place that names Numba flags."""

from collections.abc import Callable
from typing import Any

import numba


def kernel(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for one signature, at decoration.

    nogil         our own thread pool runs kernels side by side
    cache         the next process loads machine code in place of compiling (see `warm_up` for the lock)
    error_model   numpy: no Python exception leaves a kernel, division by zero is the caller's business
    boundscheck   off: tables are checked where they are built
    fastmath      never: bulk and point must agree to the bit
    """
    return numba.njit(signature, nogil=True, cache=True, error_model="numpy", boundscheck=False)


def routine(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only kernels call, as part of each of them: it has no signature and no cache entry."""
    return numba.njit(function, nogil=True, error_model="numpy", boundscheck=False)
