"""Rows that change between two codings of a customer are those in which the definition's answers differ."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels.point import flips
from fasttwitch.kernels.point.delta import TOO_MANY, find_flips
from fasttwitch.kernels.point.flips import FlipIndex, build_flips
from tests.core.kernels.point.circuits import Shape, circuit, customers
from tests.core.kernels.point.shapes import SHAPES, example
from tests.oracle.gates import rows_that_hold

MANY = 1 << 40
WIDE = Shape(rows=300, dimensions=6, codes=(100, 3_000), literals=5, share=0.5, inverted=0.3)
DEEP = Shape(rows=150, dimensions=6, codes=(2, 40), gates=400, literals=2, wires=4, inverted=0.5)
SHARED = Shape(rows=400, dimensions=6, codes=(2, 9), gates=20, literals=2, wires=6, inverted=0.4)


class Asker:
    """Finds flips with scratch of its own, which later calls find as the last one left it."""

    def __init__(self, index: FlipIndex, rows: int) -> None:
        self.index = index
        self._scratch = np.zeros(index.scratch_bytes, np.uint8)
        self._out = np.zeros(rows + 1, np.int32)

    def __call__(self, before: NDArray[np.int32], after: NDArray[np.int32], most: int = MANY) -> int | list[int]:
        scratch, out = int(self._scratch.ctypes.data), int(self._out.ctypes.data)
        count = find_flips(self.index.address, before.ctypes.data, after.ctypes.data, scratch, out, most)
        assert count <= len(self._out) - 1
        return count if count < 0 else sorted(self._out[:count].tolist())


def changes(before: list[int], after: list[int]) -> list[int]:
    return sorted([2 * row for row in {*before} - {*after}] + [2 * row + 1 for row in {*after} - {*before}])


@pytest.mark.parametrize("few", [0, 4, 1_000])
@pytest.mark.parametrize("name", [*SHAPES, "wide", "deep, changed", "shared, changed"])
def test_flips_are_the_differences_of_answers(name: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all literals are found at edges, under exceptions, or some each."""
    monkeypatch.setattr(flips, "FEW_CODES", few)
    generator = np.random.default_rng(5)
    if name in SHAPES:
        gates, codes, _ = example(name)
    else:
        gates = circuit({"wide": WIDE, "deep, changed": DEEP, "shared, changed": SHARED}[name], generator)
        codes = customers(gates, 60, generator)
    sizes = np.diff(gates.cells)
    moved = codes.copy()
    for row in moved:  # one attribute, several, all, by one step and by any
        for dimension in generator.permutation(sizes.size)[: generator.choice([1, 1, 1, 2, 5, 100])]:
            step = row[dimension] + generator.choice([-1, 1])
            anywhere = generator.integers(sizes[dimension])
            row[dimension] = np.clip(generator.choice([step, anywhere]), 0, sizes[dimension] - 1)
    ask = Asker(build_flips(gates), gates.roots.size)
    held, holds = rows_that_hold(gates, codes), rows_that_hold(gates, moved)
    for before, after, then, now in zip(codes, moved, held, holds, strict=True):
        assert ask(before, after) == changes(then, now)
        assert ask(after, before) == changes(now, then)
        assert ask(after, after) == []


def test_too_many_flips_are_given_up_and_the_next_call_is_right() -> None:
    gates, codes, expected = example("5,000 rows")
    ask = Asker(build_flips(gates), gates.roots.size)
    assert ask(codes[0], codes[1], most=100) == TOO_MANY
    assert ask(codes[0], codes[0], most=0) == []
    assert ask(codes[0], codes[1]) == changes(expected[0], expected[1])
