"""What gates mean, one customer and one literal at a time."""

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.gates import Gates


def rows_that_hold(gates: Gates, codes: NDArray[np.int32]) -> list[list[int]]:
    """Return for each customer (a row of codes) the rows of answers that are true, ascending."""
    return [_rows(gates, customer) for customer in codes.tolist()]


def _rows(gates: Gates, codes: list[int]) -> list[int]:
    holds = [_holds(gates, literal, codes) for literal in range(gates.dimension.size)]
    lives: list[bool] = []
    for gate in range(gates.gate_literals.size - 1):
        literals = gates.literals[gates.gate_literals[gate] : gates.gate_literals[gate + 1]]
        wires = gates.wires[gates.gate_wires[gate] : gates.gate_wires[gate + 1]]
        lives.append(all(holds[literal] for literal in literals) and not any(lives[wire] for wire in wires))
    return [row for row, root in enumerate(gates.roots.tolist()) if lives[root >> 1] != bool(root & 1)]


def _holds(gates: Gates, literal: int, codes: list[int]) -> bool:
    code = codes[gates.dimension[literal]]
    runs = gates.runs[gates.literal_runs[literal] : gates.literal_runs[literal + 1]]
    return any(first <= code <= last for first, last in runs.tolist())
