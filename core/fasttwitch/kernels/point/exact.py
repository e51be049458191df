"""Gates that are evaluated one by one: for the few clauses that a test of bytes let through but cannot vouch for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.addresses import ints_at, shorts_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import (
    EXACT_GATES,
    EXACT_LITERALS,
    EXACT_RUNS,
    EXACT_WIRES,
    HEAD_FIELDS,
    SCRATCH_STACK,
    ExactPart,
)
from fasttwitch.kernels.point.ragged import elements_of
from fasttwitch.kernels.point.runs import is_in_runs

Int64s = NDArray[np.int64]
ANY = 1 << 40


def build_exact(gates: Gates, roots: NDArray[np.integer]) -> tuple[ExactPart, Int64s]:
    """Return the part that evaluates some gates, and the number each gate of the circuit has in it, -1 if none."""
    needed = np.zeros(gates.gate_wires.size - 1, np.bool_)
    needed[roots] = True
    below = roots
    while below.size:
        places, _ = elements_of(gates.gate_wires, np.unique(below))
        below = gates.wires[places]
        below = below[~needed[below]]
        needed[below] = True
    chosen = np.nonzero(needed)[0]
    number = np.full(needed.size, -1, np.int64)
    number[chosen] = np.arange(chosen.size)
    places, literal_begins = elements_of(gates.gate_literals, chosen)
    literals = gates.literals[places].astype(np.int64)
    places, wire_begins = elements_of(gates.gate_wires, chosen)
    wires = number[gates.wires[places]]
    distinct, of_literals = np.unique(literals, return_inverse=True)
    places, run_begins = elements_of(gates.literal_runs, distinct)
    begins = np.stack((gates.dimension[distinct], run_begins[:-1], run_begins[1:]), 1)
    return ExactPart(
        np.stack((literal_begins, wire_begins), 1).astype(np.int32),
        np.ascontiguousarray(begins[of_literals].astype(np.int32).reshape(-1, 3)),
        np.ascontiguousarray(gates.runs[places]),
        wires.astype(np.int32),
    ), number


@routine
def gate_lives(head: int, gate: Any, codes: int, scratch: int) -> Any:
    """Return whether a gate lives, by a walk over the tree below it that stops at the first living wire.

    codes  address of int32[dimensions]
    """
    table = ints_at(head, HEAD_FIELDS)
    gates, wires = shorts_at(table[EXACT_GATES], ANY), shorts_at(table[EXACT_WIRES], ANY)
    stack = ints_at(scratch + table[SCRATCH_STACK], 128)  # pairs: gate, place of the wire that is being looked at
    depth = 0
    while True:
        lives = _literals_hold(table, gates[2 * gate], gates[2 * gate + 2], codes)
        if lives and gates[2 * gate + 1] < gates[2 * gate + 3]:
            wire = np.int64(gates[2 * gate + 1])
            stack[2 * depth], stack[2 * depth + 1] = gate, wire
            depth += 1
            gate = np.int64(wires[wire])
            continue
        while depth > 0:
            above, wire = stack[2 * depth - 2], stack[2 * depth - 1] + 1
            if not lives and wire < gates[2 * above + 3]:
                break  # the next wire decides
            lives = not lives
            depth -= 1
        if depth == 0:
            return lives
        stack[2 * depth - 1] = wire
        gate = np.int64(wires[wire])


@routine
def _literals_hold(table, begin, end, codes):  # type: ignore[no-untyped-def]
    literals, runs = shorts_at(table[EXACT_LITERALS], ANY), shorts_at(table[EXACT_RUNS], ANY)
    values = shorts_at(codes, ANY)
    for literal in range(begin, end):
        begin, end = np.int64(literals[3 * literal + 1]), np.int64(literals[3 * literal + 2])
        if is_in_runs(runs, begin, end, values[literals[3 * literal]]) == 0:
            return False
    return True
