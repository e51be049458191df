"""Measurements run, on a base too small to say anything, and compare what contenders count."""

import os

import pytest

from bench import measure, ours
from bench.machine import machine
from bench.results import KEPT, PORTABLE, RAW
from bench.rivals import RIVALS
from bench.rivals.conditions import conditions
from bench.steps import steps
from bench.workloads import (
    FUNCTION_COLUMNS,
    FUNCTIONS,
    FUNCTIONS_AND_OWN,
    NOW,
    SHAPES,
    base,
    customers,
    segments,
)
from fasttwitch.kernels.load import FORCE

ROWS = 5_000


@pytest.mark.parametrize("shape", SHAPES)
def test_we_count_what_a_rival_counts(shape: str) -> None:
    table, rules = base(shape, ROWS), segments(60, 5, SHAPES[shape])
    expected = RIVALS["Polars"](table, conditions(rules, table.schema, NOW))()
    assert sum(expected.values()) > 0
    assert ours.raw(table, rules)() == expected
    assert ours.kept(table, rules)() == expected


def test_we_count_functions_as_rivals_do() -> None:
    """Over more rows than are computed at once, and whether codes are kept or not."""
    table = customers(70_000, 3, FUNCTION_COLUMNS)
    case = measure.with_functions("functions", "", table, segments(12, 3, FUNCTIONS), rivals=True, rounds=1)
    assert set(case.milliseconds) == {RAW, KEPT, PORTABLE, "Polars", "DuckDB"}


def test_functions_without_a_counterpart_are_measured_alone() -> None:
    table = customers(ROWS, 3, FUNCTION_COLUMNS)
    rules = segments(12, 3, FUNCTIONS_AND_OWN)
    assert any("bucket(" in rule for rule in rules.values())
    case = measure.with_functions("functions", "with buckets", table, rules, rivals=False, rounds=1)
    assert set(case.milliseconds) == {RAW, KEPT, PORTABLE}


def test_every_contender_has_a_time_for_every_round() -> None:
    case = measure.bulk("table", "plain", 10, ROWS, ("Polars",), rounds=2)
    assert {name: len(times) for name, times in case.milliseconds.items()} == {
        RAW: 2,
        KEPT: 2,
        PORTABLE: 2,
        "Polars": 2,
    }
    assert (case.attributes, case.customers, case.segments) == (43, ROWS, 10)


def test_a_contender_that_counts_otherwise_is_found_out() -> None:
    with pytest.raises(AssertionError, match="liar counts \\['vip'\\] in another way"):
        measure.require_equal({"honest": lambda: {"vip": 1, "new": 2}, "liar": lambda: {"vip": 2, "new": 2}})


def test_forcing_kernels_ends_with_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FORCE, raising=False)
    seen: list[str | None] = []

    def count() -> dict[str, int]:
        seen.append(os.environ.get(FORCE))
        return {}

    measure.on_portable_kernels(count)()
    assert (seen, os.environ.get(FORCE)) == (["portable"], None)


def test_steps_are_told_with_the_least_that_reading_takes() -> None:
    found = steps("mixed", 10, ROWS, gigabytes_per_second=20.0, rounds=1)
    assert set(found.milliseconds) == {"encode", "compare", "combine", "whole"}
    assert found.limit == pytest.approx(found.megabytes / 20.0)


def test_the_machine_is_described() -> None:
    described = machine(megabytes=8)
    assert described["cores"] == os.cpu_count()
    assert float(described["read_gigabytes_per_second"]) > 0
