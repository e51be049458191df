"""Like with like: an order of gates in which neighbours read the same few dimensions.

A strip of neighbours needs rows only of the dimensions that some gate of it reads. Gates are split, again and again,
into those that read none of a group of dimensions and the others. With 42 dimensions of which a gate reads six, at
random, a split saves about three rows of a strip per bit of information that it adds to the order; rules that people
write, which have favourite attributes, gain more.
"""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point.gates import Int64s

Words = NDArray[np.uint64]

SAMPLE = 2_048  # gates of which a group of dimensions is chosen
CAUTION = 0.9  # what a sample says of the number of gates may be too much
MOST_DIMENSIONS = 64  # that are told apart: those that most gates read


def clustered(masks: Words, strip_gates: int) -> Int64s:
    """Return an order of gates.

    masks        uint64[gates]: bit d is set if a gate reads dimension d
    strip_gates  gates of a strip: parts are multiples of it
    """
    order = np.arange(masks.size)
    parts = [(0, masks.size)]
    while parts:
        begin, end = parts.pop()
        strips = (end - begin) / strip_gates
        if strips < 2:
            continue
        here = order[begin:end]
        for step in (max(1, here.size // SAMPLE), 1):
            group = choose_group(np.ascontiguousarray(masks[here[::step]]), strips)
            lacks = (masks[here] & np.uint64(group)) == 0
            size = int(np.count_nonzero(lacks)) // strip_gates * strip_gates
            if group == 0 or size or step == 1:
                break
        if group == 0 or size == 0:
            continue
        inside = np.nonzero(lacks)[0]
        lacks[inside[size:]] = False
        order[begin:end] = np.concatenate((here[inside[:size]], here[~lacks]))
        parts += [(begin, begin + size), (begin + size, end)]
    return order


@kernel(types.uint64(types.uint64[::1], types.float64))
def choose_group(masks: Any, strips: float) -> Any:
    """Return the dimensions, as bits, to split gates by; 0 if nothing is to be gained.

    Grown greedily by the dimension that fewest of the gates that are left read. Of the groups passed on the way, that
    which saves most rows for the information that it uses up: for many strips, groups that one gate in ten lacks; for
    two strips, that which half of them lack.
    """
    one = np.uint64(1)
    everything = np.uint64(0)
    for gate in range(masks.size):
        everything |= masks[gate]
    left = masks.copy()
    count, group, size = masks.size, np.uint64(0), 0
    best, most = np.uint64(0), 0.0
    users = np.zeros(64, np.int64)
    while group != everything:
        users[:] = 0
        for gate in range(count):
            for dimension in range(64):
                users[dimension] += np.int64(left[gate] >> np.uint64(dimension) & one)
        fewest, chosen = count + 1, 0
        for dimension in range(64):
            is_new = (everything & ~group) >> np.uint64(dimension) & one
            if is_new and users[dimension] < fewest:
                fewest, chosen = users[dimension], dimension
        group |= one << np.uint64(chosen)
        size += 1
        kept = 0
        for gate in range(count):
            if not left[gate] >> np.uint64(chosen) & one:
                left[kept] = left[gate]
                kept += 1
        count = kept
        share = np.floor(strips * count / masks.size) / strips  # in whole strips
        if share <= 0.0:
            break
        information = -share * np.log2(share) - (1.0 - share) * np.log2(1.0 - share)
        gain = size * share / information
        if gain > most:
            best, most = group, gain
    return best
