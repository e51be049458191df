"""Predicates over codes to a plan of bulk runs: build the circuit, schedule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.plan.circuit import Circuit, CodeTest
from fasttwitch.plan.codebooks import Codebook, Plane
from fasttwitch.plan.predicates import Predicates
from fasttwitch.plan.schedule import schedule

# Columns of Plan.tests.
PLANE, KIND, INDEX, SLOT = range(4)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a bulk run needs, except the data: plain values, the same on every machine.

    names      the predicates, in order
    codebooks  what each source's values are told apart by
    planes     the code columns: parts of codebooks
    tests      int64[tests, 4]: plane, kind, index, slot; ascending by plane
    slots      bitmask slots
    runs       int64[runs, RUN_FIELDS]
    operands   int32: the operand stream of the runs
    roots      for each name its row of counts, or NOBODY, or EVERYBODY
    rows       number of rows of counts
    """

    names: tuple[str, ...]
    codebooks: tuple[Codebook, ...]
    planes: tuple[Plane, ...]
    tests: NDArray[np.int64]
    slots: int
    runs: NDArray[np.int64]
    operands: NDArray[np.int32]
    roots: tuple[int, ...]
    rows: int


def plan_of(predicates: Predicates) -> Plan:
    """Return the plan that finds the customers of some predicates."""
    circuit = Circuit(predicates)
    wires = [circuit.wire(root) for root in predicates.logic.roots]
    scheduled = schedule(circuit.gates, wires)
    return Plan(
        predicates.names,
        predicates.codebooks,
        tuple(circuit.planes),
        _tests(circuit, scheduled.tests),
        scheduled.slots,
        scheduled.runs,
        scheduled.operands,
        scheduled.roots,
        scheduled.rows,
    )


def _tests(circuit: Circuit, gates: tuple[int, ...]) -> NDArray[np.int64]:
    rows = []
    for slot, gate in enumerate(gates):
        test = circuit.gates[gate]
        assert isinstance(test, CodeTest)
        rows.append((test.plane, test.kind, test.index, slot))
    return np.array(sorted(rows), np.int64).reshape(-1, 4)
