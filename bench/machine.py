"""What the figures were measured on."""

import os
import platform
import threading
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from fasttwitch.kernels.load import chosen

PACKAGES = ("numpy", "numba", "pyarrow", "polars", "duckdb", "datafusion")


def machine(megabytes: int = 512, packages: Sequence[str] = PACKAGES) -> dict[str, str | int | float]:
    """Return the processor, its cores, its memory's speed and the versions of what was measured."""
    return {
        "processor": _processor(),
        "kernels": chosen(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "read_gigabytes_per_second": round(read_bandwidth(megabytes), 1),
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def read_bandwidth(megabytes: int = 512, threads: int = 2, repeats: int = 7) -> float:
    """Return the gigabytes a second that so many threads can read from memory: the physical limit of any scan.

    Sums of 64-bit integers, each thread over a part of an array that no cache holds: NumPy adds as fast as they come.
    """
    values = np.ones(megabytes * 131_072, dtype=np.int64)
    parts = np.array_split(values, threads)
    seconds = []
    for _ in range(repeats):
        workers = [threading.Thread(target=part.sum) for part in parts]
        begin = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        seconds.append(time.perf_counter() - begin)
    return values.nbytes / min(seconds) / 1e9


def _processor() -> str:
    """Return the processor's name, where the system tells it."""
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
