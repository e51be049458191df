"""Customers timed one by one inside compiled code, where a call takes less than asking Python for the time."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.addresses import ints_at
from fasttwitch.kernels.point.index import Index
from fasttwitch.kernels.point.load import load_point
from fasttwitch.kernels.vectors import emitted

Int64s = NDArray[np.int64]
Codes = NDArray[np.int32]

_WORD = ir.IntType(64)
EVERYTHING = 1 << 40


def _ticks(builder: Any) -> Any:
    counter = ir.FunctionType(_WORD, [])
    return builder.call(builder.module.declare_intrinsic("llvm.readcyclecounter", [], counter), [])


ticks = emitted(types.int64(), _ticks)


class Timer:
    """The kernel of one customer, over an index and some customers."""

    def __init__(self, index: Index, codes: Codes) -> None:
        self._index = index
        self._codes = np.ascontiguousarray(codes, np.int32)
        self._scratch = np.zeros(index.scratch_bytes + 64, np.uint8)
        self._answers = np.zeros(index.most_ids, np.int32)
        self._run = _driver(load_point().match)

    def run(self) -> tuple[Int64s, Int64s]:
        """Return how many ticks of the clock each customer took, and how many rules hold for it."""
        taken, counts = (np.zeros(len(self._codes), np.int64) for _ in range(2))
        scratch = int(self._scratch.ctypes.data)
        self._run(
            self._index.address,
            int(self._codes.ctypes.data),
            len(self._codes),
            scratch + -scratch % 64,
            int(self._answers.ctypes.data),
            int(taken.ctypes.data),
            int(counts.ctypes.data),
        )
        return taken, counts


@cache
def _driver(match: Callable[..., int]) -> Callable[..., None]:
    """Return a loop over customers; not kept between processes, since it holds the kernel that it was compiled with."""

    def drive(head: int, codes: int, customers: int, scratch: int, out: int, taken: int, counts: int) -> None:
        stride = 4 * ints_at(head, 1)[0]  # the first field of an index: how many codes a customer has
        taken_of, counts_of = ints_at(taken, EVERYTHING), ints_at(counts, EVERYTHING)
        for customer in range(customers):
            begin = ticks()
            counts_of[customer] = match(head, codes + customer * stride, scratch, out)
            taken_of[customer] = ticks() - begin

    compiled: Callable[..., None] = numba.njit(
        "void(int64, int64, int64, int64, int64, int64, int64)", nogil=True, error_model="numpy", boundscheck=False
    )(drive)
    return compiled


@cache
def ticks_a_microsecond(seconds: float = 0.2) -> float:
    """Return how fast the processor's clock ticks, by the clock of the system."""

    def read() -> int:
        return ticks()  # type: ignore[no-any-return]

    now = numba.njit("int64()")(read)
    begin, first = time.perf_counter_ns(), now()
    while time.perf_counter_ns() - begin < seconds * 1e9:
        pass
    return float((now() - first) / ((time.perf_counter_ns() - begin) / 1e3))


CACHE_LINE = 64


def bytes_read(index: Index, codes: Codes) -> tuple[float, NDArray[np.float64], float]:
    """Return the bytes that a customer must read: of the flat part; of lists, customer by customer; to find those.

    Of the flat part each row of the customer's codes once; of the lists the clauses under those codes; to
    find them a cache line a dimension.
    """
    strips = index.flat.strips
    flat = float((strips[:, 1] * (strips[:, 3] - strips[:, 2])).sum()) * CACHE_LINE
    clauses = np.zeros(len(codes), np.float64)
    starts = index.listed.starts
    for dimension, place in index.listed.dimensions:
        cells = place + codes[:, dimension]
        clauses += starts[cells + 1] - starts[cells]
    of_clause = index.listed.lanes[:, 0].nbytes + index.listed.ids.itemsize
    return flat, clauses * of_clause, float(CACHE_LINE * len(index.listed.dimensions))
