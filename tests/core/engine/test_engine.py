"""The program in force: what publishing, going back and compacting do to those who ask meanwhile."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.engine import engine as room
from tests.sweeps.publishing import Options, publish_under_load

SCHEMA = pa.schema({"n": pa.int64(), "tier": pa.string()})
RULES = {"many": "n > 3", "gold": 'tier == "gold"', "both": 'segment("many") && segment("gold")'}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = {"n": 5, "tier": "gold"}


def document(rules: dict[str, str]) -> dict[str, object]:
    return {"version": 1, "language": "cel/1", "segments": rules}


@pytest.fixture
def engine() -> ft.Engine:
    return ft.Engine(document(RULES), SCHEMA)


def test_an_engine_takes_what_makes_a_program(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"version": 1, "language": "cel/1", "segments": {"many": "n > 3"}}')
    ruleset = ft.load_ruleset(path)
    engines = [ft.Engine(one, SCHEMA) for one in (path, str(path), ruleset)] + [ft.Engine(ft.compile(ruleset, SCHEMA))]
    assert len({engine.digest for engine in engines}) == 1
    with pytest.raises(ft.DataError) as caught:
        ft.Engine(ruleset)
    assert str(caught.value) == (
        "rules without a schema do not make an engine\n  = fix: give `Engine(ruleset, table.schema)`"
    )


def test_what_is_published_answers_from_then_on(engine: ft.Engine) -> None:
    before = engine.match(ANNA, now=NOW)
    assert before.segments == ("many", "gold", "both")
    program = engine.publish(engine.program.ruleset.with_changes(segments={"many": "n > 7"}))
    after = engine.match(ANNA, now=NOW)
    assert after.segments == ("gold",)
    assert (after.digest, engine.digest) == (program.digest, program.digest)
    assert engine.versions == (before.digest, after.digest)


def test_a_bad_ruleset_leaves_the_old_one_in_force(engine: ft.Engine) -> None:
    program = engine.program
    for wrong in (document({"many": "n >"}), document({"many": "m > 3"}), document({"many": ""})):
        with pytest.raises(ft.RulesetError):
            engine.publish(wrong)
    assert engine.program is program
    assert engine.versions == (program.digest,)


def test_one_can_go_back(engine: ft.Engine) -> None:
    first = engine.program
    second = engine.publish(document({**RULES, "many": "n > 7"}))
    third = engine.publish(document({**RULES, "many": "n > 9"}))
    assert engine.rollback() is second
    assert list(engine.versions) == [first.digest, second.digest]
    engine.publish(third.ruleset)
    assert engine.rollback(first.digest) is first
    assert list(engine.versions) == [first.digest]
    assert engine.match(ANNA, now=NOW).segments == ("many", "gold", "both")
    with pytest.raises(ft.DataError) as caught:
        engine.rollback()
    assert str(caught.value).startswith("there is no version to go back to")
    with pytest.raises(ft.DataError) as caught:
        engine.rollback("sha256:0")
    assert str(caught.value) == f"there is no version sha256:0\n  = fix: one of {first.digest}"


def test_rows_outlive_the_program_that_prepared_them(engine: ft.Engine) -> None:
    row = engine.row(ANNA)
    row, _ = engine.advance(row, {}, now=NOW)
    engine.publish(document({**RULES, "few": "n < 3"}))
    assert engine.match(row, now=NOW).segments == ("many", "gold", "both")
    assert [one.segments for one in engine.match_many([row, {"n": 1}], now=NOW)] == [("many", "gold", "both"), ("few",)]
    row, delta = engine.advance(row, {"n": 1}, now=NOW)
    assert (delta.entered, delta.left, delta.digest) == (("few",), ("many", "both"), engine.digest)
    with pytest.raises(ft.DataError, match="is no prepared row"):
        engine.advance(ANNA, {}, now=NOW)  # type: ignore[arg-type]


def test_in_quiet_times_parts_become_one(engine: ft.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "QUIET_SECONDS", 0.01)
    for limit in range(5):
        engine.publish(engine.program.ruleset.with_changes(segments={"many": f"n > {limit + 4}"}))
        assert engine.match(ANNA, now=NOW).segments == (("many", "gold", "both") if limit == 0 else ("gold",))
    until = time.monotonic() + 30
    while not engine.program.is_compact and time.monotonic() < until:
        time.sleep(0.01)
    assert engine.program.is_compact
    assert engine.match(ANNA, now=NOW).segments == ("gold",)
    assert "many" in engine.match({**ANNA, "n": 9}, now=NOW)


def test_many_changes_do_not_wait_for_quiet_times(engine: ft.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MANY_CHANGED", 10)
    engine.publish(document({f"s{number}": f"n > {number}" for number in range(200)}))
    for number in range(60):
        engine.publish(engine.program.ruleset.with_changes(segments={f"s{number}": f"n < {number}"}))
        assert engine.match({"n": number}, now=NOW).segments == engine.program.match({"n": number}, now=NOW).segments
        time.sleep(0.02)
        assert engine.program.changed_rules < 60
    assert ft.compile(engine.program.ruleset, SCHEMA).digest == engine.digest
    assert engine.match({"n": 70}, now=NOW) == ft.compile(engine.program.ruleset, SCHEMA).match({"n": 70}, now=NOW)


def test_publishers_wait_for_each_other(engine: ft.Engine) -> None:
    def publish(own: int) -> None:
        for number in range(20):
            engine.publish(engine.program.ruleset.with_changes(segments={f"own{own}": f"n > {number}"}))

    threads = [threading.Thread(target=publish, args=(own,)) for own in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(engine.versions) == room.VERSIONS_KEPT
    assert ft.compile(engine.program.ruleset, SCHEMA).digest == engine.digest


def test_everybody_who_asks_meanwhile_hears_one_version() -> None:
    """A small one of `tests/sweeps/sweep_publish.py`."""
    told = publish_under_load(Options(publishes=60, threads=4, rules=40, pool=120, changed=4, pause=0.002, seed=3))
    assert told.wrong == []
    assert told.calls > 1000
    assert len(told.heard) > 3


def test_a_base_outlives_the_rules_that_encoded_it() -> None:
    table = pa.table({"customer_id": [1, 2, 3], "n": [1, 5, 9], "tier": ["gold", "gold", None]})
    engine = ft.Engine(document(RULES), table.schema)
    base = engine.program.encode(table)
    engine.publish(engine.program.ruleset.with_changes(segments={"many": "n > 7", "odd": "customer_id % 2 == 1"}))
    assert not engine.program.is_compact
    moves = base.update(pa.table({"customer_id": [1], "n": [8]}), now=NOW, program=engine.program)
    assert (moves.entered, moves.left, moves.digest) == ({"many": 1, "both": 1}, {}, engine.digest)
    assert engine.match(base.row(0), now=NOW).segments == ("many", "gold", "both", "odd")
    assert [one.segments for one in engine.match_many([base.row(0), base.row(2)], now=NOW)] == [
        ("many", "gold", "both", "odd"),
        ("many", "odd"),
    ]
    found = engine.diff(engine.program.ruleset.with_changes(segments={"many": "n > 8"}), base, now=NOW)
    assert {name: change.left for name, change in found.changes.items()} == {"many": 1, "both": 1}
