"""Whether arrays that came from outside are what kernels may be given.

Kernels check nothing, so what a file says is looked at before: every number that becomes an address lies within the
array that it is a place of, lists begin where others end, and wires go down. That is no proof that answers are right:
it says that no kernel reads or writes outside of its arrays, and that all of them end.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer]


class UnsoundError(Exception):
    """Something that kernels must not be given; the text says what."""


def require(holds: bool | np.bool_, what: str) -> None:
    """Raise UnsoundError unless something holds."""
    if not holds:
        raise UnsoundError(what)


def require_within(values: Integers, low: int, high: int, what: str) -> None:
    """Raise UnsoundError unless all values are at least `low` and below `high`."""
    require(values.size == 0 or (int(values.min()) >= low and int(values.max()) < high), what)


def require_starts(starts: Integers, elements: int, what: str) -> None:
    """Raise UnsoundError unless `starts` cut so many elements into lists, end to end."""
    good = starts.ndim == 1 and starts.size > 0 and starts[0] == 0 and starts[-1] == elements
    require(good and bool((starts[1:] >= starts[:-1]).all()), what)
