"""Instants, days and durations of the rule language, as plain integers."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

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

DURATION_UNITS = {
    "h": Decimal(HOUR),
    "m": Decimal(MINUTE),
    "s": Decimal(SECOND),
    "ms": Decimal(1000),
    "us": Decimal(1),
    "ns": Decimal("0.001"),
}
DURATION_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|ns|m|s)")


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


def parse_duration(text: str) -> int:
    """Return the microseconds of a duration such as `1h30m` or `-1.5s`."""
    sign = -1 if text.startswith("-") else 1
    rest = text.removeprefix("-").removeprefix("+")
    if rest == "0":
        return 0
    parts = DURATION_PART.findall(rest)
    assert "".join(number + unit for number, unit in parts) == rest, text
    return sign * int(sum(Decimal(number) * DURATION_UNITS[unit] for number, unit in parts))


def clamp(value: int, low: int, high: int) -> int:
    """Return the value, or the nearer end of the range."""
    return max(low, min(value, high))
