"""A program that follows another says what one that is compiled from nothing says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.engine import succession
from tests.generators.profiles import said_profiles
from tests.generators.rulesets import FLAVOURS, ruleset_trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.sweeps.verdicts import accepted, case

SCHEMA = pa.schema({"n": pa.int64(), "tier": pa.string(), "at": pa.timestamp("us", "UTC"), "x": pa.float64()})
RULES = {
    "many": "n > 3",
    "gold": 'tier == "gold"',
    "both": 'segment("many") && segment("gold")',
    "fresh": "now - at < days(30)",
    "night": 'at.getHours("Europe/Vienna") < 6',
    "wanted": 'tier in list("wanted")',
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = {"n": 5, "tier": "gold", "at": NOW - timedelta(days=29, hours=12), "x": 1.0}


def ruleset_of(rules: dict[str, str]) -> ft.Ruleset:
    lists = {"wanted": {"type": "string", "values": ["gold", "silver"]}}
    return ft.load_ruleset({"version": 1, "language": "cel/1", "lists": lists, "segments": rules})


@pytest.fixture(scope="module")
def program() -> ft.Program:
    return ft.compile(ruleset_of(RULES), SCHEMA)


def changed_rulesets(random: Random, ruleset: ft.Ruleset, spare: Sequence[str], count: int) -> Iterator[ft.Ruleset]:
    """Yield rulesets, each from the one before by a few changes; those that would close a circle are passed over."""
    for number in range(count):
        names = list(ruleset.segments)
        fresh = {name: random.choice(spare) for name in random.sample(names, random.choice((0, 1, 2)))}
        fresh |= {f"new{number}": random.choice(spare)} if random.random() < 0.3 else {}
        asked = {name for one in ruleset.segments.values() for name, _ in one.references}
        free = [name for name in names if name not in asked and name not in fresh]
        gone = random.sample(free, min(len(free), random.choice((0, 0, 1))))
        try:
            ruleset = ruleset.with_changes(segments=fresh, remove=gone)
        except ft.RulesetError:
            continue
        yield ruleset


@pytest.mark.parametrize("flavour", sorted(set(FLAVOURS) - {"crowd"}))
def test_after_any_changes_answers_are_those_of_a_program_from_nothing(
    flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(succession, "MOST_IN_TAIL", 12)
    random = Random(f"succession/{flavour}")
    drawn = ruleset_trial(random, flavour, 20, 20)
    kept, _ = accepted(case(replace(drawn, table=drawn.table.slice(0, 0))))
    trial = replace(kept.trial, table=drawn.table)
    schema, now = trial.shape.schema, moment(trial.shape.now)
    profiles = [one for one in said_profiles(random, rows(trial.table), schema) if one is not None][:5]
    ruleset = ft.load_ruleset(trial.document)
    follower = ft.compile(ruleset, schema)
    spare = list(trial.rules.values())
    for number, changed in enumerate(changed_rulesets(random, ruleset, spare, 6)):
        follower = follower.updated(changed)
        if number % 3 == 2:
            follower.compact()
        check_same(follower, ft.compile(changed, schema), profiles, trial.table, now)


def check_same(
    follower: ft.Program, fresh: ft.Program, profiles: list[Mapping[str, object]], table: pa.Table, now: datetime
) -> None:
    """Compare all ways to ask two programs."""
    assert (follower.names, follower.digest, follower.attributes) == (fresh.names, fresh.digest, fresh.attributes)
    later = now + timedelta(days=40)
    for mine, theirs in zip(profiles, profiles[1:] + profiles[:1], strict=True):
        expected = fresh.match(mine, now=now)
        row = follower.row(mine)
        for match in (follower.match(mine, now=now), follower.match(row, now=now)):
            assert match == expected
        assert all((name in expected) == (name in match) for name in fresh.names)
        ours, right = (one.delta(mine, theirs, now=later, since=now) for one in (follower, fresh))
        assert (ours.entered, ours.left, ours.causes) == (right.entered, right.left, right.causes)
        assert bool(ours) == bool(right)
        advanced, ours = follower.advance(follower.advance(row, {}, now=now)[0], theirs, now=later)
        assert follower.match(advanced, now=later) == fresh.match({**mine, **theirs}, now=later)
        assert due(follower, mine, now) == due(fresh, mine, now)
    assert list(follower.match_many(profiles, now=now)) == list(fresh.match_many(profiles, now=now))
    prepared = [follower.row(profile) for profile in profiles]
    assert list(follower.match_many(prepared, now=now)) == list(fresh.match_many(profiles, now=now))
    base, other = follower.encode(table), fresh.encode(table)
    for number in range(0, table.num_rows, 7):
        assert follower.match(base.row(number), now=now) == fresh.match(other.row(number), now=now)
    kept = [base.row(number) for number in range(table.num_rows)]
    assert list(follower.match_many(kept, now=now)) == [fresh.match(other.row(n), now=now) for n in range(len(kept))]
    moves, same = (one.sweep(its, now, later) for one, its in ((follower, base), (fresh, other)))
    assert (moves.entered, moves.left, bool(moves)) == (same.entered, same.left, bool(same))
    assert all(moves.entered_rows(name).equals(same.entered_rows(name)) for name in fresh.names)
    assert follower.count(table, now=now) == fresh.count(table, now=now)


def due(program: ft.Program, profile: Mapping[str, object], now: datetime) -> datetime | str | None:
    try:
        return program.due(profile, now=now)
    except ft.DataError as error:
        return str(error)


def test_few_changes_make_a_tail_of_what_asks_them(program: ft.Program) -> None:
    follower = program.updated(program.ruleset.with_changes(segments={"many": "n > 7"}))
    assert not follower.is_compact
    assert follower.match(ANNA, now=NOW).segments == ("gold", "fresh", "wanted")
    assert program.match(ANNA, now=NOW).segments == ("many", "gold", "both", "fresh", "wanted")
    follower.compact()
    assert follower.is_compact
    assert follower.match(ANNA, now=NOW).segments == ("gold", "fresh", "wanted")


def test_a_tail_may_read_what_nobody_has_read_before(program: ft.Program) -> None:
    follower = program.updated(program.ruleset.with_changes(segments={"much": "x > 0.5 && n > 4"}))
    assert follower.match(ANNA, now=NOW).segments == ("many", "gold", "both", "fresh", "wanted", "much")
    assert follower.attributes == (*program.attributes, "x")


def test_rules_may_only_go_away(program: ft.Program) -> None:
    follower = program.updated(program.ruleset.with_changes(remove=["both", "many"]))
    assert follower.match(ANNA, now=NOW).segments == ("gold", "fresh", "wanted")
    assert follower.match({**ANNA, "at": None}, now=NOW).unknown == ("fresh", "night")
    assert "many" not in follower.names
    assert not follower.delta(ANNA, {**ANNA, "n": 1}, now=NOW)


def test_words_that_decide_nothing_change_the_digest_alone(program: ft.Program) -> None:
    told_so = program.ruleset.with_changes(segments={"many": {"when": "n > 3", "owner": "crm"}})
    follower = program.updated(told_so)
    assert follower.digest != program.digest
    assert follower.match(ANNA, now=NOW).segments == program.match(ANNA, now=NOW).segments


def test_a_list_that_changes_changes_the_rules_that_read_it(program: ft.Program) -> None:
    changed = program.ruleset.with_changes(lists={"wanted": {"type": "string", "values": ["silver"]}})
    assert "wanted" not in program.updated(changed).match(ANNA, now=NOW)


def test_the_order_of_the_document_is_kept(program: ft.Program) -> None:
    turned = ruleset_of(dict(reversed(RULES.items())))
    follower = program.updated(turned)
    assert follower.names == tuple(reversed(RULES))
    assert follower.match(ANNA, now=NOW).segments == ("wanted", "fresh", "both", "gold", "many")


def test_zones_that_nobody_names_any_more_leave_the_digest(program: ft.Program) -> None:
    changed = program.ruleset.with_changes(segments={"night": "n > 1000"})
    assert program.updated(changed).digest == ft.compile(changed, SCHEMA).digest


def test_a_draft_has_no_followers_of_its_own(program: ft.Program) -> None:
    draft = program.draft({"x": 'segment("many") && x > 0.5'})
    follower = draft.updated(program.ruleset)
    assert follower.names == program.names
    assert follower.match(ANNA, now=NOW) == program.match(ANNA, now=NOW)


def test_what_still_asks_for_a_segment_that_is_gone_is_told(program: ft.Program) -> None:
    with pytest.raises(ft.RulesetError) as caught:
        program.updated(program.ruleset.with_changes(remove=["many"]))
    assert str(caught.value).startswith('unknown segment `"many"`\n --> segments.both:1:9')


def test_rules_that_do_not_fit_the_schema_are_told_all_at_once(program: ft.Program) -> None:
    changed = program.ruleset.with_changes(segments={"a": "m > 3", "b": 'n == "x"', "c": "n > 3"})
    with pytest.raises(ft.RulesetError) as caught:
        program.updated(changed)
    assert len(caught.value.problems) == 2


def test_rows_of_before_compaction_go_on(program: ft.Program) -> None:
    follower = program.updated(program.ruleset.with_changes(segments={"many": "n > 4"}))
    row, _ = follower.advance(follower.row(ANNA), {}, now=NOW)
    expected = follower.match(row, now=NOW)
    follower.compact()
    assert follower.match(row, now=NOW) == expected
    _, delta = follower.advance(row, {"n": 2}, now=NOW + timedelta(days=2))
    assert (delta.left, delta.since) == (("many", "both", "fresh"), NOW)
    with pytest.raises(ft.DataError, match="another program"):
        program.match(row, now=NOW)
