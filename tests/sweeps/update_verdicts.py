"""Bases that change batch by batch: what they answer is what a base of the changed table answers, and who has moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa

import fasttwitch as ft
from tests.generators.batches import Column, array
from tests.generators.profiles import said_profiles
from tests.generators.trials import Trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import answers
from tests.sweeps.verdicts import accepted, case

KEY = "who"
MOST_CHANGED = 3  # attributes in a batch, mostly one
ASKED = 6  # customers after each batch, one by one
TRUTH = 4  # of so many batches, one is compared with the slow truth
PAUSE = timedelta(days=30, hours=5)

Answers = dict[str, list[bool]]


@dataclass(slots=True)
class Updated:
    """How much has been compared.

    batches  updates
    changes  rows of these
    moves    segments entered and left
    causes   of them that were compared with those of a delta
    answers  of segments about customers of a base that had been updated
    """

    batches: int = 0
    changes: int = 0
    moves: int = 0
    causes: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes of some customers.

    numbers  their rows, repeated ones among them
    """

    numbers: list[int]
    columns: dict[str, pa.Array]


class Bases:
    """A base under test, the table that it should be, and the programs that share it."""

    def __init__(self, trial: Trial, random: Random) -> None:
        kept, _ = accepted(case(replace(trial, table=trial.table.slice(0, 0))))
        self.trial = replace(kept.trial, table=trial.table)
        ids = [f"customer {number * 7919}" for number in range(trial.table.num_rows)]
        identified = random.choice((pa.array(ids), pa.array([7 * len(one) + 13 * n for n, one in enumerate(ids)])))
        self.table = trial.table.append_column(KEY, identified)
        document: dict[str, Any] = {**self.trial.document, "key": KEY}
        names = list(self.trial.rules)
        ruleset = ft.load_ruleset(document)
        schema = self.table.schema
        self.programs = [ft.compile(ruleset, schema), ft.compile(ruleset.only(names[::2] or names), schema)]
        self.late = ft.compile(ruleset.only(names[1::2] or names), schema)  # asks for the first time after some updates
        self.base = self.programs[0].encode(self.table, threads=1)
        self.now = moment(trial.shape.now)

    def step(self, random: Random, updated: Updated) -> list[str]:
        """Return what is wrong about one more update, in words."""
        batch = drawn(random, self.trial.shape.columns, self.table.num_rows)
        program = random.choice(self.programs)
        before = self.table
        changes = pa.table(batch.columns)
        if random.random() < 0.5:
            told = self.base.update(changes, now=self.now, program=program, numbers=batch.numbers)
        else:
            ids = before.column(KEY).take(pa.array(batch.numbers, pa.int64()))
            told = self.base.update(changes.append_column(KEY, ids), now=self.now, program=program)
        self.table = changed(before, batch)
        updated.batches += 1
        updated.changes += len(batch.numbers)
        wrong = [] if told.changed_rows.tolist() == sorted(set(batch.numbers)) else ["other rows have changed"]
        was, is_now = (selected(program, table, self.now) for table in (before, self.table))
        if updated.batches % TRUTH == 0:
            truth = answers(self.trial.world, rows(self.table.drop_columns([KEY])))
            wrong += [
                f"{name}: the slow truth is another"
                for name in is_now
                if is_now[name] != [one is True for one in truth[name]]
            ]
        for name in program.names:
            pairs = list(zip(was[name], is_now[name], strict=True))
            entered = [row for row, pair in enumerate(pairs) if pair == (False, True)]
            left = [row for row, pair in enumerate(pairs) if pair == (True, False)]
            found = told.entered_rows(name).to_pylist(), told.left_rows(name).to_pylist()
            if found != (entered, left) or (told.entered.get(name, 0), told.left.get(name, 0)) != (
                len(entered),
                len(left),
            ):
                wrong.append(f"{name}: entered and left {found} and not {(entered, left)}")
                continue
            updated.moves += len(entered) + len(left)
            if entered or left:
                wrong += self.causes_differ(program, told, name, random.choice(entered + left), before, random, updated)
                if sum(told.causes(name).values()) != len(entered) + len(left):
                    wrong.append(f"{name}: causes of {told.causes(name)} and not of {len(entered + left)}")
        return wrong + self.base_differs(random, updated)

    def causes_differ(
        self, program: ft.Program, told: Any, name: str, row: int, before: pa.Table, random: Random, updated: Updated
    ) -> list[str]:
        """Return whether the cause of one move is another than that of a delta of two profiles."""
        schema = self.table.schema
        was, is_now = (said_profiles(random, rows(table.slice(row, 1)), schema)[0] for table in (before, self.table))
        if was is None or is_now is None:
            return []
        updated.causes += 1
        expected = program.delta(was, is_now, now=self.now).causes[name]
        found = told.cause(name, row)
        return [] if found == expected else [f"{name} of row {row}: caused by {found}, and not {expected}"]

    def base_differs(self, random: Random, updated: Updated) -> list[str]:
        """Return where the base answers otherwise than the table that it should be."""
        wrong = []
        programs = [*self.programs, self.late] if updated.batches % 3 == 0 else self.programs
        now = self.now + random.choice((timedelta(0), timedelta(0), PAUSE))
        for program in programs:
            found, expected = (
                program.select(self.base, now=now, threads=1),
                program.select(self.table, now=now, threads=1),
            )
            masks = masks_of(expected)
            updated.answers += len(masks) * self.table.num_rows
            wrong += [f"{name}: another mask of the base" for name in masks if masks[name] != masks_of(found)[name]]
            if found.unknown != expected.unknown:
                wrong.append("other numbers of unknown")
            for row in random.choices(range(self.table.num_rows), k=ASKED):
                match = program.match(self.base.row(row), now=now)
                if match.segments != tuple(name for name in program.names if masks[name][row]):
                    wrong.append(f"row {row}: a match of {match.segments}")
            numbers = random.choices(range(self.table.num_rows), k=ASKED)
            for row, match in zip(
                numbers, program.match_many([self.base.row(row) for row in numbers], now=now), strict=True
            ):
                if match.segments != tuple(name for name in program.names if masks[name][row]):
                    wrong.append(f"row {row}: a match of many of {match.segments}")
        program = random.choice(self.programs)
        fresh = program.encode(self.table, threads=1)
        ours, theirs = (program.sweep(one, since=self.now, now=self.now + PAUSE) for one in (self.base, fresh))
        for name in program.names:
            for one, other in ((ours.entered_rows, theirs.entered_rows), (ours.left_rows, theirs.left_rows)):
                if one(name).to_pylist() != other(name).to_pylist():
                    wrong.append(f"{name}: another sweep")
        # As texts: NaN is not itself.
        if random.random() < 0.2 and repr(rows(self.base.table)) != repr(rows(self.table)):
            wrong.append("another table")
        return wrong


