"""The ways to ask a program about single customers: each of them must give what the rules say, name by name."""

import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeAlias
from unittest.mock import patch

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.engine.part import laid_out
from fasttwitch.kernels.point import coarse, kills, places
from fasttwitch.kernels.point import index as index_room
from fasttwitch.plan.lowering import FALSE, TRUE
from tests.generators.profiles import naive_or_not

THREADS = 4
LATER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Some customers of a table, and the instant at which they are judged.

    profiles  what is known of each, as a mapping
    rows      number of each in the table
    """

    program: ft.Program
    table: pa.Table
    profiles: Sequence[Mapping[str, object]]
    rows: Sequence[int]
    now: datetime
    random: Random


Way: TypeAlias = Callable[[Asked], list[ft.Match]]


def by_mapping(asked: Asked) -> list[ft.Match]:
    """Ask with mappings."""
    return [asked.program.match(profile, now=asked.now) for profile in asked.profiles]


def by_row(asked: Asked) -> list[ft.Match]:
    """Ask with prepared rows, all of them prepared before the first is judged."""
    rows = [asked.program.row(profile) for profile in asked.profiles]
    return [asked.program.match(row, now=asked.now) for row in rows]


def by_base_row(asked: Asked) -> list[ft.Match]:
    """Ask with rows whose codes are kept."""
    base = asked.program.encode(asked.table, threads=1)
    return [asked.program.match(base.row(number), now=asked.now) for number in asked.rows]


def by_many_mappings(asked: Asked) -> list[ft.Match]:
    """Ask with all mappings at once."""
    return list(asked.program.match_many(list(asked.profiles), now=asked.now))


def by_many_rows(asked: Asked) -> list[ft.Match]:
    """Ask with all prepared rows at once."""
    return list(asked.program.match_many([asked.program.row(profile) for profile in asked.profiles], now=asked.now))


def by_many_base_rows(asked: Asked) -> list[ft.Match]:
    """Ask with all rows of a base at once."""
    base = asked.program.encode(asked.table, threads=1)
    return list(asked.program.match_many([base.row(number) for number in asked.rows], now=asked.now))


def by_many_of_all_sorts(asked: Asked) -> list[ft.Match]:
    """Ask with mappings, prepared rows and rows of a base in one list."""
    base = asked.program.encode(asked.table, threads=1)
    sorts: list[Mapping[str, object] | ft.Row | ft.BaseRow] = []
    for profile, number in zip(asked.profiles, asked.rows, strict=True):
        sorts.append(asked.random.choice((profile, asked.program.row(profile), base.row(number))))
    return list(asked.program.match_many(sorts, now=asked.now))


def by_strangers(asked: Asked) -> list[ft.Match]:
    """Ask with mappings that hold names which the schema lacks."""
    strangers = [{"nobody knows": object(), **profile, 5: None} for profile in asked.profiles]
    return [asked.program.match(profile, now=asked.now, extra="ignore") for profile in strangers]


def by_threads(asked: Asked) -> list[ft.Match]:
    """Ask from several threads, each about every customer in an order of its own; they must agree."""
    program = asked.program
    base = program.encode(asked.table, threads=1)
    shared = [program.row(profile) for profile in asked.profiles]
    found: list[list[ft.Match | None]] = [[None] * len(asked.profiles) for _ in range(THREADS)]
    wrong: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def work(number: int) -> None:
        order = list(range(len(asked.profiles)))
        Random(number).shuffle(order)
        start.wait()
        try:
            for place in order:
                who = (asked.profiles[place], shared[place], base.row(asked.rows[place]))[(number + place) % 3]
                found[number][place] = program.match(who, now=asked.now)
        except BaseException as error:
            wrong.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if wrong:
        raise wrong[0]
    whole = [[match for match in matches if match is not None] for matches in found]
    for other in whole[1:]:
        for place, (one, another) in enumerate(zip(whole[0], other, strict=True)):
            if (one.segments, one.unknown) != (another.segments, another.unknown):
                raise AssertionError(f"threads disagree about customer {asked.rows[place]}")
    return whole[0]


def by_other_hours(asked: Asked) -> list[ft.Match]:
    """Ask with prepared rows and rows of a base that have answered for other instants before."""
    program = asked.program
    base = program.encode(asked.table, threads=1)
    found = []
    for profile, number in zip(asked.profiles, asked.rows, strict=True):
        who = program.row(profile) if asked.random.random() < 0.5 else base.row(number)
        for distance in (LATER, 400 * 24 * LATER, -LATER):
            program.match(who, now=asked.now + distance)
        found.append(program.match(who, now=asked.now))
    return found


def by_another_base(asked: Asked) -> list[ft.Match]:
    """Ask with rows of a base that was encoded for every second segment only."""
    program = asked.program
    segments = {f"half-{name}": f'segment("{name}")' for name in program.names[::-2]}
    segments["all"] = " && ".join(f"{column} != null" for column in asked.table.column_names)
    base = program.draft(segments).encode(asked.table, threads=1)
    return [program.match(base.row(number), now=asked.now) for number in asked.rows]


def over_copy(way: Way) -> Way:
    """Return the way over a pickled program."""

    def ask(asked: Asked) -> list[ft.Match]:
        return way(with_program(asked, pickle.loads(pickle.dumps(asked.program))))

    return ask


def over_analyzed(way: Way) -> Way:
    """Return the way over a program that has seen how often which codes occur."""

    def ask(asked: Asked) -> list[ft.Match]:
        program = pickle.loads(pickle.dumps(asked.program))
        before = program.row(asked.profiles[0]) if asked.profiles else None
        program.analyze(asked.table if asked.random.random() < 0.5 else program.encode(asked.table, threads=1))
        if before is not None:  # a row outlives a new index
            program.match(before, now=asked.now)
        return way(with_program(asked, program))

    return ask


def over_homes(way: Way, home: str, *, changed: bool = False, grouped: bool = False) -> Way:
    """Return the way over an index that keeps its rules in one kind of home: small rulesets would never be listed.

    changed  bits lie in strips as narrow as can be, killed by lists wherever that can be, fetched ahead
    grouped  codes share rows of bits, however few they are
    """

    def ask(asked: Asked) -> list[ft.Match]:
        parts = [part for mode in (TRUE, FALSE) for part in asked.program.matcher.point(mode).parts]
        tables = [part.tables for part in parts]
        with ExitStack() as stack:
            if changed:
                stack.enter_context(patch.object(kills, "LINE_KILLS", 1e9))
                stack.enter_context(patch.object(kills, "END_KILLS", 1e9))
                stack.enter_context(patch.object(places, "_strip_lines", lambda gates: 1))
                stack.enter_context(patch.object(index_room, "FETCHES_FROM", 0))
            if grouped:
                stack.enter_context(patch.object(coarse, "MOST_ROWS", 1))
                stack.enter_context(patch.object(coarse, "MOST_GROUPS", 3))
                stack.enter_context(patch.object(coarse, "DOUBT_BYTES", 0))
                stack.enter_context(patch.object(kills, "LINE_KILLS", 0.0))
            fresh = [laid_out(part.plan.gates, None, home) for part in parts]
        try:
            for part, table in zip(parts, fresh, strict=True):
                part.tables = table
            matches = way(asked)
            for match in matches:  # the second half is asked when somebody wants to know
                assert match.segments is not None
                assert match.unknown is not None
        finally:
            for part, table in zip(parts, tables, strict=True):
                part.tables = table
        return matches

    return ask


def with_program(asked: Asked, program: ft.Program) -> Asked:
    """Return the same question to another program; `now` may come in another form."""
    now = naive_or_not(asked.random, asked.now)
    return Asked(program, asked.table, asked.profiles, asked.rows, now, asked.random)


MAIN_WAYS: Mapping[str, Way] = {
    "mapping": by_mapping,
    "row": by_row,
    "base row": by_base_row,
    "many mappings": by_many_mappings,
    "many rows": by_many_rows,
    "row, in lists": over_homes(by_row, "listed"),
}
OTHER_WAYS: Mapping[str, Way] = {
    "many base rows": by_many_base_rows,
    "many of all sorts": by_many_of_all_sorts,
    "strangers": by_strangers,
    "threads": by_threads,
    "other hours": by_other_hours,
    "another program's base": by_another_base,
    "mapping, by bits": over_homes(by_mapping, "flat"),
    "mapping, in lists": over_homes(by_mapping, "listed"),
    "mapping, by kills": over_homes(by_mapping, "flat", changed=True),
    "mapping, by groups of codes": over_homes(by_mapping, "flat", grouped=True),
    "many mappings, by kills": over_homes(by_many_mappings, "flat", changed=True),
    "many mappings, in lists": over_homes(by_many_mappings, "listed"),
    "many mappings, by bits": over_homes(by_many_mappings, "flat"),
    "base row, in lists": over_homes(by_base_row, "listed"),
    **{f"pickled, {name}": over_copy(way) for name, way in MAIN_WAYS.items()},
    **{f"analyzed, {name}": over_analyzed(way) for name, way in MAIN_WAYS.items()},
    "analyzed, threads": over_analyzed(by_threads),
}
