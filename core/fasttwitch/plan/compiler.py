"""Typed predicates to a plan: lower, build the circuit, schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.circuit import Circuit, CodeTest
from fasttwitch.plan.codebooks import Codebook, Plane
from fasttwitch.plan.lowering import Graph, Logic, Lowering
from fasttwitch.plan.schedule import schedule

# Columns of Plan.tests.
PLANE, KIND, INDEX, SLOT = range(4)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that evaluating a ruleset needs, except the data: plain values, the same on every machine.

    names      the predicates, in order
    codebooks  what each source's values are told apart by
    planes     the code columns: parts of codebooks
    tests      int64[tests, 4]: plane, kind, index, slot; ascending by plane
    slots      bitmask slots
    runs       int64[runs, RUN_FIELDS]
    operands   int32: the operand stream of the runs
    roots      for each name its row of counts, or NOBODY, or EVERYBODY
    rows       number of rows of counts
    logic      the graph that all this was made from, for what asks about one customer
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
    logic: Logic


def compile_plan(names: tuple[str, ...], segments: Mapping[str, Expression], mode: int) -> Plan:
    """Return the plan that finds the customers for whom each named segment is in `mode` (TRUE, FALSE, …).

    segments  typed trees of all segments that the named ones refer to, free of cycles
    """
    lowering = Lowering(segments)
    return plan_of(lowering.graph, names, [lowering.segment(name, mode) for name in names])


def plan_of(graph: Graph, names: tuple[str, ...], roots: Sequence[int]) -> Plan:
    """Return the plan that finds the customers of nodes of a graph, each under a name."""
    circuit = Circuit(graph, roots)
    scheduled = schedule(circuit.gates, [circuit.wire(root) for root in roots])
    return Plan(
        names,
        tuple(circuit.codebooks),
        tuple(circuit.planes),
        _tests(circuit, scheduled.tests),
        scheduled.slots,
        scheduled.runs,
        scheduled.operands,
        scheduled.roots,
        scheduled.rows,
        Logic(tuple(graph.nodes), tuple(graph.sources), tuple(roots)),
    )


def _tests(circuit: Circuit, gates: tuple[int, ...]) -> NDArray[np.int64]:
    rows = []
    for slot, gate in enumerate(gates):
        test = circuit.gates[gate]
        assert isinstance(test, CodeTest)
        rows.append((test.plane, test.kind, test.index, slot))
    return np.array(sorted(rows), np.int64).reshape(-1, 4)
