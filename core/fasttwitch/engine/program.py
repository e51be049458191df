"""A compiled ruleset."""

import hashlib
import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from fasttwitch.batch.columns import ArrowStream, as_table
from fasttwitch.engine.asked import Asked
from fasttwitch.engine.audiences import Audiences
from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.clock import instant, microseconds
from fasttwitch.engine.half import Half
from fasttwitch.engine.missing import other_schema
from fasttwitch.engine.run import Outcome, counts_by_name, run
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.engine.tail import Tail
from fasttwitch.engine.threads import checked_threads
from fasttwitch.errors import ProgramError
from fasttwitch.library.zones import read_zone
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import FALSE, TRUE
from fasttwitch.plan.predicates import lowered
from fasttwitch.plan.reads import attributes_of, zones_of
from fasttwitch.ruleset import Ruleset, dependency_order
from fasttwitch.whole_file import write_file

if TYPE_CHECKING:
    from fasttwitch.engine.artefact.document import Origin
    from fasttwitch.engine.diff import Diff
    from fasttwitch.engine.matching import Matcher
    from fasttwitch.engine.succession import Ancestor

PLAN_FORMAT = 4  # raised whenever codes or programs change their meaning, or plans their shape
Data: TypeAlias = ArrowStream | pa.Table | pa.RecordBatch | EncodedBase


