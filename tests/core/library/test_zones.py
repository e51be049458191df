"""Time zones, against `zoneinfo` reading the same database."""

import pickle
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import zones
from fasttwitch.library.zones import DAY, FIRST_INSTANT, HOUR, Zone, read_zone

LAST_INSTANT = FIRST_INSTANT + 3_652_059 * DAY - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Python's datetimes end with the years 1 and 9999, on the zone's clock too.
FIRST_SHOWN, LAST_SHOWN = FIRST_INSTANT + DAY, LAST_INSTANT - DAY

# Rules of every notation, jumps at midnight, days that were skipped or lived twice, seconds, negative summer time.
HARD = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "America/Asuncion",
    "America/Havana",
    "America/Juneau",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Kwajalein",
    "US/Central",
    "UTC",
]


def zone_of(name: str) -> Zone:
    zone = read_zone(name)
    assert zone is not None, name
    return zone


@cache
def python_zone(name: str) -> ZoneInfo:
    """Return Python's zone of the package's database; `ZoneInfo(name)` would take the machine's."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def python_offset(name: str, instant: int) -> int:
    offset = (EPOCH + instant * MICROSECOND).astimezone(python_zone(name)).utcoffset()
    assert offset is not None
    return offset // MICROSECOND


def moments(name: str) -> st.SearchStrategy[int]:
    """Return instants of a zone: any, and those around its transitions, in this cycle and in later ones."""
    zone = zone_of(name)
    anywhere = st.integers(FIRST_SHOWN, LAST_SHOWN)
    if not zone.transitions:
        return anywhere
    near = st.builds(
        lambda transition, lap, step: transition + lap * zone.cycle + step,
        st.sampled_from(zone.transitions),
        st.integers(0, 20),
        st.one_of(st.integers(-2, 2), st.integers(-2 * DAY, 2 * DAY)),
    )
    return anywhere | near.filter(lambda instant: FIRST_SHOWN <= instant <= LAST_SHOWN)


places = st.sampled_from(HARD).flatmap(lambda name: st.tuples(st.just(name), moments(name)))


@given(place=places)
def test_offsets_are_those_of_zoneinfo(place: tuple[str, int]) -> None:
    name, instant = place
    assert zones.offset_at(zone_of(name), instant) == python_offset(name, instant)
    assert zones.local_time(zone_of(name), instant) == instant + python_offset(name, instant)


def test_every_zone_agrees_with_zoneinfo_around_its_transitions() -> None:
    """All of the database: on both sides of each transition in its history and of its last rule, now and far ahead."""
    for name in zones.zone_names():
        zone = zone_of(name)
        near = [*zone.transitions[:160], *zone.transitions[-2:]]
        instants = {instant + step for instant in near for step in (-1, 0)}
        instants |= {instant + 19 * zone.cycle for instant in instants} | {FIRST_SHOWN, 0, LAST_SHOWN}
        for instant in instants:
            if FIRST_SHOWN <= instant <= LAST_SHOWN:
                assert zones.offset_at(zone, instant) == python_offset(name, instant), (name, instant)


def test_a_table_holds_a_whole_cycle_and_the_days_before_it() -> None:
    """What is moved back by whole cycles must find there what it left, also when it looks two days back."""
    for name in zones.zone_names():
        zone = zone_of(name)
        assert list(zone.transitions) == sorted(set(zone.transitions))
        assert len(zone.offsets) == len(zone.transitions) + 1
        assert all(left != right for left, right in zip(zone.offsets, zone.offsets[1:], strict=False))
        assert all(abs(offset) < DAY for offset in zone.offsets)
        if zone.cycle:
            end = zone.cycle_start + zone.cycle
            assert zone.transitions[-1] < end
            for step in range(-2 * DAY, 400 * DAY, 5 * HOUR):
                here = zone.offsets[bisect_right(zone.transitions, zone.cycle_start + step)]
                assert zones.offset_at(zone, end + step) == here, name
        else:
            assert zone.cycle_start == 0


def day_of(name: str, instant: int) -> int:
    return (instant + python_offset(name, instant)) // DAY


@given(place=places)
def test_a_day_starts_at_its_earliest_instant(place: tuple[str, int]) -> None:
    name, instant = place
    zone = zone_of(name)
    start = zones.start_of_day(zone, instant)
    if start is None or start < FIRST_SHOWN + 3 * DAY:
        return
    day = day_of(name, instant)
    assert start <= instant
    assert day_of(name, start) == day
    # Nothing earlier is of this day: a zone's day can begin, be left and begin again within these hours.
    assert all(day_of(name, before) != day for before in range(start - 1, start - 2 * DAY, -HOUR // 4))


@pytest.mark.parametrize(
    ("name", "instant", "start"),
    [
        ("UTC", "2026-03-01T17:00:00Z", "2026-03-01T00:00:00Z"),
        ("Europe/Berlin", "2026-03-29T17:00:00Z", "2026-03-28T23:00:00Z"),
        ("-08:00", "2026-03-01T07:59:59.999999Z", "2026-02-28T08:00:00Z"),
        # 00:00 became 01:00: the day began with the jump.
        ("America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z"),
        ("Asia/Beirut", "2020-03-29T12:00:00Z", "2020-03-28T22:00:00Z"),
        # 00:00 became 23:00 of the day before, which so had 25 hours.
        ("America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z"),
        ("America/Sao_Paulo", "2018-02-18T03:00:00Z", "2018-02-18T03:00:00Z"),
        # 00:01 became 23:01 of the day before: the day had begun for a minute already.
        ("America/St_Johns", "2010-11-07T12:00:00Z", "2010-11-07T02:30:00Z"),
        ("America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-06T02:30:00Z"),
        # 01:00 became 00:00: midnight came twice.
        ("America/Havana", "2020-11-01T12:00:00Z", "2020-11-01T04:00:00Z"),
        # 30 December 2011 never was.
        ("Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-29T10:00:00Z"),
        # Far ahead, after many cycles.
        ("Europe/Berlin", "9998-07-01T17:00:00Z", "9998-06-30T22:00:00Z"),
    ],
)
def test_where_days_start(name: str, instant: str, start: str) -> None:
    found = zones.start_of_day(zone_of(name), (datetime.fromisoformat(instant) - EPOCH) // MICROSECOND)
    assert found == (datetime.fromisoformat(start) - EPOCH) // MICROSECOND


def test_a_day_that_starts_before_year_1_has_no_start() -> None:
    assert zones.start_of_day(zone_of("+02:00"), FIRST_INSTANT) is None
    assert zones.start_of_day(zone_of("+02:00"), FIRST_INSTANT + 22 * HOUR) == FIRST_INSTANT + 22 * HOUR
    assert zones.start_of_day(zone_of("-02:00"), FIRST_INSTANT) is None
    assert zones.start_of_day(zone_of("-02:00"), FIRST_INSTANT + 2 * HOUR) == FIRST_INSTANT + 2 * HOUR
    assert zones.start_of_day(zone_of("UTC"), FIRST_INSTANT) == FIRST_INSTANT
    assert zones.start_of_day(zone_of("UTC"), LAST_INSTANT) == LAST_INSTANT + 1 - DAY


@pytest.mark.parametrize(
    ("name", "minutes"),
    [("+02:00", 120), ("02:00", 120), ("-08:00", -480), ("-09:30", -570), ("-00:00", 0), ("+14:59", 899)],
)
def test_an_offset_is_a_zone(name: str, minutes: int) -> None:
    zone = zone_of(name)
    assert zone == Zone(name, (), (minutes * 60_000_000,))
    assert zones.offset_at(zone, FIRST_INSTANT) == zones.offset_at(zone, LAST_INSTANT) == minutes * 60_000_000


@pytest.mark.parametrize(
    "name",
    [
        *("", "utc", "europe/berlin", "Berlin", "Europe", "../zones", "/etc/localtime", "Local"),
        *("+2:00", "+0200", "+15:00", "+02:60", "+02:00:00", "++02:00", "+02:00\n", "٠٢:٠٠"),
    ],
)
def test_what_is_no_zone(name: str) -> None:
    assert read_zone(name) is None


def test_names_are_there_to_suggest() -> None:
    names = zones.zone_names()
    assert {"Europe/Berlin", "UTC", "US/Central", "America/Argentina/Buenos_Aires"} <= set(names)
    assert list(names) == sorted(names)


def test_a_zone_survives_pickling() -> None:
    zone = zone_of("Europe/Berlin")
    again = pickle.loads(pickle.dumps(zone))
    assert again == zone
    assert hash(again) == hash(zone)
    assert zone != zone_of("Europe/Paris")


def test_zones_whose_clocks_agree_have_one_digest() -> None:
    """So a program is another one only if a release of the database moved a clock that its rules read."""
    assert zone_of("Europe/Berlin").digest == zone_of("Arctic/Longyearbyen").digest
    assert zone_of("UTC").digest == zone_of("+00:00").digest
    assert zone_of("Europe/Berlin").digest != zone_of("Europe/Paris").digest


@pytest.mark.parametrize(
    ("name", "instant", "unit", "change"),
    [
        ("+00:00", "2026-03-28T12:10:00Z", zones.HOUR, "2026-03-28T13:00:00Z"),
        ("+00:00", "2026-03-28T12:00:00Z", zones.HOUR, "2026-03-28T13:00:00Z"),
        ("+05:30", "2026-03-28T12:10:00Z", zones.HOUR, "2026-03-28T12:30:00Z"),
        ("Europe/Berlin", "2026-03-28T12:10:00Z", zones.DAY, "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-29T00:30:00Z", zones.HOUR, "2026-03-29T01:00:00Z"),  # from 2 o'clock to 3
        ("Europe/Berlin", "2026-03-28T23:00:00Z", zones.DAY, "2026-03-29T01:00:00Z"),  # where the clock is set
        ("Europe/Berlin", "2026-03-29T01:00:00Z", zones.DAY, "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2826-03-28T12:10:00Z", zones.DAY, "2826-03-28T23:00:00Z"),  # two cycles later
    ],
)
def test_when_a_clock_shows_something_else(name: str, instant: str, unit: int, change: str) -> None:
    zone = zones.read_zone(name)
    assert zone is not None
    at, expected = (
        (datetime.fromisoformat(one) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        for one in (instant, change)
    )
    assert zones.next_change(zone, at, unit) == expected
