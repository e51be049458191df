"""A compiled ruleset."""

import hashlib
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from fasttwitch.batch.columns import ArrowStream, as_table
from fasttwitch.engine.audiences import Audiences
from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.clock import instant, microseconds
from fasttwitch.engine.half import Half
from fasttwitch.engine.run import Outcome, counts_by_name, run
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.errors import DataError
from fasttwitch.library.zones import read_zone
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.compiler import compile_plan
from fasttwitch.plan.lowering import FALSE, TRUE
from fasttwitch.plan.reads import attributes_of, zones_of
from fasttwitch.pool import MOST_THREADS, default_threads
from fasttwitch.ruleset import Ruleset, dependency_order

if TYPE_CHECKING:
    from fasttwitch.engine.delta import Delta
    from fasttwitch.engine.explaining import Explainer, OneCustomer
    from fasttwitch.engine.match import Match
    from fasttwitch.engine.matching import Matcher, Profile, Row
    from fasttwitch.engine.moves import Moves
    from fasttwitch.engine.point import Point
    from fasttwitch.explanation.exclusions import Exclusions
    from fasttwitch.explanation.explained import Explanation

PLAN_FORMAT = 3  # raised whenever codes or programs change their meaning, or plans their shape
Data: TypeAlias = ArrowStream | pa.Table | pa.RecordBatch | EncodedBase


