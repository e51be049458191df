"""Why, and why not: the plans behind an explanation, made when first asked for and kept.

Every part of a rule is asked where it is true and where it is false, as predicates of one small plan. So an explanation
comes from the codes and the kernels that answer everything else.
"""

import threading
from collections import ChainMap, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.columns import as_table
from fasttwitch.batch.profiles import profile_table, wrong_values
from fasttwitch.engine.base import BaseRow, EncodedBase
from fasttwitch.engine.clock import instant, microseconds
from fasttwitch.engine.half import Half
from fasttwitch.engine.matching import Row
from fasttwitch.engine.missing import no_such_segment
from fasttwitch.engine.run import Outcome, counts_by_name, run
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.errors import DataError
from fasttwitch.explanation.answers import FALSE, TRUE, UNKNOWN, answered, paths_in_doubt, paths_of
from fasttwitch.explanation.changed_rows import changed_rows, plain_row
from fasttwitch.explanation.exclusions import Exclusions, exclusion_predicates, exclusions_from
from fasttwitch.explanation.explained import Explanation
from fasttwitch.explanation.fixes import Fix
from fasttwitch.explanation.goal import Goal, goal_of, paths_of_codebook
from fasttwitch.explanation.nearest_fix import NearestFix
from fasttwitch.explanation.readings import reading, scalar_at
from fasttwitch.explanation.structure import Structure, structure_of
from fasttwitch.garbage import without_collector
from fasttwitch.logic.nodes import Expression, Not
from fasttwitch.logic.scope import Scope
from fasttwitch.plan import lowering
from fasttwitch.plan.predicates import lowered
from fasttwitch.plan.schedule import EVERYBODY

if TYPE_CHECKING:
    from fasttwitch.engine.program import Data, Program

# What is kept ready of a program, and how far segments are followed into those that they ask.
QUESTIONS_KEPT = 256
MOST_RULES = 100
MOST_PARTS = 2_000

OneCustomer: TypeAlias = Mapping[str, object] | Row | BaseRow | pa.Table | pa.RecordBatch
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class _Question:
    """A segment's rule and those of the segments it asks, with the plan of all their parts.

    plan's names   the parts of all structures in order, each where it is true, then where it is false
    needed         the columns that the plan reads, or that are told of
    """

    structures: Mapping[str, Structure]
    half: Half
    needed: pa.Schema


