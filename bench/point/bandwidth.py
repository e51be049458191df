"""How fast one thread reads, from each level of the memory: the physical limit of looking something up in tables."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.jit import kernel

# Read from: well inside each level of the processors that we know, and far outside the last.
SIZES_KIB = {"L2": 512, "L3": 16_384, "memory": 524_288}

WORDS = types.Array(types.uint64, 1, "C")


@kernel(types.uint64(WORDS, types.int64))
def added(values: NDArray[np.uint64], repeats: int) -> Any:
    """Return the sum of the values, read so many times; it vectorises, and no read can be left out."""
    total = np.uint64(0)
    for _ in range(repeats):
        for place in range(values.size):
            total += values[place]
        if total == np.uint64(1):
            values[0] = total
    return total


@kernel(types.uint64(WORDS, types.int64))
def added_side_by_side(values: NDArray[np.uint64], repeats: int) -> Any:
    """Return the same from four places at once, which keeps more of the hardware's prefetchers busy."""
    quarter = values.size // 4
    total = np.uint64(0)
    for _ in range(repeats):
        for place in range(quarter):
            total += values[place] + values[place + quarter] + values[place + 2 * quarter] + values[place + 3 * quarter]
        if total == np.uint64(1):
            values[0] = total
    return total


def read_bandwidths(repeats: int = 9) -> dict[str, float]:
    """Return the gigabytes a second that one thread reads from each level, the best of two ways and some repeats."""
    return {level: round(_bandwidth(kib, repeats), 1) for level, kib in SIZES_KIB.items()}


def _bandwidth(kib: int, repeats: int) -> float:
    values = np.full(kib * 128, 2, np.uint64)
    passes = max(1, SIZES_KIB["memory"] // 4 // kib)
    seconds = []
    for read in (added, added_side_by_side):
        read(values, 1)
        for _ in range(repeats):
            begin = time.perf_counter()
            read(values, passes)
            seconds.append(time.perf_counter() - begin)
    return values.nbytes * passes / min(seconds) / 1e9


def levels_of(nbytes: float) -> dict[str, float]:
    """Return which share of tables of so many bytes each level holds, when all of them are read again and again."""
    second, third = _cache_bytes(2, 1 << 20), _cache_bytes(3, 32 << 20)
    in_second = min(1.0, second / max(nbytes, 1.0))
    in_third = min(1.0 - in_second, third / max(nbytes, 1.0))
    return {"L2": in_second, "L3": in_third, "memory": 1.0 - in_second - in_third}


def microseconds_a_byte(nbytes: float, bandwidths: Mapping[str, float]) -> float:
    """Return how long reading one byte of tables of so many bytes takes at least."""
    return sum(part / bandwidths[level] / 1e3 for level, part in levels_of(nbytes).items())  # GB/s are kB/µs


def level_of(nbytes: float) -> str:
    """Return the level of the memory that holds most of tables of so many bytes."""
    levels = levels_of(nbytes)
    return max(levels, key=levels.__getitem__)


def _cache_bytes(level: int, otherwise: int) -> int:
    """Return the size of a cache, where the system tells it."""
    for index in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        if (index / "level").read_text().strip() == str(level):
            size = (index / "size").read_text().strip()
            return int(size.rstrip("KM")) << (20 if size.endswith("M") else 10)
    return otherwise
