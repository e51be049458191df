"""Columns of which rows are replaced: any rows, any number of times, in any Arrow type."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest

from fasttwitch.batch import patched as room
from fasttwitch.batch.instant_order import InstantOrder
from fasttwitch.batch.patched import PatchedColumn, PatchedTable, as_stored, joined
from fasttwitch.batch.point.kept import NO_INSTANT
from tests.generators.batches import array, shape
from tests.oracle.arrow import rows

CUSTOMERS = 60


@pytest.mark.parametrize("seed", range(25))
def test_rows_are_the_latest_that_were_put_there(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In tables of all types, by few and by many at a time."""
    monkeypatch.setattr(room, "MOST_PATCHES", 3)
    random = Random(f"patched/{seed}")
    drawn = shape(random, 5)
    whole = [array(random, column, CUSTOMERS) for column in drawn.columns]
    pieces = [pa.chunked_array([one.slice(0, 20), one.slice(20, 0), one.slice(20)], type=one.type) for one in whole]
    table = PatchedTable(pa.table(pieces, schema=drawn.schema))
    expected = rows(table.whole())
    states = [(table, [dict(row) for row in expected])]
    for _ in range(12):
        column = random.choice(drawn.columns)
        numbers = np.array(sorted(random.sample(range(CUSTOMERS), random.choice((1, 2, 9, CUSTOMERS)))), np.int64)
        values = array(random, column, numbers.size)
        changed = rows(pa.table({column.name: values}))
        for number, row in zip(numbers.tolist(), changed, strict=True):
            expected[number].update(row)
        stored = as_stored(pa.chunked_array([values]), column.type)
        table = table.with_rows(numbers, pa.table({column.name: stored}))
        asked = np.array(random.choices(range(CUSTOMERS), k=7), np.int64)
        assert repr(rows(table.some(drawn.schema.names, asked))) == repr(
            [expected[number] for number in asked.tolist()]
        )
        if random.random() < 0.4:
            assert repr(rows(table.whole())) == repr(expected)
        states.append((table, [dict(row) for row in expected]))
    for state, said in states:  # what was there once still is
        assert repr(rows(state.whole())) == repr(said)


def test_types_stay_what_they_were() -> None:
    for stored in (pa.string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.timestamp("ms", "UTC")):
        values = pa.array([1, 2, 3]).cast(stored) if pa.types.is_timestamp(stored) else pa.array(["a", "b", "c"])
        column = pa.chunked_array([values.cast(stored)]) if values.type != stored else pa.chunked_array([values])
        patched = PatchedColumn(stored, joined(column))
        for number in (0, 2):
            patched = patched.with_rows(np.array([number]), as_stored(column, stored).slice(1, 1))
        assert patched.whole().type == stored
        assert patched.whole().to_pylist() == [column[1].as_py(), column[1].as_py(), column[1].as_py()]


def test_a_dictionary_may_outgrow_its_indices() -> None:
    stored = pa.dictionary(pa.int8(), pa.string())
    column = pa.chunked_array([pa.array([f"a{number % 100}" for number in range(400)]).cast(stored)])
    fresh = pa.chunked_array([pa.array([f"b{number}" for number in range(99)])])
    patched = PatchedColumn(stored, joined(column)).with_rows(np.arange(99), as_stored(fresh, stored))
    assert patched.whole().to_pylist() == fresh.to_pylist() + column.to_pylist()[99:]


@pytest.mark.parametrize("share", [0.001, 0.1, 0.6])
def test_an_order_follows_what_changes(share: float) -> None:
    random = np.random.default_rng(1)
    instants = random.integers(-50, 50, 3_000)
    instants[random.random(3_000) < 0.1] = NO_INSTANT
    order = InstantOrder(instants)
    assert order.nbytes == 0
    for step in range(8):
        if step % 3 != 1:
            found, numbers = order.ascending()
            assert found.tolist() == sorted(instants.tolist())
            np.testing.assert_array_equal(instants[numbers], found)
            assert sorted(numbers.tolist()) == list(range(3_000))
        changed = np.flatnonzero(random.random(3_000) < share)
        instants = instants.copy()
        instants[changed] = random.integers(-60, 60, changed.size)
        order = order.with_rows(instants, changed)
