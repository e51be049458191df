"""The codes of kept customers against their definition: all layouts, all families of codebooks, many planes."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.batch.point.kept import NO_INSTANT, CoderTables, KeptCoder, clocked_plan, instants_of, is_clocked
from fasttwitch.kernels import layout
from fasttwitch.kernels.point import gather
from fasttwitch.plan.codebooks import NamesCodebook, OrderedCodebook, TextTestsCodebook, planes_of
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.lowering import FALSE, TRUE
from tests.core.batch.point.keeping import kept_coder, kept_planes
from tests.generators.rulesets import FLAVOURS, ruleset_trial
from tests.generators.trials import trial
from tests.oracle import point_codes as oracle

NOW = 1_767_225_600_000_000
DAY = 86_400_000_000


def plan_of(rules: dict[str, str], schema: pa.Schema, mode: int = TRUE) -> Plan:
    document = {"version": 1, "language": "cel/1", "segments": rules}
    return ft.compile(ft.load_ruleset(document), schema).half(mode).plan


def assert_codes(plan: Plan, table: pa.Table, now: int, encoded_at: int, random: Random) -> None:
    """Assert that some rows, in any order, have the codes that they should have."""
    expected = oracle.codes(plan.codebooks, table, now)
    numbers = np.array([random.randrange(table.num_rows) for _ in range(2 * table.num_rows)], np.int64)
    got = kept_coder(plan, table, encoded_at).codes(numbers, now).tolist()
    for number, codes in zip(numbers.tolist(), got, strict=True):
        assert codes == expected[number], [
            (plan.codebooks, number, one, other) for one, other in zip(expected[number], codes, strict=True)
        ]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("mode", [TRUE, FALSE])
def test_any_rules_over_any_columns(seed: int, mode: int) -> None:
    random = Random(f"kept/{seed}")
    drawn = trial(random, 25, 90)
    plan = ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema).half(mode).plan
    assert_codes(plan, drawn.table, drawn.shape.now, drawn.shape.now, random)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_whole_rulesets_of_one_shape(flavour: str) -> None:
    random = Random(f"kept/{flavour}")
    drawn = ruleset_trial(random, flavour, 60, 60)
    plan = ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema).half(TRUE).plan
    assert_codes(plan, drawn.table, drawn.shape.now, drawn.shape.now, random)


def test_codebooks_of_several_planes() -> None:
    """Shares of planes add up: 600 ints, 300 doubles on both sides, 600 names, 17 tests."""
    table = pa.table(
        {
            "n": pa.array([*range(0, 2000, 7), None], pa.int64()),
            "narrow": pa.array([number % 128 for number in range(286)] + [None], pa.int8()),
            "x": pa.array([float(number) / 2 for number in range(284)] + [float("nan"), -0.0, None]),
            "s": pa.array([f"w{number}" for number in range(0, 858, 3)] + [None]),
        }
    )
    rules = {f"n{number}": f"n >= {3 * number}" for number in range(600)}
    rules |= {f"narrow{number}": f"narrow == {number - 300}" for number in range(600)}
    rules |= {f"x{number}": f"x {'<=' if number % 3 else '<'} {number / 3}" for number in range(300)}
    rules |= {f"x{number}y": f"x == {float(number)}" for number in range(0, 300, 5)}
    rules |= {f"s{number}": f's == "w{number}"' for number in range(600)}
    rules |= {f"t{number}": f's.contains("{number}")' for number in range(17)}
    plan = plan_of(rules, table.schema)
    assert [planes_of(codebook) for codebook in plan.codebooks] == [3, 3, 3, 3, 3]
    kinds = {type(codebook) for codebook in plan.codebooks}
    assert kinds == {OrderedCodebook, NamesCodebook, TextTestsCodebook}
    assert_codes(plan, table, NOW, NOW, Random(1))


def test_ages_follow_the_clock_though_nothing_is_encoded_anew() -> None:
    stored = [NOW - 5 * DAY, NOW, NOW + DAY, None, NOW - 5 * DAY + 1, layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH]
    table = pa.table({"t": pa.array(stored, pa.timestamp("us")), "n": pa.array(range(7))})
    plan = plan_of({"a": "now - t > days(5)", "b": "t > now", "c": "t > now - days(1) && n > 3"}, table.schema)
    for later in (0, 1, DAY, 5 * DAY, -DAY):
        assert_codes(plan, table, NOW + later, NOW, Random(2))


def test_one_customer_costs_no_array_of_numbers() -> None:
    table = pa.table({"n": pa.array([3, None, 9]), "s": pa.array(["a", "b", None])})
    coder = kept_coder(plan_of({"a": "n > 5", "b": 's == "a"'}, table.schema), table, NOW)
    found = np.full((3, 2), -7, np.int32)
    for number in range(3):
        coder.write(number, NOW, int(found[number].ctypes.data))
    assert found.tolist() == [[1, 2], [0, 1], [2, 0]]
    assert coder.missing == ()


def test_what_is_not_kept_is_missing() -> None:
    """Values that follow the clock can be left out, and written by somebody else."""
    table = pa.table({"n": pa.array([3, None]), "t": pa.array([NOW, 0], pa.timestamp("us")), "m": pa.array([1, 2])})
    plan = plan_of({"a": "n > 2", "b": "date(t) == date(now)", "c": "m > 1"}, table.schema)
    planes, least_codes = kept_planes(plan, table, NOW)
    del planes[1]
    coder = KeptCoder(CoderTables(plan, planes, least_codes), planes, {})
    assert coder.missing == (1,)
    assert coder.codes(np.array([0, 1], np.int64), NOW).tolist() == [[2, 0, 1], [0, 0, 2]]


def test_the_clock_has_a_plan_of_its_own() -> None:
    """What is computed from the clock can be encoded for a few customers, beside what is kept for all."""
    table = pa.table({"t": pa.array([NOW, NOW - 9 * DAY, None], pa.timestamp("us")), "s": ["1", "x", "20"]})
    rules = {
        "kept": 's == "x"',
        "age": "t > now - days(2)",
        "derived": "date(t) == date(now)",
        "ordered": "(t - now).getHours() > -30",
        "tested": "int(s) + now.getFullYear() > t.getFullYear()",
    }
    plan = plan_of(rules, table.schema)
    clocked = clocked_plan(plan)
    assert [number for number, codebook in enumerate(plan.codebooks) if is_clocked(codebook)] == [2, 3, 4]
    assert clocked.codebooks == plan.codebooks[2:]
    assert_codes(clocked, table, NOW + DAY, NOW + DAY, Random(3))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_come_in_microseconds_within_the_calendar(unit: str) -> None:
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    stored = [-1, 5 * per_second + per_second // 2, None, 2**63 - 1, -(2**63)]
    column = pa.chunked_array([pa.array(stored[:2], pa.int64()), pa.array(stored[2:], pa.int64())])
    stamps = pa.chunked_array([chunk.view(pa.timestamp(unit)) for chunk in column.chunks])
    second = 10**6
    below = -second // per_second if per_second < second else -1
    ends = [layout.TIMESTAMP_HIGH, layout.TIMESTAMP_LOW]
    if unit == "ns":
        ends = [(2**63 - 1) // 1000, -(2**63) // 1000]
    half = 5 * second + (second // 2 if unit != "s" else 0)
    assert instants_of(stamps).tolist() == [below, half, NO_INSTANT, *ends]


def test_a_column_without_values_has_no_instants() -> None:
    assert instants_of(pa.chunked_array([pa.nulls(3)])).tolist() == [NO_INSTANT] * 3
    assert NO_INSTANT == gather.NO_INSTANT
