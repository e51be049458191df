"""Parts of a date, given in days since 1970-01-01; 0-based where CEL counts so.

The calendar is the Gregorian one, without end: a zone can push an instant of year 1 or 9999 into the year beside it.
"""

from datetime import date


def year(day: int) -> int:
    """Return the year: 2026."""
    laps, found = _locate(day)
    return found.year + 400 * laps


def month(day: int) -> int:
    """Return the month, 0 in January."""
    return _locate(day)[1].month - 1


def day_of_month(day: int) -> int:
    """Return the day of the month, 0 on the first."""
    return _locate(day)[1].day - 1


def date_of_month(day: int) -> int:
    """Return the day of the month, 1 on the first."""
    return _locate(day)[1].day


def day_of_week(day: int) -> int:
    """Return the day of the week, 0 on Sundays."""
    return (day + 4) % 7  # 1970 began on a Thursday


def day_of_year(day: int) -> int:
    """Return the day of the year, 0 on 1 January."""
    found = _locate(day)[1]
    return found.toordinal() - date(found.year, 1, 1).toordinal()


_EPOCH = date(1970, 1, 1).toordinal()
_CYCLE = 146_097  # days of 400 years, after which the calendar repeats


def _locate(day: int) -> tuple[int, date]:
    """Return (laps, date): the day is that date so many times 400 years later."""
    ordinal = day + _EPOCH
    if 1 <= ordinal <= 3_652_059:  # the years that Python has
        return 0, date.fromordinal(ordinal)
    laps, rest = divmod(ordinal - 1, _CYCLE)
    return laps, date.fromordinal(rest + 1)
