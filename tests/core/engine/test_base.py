"""Encoded bases: codes are kept, shared between programs, and never stale."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

import fasttwitch as ft

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def customers(rows: int = 5000) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(range(rows), pa.int64()),
            "age": pa.array([i % 90 if i % 7 else None for i in range(rows)], pa.int32()),
            "seen": pa.array([NOW - timedelta(hours=i) for i in range(rows)], pa.timestamp("us", "UTC")),
            "word": pa.array([f"w{i % 300}" for i in range(rows)]),
        }
    )


def program(table: pa.Table, **segments: str) -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), table.schema)


def test_kept_codes_answer_as_the_data_does() -> None:
    """For counts, masks, unknowns and ids."""
    table = customers()
    compiled = program(table, a="age > 30 && now - seen < days(30)", b='word in ["w1", "w299"]', c="!(age < 10)")
    base = compiled.encode(table)
    assert compiled.count(base, now=NOW) == compiled.count(table, now=NOW)
    kept, raw = compiled.select(base, now=NOW), compiled.select(table, now=NOW)
    assert kept.unknown == raw.unknown
    assert kept.ids("a", key="id").equals(raw.ids("a", key="id"))
    assert base.num_rows == 5000


def test_the_clock_moves_on_kept_codes() -> None:
    """Recency is coded anew for every instant, forwards and backwards."""
    table = customers()
    compiled = program(table, recent="now - seen < days(30)")
    base = compiled.encode(table)
    for days in (0, 10, 40, -5, 0):
        now = NOW + timedelta(days=days)
        assert compiled.count(base, now=now) == compiled.count(table, now=now)


def test_another_program_encodes_only_what_is_new() -> None:
    """Codebooks that both programs share are read, not made again."""
    table = customers()
    first = program(table, a="age > 30", b='word == "w1"')
    base = first.encode(table)
    before = base.nbytes
    second = program(table, a="age > 30", b='word == "w2"')
    assert second.count(base) == second.count(table)
    assert base.nbytes == before + before // 2
    assert first.count(base) == first.count(table)


def test_chunks_of_a_base_stay_where_they_are() -> None:
    """Codes of one run of rows must not spill over those of the next."""
    table = customers()
    pieces = pa.concat_tables([table.slice(0, 3200), table.slice(3200, 64), table.slice(3264)])
    compiled = program(table, a="age > 30", b='word == "w1" || id < 4000')
    assert compiled.count(compiled.encode(pieces)) == compiled.count(table)