class Explainer:
    """The questions that a program has been asked, ready to be asked again. Bounded; safe to share between threads."""

    def __init__(self, program: "Program") -> None:
        from fasttwitch.engine.compile import scope_of

        self._program = program
        self._lock = threading.Lock()
        self._scope: Scope = scope_of(program.ruleset, program.schema)
        self._kept: OrderedDict[tuple[str, str], object] = OrderedDict()

    def explain(self, profile: OneCustomer, segment: str, now: datetime | None, extra: str) -> Explanation:
        """Return why a segment is true, false or unknown for one customer."""
        at = instant(now)
        question = self._question(segment)
        row = one_row(profile, question.needed, self._program.schema, extra)
        moment = microseconds(at)
        answers = _part_answers(question, row, moment)
        rules = answered(question.structures, answers)
        deciding = {path for rule in rules for one in rule.conditions if one.decided for path in one.paths}
        clocked = {path for rule in rules for one in rule.conditions if one.reads_now for path in one.paths}
        values = {
            path: reading(path, scalar_at(row, path), moment if path in clocked else None, path in deciding)
            for path in paths_of(rules)
        }
        missing = [values[path].attribute for path in paths_in_doubt(rules) if values[path].missing]
        search = _LaterFix(self, segment, row, moment)
        return Explanation(rules, tuple(values.values()), missing, at, self._program.digest, search)

    def fix(self, segment: str, row: pa.Table, now: int) -> Fix:
        """Return the nearest fix for a customer, run once more through the segment's plan."""
        goal, half = self._goal(segment)
        held = [(self._program.ruleset.key,)]
        found = NearestFix(goal, answers_of(half), row, now, held).find()
        if found.found:
            changed = changed_rows(row, found.changed, 1)
            assert _part_answers(self._question(segment), changed, now)[segment][0] == TRUE
        return found

    def exclusions(self, data: "Data", segment: str, now: datetime | None, threads: int | None) -> Exclusions:
        """Return how many customers each condition of a segment keeps out."""
        from fasttwitch.engine.threads import checked_threads

        self._refuse_unknown(segment)
        at, count = instant(now), checked_threads(threads)
        structure = self._structure(segment)
        half = self._keep(("exclusions", segment), lambda: self._exclusions_half(structure))
        # What is asked of one segment alone has codes of its own: a base that kept them all would grow with each.
        source = _source(data, half)
        counts = counts_over(half, source, microseconds(at), count)
        return exclusions_from(structure, counts, source.num_rows, at, self._program.digest)

    def _exclusions_half(self, structure: Structure) -> Half:
        names, predicates = exclusion_predicates(structure)
        return Half(lowered(names, self._beside(predicates), lowering.TRUE))

    def _beside(self, predicates: Mapping[str, Expression]) -> Mapping[str, Expression]:
        """Return predicates and what they may refer to; a program can have 100,000 segments: they are not copied."""
        return ChainMap(dict(predicates), cast(dict[str, Expression], self._program.trees))

    def _question(self, segment: str) -> _Question:
        self._refuse_unknown(segment)
        return self._keep(("question", segment), lambda: self._new_question(segment))

    def _new_question(self, segment: str) -> _Question:
        structures = self._opened(segment)
        trees: dict[str, Expression] = {}
        for name, one in structures.items():
            for number, predicate in enumerate(one.predicates):
                trees[f"{name}\0{number}"] = predicate
                trees[f"{name}\0{number}\0"] = Not(predicate, predicate.span)
        half = Half(lowered(tuple(trees), self._beside(trees), lowering.TRUE))
        read = {path[0] for one in structures.values() for part in one.parts for path in part.paths}
        read |= _columns_of(half)
        needed = pa.schema([column for column in self._program.schema if column.name in read])
        return _Question(structures, half, needed)

    def _opened(self, segment: str) -> dict[str, Structure]:
        """Return the parts of a segment's rule and of those that it asks, the nearest first, within bounds."""
        opened = {segment: self._structure(segment)}
        parts = len(opened[segment].parts)
        ahead = [segment]
        while ahead:
            for part in opened[ahead.pop(0)].parts:
                if not part.segment or part.segment in opened or len(opened) >= MOST_RULES or parts > MOST_PARTS:
                    continue
                structure = self._structure(part.segment)
                parts += len(structure.parts)
                if parts <= MOST_PARTS:
                    opened[part.segment] = structure
                    ahead.append(part.segment)
        return opened

    def _structure(self, segment: str) -> Structure:
        definition = self._program.ruleset.segments[segment]
        return structure_of(definition, self._scope)

    def _goal(self, segment: str) -> tuple[Goal, Half]:
        def make() -> tuple[Goal, Half]:
            goal = goal_of(segment, self._program.trees, self._program.schema)
            return goal, Half(goal.predicates)

        return self._keep(("goal", segment), make)

    def _keep(self, key: tuple[str, str], make: Callable[[], Kept]) -> Kept:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]
        with without_collector():  # not under the lock: others may ask for what is there
            made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > QUESTIONS_KEPT:
                self._kept.popitem(last=False)
        return made

    def _refuse_unknown(self, segment: str) -> None:
        known = self._program.trees
        if not isinstance(segment, str):
            raise DataError(f"a segment is one name, not `{type(segment).__name__}`", "give a `str`")
        if segment not in known:
            raise no_such_segment(segment, known)


@dataclass(frozen=True, slots=True)
class _LaterFix:
    """A fix that is looked for when it is asked for."""

    explainer: Explainer
    segment: str
    row: pa.Table
    now: int

    def __call__(self) -> Fix:
        return self.explainer.fix(self.segment, self.row, self.now)


