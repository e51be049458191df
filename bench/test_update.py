"""A base of a million customers that change: `python -m pytest bench/test_update.py -k "1000-mixed and 10000"`.

    update   one call of `base.update`, told entries and exits counted; extra_info has changes a second
    read     the same, and one customer of the base is matched after each update
    select   all segments of all customers after an update

Each batch changes one to three attributes, the same ones for all its customers. Times are those of this thread, which
does all the work, as far as the processor was its own.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from itertools import count

import numpy as np
import pyarrow as pa
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import fasttwitch as ft
from bench.workloads import NOW, base, customers, segments
from bench.workloads.changes import STOCK, batches
from bench.workloads.touchpoint import TOUCHPOINT, TOUCHPOINT_RULES

ROWS = 1_000_000
KEY = "customer_id"
SEEDS = count()  # what has been changed before would change nothing

subjects = pytest.mark.parametrize(
    ("rules", "kind"), [(rules, kind) for rules in (1_000, 10_000) for kind in ("mixed", "plain")], ids=str
)


@lru_cache(maxsize=1)
def subject(rules: int, kind: str) -> tuple[ft.Program, ft.EncodedBase, pa.Table]:
    """Return rules, a base of them, and other customers.

    mixed  segments as marketing writes them, over 44 attributes of all types; a customer is in about a fifth of them
    plain  conjunctions of four to eight conditions at a touchpoint, 42 attributes; a customer meets one in a hundred
    """
    if kind == "mixed":
        table, others, texts = base("mixed", ROWS), customers(STOCK, 7), segments(rules)
    else:
        table, others = (touchpoint(rows, seed) for rows, seed in ((ROWS, 0), (STOCK, 5)))
        texts = TOUCHPOINT_RULES[kind](rules)
    document = {"version": 1, "language": "cel/1", "key": KEY, "segments": texts}
    program = ft.compile(ft.load_ruleset(document), table.schema)
    return program, program.encode(table, threads=1), others


def touchpoint(rows: int, seed: int) -> pa.Table:
    """Return customers at a touchpoint, with ids."""
    generator = np.random.default_rng(seed)
    return pa.table({KEY: np.arange(rows), **{each.name: each.column(generator, rows, 0.02) for each in TOUCHPOINT}})


@subjects
@pytest.mark.parametrize("rows", [10, 1_000, 10_000, 100_000])
def test_update(benchmark: BenchmarkFixture, rows: int, rules: int, kind: str) -> None:
    benchmark.group = f"update, {rules} {kind}"
    program, changing, others = subject(rules, kind)
    told = measured(benchmark, program, changing, others, rows, lambda: None)
    benchmark.extra_info["moves_a_change"] = round(told, 2)


@subjects
def test_read(benchmark: BenchmarkFixture, rules: int, kind: str) -> None:
    benchmark.group = f"update and match, {rules} {kind}"
    program, changing, others = subject(rules, kind)
    measured(benchmark, program, changing, others, 10_000, lambda: program.match(changing.row(7), now=NOW))


@subjects
def test_select(benchmark: BenchmarkFixture, rules: int, kind: str) -> None:
    benchmark.group = f"select after an update, {rules} {kind}"
    program, changing, others = subject(rules, kind)
    ahead = batches(changing.table, others, KEY, 1_000, next(SEEDS))

    def update() -> None:
        changing.update(next(ahead), now=NOW)

    benchmark.pedantic(lambda: program.count(changing, now=NOW, threads=1), setup=update, rounds=8, warmup_rounds=2)


def measured(
    benchmark: BenchmarkFixture,
    program: ft.Program,
    changing: ft.EncodedBase,
    others: pa.Table,
    rows: int,
    read: Callable[[], object],
) -> float:
    """Run updates of so many rows, and a reader after each; return how many moves a change makes."""
    benchmark._timer = time.thread_time
    ahead = batches(changing.table, others, KEY, rows, next(SEEDS))
    moves: list[int] = []

    def update(changes: pa.Table) -> None:
        told = changing.update(changes, now=NOW, program=program)
        moves.append(sum(told.entered.values()) + sum(told.left.values()))
        read()

    benchmark.pedantic(update, setup=lambda: ((next(ahead),), {}), rounds=24, warmup_rounds=8)
    if benchmark.stats:
        benchmark.extra_info["changes_a_second"] = round(rows / benchmark.stats.stats.mean)
    return float(np.mean(moves)) / rows
