"""Who of a base moves as time passes: what two selections, one at each instant, would tell."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from tests.sweeps.clock_days import run

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA = pa.schema({"order_at": pa.timestamp("ms", "UTC"), "ltv": pa.float64()})
SEGMENTS = {
    "lapsed": "now - order_at > days(30)",
    "recent": "now - order_at <= days(30)",
    "rich_and_lapsed": 'ltv > 500 && segment("lapsed")',
    "again": "now - order_at > days(30)",
    "rich": "ltv > 500",
    "everybody": "true",
    "nobody": "false",
}


def compiled(**segments: str) -> ft.Program:
    document = {"version": 1, "language": "cel/1", "segments": segments or SEGMENTS}
    return ft.compile(ft.load_ruleset(document), SCHEMA)


def customers(count: int = 5_000) -> pa.Table:
    generator = np.random.default_rng(0)
    orders = np.datetime64("2026-01-01", "ms") - generator.integers(0, 60 * 86_400_000, count).astype("timedelta64[ms]")
    nulls = generator.random(count) < 0.1
    return pa.table(
        {
            "order_at": pa.array(orders, pa.timestamp("ms", "UTC"), mask=nulls),
            "ltv": pa.array(generator.normal(500.0, 100.0, count)),
        },
        SCHEMA,
    )


def differences(
    program: ft.Program, table: pa.Table, since: datetime, now: datetime
) -> dict[str, tuple[list[int], list[int]]]:
    before, after = program.select(table, now=since), program.select(table, now=now)
    found = {}
    for name in program.names:
        was, is_now = (np.array(one.mask(name).to_pylist()) for one in (before, after))
        found[name] = (np.flatnonzero(~was & is_now).tolist(), np.flatnonzero(was & ~is_now).tolist())
    return found


@pytest.mark.parametrize("pause", [timedelta(0), timedelta(seconds=30), timedelta(hours=5), timedelta(days=90)])
def test_moves_are_the_differences_of_two_selections(pause: timedelta) -> None:
    program, table = compiled(), customers()
    moves = program.sweep(program.encode(table), since=NOW, now=NOW + pause)
    expected = differences(program, table, NOW, NOW + pause)
    assert {
        name: (moves.entered_rows(name).to_pylist(), moves.left_rows(name).to_pylist()) for name in program.names
    } == expected
    assert moves.entered == {name: len(rows) for name, (rows, _) in expected.items() if rows}
    assert moves.left == {name: len(rows) for name, (_, rows) in expected.items() if rows}
    assert bool(moves) == any(entered or left for entered, left in expected.values())
    assert (moves.since, moves.now) == (NOW, NOW + pause)


def test_rules_that_ask_for_the_hour_are_looked_at_for_everybody() -> None:
    program = compiled(
        night="now.getHours() >= 22", rich_night='segment("night") && ltv > 500', lapsed=SEGMENTS["lapsed"]
    )
    table = customers(3_000)
    moves = program.sweep(program.encode(table), since=NOW + timedelta(hours=21), now=NOW + timedelta(hours=22))
    assert moves.entered["night"] == 3_000
    expected = differences(program, table, NOW + timedelta(hours=21), NOW + timedelta(hours=22))
    assert moves.entered_rows("rich_night").to_pylist() == expected["rich_night"][0]
    assert moves.entered_rows("lapsed").to_pylist() == expected["lapsed"][0]


def test_a_base_without_customers_or_ages_does_not_move() -> None:
    program = compiled()
    assert not program.sweep(program.encode(customers(0)), since=NOW, now=NOW + timedelta(days=400))
    still = compiled(rich="ltv > 500")
    moves = still.sweep(still.encode(customers(10)), since=NOW, now=NOW + timedelta(days=400))
    assert (bool(moves), moves.entered, moves.left) == (False, {}, {})
    assert repr(moves) == "Moves(0 entries, 0 exits from 2026-01-01T00:00:00+00:00 to 2027-02-05T00:00:00+00:00)"


def test_what_a_sweep_cannot_be_asked() -> None:
    program = compiled()
    base = program.encode(customers(10))
    with pytest.raises(ft.DataError, match="the customer was last looked at at 2026-01-02"):
        program.sweep(base, since=NOW + timedelta(days=1), now=NOW)
    with pytest.raises(ft.DataError, match="a `Table` is no encoded base"):
        program.sweep(customers(10), since=NOW, now=NOW)
    moves = program.sweep(base, since=NOW, now=NOW)
    with pytest.raises(ft.DataError, match="there is no segment `lapst`"):
        moves.entered_rows("lapst")


@pytest.mark.parametrize("seed", range(4))
def test_each_move_falls_into_the_span_of_its_instant(seed: int) -> None:
    assert run(days=30, customers=200, rules=25, seed=seed) == 0
