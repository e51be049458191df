"""Who is in two masks, and who in one of them alone, by sets of row numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def rows_of(mask: NDArray[np.uint64]) -> set[int]:
    """Return the rows whose bit is set."""
    return {64 * place + bit for place, word in enumerate(mask.tolist()) for bit in range(64) if word >> bit & 1}


def relate(masks: Sequence[NDArray[np.uint64]], pairs: NDArray[np.int32]) -> list[list[int]]:
    """Return for each pair the first row in both, in the first alone, in the second alone; -1 for nobody."""
    members = [rows_of(mask) for mask in masks]
    found = []
    for first, second in pairs.tolist():
        one, other = members[first], members[second]
        found.append([min(rows, default=-1) for rows in (one & other, one - other, other - one)])
    return found
