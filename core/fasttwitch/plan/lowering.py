"""Kleene logic to two-valued logic over sets of values.

Each predicate is asked in one of four modes: where is it TRUE, where FALSE, where NOT_TRUE, where NOT_FALSE? Negation
swaps modes, so the result is an AND/OR graph without any NOT, whose leaves are sets of values of one source. Equal
sub-expressions of all segments are one node. Leaves of one source under one AND or OR are fused into one leaf.

    mode        a && b            a || b            !a
    TRUE        AND of TRUE       OR of TRUE        FALSE(a)
    FALSE       OR of FALSE       AND of FALSE      TRUE(a)
    NOT_TRUE    OR of NOT_TRUE    AND of NOT_TRUE   NOT_FALSE(a)
    NOT_FALSE   AND of NOT_FALSE  OR of NOT_FALSE   NOT_TRUE(a)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from fasttwitch.logic.nodes import (
    And,
    Apply,
    Attribute,
    Coalesce,
    Compare,
    Conditional,
    Constant,
    Expression,
    In,
    IsKnown,
    IsNull,
    IsTrue,
    Not,
    Or,
    Segment,
)
from fasttwitch.plan.atoms import Atom, resolve
from fasttwitch.plan.reads import fine_print
from fasttwitch.plan.sources import Source
from fasttwitch.plan.value_sets import ValueSet, intersect

TRUE, FALSE, NOT_TRUE, NOT_FALSE = range(4)
NEGATED = (FALSE, TRUE, NOT_FALSE, NOT_TRUE)

NEVER, ALWAYS = 0, 1  # the ids of the two constant nodes


@dataclass(frozen=True, slots=True)
class Leaf:
    """The rows whose value of source number `source` belongs to `values`."""

    source: int
    values: ValueSet


@dataclass(frozen=True, slots=True)
class Gate:
    """The rows in all (`conjunction`) or in any of the operands, which are node ids."""

    conjunction: bool
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """No row, or (`everywhere`) every row."""

    everywhere: bool


Node: TypeAlias = Leaf | Gate | Never


@dataclass(frozen=True, slots=True)
class Logic:
    """A finished graph.

    nodes    by id; operands have smaller ids
    sources  by source number
    roots    the node of each predicate that was asked for
    """

    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    roots: tuple[int, ...]


LEAVES = frozenset((Compare, In, Attribute, IsNull, Apply, Coalesce))


class MissingSegmentError(Exception):
    """A segment's node in some mode is needed first: segments may be chained by thousands, the stack may not."""

    def __init__(self, name: str, mode: int) -> None:
        self.name = name
        self.mode = mode


