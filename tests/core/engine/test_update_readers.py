"""Who reads a base while it is updated sees all of an update or nothing of it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 6_000
UPDATES = 60


def table_of(value: int) -> pa.Table:
    """Return customers of whom every column says the same number."""
    return pa.table(
        {
            "a": pa.array(np.full(ROWS, value), pa.int32()),
            "b": pa.array(np.full(ROWS, float(value))),
            "c": pa.array([f"v{value}"] * ROWS),
            "t": pa.array(np.full(ROWS, value * 3_600_000_000), pa.timestamp("us")),
        }
    )


# Each holds for everybody or for nobody, and all agree: if two columns are of different moments, `torn` holds.
SEGMENTS = {
    "odd_a": "a % 2 == 1",
    "torn": 'double(a) != b || c != "v" + string(a) || t - timestamp("1970-01-01T00:00:00Z") != days(0) + hours(1) * a',
    "ten_b": "b >= 10.0",
    "ten_a": "a >= 10",
    "old": "now - t > days(7000)",
}
SEGMENTS["torn"] = 'double(a) != b || c != "v" + string(a) || int(t) != 3600 * a'


def reads(program: ft.Program, base: ft.EncodedBase) -> dict[str, Callable[[], bool]]:
    """Return ways to read, each of which tells whether what it read was whole."""

    def counted() -> bool:
        counts = program.count(base, now=NOW, threads=1)
        return counts["torn"] == 0 and set(counts.values()) <= {0, ROWS} and counts["ten_a"] == counts["ten_b"]

    def selected() -> bool:
        audiences = program.select(base, now=NOW, threads=1)
        values = set(audiences.ids("ten_a", "a").to_pylist())
        return audiences.counts["torn"] == 0 and len(values) <= 1 and audiences.unknown["ten_a"] == 0

    def matched() -> bool:
        match = program.match(base.row(ROWS // 2), now=NOW)
        found = set(match.segments)
        return "torn" not in found and ("ten_a" in found) == ("ten_b" in found) and match.unknown == ()

    def matched_many() -> bool:
        snapshot = [base.row(number) for number in range(0, ROWS, 500)]
        return all("torn" not in match.segments for match in program.match_many(snapshot, now=NOW, threads=1))

    def swept() -> bool:
        return not program.sweep(base, NOW, NOW)

    def looked_up() -> bool:
        return len(set(base.table.column("a").to_pylist())) == 1

    return {
        "count": counted,
        "select": selected,
        "match": matched,
        "match_many": matched_many,
        "sweep": swept,
        "table": looked_up,
    }


@pytest.mark.parametrize("ways", [("count", "match"), ("select", "match_many"), ("sweep", "table", "match")])
def test_readers_see_whole_updates(ways: tuple[str, ...]) -> None:
    schema = table_of(0).schema
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": SEGMENTS}), schema)
    base = program.encode(table_of(0))
    done, wrong = threading.Event(), list[str]()
    times = dict.fromkeys(ways, 0)

    def read(way: str) -> None:
        ask = reads(program, base)[way]
        while not done.is_set():
            try:
                if not ask():
                    wrong.append(f"{way} saw parts of two moments")
            except Exception as error:
                wrong.append(f"{way}: {error!r}")
            if wrong:
                return
            times[way] += 1

    readers = [threading.Thread(target=read, args=(way,)) for way in ways]
    for reader in readers:
        reader.start()
    try:
        for value in range(1, UPDATES):
            moves = base.update(table_of(value), now=NOW, numbers=range(ROWS))
            assert moves.entered.get("odd_a", 0) == (ROWS if value % 2 else 0)
            assert moves.entered.get("ten_a", 0) == (ROWS if value == 10 else 0)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert min(times.values()) > 0


def test_writers_wait_for_each_other() -> None:
    """No change is lost, whoever makes it."""
    table = pa.table({"n": pa.array(np.zeros(4_000), pa.int64()), "m": pa.array(np.zeros(4_000), pa.int64())})
    rules = {"n": "n > 0", "m": "m > 0"}
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": rules}), table.schema)
    base = program.encode(table)

    def write(name: str, begin: int) -> None:
        for number in range(begin, 4_000, 80):
            base.update(pa.table({name: [1, 1]}), numbers=[number, (number + 1) % 4_000])

    writers = [threading.Thread(target=write, args=(name, begin)) for name in ("n", "m") for begin in (0, 40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert program.count(base) == {"n": 200, "m": 200}
    assert base.table.column("n").to_pylist() == base.table.column("m").to_pylist()
