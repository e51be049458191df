"""All measurements of the report, each a list of cases that one can read."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa

import fasttwitch as ft
from bench import ours
from bench.results import KEPT, PORTABLE, RAW, Bulk, Compile
from bench.rivals import FUNCTION_RIVALS, RIVALS
from bench.rivals.conditions import Count, conditions
from bench.rounds import interleaved
from bench.workloads import (
    FUNCTION_COLUMNS,
    FUNCTIONS,
    FUNCTIONS_AND_OWN,
    NOW,
    OWN,
    SHAPES,
    SHARED,
    alike,
    base,
    conjunctions,
    customers,
    nested,
    segments,
)
from fasttwitch import syntax
from fasttwitch.kernels.load import FORCE

MILLION = 1_000_000
FAST = ("Polars",)
SWEEP_SEGMENTS = (10, 30, 100, 300, 1_000, 3_000, 10_000)
FUNCTION_ROWS = 200_000  # rivals need 100 ns and more for many a condition: more customers would take minutes
FUNCTION_ROUNDS, KIND_ROUNDS = 5, 3
KIND_SIZE = 10
SWEEP_ROWS = (100_000, 300_000, MILLION, 3 * MILLION, 10 * MILLION)


def table_cases(rounds: int) -> Iterator[Bulk]:
    """Yield the cases of the README's table: all contenders, one million customers."""
    for shape in SHAPES:
        yield bulk("table", shape, 10, MILLION, tuple(RIVALS), rounds)
        yield bulk("table", shape, 100, MILLION, tuple(RIVALS), rounds)
        yield bulk("table", shape, 1_000, MILLION, FAST, rounds)


def segments_cases(rounds: int) -> Iterator[Bulk]:
    """Yield a sweep over the number of segments; past 1,000 Polars takes minutes, and is not asked."""
    for count in SWEEP_SEGMENTS:
        yield bulk("segments", "mixed", count, MILLION, FAST if count <= 1_000 else (), rounds)


def rows_cases(rounds: int) -> Iterator[Bulk]:
    """Yield a sweep over the number of customers."""
    for rows in SWEEP_ROWS:
        yield bulk("rows", "mixed", 100, rows, FAST, rounds)


def bulk(question: str, shape: str, count: int, rows: int, rivals: tuple[str, ...], rounds: int) -> Bulk:
    """Return one workload counted by ourselves and by rivals in turns, after comparing what they counted."""
    table, rules = base(shape, rows), segments(count, 1, SHAPES[shape])
    raw = ours.raw(table, rules)
    contenders: dict[str, Count] = {RAW: raw, KEPT: ours.kept(table, rules), PORTABLE: on_portable_kernels(raw)}
    translated = conditions(rules, table.schema, NOW)
    contenders |= {name: RIVALS[name](table, translated) for name in rivals}
    require_equal(contenders)
    return Bulk(question, shape, count, rows, len(SHAPES[shape]), interleaved(contenders, rounds))


def functions_cases(rounds: int) -> Iterator[Bulk]:
    """Yield what rules with functions cost; versions and buckets have no counterpart in any rival."""
    table = customers(FUNCTION_ROWS, 0, FUNCTION_COLUMNS)
    rounds = min(rounds, FUNCTION_ROUNDS)
    yield with_functions("functions", "", table, segments(10, 1, FUNCTIONS), True, rounds)
    yield with_functions("functions", "", table, segments(100, 1, FUNCTIONS), True, rounds)
    own = segments(100, 1, FUNCTIONS_AND_OWN)
    yield with_functions("functions", "with versions and buckets", table, own, False, rounds)
    for question in (*SHARED, *OWN):
        rules = alike(question, KIND_SIZE)
        yield with_functions("kinds", question.kind, table, rules, question in SHARED, min(rounds, KIND_ROUNDS))


def with_functions(
    question: str, shape: str, table: pa.Table, rules: Mapping[str, str], rivals: bool, rounds: int
) -> Bulk:
    """Return rules with functions counted by ourselves, and by rivals if they can."""
    raw = ours.raw(table, rules)
    contenders: dict[str, Count] = {RAW: raw, KEPT: ours.kept(table, rules), PORTABLE: on_portable_kernels(raw)}
    if rivals:
        contenders |= {name: rival(table, rules) for name, rival in FUNCTION_RIVALS.items()}
    require_equal(contenders)
    times = interleaved(contenders, rounds)
    return Bulk(question, shape, len(rules), table.num_rows, table.num_columns, times)


def compile_cases(rounds: int) -> Iterator[Compile]:
    """Yield what publishing costs: all rules new, and one rule changed."""
    for count in (10, 100, 1_000, 10_000):
        yield _compile("nested rules of 60 tokens", nested(count), rounds)
    yield _compile("conjunctions of six", conjunctions(10_000), rounds)


def _compile(kind: str, rules: Mapping[str, str], rounds: int) -> Compile:
    """Return the milliseconds of each step from text to program, and of publishing one changed rule."""
    schema = base("mixed", 1_000).schema
    whole = ours.ruleset(rules)
    name = next(iter(rules))
    fresh = iter(range(1, 1_000_000))

    def publish() -> object:
        return ft.compile(whole.with_changes(segments={name: f"ltv > {next(fresh)}.5"}), schema)

    steps: dict[str, Callable[[], object]] = {
        "parse": lambda: [syntax.parse(text) for text in rules.values()],
        "check and plan": lambda: ft.compile(whole, schema),
        "change one": publish,
    }
    return Compile(kind, len(rules), interleaved(steps, rounds))


def on_portable_kernels(count: Count) -> Count:
    """Return the same count on kernels that any processor runs."""

    def forced() -> dict[str, int]:
        with _forced("portable"):
            return count()

    return forced


@contextmanager
def _forced(variant: str) -> Iterator[None]:
    """Force a variant of the kernels for a while."""
    before = os.environ.get(FORCE)
    os.environ[FORCE] = variant
    try:
        yield
    finally:
        if before is None:
            del os.environ[FORCE]
        else:
            os.environ[FORCE] = before


def require_equal(contenders: Mapping[str, Count]) -> None:
    """Raise if any contender counts anything else than the first."""
    expected: dict[str, int] | None = None
    for name, contender in contenders.items():
        begin = time.perf_counter()
        counts = contender()
        if expected is None:
            expected = counts
        different = [segment for segment in expected if expected[segment] != counts[segment]]
        if different:
            raise AssertionError(f"{name} counts {different} in another way")
        print(f"    {name:<30} {(time.perf_counter() - begin) * 1e3:10.1f} ms at first", flush=True)
