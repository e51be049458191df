"""The lowering of `plan`, over values that can occur: leaves that only impossible values would satisfy vanish."""

from collections.abc import Mapping

import pyarrow as pa

from fasttwitch.lint.domains import domain, within
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import ALWAYS, NEVER, Graph, Lowering, MissingSegmentError
from fasttwitch.plan.sources import Source
from fasttwitch.plan.value_sets import Ranges, ValueSet


class BoundedGraph(Graph):
    """A graph whose leaves know the range of their source.

    domains  by source number; None where nothing is known
    """

    def __init__(self, schema: pa.Schema) -> None:
        super().__init__()
        self.domains: list[Ranges | None] = []
        self._schema = schema

    def source(self, source: Source) -> int:
        """Return the number of a source."""
        number = super().source(source)
        if number == len(self.domains):
            self.domains.append(domain(source, self._schema))
        return number

    def leaf(self, source: int, values: ValueSet) -> int:
        """Return the id of a leaf; sets that hold nothing, or everything that can occur, become constants."""
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
