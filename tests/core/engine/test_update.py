"""Changes of many customers of a base: who has moved and why, and what the base answers then."""

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from tests.generators.rulesets import ruleset_trial
from tests.sweeps.update_verdicts import Updated, check_updates

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEGMENTS = {
    "rich": "ltv > 500",
    "vip": 'segment("rich") && tier in ["gold", "platinum"]',
    "lapsed": "now - order_at > days(30)",
    "big_orders": "ltv / double(orders) > 100.0",
    "today": "date(order_at) == date(now)",
    "gold_ish": 'tier.startsWith("gold")',
    "again": "ltv > 500",
    "everybody": "true",
}


def customers(count: int = 10_000) -> pa.Table:
    generator = np.random.default_rng(0)
    orders = np.datetime64("2026-01-01", "ms") - generator.integers(0, 60 * 86_400_000, count).astype("timedelta64[ms]")
    return pa.table(
        {
            "customer_id": pa.array(100 + np.arange(count) * 3),
            "ltv": pa.array(generator.normal(500.0, 100.0, count), mask=generator.random(count) < 0.05),
            "tier": pa.array(generator.choice(["bronze", "gold", "golden"], count)).dictionary_encode(),
            "order_at": pa.array(orders, pa.timestamp("ms", "UTC"), mask=generator.random(count) < 0.1),
            "orders": pa.array(generator.integers(0, 9, count), pa.int16()),
            "note": pa.array([f"note {number}" for number in range(count)]),
        }
    )


def compiled(table: pa.Table, **segments: str) -> ft.Program:
    document = {"version": 1, "language": "cel/1", "key": "customer_id", "segments": segments or SEGMENTS}
    return ft.compile(ft.load_ruleset(document), table.schema)


def test_an_update_tells_who_moves_and_why() -> None:
    table = customers(4).set_column(1, "ltv", pa.array([400.0, 600.0, 600.0, None]))
    table = table.set_column(2, "tier", pa.array(["gold", "gold", "bronze", "gold"]))
    program = compiled(table, rich=SEGMENTS["rich"], vip=SEGMENTS["vip"])
    base = program.encode(table)
    changes = pa.table({"customer_id": [100, 106, 109], "ltv": [900.0, None, 501.0], "tier": ["gold", "gold", None]})
    moves = base.update(changes, now=NOW)
    assert (moves.entered, moves.left) == ({"rich": 2, "vip": 1}, {"rich": 1})
    assert moves.entered_rows("rich").to_pylist() == [0, 3]
    assert moves.left_rows("rich").to_pylist() == [2]
    assert moves.cause("vip", 0) == ft.Cause(("ltv",), clock=False)
    assert moves.causes("rich") == {ft.Cause(("ltv",), clock=False): 3}
    assert moves.changed_rows.tolist() == [0, 2, 3]
    assert (moves.since, moves.now, moves.digest) == (NOW, NOW, program.digest)
    assert repr(moves) == "UpdateMoves(3 entries, 1 exits by 3 changed customers at 2026-01-01T00:00:00+00:00)"
    assert program.count(base) == {"rich": 3, "vip": 2}
    assert base.table.column("tier").to_pylist() == ["gold", "gold", "gold", None]


@pytest.mark.parametrize("flavour", ["mixed", "deep", "shared", "counted", "ladder"])
def test_random_updates_leave_the_base_that_the_changed_table_makes(flavour: str) -> None:
    """All ways of asking, for programs that share the base; moves as two selections tell, causes as deltas tell."""
    random = Random(f"test updates/{flavour}")
    assert check_updates(ruleset_trial(random, flavour, 12, 40), random, 5, Updated()) == []


@pytest.mark.parametrize("size", [1, 300, 5_000])
def test_many_updates_one_after_the_other(size: int) -> None:
    """More rows than there are, so that columns are brought together again and again; blocks are more than one."""
    table = customers()
    program, other = compiled(table), compiled(table, few='orders < 2 && note != "note 7"')
    base = program.encode(table)
    generator = np.random.default_rng(size)
    for _ in range(80 if size == 1 else 6):
        numbers = generator.choice(10_000, size, replace=False)
        picked = table.take(pa.array(generator.integers(0, 10_000, size)))
        names = generator.choice(["ltv", "tier", "order_at", "orders", "note"], 2, replace=False).tolist()
        moves = base.update(picked.select(names), now=NOW, numbers=numbers)
        before = program.count(table, now=NOW)
        places = np.arange(10_000)
        places[numbers] = 10_000 + np.arange(size)
        for name in names:
            column = pa.chunked_array([*table.column(name).chunks, *picked.column(name).chunks])
            place = table.schema.get_field_index(name)
            table = table.set_column(place, table.schema.field(name), column.take(pa.array(places)).combine_chunks())
        after = program.count(table, now=NOW)
        told = {name: moves.entered.get(name, 0) - moves.left.get(name, 0) for name in program.names}
        assert told == {name: after[name] - before[name] for name in program.names}
        assert program.count(base, now=NOW) == after
    assert other.count(base) == other.count(table)
    assert base.table.to_pylist() == table.to_pylist()
    assert base.table.schema.types == table.schema.types
    assert program.select(base, now=NOW).ids("rich", "note").equals(program.select(table, now=NOW).ids("rich", "note"))


