"""The instant of a run."""

import time
from datetime import UTC, datetime, timedelta

from fasttwitch.errors import DataError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1001, 8998


def instant(now: datetime | None) -> datetime:
    """Return the instant of a run in UTC: `now`, a naive one read as UTC, or the clock's if none is given.

    Errors: DataError outside the years 1001 to 8998, where sums with `now` could leave the calendar.
    """
    if now is None:
        return datetime.now(UTC)
    if not isinstance(now, datetime) or now != now:  # NaT is a datetime, and not itself
        raise DataError(f"`now` must be a datetime, not `{type(now).__name__}`")
    try:
        now = now.replace(tzinfo=UTC) if now.utcoffset() is None else now.astimezone(UTC)
    except OverflowError:  # within a day of the calendar's ends
        now = now.replace(tzinfo=UTC)
    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        raise DataError(f"`now` lies in the year {now.year}", "give an instant between the years 1001 and 8998")
    return now


def microseconds(now: datetime) -> int:
    """Return µs since 1970 UTC."""
    difference = now - EPOCH
    return (difference.days * 86_400 + difference.seconds) * 1_000_000 + difference.microseconds


def moment(now: datetime | None) -> int:
    """Return `microseconds(instant(now))`; errors as `instant`."""
    if now is None:
        return time.time_ns() // 1_000
    if type(now) is not datetime or now.tzinfo is not UTC or not FIRST_YEAR <= now.year <= LAST_YEAR:
        now = instant(now)
    return microseconds(now)


def as_instant(microseconds: int) -> datetime:
    """Return the instant, in UTC, so many µs after 1970."""
    return EPOCH + timedelta(microseconds=microseconds)
