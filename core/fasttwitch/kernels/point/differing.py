"""Two answers about a customer compared: for changes so large that both are found anew."""

from typing import Any

from numba import types

from fasttwitch.kernels.addresses import ints_at, shorts_at
from fasttwitch.kernels.jit import kernel

ANY = 1 << 40


@kernel(types.int64(*[types.int64] * 6))
def find_differences(before_at: int, before: int, after_at: int, after: int, marks_at: int, out_at: int) -> int:
    """Write which rows stand in one of two answers; return how many.

    before_at, after_at  addresses of int32: rows that hold, in no order; one may stand there twice
    before, after        how many there are
    marks_at             address of int64[1 + rows] for this thread alone: the number of calls so far, then marks;
                         zeroed before the first call and then kept
    out_at               address of room for all rows, int32: 2 * row + 1 of what stands in `after` alone, 2 * row of
                         what stands in `before` alone
    """
    calls: Any = ints_at(marks_at, 1)
    marks, out = ints_at(marks_at + 8, ANY), shorts_at(out_at, ANY)
    held, holds = shorts_at(before_at, ANY), shorts_at(after_at, ANY)
    calls[0] += 1
    was, both = 3 * calls[0], 3 * calls[0] + 1
    count = 0
    for place in range(before):
        marks[held[place]] = was
    for place in range(after):
        row = holds[place]
        if marks[row] < was:
            out[count] = 2 * row + 1
            count += 1
        marks[row] = both
    for place in range(before):
        row = held[place]
        if marks[row] == was:
            out[count] = 2 * row
            count += 1
            marks[row] = both
    return count
