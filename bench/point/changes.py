"""What a change of codes takes inside compiled code, customer by customer: from codes to the rules that flip.

nothing  no code moves
step     one attribute moves to the next code
any      one attribute moves to any other code
"""

from collections.abc import Callable
from functools import cache

import numba
import numpy as np
from numpy.typing import NDArray

from bench.point.clock import EVERYTHING, Int64s, ticks
from fasttwitch.kernels.addresses import ints_at
from fasttwitch.kernels.point.delta import find_flips
from fasttwitch.kernels.point.flips import FlipIndex
from fasttwitch.kernels.point.gates import Gates

Codes = NDArray[np.int32]
CHANGES = ("nothing", "step", "any")


def changed(codes: Codes, gates: Gates, change: str, seed: int = 0) -> Codes:
    """Return the customers after a change of one attribute each."""
    generator = np.random.default_rng(seed)
    sizes = np.diff(gates.cells)
    after = np.array(codes, np.int32)
    if change != "nothing":
        rows, dimensions = np.arange(len(after)), generator.integers(sizes.size, size=len(after))
        own, most = after[rows, dimensions], sizes[dimensions] - 1
        step = np.where((own == most) | ((own > 0) & (generator.random(own.size) < 0.5)), -1, 1)
        anywhere = (own + generator.integers(1, np.maximum(most, 1) + 1)) % (most + 1)
        after[rows, dimensions] = own + step if change == "step" else anywhere
    return after


class ChangeTimer:
    """The kernel of one change, over an index and some customers before and after.

    most  gates that are looked at; where there are more, the kernel gives up
    """

    def __init__(self, index: FlipIndex, rows: int, before: Codes, after: Codes, most: int = EVERYTHING) -> None:
        self._index, self._most = index, most
        self._before, self._after = (np.ascontiguousarray(codes, np.int32) for codes in (before, after))
        self._scratch = np.zeros(index.scratch_bytes, np.uint8)
        self._flips = np.zeros(rows + 1, np.int32)

    def run(self) -> tuple[Int64s, Int64s]:
        """Return how many ticks of the clock each customer took, and how many rules have flipped for it."""
        taken, counts = (np.zeros(len(self._before), np.int64) for _ in range(2))
        _driver()(
            self._index.address,
            int(self._before.ctypes.data),
            int(self._after.ctypes.data),
            len(self._before),
            self._before.strides[0],
            int(self._scratch.ctypes.data),
            int(self._flips.ctypes.data),
            self._most,
            int(taken.ctypes.data),
            int(counts.ctypes.data),
        )
        return taken, counts


@cache
def _driver() -> Callable[..., None]:
    def drive(
        head: int,
        before: int,
        after: int,
        customers: int,
        stride: int,
        scratch: int,
        out: int,
        most: int,
        taken: int,
        counts: int,
    ) -> None:
        taken_of, counts_of = ints_at(taken, EVERYTHING), ints_at(counts, EVERYTHING)
        for customer in range(customers):
            begin, offset = ticks(), customer * stride
            counts_of[customer] = find_flips(head, before + offset, after + offset, scratch, out, most)
            taken_of[customer] = ticks() - begin

    compiled: Callable[..., None] = numba.njit(
        f"void({', '.join(['int64'] * 10)})", nogil=True, error_model="numpy", boundscheck=False
    )(drive)
    return compiled