def one_row(profile: OneCustomer, needed: pa.Schema, schema: pa.Schema, extra: str = "error") -> pa.Table:
    """Return the columns of one customer that are needed, in the types of the schema.

    extra  "error", or "ignore" for names of a mapping that the schema lacks

    Errors: DataError for a table of more or fewer rows, for unknown names, and for values that do not fit.
    """
    if extra not in ("error", "ignore"):
        raise DataError(f"`extra` is `{extra}`", 'give "error", or "ignore" for names that the schema lacks')
    if isinstance(profile, Row):
        profile = profile.profile
    elif isinstance(profile, BaseRow):
        profile = profile.base.columns.some(needed.names, np.array([profile.number]))
    if isinstance(profile, Mapping):
        if extra == "ignore":
            known = frozenset(schema.names)
            profile = {name: value for name, value in profile.items() if name in known}
        table = _mapped(profile, needed, schema)
    elif isinstance(profile, pa.Table | pa.RecordBatch):
        if profile.num_rows != 1:
            rows = f"a profile is one customer, and this table has {profile.num_rows:,} rows"
            raise DataError(rows, "give one of them: `table.slice(row, 1)`")
        table = pa.table(profile)
    else:
        kind = f"a profile is a mapping or one row of a table, not `{type(profile).__name__}`"
        raise DataError(kind, "give a `dict`, or `table.slice(row, 1)`")
    present = [name for name in needed.names if name in table.schema.names]
    if not present:
        return pa.table({"": pa.nulls(1)})  # without columns a table has no rows
    return pa.table({name: plain_row(table.column(name)) for name in present})


def _mapped(profile: Mapping[str, object], needed: pa.Schema, schema: pa.Schema) -> pa.Table:
    """Return a mapping as a table of the columns that are needed; what is not needed has to fit all the same."""
    names = set(needed.names)
    unread = {name: value for name, value in profile.items() if name not in names}
    if unread and wrong_values(unread, schema):
        return profile_table([profile], schema)  # says which value is the first wrong one
    return profile_table([{name: value for name, value in profile.items() if name in names}], needed)


def answers_of(half: Half) -> Callable[[pa.Table, int], NDArray[np.bool_]]:
    """Return a function from a table and an instant, µs, to bool[predicates, rows]."""

    def answers(table: pa.Table, now: int) -> NDArray[np.bool_]:
        outcome = outcome_of(half, table, now, 1, with_masks=True)
        assert outcome.masks is not None
        words = np.ascontiguousarray(outcome.masks[:, : -(-table.num_rows // 64)])
        bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")[:, : table.num_rows]
        constants = np.zeros((2, table.num_rows), np.uint8)
        constants[1] = 1
        place = {EVERYBODY: len(bits) + 1}
        rows = [root if root >= 0 else place.get(root, len(bits)) for root in half.plan.roots]
        return np.concatenate([bits, constants])[rows].astype(np.bool_)

    return answers


def outcome_of(half: Half, source: "pa.Table | Snapshot", now: int, threads: int, with_masks: bool) -> Outcome:
    """Return what a plan finds in data."""
    if isinstance(source, Snapshot):
        return run(source.job(half, now, threads), threads, with_masks)
    job = half.job(source, now, threads, aligned=with_masks)
    outcome = run(job, threads, with_masks)
    if job.has_missed:
        outcome = run(half.job(source, now, threads, aligned=with_masks, afresh=True), threads, with_masks)
    return outcome


def counts_over(half: Half, source: "pa.Table | Snapshot", now: int, threads: int) -> dict[str, int]:
    """Return the number of customers of each predicate of a plan."""
    outcome = outcome_of(half, source, now, threads, with_masks=False)
    return counts_by_name(half.plan, outcome, source.num_rows)


def _part_answers(question: _Question, row: pa.Table, now: int) -> dict[str, list[str]]:
    """Return "true", "false" or "unknown" for each part of each rule."""
    found = answers_of(question.half)(row, now)[:, 0].tolist()
    words = [TRUE if true else FALSE if false else UNKNOWN for true, false in zip(found[::2], found[1::2], strict=True)]
    answers, place = {}, 0
    for name, one in question.structures.items():
        answers[name] = words[place : place + len(one.parts)]
        place += len(one.parts)
    return answers


def _source(data: "Data", half: Half) -> "pa.Table | Snapshot":
    """Return data as a half takes it: the codes of a base only if it keeps all that the plan reads."""
    names = sorted(_columns_of(half))
    if not isinstance(data, EncodedBase):
        return as_table(data, names)
    snapshot = data.snapshot
    if snapshot.holds(half.plan):
        return snapshot
    return as_table(snapshot.columns.whole(names), names)


def _columns_of(half: Half) -> set[str]:
    return {path[0] for codebook in half.codebooks for path in paths_of_codebook(codebook)}