class Program:
    """A ruleset compiled for a schema: immutable, picklable, safe to share between threads.

    names       the segments, in the order of the document
    attributes  the columns that the program reads, dotted where they are fields of structs
    ruleset     what it was compiled from
    schema      the schema it was compiled for
    digest      "sha256:…": the same rules, schema, plan format and clocks of time zones have the same digest
    """

    def __init__(
        self, ruleset: Ruleset, schema: pa.Schema, trees: Mapping[str, Expression], names: Sequence[str] = ()
    ) -> None:
        self.ruleset = ruleset
        self.schema = schema
        self.names = tuple(names or ruleset.segments)
        self._trees = dict(trees)
        self._lock = threading.Lock()
        self._half_of: dict[int, Half] = {TRUE: Half(compile_plan(self.names, self._trees, TRUE))}
        self._matcher_once: Matcher | None = None
        self._latest_base: weakref.ref[EncodedBase] | None = None

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The columns that the rules name, in order of first use."""
        return tuple(".".join(path) for path in self._paths)

    @cached_property
    def _paths(self) -> tuple[tuple[str, ...], ...]:
        # Not those that the plan reads: where a rule is false may depend on more than where it is true.
        return tuple(dict.fromkeys(found.path for tree in self._trees.values() for found in attributes_of(tree)))

    @cached_property
    def _zones(self) -> dict[str, str]:
        """The digest of each time zone that the rules name."""
        names = {name for tree in self._trees.values() for name in zones_of(tree)}
        return {name: clocks_digest(name) for name in sorted(names)}

    @cached_property
    def digest(self) -> str:
        """The identity of rules, schema, plan format and of the clocks of the time zones in use."""
        zones = [f"{name} {digest}" for name, digest in self._zones.items()]
        schema = self.schema.remove_metadata().to_string()
        parts = (self.ruleset.digest, *self.names, str(PLAN_FORMAT), schema, *zones)
        return "sha256:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def select(
        self, data: Data, now: datetime | None = None, threads: int | None = None, keep: Sequence[str] | None = None
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
        """Return the data with its codes, for many runs over the same rows.

        Errors: as `select`.
        """
        if isinstance(data, pa.RecordBatch):
            data = pa.Table.from_batches([data])
        if isinstance(data, pa.Table) or not hasattr(data, "__arrow_c_stream__"):
            table = as_table(data, self._columns(()))
        else:  # updates find customers by the key, which no rule need read; all else of a stream is gone
            reader = pa.RecordBatchReader.from_stream(data)
            key = self.ruleset.key
            table = as_table(reader, self._columns((key,) if reader.schema.names.count(key) == 1 else ()))
        base = EncodedBase(data if isinstance(data, pa.Table) else table, self)
        base.job(self.half(TRUE), microseconds(instant(None)), checked_threads(threads))
        self._latest_base = weakref.ref(base)
        return base

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

    def row(self, profile: Mapping[str, object], extra: str = "error") -> "Row":
        """Return a customer prepared for this program, to be matched any number of times.

        profile  any attributes of the schema; absent ones are null
        extra    "error", or "ignore" for names that the schema lacks

        Errors: DataError for a value that its attribute cannot hold, or a name that the schema lacks.
        """
        return self._matcher.row(profile, extra)

    def match(self, profile: "Profile", now: datetime | None = None, extra: str = "error") -> "Match":
        """Return the segments of one customer: exactly those whose rules are true.

        profile  a mapping of attributes, a `row`, or a row of an EncodedBase (`base.row(number)`); what is missing is
                 None or absent: NaN, which rows of pandas also hold where a number is missing, is a number
        now      as `select`
        extra    as `row`

        Errors: as `row`; DataError for a row that was prepared for another program.
        """
        return self._matcher.match(profile, now, extra)

    def match_many(
        self,
        profiles: "Iterable[Profile]",
        now: datetime | None = None,
        extra: str = "error",
        threads: int | None = None,
    ) -> "Sequence[Match]":
        """Return the segments of several customers, in the order of `profiles`; arguments and errors as `match`.

        threads  as `select`; one reads the profiles, all find the segments
        """
        return self._matcher.match_many(profiles, now, extra, checked_threads(threads))

    def delta(
        self,
        before: "Profile",
        after: "Profile",
        now: datetime | None = None,
        since: datetime | None = None,
        extra: str = "error",
    ) -> "Delta":
        """Return the segments that a customer has entered and left, and why; only what a change touches is asked.

        before, after  the customer as it was and as it is: mappings or prepared rows
        now            as `select`
        since          the instant of `before`; that of `now` if not given: then no time has passed

        Errors: as `match`; DataError if `since` is later than `now`.
        """
        return self._matcher.delta(before, after, now, since, extra)

    def advance(
        self, row: "Row", changes: "Mapping[str, object]", now: datetime | None = None, extra: str = "error"
    ) -> "tuple[Row, Delta]":
        """Return a prepared customer after some changes, and what these and the passing of time have done to it.

        row      from `row`, or from an earlier call of this, whose instant it remembers
        changes  attributes with what they are now, None for what is not known any more; {} if only time has passed
        now      as `select`; an instant before the row's own is an error

        Errors: as `row`.
        """
        return self._matcher.advance(row, changes, now, extra)

    def due(self, profile: "Profile", now: datetime | None = None, extra: str = "error") -> datetime | None:
        """Return the next instant, UTC, at which time alone makes a customer enter or leave a segment; None for never.

        profile  a mapping or a prepared row
        now      as `select`: the instant after which to look

        Whoever is looked at again then, and whenever it changes, has missed nothing. Where rules would have to be
        looked at more than 20,000 times until then, such as those about seconds, an earlier instant may be told.

        Errors: as `match`; DataError if a rule follows the clock in a way of which nobody can say when it changes.
        """
        return self._matcher.due(profile, now, extra)

    def sweep(self, base: EncodedBase, since: datetime, now: datetime | None = None) -> "Moves":
        """Return which customers of a base have entered and left which segments because time has passed.

        Costs as much as there are customers of whom an age has passed a limit of a rule meanwhile, however many there
        are in all; with rules that ask for the hour, the day of the week or the like, everybody is looked at.

        base   from `encode`
        since  the instant of the last sweep, or of the last `select`
        now    as `select`

        Errors: DataError if `since` is later than `now`, or for a base that lacks a column.
        """
        return self._matcher.sweep(base, since, now)

    def analyze(self, data: Data) -> None:
        """Lay the rules out for customers like those in `data`: which conditions are rare decides how fast `match` is.

        Answers do not change. Without it, all classes of values are taken to be equally frequent; a base that this
        program has encoded before its first match counts as analyzed.

        Errors: as `select`.
        """
        self._matcher.analyze(data)

    def explain(
        self, profile: "OneCustomer", segment: str, now: datetime | None = None, extra: str = "error"
    ) -> "Explanation":
        """Return why a segment is true, false or unknown for one customer, and the nearest change that makes it true.

        profile  a mapping of attributes, one row of a table, or a row of an EncodedBase (`base.row(number)`)
        now      as `select`
        extra    as `row`, for mappings

        Errors: DataError for an unknown segment, and for a profile that does not fit the schema.
        """
        return self.explainer.explain(profile, segment, now, extra)

    def exclusions(
        self, data: Data, segment: str, now: datetime | None = None, threads: int | None = None
    ) -> "Exclusions":
        """Return how many customers each condition of a segment keeps out, and how many it keeps out alone.

        Arguments and errors as `select`; DataError for an unknown segment.
        """
        return self.explainer.exclusions(data, segment, now, threads)

    @cached_property
    def explainer(self) -> "Explainer":
        """The questions of `explain` and `exclusions`, kept ready to be asked again."""
        from fasttwitch.engine.explaining import Explainer

        return Explainer(self)

    @property
    def _matcher(self) -> "Matcher":
        """What single customers need; made when it is first asked for."""
        matcher = self._matcher_once
        if matcher is None:
            from fasttwitch.engine.matching import Matcher

            base = self._latest_base() if self._latest_base is not None else None
            fresh = Matcher(self, base)
            with self._lock:
                matcher = self._matcher_once = self._matcher_once or fresh
        return matcher

    @property
    def true_point(self) -> "Point":
        """The half that finds where rules are true for single customers."""
        return self._matcher.true_point

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
                    half = self._half_of[mode] = Half(compile_plan(self.names, self._trees, mode))
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

    def _columns(self, keep: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys([path[0] for path in self._paths] + list(keep)))

    def _source(self, data: Data, keep: Sequence[str]) -> "pa.Table | Snapshot":
        return data.snapshot if isinstance(data, EncodedBase) else as_table(data, self._columns(keep))

    def __getstate__(self) -> dict[str, Any]:
        return {
            "ruleset": self.ruleset,
            "schema": self.schema,
            "names": self.names,
            "trees": self._trees,
            "plan": self.half(TRUE).plan,
            "zones": self._zones,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over a pickled program.

        Errors: DataError if this machine's time zones differ from those it was compiled with, for a zone that it uses.
        """
        for name, digest in state["zones"].items():
            if clocks_digest(name) != digest:
                message = (
                    f"the program was compiled with other clocks for the time zone `{name}` than are installed here"
                )
                raise DataError(message, "compile it anew, or install the same version of the package `tzdata`")
        self.ruleset, self.schema, self.names = state["ruleset"], state["schema"], state["names"]
        self._trees = state["trees"]
        self._lock = threading.Lock()
        self._half_of = {TRUE: Half(state["plan"])}
        self._matcher_once = None
        self._latest_base = None

    def __repr__(self) -> str:
        return f"Program({len(self.names)} segments over {len(self.attributes)} attributes)"


def clocks_digest(name: str) -> str:
    """Return the digest of a zone's clocks, "" for a zone that is not installed."""
    zone = read_zone(name)
    return "" if zone is None else zone.digest


def checked_threads(threads: int | None) -> int:
    """Return how many threads to use: all processors if nothing is said.

    Errors: DataError for what is no such number.
    """
    """Return how many threads to use: all processors if nothing is said.

    Errors: DataError for what is no such number.
    """
    if threads is None:
        return default_threads()
    if not hasattr(threads, "__index__") or not 1 <= threads <= MOST_THREADS:
        raise DataError(f"`threads` is {threads!r}", f"give a number from 1 to {MOST_THREADS}")
    return threads
