"""What gates mean, one after the other, for all customers at once."""

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.gates import Gates


def rows_that_hold(gates: Gates, codes: NDArray[np.int32]) -> list[list[int]]:
    """Return for each customer (a row of codes) the rows of answers that are true, ascending."""
    holds = [_holds(gates, literal, codes) for literal in range(gates.dimension.size)]
    lives: list[NDArray[np.bool_]] = []
    for gate in range(gates.gate_literals.size - 1):
        alive = np.ones(len(codes), np.bool_)
        for literal in gates.literals[gates.gate_literals[gate] : gates.gate_literals[gate + 1]]:
            alive = alive & holds[literal]
        for wire in gates.wires[gates.gate_wires[gate] : gates.gate_wires[gate + 1]]:
            alive = alive & ~lives[wire]
        lives.append(alive)
    rows: list[list[int]] = [[] for _ in codes]
    for row, root in enumerate(gates.roots.tolist()):
        for customer in np.nonzero(lives[root >> 1] != bool(root & 1))[0]:
            rows[customer].append(row)
    return rows


def _holds(gates: Gates, literal: int, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
    code = codes[:, gates.dimension[literal]]
    inside = np.zeros(len(codes), np.bool_)
    for first, last in gates.runs[gates.literal_runs[literal] : gates.literal_runs[literal + 1]]:
        inside |= (first <= code) & (code <= last)
    return inside
