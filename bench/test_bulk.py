"""One case at a time: `python -m pytest bench/test_bulk.py -k "mixed and 100-"`.

For figures that are fit to be told, in which contenders take turns, run `make bench`.
"""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import ours
from bench.rivals import RIVALS
from bench.rivals.conditions import conditions
from bench.workloads import NOW, SHAPES, base, segments

ROWS = 1_000_000
SIZES = (10, 100, 1_000)
SLOW = ("DuckDB", "DataFusion", "pyarrow.compute")  # twenty times Polars: not at 1,000 segments

case = pytest.mark.parametrize(("count", "shape"), [(count, shape) for shape in SHAPES for count in SIZES], ids=str)


@case
def test_raw(benchmark: BenchmarkFixture, count: int, shape: str) -> None:
    benchmark.group = _group(count, shape)
    benchmark(ours.raw(base(shape, ROWS), segments(count, 1, SHAPES[shape])))


@case
def test_kept(benchmark: BenchmarkFixture, count: int, shape: str) -> None:
    benchmark.group = _group(count, shape)
    benchmark(ours.kept(base(shape, ROWS), segments(count, 1, SHAPES[shape])))


@case
def test_encode(benchmark: BenchmarkFixture, count: int, shape: str) -> None:
    benchmark.group = _group(count, shape)
    table = base(shape, ROWS)
    benchmark(ours.program(table, segments(count, 1, SHAPES[shape])).encode, table)


@case
@pytest.mark.parametrize("rival", RIVALS)
def test_rival(benchmark: BenchmarkFixture, count: int, shape: str, rival: str) -> None:
    """A rival that counts anything else than we do is no rival."""
    if count > 100 and rival in SLOW:
        pytest.skip("takes minutes")
    benchmark.group = _group(count, shape)
    table, rules = base(shape, ROWS), segments(count, 1, SHAPES[shape])
    contender = RIVALS[rival](table, conditions(rules, table.schema, NOW))
    assert contender() == ours.raw(table, rules)()
    benchmark.pedantic(contender, rounds=5)


def _group(count: int, shape: str) -> str:
    return f"{count} segments, 1 M customers, {shape}"
