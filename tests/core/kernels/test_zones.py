"""Clocks of zones against their twins, the language's own zones and Python's: gaps, overlaps, skipped days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from fasttwitch.kernels import layout
from fasttwitch.kernels.zones import NEVER, ZONE_CELLS, ZONE_COUNTED, zone_table
from fasttwitch.library import zones as library
from tests.core.kernels.columns import column
from tests.core.kernels.programs import run
from tests.oracle import kernels_functions as oracle
from tests.oracle.kernels_evaluate import Value

HOUR, DAY = 3_600_000_000, 86_400_000_000
CYCLE = 146_097 * DAY


@dataclass(frozen=True, slots=True)
class Rules:
    """The arguments of `zone_table`, and of its twins."""

    transitions: Sequence[int]
    offsets: Sequence[int]
    cycle_start: int = 0
    cycle: int = 0


def evaluate(rules: Rules, operation: int, instants: Sequence[Value]) -> list[Value]:
    """Return what the kernel says; nulls have the worst of garbage under them."""
    table = zone_table(rules.transitions, rules.offsets, rules.cycle_start, rules.cycle)
    steps = [[layout.LOAD_INT, 0, 0, 0, 0], [operation, 1, 0, table.ctypes.data, 0]]
    source = [column(layout.INT64, instants, garbage=2**63 - 1)]
    got: list[Value] = []
    for begin in range(0, len(instants), 2048):
        got += run("int", steps, source, min(2048, len(instants) - begin), begin)
    return got


# Made by hand, each with what real zones did: a gap at midnight, an overlap across it, a date that never was (Samoa
# 2011), a date that was twice (Alaska 1867), and changes of the clock hours apart.
GAP = Rules([10 * DAY - 2 * HOUR], [2 * HOUR, 3 * HOUR])
OVERLAP = Rules([10 * DAY - 2 * HOUR + HOUR // 2], [2 * HOUR, HOUR])
SKIPPED = Rules([10 * DAY + 10 * HOUR], [-10 * HOUR, 14 * HOUR])
REPEATED = Rules([10 * DAY - 14 * HOUR], [14 * HOUR, -10 * HOUR])
RESTLESS = Rules([10 * DAY + hour * HOUR for hour in range(8)], [0, HOUR, -HOUR, 2 * HOUR, -3 * HOUR, 5, 0, HOUR, -7])
FIXED = Rules([], [-8 * HOUR])
MADE = {
    "gap": GAP,
    "overlap": OVERLAP,
    "skipped": SKIPPED,
    "repeated": REPEATED,
    "restless": RESTLESS,
    "fixed": FIXED,
    # repeats every 20 days: with a change close to the seam, and with one that the seam itself makes
    "seam": Rules([3 * DAY, 8 * DAY, 27 * DAY + 23 * HOUR], [0, HOUR, 2 * HOUR, HOUR], 8 * DAY - HOUR, 20 * DAY),
    "jump": Rules([3 * DAY, 12 * DAY], [0, HOUR, 2 * HOUR], 10 * DAY, 20 * DAY),
}


@pytest.mark.parametrize("name", MADE)
def test_zones_made_by_hand(name: str) -> None:
    """Every half hour of a hundred days, and beside every transition."""
    rules = MADE[name]
    instants: list[Value] = [*range(-5 * DAY, 95 * DAY, HOUR // 2)]
    instants += [turn + step for turn in rules.transitions for step in (-1, 0, 1)]
    instants += [None, layout.TIMESTAMP_LOW, layout.TIMESTAMP_LOW + 9 * HOUR]
    arguments = (rules.transitions, rules.offsets, rules.cycle_start, rules.cycle)
    known = [instant for instant in instants if isinstance(instant, int)]
    local = [instant + oracle.offset_at(*arguments, instant) for instant in known]
    begins = [oracle.start_of_day(*arguments, instant) for instant in known]
    position = instants.index(None)
    assert evaluate(rules, layout.LOCAL_TIME, instants) == [*local[:position], None, *local[position:]]
    assert evaluate(rules, layout.START_OF_DAY, instants) == [*begins[:position], None, *begins[position:]]


def test_a_day_begins_after_a_gap_and_at_the_first_of_two_midnights() -> None:
    """And at the date line: a skipped date belongs to nobody, a date that was twice began once."""
    noon = 10 * DAY + 10 * HOUR  # in UTC, whatever it is there
    assert evaluate(GAP, layout.START_OF_DAY, [noon]) == [10 * DAY - 2 * HOUR]
    assert evaluate(OVERLAP, layout.START_OF_DAY, [noon]) == [10 * DAY - 2 * HOUR]
    assert evaluate(SKIPPED, layout.START_OF_DAY, [noon - 1, noon]) == [9 * DAY + 10 * HOUR, noon]
    assert evaluate(REPEATED, layout.START_OF_DAY, [noon - 1, noon]) == [9 * DAY - 14 * HOUR, noon]


def test_a_day_that_begins_before_the_year_1_has_no_beginning() -> None:
    """New Year's Day of the year 1 begins in time in the west of Greenwich only."""
    first = layout.TIMESTAMP_LOW
    west, east = Rules([], [-5 * HOUR]), Rules([], [5 * HOUR])
    assert evaluate(west, layout.START_OF_DAY, [first, first + 5 * HOUR]) == [None, first + 5 * HOUR]
    assert evaluate(east, layout.START_OF_DAY, [first, first + 19 * HOUR]) == [None, first + 19 * HOUR]


