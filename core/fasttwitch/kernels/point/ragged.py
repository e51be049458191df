"""Lists of different lengths, end to end in one array."""

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


def starts_of(counts: NDArray[np.integer]) -> Int64s:
    """Return where each list begins, and the end of the last."""
    starts = np.zeros(counts.size + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def owners_of(starts: NDArray[np.integer]) -> Int64s:
    """Return the number of the list that each element belongs to."""
    return np.repeat(np.arange(starts.size - 1), np.diff(starts))


def elements_of(starts: NDArray[np.integer], chosen: NDArray[np.integer]) -> tuple[Int64s, Int64s]:
    """Return the places of all elements of the chosen lists, one list after the other, and where each list begins."""
    counts = starts[chosen + 1] - starts[chosen]
    begins = starts_of(counts)
    return np.arange(begins[-1]) + np.repeat(starts[chosen] - begins[:-1], counts), begins
