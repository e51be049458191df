"""Cuts on a zone's clocks: they must say of every instant what the definitions say, also where clocks are set back."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from random import Random

import pytest

from fasttwitch.kernels.layout import TIMESTAMP_HIGH, TIMESTAMP_LOW
from fasttwitch.library import calendar_parts, casts
from fasttwitch.library.zones import Zone, local_time, read_zone, start_of_day, zone_names
from fasttwitch.logic.datatypes import DATE, INT, TIMESTAMP, Type
from fasttwitch.plan.calendar_cuts import first_day_of
from fasttwitch.plan.value_sets import Ranges
from fasttwitch.plan.zone_cuts import zoned_ranges

DAY = 86_400_000_000
OPERATORS: dict[str, Callable[[int, int], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
DEFINITIONS: dict[str, tuple[Type, Callable[[Zone, int], int | None]]] = {
    "getFullYear": (INT, lambda zone, at: calendar_parts.year(local_time(zone, at))),
    "date": (DATE, lambda zone, at: casts.date_of_timestamp(at, zone)),
    "startOfDay": (TIMESTAMP, start_of_day),
}


def instant(written: str) -> int:
    """Return an instant as µs."""
    return (datetime.fromisoformat(written) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def day(written: str) -> int:
    return instant(f"{written}T00:00:00Z") // DAY


def zone_of(name: str) -> Zone:
    zone = read_zone(name)
    assert zone is not None
    return zone


def holds(values: Ranges, at: int) -> bool:
    return values.below ^ bool(bisect_right(values.cuts, at) % 2)


def test_a_day_in_a_zone_is_a_range_of_instants() -> None:
    """On the day on which clocks are set forward it has 23 hours."""
    sets = zoned_ranges("date", zone_of("Europe/Berlin"), "==", day("2026-03-29"), DATE)
    assert sets is not None
    assert sets[0].cuts == (instant("2026-03-28T23:00:00Z"), instant("2026-03-29T22:00:00Z"))


def test_a_year_in_a_zone_begins_at_its_midnight() -> None:
    sets = zoned_ranges("getFullYear", zone_of("-08:00"), ">=", 2026, INT)
    assert sets is not None
    assert sets == (
        Ranges(False, False, False, (instant("2026-01-01T08:00:00Z"),)),
        Ranges(False, False, True, (instant("2026-01-01T08:00:00Z"),)),
    )


def test_an_hour_of_the_day_before_may_come_again() -> None:
    """In Newfoundland of 1987 clocks were set back from 00:01 to 23:01: the first minute of a day came twice."""
    zone = zone_of("America/St_Johns")
    sets = zoned_ranges("date", zone, ">=", day("1987-10-25"), DATE)
    assert sets is not None
    changes = [at for at in zone.transitions if local_time(zone, at - 1) // DAY > local_time(zone, at) // DAY]
    assert instant("1987-10-25T02:31:00Z") in changes
    assert sets[0].cuts[:3] == tuple(instant(f"1987-10-25T{time}Z") for time in ("02:30:00", "02:31:00", "03:30:00"))


def test_days_beyond_the_calendar_are_unknown() -> None:
    """Who stored the end of all times finds Berlin's clock in the year 10000, where no date is."""
    sets = zoned_ranges("date", zone_of("Europe/Berlin"), ">", day("2026-01-31"), DATE)
    assert sets is not None
    assert [holds(values, TIMESTAMP_HIGH) for values in sets] == [False, False]
    assert [holds(values, TIMESTAMP_HIGH - DAY) for values in sets] == [True, False]


@pytest.mark.parametrize(
    ("function", "bound", "kind"),
    [
        ("getFullYear", 10_000, INT),
        ("getFullYear", 1, INT),
        ("date", -719_162, DATE),
        ("startOfDay", TIMESTAMP_LOW, TIMESTAMP),
        ("getMonth", 3, INT),
    ],
)
def test_near_the_ends_of_the_calendar_instants_are_converted(function: str, bound: int, kind: Type) -> None:
    assert zoned_ranges(function, zone_of("Europe/Berlin"), ">=", bound, kind) is None


@pytest.mark.parametrize("function", DEFINITIONS)
def test_cuts_say_what_definitions_say_in_every_zone(function: str) -> None:
    """Around changes of clocks, ends of cycles and of the calendar."""
    random = Random(function)
    kind, define = DEFINITIONS[function]
    for name in (*zone_names(), "+14:59", "-14:59"):
        zone = zone_of(name)
        for _ in range(3):
            at = _place(zone, random)
            value = define(zone, at)
            bound = (value or 0) + random.choice((0, 0, 0, 1, -1))
            operator = random.choice(list(OPERATORS))
            sets = zoned_ranges(function, zone, operator, bound, kind)
            if sets is None:
                continue
            true, false = sets
            tried = [at + random.randrange(-3 * DAY, 3 * DAY) for _ in range(8)] + [at, TIMESTAMP_LOW, TIMESTAMP_HIGH]
            tried += [cut + by for cut in true.cuts + false.cuts if isinstance(cut, int) for by in (-1, 0)]
            if function == "getFullYear":
                tried += [first_day_of(bound) * DAY + random.randrange(-DAY, DAY) for _ in range(5)]
            for each in tried:
                clamped = max(min(each, TIMESTAMP_HIGH), TIMESTAMP_LOW)
                known = define(zone, clamped)
                expected = None if known is None else OPERATORS[operator](known, bound)
                said = (holds(true, clamped), holds(false, clamped))
                assert said == (expected is True, expected is False), (name, operator, bound, clamped)


def _place(zone: Zone, random: Random) -> int:
    """Return an instant near something that could be overlooked."""
    cycles = [zone.cycle_start + zone.cycle * random.randrange(19)] if zone.cycle else []
    places = [*random.sample(zone.transitions, min(3, len(zone.transitions))), *cycles, TIMESTAMP_LOW, TIMESTAMP_HIGH]
    at = random.choice(places) + random.choice((0, -1, 1, DAY, -DAY, random.randrange(-DAY, DAY)))
    return max(min(at, TIMESTAMP_HIGH), TIMESTAMP_LOW)
