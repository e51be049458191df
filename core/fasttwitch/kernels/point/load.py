"""The point kernels that a process runs on: chosen once, compiled once, loaded in a fraction of a second after that."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fasttwitch.kernels import cpu
from fasttwitch.kernels.load import Progress, chosen, loading

# What each of the siblings needs, besides what all wide kernels do: Ice Lake and Zen 4 have all.
SIBLINGS = {
    "verify": ("verify", "avx512vbmi"),
    "deposit": ("deposit", "bmi2"),
    "write_bits": ("writing", "avx512vbmi2"),
}


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
    with loading:
        return _load(chosen(variant), progress)


_loaded: dict[str, PointKernels] = {}


def _load(variant: str, progress: Progress | None) -> PointKernels:
    if variant not in _loaded:
        from fasttwitch.kernels import cache

        folder = cache.folder("point")
        complete = folder and folder / f"{variant}.complete"
        if progress and not (complete and complete.exists()):
            progress(f"compiling the {variant} kernels for one customer, once")
        for module in ("coding", "gather"):  # which have but one variant
            importlib.import_module(f"fasttwitch.kernels.point.{module}")
        driver = importlib.import_module("fasttwitch.kernels.point.driver")
        _loaded[variant] = PointKernels(variant, *driver.compile_for(variant, **_siblings(variant)))
        if complete:
            complete.touch()
    return _loaded[variant]


def _siblings(variant: str) -> dict[str, Callable[..., Any]]:
    """Return the functions that `driver.match_one` is compiled around."""
    chosen = {}
    for function, (module, feature) in SIBLINGS.items():
        sibling = variant if variant == cpu.PORTABLE or feature in cpu.features() else cpu.PORTABLE
        chosen[function] = getattr(importlib.import_module(f"fasttwitch.kernels.point.{module}_{sibling}"), function)
    return chosen