class Program(Asked):
    """A ruleset compiled for a schema: immutable, picklable, safe to share between threads.

    names       the segments, in the order of the document
    attributes  the columns that the program reads, dotted where they are fields of structs
    ruleset     what it was compiled from
    schema      the schema it was compiled for
    digest      "sha256:…": the same rules, schema, plan format and clocks of time zones have the same digest
    """

    _origin: "Origin | None" = None  # where ruleset and trees come from, if a file has them

    def __init__(
        self,
        ruleset: Ruleset,
        schema: pa.Schema,
        trees: Mapping[str, Expression],
        names: Sequence[str] = (),
        tail: Tail | None = None,
    ) -> None:
        """Take over checked rules.

        trees  of all segments that are needed; never changed from here on
        names  the segments that are asked for; all of the ruleset if not given
        tail   what sets the program apart from the one that it was made from, if it was
        """
        self.ruleset = ruleset
        self.schema = schema
        self.names = tuple(names or ruleset.segments)
        if tail is not None and tail.origin.names == self.names:
            self.names = tail.origin.names
        self._trees = trees
        self._lock = threading.Lock()
        self._tail = tail
        self._half_of: dict[int, Half] = {}
        if tail is None:
            self.half(TRUE)  # which may find that a rule is too large
        self._matcher_once: Matcher | None = None
        self._latest_base: weakref.ref[EncodedBase] | None = None

    @cached_property
    def ruleset(self) -> Ruleset:
        """What it was compiled from; of a program that was loaded, read when first asked for."""
        assert self._origin is not None
        return self._origin.ruleset

    @cached_property
    def _trees(self) -> Mapping[str, Expression]:
        assert self._origin is not None
        return self._origin.trees(self.schema)

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The columns that the rules name, in order of first use."""
        return tuple(".".join(path) for path in self.paths)

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The same, name by name."""
        # Not those that the plan reads: where a rule is false may depend on more than where it is true.
        trees = [self._trees[name] for name in dependency_order(self.ruleset.segments, of=self.names)]
        return tuple(dict.fromkeys(found.path for tree in trees for found in attributes_of(tree)))

    @cached_property
    def _zones(self) -> dict[str, str]:
        """The digest of each time zone that the rules name."""
        names = {name for zones in self._zones_by_segment.values() for name in zones}
        return {name: clocks_digest(name) for name in sorted(names)}

    @cached_property
    def _zones_by_segment(self) -> Mapping[str, tuple[str, ...]]:
        """The time zones that each rule names, if it names any."""
        tail, trees = self._tail, self._trees
        known: dict[str, tuple[str, ...]] = {}
        if tail is not None:
            known = {name: zones for name, zones in tail.origin._zones_by_segment.items() if name in trees}
            trees = {name: trees[name] for name in tail.names}
        found = {name: tuple(zones_of(tree)) for name, tree in trees.items()}
        return {name: zones for name, zones in {**known, **found}.items() if zones}

    @cached_property
    def digest(self) -> str:
        """The identity of rules, schema, plan format and of the clocks of the time zones in use."""
        zones, schema = map(" ".join, self._zones.items()), self.schema.remove_metadata().to_string()
        return _digest(self.ruleset.digest, self._digest_of_names, str(PLAN_FORMAT), schema, *zones)

    @cached_property
    def _digest_of_names(self) -> str:
        if (tail := self._tail) is not None and tail.origin.names is self.names:  # 10,000 take half a millisecond
            return tail.origin._digest_of_names
        return _digest(*self.names)

    def select(
        self,
        data: Data | Snapshot,
        now: datetime | None = None,
        threads: int | None = None,
        keep: Sequence[str] | None = None,
    ) -> Audiences:
        """Return the audiences of all segments: exactly the customers for whom each rule is true.

        data     a Table, a RecordBatch, an EncodedBase, or anything with `__arrow_c_stream__`, which is read once
        now      the instant of the run; naive means UTC; the clock's if not given
        threads  default: all processors; the answer does not depend on it
        keep     columns of a stream that `ids` will be asked for

        Errors: DataError if a column is missing or of another type than the program was compiled for.
        """
        at = instant(now)
        source = self._source(data, tuple(keep or ()))
        count = checked_threads(threads)
        outcome = self._run(source, TRUE, at, count, with_masks=True)
        return Audiences(
            self.half(TRUE).plan,
            outcome,
            source.columns if isinstance(source, Snapshot) else source,
            data if isinstance(data, pa.Table) else None,
            at,
            lambda: self._counts(source, FALSE, at, count),
        )

    def count(self, data: Data, now: datetime | None = None, threads: int | None = None) -> dict[str, int]:
        """Return the number of customers in each segment; arguments and errors as `select`, no masks are made."""
        return self._counts(self._source(data, ()), TRUE, instant(now), checked_threads(threads))

    def encode(self, data: ArrowStream | pa.Table | pa.RecordBatch, threads: int | None = None) -> EncodedBase:
        """Return the data with its codes, for many runs over the same rows, of this program and others of its schema.

        Errors: as `select`.
        """
        if isinstance(data, pa.RecordBatch):
            data = pa.Table.from_batches([data])
        # All that the schema names, for other programs; updates find customers by the key, which no rule need read.
        table = as_table(data, self.columns, (*self.schema.names, self.ruleset.key))
        tail = self._tail
        if tail is not None and not set(tail.origin.columns) <= set(table.schema.names):
            self.compact()  # rules that are no more read what the data lack
        base = EncodedBase(data if isinstance(data, pa.Table) else table, self)
        base.job(self.half(TRUE), microseconds(instant(None)), checked_threads(threads))
        self._latest_base = weakref.ref(base)
        return base

    def updated(self, ruleset: Ruleset) -> "Program":
        """Return the program of a changed ruleset over the same schema; costs about as much as the change.

        ruleset  from this program's by `with_changes`, or any other

        Single customers are answered from this program, and from the few rules that are other ones now. Bulk runs, and
        `compact`, compile the whole.

        Errors: RulesetError as `compile`.
        """
        from fasttwitch.engine.succession import succeed

        tail = self._tail
        return succeed(self if tail is None else tail.origin, ruleset)

    def warm_up(self) -> None:
        """Make all that the first question about one customer would have to wait for, kernels included."""
        assert self.match({}).digest

    def compact(self) -> None:
        """Make one part of the two that a change has left this program in; answers stay the same, and come faster."""
        from fasttwitch.engine.matchers import whole_matcher

        if self._tail is not None:
            matcher = whole_matcher(self, self.matcher.sample)
            with self._lock:
                self._matcher_once, self._tail = matcher, None

    def diff(
        self, rules: "Ruleset | Program", data: Data, now: datetime | None = None, threads: int | None = None
    ) -> "Diff":
        """Return what changed rules would do to customers: exactly who enters and who leaves which segments.

        rules    a ruleset, from this program's by `with_changes` or any other; or its program, over the same schema
        data, now, threads  as `select`

        Errors: RulesetError as `compile`; DataError as `select`.
        """
        from fasttwitch.engine.diff import diff

        if isinstance(rules, Program) and not rules.schema.equals(self.schema):
            raise other_schema()
        return diff(self, rules, data, now, checked_threads(threads))

    def draft(self, segments: Mapping[str, str]) -> "Program":
        """Return a program of these segments alone, which may refer to all segments of this one.

        Costs as much as the drafts and what they refer to, not as much as the whole ruleset.

        Errors: RulesetError as `compile`.
        """
        from fasttwitch.engine.compile import check_segments, scope_of

        changed = self.ruleset.with_changes(segments=segments)
        definitions = [changed.segments[name] for name in segments]
        trees = {**self._trees, **check_segments(definitions, scope_of(changed, self.schema))}
        needed = dependency_order(changed.segments, of=segments)
        return Program(changed, self.schema, {name: trees[name] for name in needed}, tuple(segments))

    def analyze(self, data: Data) -> None:
        """Lay the rules out for customers like those in `data`: which conditions are rare decides how fast `match` is.

        Answers do not change. Without it, all classes of values are taken to be equally frequent; a base that this
        program has encoded before its first match counts as analyzed.

        Errors: as `select`.
        """
        self.matcher.analyze(data if isinstance(data, EncodedBase) else self.encode(data))

    @property
    def matcher(self) -> "Matcher":
        """What single customers need; made when it is first asked for."""
        matcher = self._matcher_once
        if matcher is None:
            from fasttwitch.engine.matchers import parted_matcher, whole_matcher

            tail = self._tail
            if tail is not None:
                fresh = parted_matcher(self, tail)
            else:
                fresh = whole_matcher(self, self._latest_base() if self._latest_base is not None else None)
            with self._lock:
                matcher = self._matcher_once = self._matcher_once or fresh
        return matcher

    @cached_property
    def ancestor(self) -> "Ancestor":
        """What programs that follow this one need to know of it."""
        from fasttwitch.engine.succession import Ancestor

        return Ancestor(self)

    @property
    def is_compact(self) -> bool:
        """Whether all rules are in one part: not so after a change, until `compact`."""
        return self._tail is None

    @property
    def changed_rules(self) -> int:
        """How many rules a change has put in a part of their own."""
        tail = self._tail
        return 0 if tail is None else len(tail.names)

    @property
    def trees(self) -> Mapping[str, Expression]:
        """The typed trees of all segments that the program needs."""
        return self._trees

    def half(self, mode: int) -> Half:
        """Return the plan that finds where segments are true, or (`mode` FALSE) where they are false."""
        half = self._half_of.get(mode)
        if half is None:
            with self._lock:
                half = self._half_of.get(mode)
                if half is None:
                    half = self._half_of[mode] = Half(lowered(self.names, self._trees, mode))
        return half

    def _counts(self, source: "pa.Table | Snapshot", mode: int, now: datetime, threads: int) -> dict[str, int]:
        outcome = self._run(source, mode, now, threads, with_masks=False)
        return counts_by_name(self.half(mode).plan, outcome, source.num_rows)

    def _run(self, source: "pa.Table | Snapshot", mode: int, now: datetime, threads: int, with_masks: bool) -> Outcome:
        half = self.half(mode)
        at = microseconds(now)
        if isinstance(source, Snapshot):
            return run(source.job(half, at, threads), threads, with_masks)
        job = half.job(source, at, threads, aligned=with_masks)
        outcome = run(job, threads, with_masks)
        if job.has_missed:
            outcome = run(half.job(source, at, threads, aligned=with_masks, afresh=True), threads, with_masks)
        return outcome

    @property
    def columns(self) -> tuple[str, ...]:
        """The top-level columns of which rules read anything."""
        return tuple(dict.fromkeys(path[0] for path in self.paths))

    def _columns(self, keep: Sequence[str]) -> tuple[str, ...]:
        return (*self.columns, *keep)

    def _source(self, data: Data | Snapshot, keep: Sequence[str]) -> "pa.Table | Snapshot":
        if isinstance(data, Snapshot):
            return data
        return data.snapshot if isinstance(data, EncodedBase) else as_table(data, self._columns(keep))

    def save(self, path: "str | os.PathLike[str]") -> None:
        """Write the program to one file, which `load_program` maps back in milliseconds.

        The file appears whole or not at all. The rules stay laid out as they are, for the data of `analyze`, say; the
        same program, laid out alike, has the same file on every machine.

        Errors: OutputError if the file cannot be written.
        """
        write_file(Path(path), self._parts())

    def _parts(self) -> list[bytes | memoryview]:
        """Return the file of this program, piece by piece."""
        from fasttwitch.engine.artefact.document import origin_of
        from fasttwitch.engine.artefact.program_file import Contents, contents_to_bytes
        from fasttwitch.kernels.point.index import Index

        self.compact()
        origin = self._origin or origin_of(self.ruleset, dependency_order(self.ruleset.segments, of=self.names))
        half = self.half(TRUE)
        contents = Contents(self.names, self.schema, self.digest, self.paths, self._zones, half, origin)
        (part,) = self.matcher.true_point.parts
        index = part.tables.index
        assert isinstance(index, Index), "a compact program is laid out"
        return contents_to_bytes(contents, index, PLAN_FORMAT)

    def take_over(self, data: memoryview, subject: str) -> None:
        """Become the program of a file.

        Errors: ProgramError for what is no file of a program, or of one that cannot be used here.
        """
        from fasttwitch.engine.artefact.program_file import contents_from_bytes

        contents = contents_from_bytes(data, PLAN_FORMAT, subject)
        for name, digest in contents.zones.items():
            if clocks_digest(name) != digest:
                message = f"{subject} was compiled with other clocks for the time zone `{name}` than are installed here"
                raise ProgramError(message, "compile it anew, or install the same version of the package `tzdata`")
        self.names, self.schema, self.digest = contents.names, contents.schema, contents.digest
        self.paths, self._zones, self._origin = contents.paths, dict(contents.zones), contents.origin
        self._lock = threading.Lock()
        self._tail = None
        self._half_of = {TRUE: contents.half}
        self._matcher_once = None
        self._latest_base = None

    def __getstate__(self) -> bytes:
        return b"".join(self._parts())

    def __setstate__(self, state: object) -> None:
        """Take over a pickled program; errors as `load_program`."""
        from fasttwitch.engine.artefact.program_file import aligned

        if not isinstance(state, bytes):
            raise ProgramError("the program was pickled by an older version of fasttwitch", "compile it anew")
        self.take_over(aligned(state), "the program")

    def __repr__(self) -> str:
        return f"Program({len(self.names)} segments over {len(self.attributes)} attributes)"


def _digest(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def clocks_digest(name: str) -> str:
    """Return the digest of a zone's clocks, "" for a zone that is not installed."""
    zone = read_zone(name)
    return "" if zone is None else zone.digest
