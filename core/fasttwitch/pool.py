"""Threads of our own: kernels release the interpreter, so plain threads share the rows of a run."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
from numpy.typing import NDArray

_pools: dict[tuple[int, int], ThreadPoolExecutor] = {}
_pools_lock = threading.Lock()
_scratch = threading.local()

MOST_THREADS = 256


def default_threads() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_together(threads: int, work: Callable[[], None]) -> None:
    """Call `work` on `threads` threads, this one among them, and return when all have returned.

    The first exception is raised here, once no thread runs any more: kernels hold addresses of the caller's buffers.
    """
    futures = [_pool(threads - 1).submit(work) for _ in range(threads - 1)] if threads > 1 else []
    try:
        work()
    finally:
        wait(futures)
    for future in futures:
        future.result()


def aligned_scratch(size: int) -> int:
    """Return the address of at least `size` bytes, 64-byte aligned, that belong to this thread."""
    room: NDArray[np.uint8] | None = getattr(_scratch, "room", None)
    if room is None or room.size < size + 64:
        room = _scratch.room = np.zeros(size + 64, np.uint8)
    address = int(room.ctypes.data)
    return address + -address % 64


def _pool(threads: int) -> ThreadPoolExecutor:
    # Keyed by process as well: threads do not survive a fork.
    key = (os.getpid(), threads)
    with _pools_lock:
        if key not in _pools:
            _pools[key] = ThreadPoolExecutor(threads, thread_name_prefix="fasttwitch")
        return _pools[key]
