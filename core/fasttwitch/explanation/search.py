"""Which attributes must change for a goal to hold? A search over what each leaf allows each attribute to be.

An attribute has numbered candidates, number 0 being what it holds now; a leaf that reads one attribute is the set of
candidates for which it is true, as bits of an int. A leaf that reads several attributes holds or not as long as none
of them changes, and after that anything may be hoped of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fasttwitch.explanation.readings import Path
from fasttwitch.plan.lowering import Gate, Graph, Leaf, Never

STEPS = 60_000
MOST_SOLUTIONS = 12
DEEPEST = 250


@dataclass(frozen=True, slots=True)
class SingleLeaf:
    """A leaf that reads one attribute: `allowed` are the candidates for which it is true."""

    path: Path
    allowed: int


@dataclass(frozen=True, slots=True)
class JointLeaf:
    """A leaf that reads several attributes, or none that can be changed.

    holds  whether it does so now
    paths  of those that can be changed
    """

    paths: tuple[Path, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A goal, and what is known of its leaves.

    candidates  how many each attribute has
    """

    graph: Graph
    root: int
    leaves: Mapping[int, SingleLeaf | JointLeaf]
    candidates: Mapping[Path, int]


@dataclass(frozen=True, slots=True)
class Solution:
    """Attributes to change, each with the candidates that it may become.

    certain  every choice of them fulfils the goal; else only some may
    """

    allowed: Mapping[Path, int]
    certain: bool


class _GaveUpError(Exception):
    """The search is too long."""


