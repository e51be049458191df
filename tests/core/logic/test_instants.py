"""Instants, days and durations, as text and as numbers."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.logic.instants import (
    DAY,
    FIRST_INSTANT,
    LAST_INSTANT,
    LONGEST_DURATION,
    Refusal,
    duration_words,
    read_date,
    read_duration,
    read_timestamp,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
zones = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(instant=st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones))
def test_what_python_prints_is_read_to_the_microsecond(instant: datetime) -> None:
    assert read_timestamp(instant.isoformat()) == (instant - EPOCH) // MICROSECOND


@given(day=st.dates())
def test_a_day_alone_is_its_midnight_in_utc(day: date) -> None:
    days = (day - date(1970, 1, 1)).days
    assert read_date(day.isoformat()) == days
    assert read_timestamp(day.isoformat()) == days * DAY


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31 23:59:59.999999z", -1),
        ("1970-01-01T00:00:00.0000019Z", 1),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("0001-01-01T00:00:00Z", FIRST_INSTANT),
        ("9999-12-31T23:59:59.999999999Z", LAST_INSTANT),
    ],
)
def test_digits_beyond_the_microsecond_are_floored(text: str, microseconds: int) -> None:
    assert read_timestamp(text) == microseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '`""` is not a timestamp'),
        ("2026-01-31T09:30Z", '`"2026-01-31T09:30Z"` is not a timestamp'),
        ("2026-01-31T09:30:00", '`"2026-01-31T09:30:00"` has no time zone'),
        ("2026-01-31T24:00:00Z", '`"2026-01-31T24:00:00Z"` is no time of day'),
        ("2026-01-31T09:30:60Z", '`"2026-01-31T09:30:60Z"` is no time of day'),
        ("2026-01-31T09:30:00+24:00", '`"2026-01-31T09:30:00+24:00"` has no such time zone'),
        ("2026-01-31T09:30:00+05:60", '`"2026-01-31T09:30:00+05:60"` has no such time zone'),
        ("2026-02-29", '`"2026-02-29"` is no day of the calendar'),
        ("0000-01-01", '`"0000-01-01"` lies outside the years 0001 to 9999'),
        ("0001-01-01T00:00:00+00:01", '`"0001-01-01T00:00:00+00:01"` lies outside the years 0001 to 9999'),
        ("9999-12-31T23:59:59-00:01", '`"9999-12-31T23:59:59-00:01"` lies outside the years 0001 to 9999'),
        ("9999-12-31T23:59:00.5-00:01", '`"9999-12-31T23:59:00.5-00:01"` lies outside the years 0001 to 9999'),
        ("10000-01-01", '`"10000-01-01"` is not a timestamp'),
        ("２０２６-01-31", '`"２０２６-01-31"` is not a timestamp'),
    ],
)
def test_what_is_no_timestamp_is_refused(text: str, message: str) -> None:
    refusal = read_timestamp(text)
    assert isinstance(refusal, Refusal)
    assert refusal.message == message


@pytest.mark.parametrize("text", ["2026-1-31", "2026-01-31T00:00:00Z", "31.01.2026", "2026-13-01", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert isinstance(read_date(text), Refusal)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("0", 0),
        ("1h30m", 5_400_000_000),
        ("-2.5s", -2_500_000),
        ("+1m1s", 61_000_000),
        ("250ms", 250_000),
        ("1us1µs", 2),
        (".5s", 500_000),
        ("1.s", 1_000_000),
        ("1999ns", 1),
        ("-1ns", -1),
        ("315576000000s", LONGEST_DURATION),
    ],
)
def test_durations_as_in_cel(text: str, microseconds: int) -> None:
    assert read_duration(text) == microseconds


@pytest.mark.parametrize(
    "text", ["", "-", "1", "1d", "s", ".s", "1h 30m", "1h30", "1H", "315576000001s", "9" * 20 + "h"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert isinstance(read_duration(text), Refusal)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30d", "days(30)"),
        ("2 weeks", "days(14)"),
        ("12H", "hours(12)"),
        ("90min", "minutes(90)"),
        ("30", "days(30)"),
        ("45s", 'duration("45s")'),
        ("1h30m", 'duration("1h30m")'),
        ("soon", 'duration("1h30m")'),
    ],
)
def test_what_people_write_for_a_duration_is_said_in_the_language(text: str, words: str) -> None:
    assert duration_words(text) == words
