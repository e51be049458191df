"""New rules while old ones are asked: `python -m pytest bench/test_publish.py -k 10000`."""

from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import fasttwitch as ft
from bench import ours
from bench.workloads import base, conjunctions, segments

CHANGED = 10
Kind = Callable[..., dict[str, str]]
ROUNDS = 100


@cache
def engine(kind: Kind, count: int) -> tuple[ft.Engine, dict[str, object]]:
    """Return an engine that has published and compacted before, and a customer."""
    table: pa.Table = base("mixed", 1_000)
    running = ft.Engine(ours.ruleset(kind(count)), table.schema)
    customer: dict[str, object] = table.slice(0, 1).to_pylist()[0]
    running.match(customer)
    return running, customer


@pytest.mark.parametrize("count", [100, 1_000, 10_000])
@pytest.mark.parametrize("kind", [segments, conjunctions], ids=lambda kind: str(kind.__name__))
def test_publish(benchmark: BenchmarkFixture, kind: Kind, count: int) -> None:
    """From the texts of ten changed rules to the first answer by them; other segments may ask for the changed ones."""
    benchmark.group = f"publish {CHANGED} of {count} {kind.__name__}"
    running, customer = engine(kind, count)
    original = running.program.ruleset
    names = list(original.segments)
    spare = [rule for rule in kind(3_000, 7).values() if "segment(" not in rule]
    rounds = iter(range(10**6))

    def fresh() -> tuple[tuple[dict[str, str]], dict[str, object]]:
        begin = next(rounds) * CHANGED
        while len(running.versions) > 1:
            running.rollback()
        places = range(begin, begin + CHANGED)
        return ({names[37 * place % count]: spare[place % len(spare)] for place in places},), {}

    def publish(changed: dict[str, str]) -> str:
        running.publish(original.with_changes(segments=changed))
        return running.match(customer).digest

    benchmark.pedantic(publish, setup=fresh, rounds=ROUNDS, warmup_rounds=3)


@pytest.mark.parametrize("asked", ["row", "mapping"])
@pytest.mark.parametrize("parts", ["whole", "parted"])
def test_match_after_a_change(benchmark: BenchmarkFixture, asked: str, parts: str) -> None:
    """What ten changed rules of 10,000 cost each answer until the parts are one again."""
    benchmark.group = f"match {asked} of 10000 after a change"
    running, customer = engine(segments, 10_000)
    names = list(running.program.ruleset.segments)
    changed = running.program.ruleset.with_changes(segments=dict.fromkeys(names[:CHANGED], "ltv > 77"))
    program = running.program.updated(changed)
    if parts == "whole":
        program.compact()
    profile = program.row(customer) if asked == "row" else customer
    benchmark(program.match, profile)


@pytest.mark.parametrize("differ", ["ten", "all"])
def test_diff(benchmark: BenchmarkFixture, differ: str) -> None:
    """Two rulesets of 1,000 segments over a million customers, both compiled, on kept codes."""
    benchmark.group = f"diff of 1000 segments over 1M, {differ} differ"
    table = base("mixed", 1_000_000)
    program = ft.compile(ours.ruleset(segments(1_000)), table.schema)
    if differ == "all":
        candidate = ft.compile(ours.ruleset(segments(1_000, seed=5)), table.schema)
    else:
        names = list(program.ruleset.segments)
        spare = list(conjunctions(CHANGED, seed=9).values())
        changed = dict(zip(names[:: len(names) // CHANGED], spare, strict=True))
        candidate = program.updated(program.ruleset.with_changes(segments=changed))
    kept = program.encode(table)
    benchmark.pedantic(program.diff, (candidate, kept), rounds=7, warmup_rounds=1)