class Search:
    """Solutions of at least `least` and at most `most` changes.

    gave_up  there may be more than were found
    """

    def __init__(self, problem: Problem, most: int, least: int = 0, steps: int = STEPS) -> None:
        self.gave_up = False
        self._problem = problem
        self._least = least
        self._most = most
        self._left = steps

    def solutions(self) -> Iterator[Solution]:
        """Yield solutions that change different attributes."""
        told: set[frozenset[Path]] = set()
        try:
            for found in self._solve([self._problem.root], (), State({}, frozenset()), 0):
                changed = frozenset(found.allowed)
                if changed not in told and len(changed) >= self._least:
                    told.add(changed)
                    yield found
                if len(told) >= MOST_SOLUTIONS:
                    break
        except _GaveUpError:
            self.gave_up = True

    def _solve(self, goals: list[int], choices: tuple[int, ...], state: "State", depth: int) -> Iterator[Solution]:
        """Yield solutions that fulfil all goals and one operand of each choice, within what the state allows."""
        if depth > DEEPEST:
            raise _GaveUpError
        settled = self._settle(goals, choices, state)
        if settled is None:
            return
        choices, state = settled
        verdicts: dict[int, bool | None] = {}
        unmet = [(self._verdict(one, state, verdicts, 0), one) for one in choices]
        # What is surely false needs another change, whatever comes of the rest.
        false = [one for verdict, one in unmet if verdict is False]
        doubtful = [one for verdict, one in unmet if verdict is None]
        if not false and not doubtful:
            doubts = self._doubts(state)
            yield Solution({path: state.allowed[path] for path in state.changed}, doubts is None)
            for path in doubts or ():  # if that is not enough, what is computed with it may have to change as well
                after = state.copy()
                if self._narrow(path, ~1, after):
                    yield from self._solve([], choices, after, depth + 1)
            return
        chosen = min(false or doubtful, key=self._width)
        rest = tuple(one for one in choices if one != chosen)
        for goal, freed in self._ways(chosen):
            after = state.copy()
            if freed is None or self._narrow(freed, ~1, after):
                yield from self._solve([goal] if freed is None else [], rest, after, depth + 1)

    def _settle(
        self, goals: list[int], choices: tuple[int, ...], state: "State"
    ) -> "tuple[tuple[int, ...], State] | None":
        """Return the choices that goals come to, and the state narrowed by what they leave no choice about."""
        found = dict.fromkeys(choices)
        while goals:
            self._step()
            number = goals.pop()
            node = self._problem.graph.nodes[number]
            if isinstance(node, Never):
                if not node.everywhere:
                    return None
            elif isinstance(node, Gate):
                if node.conjunction:
                    goals += node.operands
                else:
                    found[number] = None
            else:
                leaf = self._problem.leaves[number]
                if isinstance(leaf, JointLeaf):
                    if not leaf.holds and not leaf.paths:
                        return None
                    found[number] = None
                elif not self._narrow(leaf.path, leaf.allowed, state):
                    return None
        return tuple(found), state

    def _narrow(self, path: Path, candidates: int, state: "State") -> bool:
        """Allow an attribute only these candidates; return whether any is left, within as many changes as may be."""
        everything = (1 << self._problem.candidates[path]) - 1
        left = state.allowed.get(path, everything) & candidates & everything
        state.allowed[path] = left
        if left and not left & 1:
            state.changed |= {path}
        return bool(left) and len(state.changed) <= self._most

    def _verdict(self, number: int, state: "State", known: dict[int, bool | None], depth: int) -> bool | None:
        """Return whether a node holds where nothing else changes; None if that is not settled."""
        if number in known:
            return known[number]
        self._step()
        if depth > DEEPEST:
            raise _GaveUpError
        node = self._problem.graph.nodes[number]
        verdict: bool | None
        if isinstance(node, Never):
            verdict = node.everywhere
        elif isinstance(node, Leaf):
            verdict = self._leaf_verdict(self._problem.leaves[number], state)
        else:
            verdict = node.conjunction
            for operand in node.operands:
                found = self._verdict(operand, state, known, depth + 1)
                if found is not node.conjunction:
                    verdict = found
                    if found is not None:
                        break
        known[number] = verdict
        return verdict

    def _leaf_verdict(self, leaf: SingleLeaf | JointLeaf, state: "State") -> bool | None:
        if isinstance(leaf, JointLeaf):
            # Once something of it has changed there is nothing to be known, nor to be done, before it is tried.
            return leaf.holds or not state.changed.isdisjoint(leaf.paths)
        if leaf.path not in state.changed:
            return bool(leaf.allowed & 1)
        allowed = state.allowed[leaf.path]
        inside = allowed & leaf.allowed
        return None if inside and inside != allowed else bool(inside)

    def _doubts(self, state: "State") -> tuple[Path, ...] | None:
        """Return what is read together with what has changed, and has not changed itself; None if nothing is."""
        touched = [
            leaf.paths
            for leaf in self._problem.leaves.values()
            if isinstance(leaf, JointLeaf) and not state.changed.isdisjoint(leaf.paths)
        ]
        if not touched:
            return None
        self._step(len(touched))
        return tuple(dict.fromkeys(path for paths in touched for path in paths if path not in state.changed))

    def _ways(self, choice: int) -> list[tuple[int, Path | None]]:
        """Return what may be done about a choice: a goal to fulfil, or an attribute to change."""
        node = self._problem.graph.nodes[choice]
        if isinstance(node, Gate):
            return [(operand, None) for operand in node.operands]
        leaf = self._problem.leaves[choice]
        assert isinstance(leaf, JointLeaf)
        return [(choice, path) for path in leaf.paths]

    def _width(self, choice: int) -> int:
        return len(self._ways(choice))

    def _step(self, steps: int = 1) -> None:
        self._left -= steps
        if self._left < 0:
            raise _GaveUpError


@dataclass(slots=True)
class State:
    """What is settled on one branch.

    allowed  the candidates that an attribute may still be; all of them where it is not here
    changed  the attributes that cannot stay as they are
    """

    allowed: dict[Path, int]
    changed: frozenset[Path]

    def copy(self) -> "State":
        """Return a state that can be narrowed on its own."""
        return State(dict(self.allowed), self.changed)
