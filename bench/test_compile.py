"""From text to program, one case at a time: `python -m pytest bench/test_compile.py -k 1000`."""

from collections.abc import Callable

import pyarrow as pa
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import fasttwitch as ft
from bench import ours
from bench.workloads import base, conjunctions, nested, segments
from fasttwitch import syntax


@pytest.fixture(scope="module")
def schema() -> pa.Schema:
    return base("mixed", 1_000).schema


@pytest.mark.parametrize("count", [10, 100, 1_000, 10_000])
@pytest.mark.parametrize("kind", [segments, nested, conjunctions], ids=lambda kind: str(kind.__name__))
def test_compile(
    benchmark: BenchmarkFixture, schema: pa.Schema, kind: Callable[[int], dict[str, str]], count: int
) -> None:
    """Without parsing: what a new schema costs."""
    benchmark.group = f"compile {count} {kind.__name__}"
    ruleset = ours.ruleset(kind(count))
    benchmark.pedantic(ft.compile, (ruleset, schema), rounds=5)


@pytest.mark.parametrize("count", [10, 100, 1_000, 10_000])
def test_parse(benchmark: BenchmarkFixture, count: int) -> None:
    """Each text anew, past the memo: what the first publication costs."""
    benchmark.group = f"parse {count} nested"
    texts = list(nested(count).values())
    benchmark.pedantic(lambda: [syntax.parse(text) for text in texts], rounds=5)


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_change_one_rule(benchmark: BenchmarkFixture, schema: pa.Schema, count: int) -> None:
    """What a marketer waits for after an edit."""
    benchmark.group = f"change one of {count}"
    ruleset = ours.ruleset(nested(count))
    thresholds = iter(range(1, 1_000))

    def publish() -> ft.Program:
        changed = ruleset.with_changes(segments={"loyal_shoppers_1": f"ltv > {next(thresholds)}.5"})
        return ft.compile(changed, schema)

    benchmark.pedantic(publish, rounds=5)