def test_the_last_of_several_changes_counts_and_the_net_change_is_told() -> None:
    table = customers(3).set_column(1, "ltv", pa.array([1.0, 1.0, 1.0]))
    program = compiled(table, rich="ltv > 500")
    base = program.encode(table)
    moves = base.update(pa.table({"customer_id": [100, 103, 100], "ltv": [900.0, 900.0, 2.0]}))
    assert moves.entered_rows("rich").to_pylist() == [1]
    assert base.table.column("ltv").to_pylist() == [2.0, 900.0, 1.0]


def test_another_program_is_told_of() -> None:
    table = customers(5_000)
    program, other = compiled(table), compiled(table, poor="ltv < 450 || orders == 3")
    base = program.encode(table)
    before = other.select(table).mask("poor")
    moves = base.update(pa.table({"ltv": np.full(100, 100.0)}), program=other, numbers=range(100))
    after = other.select(base.table).mask("poor")
    assert moves.names == ("poor",)
    assert moves.entered_rows("poor").to_pylist() == np.flatnonzero(np.asarray(after) & ~np.asarray(before)).tolist()


def test_what_changes_nothing_moves_nobody() -> None:
    table = customers(100)
    program = compiled(table)
    base = program.encode(table)
    for changes in (table.select(["customer_id", "ltv", "order_at"]), table.select(["customer_id", "note"])):
        moves = base.update(changes, now=NOW)
        assert (bool(moves), moves.entered, moves.left, moves.causes("rich")) == (False, {}, {}, {})
        assert moves.left_rows("everybody").to_pylist() == []
    assert not base.update(table.slice(0, 0).select(["customer_id", "ltv"]))
    assert program.count(base, now=NOW) == program.count(table, now=NOW)


def test_a_row_of_a_base_is_the_customer_of_its_moment() -> None:
    table = customers(10).set_column(1, "ltv", pa.array([1.0] * 10))
    program = compiled(table, rich="ltv > 500", poor="ltv <= 500")
    base = program.encode(table)
    was, match, audiences = base.row(3), program.match(base.row(3)), program.select(base)
    base.update(pa.table({"ltv": [900.0], "note": ["new"]}), numbers=[3])
    assert program.match(was).segments == match.segments == ("poor",)
    assert match.unknown == ()
    assert audiences.unknown == {"rich": 0, "poor": 0}
    assert audiences.ids("poor", "note").to_pylist()[3] == "note 3"
    assert program.match(base.row(3)).segments == ("rich",)
    assert [one.segments for one in program.match_many([was, base.row(3)])] == [("poor",), ("rich",)]
    assert str(program.explain(base.row(3), "rich")) != str(program.explain(was, "rich"))


def test_who_orders_has_lapsed_no_longer() -> None:
    """Ages alone move, of instants that are not known before, or not any more, too; the clock is no cause."""
    table = customers(3).set_column(
        3, "order_at", pa.array([NOW - timedelta(days=31)] * 2 + [None], pa.timestamp("us"))
    )
    program = compiled(table, lapsed=SEGMENTS["lapsed"], today=SEGMENTS["today"])
    only_ages = compiled(table, lapsed=SEGMENTS["lapsed"])
    for told in (program, only_ages):
        base = told.encode(table)
        changes = pa.table({"order_at": pa.array([NOW, None, NOW - timedelta(days=99)], pa.timestamp("us"))})
        moves = base.update(changes, now=NOW, numbers=[0, 1, 2])
        assert (moves.entered_rows("lapsed").to_pylist(), moves.left_rows("lapsed").to_pylist()) == ([2], [0, 1])
        assert moves.causes("lapsed") == {ft.Cause(("order_at",), clock=False): 3}
        assert told.count(base, now=NOW)["lapsed"] == 1


