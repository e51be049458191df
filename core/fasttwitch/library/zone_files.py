"""Files of the IANA time zone database (TZif, RFC 9636), read into tables.

A file holds transitions and, for the time after the last one, a rule in the notation of POSIX, such as
`CET-1CEST,M3.5.0,M10.5.0/3`: standard time one hour east of UTC, summer time from the last Sunday of March at 2:00 to
the last Sunday of October at 3:00, on the clock that holds before.
"""

import re
import struct
from dataclasses import dataclass
from datetime import date

SECOND = 1_000_000
DAY = 86_400 * SECOND
CYCLE = 146_097 * DAY  # 400 years of the Gregorian calendar, a whole number of weeks


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """Transitions and the offsets around them, in µs; `cycle_start` is where 400 repeated years begin, or 0."""

    transitions: tuple[int, ...]
    offsets: tuple[int, ...]
    cycle_start: int


def read_zone_file(data: bytes) -> ZoneTable:
    """Return the table of a file's bytes.

    Before the first transition the first standard time that the file describes holds, as in `zoneinfo`.
    """
    instants, offsets, footer = _read(data)
    rule = _read_rule(footer)
    cycle_start = 0
    if rule is not None:
        first_year = _year(instants[-1]) if instants else 1
        # Two years on, also the days before the cycle follow the rule: whoever looks back from its start finds them so.
        cycle_start = _day(date(first_year + 2, 1, 1)) * DAY
        for instant, offset in sorted(rule.transitions(range(first_year, first_year + 403))):
            if instant < cycle_start + CYCLE and (not instants or instant > instants[-1]):
                instants.append(instant)
                offsets.append(offset)
    kept = [i for i, _ in enumerate(instants) if offsets[i + 1] != offsets[i]]
    return ZoneTable(tuple(instants[i] for i in kept), (offsets[0], *(offsets[i + 1] for i in kept)), cycle_start)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A moment of each year: a day, in the three notations of POSIX, and the µs from its midnight."""

    month: int | None  # with `week` and `weekday`; None: `day` of the year
    week: int
    weekday: int
    day: int
    leap_days_count: bool
    after_midnight: int

    def of_year(self, year: int) -> int:
        """Return the moment on the clock, as µs."""
        if self.month is None:
            day = _day(date(year, 1, 1)) + self.day
            if not self.leap_days_count and self.day >= 59 and _day(date(year, 3, 1)) - _day(date(year, 1, 1)) == 60:
                day += 1
        else:
            first = date(year, self.month, 1)
            day = _day(first) + (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
            if self.week == 5 and _month_of(day) != self.month:
                day -= 7  # the fifth is the last one
        return day * DAY + self.after_midnight


@dataclass(frozen=True, slots=True)
class _Rule:
    """Summer time that comes and goes every year."""

    standard: int
    daylight: int
    start: _Moment
    end: _Moment

    def transitions(self, years: range) -> list[tuple[int, int]]:
        """Return (instant, offset from then on) for both transitions of each year."""
        return [(self.start.of_year(year) - self.standard, self.daylight) for year in years] + [
            (self.end.of_year(year) - self.daylight, self.standard) for year in years
        ]


def _read(data: bytes) -> tuple[list[int], list[int], str]:
    """Return (instants, offsets: one more, footer) of the file's second block, which has 64-bit times."""
    assert data[:4] == b"TZif", "no file of the time zone database"
    counts = struct.unpack_from(">6l", data, 20)
    begin = 44 + _block_size(counts, 4)
    counts = struct.unpack_from(">6l", data, begin + 20)
    times, kinds = counts[3], counts[4]
    begin += 44
    end = begin + _block_size(counts, 8)
    instants = [second * SECOND for second in struct.unpack_from(f">{times}q", data, begin)]
    of_transition = struct.unpack_from(f">{times}B", data, begin + 8 * times)
    described = [struct.unpack_from(">lbb", data, begin + 9 * times + 6 * kind) for kind in range(kinds)]
    standard = [offset for offset, daylight, _ in described if not daylight]
    before = standard[0] if standard else described[0][0]
    offsets = [before, *(described[kind][0] for kind in of_transition)]
    return instants, [offset * SECOND for offset in offsets], data[end:].decode().strip("\n")


def _block_size(counts: tuple[int, ...], width: int) -> int:
    universal, standard, leaps, times, kinds, characters = counts
    return times * (width + 1) + kinds * 6 + characters + leaps * (width + 4) + standard + universal


def _read_rule(footer: str) -> _Rule | None:
    """Return the rule of a footer; None where standard time holds all year."""
    match = _FOOTER.fullmatch(footer)
    if match is None:
        return None
    standard = -_time(match["standard"])
    daylight = -_time(match["daylight"]) if match["daylight"] else standard + 3600 * SECOND
    return _Rule(standard, daylight, _read_moment(match["start"]), _read_moment(match["end"]))


def _read_moment(text: str) -> _Moment:
    """Return the moment that `M3.5.0/2`, `J60` or `59` names."""
    day, _, time = text.partition("/")
    after_midnight = _time(time) if time else 7200 * SECOND
    if day.startswith("M"):
        month, week, weekday = map(int, day[1:].split("."))
        return _Moment(month, week, weekday, 0, True, after_midnight)
    if day.startswith("J"):  # from 1, and 29 February is not counted
        return _Moment(None, 0, 0, int(day[1:]) - 1, False, after_midnight)
    return _Moment(None, 0, 0, int(day), True, after_midnight)


def _time(text: str) -> int:
    """Return the µs of `[+-]hours[:minutes[:seconds]]`."""
    parts = [int(part) for part in text.lstrip("+-").split(":")] + [0, 0]
    size = (parts[0] * 3600 + parts[1] * 60 + parts[2]) * SECOND
    return -size if text.startswith("-") else size


_NAME = r"(?:[A-Za-z]+|<[^>]+>)"
_TIME = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_MOMENT = rf"(?:M\d+\.\d\.\d|J?\d+)(?:/{_TIME})?"
_FOOTER = re.compile(
    rf"{_NAME}(?P<standard>{_TIME}){_NAME}(?P<daylight>{_TIME})?,(?P<start>{_MOMENT}),(?P<end>{_MOMENT})"
)
_EPOCH = date(1970, 1, 1).toordinal()


def _day(day: date) -> int:
    return day.toordinal() - _EPOCH


def _month_of(day: int) -> int:
    return date.fromordinal(day + _EPOCH).month


def _year(instant: int) -> int:
    return date.fromordinal(instant // DAY + _EPOCH).year
