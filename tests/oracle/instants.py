"""Instants, days and durations of the rule language, as plain integers."""

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()

SECOND = 1_000_000  # everything is counted in microseconds
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FIRST_TIMESTAMP = -62_135_596_800 * SECOND  # 0001-01-01T00:00:00Z
LAST_TIMESTAMP = 253_402_300_800 * SECOND - 1  # 9999-12-31T23:59:59.999999Z
LONGEST_DURATION = 315_576_000_000 * SECOND
FIRST_DATE = date.min.toordinal() - EPOCH_DAY
LAST_DATE = date.max.toordinal() - EPOCH_DAY


def microseconds(moment: datetime) -> int:
    """Return the microseconds since 1970 UTC; a moment without a zone is UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(microseconds=1)


def moment(instant: int) -> datetime:
    """Return the datetime of so many microseconds since 1970 UTC."""
    return EPOCH + timedelta(microseconds=instant)


def parse_timestamp(text: str) -> int:
    """Return the microseconds since 1970 UTC of an ISO timestamp; finer digits are cut off."""
    return microseconds(datetime.fromisoformat(text))


def parse_date(text: str) -> int:
    """Return the days since 1970 of `YYYY-MM-DD`."""
    return date.fromisoformat(text).toordinal() - EPOCH_DAY


def clamp(value: int, low: int, high: int) -> int:
    """Return the value, or the nearer end of the range."""
    return max(low, min(value, high))
