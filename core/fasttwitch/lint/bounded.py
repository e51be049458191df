"""The lowering of `plan`, over values that can occur: leaves that only impossible values would satisfy vanish."""

from collections.abc import Mapping
from copy import copy

import pyarrow as pa

from fasttwitch.lint.domains import domain, within
from fasttwitch.lint.judged import Judged, Meaning, meaning
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import ALWAYS, NEVER, Graph, Lowering, MissingSegmentError
from fasttwitch.plan.sources import Source
from fasttwitch.plan.value_sets import Ranges, Truths, ValueSet


class BoundedGraph(Graph):
    """A graph whose leaves know the range of their source.

    domains   by source number; None where nothing is known
    meanings  what answers of a source say about another one, by source number: its number there, and how
    """

    def __init__(self, schema: pa.Schema) -> None:
        super().__init__()
        self.domains: list[Ranges | None] = []
        self.meanings: list[tuple[int, Meaning] | None] = []
        self._schema = schema

    def copied(self) -> "BoundedGraph":
        """Return an equal graph that grows on its own."""
        graph = copy(self)
        graph.nodes, graph.sources = list(self.nodes), list(self.sources)
        graph.domains, graph.meanings = list(self.domains), list(self.meanings)
        graph._node_ids, graph._source_ids = dict(self._node_ids), dict(self._source_ids)
        return graph

    def source(self, source: Source | Judged) -> int:
        """Return the number of a source."""
        number = super().source(source)  # type: ignore[arg-type]  # a review has sources of its own
        if number == len(self.domains):
            self.domains.append(domain(source, self._schema))
            self.meanings.append(None)
            means = meaning(source)
            if means is not None:
                self.meanings[number] = self.source(means.source), means
        return number

    def leaf(self, source: int, values: ValueSet) -> int:
        """Return the id of a leaf; sets that hold nothing, or everything that can occur, become constants."""
        means = self.meanings[source]
        if means is not None and isinstance(values, Truths):
            return self.leaf(means[0], means[1].values(values))
        everything = self.domains[source]
        values = within(values, everything)
        if values.is_empty():
            return NEVER
        if values == everything:
            return ALWAYS
        return super().leaf(source, values)


class BoundedLowering(Lowering):
    """Lowers typed predicates into a bounded graph."""

    graph: BoundedGraph

    def __init__(self, segments: Mapping[str, Expression], schema: pa.Schema) -> None:
        super().__init__(segments)
        self.graph = BoundedGraph(schema)

    def node(self, predicate: Expression, mode: int) -> int:
        """Return the node of a predicate in a mode, whatever segments it refers to lowered first."""
        while True:
            try:
                return self.lower(predicate, mode)
            except MissingSegmentError as missing:
                self.segment(missing.name, missing.mode)

    def extended(self, segments: Mapping[str, Expression]) -> "BoundedLowering":
        """Return a lowering of these segments that begins with all that this one has lowered, and leaves it as it is.

        segments  typed trees by name; those that this one has lowered must be among them, unchanged
        """
        lowering = copy(self)
        lowering.graph = self.graph.copied()
        lowering._segments = segments
        lowering._lowered, lowering._atoms = dict(self._lowered), dict(self._atoms)
        lowering._atom_nodes = dict(self._atom_nodes)
        return lowering
