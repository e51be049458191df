"""Files of the time zone database, written here by hand: also notations that no zone uses at present."""

import struct
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from fasttwitch.library.zone_files import CYCLE, read_zone_file
from fasttwitch.library.zones import Zone, offset_at

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000


def zone_file(footer: str, kinds: list[tuple[int, bool]], transitions: list[tuple[int, int]]) -> bytes:
    """Return a file with kinds of time (seconds from UTC, whether summer time) and transitions (second, kind)."""

    def block(width: str) -> bytes:
        head = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, len(transitions), len(kinds), 4)
        times = b"".join(struct.pack(f">{width}", second) for second, _ in transitions)
        indexes = bytes(kind for _, kind in transitions)
        described = b"".join(struct.pack(">lbb", offset, daylight, 0) for offset, daylight in kinds)
        return head + times + indexes + described + b"ABC\0"

    return block("l") + block("q") + f"\n{footer}\n".encode()


FILES = [
    pytest.param(zone_file("ABC-1", [(3600, False)], []), id="no-transitions"),
    pytest.param(zone_file("", [(60, True), (3600, False)], [(10**9, 0)]), id="no-footer"),
    pytest.param(zone_file("<+05>-5", [(60, True), (18000, True)], [(10**9, 1)]), id="never-standard-time"),
    pytest.param(
        zone_file("ABC3DEF,J60/0,J300", [(-10800, False), (-7200, True)], [(10**9, 1)]), id="days-without-29-february"
    ),
    pytest.param(zone_file("ABC-3:30<DEF>-5,M2.5.4/-3,M9.2.0/30", [(12600, False)], []), id="a-rule-for-ever"),
    pytest.param(zone_file("IST-1GMT0,M10.5.0,M3.5.0/1", [(0, True), (3600, False)], [(10**9, 1)]), id="winter-time"),
]


@pytest.mark.parametrize("data", FILES)
def test_a_file_means_what_zoneinfo_reads_in_it(data: bytes) -> None:
    table = read_zone_file(data)
    zone = Zone("a", table.transitions, table.offsets, table.cycle_start, CYCLE if table.cycle_start else 0)
    python = ZoneInfo.from_file(BytesIO(data), key="a")
    # Every 37 hours over leap years, turns of centuries, both ends of the cycle and of the calendar.
    for begin in (2, 1999, 2000, 2003, 2096, 2399, 2405, 9995):
        start = (datetime(begin, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
        for instant in range(start, start + 4 * 366 * 86_400 * SECOND, 37 * 3600 * SECOND):
            here = EPOCH + timedelta(microseconds=instant)
            # What `utcoffset()` makes of the clock's time is another question, with its own answers in made-up files.
            offset = here.astimezone(python).replace(tzinfo=UTC) - here
            assert offset == timedelta(microseconds=offset_at(zone, instant)), instant


def test_days_without_a_letter_count_from_0_in_leap_years_too() -> None:
    """`59` is 1 March, in leap years 29 February (POSIX; `zoneinfo` takes it for the day before)."""
    table = read_zone_file(zone_file("ABC3DEF,59,300/2:30:30", [(-10800, False), (-7200, True)], [(10**9, 1)]))
    moments = [EPOCH + timedelta(microseconds=instant) for instant in table.transitions[:7]]
    assert [moment.isoformat()[:19] for moment in moments] == [
        "2001-09-09T01:46:40",
        "2001-10-28T04:30:30",
        "2002-03-01T05:00:00",
        "2002-10-28T04:30:30",
        "2003-03-01T05:00:00",
        "2003-10-28T04:30:30",
        "2004-02-29T05:00:00",
    ]
