"""When time alone next changes an answer: to the microsecond, none early, none late."""

from datetime import UTC, datetime, timedelta
from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.engine import due as due_room
from tests.oracle.instants import microseconds, moment

SCHEMA = pa.schema(
    {
        "order_at": pa.timestamp("us", "UTC"),
        "visit_at": pa.timestamp("ms"),
        "born": pa.date32(),
        "pause": pa.duration("us"),
        "ltv": pa.float64(),
        "name": pa.string(),
    }
)
NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ANNA = {
    "order_at": NOW - timedelta(days=29),
    "visit_at": datetime(2026, 3, 28, 11, 59),
    "born": datetime(2008, 3, 30).date(),
    "pause": timedelta(days=2),
    "ltv": 600.0,
    "name": "2026-03-30",
}


def program(**segments: str) -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), SCHEMA)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("now - order_at > days(30)", NOW + timedelta(days=1) + TICK),
        ("now - order_at >= days(30)", NOW + timedelta(days=1)),
        ("now - order_at < days(30)", NOW + timedelta(days=1)),
        ("order_at < now - days(30)", NOW + timedelta(days=1) + TICK),
        ("now - order_at == days(30)", NOW + timedelta(days=1)),
        ("now - order_at > days(7)", None),
        ("visit_at > now - minutes(2)", NOW + timedelta(minutes=1)),
        ("ltv > 500.0", None),
        ("ltv < 500.0 && now - order_at > days(30)", None),
        ("ltv > 500.0 || now - order_at > days(30)", None),
        ("now > timestamp('2026-04-01T00:00:00Z')", datetime(2026, 4, 1, tzinfo=UTC) + TICK),
        ("now.getHours() >= 18", datetime(2026, 3, 28, 18, tzinfo=UTC)),
        ('now.getHours("Europe/Berlin") == 3', datetime(2026, 3, 29, 1, tzinfo=UTC)),  # clocks jump from 2 to 3
        ('now.getHours("Europe/Berlin") == 2', datetime(2026, 3, 30, 0, tzinfo=UTC)),  # that hour is not shown
        ('now.getDayOfWeek("Europe/Berlin") == 0', datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("now.getFullYear() == 2027", datetime(2027, 1, 1, tzinfo=UTC)),
        ("now - order_at > pause + days(28)", NOW + timedelta(days=1) + TICK),
        ("order_at + pause + days(28) < now", NOW + timedelta(days=1) + TICK),
        ('startOfDay(now, "Europe/Berlin") - order_at > days(29)', NOW.replace(hour=23)),
        ("date(now) >= born + days(6574)", datetime(2026, 3, 30, tzinfo=UTC)),
        ('date(now + hours(2), "Europe/Berlin") >= born + days(6574)', datetime(2026, 3, 29, 20, tzinfo=UTC)),
        ("(now - order_at).getHours() > 29 * 24", NOW + timedelta(hours=1)),
        ("string(date(now)) == name", datetime(2026, 3, 30, tzinfo=UTC)),
        ("now - order_at > duration('0s') - pause", None),
    ],
)
def test_when_a_rule_changes_by_itself(rule: str, expected: datetime | None) -> None:
    rules = program(r=rule)
    assert rules.due(ANNA, now=NOW) == expected
    assert rules.due(rules.row(ANNA), now=NOW) == expected
    if expected is not None:
        assert rules.match(ANNA, now=expected - TICK).segments == rules.match(ANNA, now=NOW).segments
        assert rules.match(ANNA, now=expected).segments != rules.match(ANNA, now=NOW).segments


def test_the_earliest_of_several_rules_counts() -> None:
    rules = program(a="now - order_at > days(31)", b="now - order_at > days(30)", c='segment("a") && segment("b")')
    assert rules.due(ANNA, now=NOW) == NOW + timedelta(days=1) + TICK
    assert rules.due(ANNA, now=NOW + timedelta(days=1) + TICK) == NOW + timedelta(days=2) + TICK
    assert rules.due(ANNA, now=NOW + timedelta(days=2) + TICK) is None


def test_of_what_is_not_known_nothing_is_due() -> None:
    rules = program(r="now - order_at > days(30)", s="now - order_at > pause")
    assert rules.due({}, now=NOW) is None
    assert rules.due({"order_at": None, "pause": timedelta(1)}, now=NOW) is None


@pytest.mark.parametrize(
    "rule",
    ["(now - order_at).getMilliseconds() > 5", "string(now) == name", "now == order_at + pause", "int(now) % 7 == 3"],
)
def test_a_rule_of_which_nobody_can_say_when_it_changes_is_refused(rule: str) -> None:
    rules = program(r=rule)
    with pytest.raises(ft.DataError, match="nobody can say when it changes what a rule computes"):
        rules.due(ANNA, now=NOW)
    assert rules.match(ANNA, now=NOW) is not None


def test_a_clock_that_does_not_matter_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be for thousands of years."""
    monkeypatch.setattr(due_room, "MOST_LOOKS", 40)
    rules = program(r="now.getSeconds() == 30 && ltv > 1000.0", s="now.getHours() > 3 || ltv > 500.0")
    assert rules.due(ANNA, now=NOW) is None
    later = program(r="now.getSeconds() == 30 && now - order_at > days(31)")
    assert later.due(ANNA, now=NOW) == NOW + timedelta(days=2, seconds=30)


def test_rules_about_seconds_are_not_looked_at_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told then is no later than the change."""
    monkeypatch.setattr(due_room, "MOST_LOOKS", 50)
    rules = program(r="now.getSeconds() == 30 && now.getMinutes() == 30")
    first = rules.due(ANNA, now=NOW)
    assert first is not None
    assert NOW < first < NOW + timedelta(minutes=30)
    assert rules.match(ANNA, now=first).segments == ()


RECENT = ("now - order_at {} days({})", "visit_at {} now - hours({})", "now - visit_at {} minutes({})")


@pytest.mark.parametrize("seed", range(20))
def test_exits_are_at_their_exact_instants(seed: int) -> None:
    """From one due instant to the next: nothing changes between them, something at each of them."""
    random = Random(seed)
    texts = {
        f"r{number}": random.choice(RECENT).format(random.choice(("<", "<=", ">", ">=")), random.randrange(1, 90))
        for number in range(12)
    }
    texts["late"] = 'now.getHours("America/New_York") >= 20 && segment("r0")'
    rules = program(**texts)
    profile = {
        "order_at": NOW - timedelta(seconds=random.randrange(90 * 86_400)),
        "visit_at": (NOW - timedelta(seconds=random.randrange(90 * 3_600))).replace(tzinfo=None),
    }
    at, row = NOW, rules.row(profile)
    for _ in range(25):
        held, found = rules.match(profile, now=at), rules.due(row, now=at)
        end = microseconds(found) if found is not None else microseconds(at) + 10**13
        for _ in range(20):
            between = moment(random.randrange(microseconds(at), end))
            assert rules.match(profile, now=between).segments == held.segments
        if found is None:
            break
        assert rules.match(profile, now=found - TICK).segments == held.segments
        assert rules.match(profile, now=found).segments != held.segments
        at = found
