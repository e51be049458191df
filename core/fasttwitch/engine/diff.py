"""What a changed ruleset would do to the customers at hand, before it is published: who enters and who leaves what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.columns import as_table
from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.clock import instant, microseconds
from fasttwitch.engine.compile import compile_ruleset
from fasttwitch.engine.half import Half
from fasttwitch.engine.missing import no_such_segment
from fasttwitch.engine.run import counts_by_name, run
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.engine.words import Words, first_rows_in, rows_in, words_of
from fasttwitch.garbage import without_collector
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import TRUE
from fasttwitch.plan.predicates import lowered
from fasttwitch.pool import run_together
from fasttwitch.ruleset import Ruleset

if TYPE_CHECKING:
    from fasttwitch.engine.program import Data, Program

# Of more rules than one in so many, the plans of whole programs are run: what they read, a base has coded already.
SHARE_APART = 4
MOST_MASK_BYTES = 512 << 20  # of segments that are compared at a time
SAMPLE = 5  # customers that are shown of each kind


@dataclass(frozen=True, slots=True, eq=False)
class SegmentChange:
    """What becomes of one segment.

    before, after   customers in it
    entered, left   customers who are only in the new one, only in the old one
    """

    name: str
    before: int
    after: int
    entered: int
    left: int
    _old: Words
    _new: Words

    @property
    def entering(self) -> Words:
        """Those who enter, as bits."""
        return self._new & ~self._old

    @property
    def leaving(self) -> Words:
        """Those who leave, as bits."""
        return self._old & ~self._new

    @property
    def entered_rows(self) -> NDArray[np.int64]:
        """Rows of those who enter, ascending."""
        return rows_in(self.entering)

    @property
    def left_rows(self) -> NDArray[np.int64]:
        """Rows of those who leave, ascending."""
        return rows_in(self.leaving)


class Diff:
    """What two versions of a ruleset say about the same customers at one instant.

    added, removed   segments that only the new version has, only the old one
    rewritten        segments whose rules are other ones
    touched          segments that ask for such segments, directly or not
    changes          by name, in the order of the new document, then of the old: segments whose customers differ
    rows             customers looked at
    now              the instant, UTC
    before, after    digests of the two programs
    """

    def __init__(
        self,
        programs: "tuple[Program, Program]",
        kinds: Mapping[str, Sequence[str]],
        changes: Sequence[SegmentChange],
        table: pa.Table,
        now: datetime,
    ) -> None:
        old, new = programs
        self.before, self.after = old.digest, new.digest
        self.added, self.removed, self.rewritten, self.touched = (
            tuple(kinds[kind]) for kind in ("added", "removed", "rewritten", "touched")
        )
        self.changes: Mapping[str, SegmentChange] = {one.name: one for one in changes}
        self.now = now
        self.rows: int = table.num_rows
        self._key = new.ruleset.key
        self._table = table
        self._names = frozenset([*old.names, *new.names])

    def __bool__(self) -> bool:
        """Return whether any customer enters or leaves any segment."""
        return bool(self.changes)

    def entered_rows(self, segment: str) -> pa.Array:
        """Return the rows of the customers who enter a segment, int64 and ascending.

        Errors: DataError for an unknown segment.
        """
        change = self._change(segment)
        return pa.array(change.entered_rows if change is not None else [], pa.int64())

    def left_rows(self, segment: str) -> pa.Array:
        """Return the rows of those who leave a segment; the rest as `entered_rows`."""
        change = self._change(segment)
        return pa.array(change.left_rows if change is not None else [], pa.int64())

    def sample(self, segment: str) -> tuple[list[object], list[object]]:
        """Return some customers who enter a segment and some who leave it: their keys; their rows if data have none."""
        change = self._change(segment)
        return ([], []) if change is None else (self._shown(change.entering), self._shown(change.leaving))

    def to_dict(self) -> dict[str, object]:
        """Return the difference as an object that a program can take apart."""
        changes = []
        for name, change in self.changes.items():
            entering, leaving = self.sample(name)
            told = {field: getattr(change, field) for field in ("name", "before", "after", "entered", "left")}
            changes.append({**told, "entering": entering, "leaving": leaving})
        return {
            "before": self.before,
            "after": self.after,
            "now": self.now.isoformat(),
            "customers": self.rows,
            "added": list(self.added),
            "removed": list(self.removed),
            "rewritten": list(self.rewritten),
            "touched": list(self.touched),
            "changes": changes,
        }

    def __str__(self) -> str:
        return "\n".join(self._lines)

    def __repr__(self) -> str:
        return f"Diff({len(self.changes)} segments change for {self.rows} customers at {self.now.isoformat()})"

    @cached_property
    def _lines(self) -> list[str]:
        parts = [
            f"{len(names)} {kind}"
            for kind, names in (
                ("added", self.added),
                ("removed", self.removed),
                ("rewritten", self.rewritten),
                ("asking for these", self.touched),
            )
            if names
        ]
        lines = [f"segments: {', '.join(parts) or 'none differ'}"]
        width = max((len(name) for name in self.changes), default=0)
        for name, change in self.changes.items():
            counts = f"{change.before:>13,} → {change.after:<13,} +{change.entered:<11,} -{change.left:<11,}"
            lines.append(f"  {name:<{width}} {counts}{self._note(name)}".rstrip())
            entering, leaving = self.sample(name)
            for word, some, whole in (("in: ", entering, change.entered), ("out:", leaving, change.left)):
                if some:
                    more = ", …" if whole > len(some) else ""
                    lines.append(f"    {word} {', '.join(map(str, some))}{more}")
        if not self.changes:
            lines.append(f"  nobody of {self.rows:,} customers enters or leaves a segment")
        return lines

    def _note(self, name: str) -> str:
        return " new" if name in self.added else " removed" if name in self.removed else ""

    def _change(self, segment: str) -> SegmentChange | None:
        if segment not in self._names:
            raise no_such_segment(segment, tuple(self._names))
        return self.changes.get(segment)

    def _shown(self, words: Words) -> list[object]:
        some = first_rows_in(words, SAMPLE).tolist()
        if self._key not in self._table.schema.names:
            return list(some)
        found: list[object] = self._table.column(self._key).take(pa.array(some, pa.int64())).to_pylist()
        return found


def diff(old: "Program", rules: "Ruleset | Program", data: "Data", now: datetime | None, threads: int) -> Diff:
    """Return what changed rules would do to customers."""
    at = instant(now)
    if len(old.trees) < len(old.ruleset.segments):  # a draft knows but a part
        old = compile_ruleset(old.ruleset, old.schema)
    new = old.updated(rules) if isinstance(rules, Ruleset) else rules
    ruleset = new.ruleset
    step = old.ancestor.step_to(ruleset)
    touched = old.ancestor.touched([*step.rewritten, *step.removed], ruleset)
    concerned = {*step.rewritten, *touched, *step.removed}
    order = [name for name in dict.fromkeys((*new.names, *old.names)) if name in concerned]
    kinds = {
        "added": [name for name in order if name in step.rewritten and name not in old.ruleset.segments],
        "removed": [name for name in order if name not in ruleset.segments],
        "rewritten": [name for name in order if name in step.rewritten and name in old.ruleset.segments],
        "touched": [name for name in order if name in ruleset.segments and name not in step.rewritten],
    }
    columns = tuple(dict.fromkeys([*old.columns, *new.columns]))
    source = data.snapshot if isinstance(data, EncodedBase) else as_table(data, columns, old.schema.names)
    table = source.table if isinstance(source, Snapshot) else source
    changes = [change for change in _compared(old, new, order, source, table, at, threads) if change is not None]
    return Diff((old, new), kinds, changes, table, at)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Customers of some segments as bits, and how many they are."""

    words: Mapping[str, Words]
    counts: Mapping[str, int]


