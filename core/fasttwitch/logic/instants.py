"""Instants, days and durations as they are written in rules, as numbers.

    timestamp   microseconds since 1970-01-01T00:00:00Z, years 0001 to 9999; finer digits are floored
    date        days since 1970-01-01
    duration    microseconds, at most 315,576,000,000 seconds (10,000 years) either way; finer digits are floored

Each reader returns the number, or a `Refusal` that says what is wrong with the text.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FIRST_INSTANT = -62_135_596_800 * SECOND
LAST_INSTANT = 253_402_300_800 * SECOND - 1
LONGEST_DURATION = 315_576_000_000 * SECOND
FIRST_DAY = FIRST_INSTANT // DAY
LAST_DAY = LAST_INSTANT // DAY


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a constant cannot be what it is needed as, and what to write instead ("" when there is no good advice)."""

    message: str
    fix: str = ""


def read_timestamp(text: str) -> int | Refusal:
    """Return the instant that an ISO 8601 text names; a day alone is its midnight in UTC."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        example = _meant(text) or (f"{text}-01-01" if re.fullmatch(r"[12]\d{3}", text) else "2026-01-31T09:30:00Z")
        return Refusal(f'`"{text}"` is not a timestamp', f'write it like `"{example}"`')
    day = _read_day(match["day"])
    if isinstance(day, Refusal):
        return day
    if match["hour"] is None:
        return day * DAY
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    if hour > 23 or minute > 59 or second > 59:
        return Refusal(f'`"{text}"` is no time of day', "the last one is 23:59:59")
    if match["zone"] is None:
        return Refusal(f'`"{text}"` has no time zone', f'add `Z` for UTC: `"{text}Z"`')
    offset = 0
    if match["sign"] is not None:
        hours, minutes = int(match["zone_hour"]), int(match["zone_minute"])
        if hours > 23 or minutes > 59:
            return Refusal(f'`"{text}"` has no such time zone')
        offset = (hours * HOUR + minutes * MINUTE) * (-1 if match["sign"] == "-" else 1)
    fraction = int((match["fraction"] or "").ljust(6, "0")[:6])
    instant = day * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction - offset
    if not FIRST_INSTANT <= instant <= LAST_INSTANT:
        return Refusal(f'`"{text}"` lies outside the years 0001 to 9999')
    return instant


def read_date(text: str) -> int | Refusal:
    """Return the day that an ISO 8601 date names."""
    if _DAY.fullmatch(text) is None:
        meant = _meant(text)[:10]
        return Refusal(f'`"{text}"` is not a date', f'write it like `"{meant or "2026-01-31"}"`')
    return _read_day(text)


def _meant(text: str) -> str:
    """Return the instant that `31.1.2026`, `1/31/2026`, `2026-1-1` or `2026-01-31 10:00` names; "" for anything else.

    `1/2/2026` is the first of February to some and the second of January to others: nobody can tell.
    """
    match = re.fullmatch(
        r"(\d{1,4})([./-])(\d{1,2})(?:\2(\d{1,4}))?(?:[T ]+(\d{1,2}:\d\d)(:\d\d)?)?", text.strip(), re.ASCII
    )
    if match is None:
        return ""
    first, middle, last = match[1], match[3], match[4] or ""
    if len(first) == 4:
        year, month, day = first, middle, last or "1"
    elif len(last) == 4 and match[2] == "/" and int(middle) > 12:
        year, month, day = last, first, middle
    elif len(last) == 4 and (match[2] == "." or int(first) > 12):
        year, month, day = last, middle, first
    else:
        return ""
    iso = f"{year}-{int(month):02d}-{int(day):02d}"
    if isinstance(_read_day(iso), Refusal):
        return ""
    return f"{iso}T{match[5]:0>5}{match[6] or ':00'}Z" if match[5] else iso


def read_duration(text: str) -> int | Refusal:
    """Return the length of a CEL duration such as `1h30m`, `-2.5s` or `250ms`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return Refusal(f'`"{text}"` is not a duration', f"write it like `{duration_words(text)}`")
    nanoseconds = 0
    for whole, fraction, unit in _DURATION_PART.findall(match["parts"]):
        size = _NANOSECONDS[unit]
        nanoseconds += int(whole or "0") * size + int(fraction or "0") * size // 10 ** len(fraction)
        if nanoseconds > 1000 * LONGEST_DURATION:
            return Refusal(f'`"{text}"` is longer than 10,000 years')
    return (-nanoseconds if match["sign"] == "-" else nanoseconds) // 1000


def duration_words(text: str) -> str:
    """Return how the language says what somebody wrote as `30d`, `2 weeks` or `30`."""
    match = re.fullmatch(r"(-?\d{1,9}) ?([a-zA-Z]*)", text, re.ASCII)
    if match is None:
        return f'duration("{text}")' if _DURATION.fullmatch(text) else 'duration("1h30m")'
    count, unit = int(match[1]), match[2].lower()
    for words, meant in (
        (("d", "day", "days", ""), f"days({count})"),
        (("w", "week", "weeks"), f"days({7 * count})"),
        (("h", "hr", "hour", "hours"), f"hours({count})"),
        (("m", "min", "minute", "minutes"), f"minutes({count})"),
        (("s", "sec", "second", "seconds"), f'duration("{count}s")'),
    ):
        if unit in words:
            return meant
    return f"days({count})"


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>[Zz]|(?P<sign>[+-])(?P<zone_hour>\d\d):(?P<zone_minute>\d\d))?)?",
    re.ASCII,
)
_NANOSECONDS = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "µs": 1_000,
    "ns": 1,
}
# Twenty digits are more than the longest duration has nanoseconds; more would only cost time.
_PART = r"(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:h|ms|m|s|us|µs|ns)"
_DURATION = re.compile(rf"(?P<sign>[+-]?)(?P<parts>0|(?:{_PART})+)", re.ASCII)
_DURATION_PART = re.compile(r"(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|ns)", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()


def _read_day(text: str) -> int | Refusal:
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    if year == 0:
        return Refusal(f'`"{text}"` lies outside the years 0001 to 9999', 'the first day is `"0001-01-01"`')
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        fix = "months go from 01 to 12, days from 01"
        if 1 <= month <= 12 and day > 0:
            fix = f'the month ends on `"{text[:8]}{monthrange(year, month)[1]}"`'
        return Refusal(f'`"{text}"` is no day of the calendar', fix)
