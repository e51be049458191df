"""Conflicts of random rules, held against sets of customers, against DuckDB, and against customers not seen before."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random

import duckdb
import pyarrow as pa

import fasttwitch as ft
from fasttwitch.exporters.duckdb_sql import to_duckdb_sql
from fasttwitch.lint.conflict_findings import KINDS, PROVED
from fasttwitch.lint.telling import MOST_BY_CHANCE
from tests.core.exporters.duckdb_trials import UNREADABLE, missing_columns, readable
from tests.generators.batches import table
from tests.generators.trials import Trial
from tests.oracle.instants import moment
from tests.sweeps.verdicts import SEGMENT, accepted, case

Members = Mapping[str, frozenset[int]]  # rows by segment


@dataclass(slots=True)
class Compared:
    """How much has been compared.

    pairs     of segments
    findings  held against the sets of rows
    in_duckdb, unseen  findings that DuckDB has counted, and proved ones held against other customers
    by_chance, implied  pairs that were left out, and rightly so
    """

    pairs: int = 0
    findings: int = 0
    in_duckdb: int = 0
    unseen: int = 0
    by_chance: int = 0
    implied: int = 0


def check_conflicts(trial: Trial, random: Random, compared: Compared) -> list[str]:
    """Return what is wrong with the conflicts of a trial's rules, in words.

    Asked of all rules, of some as drafts beside the others, and of one in place of another.
    """
    trial = usable(trial)
    program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    source = random.choice((trial.table, program.encode(trial.table)))
    live, drafts = split(trial, random)
    replaced, changed = with_replaced(trial, random)
    now, threads, kinds = moment(trial.shape.now), random.choice((1, 2)), random.choice((None, KINDS))
    base = ft.compile(ft.load_ruleset(live.document), trial.shape.schema).encode(trial.table)  # no codes of drafts
    asked = [
        (trial, list(trial.rules), ft.conflicts(program, source, now, threads, kinds=kinds)),
        (
            replace(live, rules={**live.rules, **drafts}),
            list(drafts),
            ft.conflicts(ft.load_ruleset(live.document), base, now, threads, drafts=drafts),
        ),
        (replaced, list(changed), ft.conflicts(program, source, now, threads, drafts=changed)),
    ]
    wrong: list[str] = []
    for about, names, found in asked:
        truths = case(about).truths
        members = {name: frozenset(row for row, truth in enumerate(truths[name]) if truth is True) for name in truths}
        compared.pairs += found.compared
        compared.findings += len(found)
        compared.by_chance += found.by_chance
        compared.implied += found.implied
        wrong += false_findings(found, members)
        wrong += missing(found, members, names)
        wrong += refuted_by_others(about, found, random, compared)
        wrong += refuted_by_duckdb(about, found, compared)
    return wrong


def split(trial: Trial, random: Random) -> tuple[Trial, dict[str, str]]:
    """Return a trial of the rules that do not need certain three, and those of the three that need no others."""
    chosen = random.sample(list(trial.rules), min(3, len(trial.rules)))
    live: dict[str, str] = {}
    for name, text in trial.rules.items():
        if name not in chosen and all(other in live for other in SEGMENT.findall(text)):
            live[name] = text
    drafts: dict[str, str] = {}
    for name, text in trial.rules.items():
        if name in chosen and all(other in live or other in drafts for other in SEGMENT.findall(text)):
            drafts[name] = text
    if not drafts:
        drafts["draft"] = "true"
    return replace(trial, rules=live), drafts


def with_replaced(trial: Trial, random: Random) -> tuple[Trial, dict[str, str]]:
    """Return a trial in which a rule has the text of an earlier one, and that rule: others may refer to it."""
    names = list(trial.rules)
    place = random.randrange(len(names))
    text = trial.rules[names[random.randrange(place)]] if place else "false"
    return replace(trial, rules={**trial.rules, names[place]: text}), {names[place]: text}


def usable(trial: Trial) -> Trial:
    """Return a trial without the rules that are refused."""
    kept, _ = accepted(case(replace(trial, table=trial.table.slice(0, 0))))
    return replace(kept.trial, table=trial.table)


def false_findings(found: ft.Conflicts, members: Members) -> Iterator[str]:
    """Yield the findings that are not true of the customers at hand, or name the wrong ones."""
    for one in found:
        sets = [members[name] for name in one.segments]
        if not is_true(one.kind, sets, found.customers) or list(one.customers) != [len(some) for some in sets]:
            yield f"{one}: is not so"
        if len(one.segments) == 1:
            continue
        first, second = sets
        shown = {witness.inside: witness.row for witness in one.witnesses}
        expected = {one.segments: first & second, one.segments[:1]: first - second, one.segments[1:]: second - first}
        if shown != {inside: min(rows) for inside, rows in expected.items() if rows}:
            yield f"{one}: shows {shown}"


def is_true(kind: str, sets: Sequence[frozenset[int]], rows: int) -> bool:
    """Return whether a conflict is true of the sets of rows of its segments."""
    match kind:
        case "empty":
            return not sets[0]
        case "everybody":
            return len(sets[0]) == rows
        case "equal":
            return sets[0] == sets[1]
        case "contained":
            return sets[0] < sets[1]
    return sets[0].isdisjoint(sets[1])


def missing(found: ft.Conflicts, members: Members, asked: Sequence[str]) -> Iterator[str]:
    """Yield what should have been found of the segments that were asked for, and neither was nor follows from it."""
    told = {(one.kind, one.segments) for one in found}
    told |= {(kind, names[::-1]) for kind, names in told if kind in ("equal", "disjoint")}
    for name in asked:
        kind = {0: "empty", found.customers: "everybody"}.get(len(members[name]))
        if kind in found.kinds and (kind, (name,)) not in told:
            yield f"{name} is {kind}, which was not told"
    beside = [name for name, rows in members.items() if 0 < len(rows) < found.customers]
    pairs = [pair for pair in combinations(beside, 2) if not set(asked).isdisjoint(pair)]
    if found.compared != len(pairs):
        yield f"{found.compared} pairs are said to be compared, not {len(pairs)}"
    told |= apart_like_equals(told, members, asked)
    inside = nested(told, members, asked)
    related = 0
    for one, other in pairs:
        smaller, larger = sorted((one, other), key=lambda name: len(members[name]))
        kind = relation(members[smaller], members[larger])
        if kind not in found.kinds:
            continue
        related += 1
        if (kind, (smaller, larger)) in told or follows(kind, smaller, larger, told, inside):
            continue
        if not is_likely(kind, members[smaller], members[larger], found.customers, len(pairs)):
            yield f"{smaller} and {larger} are {kind}, which was neither told nor follows"
    shown = sum(len(one.segments) == 2 for one in found)
    counted = shown + found.implied + found.by_chance
    if set(found.kinds) == set(KINDS) and related != counted:
        yield f"{related} pairs are related, but {counted} were counted"


def relation(smaller: frozenset[int], larger: frozenset[int]) -> str:
    """Return how two sets that are neither empty nor everything lie to each other, "" for nothing special."""
    if smaller.isdisjoint(larger):
        return "disjoint"
    if smaller == larger:
        return "equal"
    return "contained" if smaller < larger else ""


def apart_like_equals(
    told: Iterable[tuple[str, tuple[str, ...]]], members: Members, asked: Sequence[str]
) -> set[tuple[str, tuple[str, ...]]]:
    """Return the disjoint pairs of drafts that are equal to another segment: that one is known to be so."""
    found: set[tuple[str, tuple[str, ...]]] = set()
    for kind, names in told:
        if kind == "equal" and names[0] in asked and names[1] not in asked:
            apart = [name for name in members if members[name].isdisjoint(members[names[1]]) and name not in asked]
            found |= {("disjoint", pair) for name in apart for pair in ((names[0], name), (name, names[0]))}
    return found


def nested(told: Iterable[tuple[str, tuple[str, ...]]], members: Members, asked: Sequence[str]) -> dict[str, set[str]]:
    """Return by segment those around it, itself among them, as far as a reader of the findings knows.

    Drafts are not told how all others lie to each other: there the sets of rows count.
    """
    inside = {name: {name} for name in members}
    for kind, names in told:
        if kind in ("equal", "contained"):
            inside[names[0]].add(names[1])
    others = [name for name in members if name not in asked]
    for one in others:
        inside[one].update(other for other in others if members[one] <= members[other])
    for middle in members:  # Warshall's closure
        for name in members:
            if middle in inside[name]:
                inside[name] |= inside[middle]
    return inside


def follows(
    kind: str,
    one: str,
    other: str,
    told: Iterable[tuple[str, tuple[str, ...]]],
    inside: Mapping[str, set[str]],
) -> bool:
    """Return whether a relation follows from what was told."""
    if kind == "equal":
        return other in inside[one] and one in inside[other]
    if kind == "contained":
        return other in inside[one]
    return any(named == "disjoint" and names[0] in inside[one] and names[1] in inside[other] for named, names in told)


def is_likely(kind: str, smaller: frozenset[int], larger: frozenset[int], rows: int, pairs: int) -> bool:
    """Return whether chance may have brought about a relation, or nearly so: where it is close, both are right."""
    room = rows - len(larger) if kind == "disjoint" else len(larger)
    chance = math.comb(room, len(smaller)) / math.comb(rows, len(smaller))
    return chance * (1 + 1e-6) > MOST_BY_CHANCE / pairs


def refuted_by_others(trial: Trial, found: ft.Conflicts, random: Random, compared: Compared) -> Iterator[str]:
    """Yield proved findings that are not true of customers, or at an instant, that the search has not seen."""
    proved = [one for one in found if one.certainty == PROVED]
    program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    others = table(random, trial.shape, 200)
    for now in (moment(trial.shape.now), moment(random.randrange(0, 2_000_000_000_000_000))):
        audiences = program.select(others, now=now, threads=1)
        sets = {name: frozenset(_rows(audiences.mask(name))) for name in audiences.names}
        for one in proved:
            compared.unseen += 1
            if not holds(one, [sets[name] for name in one.segments], others.num_rows):
                yield f"{one}: proved, and not so of other customers at {now}"


def holds(one: ft.Conflict, sets: Sequence[frozenset[int]], rows: int) -> bool:
    """Return whether a proved conflict is true of any customers, of whom nobody may be in any segment."""
    return sets[0] <= sets[1] if one.kind == "contained" else is_true(one.kind, sets, rows)


def refuted_by_duckdb(trial: Trial, found: ft.Conflicts, compared: Compared) -> Iterator[str]:
    """Yield the findings for which DuckDB counts other customers in both segments, or in one of them alone."""
    data, ruleset = readable(trial.table), ft.load_ruleset(trial.document)
    connection = duckdb.connect(config={"threads": 1})
    connection.register("customers", data)
    sql: dict[str, str | None] = {}
    for one in found:
        for name in one.segments:
            if name not in sql:
                sql[name] = None if missing_columns(trial, name, data) else _sql(ruleset, trial, name)
        texts = [sql[name] for name in one.segments]
        if None in texts:
            continue
        first, second = texts[0], texts[-1]
        asked = (f"{first} AND {second}", f"{first} AND NOT {second}", f"{second} AND NOT {first}")
        query = f"SELECT {', '.join(f'count_if({one})' for one in asked)} FROM customers"
        try:
            counted = connection.execute(query).fetchone()
        except duckdb.Error as error:
            if UNREADABLE not in str(error):
                yield f"{one}: DuckDB says {error}"
            continue
        compared.in_duckdb += 1
        if counted != expected_counts(one):
            yield f"{one}: DuckDB counts {counted}"


def expected_counts(one: ft.Conflict) -> tuple[int, int, int]:
    """Return how many customers are in both segments, in the first alone, in the second alone; one counts as two."""
    first, second = one.customers[0], one.customers[-1]
    both = 0 if one.kind == "disjoint" else first
    return both, first - both, second - both


def _sql(ruleset: ft.Ruleset, trial: Trial, name: str) -> str | None:
    try:
        said = to_duckdb_sql(ruleset, trial.shape.schema, segment=name, now=moment(trial.shape.now))
    except ft.ExporterError:
        return None
    return f"coalesce({said}, false)"


def _rows(mask: pa.BooleanArray) -> Iterator[int]:
    return (row for row, value in enumerate(mask.to_pylist()) if value)
