"""Bits to the places that a mask names, by the instruction of BMI2."""

from typing import Any

from numba import types

from fasttwitch.kernels.addresses import WORD
from fasttwitch.kernels.search_wide import call
from fasttwitch.kernels.vectors import emitted


def _deposit(builder: Any, bits: Any, mask: Any) -> Any:
    return call(builder, "llvm.x86.bmi.pdep.64", WORD, [bits, mask])


deposit = emitted(types.uint64(types.uint64, types.uint64), _deposit)  # the same as its portable sibling
