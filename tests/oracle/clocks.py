"""Dates and times of day: in UTC, on the clocks of a zone, and of plain days and durations."""

import re
from collections.abc import Callable
from datetime import date, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, reset_tzpath

from fasttwitch.logic.datatypes import DATE, TIMESTAMP
from tests.oracle.arithmetic import in_range, quotient
from tests.oracle.instants import DAY, EPOCH_DAY, FIRST_TIMESTAMP, HOUR, LAST_TIMESTAMP, MINUTE, SECOND, moment

reset_tzpath(to=())  # the package tzdata, not what the machine has: rules say the same everywhere

FIXED = re.compile(r"([+-]?)([0-9]{1,2}):([0-9]{2})")
CYCLE_DAYS = 146_097  # 400 Gregorian years: the same days of the week, the same rules of summer time
MARGIN = 2 * DAY  # no clock differs from UTC by more
STEP = 6 * HOUR  # no zone changes its clocks twice within so little
MILLISECOND = SECOND // 1000


@cache
def zone(name: str) -> tzinfo:
    """Return a zone by its name, or by its distance from UTC."""
    found = FIXED.fullmatch(name)
    if found is None:
        return ZoneInfo(name)
    distance = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-distance if found[1] == "-" else distance)


@lru_cache(100_000)
def offset(instant: int, name: str) -> int:
    """Return by how much the clocks of a zone are ahead of UTC.

    Python's calendar has no room for local times beyond its ends. No zone's clocks changed in the first days of the
    year 1, and those of the last days of 9999 are like those of a cycle before.
    """
    if instant < FIRST_TIMESTAMP + MARGIN:
        instant = FIRST_TIMESTAMP + MARGIN
    if instant > LAST_TIMESTAMP - MARGIN:
        instant -= CYCLE_DAYS * DAY
    ahead = moment(instant).astimezone(zone(name)).utcoffset()
    assert ahead is not None
    return ahead // timedelta(microseconds=1)


def clock(instant: int, name: str = "UTC") -> int:
    """Return what the clocks of a zone show, counted as if they showed UTC."""
    return instant + offset(instant, name)


def date_of(instant: int, name: str = "UTC") -> int | None:
    """Return the day that the calendars of a zone show, or None outside the years 1 to 9999."""
    return in_range(clock(instant, name) // DAY, DATE)


def midnight(day: int) -> int:
    """Return the instant at which a day begins in UTC."""
    return day * DAY


def start_of_day(instant: int, name: str) -> int | None:
    """Return the earliest instant of the day that the zone's calendars show, or None outside the years 1 to 9999."""
    return in_range(first_instant(clock(instant, name) // DAY, name), TIMESTAMP)


@lru_cache(10_000)
def first_instant(day: int, name: str) -> int:
    """Return the earliest instant at which the calendars of a zone show a day that they do show at some instant."""
    begins = day * DAY
    found = []
    for start, end in pairwise(changes(begins - MARGIN, begins + DAY + MARGIN, name)):
        ahead = offset(start, name)
        first, last = max(start, begins - ahead), min(end, begins + DAY - ahead)
        if first < last:
            found.append(first)
    return min(found)


def changes(first: int, last: int, name: str) -> list[int]:
    """Return `first`, every later instant at which the clocks of a zone are changed, and `last`."""
    found = [first]
    for low in range(first, last, STEP):
        high = low + STEP
        if offset(low, name) == offset(high, name):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle, name) == offset(low, name) else (low, middle)
        found.append(high)
    return [*found, last]


def year(day: int) -> int:
    """Return the year of a day; 0 and 10000 are the years around Python's calendar."""
    return in_cycle(day)[0].year + in_cycle(day)[1]


def month(day: int) -> int:
    """Return 0 for January to 11 for December."""
    return in_cycle(day)[0].month - 1


def day_of_month(day: int) -> int:
    """Return 0 for the first of the month."""
    return in_cycle(day)[0].day - 1


def date_of_month(day: int) -> int:
    """Return 1 for the first of the month."""
    return in_cycle(day)[0].day


def day_of_week(day: int) -> int:
    """Return 0 for Sunday to 6 for Saturday."""
    return in_cycle(day)[0].isoweekday() % 7


def day_of_year(day: int) -> int:
    """Return 0 for the first of January."""
    found = in_cycle(day)[0]
    return (found - date(found.year, 1, 1)).days


def in_cycle(day: int) -> tuple[date, int]:
    """Return a date alike within Python's calendar, and how many years the day lies after it."""
    if day < date.min.toordinal() - EPOCH_DAY:
        return date.fromordinal(day + CYCLE_DAYS + EPOCH_DAY), -400
    if day > date.max.toordinal() - EPOCH_DAY:
        return date.fromordinal(day - CYCLE_DAYS + EPOCH_DAY), 400
    return date.fromordinal(day + EPOCH_DAY), 0


DATE_PARTS: dict[str, Callable[[int], int]] = {
    "getFullYear": year,
    "getMonth": month,
    "getDayOfMonth": day_of_month,
    "getDate": date_of_month,
    "getDayOfWeek": day_of_week,
    "getDayOfYear": day_of_year,
}
# Name of a part, its size, and how many make up the next bigger one.
TIME_PARTS = {
    "getHours": (HOUR, 24),
    "getMinutes": (MINUTE, 60),
    "getSeconds": (SECOND, 60),
    "getMilliseconds": (MILLISECOND, 1000),
}


def date_part(name: str) -> Callable[..., int]:
    """Return the function from an instant, and a zone if one is given, to a part of its date."""
    return lambda instant, zone="UTC": DATE_PARTS[name](clock(instant, zone) // DAY)


def time_part(name: str) -> Callable[..., int]:
    """Return the function from an instant, and a zone if one is given, to a part of its time of day."""
    size, many = TIME_PARTS[name]
    return lambda instant, zone="UTC": clock(instant, zone) // size % many


def duration_part(name: str) -> Callable[[int], int | None]:
    """Return the function from a duration to its whole hours, minutes or seconds, or the milliseconds beside these."""
    size, _ = TIME_PARTS[name]
    if name != "getMilliseconds":
        return lambda length: quotient(length, size)
    return lambda length: (abs(length) % SECOND // size) * (-1 if length < 0 else 1)