def drawn(random: Random, columns: Sequence[Column], customers: int) -> Batch:
    """Return changes of one to three columns, of customers who may come twice."""
    count = random.choice((0, 1, 1, 2, 5, 30, customers))
    chosen = random.sample(list(columns), min(random.choice((1, 1, 1, 2, MOST_CHANGED)), len(columns)))
    numbers = [random.randrange(customers) for _ in range(count)]
    return Batch(numbers, {column.name: array(random, column, count) for column in chosen})


def changed(table: pa.Table, batch: Batch) -> pa.Table:
    """Return the table after a batch, cell by cell."""
    latest = {number: place for place, number in enumerate(batch.numbers)}
    for name, values in batch.columns.items():
        column = table.column(name)
        cells = [
            values.slice(latest[row], 1) if row in latest else pa.concat_arrays(column.slice(row, 1).chunks)
            for row in range(table.num_rows)
        ]
        table = table.set_column(table.schema.names.index(name), name, pa.chunked_array(cells, type=column.type))
    return table


def selected(program: ft.Program, table: pa.Table, now: Any) -> Answers:
    """Return for whom each segment is true."""
    return masks_of(program.select(table, now=now, threads=1))


def masks_of(audiences: ft.Audiences) -> Answers:
    """Return for whom each segment is true."""
    return {name: np.asarray(audiences.mask(name)).tolist() for name in audiences.names}


def check_updates(trial: Trial, random: Random, steps: int, updated: Updated) -> list[str]:
    """Return where a base that is updated so many times differs, in words."""
    bases = Bases(trial, random)
    wrong: list[str] = []
    for _ in range(steps):
        wrong += bases.step(random, updated)
        if wrong:
            break
    return wrong
