"""The AND/OR graph as gates over the codes of one customer.

A gate is a conjunction: sets of codes, at most one a source, and *wires* to gates that must be dead. An AND is a gate;
an OR is dead where the gate over its complements lives:

    a || (b && c)     dead where  !a and not (b and c)

so any nesting is linear in the rules. What a gate reads of another of its own kind is taken over where that is little;
else a gate between the two turns the wire around.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from fasttwitch.garbage import without_collector
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.plan.dimensions import Dimension, Runs, dimensions_of, runs_by
from fasttwitch.plan.lowering import ALWAYS, NEVER, Gate, Leaf, Logic
from fasttwitch.plan.predicates import Predicates
from fasttwitch.plan.schedule import EVERYBODY, NOBODY
from fasttwitch.plan.value_sets import ValueSet, intersect

# A shared conjunction of so many wires at most is written out in each of its readers.
MOST_WIRES_TAKEN_OVER = 16


@dataclass(frozen=True, slots=True)
class Conjunction:
    """What a gate needs: sets of values by source number, and nodes whose gates must be dead."""

    sets: dict[int, ValueSet]
    wires: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class PointPlan:
    """Predicates as the point evaluator reads them.

    dimensions  what is coded
    gates       the rules over those codes
    roots       for each predicate its row of answers, or NOBODY, or EVERYBODY
    """

    dimensions: tuple[Dimension, ...]
    gates: Gates
    roots: tuple[int, ...]


def point_plan(predicates: Predicates) -> PointPlan:
    """Return the gates of predicates."""
    dimensions = dimensions_of(predicates.codebooks)
    rows: dict[int, int] = {}
    roots = []
    with without_collector():
        builder = _Builder(predicates, dimensions)
        for node in predicates.logic.roots:
            wire = builder.root(node)
            roots.append(wire if wire < 0 else rows.setdefault(wire, len(rows)))
        return PointPlan(dimensions, builder.gates(list(rows)), tuple(roots))


class _Builder:
    """Gates in the order in which they are needed, operands first."""

    def __init__(self, predicates: Predicates, dimensions: tuple[Dimension, ...]) -> None:
        self._dimensions = dimensions
        self._logic: Logic = predicates.logic
        home = {dimension.source: number for number, dimension in enumerate(dimensions)}
        self._dimension_of = {
            number: home[source] for number, source in enumerate(self._logic.sources) if source in home
        }
        self._runs = [runs_by(predicates.codebooks[dimension.codebook]) for dimension in dimensions]
        self._conjunctions: dict[int, Conjunction | None] = {}
        self._literal_of: dict[tuple[int, ValueSet], int] = {}
        self._literal_of_set: dict[int, tuple[int, ValueSet]] = {}
        self._literals: list[tuple[int, Runs]] = []
        self._gate_of: dict[int, int] = {}  # by node; inverters stand under the complement of theirs
        self._gates: list[tuple[list[int], list[int]]] = []

    def root(self, node: int) -> int:
        """Return 2 * gate + inverted of a node that is a rule, or NOBODY, or EVERYBODY."""
        if node in (NEVER, ALWAYS):
            return EVERYBODY if node == ALWAYS else NOBODY
        inverted = self._is_or(node)
        conjunction = self._conjunction(node)
        if conjunction is None:
            return EVERYBODY if inverted else NOBODY
        if not conjunction.sets and not conjunction.wires:
            return NOBODY if inverted else EVERYBODY
        return 2 * self._gate(node) + inverted

    def gates(self, roots: list[int]) -> Gates:
        """Return all gates as arrays."""
        return Gates(
            cells=_offsets(dimension.codes for dimension in self._dimensions),
            dimension=np.array([dimension for dimension, _ in self._literals], np.int32),
            literal_runs=_offsets(len(runs) for _, runs in self._literals),
            runs=np.array([run for _, runs in self._literals for run in runs], np.int32).reshape(-1, 2),
            gate_literals=_offsets(len(literals) for literals, _ in self._gates),
            literals=np.array([one for literals, _ in self._gates for one in literals], np.int32),
            gate_wires=_offsets(len(wires) for _, wires in self._gates),
            wires=np.array([one for _, wires in self._gates for one in wires], np.int32),
            roots=np.array(roots, np.int32),
        )

    def _is_or(self, node: int) -> bool:
        gate = self._logic.nodes[node]
        return type(gate) is Gate and not gate.conjunction

    def _conjunction(self, node: int) -> Conjunction | None:
        """Return what a node's gate needs; None if it can never live. Operands come first: graphs may be deep."""
        waiting = [node]
        while waiting:
            current = waiting[-1]
            if current in self._conjunctions:
                waiting.pop()
                continue
            gate = self._logic.nodes[current]
            missing = [
                operand
                for operand in (gate.operands if type(gate) is Gate else ())
                if operand not in self._conjunctions and type(self._logic.nodes[operand]) is Gate
            ]
            if missing:
                waiting += missing
                continue
            self._conjunctions[current] = self._new_conjunction(current)
        return self._conjunctions[node]

    def _new_conjunction(self, node: int) -> Conjunction | None:
        gate = self._logic.nodes[node]
        if type(gate) is Leaf:
            return Conjunction({gate.source: gate.values}, frozenset())
        assert type(gate) is Gate
        sets: dict[int, ValueSet] = {}
        wires: set[int] = set()
        nodes, conjunction = self._logic.nodes, gate.conjunction
        for operand in gate.operands:
            leaf = nodes[operand]
            if type(leaf) is Leaf:
                parts = {leaf.source: leaf.values if conjunction else leaf.values.complement()}
            else:
                part = self._part(operand, conjunction)
                if part is None:
                    return None
                parts = part.sets
                wires |= part.wires
            for source, values in parts.items():
                both = intersect(sets[source], values) if source in sets else values
                if both.is_empty():
                    return None
                sets[source] = both
        return Conjunction(
            {source: values for source, values in sets.items() if not values.is_full()}, frozenset(wires)
        )

    def _part(self, operand: int, conjunction: bool) -> Conjunction | None:
        """Return what a gate as operand of an AND (or of an OR: its complement) needs."""
        gate = self._logic.nodes[operand]
        assert type(gate) is Gate
        inner = self._conjunctions[operand]
        if gate.conjunction == conjunction:  # must live
            if inner is None or len(inner.wires) <= MOST_WIRES_TAKEN_OVER:
                return inner
            return Conjunction({}, frozenset((~operand,)))
        if inner is None:  # must be dead, and is
            return Conjunction({}, frozenset())
        return Conjunction({}, frozenset((operand,))) if inner.sets or inner.wires else None

    def _gate(self, node: int) -> int:
        """Return the number of a node's gate, or of the inverter of node ~node; what it has wires to comes first."""
        waiting = [node]
        while waiting:
            current = waiting[-1]
            if current in self._gate_of:
                waiting.pop()
                continue
            if current < 0:
                needs = Conjunction({}, frozenset((~current,)))
            else:
                found = self._conjunction(current)
                assert found is not None
                needs = found
            missing = [wire for wire in needs.wires if wire not in self._gate_of]
            if missing:
                waiting += missing
                continue
            literals = [self._literal(source, values) for source, values in needs.sets.items()]
            self._gate_of[current] = len(self._gates)
            self._gates.append((literals, sorted(self._gate_of[wire] for wire in needs.wires)))
        return self._gate_of[node]

    def _literal(self, source: int, values: ValueSet) -> int:
        known = self._literal_of_set.get(id(values))  # a leaf's own set, mostly, and sets of many values hash slowly
        if known is not None and known[1] is values:
            return known[0]
        key = (source, values)
        number = self._literal_of.get(key)
        if number is None:
            dimension = self._dimension_of[source]
            number = self._literal_of[key] = len(self._literals)
            self._literals.append((dimension, self._runs[dimension](values)))
        self._literal_of_set[id(values)] = (number, values)
        return number


def _offsets(counts: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return where each begins, and where the last one ends."""
    return np.array([0, *accumulate(counts)], np.int64)
