"""Parts of dates, clocks and durations."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import calendar_parts as parts
from fasttwitch.library import date_parts

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000


@given(clock=st.datetimes())
def test_parts_of_a_clock_are_those_of_datetime(clock: datetime) -> None:
    found = (clock - EPOCH) // MICROSECOND
    assert parts.year(found) == clock.year
    assert parts.month(found) == clock.month - 1
    assert parts.day_of_month(found) == clock.day - 1
    assert parts.date_of_month(found) == clock.day
    assert parts.day_of_week(found) == clock.isoweekday() % 7
    assert parts.day_of_year(found) == clock.timetuple().tm_yday - 1
    assert parts.hours(found) == clock.hour
    assert parts.minutes(found) == clock.minute
    assert parts.seconds(found) == clock.second
    assert parts.milliseconds(found) == clock.microsecond // 1000


@given(day=st.dates())
def test_parts_of_a_date_are_those_of_its_midnight(day: date) -> None:
    found = (day - EPOCH.date()).days
    for name in ("year", "month", "day_of_month", "date_of_month", "day_of_week", "day_of_year"):
        assert getattr(date_parts, name)(found) == getattr(parts, name)(found * DAY)


@given(clock=st.datetimes(datetime(1, 1, 1), datetime(400, 12, 31)), laps=st.integers(-3, 25))
def test_the_calendar_repeats_after_400_years(clock: datetime, laps: int) -> None:
    """Also in the years that a zone makes of 1 and 9999, where Python has none."""
    here = (clock - EPOCH) // MICROSECOND
    there = here + laps * 146_097 * DAY
    assert parts.year(there) == parts.year(here) + 400 * laps
    for name in ("month", "day_of_month", "day_of_week", "day_of_year", "hours", "milliseconds"):
        assert getattr(parts, name)(there) == getattr(parts, name)(here)


def test_a_day_outside_the_years_1_to_9999() -> None:
    before = (datetime.min - EPOCH) // MICROSECOND - 1
    after = (datetime.max - EPOCH) // MICROSECOND + 1
    assert [parts.year(before), parts.month(before), parts.date_of_month(before)] == [0, 11, 31]
    assert [parts.day_of_year(before), parts.day_of_week(before), parts.hours(before)] == [365, 0, 23]
    assert [parts.year(after), parts.month(after), parts.date_of_month(after)] == [10000, 0, 1]
    assert [parts.day_of_year(after), parts.day_of_week(after), parts.hours(after)] == [0, 6, 0]


@pytest.mark.parametrize(
    ("duration", "hours", "minutes", "seconds", "milliseconds"),
    [
        (10_000_000_000, 2, 166, 10_000, 0),
        (-10_000_000_000, -2, -166, -10_000, 0),
        (123_321_456, 0, 2, 123, 321),
        (-1_500_000, 0, 0, -1, -500),
        (-999, 0, 0, 0, 0),
        (-3_599_999_999, 0, -59, -3599, -999),
        (0, 0, 0, 0, 0),
    ],
)
def test_parts_of_a_duration_are_totals(
    duration: int, hours: int, minutes: int, seconds: int, milliseconds: int
) -> None:
    """All but the milliseconds, which count from the last whole second; everything towards zero."""
    assert parts.duration_hours(duration) == hours
    assert parts.duration_minutes(duration) == minutes
    assert parts.duration_seconds(duration) == seconds
    assert parts.duration_milliseconds(duration) == milliseconds


@given(duration=st.integers(-315_576_000_000_000_000, 315_576_000_000_000_000))
def test_a_duration_turned_round_has_the_parts_turned_round(duration: int) -> None:
    for part in (parts.duration_hours, parts.duration_minutes, parts.duration_seconds, parts.duration_milliseconds):
        assert part(-duration) == -part(duration)
    rest = duration - parts.duration_seconds(duration) * 1_000_000 - parts.duration_milliseconds(duration) * 1000
    assert abs(rest) < 1000
