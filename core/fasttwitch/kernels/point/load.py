"""The point kernels that a process runs on: chosen once, compiled once, loaded in a fraction of a second after that."""

import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from fasttwitch.kernels import cpu
from fasttwitch.kernels.load import Progress, chosen

PERMUTES = "avx512vbmi"  # of bytes, between two registers: what the wide sibling is about
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class PointKernels:
    """Compiled functions over an index; all arguments are int64, addresses of what `driver` says."""

    variant: str
    match: Callable[..., int]
    match_many: Callable[..., int]


def load_point(variant: str | None = None, progress: Progress | None = None) -> PointKernels:
    """Return the point kernels of a variant, chosen as `kernels.load.load` does.

    progress  called with a line of text before anything is compiled

    Raises ValueError for a variant that does not exist or that this processor cannot run.
    """
    with _loading:
        return _load(chosen(variant), progress)


_loaded: dict[str, PointKernels] = {}


def _load(variant: str, progress: Progress | None) -> PointKernels:
    if variant not in _loaded:
        from fasttwitch.kernels import cache

        folder = cache.folder("point")
        complete = folder and folder / f"{variant}.complete"
        if progress and not (complete and complete.exists()):
            progress(f"compiling the {variant} kernels for one customer, once")
        sibling = variant if variant == cpu.PORTABLE or PERMUTES in cpu.features() else cpu.PORTABLE
        driver = importlib.import_module("fasttwitch.kernels.point.driver")
        verify = importlib.import_module(f"fasttwitch.kernels.point.verify_{sibling}").verify
        _loaded[variant] = PointKernels(variant, *driver.compile_for(variant, verify))
        if complete:
            complete.touch()
    return _loaded[variant]
