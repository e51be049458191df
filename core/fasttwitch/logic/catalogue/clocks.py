"""Parts of instants, days and durations, in UTC or on the clocks of a constant zone."""

import re
from collections.abc import Callable, Mapping

from fasttwitch.library import calendar_parts, casts, date_parts, zones
from fasttwitch.logic.catalogue.signatures import FUNCTION, METHOD, Define, Function, Overload
from fasttwitch.logic.datatypes import DATE, DURATION, INT, STRING, TIMESTAMP
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.names import nearest
from fasttwitch.logic.nodes import Value


def constant_zone(value: Value) -> Refusal | None:
    """Return why a constant is no time zone, None where it is one."""
    if zones.read_zone(str(value)) is not None:
        return None
    offset = re.fullmatch(r"(?:GMT|UTC|Z)?\s*([+-])(\d{1,2})(?::?(\d\d))?", str(value), re.ASCII | re.IGNORECASE)
    suggestion = nearest(str(value), zones.zone_names()) or _city(str(value))
    if offset is not None:
        fix = f'write `"{offset[1]}{int(offset[2]):02d}:{offset[3] or "00"}"`'
    else:
        fix = f'did you mean `"{suggestion}"`?' if suggestion else 'write it like `"Europe/Berlin"` or `"+02:00"`'
    return Refusal(f'unknown time zone `"{value}"`', fix)


def _city(name: str) -> str:
    """Return the zone of a city that stands without its continent, "" where there is none."""
    wanted = "/" + name.strip().replace(" ", "_").lower()
    return next((zone for zone in zones.zone_names() if zone.lower().endswith(wanted)), "")


def date_in_zone(instant: int, zone: str) -> int | None:
    """Return the day on the calendar of a zone."""
    known = zones.read_zone(zone)
    return None if known is None else casts.date_of_timestamp(instant, known)


def _start_of_day(instant: int, zone: str) -> int | None:
    known = zones.read_zone(zone)
    return None if known is None else zones.start_of_day(known, instant)


def _in_zone(part: Callable[[int], int]) -> Define:
    """Return a part of what the clocks of a zone show."""

    def define(instant: int, zone: str) -> int | None:
        known = zones.read_zone(zone)
        return None if known is None else part(zones.local_time(known, instant))

    return define


def _part(name: str, of_clock: Callable[[int], int], *others: Overload) -> Function:
    """Return the accessor of a part of a timestamp, and of what else has that part."""
    in_utc = Overload((TIMESTAMP,), INT, of_clock)
    in_zone = Overload((TIMESTAMP, STRING), INT, _in_zone(of_clock), {1: constant_zone})
    return Function(METHOD, f'at.{name}("Europe/Berlin")', (in_utc, in_zone, *others))


# name: (of a clock's time, of a day or of a duration, which of the two)
_PARTS: Mapping[str, tuple[Callable[[int], int], Overload]] = {
    "getFullYear": (calendar_parts.year, Overload((DATE,), INT, date_parts.year)),
    "getMonth": (calendar_parts.month, Overload((DATE,), INT, date_parts.month)),
    "getDayOfMonth": (calendar_parts.day_of_month, Overload((DATE,), INT, date_parts.day_of_month)),
    "getDate": (calendar_parts.date_of_month, Overload((DATE,), INT, date_parts.date_of_month)),
    "getDayOfWeek": (calendar_parts.day_of_week, Overload((DATE,), INT, date_parts.day_of_week)),
    "getDayOfYear": (calendar_parts.day_of_year, Overload((DATE,), INT, date_parts.day_of_year)),
    "getHours": (calendar_parts.hours, Overload((DURATION,), INT, calendar_parts.duration_hours)),
    "getMinutes": (calendar_parts.minutes, Overload((DURATION,), INT, calendar_parts.duration_minutes)),
    "getSeconds": (calendar_parts.seconds, Overload((DURATION,), INT, calendar_parts.duration_seconds)),
    "getMilliseconds": (
        calendar_parts.milliseconds,
        Overload((DURATION,), INT, calendar_parts.duration_milliseconds),
    ),
}

CLOCKS: Mapping[str, Function] = {
    **{name: _part(name, of_clock, other) for name, (of_clock, other) in _PARTS.items()},
    "startOfDay": Function(
        FUNCTION,
        'startOfDay(at, "Europe/Berlin")',
        (Overload((TIMESTAMP, STRING), TIMESTAMP, _start_of_day, {1: constant_zone}),),
        "lies outside the years 0001 to 9999",
    ),
}