def test_sweeps_of_an_updated_base() -> None:
    """Instants in their order follow the changes, few and many."""
    table = customers(5_000)
    program = compiled(table, lapsed=SEGMENTS["lapsed"])
    base = program.encode(table)
    program.sweep(base, NOW, NOW + timedelta(days=1))
    generator = np.random.default_rng(1)
    for count in (1, 40, 3_000, 1):
        numbers = generator.choice(5_000, count, replace=False)
        base.update(table.select(["order_at"]).take(pa.array(numbers[::-1].copy())), now=NOW, numbers=numbers)
        fresh = program.encode(base.table)
        moved = [program.sweep(one, NOW, NOW + timedelta(days=7)).entered_rows("lapsed") for one in (base, fresh)]
        assert moved[0].equals(moved[1])


@pytest.mark.parametrize(
    "ids",
    [
        pa.array([f"a long customer id, in the middle {n:04d} of which they differ" for n in range(500)]),
        pa.array([f"{n}" for n in range(500)], pa.string_view()),
        pa.array([f"c{n}" for n in range(500)]).dictionary_encode(),
        pa.array([2**63 + n for n in range(500)], pa.uint64()),
        pa.array([n * 2**40 - 7 for n in range(500)]),
        pa.array([n if n else None for n in range(500)], pa.int32()),
        pa.array([datetime(2000, 1, 1) + timedelta(days=n) for n in range(500)]),
    ],
    ids=lambda ids: str(ids.type),
)
def test_ids_of_any_type(ids: pa.Array) -> None:
    table = pa.table({"customer_id": ids, "n": pa.array(range(500))})
    program = compiled(table, odd="n == -1")
    base = program.encode(table)
    places = pa.array([499, 1, 250])
    if ids.type == pa.string_view():
        chosen = pa.array([ids[place.as_py()].as_py() for place in places], pa.string())
    else:
        chosen = ids.take(places)
    assert base.update(pa.table({"customer_id": chosen, "n": [-1, 7, -1]})).entered_rows("odd").to_pylist() == [
        250,
        499,
    ]


def test_streams_and_record_batches_change_a_base_that_was_a_stream() -> None:
    table = customers(5_000)
    program = compiled(table, rich="ltv > 500")
    base = program.encode(table.to_reader(max_chunksize=999))
    changes = table.select(["customer_id"]).append_column("ltv", pa.array(np.full(5_000, 501.0)))
    base.update(changes.slice(0, 100).to_batches()[0])
    assert program.count(base) == {"rich": program.count(table.slice(100))["rich"] + 100}
    base.update(changes.to_reader(max_chunksize=777))
    assert program.count(base) == {"rich": 5_000}
    polars = pytest.importorskip("polars")
    base.update(polars.DataFrame({"customer_id": [100], "ltv": [1.0]}))
    assert program.count(base) == {"rich": 4_999}


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads(threads: int) -> None:
    table = customers()
    program = compiled(table)
    base = program.encode(table)
    moves = base.update(
        table.select(["ltv", "orders"]).take(pa.array(np.arange(10_000)[::-1])),
        now=NOW,
        threads=threads,
        numbers=range(10_000),
    )
    before, after = program.count(table, now=NOW), program.count(base.table, now=NOW)
    for name in program.names:
        assert after[name] - before[name] == moves.entered.get(name, 0) - moves.left.get(name, 0)


def test_decimals_that_outgrow_64_bits_and_shrink_again() -> None:
    """Such columns are coded another way, whose codes must not be mixed with those of the other."""
    stored = pa.decimal128(38, 2)
    table = pa.table({"customer_id": range(5), "d": pa.array([1, 2, 3, None, 5], stored)})
    program = compiled(table, a="d > 2.5", b="d >= 99999999999999999999.0", c="d < -99999999999999999999.0 || d == 2.0")
    base = program.encode(table)
    for values in ([2, 10**30], [3, 1], [-(10**30), 2], [2, 2]):
        moves = base.update(pa.table({"d": pa.array(values, stored)}), numbers=[0, 3])
        was, is_now = program.select(table), program.select(base.table)
        for name in program.names:
            entered = np.flatnonzero(~np.asarray(was.mask(name)) & np.asarray(is_now.mask(name))).tolist()
            assert moves.entered_rows(name).to_pylist() == entered
        assert program.count(base) == program.count(base.table)
        table = base.table
