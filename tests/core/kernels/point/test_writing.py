"""Numbers of set bits."""

from typing import Any

import numpy as np
import pytest

from fasttwitch.kernels import cpu
from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point import writing_portable

SIBLINGS = {"portable": writing_portable.write_bits}
if {"avx512vbmi2", *cpu.WIDE_FEATURES} <= cpu.features():
    from fasttwitch.kernels.point import writing_wide

    SIBLINGS["wide"] = writing_wide.write_bits


@pytest.mark.parametrize("name", SIBLINGS)
@pytest.mark.parametrize("flip", [0, 2**64 - 1])
@pytest.mark.parametrize("density", [0.0, 0.001, 0.01, 0.2, 0.5, 1.0])
def test_numbers_of_bits_that_differ(name: str, flip: int, density: float) -> None:
    write = SIBLINGS[name]

    def write_all(alive: int, begin: int, end: int, flip: int, out: int) -> Any:
        return write(alive, begin, end, np.uint64(flip), out, 3)

    compiled = kernel("int64(int64, int64, int64, uint64, int64)")(write_all)
    generator = np.random.default_rng(0)
    bits = generator.random(64 * 37) < density
    words = np.packbits(bits, bitorder="little").view(np.uint64)
    for begin, end in ((0, 37), (5, 6), (3, 29), (8, 24), (4, 4)):
        out = np.full(64 * 37 + 3 + 64, -1, np.int32)
        count = compiled(words.ctypes.data, begin, end, flip, out.ctypes.data)
        expected = np.nonzero(bits[64 * begin : 64 * end] != bool(flip))[0] + 64 * begin
        assert out[3:count].tolist() == expected.tolist()
        assert np.all(out[:3] == -1)