NAMES = [
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "America/Havana",
    "America/Asuncion",
    "Pacific/Apia",
    "America/Juneau",
    "Asia/Manila",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Monrovia",
    "Europe/Dublin",
    "Antarctica/Troll",
    "UTC",
    "+02:00",
]


@pytest.mark.parametrize("name", NAMES)
def test_kernels_read_clocks_as_the_language_does(name: str) -> None:
    """Beside each transition and around each midnight next to one, at random, and to the end of time."""
    zone = library.read_zone(name)
    assert zone is not None
    rules = Rules(zone.transitions, zone.offsets, zone.cycle_start, zone.cycle)
    random = np.random.default_rng(7)
    turns = [*zone.transitions[:: 1 + len(zone.transitions) // 150], *zone.transitions[-3:]]
    turns += [turn + lap * CYCLE for turn in turns[-40:] for lap in (1, 2, 15)]
    if zone.cycle:
        turns += [zone.cycle_start + lap * CYCLE for lap in range(3)]
    beside = [turn + step * HOUR // 2 + least for turn in turns for step in range(-50, 51, 5) for least in (-1, 0)]
    spread = random.integers(layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH, 2000).tolist()
    ends = [layout.TIMESTAMP_LOW + 3 * DAY, layout.TIMESTAMP_HIGH, layout.TIMESTAMP_LOW]
    instants = [min(max(instant, layout.TIMESTAMP_LOW), layout.TIMESTAMP_HIGH) for instant in beside + spread + ends]
    local = [library.local_time(zone, instant) for instant in instants]
    assert evaluate(rules, layout.LOCAL_TIME, instants) == local
    begins = [library.start_of_day(zone, instant) for instant in instants]
    assert evaluate(rules, layout.START_OF_DAY, instants) == begins


@pytest.mark.parametrize("name", NAMES[:-1])
def test_kernels_read_clocks_as_python_does(name: str) -> None:
    """With the same edition of the time zone database: the machine's own may be older."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as source:
        zone = ZoneInfo.from_file(source)
    known = library.read_zone(name)
    assert known is not None
    rules = Rules(known.transitions, known.offsets, known.cycle_start, known.cycle)
    instants = np.random.default_rng(9).integers(-60_000_000 * DAY // 86_400, 2_900_000 * DAY, 3000).tolist()
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    def local(instant: int) -> int:
        shown = (epoch + timedelta(microseconds=instant)).astimezone(zone).replace(tzinfo=UTC)
        return (shown - epoch) // timedelta(microseconds=1)

    assert evaluate(rules, layout.LOCAL_TIME, instants) == [local(instant) for instant in instants]


@pytest.mark.parametrize("name", NAMES)
def test_tables_stay_small(name: str) -> None:
    """A look-up counts a few transitions at most, and a table fits into the second-level cache."""
    zone = library.read_zone(name)
    assert zone is not None
    table = zone_table(zone.transitions, zone.offsets, zone.cycle_start, zone.cycle)
    assert table[ZONE_COUNTED] <= 3
    assert table[ZONE_CELLS] <= 4096
    assert table.nbytes < 100_000
    assert (table == NEVER).sum() == table[ZONE_COUNTED] + 1
