"""How values that read the clock change as time passes."""

import pytest

from fasttwitch.logic.check import check
from fasttwitch.plan.passing_time import DAY, HOUR, STILL, UTC, Clock, Passing, passing
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE

FLOWING = Passing(flows=True)
MINUTE = HOUR // 60


def of(rule: str) -> Passing | None:
    return passing(check(parse(rule), SCOPE, rule))


def shown(unit: int, zone: str = UTC, shift: int = 0) -> Passing:
    return Passing(frozenset({Clock(zone, unit, shift)}))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("age > 5", STILL),
        ("country == city", STILL),
        ("age in [1, 2]", STILL),
        ("coalesce(age, visits, 5) > 3", STILL),
        ('[country, city].join("-") == "a-b"', STILL),
        ("now > created_at", FLOWING),
        ("now - created_at > session", FLOWING),
        ("now + session <= last_order_at", FLOWING),
        ("-(now - created_at).getHours() < age", FLOWING),
        ("(now - created_at) * 2 > session", FLOWING),
        ("(now - created_at).getHours() > age", FLOWING),
        ("coalesce(created_at, now) < last_order_at", FLOWING),
        ("now.getHours() > age", shown(HOUR)),
        ('now.getMinutes("Asia/Kolkata") == age', shown(MINUTE, "Asia/Kolkata")),
        ("now.getSeconds() == age", shown(1_000_000)),
        ("now.getMilliseconds() == age", shown(1_000)),
        ("now.getDayOfWeek() in [0, 6]", shown(DAY)),
        ("(now - days(3)).getHours() == age", shown(HOUR, shift=-3 * DAY)),
        ('date(now + hours(2) - minutes(1), "Europe/Berlin") == signup', shown(DAY, "Europe/Berlin", 119 * MINUTE)),
        ('startOfDay(now, "+02:00") < created_at', shown(DAY, "+02:00")),
        ("string(date(now)) == country", shown(DAY)),
        ('[string(date(now)), city].join("-") == country', shown(DAY)),
        (
            "now - created_at > hours(now.getHours())",
            Passing(frozenset({Clock(UTC, HOUR, 0)}), flows=True),
        ),
    ],
)
def test_how_a_rule_changes_while_time_passes(rule: str, expected: Passing) -> None:
    assert of(rule) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "now == created_at",
        "now - created_at != session",
        "(now - created_at).getMilliseconds() > age",
        "string(now) == country",
        "string(now) == country + city",
        "now in [timestamp('2026-01-01T00:00:00Z')]",
        "(now + session).getHours() > age",
        '[string(now), city].join("-") == country',
        "coalesce(country, string(now)) == city",
        "isTrue(now > created_at) == opted_in",
    ],
)
def test_other_ways_are_not_told(rule: str) -> None:
    assert of(rule) is None
