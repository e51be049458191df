"""Can all these conditions hold for one customer? Answered from sets of values, without data.

A goal is a node of the lowered graph. The search keeps for each source the values that are still allowed; a leaf
narrows them, an OR of several open leaves is a choice. Sources count as independent of each other, except that a
missing attribute makes everything unknown that is computed from it. So "no" is a proof, and "yes" only says that
nothing in here knows better.

Its cost is bounded: beyond so many steps it gives up, and whoever asked has to live without an answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from fasttwitch.lint.bounded import BoundedGraph
from fasttwitch.lint.domains import holds_null, null_only
from fasttwitch.lint.judged import Judged, holds, judge
from fasttwitch.logic.datatypes import STRING
from fasttwitch.logic.nodes import Apply, Attribute, Compare, Constant, Expression, In, Now, Value
from fasttwitch.plan.lowering import Gate, Leaf, Never
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Path, Recency, Source, TextTest
from fasttwitch.plan.value_sets import Names, ValueSet, intersect, known

STEPS = 4_000
DEEPEST = 150
MOST_WORDS = 32  # of a column, to be put to the tests that read it
FALSE, TRUE, OPEN = range(3)


class GaveUpError(Exception):
    """The question is too hard for the steps that it may cost."""


class State:
    """What is settled so far on one branch.

    allowed  the values that a source may still have, by source number; all of them if it is not here
    missing  by path: True where the attribute must be null, False where it cannot be
    """

    __slots__ = ("allowed", "missing")

    def __init__(self, allowed: dict[int, ValueSet], missing: dict[Path, bool]) -> None:
        self.allowed = allowed
        self.missing = missing

    def copy(self) -> "State":
        """Return a state that can be narrowed on its own."""
        return State(dict(self.allowed), dict(self.missing))


class Prover:
    """Answers questions about the nodes of one graph.

    spent  steps taken by all questions together
    """

    def __init__(self, graph: BoundedGraph) -> None:
        self.spent = 0
        self._graph = graph
        self._left = 0
        self._strict: list[tuple[Path, ...]] = []
        self._exact: list[Path | None] = []
        self._members: list[Path | None] = []
        self._columns: dict[Path, int] = {}
        self._readers: dict[Path, dict[int, Callable[[str], Value | None]]] = {}

    def is_possible(self, *goals: int, steps: int = STEPS) -> bool:
        """Return False if no customer can be in all goals; True if one may be, or if that is too hard to say."""
        try:
            return self.witness(goals, steps=steps) is not None
        except GaveUpError:
            return True

    def witness(self, goals: Iterable[int], steps: int = STEPS) -> dict[int, ValueSet] | None:
        """Return values of sources such that whoever has them is in all goals; None if nobody can be.

        Raises GaveUpError.
        """
        self._left = steps
        try:
            found = self._search(list(goals), [], State({}, {}), 0)
        finally:
            self.spent += steps - self._left
        return None if found is None else found.allowed

    def _search(self, goals: list[int], choices: list[tuple[int, ...]], state: State, depth: int) -> State | None:
        if depth > DEEPEST:
            raise GaveUpError
        open_choices = self._settle(goals, choices, state)
        if open_choices is None:
            return None
        if not open_choices:
            return state
        chosen = min(open_choices, key=len)
        rest = [choice for choice in open_choices if choice is not chosen]
        for operand in chosen:
            found = self._search([operand], rest, state.copy(), depth + 1)
            if found is not None:
                return found
            node = self._graph.nodes[operand]
            # Where this operand held, the search has just failed: from here on it does not hold.
            if type(node) is Leaf and not self._narrow(node.source, node.values.complement(), state):
                return None
        return None

    def _settle(self, goals: list[int], choices: list[tuple[int, ...]], state: State) -> list[tuple[int, ...]] | None:
        """Narrow `state` by everything that is forced; return the choices that stay open, None if nobody is left."""
        nodes = self._graph.nodes
        while True:
            while goals:
                self._step()
                node = nodes[goals.pop()]
                if type(node) is Leaf:
                    if not self._narrow(node.source, node.values, state):
                        return None
                elif type(node) is Gate:
                    if node.conjunction:
                        goals += node.operands
                    else:
                        choices = [*choices, node.operands]
                elif type(node) is Never and not node.everywhere:
                    return None
            verdicts: dict[int, int] = {}
            still_open: list[tuple[int, ...]] = []
            for choice in choices:
                verdict_of = {operand: self._verdict(operand, state, verdicts, 0) for operand in choice}
                if TRUE in verdict_of.values():
                    continue
                left = tuple(operand for operand, verdict in verdict_of.items() if verdict == OPEN)
                if not left:
                    return None
                if len(left) == 1:
                    goals.append(left[0])
                else:
                    still_open.append(left)
            choices = still_open
            if not goals:
                return choices

    def _verdict(self, node_id: int, state: State, known_verdicts: dict[int, int], depth: int) -> int:
        """Return whether a node is settled by what is allowed."""
        found = known_verdicts.get(node_id)
        if found is not None:
            return found
        self._step()
        if depth > DEEPEST:
            raise GaveUpError
        node = self._graph.nodes[node_id]
        if type(node) is Leaf:
            found = self._leaf_verdict(node, state)
        elif type(node) is Never:
            found = TRUE if node.everywhere else FALSE
        else:
            assert type(node) is Gate
            decides, neutral = (FALSE, TRUE) if node.conjunction else (TRUE, FALSE)
            found = neutral
            for operand in node.operands:
                verdict = self._verdict(operand, state, known_verdicts, depth + 1)
                if verdict == decides:
                    found = decides
                    break
                if verdict == OPEN:
                    found = OPEN
        known_verdicts[node_id] = found
        return found

    def _leaf_verdict(self, leaf: Leaf, state: State) -> int:
        allowed = self._allowed(leaf.source, leaf.values, state)
        if allowed is None:
            return OPEN  # a leaf is neither empty nor full
        inside = intersect(allowed, leaf.values)
        if inside.is_empty():
            return FALSE
        return TRUE if inside == allowed else OPEN

    def _allowed(self, source: int, family: ValueSet, state: State) -> ValueSet | None:
        """Return the values that a source may still have; None if that is all of them."""
        allowed = state.allowed.get(source)
        if state.missing:
            strict, exact = self._paths(source)
            if any(state.missing.get(path) for path in strict):
                null = null_only(family)
                return null if allowed is None else intersect(allowed, null)
            if exact is not None and state.missing.get(exact) is False:
                if allowed is None:
                    allowed = self._graph.domains[source] or known(family)
                return intersect(allowed, known(family)) if holds_null(allowed) else allowed
        return allowed

    def _narrow(self, source: int, values: ValueSet, state: State) -> bool:
        """Allow a source only `values`; return whether anything is left."""
        self._step(1 + _size(values) // 64)
        allowed = self._allowed(source, values, state)
        left = values if allowed is None else intersect(allowed, values)
        if left.is_empty():
            return False
        state.allowed[source] = left
        if not self._agree(source, state):
            return False
        left = state.allowed[source]
        strict, exact = self._paths(source)
        if not holds_null(left):
            for path in strict:
                if state.missing.get(path):
                    return False
                state.missing[path] = False
        elif exact is not None and intersect(left, known(left)).is_empty():
            if state.missing.get(exact) is False:
                return False
            state.missing[exact] = True
        return True

    def _agree(self, source: int, state: State) -> bool:
        """Leave a column only those of a few words that what is computed from it allows; return whether any is left."""
        column, readers = self._family(source)
        words = state.allowed.get(column) if column is not None else None
        if not isinstance(words, Names) or words.others or not 0 < len(words.names) <= MOST_WORDS:
            return True
        assert column is not None
        wanted = [state.allowed[reader] for reader in readers if reader in state.allowed]
        judges = [judge for reader, judge in readers.items() if reader in state.allowed]
        if not judges:
            return True
        self._step(len(words.names) * len(judges))
        left = frozenset(
            name
            for name in words.names
            if all(holds(values, judge(name)) for values, judge in zip(wanted, judges, strict=True))
        )
        state.allowed[column] = Names(left, False, words.null)
        return bool(left) or words.null

    def _family(self, source: int) -> tuple[int | None, Mapping[int, Callable[[str], Value | None]]]:
        """Return the string column that a source is, or is computed from, and all that is computed from that one."""
        sources = self._graph.sources
        for number in range(len(self._members), len(sources)):
            found = sources[number]
            path: Path | None = None
            if isinstance(found, Column) and found.type is STRING:
                path = found.path
                self._columns[path] = number
            elif (judged := judge(found)) is not None:
                path, judges = judged
                self._readers.setdefault(path, {})[number] = judges
            self._members.append(path)
        path = self._members[source]
        return (None, {}) if path is None else (self._columns.get(path), self._readers.get(path, {}))

    def _paths(self, source: int) -> tuple[tuple[Path, ...], Path | None]:
        """Return the attributes whose absence makes a source unknown, and the one whose absence alone does."""
        while len(self._strict) <= source:
            found = self._graph.sources[len(self._strict)]
            paths = tuple(dict.fromkeys(prefix for path in strict_paths(found) for prefix in _prefixes(path)))
            self._strict.append(paths)
            self._exact.append(found.path if isinstance(found, Column | Recency) else None)
        return self._strict[source], self._exact[source]

    def _step(self, steps: int = 1) -> None:
        self._left -= steps
        if self._left < 0:
            raise GaveUpError


def strict_paths(source: Source | Judged) -> tuple[Path, ...]:
    """Return the attributes that must be there for a source to be known."""
    match source:
        case Column(path) | Recency(path) | TextTest(path):
            return (path,) if not isinstance(source, TextTest) or strict_attributes(source.test) else ()
        case Derived(expression) | ColumnTest(expression) | Judged(expression):
            return tuple(attribute.path for attribute in strict_attributes(expression))
    return ()


def strict_attributes(value: Expression) -> tuple[Attribute, ...]:
    """Return the attributes of a value that is surely unknown when any of them is; none where that is not sure."""
    return tuple(_attributes(value)) if _is_strict(value) else ()


def _is_strict(value: Expression) -> bool:
    match value:
        case Attribute() | Constant() | Now():
            return True
        case Apply(_, parts):
            return all(map(_is_strict, parts))
        case Compare(_, left, right):
            return _is_strict(left) and _is_strict(right)
        case In(operand):
            return _is_strict(operand)
    return False


def _attributes(value: Expression) -> Iterator[Attribute]:
    match value:
        case Attribute():
            yield value
        case Apply(_, parts):
            for part in parts:
                yield from _attributes(part)
        case Compare(_, left, right):
            yield from _attributes(left)
            yield from _attributes(right)
        case In(operand):
            yield from _attributes(operand)


def _prefixes(path: Path) -> Iterator[Path]:
    for length in range(1, len(path) + 1):
        yield path[:length]


def _size(values: ValueSet) -> int:
    return len(values.names) if isinstance(values, Names) else len(getattr(values, "cuts", ()))
