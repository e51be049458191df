"""Codes in sets that are stored as runs."""

from typing import Any

import numpy as np

from fasttwitch.kernels.jit import routine


@routine
def is_in_runs(runs: Any, begin: Any, end: Any, code: Any) -> Any:
    """Return 1 if a code lies in one of some runs, else 0.

    runs  int32[2 * n]: first and last codes, ascending from `begin` to before `end`
    """
    low, high = begin, end
    if low == high:
        return np.int64(0)
    while high - low > 1:  # the last run that begins at or below the code
        middle = (low + high) >> 1
        if runs[2 * middle] <= code:
            low = middle
        else:
            high = middle
    return np.int64(runs[2 * low] <= code) & np.int64(code <= runs[2 * low + 1])