class Graph:
    """Hash-consed AND/OR graph under construction: equal nodes have one id.

    nodes     by id
    sources   by source number
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = [Never(False), Never(True)]
        self.sources: list[Source] = []
        self._node_ids: dict[object, int] = {}
        self._source_ids: dict[Source, int] = {}

    def source(self, source: Source) -> int:
        """Return the number of a source."""
        number = self._source_ids.get(source)
        if number is None:
            number = self._source_ids[source] = len(self.sources)
            self.sources.append(source)
        return number

    def leaf(self, source: int, values: ValueSet) -> int:
        """Return the id of a leaf; empty and full sets become constants."""
        key = (source, values)
        found = self._node_ids.get(key)
        if found is None:
            if values.is_empty():
                found = NEVER
            elif values.is_full():
                found = ALWAYS
            else:
                found = len(self.nodes)
                self.nodes.append(Leaf(source, values))
            self._node_ids[key] = found
        return found

    def gate(self, conjunction: bool, operands: list[int]) -> int:
        """Return the id of the AND or OR of nodes, leaves of one source fused."""
        absorbing, neutral = (NEVER, ALWAYS) if conjunction else (ALWAYS, NEVER)
        distinct = set(operands)
        distinct.discard(neutral)
        if absorbing in distinct:
            return absorbing
        if len(distinct) > 1:
            distinct = self._fused(conjunction, distinct)
            if absorbing in distinct:
                return absorbing
        if len(distinct) < 2:
            return distinct.pop() if distinct else neutral
        key = (conjunction, tuple(sorted(distinct)))
        found = self._node_ids.get(key)
        if found is None:
            found = self._node_ids[key] = len(self.nodes)
            self.nodes.append(Gate(*key))
        return found

    def _fused(self, conjunction: bool, operands: set[int]) -> set[int]:
        """Return the operands with at most one leaf a source."""
        nodes = self.nodes
        by_source: dict[int, int] = {}
        fused: set[int] = set()
        for operand in operands:
            node = nodes[operand]
            if type(node) is not Leaf:
                fused.add(operand)
                continue
            other = by_source.get(node.source)
            by_source[node.source] = operand if other is None else self._fuse(conjunction, other, operand)
        fused.update(by_source.values())
        return fused

    def _fuse(self, conjunction: bool, left: int, right: int) -> int:
        a, b = self.nodes[left], self.nodes[right]
        if type(a) is Never:  # an earlier fusion left nothing of an AND, or all of an OR
            assert a.everywhere != conjunction
            return left
        assert type(a) is Leaf
        assert type(b) is Leaf
        if conjunction:
            return self.leaf(a.source, intersect(a.values, b.values))
        outside = intersect(a.values.complement(), b.values.complement())
        return self.leaf(a.source, outside.complement())


class Lowering:
    """Lowers typed predicates into one graph.

    segments   typed trees by name; references are followed by name
    """

    def __init__(self, segments: Mapping[str, Expression]) -> None:
        self.graph = Graph()
        self._segments = segments
        self._lowered: dict[tuple[str, int], int] = {}
        self._atoms: dict[object, Atom | Expression] = {}
        self._atom_nodes: dict[tuple[object, int], int] = {}

    def segment(self, name: str, mode: int) -> int:
        """Return the node of a segment in a mode; whatever it refers to is lowered first."""
        waiting = [(name, mode)]
        while waiting:
            key = waiting[-1]
            if key not in self._lowered:
                try:
                    self._lowered[key] = self.lower(self._segments[key[0]], key[1])
                except MissingSegmentError as missing:
                    waiting.append((missing.name, missing.mode))
                    continue
            waiting.pop()
        return self._lowered[name, mode]

    def lower(self, predicate: Expression, mode: int) -> int:
        """Return the node of the rows for which `predicate` is in `mode`."""
        if type(predicate) in LEAVES:  # most are, and `match` would try all other classes first
            return self._leaf(predicate, mode)
        match predicate:
            case And(operands):
                return self._gate(operands, mode, mode in (TRUE, NOT_FALSE))
            case Or(operands):
                return self._gate(operands, mode, mode in (FALSE, NOT_TRUE))
            case Not(operand):
                return self.lower(operand, NEGATED[mode])
            case Segment(name):
                node = self._lowered.get((name, mode))
                if node is None:
                    raise MissingSegmentError(name, mode)
                return node
            case Conditional():
                return self._conditional(predicate, mode)
            case IsTrue(operand):
                return self.lower(operand, TRUE if mode in (TRUE, NOT_FALSE) else NOT_TRUE)
            case IsKnown(operand):
                if mode in (TRUE, NOT_FALSE):
                    return self.graph.gate(False, [self.lower(operand, TRUE), self.lower(operand, FALSE)])
                return self.graph.gate(True, [self.lower(operand, NOT_TRUE), self.lower(operand, NOT_FALSE)])
            case Constant(value):
                return ALWAYS if bool(value) == (mode in (TRUE, NOT_FALSE)) else NEVER
        raise AssertionError(f"not a predicate: {predicate}")

    def _gate(self, operands: tuple[Expression, ...], mode: int, conjunction: bool) -> int:
        nodes: list[int] = []
        for operand in operands:
            node_id = self.lower(operand, mode)
            node = self.graph.nodes[node_id]
            # A segment stays one operand: its bits are computed once and shared.
            if type(node) is Gate and node.conjunction == conjunction and type(operand) is not Segment:
                nodes += node.operands
            else:
                nodes.append(node_id)
        return self.graph.gate(conjunction, nodes)

    def _conditional(self, choice: Conditional, mode: int) -> int:
        gate, lower = self.graph.gate, self.lower
        condition, then, otherwise = choice.condition, choice.then, choice.otherwise
        if mode in (TRUE, FALSE):
            return gate(
                False,
                [
                    gate(True, [lower(condition, TRUE), lower(then, mode)]),
                    gate(True, [lower(condition, FALSE), lower(otherwise, mode)]),
                ],
            )
        return gate(
            True,
            [
                gate(False, [lower(condition, NOT_TRUE), lower(then, mode)]),
                gate(False, [lower(condition, NOT_FALSE), lower(otherwise, mode)]),
            ],
        )

    def _leaf(self, predicate: Expression, mode: int) -> int:
        key = _leaf_key(predicate)
        node = self._atom_nodes.get((key, mode))
        if node is None:
            atom = self._atoms.get(key)
            if atom is None:
                atom = self._atoms[key] = resolve(predicate)
            node = self._of_atom(atom, mode) if type(atom) is Atom else self.lower(atom, mode)  # type: ignore[arg-type]
            self._atom_nodes[key, mode] = node
        return node

    def _of_atom(self, atom: Atom, mode: int) -> int:
        values = atom.true if mode in (TRUE, NOT_TRUE) else atom.false
        if mode >= NOT_TRUE:
            values = values.complement()
        return self.graph.leaf(self.graph.source(atom.source), values)


def _leaf_key(predicate: Expression) -> object:
    """Return a key that equal leaves share; for the most common leaf one that hashes fast."""
    if type(predicate) is Compare:
        left, right = predicate.left, predicate.right
        if type(left) is Attribute and type(right) is Constant:
            value = right.value
            # 1, 1.0 and True are equal in Python: the type keeps them apart; so does the sign of zero not matter.
            return predicate.operator, left.path, right.type.name, value  # type: ignore[union-attr]
    return predicate, fine_print(predicate)
