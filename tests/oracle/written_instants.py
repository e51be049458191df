"""Instants, days and durations from the texts that write them; None where a text writes none."""

import re
from datetime import date, datetime
from decimal import Decimal

from tests.oracle.instants import (
    EPOCH_DAY,
    FIRST_TIMESTAMP,
    HOUR,
    LAST_TIMESTAMP,
    LONGEST_DURATION,
    MINUTE,
    microseconds,
)

# How many nanoseconds make up each unit.
DURATION_UNITS = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "\u00b5s": 1_000,
    "ns": 1,
}
DURATION_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(h|ms|us|\u00b5s|ns|m|s)")
TIMESTAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2})))?"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def timestamp_of_string(text: str) -> int | None:
    """Return the microseconds since 1970 UTC of an ISO timestamp, or of the midnight of an ISO date.

    Finer digits are cut off. None where the text is malformed, names no moment, or lies outside the years 1 to 9999.
    """
    found = TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    day, clock, fraction, sign, hours, minutes = found.groups()
    if int(hours or 0) > 23 or int(minutes or 0) > 59 or (clock or "")[:2] == "24":
        return None
    try:
        shown = microseconds(datetime.fromisoformat(f"{day}T{clock or '00:00:00'}"))
    except ValueError:
        return None
    ahead = int(hours or 0) * HOUR + int(minutes or 0) * MINUTE
    instant = shown + int((fraction or "").ljust(6, "0")[:6]) - (-ahead if sign == "-" else ahead)
    return instant if FIRST_TIMESTAMP <= instant <= LAST_TIMESTAMP else None


def date_of_string(text: str) -> int | None:
    """Return the days since 1970 of `YYYY-MM-DD`, or None where that is no day."""
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).toordinal() - EPOCH_DAY
    except ValueError:
        return None


def duration_of_string(text: str) -> int | None:
    """Return the microseconds of a duration such as `1h30m` or `-1.5s`, finer digits floored; None where malformed."""
    sign = -1 if text.startswith("-") else 1
    rest = text[1:] if text[:1] in ("-", "+") else text
    parts = DURATION_PART.findall(rest)
    if rest != "0" and (not parts or "".join(number + unit for number, unit in parts) != rest):
        return None
    nanoseconds = sum(int(Decimal(number) * DURATION_UNITS[unit]) for number, unit in parts)
    length = sign * nanoseconds // 1000
    return length if abs(length) <= LONGEST_DURATION else None
