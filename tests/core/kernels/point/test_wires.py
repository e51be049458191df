"""Wires between bits: pulled in runs where circuits are trees, pushed where gates are shared."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fasttwitch.kernels import cpu
from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.point import deposit_portable
from fasttwitch.kernels.point.build import build_index
from tests.core.kernels.point.test_homes import gates_of

SIBLINGS = {"portable": deposit_portable.deposit}
if "bmi2" in cpu.features():
    from fasttwitch.kernels.point import deposit_bmi2

    SIBLINGS["bmi2"] = deposit_bmi2.deposit


def test_the_children_of_64_rules_are_one_run_each() -> None:
    """Rule r has gates 3r and 3r + 1 below it: first children stand together, and so do second ones."""
    wires: list[list[int]] = []
    for rule in range(64):
        wires += [[], [], [3 * rule, 3 * rule + 1]]
    gates = gates_of([[(1, 50)]] * 192, wires, [2 * (3 * rule + 2) for rule in range(64)])
    flat = build_index(gates).flat
    assert flat.pulls.tolist() == [[0, -1], [64, -1]]
    assert flat.fan_bits.size == 0


def test_children_stand_in_the_order_of_those_above() -> None:
    """Of a chain for each rule: three runs of wires for 3 * 64 gates."""
    wires: list[list[int]] = []
    for gate in range(64 * 4):
        wires.append([gate - 64] if gate >= 64 else [])
    gates = gates_of([[(1, 50)]] * 256, wires, [2 * (192 + 63 - rule) for rule in range(64)])
    flat = build_index(gates).flat
    assert flat.pulls.tolist() == [[0, -1], [64, -1], [128, -1]]


def test_a_shared_gate_pushes() -> None:
    gates = gates_of([[(1, 50)]] * 11, [[]] + [[0]] * 10, [2 * rule for rule in range(1, 11)])
    flat = build_index(gates).flat
    assert flat.pulls.size == 0
    assert flat.pushing.tolist() == [1]
    assert flat.fan_bits.tolist() == list(range(10))


@pytest.mark.parametrize("name", SIBLINGS)
def test_deposit_puts_the_lowest_bits_where_the_mask_has_ones(name: str) -> None:
    compiled = kernel("uint64(uint64, uint64)")(_calling(SIBLINGS[name]))
    generator = np.random.default_rng(0)
    for bits, mask in generator.integers(0, 2**64, (200, 2), np.uint64, endpoint=False).tolist():
        for some in (mask, mask & (bits >> 7), 0, 2**64 - 1, 1 << 63):
            places = [place for place in range(64) if some >> place & 1]
            expected = sum((bits >> number & 1) << place for number, place in enumerate(places))
            assert int(compiled(bits, some)) == expected


def _calling(deposit: Any) -> Callable[..., Any]:
    def deposit_bits(bits: int, mask: int) -> Any:
        return deposit(bits, mask)

    return deposit_bits
