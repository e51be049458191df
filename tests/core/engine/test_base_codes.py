"""The codes of customers whose planes an encoded base keeps: whatever was encoded before, whatever the clock says."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.plan.lowering import FALSE, TRUE
from tests.generators.trials import trial
from tests.oracle import point_codes as oracle

HOUR = 3_600_000_000
NOW = 1_767_225_600_000_000


def compiled(rules: dict[str, str], schema: pa.Schema) -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": rules}), schema)


@pytest.mark.parametrize("seed", range(8))
def test_codes_are_those_of_the_definition_at_any_instant(seed: int) -> None:
    random = Random(f"base codes/{seed}")
    drawn = trial(random, 25, 70)
    program = ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema)
    base = program.encode(drawn.table, threads=1)
    for now in (drawn.shape.now, drawn.shape.now + HOUR, drawn.shape.now - 9999 * HOUR, drawn.shape.now):
        half = program.half(random.choice((TRUE, FALSE)))
        expected = oracle.codes(half.plan.codebooks, drawn.table, now)
        numbers = np.array(random.sample(range(70), random.choice((1, 7, 70))), np.int64)
        assert base.point_codes(half, numbers, now).tolist() == [expected[number] for number in numbers.tolist()]


def test_moving_the_clock_encodes_nothing_anew() -> None:
    """Neither ages nor values computed from the clock, of which those of the customers asked about are enough."""
    stamps = [NOW, NOW - 30 * HOUR, None, NOW + 5]
    table = pa.table({"t": pa.array(stamps, pa.timestamp("us")), "n": pa.array([1, 2, 3, None])})
    program = compiled({"a": "now - t > hours(24)", "b": "date(t) == date(now)", "c": "n > 1"}, table.schema)
    base = program.encode(table)
    half = program.half(TRUE)
    base.point_codes(half, np.arange(4), NOW)
    before = base.nbytes
    for now in (NOW, NOW + HOUR, NOW + 48 * HOUR):
        assert base.point_codes(half, np.arange(4), now).tolist() == oracle.codes(half.plan.codebooks, table, now)
    assert base.nbytes == before


@pytest.mark.parametrize("rule", ["now.getHours() > 5 && n > 3", "now.getHours() > 5"])
def test_the_clock_may_decide_alone(rule: str) -> None:
    table = pa.table({"n": pa.array(range(600))})
    program = compiled({"a": rule}, table.schema)
    base, half = program.encode(table), program.half(TRUE)
    for now, hour in ((NOW, 1), (NOW + 9 * HOUR, 2)):
        clock = [number for number, codebook in enumerate(half.plan.codebooks) if "Now" in str(codebook)]
        for count in (1, 600):
            codes = base.point_codes(half, np.arange(count), now)
            assert codes.tolist() == oracle.codes(half.plan.codebooks, table, now)[:count]
            assert set(codes[:, clock].ravel().tolist()) == {hour}


@pytest.mark.parametrize("rule", ["n > 1", "n > 1 && date(t) == date(now)"])
def test_one_customer_is_written_where_it_is_wanted(rule: str) -> None:
    table = pa.table({"t": pa.array([NOW, None], pa.timestamp("us")), "n": pa.array([1, 2])})
    program = compiled({"a": rule}, table.schema)
    base, half = program.encode(table), program.half(TRUE)
    expected = oracle.codes(half.plan.codebooks, table, NOW)
    for number in range(2):
        room = np.full(len(expected[0]), -7, np.int32)
        base.snapshot.write_codes(half, number, NOW, int(room.ctypes.data))
        assert room.tolist() == expected[number]


def test_nobody_has_no_codes() -> None:
    table = pa.table({"n": pa.array([1, 2]), "t": pa.array([NOW, None], pa.timestamp("us"))})
    program = compiled({"a": "n > 1", "b": "date(t) == date(now)"}, table.schema)
    assert program.encode(table).point_codes(program.half(TRUE), np.zeros(0, np.int64), NOW).shape == (0, 2)
