"""The search for the nearest fix: attributes one by one first, then what has to change together.

Ideas come from the rule's own constants, and the evaluator says which of them do. Everything that is told was run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.explanation.candidates import MOST_CANDIDATES, Candidates, candidates_for, with_more
from fasttwitch.explanation.changed_rows import BYTES_AT_ONCE, changed_rows, current_values, most_rows
from fasttwitch.explanation.fixes import Change, Fix
from fasttwitch.explanation.goal import Goal
from fasttwitch.explanation.readings import Path, reading, value_of, words
from fasttwitch.explanation.refinement import ROUNDS, values_between
from fasttwitch.explanation.sample_texts import another_text
from fasttwitch.explanation.search import JointLeaf, Problem, Search, SingleLeaf, Solution
from fasttwitch.logic.datatypes import STRING

# Rows of a table with an instant of the run, µs, to bool[predicates of the plan, rows].
Ask: TypeAlias = Callable[[pa.Table, int], NDArray[np.bool_]]

MOST_CHANGES = 12
MOST_TRIALS = 8_192  # customers tried with so many changes
LONG = 1_000  # bytes of a text for which another may stand in


class NearestFix:
    """Looks for the nearest fix of one customer.

    goal  what must hold
    ask   the goal's plan over tables of one or more rows
    row   the customer: one row of the columns that the goal reads, in the types of the schema
    now   µs
    held  attributes to be left alone
    """

    def __init__(self, goal: Goal, ask: Ask, row: pa.Table, now: int, held: Sequence[Path]) -> None:
        self._goal = goal
        self._ask = ask
        self._row = row
        self._trial = _shortened(goal, ask, row, now)
        self._now = now
        self._held = tuple(path for path in goal.attributes if path in set(held))
        self._tried = 0
        self._candidates: dict[Path, Candidates] = {}

    def find(self) -> Fix:
        """Return the nearest fix."""
        # In the types of the data at hand, which may be others than the program was compiled for.
        attributes = [
            replace(one, stored=current_values(self._trial, path).type)
            for path, one in self._goal.attributes.items()
            if path not in self._held and not self._has_fields(path)
        ]
        beside = self._beside()
        currents = {one.path: current_values(self._trial, one.path) for one in attributes}
        most = min(MOST_CANDIDATES, max(most_rows(self._trial, 8 * BYTES_AT_ONCE), 64))
        self._candidates = {
            one.path: candidates_for(one, currents[one.path], self._now, beside.get(one.path, ()), most)
            for one in attributes
        }
        answers = self._alone(list(self._candidates))
        for _ in range(ROUNDS):
            more = {path: values_between(self._candidates[path], answers[path]) for path in answers}
            more = {path: values for path, values in more.items() if values}
            if not more:
                break
            for path, values in more.items():
                self._candidates[path] = with_more(self._candidates[path], values, self._now)
            answers |= self._alone(list(more))
        return self._single(answers) or self._several(answers)

    def _has_fields(self, path: Path) -> bool:
        """Return whether fields of an attribute are attributes too: those are changed, and not the whole."""
        return any(other != path and other[: len(path)] == path for other in self._goal.attributes)

    def _alone(self, paths: Sequence[Path]) -> dict[Path, NDArray[np.bool_]]:
        """Return bool[predicates, candidates] for each attribute, all others left as they are."""
        if not paths:
            return {}
        sizes = [len(self._candidates[path].values) for path in paths]
        bounds = np.cumsum([0, *sizes])
        chosen = np.zeros((len(paths), bounds[-1]), np.int64)
        for place, size in enumerate(sizes):
            chosen[place, bounds[place] : bounds[place + 1]] = np.arange(size)
        answers = self._asked(dict(zip(paths, chosen, strict=True)), int(bounds[-1]))
        return {path: answers[:, bounds[place] : bounds[place + 1]] for place, path in enumerate(paths)}

    def _asked(self, chosen: Mapping[Path, NDArray[np.int64]], rows: int) -> NDArray[np.bool_]:
        """Return bool[predicates, rows] for customers made of candidates: `chosen` are their numbers, int64[rows]."""
        self._tried += rows
        found, each = [], most_rows(self._trial)
        for begin in range(0, rows, each):
            end = min(begin + each, rows)
            changes = {
                path: self._candidates[path].array.take(pa.array(places[begin:end])) for path, places in chosen.items()
            }
            found.append(self._ask(changed_rows(self._trial, changes, end - begin), self._now))
        return np.concatenate(found, axis=1)

    def _single(self, answers: Mapping[Path, NDArray[np.bool_]]) -> Fix | None:
        """Return the nearest fix of one attribute."""
        found = []
        for order, (path, answer) in enumerate(answers.items()):
            for place in np.flatnonzero(answer[0])[:1]:  # the nearest stand first
                found.append((self._candidates[path].costs[place], order, path, int(place)))
        if not found:
            return None
        _, _, path, place = min(found)
        return self._fix({path: place}, True)

    def _several(self, answers: Mapping[Path, NDArray[np.bool_]]) -> Fix:
        """Return the nearest fix of several attributes, or that there is none."""
        problem, hopeful = self._problem(answers, False), self._problem(answers, True)
        size = len(self._candidates)
        gave_up = False
        for most in range(2, min(MOST_CHANGES, size) + 1):
            search = Search(problem, most, most)  # with fewer changes all has been tried
            best = self._best(list(search.solutions()), problem)
            if best is not None:
                best = self._polished(best)
                return self._fix(best, len(best) == 1 or (not gave_up and _is_hopeless(hopeful, len(best) - 1)))
            gave_up |= search.gave_up
        return Fix((), False, not _is_hopeless(hopeful, size), self._tried, min(MOST_CHANGES, size), self._held_names)

    def _problem(self, answers: Mapping[Path, NDArray[np.bool_]], hopeful: bool) -> Problem:
        """Return what is known of the leaves.

        hopeful  attributes with values that were not tried may become anything: what fails even so is surely hopeless
        """
        leaves: dict[int, SingleLeaf | JointLeaf] = {}
        now = self._ask(self._trial, self._now)[:, 0]
        for number, leaf in enumerate(self._goal.leaves, 1):
            reads = [
                path
                for path in self._goal.attributes
                if any(path[: len(read)] == read for read in self._goal.paths[leaf])  # fields of what it reads, too
            ]
            free = tuple(path for path in reads if path in self._candidates)
            if len(reads) == 1 and free:
                allowed = _bits(answers[free[0]][number])
                if hopeful and not self._candidates[free[0]].complete:
                    allowed |= (1 << max(len(self._candidates[free[0]].values), 2)) - 2
                leaves[leaf] = SingleLeaf(free[0], allowed)
            else:
                leaves[leaf] = JointLeaf(free, bool(now[number]))
        sizes = {path: max(len(one.values), 1 + hopeful) for path, one in self._candidates.items()}
        return Problem(self._goal.graph, self._goal.root, leaves, sizes)

    def _best(self, solutions: Sequence[Solution], problem: Problem) -> dict[Path, int] | None:
        """Return the nearest candidates that really fulfil the goal, of all solutions."""
        if not solutions:
            return None
        joint = {path for leaf in problem.leaves.values() if isinstance(leaf, JointLeaf) for path in leaf.paths}
        most = min(MOST_TRIALS, max(most_rows(self._trial, 8 * BYTES_AT_ONCE), 64)) // len(solutions)
        places = np.concatenate([self._trials(one, joint, most) for one in solutions])
        paths = tuple(self._candidates)
        costs = sum(np.array(self._candidates[path].costs)[places[:, column]] for column, path in enumerate(paths))
        places = places[np.argsort(costs, kind="stable")]
        chosen = {path: places[:, column] for column, path in enumerate(paths)}
        good = np.flatnonzero(self._asked(chosen, len(places))[0])
        if not len(good):
            return None
        return {path: int(place) for path, place in zip(paths, places[good[0]], strict=True) if place}

    def _trials(self, solution: Solution, joint: set[Path], most: int) -> NDArray[np.int64]:
        """Return int64[trials, attributes] of candidates: several where attributes have to suit each other."""
        together = [path for path in solution.allowed if path in joint and not solution.certain]
        each = max(int(most ** (1 / max(len(together), 1))), 2)
        choices = [
            _spread(list(_places(solution.allowed[path])), each if path in together else 1)
            if path in solution.allowed
            else [0]
            for path in self._candidates
        ]
        return np.stack(np.meshgrid(*choices, indexing="ij"), axis=-1).reshape(-1, len(choices)).astype(np.int64)

    def _polished(self, places: Mapping[Path, int]) -> dict[Path, int]:
        """Return a fix with values as near as can be, one attribute after the other, where they have to suit others."""
        found = dict(places)
        for path in places:
            if not self._candidates[path].attribute.tests:
                continue  # the nearest was taken
            for final in (*(False,) * ROUNDS, True):
                known = self._candidates[path]
                rows = len(known.values)
                others = {one: np.full(rows, place) for one, place in found.items() if one != path}
                good = self._asked({**others, path: np.arange(rows)}, rows)[:1]
                found[path] = int(np.flatnonzero(good[0])[0])
                more = values_between(known, good)
                if final or not more or not found[path]:
                    break
                self._candidates[path] = with_more(known, more, self._now)
            if not found[path]:
                del found[path]  # with the others changed it may stay as it is
        return found

    def _fix(self, places: Mapping[Path, int], minimal: bool) -> Fix:
        changes = tuple(
            self._change(self._candidates[path], places[path]) for path in self._goal.attributes if path in places
        )
        changed = {path: self._candidates[path].array.slice(place, 1) for path, place in places.items()}
        return Fix(changes, minimal, True, self._tried, len(changes), self._held_names, changed)

    def _change(self, candidates: Candidates, place: int) -> Change:
        attribute = candidates.attribute
        now = self._now if attribute.reads_now else None
        before = reading(attribute.path, current_values(self._row, attribute.path)[0], now)
        after = reading(attribute.path, candidates.array[place], now)
        stands_for_all = candidates.complete and candidates.other and candidates.values[place] == candidates.other
        return Change(before, after, _all_but(attribute.names) if stands_for_all else "")

    @property
    def _held_names(self) -> tuple[str, ...]:
        return tuple(".".join(path) for path in self._held)

    def _beside(self) -> dict[Path, list[Any]]:
        """Return by attribute what those hold that something is computed from together with it."""
        beside: dict[Path, dict[Path, Any]] = {}
        for paths in self._goal.paths.values():
            for path in paths:
                others = beside.setdefault(path, {})
                others |= {other: value_of(current_values(self._trial, other)[0]) for other in paths if other != path}
        return {path: list(others.values()) for path, others in beside.items()}


def _shortened(goal: Goal, ask: Ask, row: pa.Table, now: int) -> pa.Table:
    """Return a customer with short texts for long ones that no other attribute is compared with.

    Customers are run in many copies. A leaf that reads one attribute cannot tell texts apart for which it is the same.
    """
    read = {path[0] for path in goal.attributes}
    row = row.select([name for name in row.schema.names if name in read] or row.schema.names)
    joint = {path for paths in goal.paths.values() if len(paths) > 1 for path in paths}
    for path, one in goal.attributes.items():
        current = current_values(row, path)
        if current.nbytes < LONG or one.type is not STRING or path in joint or not current[0].is_valid:
            continue
        text = value_of(current[0])
        for shorter in (text[: LONG // 4] + text[-LONG // 4 :], another_text(one.names)):
            changed = changed_rows(row, {path: pa.array([shorter], current.type)}, 1)
            if np.array_equal(ask(row, now), ask(changed, now)):
                row = changed
                break
    return row


def _spread(places: list[int], most: int) -> list[int]:
    """Return at most so many places: the nearest, and some of all others."""
    near = -(-most // 2)
    rest = places[near:]
    if len(places) <= most or most == near:
        return places[:most]
    return places[:near] + rest[:: -(-len(rest) // (most - near))]


def _all_but(names: Sequence[str]) -> str:
    """Return what all strings are called that rules do not name."""
    if not names:
        return "any other"
    if len(names) > 4:
        return "any other that the rules do not name"
    return f"any but {', '.join(words(name, STRING) for name in sorted(names))}"


def _is_hopeless(problem: Problem, most: int) -> bool:
    """Return whether surely no so many changes fulfil a goal."""
    search = Search(problem, most)
    return next(search.solutions(), None) is None and not search.gave_up


def _bits(truths: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(truths, bitorder="little").tobytes(), "little")


def _places(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
