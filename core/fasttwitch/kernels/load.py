"""The kernels that a process runs on: chosen once, compiled once, loaded in a fraction of a second after that."""

import importlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fasttwitch.kernels import cpu

FORCE = "FASTTWITCH_KERNELS"


@dataclass(frozen=True, slots=True)
class Kernels:
    """The compiled functions of one variant.

    run_blocks     evaluates a range of blocks, see `kernels.block`; releases the interpreter
    scratch_bytes  (slots, registers) → bytes of scratch that one call of `run_blocks` needs
    """

    variant: str
    run_blocks: Callable[..., None]
    scratch_bytes: Callable[[int, int], int]


Progress = Callable[[str], None]
loading = threading.RLock()
if hasattr(os, "register_at_fork"):
    # A fork waits until loading is done: a child that inherits a lock which nobody in it will release waits for ever.
    os.register_at_fork(before=loading.acquire, after_in_parent=loading.release, after_in_child=loading.release)


def load(variant: str | None = None, progress: Progress | None = None) -> Kernels:
    """Return the kernels of a variant: the one named, else the one that `FASTTWITCH_KERNELS` names, else the best.

    progress  called with a line of text before each step, if something has to be compiled (about 15 seconds, once)

    Raises ValueError for a variant that does not exist or that this processor cannot run.
    """
    with loading:
        return _load(chosen(variant), progress)


def chosen(variant: str | None = None) -> str:
    """Return the variant that `load` would load."""
    wanted = variant or os.environ.get(FORCE) or cpu.best_variant()
    if wanted not in cpu.VARIANTS:
        origin = "" if variant else f" ({FORCE})"
        raise ValueError(f'unknown kernels `{wanted}`{origin}: use "wide", "avx2" or "portable"')
    missing = cpu.missing_for(wanted)
    if missing:
        best = cpu.best_variant()
        raise ValueError(f'this processor cannot run the {wanted} kernels (no {", ".join(missing)}): use "{best}"')
    return wanted


def warm_up(variant: str | None = None, progress: Progress | None = None) -> Kernels:
    """Compile the kernels, so that later processes only load them; the same as `load`, under the name of its effect."""
    return load(variant, progress)


_kernels: dict[str, Kernels] = {}


def _load(variant: str, progress: Progress | None) -> Kernels:
    if variant == cpu.AVX2 and variant not in _kernels:  # LLVM makes of portable kernels what AVX2 can do
        _kernels[variant] = replace(_load(cpu.PORTABLE, progress), variant=variant)
    if variant in _kernels:
        return _kernels[variant]
    from fasttwitch.kernels import cache

    folder = cache.folder("")
    complete = folder and folder / f"{variant}.complete"
    say = progress if progress and not (complete and complete.exists()) else _ignore
    say(f"compiling the {variant} kernels for this processor ({cpu.name()}), once")
    for module, what in STEPS:
        say(f"  {what}")
        importlib.import_module(f"fasttwitch.kernels.{module.format(variant=variant)}")
    say("  the driver")
    block = importlib.import_module("fasttwitch.kernels.block")
    run_blocks = block.compile_for(variant, **_siblings(variant))
    _kernels[variant] = Kernels(variant, run_blocks, block.scratch_bytes)
    if complete:
        complete.touch()
    return _kernels[variant]


def _siblings(variant: str) -> dict[str, Any]:
    """Return what `block.run_blocks` is compiled around; the numbers are where one way overtakes another on Zen 4."""
    encode = importlib.import_module(f"fasttwitch.kernels.encode_{variant}").encode
    if variant == cpu.WIDE and set(cpu.TRANSPOSITION_FEATURES) <= cpu.features():
        ways = importlib.import_module("fasttwitch.kernels.transposition")
        slice_codes, look_up_tests = ways.slice_codes, ways.look_up_tests
        numbers = {"LOOKED_UP_FROM": 5, "LOOKED_UP_TO": 25, "MOST_CODE": ways.MOST_CODE, "SLICED_FROM": 11}
    else:
        slice_codes = importlib.import_module("fasttwitch.kernels.slices").slice_codes
        look_up_tests = importlib.import_module("fasttwitch.kernels.compare").run_tests
        numbers = {"LOOKED_UP_FROM": 0, "LOOKED_UP_TO": 0, "MOST_CODE": 0, "SLICED_FROM": 17}  # never looked up
    return {"encode": encode, "slice_codes": slice_codes, "look_up_tests": look_up_tests, **numbers}


STEPS = (
    ("compare", "codes to bitmasks"),
    ("combine", "bitmasks to segments"),
    ("stage", "columns to lanes"),
    ("encode_{variant}", "values to codes"),
    ("derive", "computed columns"),
)


def _ignore(line: str) -> None:
    """Say nothing."""
