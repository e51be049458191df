"""What segments have to do with each other: `python -m pytest bench/test_conflicts.py`.

1,000 segments over 1 million customers with 44 attributes of every type, on kept codes, two threads.
"""

import itertools

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import fasttwitch as ft
from bench import ours
from bench.workloads import NOW, SHAPES, base, segments
from fasttwitch.lint.conflict_findings import KINDS

ROWS, SEGMENTS = 1_000_000, 1_000
DRAFTS = {
    "two conditions": 'country == "DE" && ltv > {}.0',
    "an age": 'tier == "gold" && now - last_order_at < days(30) && ltv > {}.0',
    "plain text": 'campaign != "spring" && ltv > {}.0',
}


@pytest.fixture(scope="module")
def asked() -> tuple[ft.Program, ft.EncodedBase]:
    table = base("mixed", ROWS)
    program = ours.program(table, segments(SEGMENTS, 1, SHAPES["mixed"]))
    return program, program.encode(table)


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft(benchmark: BenchmarkFixture, asked: tuple[ft.Program, ft.EncodedBase], draft: str) -> None:
    """Each time another one: what is kept is what the segments look like, not what a draft does."""
    program, customers = asked
    benchmark.group = "a draft beside 1,000 segments, 1 M customers"
    bounds = itertools.count(100)

    def compare() -> ft.Conflicts:
        drafts = {"draft": DRAFTS[draft].format(next(bounds))}
        return ft.conflicts(program, customers, NOW, ours.THREADS, drafts)

    compare()
    assert benchmark(compare).compared > 800


@pytest.mark.parametrize("kinds", ["default", "disjoint too"])
def test_all_pairs(benchmark: BenchmarkFixture, asked: tuple[ft.Program, ft.EncodedBase], kinds: str) -> None:
    program, customers = asked
    benchmark.group = "1,000 segments with each other, 1 M customers"
    wanted = None if kinds == "default" else KINDS

    def compare() -> ft.Conflicts:
        return ft.conflicts(program, customers, NOW, ours.THREADS, kinds=wanted)

    compare()
    assert benchmark.pedantic(compare, rounds=5).compared > 400_000