def _compared(
    old: "Program",
    new: "Program",
    names: Sequence[str],
    source: "pa.Table | Snapshot",
    table: pa.Table,
    now: datetime,
    threads: int,
) -> Iterator[SegmentChange | None]:
    """Yield what becomes of each of some segments; None where nothing does."""
    at_once = max(1, 8 * MOST_MASK_BYTES // max(2 * table.num_rows, 1))
    if len(names) * SHARE_APART > len(new.names) and max(len(old.names), len(new.names)) <= at_once:
        before, after = (_all(one, names, source, now, threads) for one in (old, new))
        yield from _changes(names, before, after, table.num_rows, threads)
        return
    for begin in range(0, len(names), at_once):
        some = names[begin : begin + at_once]
        before, after = (_few(one.trees, some, table, now, threads) for one in (old, new))
        yield from _changes(some, before, after, table.num_rows, threads)


def _changes(
    names: Sequence[str], before: Found, after: Found, rows: int, threads: int
) -> Sequence[SegmentChange | None]:
    nobody = np.zeros(-(-rows // 64), np.uint64)
    found: list[SegmentChange | None] = [None] * len(names)
    places = count()

    def work() -> None:
        while (place := next(places)) < len(names):
            name = names[place]
            old, new = before.words.get(name, nobody), after.words.get(name, nobody)
            if np.array_equal(old, new):
                continue
            entered = int(np.bitwise_count(new & ~old).sum())
            was, is_now = before.counts.get(name, 0), after.counts.get(name, 0)
            found[place] = SegmentChange(name, was, is_now, entered, was - (is_now - entered), old, new)

    run_together(threads, work)
    return found


def _all(program: "Program", names: Sequence[str], source: "pa.Table | Snapshot", now: datetime, threads: int) -> Found:
    """Return the customers of segments, from a run of the whole program."""
    audiences = program.select(source, now, threads)
    return Found({name: audiences.words(name) for name in names if name in program.trees}, audiences.counts)


def _few(trees: Mapping[str, Expression], names: Sequence[str], table: pa.Table, now: datetime, threads: int) -> Found:
    """Return the customers of few segments, from a run of these alone."""
    known = tuple(name for name in names if name in trees)
    if not known:
        return Found({}, {})
    with without_collector():
        half = Half(lowered(known, trees, TRUE))
    job = half.job(table, microseconds(now), threads, aligned=True, afresh=True)
    outcome = run(job, threads, with_masks=True)
    assert outcome.masks is not None
    roots = zip(known, half.plan.roots, strict=True)
    words = {name: words_of(outcome.masks, root, table.num_rows) for name, root in roots}
    return Found(words, counts_by_name(half.plan, outcome, table.num_rows))
