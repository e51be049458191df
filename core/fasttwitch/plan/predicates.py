"""Typed predicates as logic over codes: all that single customers need, and what bulk runs are scheduled from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.codebooks import Codebook, codebooks_of
from fasttwitch.plan.lowering import Gate, Graph, Leaf, Logic, Lowering
from fasttwitch.plan.value_sets import ValueSet


@dataclass(frozen=True, slots=True)
class Predicates:
    """What is asked of customers, in no order to run yet.

    names      the predicates, in order
    codebooks  what each source's values are told apart by
    homes      number of a source → (its codebook, index of its text test there)
    logic      the graph, with the node of each predicate
    """

    names: tuple[str, ...]
    codebooks: tuple[Codebook, ...]
    homes: Mapping[int, tuple[int, int]]
    logic: Logic


def lowered(names: tuple[str, ...], segments: Mapping[str, Expression], mode: int) -> Predicates:
    """Return where each named segment is in `mode` (TRUE, FALSE, …).

    segments  typed trees of all segments that the named ones refer to, free of cycles
    """
    lowering = Lowering(segments)
    return predicates_of(lowering.graph, names, [lowering.segment(name, mode) for name in names])


def predicates_of(graph: Graph, names: tuple[str, ...], roots: Sequence[int]) -> Predicates:
    """Return nodes of a graph, each under a name."""
    sets: dict[int, set[ValueSet]] = {}
    for node in reachable(graph, roots):
        if type(leaf := graph.nodes[node]) is Leaf:
            sets.setdefault(leaf.source, set()).add(leaf.values)
    codebooks, homes = codebooks_of(graph.sources, sets)
    return Predicates(names, tuple(codebooks), homes, Logic(tuple(graph.nodes), tuple(graph.sources), tuple(roots)))


def reachable(graph: Graph | Logic, roots: Iterable[int]) -> list[int]:
    """Return the nodes that roots reach; operands have smaller ids, so ascending order is operands first."""
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if type(gate := graph.nodes[node]) is Gate:
            waiting += gate.operands
    return sorted(seen)
