"""Parts of what a clock shows, given in µs since it showed 1970-01-01T00:00; and of durations, given in µs.

The clock is UTC's, or a zone's (`zones.local_time`). Parts are 0-based where CEL counts so.
"""

from fasttwitch.library import date_parts

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def year(clock: int) -> int:
    """Return the year: 2026."""
    return date_parts.year(clock // DAY)


def month(clock: int) -> int:
    """Return the month, 0 in January."""
    return date_parts.month(clock // DAY)


def day_of_month(clock: int) -> int:
    """Return the day of the month, 0 on the first."""
    return date_parts.day_of_month(clock // DAY)


def date_of_month(clock: int) -> int:
    """Return the day of the month, 1 on the first."""
    return date_parts.date_of_month(clock // DAY)


def day_of_week(clock: int) -> int:
    """Return the day of the week, 0 on Sundays."""
    return date_parts.day_of_week(clock // DAY)


def day_of_year(clock: int) -> int:
    """Return the day of the year, 0 on 1 January."""
    return date_parts.day_of_year(clock // DAY)


def hours(clock: int) -> int:
    """Return the hour, 0 to 23."""
    return clock // HOUR % 24


def minutes(clock: int) -> int:
    """Return the minute, 0 to 59."""
    return clock // MINUTE % 60


def seconds(clock: int) -> int:
    """Return the second, 0 to 59."""
    return clock // SECOND % 60


def milliseconds(clock: int) -> int:
    """Return the whole milliseconds past the second, 0 to 999."""
    return clock // 1000 % 1000


def duration_hours(duration: int) -> int:
    """Return all hours of a duration, towards zero."""
    return _whole(duration, HOUR)


def duration_minutes(duration: int) -> int:
    """Return all minutes of a duration, towards zero."""
    return _whole(duration, MINUTE)


def duration_seconds(duration: int) -> int:
    """Return all seconds of a duration, towards zero."""
    return _whole(duration, SECOND)


def duration_milliseconds(duration: int) -> int:
    """Return the whole milliseconds past the last whole second, towards zero: not the total, as CEL's suite has it."""
    return _whole(duration, 1000) - 1000 * _whole(duration, SECOND)


def _whole(duration: int, unit: int) -> int:
    return duration // unit if duration >= 0 else -(-duration // unit)
