"""Time zones as tables: which offset from UTC holds when.

Zones are those of the IANA database in the package `tzdata`, whatever the machine itself has, so that a rule means the
same everywhere; and fixed offsets. A zone's table covers its history and, where its rule repeats every year, 400 more
years: the Gregorian calendar repeats after those, so later instants are moved back by whole cycles.
"""

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from fasttwitch.library.zone_files import CYCLE, read_zone_file

HOUR = 3_600_000_000
DAY = 24 * HOUR
FIRST_INSTANT = -719_162 * DAY  # 0001-01-01T00:00Z


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone; instants and offsets are in µs.

    name         as it stands in rules
    transitions  ascending instants at which the offset changes
    offsets      local minus UTC: offsets[i] holds before transitions[i], offsets[-1] from the last one on
    cycle_start  instants from here on may be moved back by whole cycles, as long as they stay at or after it
    cycle        400 years, or 0 where nothing repeats; cycle_start is then 0
    """

    name: str
    transitions: tuple[int, ...] = field(hash=False, repr=False)
    offsets: tuple[int, ...] = field(hash=False, repr=False)
    cycle_start: int = 0
    cycle: int = 0

    @property
    def digest(self) -> str:
        """The identity of the zone's clocks: two releases of the database that agree on them have the same."""
        table = (self.transitions, self.offsets, self.cycle_start, self.cycle)
        return hashlib.sha256(repr(table).encode()).hexdigest()


@cache
def read_zone(name: str) -> Zone | None:
    """Return the zone of an IANA name such as `Europe/Berlin` or an offset such as `-08:00`; None: there is none."""
    match = _FIXED.fullmatch(name)
    if match is not None:
        offset = int(match[2]) * HOUR + int(match[3]) * (HOUR // 60)
        return Zone(name, (), (-offset if match[1] == "-" else offset,))
    if name not in zone_names():
        return None
    table = read_zone_file(files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes())
    return Zone(name, table.transitions, table.offsets, table.cycle_start, CYCLE if table.cycle_start else 0)


@cache
def zone_names() -> tuple[str, ...]:
    """Return all IANA names, in alphabetical order."""
    return tuple(sorted(files("tzdata").joinpath("zones").read_text("utf-8").split()))


def offset_at(zone: Zone, instant: int) -> int:
    """Return local time minus UTC at an instant."""
    return zone.offsets[bisect_right(zone.transitions, instant - _laps(zone, instant))]


def local_time(zone: Zone, instant: int) -> int:
    """Return what the zone's clock shows at an instant, as µs since it showed 1970-01-01T00:00."""
    return instant + offset_at(zone, instant)


def next_change(zone: Zone, instant: int, unit: int) -> int:
    """Return the earliest later instant at which the zone's clock reaches a whole number of `unit` µs, or is set."""
    laps = _laps(zone, instant)
    instant -= laps
    index = bisect_right(zone.transitions, instant)
    local = instant + zone.offsets[index]
    reached = instant + unit - local % unit
    if index < len(zone.transitions):
        reached = min(reached, zone.transitions[index])
    return reached + laps


def start_of_day(zone: Zone, instant: int) -> int | None:
    """Return the earliest instant whose day on the zone's calendar is that of `instant`; None: it lies before year 1.

    That is midnight, unless clocks jump over midnight (then the moment of the jump) or show it twice (the first one).
    """
    laps = _laps(zone, instant)
    instant -= laps
    index = bisect_right(zone.transitions, instant)
    midnight = (instant + zone.offsets[index]) // DAY * DAY
    earliest, end = instant, instant + 1
    while True:
        # Between `begin` and `end` one offset holds: look there for the first moment of the local day.
        offset = zone.offsets[index]
        begin = zone.transitions[index - 1] if index else midnight - 2 * DAY
        moment = max(begin, midnight - offset)
        if moment < min(end, midnight - offset + DAY):
            earliest = moment
        if begin <= midnight - DAY:  # no offset reaches a day, so nothing before `begin` can be of this local day
            return earliest + laps if earliest + laps >= FIRST_INSTANT else None
        index, end = index - 1, begin


_FIXED = re.compile(r"([+-]?)(0[0-9]|1[0-4]):([0-5][0-9])")


def _laps(zone: Zone, instant: int) -> int:
    """Return the whole cycles, in µs, by which an instant is moved back into the table."""
    if not zone.cycle or instant < zone.cycle_start:
        return 0
    return (instant - zone.cycle_start) // zone.cycle * zone.cycle
