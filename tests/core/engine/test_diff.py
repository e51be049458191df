"""What changed rules would do: exactly those who enter and leave, as two selections and DuckDB have them."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import duckdb
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.engine import diff as room
from fasttwitch.errors import ExporterError
from fasttwitch.exporters.duckdb_sql import to_duckdb_sql
from tests.core.engine.test_succession import changed_rulesets
from tests.core.exporters.duckdb_trials import readable
from tests.generators.rulesets import ruleset_trial
from tests.oracle.instants import moment
from tests.sweeps.verdicts import accepted, case

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = pa.table(
    {
        "customer_id": [f"c{number}" for number in range(200)],
        "n": [number % 10 if number % 7 else None for number in range(200)],
        "tier": ["gold" if number % 3 else "silver" for number in range(200)],
    }
)
RULES = {"many": "n > 3", "gold": 'tier == "gold"', "both": 'segment("many") && segment("gold")', "old": "n == 1"}


def ruleset_of(rules: dict[str, str]) -> ft.Ruleset:
    return ft.load_ruleset({"version": 1, "language": "cel/1", "key": "customer_id", "segments": rules})


@pytest.fixture(scope="module")
def program() -> ft.Program:
    return ft.compile(ruleset_of(RULES), TABLE.schema)


def test_a_diff_names_segments_and_customers(program: ft.Program) -> None:
    changed = program.ruleset.with_changes(
        segments={"many": "n > 8", "gold": '!(tier != "gold")', "new": "n == 2"}, remove=["old"]
    )
    found = program.diff(changed, TABLE, now=NOW)
    assert (found.added, found.removed, found.rewritten, found.touched) == (
        ("new",),
        ("old",),
        ("many", "gold"),
        ("both",),
    )
    assert list(found.changes) == ["many", "both", "new", "old"]
    many = found.changes["many"]
    assert (many.before, many.after, many.entered, many.left) == (102, 17, 0, 85)
    assert found.sample("new") == (["c2", "c12", "c22", "c32", "c52"], [])
    assert found.left_rows("many").to_pylist()[:3] == [4, 5, 6]
    assert found.entered_rows("gold").to_pylist() == []
    assert (found.before, found.after) == (program.digest, ft.compile(changed, TABLE.schema).digest)
    assert str(found) == "\n".join(
        [
            "segments: 1 added, 1 removed, 2 rewritten, 1 asking for these",
            "  many           102 → 17            +0           -85",
            "    out: c4, c5, c6, c8, c15, …",
            "  both            68 → 11            +0           -57",
            "    out: c4, c5, c8, c16, c17, …",
            "  new              0 → 17            +17          -0           new",
            "    in:  c2, c12, c22, c32, c52, …",
            "  old             17 → 0             +0           -17          removed",
            "    out: c1, c11, c31, c41, c51, …",
        ]
    )
    told = found.to_dict()
    assert told["customers"] == 200
    assert told["changes"][-1] == {  # type: ignore[index]
        "name": "old",
        "before": 17,
        "after": 0,
        "entered": 0,
        "left": 17,
        "entering": [],
        "leaving": ["c1", "c11", "c31", "c41", "c51"],
    }


def test_what_only_reads_differently_is_no_difference(program: ft.Program) -> None:
    found = program.diff(program.ruleset.with_changes(segments={"many": "!(n <= 3)"}), TABLE, now=NOW)
    assert not found
    assert str(found).splitlines() == [
        "segments: 1 rewritten, 1 asking for these",
        "  nobody of 200 customers enters or leaves a segment",
    ]
    assert str(program.diff(program.ruleset, TABLE, now=NOW)).startswith("segments: none differ\n")


def test_without_keys_rows_are_shown(program: ft.Program) -> None:
    found = program.diff(program.ruleset.with_changes(segments={"old": "n == 2"}), TABLE.drop(["customer_id"]), now=NOW)
    assert found.sample("old") == ([2, 12, 22, 32, 52], [1, 11, 31, 41, 51])


def test_errors_say_what_is_wrong(program: ft.Program) -> None:
    with pytest.raises(ft.RulesetError):
        program.diff(program.ruleset.with_changes(segments={"many": "m > 8"}), TABLE)
    with pytest.raises(ft.DataError, match="the data has no column `n`"):
        program.diff(program.ruleset, TABLE.drop(["n"]))
    with pytest.raises(ft.DataError, match="did you mean `many`"):
        program.diff(program.ruleset, TABLE).entered_rows("mani")
    other = ft.compile(ruleset_of({"many": "n > 3"}), pa.schema({"n": pa.int64()}))
    with pytest.raises(ft.DataError, match="another schema"):
        program.diff(other, TABLE)


def test_an_engine_tells_before_it_publishes(program: ft.Program) -> None:
    engine = ft.Engine(program)
    candidate = program.updated(program.ruleset.with_changes(segments={"many": "n > 8"}))
    base = program.encode(TABLE)
    found = engine.diff(candidate, base, now=NOW)
    assert engine.publish(candidate) is candidate
    assert engine.program.count(TABLE)["many"] == found.changes["many"].after
    draft = program.draft({"x": 'segment("many") && n > 5'})
    assert set(draft.diff(candidate, TABLE, now=NOW).changes) == {"many", "both", "x"}


@pytest.mark.parametrize("apart", [0, 4, 1000])
@pytest.mark.parametrize("seed", range(4))
def test_differences_are_those_of_two_selections_and_of_duckdb(
    seed: int, apart: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By runs of whole programs and of the segments alone, those in groups of three."""
    monkeypatch.setattr(room, "SHARE_APART", apart)
    monkeypatch.setattr(room, "MOST_MASK_BYTES", 100 if apart == 0 else 1 << 20)
    random = Random(f"diff/{seed}")
    drawn = ruleset_trial(random, "mixed", 25, 150)
    kept, _ = accepted(case(replace(drawn, table=drawn.table.slice(0, 0))))
    trial, now = replace(kept.trial, table=drawn.table), moment(kept.trial.shape.now)
    ruleset = ft.load_ruleset(trial.document)
    program = ft.compile(ruleset, trial.shape.schema)
    base = program.encode(trial.table)
    connection = duckdb.connect()
    connection.register("customers", readable(trial.table))
    for changed in changed_rulesets(random, ruleset, list(trial.rules.values()), 4):
        for data, threads in ((base, 2), (trial.table, 1)):
            found = program.diff(changed, data, now=now, threads=threads)
            old, new = (
                program.select(trial.table, now),
                ft.compile(changed, trial.shape.schema).select(trial.table, now),
            )
            for name in {*old.names, *new.names}:
                was, is_now = (members(one, name) for one in (old, new))
                assert found.entered_rows(name).to_pylist() == sorted(is_now - was)
                assert found.left_rows(name).to_pylist() == sorted(was - is_now)
                assert (name in found.changes) == (was != is_now)
        for name, change in found.changes.items():
            counts = [in_duckdb(connection, one, trial.table.schema, name, now) for one in (ruleset, changed)]
            for count, expected in zip(counts, (change.before, change.after), strict=True):
                assert count in (None, expected)


def members(audiences: ft.Audiences, name: str) -> set[int]:
    if name not in audiences.names:
        return set()
    return {row for row, inside in enumerate(audiences.mask(name).to_pylist()) if inside}


def in_duckdb(
    connection: duckdb.DuckDBPyConnection, ruleset: ft.Ruleset, schema: pa.Schema, name: str, now: datetime
) -> int | None:
    """Return how many customers DuckDB finds in a segment; None for rules that are not exported."""
    if name not in ruleset.segments:
        return 0
    try:
        sql = to_duckdb_sql(ruleset, schema, segment=name, now=now)
        found = connection.sql(f"SELECT count(*) FROM customers WHERE {sql}").fetchall()
    except (ExporterError, duckdb.Error):
        return None
    return int(found[0][0])
