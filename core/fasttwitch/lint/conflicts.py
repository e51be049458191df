"""Which segments are empty, hold everybody, are equal, lie inside one another, or have nobody in common."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pyarrow as pa

from fasttwitch.batch.columns import as_table
from fasttwitch.batch.stored_values import visible
from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.clock import instant
from fasttwitch.engine.compile import compile_ruleset
from fasttwitch.engine.program import Data, Program
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.errors import DataError
from fasttwitch.lint.compared import Compared
from fasttwitch.lint.conflict_findings import DISJOINT, KINDS, Conflicts
from fasttwitch.lint.conflict_search import search_all, search_drafts
from fasttwitch.lint.evidence import Evidence
from fasttwitch.lint.members import Members, kept_members, members
from fasttwitch.lint.proofs import proofs_of
from fasttwitch.logic.names import nearest
from fasttwitch.pool import default_threads
from fasttwitch.ruleset import Ruleset, dependency_order

# Steps of proofs, some 3 µs each: of pairs that may be chance, and then of what is told. Of drafts fewer, because
# whoever drafts is waiting.
STEPS_OF_ALL = (50_000, 100_000)
STEPS_OF_DRAFTS = (1_000, 4_000)


def conflicts(
    ruleset: Ruleset | Program,
    base: Data,
    now: datetime | None = None,
    threads: int | None = None,
    drafts: Mapping[str, str] | None = None,
    kinds: Iterable[str] | None = None,
) -> Conflicts:
    """Return which segments are empty, hold everybody, are equal, lie inside one another, or have nobody in common.

    ruleset  a Ruleset, which is compiled for the columns of `base`, or a Program
    base     the customers: an EncodedBase, or what else `Program.select` takes
    now, threads  as `Program.select`
    drafts   rules by name, as `Program.draft`: only what they have to do with each other and with the segments of the
             ruleset is looked for. One with the name of a segment stands in its place, also where others refer to it.
    kinds    what to look for, of "empty", "everybody", "equal", "contained", "disjoint"; by default all of them, but
             disjoint pairs only for drafts: among many segments nearly all have somebody they have nothing to do with

    Each finding is "proved", by the rules alone, or "observed", true of these customers. Proofs that would take long
    are not made: such a finding is called observed. Observed pairs that chance may have brought about, because one
    segment is very small or very large, are counted and not told.

    Of a Program over an EncodedBase the masks of all segments are kept until one of the two goes, those of the two
    latest programs of a base: 125 MB for 1,000 segments of a million customers. If a rule reads the clock, they are
    made anew for each instant: give `now` when asking often.

    Errors: RulesetError as `compile`; DataError as `Program.select`, for an unknown kind, and for no drafts at all.
    """
    at = instant(now)
    wanted = _wanted(kinds, drafts)
    opened = base.snapshot if isinstance(base, EncodedBase) else _opened(base)
    program = ruleset if isinstance(ruleset, Program) else compile_ruleset(ruleset, _schema_of(opened))
    drafted = _drafted(program, drafts) if drafts is not None else None
    source = opened if isinstance(opened, Snapshot) else _read(opened, program, drafted)
    whole = _looked_at(program, source, drafted, at, threads)
    compared = Compared(whole.counts, whole.masks, whole.rows, threads or default_threads())
    proofs = proofs_of(program, drafted.trees if drafted is not None else {})
    of_chance, of_told = STEPS_OF_ALL if drafts is None else STEPS_OF_DRAFTS
    proofs.allow(of_chance)
    found = search_all(compared, proofs, wanted) if drafts is None else search_drafts(compared, proofs, wanted, drafts)
    proofs.allow(of_told)
    table = source.table if isinstance(source, Snapshot) else source
    places = {name: place for place, name in enumerate(dict.fromkeys([*(drafts or ()), *whole.counts]))}
    evidence = Evidence(proofs, table, program.ruleset.key, places)
    asked = {name: whole.counts[name] for name in drafts or whole.counts}
    return Conflicts(
        findings=evidence.conflicts(asked, compared, found, wanted),
        segments=len(whole.counts),
        drafts=tuple(drafts or ()),
        customers=whole.rows,
        now=at,
        kinds=wanted,
        compared=found.related.compared,
        implied=found.implied,
        by_chance=found.by_chance,
    )


def _wanted(kinds: Iterable[str] | None, drafts: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return the kinds to look for, in their order."""
    if kinds is None:
        return tuple(kind for kind in KINDS if kind != DISJOINT or drafts is not None)
    asked = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    for kind in asked:
        if kind not in KINDS:
            meant = nearest(kind, KINDS)
            hint = f"did you mean `{meant}`?" if meant else f"one of {', '.join(f'`{one}`' for one in KINDS)}"
            raise DataError(f"there is no kind of conflict `{visible(kind)}`", hint)
    return tuple(kind for kind in KINDS if kind in asked)


def _opened(data: object) -> "pa.Table | pa.RecordBatchReader":
    """Return data whose schema can be asked for before they are read."""
    if isinstance(data, pa.Table | pa.RecordBatchReader):
        return data
    if hasattr(data, "__arrow_c_stream__") and not isinstance(data, pa.RecordBatch):
        return pa.RecordBatchReader.from_stream(data)
    return as_table(data, data.schema.names if isinstance(data, pa.RecordBatch) else ())


def _schema_of(opened: "Snapshot | pa.Table | pa.RecordBatchReader") -> pa.Schema:
    return opened.table.schema if isinstance(opened, Snapshot) else opened.schema


def _read(opened: "pa.Table | pa.RecordBatchReader", program: Program, drafted: Program | None) -> pa.Table:
    """Return a table of a stream: the columns that rules read, and the ids if there are any."""
    if isinstance(opened, pa.Table):
        return opened
    attributes = [*program.attributes, *(drafted.attributes if drafted is not None else ())]
    key = program.ruleset.key
    ids = [key] if key in opened.schema.names else []
    return as_table(opened, [*(name.split(".")[0] for name in attributes), *ids])


def _drafted(program: Program, drafts: Mapping[str, str]) -> Program:
    """Return a program of the drafts, and of the segments that refer to those that a draft replaces."""
    if not drafts:
        raise DataError("there are no drafts to compare", "give one, or no `drafts` at all to compare all segments")
    segments = program.ruleset.segments
    touched = {name for name in drafts if name in segments}
    if touched:
        for name in dependency_order(segments):
            if any(other in touched for other, _ in segments[name].references):
                touched.add(name)
    depending = {name: segments[name].when for name in program.names if name in touched and name not in drafts}
    return program.draft({**depending, **drafts})


def _looked_at(
    program: Program, source: Snapshot | pa.Table, drafted: Program | None, now: datetime, threads: int | None
) -> Members:
    """Return who is in which segment, drafts last."""
    if isinstance(source, Snapshot):
        live = kept_members(program, source, now, threads)
    else:
        live = members(program, source, now, threads)
    if drafted is None:
        return live
    # Not the codes of a base: it would keep those of each draft that anybody has ever tried, a byte a customer.
    own = members(drafted, source.table if isinstance(source, Snapshot) else source, now, threads)
    counts = {name: count for name, count in live.counts.items() if name not in own.counts}
    masks = {name: mask for name, mask in live.masks.items() if name not in own.counts}
    return Members(live.rows, now, {**counts, **own.counts}, {**masks, **own.masks})
