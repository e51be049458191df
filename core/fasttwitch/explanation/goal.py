"""What must hold for a segment to be true, and what tells values of each attribute apart: settled once a segment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from fasttwitch.explanation.readings import Path
from fasttwitch.logic import nodes
from fasttwitch.logic.datatypes import Type, language_type
from fasttwitch.logic.nodes import Constant, Expression, In, parts
from fasttwitch.plan.codebooks import Codebook, NamesCodebook, OrderedCodebook, TextTestsCodebook
from fasttwitch.plan.lowering import TRUE, Gate, Graph, Leaf, Lowering
from fasttwitch.plan.predicates import Predicates, predicates_of
from fasttwitch.plan.reads import attributes_of, reads_now
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Recency, Source, TextTest
from fasttwitch.plan.value_sets import Cut

SOME_NAMES = 3  # of a class: any of them would do


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a goal asks of one attribute.

    stored        its Arrow type
    cuts          of its values, and `recency_cuts` of its values minus now
    names         the strings that it is compared with; `told_apart` are some of each class that rules tell apart
    tests         whatever else is computed from it, alone or together with others
    """

    path: Path
    stored: pa.DataType
    cuts: tuple[Cut, ...] = ()
    recency_cuts: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    told_apart: tuple[str, ...] = ()
    tests: tuple[Expression, ...] = ()

    @property
    def type(self) -> Type:
        """The type under which the language reads it."""
        return language_type(self.stored)

    @property
    def reads_now(self) -> bool:
        """Whether it is compared with the clock."""
        return bool(self.recency_cuts) or any(map(reads_now, self.tests))

    @property
    def name(self) -> str:
        """Dotted where it is a field."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Goal:
    """The graph whose root is true where the segment is.

    graph, root  ANDs and ORs of leaves: there is no negation
    leaves       the leaves below the root
    paths        the attributes that each of them reads
    predicates   the customers of the root, then of the leaves in their order
    attributes   by path: those that the rule itself reads first, in its order
    """

    segment: str
    graph: Graph
    root: int
    leaves: tuple[int, ...]
    paths: Mapping[int, tuple[Path, ...]]
    predicates: Predicates
    attributes: Mapping[Path, Attribute] = field(default_factory=dict)


def goal_of(segment: str, trees: Mapping[str, Expression], schema: pa.Schema) -> Goal:
    """Return what must hold for a segment to be true."""
    lowering = Lowering(trees)
    root = lowering.segment(segment, TRUE)
    leaves = _leaves_below(lowering.graph, root)
    predicates = predicates_of(lowering.graph, tuple(map(str, (root, *leaves))), [root, *leaves])
    sources = lowering.graph.sources
    paths = {leaf: paths_of_source(sources[lowering.graph.nodes[leaf].source]) for leaf in leaves}  # type: ignore[union-attr]
    read = {path for leaf in leaves for path in paths[leaf]}
    in_order = [path for path in _paths_in_order(segment, trees) if path in read]
    attributes = _attributes(predicates.codebooks, in_order, schema)
    return Goal(segment, lowering.graph, root, leaves, paths, predicates, attributes)


def paths_of_source(source: Source) -> tuple[Path, ...]:
    """Return the attributes that a source is computed from."""
    match source:
        case Column(path) | Recency(path) | TextTest(path):
            return (path,) if path else ()
        case Derived(expression) | ColumnTest(expression):
            return tuple(dict.fromkeys(one.path for one in attributes_of(expression)))


def paths_of_codebook(codebook: Codebook) -> tuple[Path, ...]:
    """Return the attributes that a codebook's codes are computed from."""
    return (codebook.path,) if isinstance(codebook, TextTestsCodebook) else paths_of_source(codebook.source)


def _paths_in_order(segment: str, trees: Mapping[str, Expression]) -> dict[Path, None]:
    """Return the attributes that a segment reads, its own first, then those of the segments that it asks."""
    found: dict[Path, None] = {}
    names = {segment: None}
    for name in (ahead := [segment]):  # grows while it is walked
        for node in _nodes(trees[name]):
            if isinstance(node, nodes.Attribute):
                found.setdefault(node.path)
            elif isinstance(node, nodes.Segment) and node.name not in names:
                names[node.name] = None
                ahead.append(node.name)
    return found


def _nodes(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in parts(expression):
        yield from _nodes(part)


def _leaves_below(graph: Graph, root: int) -> tuple[int, ...]:
    seen: dict[int, None] = {}
    ahead = [root]
    while ahead:
        number = ahead.pop()
        if number in seen:
            continue
        seen[number] = None
        node = graph.nodes[number]
        if isinstance(node, Gate):
            ahead += reversed(node.operands)
    return tuple(number for number in seen if isinstance(graph.nodes[number], Leaf))


def _attributes(codebooks: tuple[Codebook, ...], paths: list[Path], schema: pa.Schema) -> dict[Path, Attribute]:
    found: dict[Path, dict[str, tuple[Any, ...]]] = {path: {} for path in paths}

    def add(path: Path, what: str, values: tuple[Any, ...]) -> None:
        if path in found:
            found[path][what] = found[path].get(what, ()) + values

    for codebook in codebooks:
        match codebook:
            case OrderedCodebook(Column(path), cuts):
                add(path, "cuts", cuts)
            case OrderedCodebook(Recency(path), cuts):
                add(path, "recency_cuts", cuts)
            case NamesCodebook(Column(path), classes):
                add(path, "names", tuple(name for names in classes for name in names))
                add(path, "told_apart", tuple(name for names in classes for name in names[:SOME_NAMES]))
            case TextTestsCodebook(path, tests):
                add(path, "tests", tuple(one.test for one in tests))
            case _:
                for path in paths_of_source(codebook.source):
                    add(path, "tests", _tested(codebook))
    return {path: Attribute(path, stored_type(schema, path), **told) for path, told in found.items()}


def _tested(codebook: Codebook) -> tuple[Expression, ...]:
    """Return what a codebook computes, and constants that its values are compared with."""
    match codebook:
        case OrderedCodebook(Derived(expression), cuts):
            span = expression.span
            bounds = [cut[0] if isinstance(cut, tuple) else cut for cut in cuts]
            return expression, *(Constant(bound, expression.type, span) for bound in bounds)
        case OrderedCodebook() | NamesCodebook() | TextTestsCodebook():
            return ()
    match codebook.source:
        case TextTest(_, test) | ColumnTest(test) | Derived(test):
            return (test,)
    return ()


def stored_type(schema: pa.Schema, path: Path) -> pa.DataType:
    """Return the Arrow type of an attribute."""
    type_ = schema.field(path[0]).type
    for name in path[1:]:
        type_ = type_.field(name).type
    return type_


def constants_in(expression: Expression) -> tuple[Constant, ...]:
    """Return the constants of an expression, those of lists too."""
    if isinstance(expression, Constant):
        return (expression,)
    found = tuple(one for part in parts(expression) for one in constants_in(part))
    if isinstance(expression, In):
        found += tuple(Constant(one, expression.operand.type, expression.span) for one in expression.constants[:100])
    return found
