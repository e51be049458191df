"""The point kernels that a process runs on: chosen once, compiled once, loaded in a fraction of a second after that."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fasttwitch.kernels import cpu
from fasttwitch.kernels.load import Progress, chosen, loading

# Quicker siblings of portable functions, the quickest first: the variants that take them, their rooms, and what those
# need besides. Ice Lake and Zen 4 have all.
SIBLINGS = {
    "verify": (((cpu.WIDE,), "verify_wide", "avx512vbmi"), ((cpu.WIDE, cpu.AVX2), "verify_avx2", "avx2")),
    "deposit": (((cpu.WIDE, cpu.AVX2), "deposit_bmi2", "bmi2"),),
    "write_bits": (((cpu.WIDE,), "writing_wide", "avx512vbmi2"),),
}
PORTABLE = {"verify": "verify_portable", "deposit": "deposit_portable", "write_bits": "writing_portable"}
SLOW_DEPOSIT = ("znver1", "znver2")  # whose instruction takes longer than the loop


@dataclass(frozen=True, slots=True)
class PointKernels:
    """Compiled functions over an index; all arguments are int64, addresses of what `driver` says.

    match        for one customer, in microseconds; nobody else has the interpreter meanwhile
    match_apart  the same, and others have it: for indexes of which a customer takes longer than handing it over
    """

    variant: str
    match: Callable[..., int]
    match_apart: Callable[..., int]
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
        for module in ("reading", "lookup", "coding", "gather"):  # which have but one variant
            importlib.import_module(f"fasttwitch.kernels.point.{module}")
        driver = importlib.import_module("fasttwitch.kernels.point.driver")
        _loaded[variant] = PointKernels(variant, *driver.compile_for(variant, **_siblings(variant)))
        if complete:
            complete.touch()
    return _loaded[variant]


def rooms_of(variant: str) -> dict[str, str]:
    """Return, of each function that `driver.match_one` is compiled around, the room with the quickest sibling."""
    features = cpu.features() - ({"bmi2"} if cpu.name() in SLOW_DEPOSIT else set())
    rooms = {}
    for function, siblings in SIBLINGS.items():
        suitable = (room for variants, room, feature in siblings if variant in variants and feature in features)
        rooms[function] = next(suitable, PORTABLE[function])
    return rooms


def _siblings(variant: str) -> dict[str, Callable[..., Any]]:
    return {
        function: getattr(importlib.import_module(f"fasttwitch.kernels.point.{room}"), function)
        for function, room in rooms_of(variant).items()
    }
