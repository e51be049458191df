"""The instant of a run."""

from datetime import UTC, datetime

from fasttwitch.errors import DataError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(now: datetime | None) -> datetime:
    """Return the instant of a run in UTC: `now`, a naive one read as UTC, or the clock's if none is given.

    Errors: DataError outside the years 1001 to 8998, where sums with `now` could leave the calendar.
    """
    if now is None:
        return datetime.now(UTC)
    if not isinstance(now, datetime):
        raise DataError(f"`now` must be a datetime, not `{type(now).__name__}`")
    now = now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
    if not 1001 <= now.year <= 8998:
        raise DataError(f"`now` lies in the year {now.year}", "give an instant between the years 1001 and 8998")
    return now


def microseconds(now: datetime) -> int:
    """Return µs since 1970 UTC."""
    difference = now - EPOCH
    return (difference.days * 86_400 + difference.seconds) * 1_000_000 + difference.microseconds
