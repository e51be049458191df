"""Units and parts of time against their twins: around every kind of boundary, and one day outside the calendar."""

import numpy as np
import pytest

from fasttwitch.kernels import layout
from tests.core.kernels.columns import column
from tests.core.kernels.programs import agree, run, unary
from tests.oracle.kernels_evaluate import Value

DAY, SECOND = 86_400_000_000, 1_000_000
PARTS = ["YEAR", "MONTH", "DAY_OF_MONTH", "DATE_OF_MONTH", "DAY_OF_WEEK", "DAY_OF_YEAR"]
PARTS += ["HOURS", "MINUTES", "SECONDS", "MILLISECONDS"]


def clocks(low: int, high: int) -> list[Value]:
    """Return µs at and beside the boundaries of units, and random ones, a few of them null."""
    random = np.random.default_rng(3)
    days = random.integers(low // DAY, high // DAY, 600).tolist()
    leaps = [-25_567, -25_508, 11_016, 11_017, 10_956, 19_782, 19_783, 47_540, -141_428, -719_162, 2_932_896, 0, -1]
    beside = [day * DAY + step for day in [*days[:300], *leaps] for step in (-1001, -1, 0, 1, 999, SECOND - 1, DAY - 1)]
    within = [day * DAY + hour * 3600 * SECOND - 1 for day in days[:50] for hour in range(25)]
    units = [1000, SECOND, 60 * SECOND, 3600 * SECOND, DAY]
    whole = [unit * number for unit in units for number in random.integers(low // unit, high // unit, 400).tolist()]
    ends = [low, high, low + 1, high - 1, 0, -1, 1]
    values = [*beside, *within, *whole, *random.integers(low, high, 2000).tolist(), *ends]
    return [None if i % 9 == 4 else min(max(value, low), high) for i, value in enumerate(values)]


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_a_clock(part: str) -> None:
    """A zone may push the clock one day outside the years 1 to 9999."""
    values = clocks(layout.TIMESTAMP_LOW - DAY, layout.TIMESTAMP_HIGH + DAY)
    agree("int", unary(layout.CALENDAR_PART, layout.INT64, getattr(layout, part)), [(layout.INT64, values, 0)])


def test_every_day_of_four_centuries_has_its_date() -> None:
    """One whole cycle of the calendar, and the two days at its seams, against NumPy's."""
    days = np.arange(-719_162 - 1, -719_162 + 146_098, dtype=np.int64)
    dates = days.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    months = dates.astype("datetime64[M]")
    expected = {
        layout.YEAR: years.astype(np.int64) + 1970,
        layout.MONTH: months.astype(np.int64) % 12,
        layout.DATE_OF_MONTH: (dates - months.astype("datetime64[D]")).astype(np.int64) + 1,
        layout.DAY_OF_MONTH: (dates - months.astype("datetime64[D]")).astype(np.int64),
        layout.DAY_OF_YEAR: (dates - years.astype("datetime64[D]")).astype(np.int64),
        layout.DAY_OF_WEEK: (days + 4) % 7,
    }
    source = column(layout.INT64, (days * DAY).tolist())
    for part, numbers in expected.items():
        steps = unary(layout.CALENDAR_PART, layout.INT64, part)
        got: list[Value] = []
        for begin in range(0, days.size, 2048):
            got += run("int", steps, [source], min(2048, days.size - begin), begin)
        assert got == numbers.tolist(), part


def test_months_and_days_count_from_zero_but_dates_from_one() -> None:
    """29 February 2024, a Thursday, at 23:59:58.765."""
    clock = [19_782 * DAY + 86_398_765_432]
    expected = [2024, 1, 28, 29, 4, 59, 23, 59, 58, 765]
    for part, number in zip(PARTS, expected, strict=True):
        steps = unary(layout.CALENDAR_PART, layout.INT64, getattr(layout, part))
        assert run("int", steps, [column(layout.INT64, clock)], 1) == [number], part


@pytest.mark.parametrize("operation", ["INSTANT_TO_SECONDS", "INSTANT_TO_DATE"])
def test_instants_fall_to_the_second_or_day_that_has_begun(operation: str) -> None:
    values = clocks(layout.TIMESTAMP_LOW - DAY, layout.TIMESTAMP_HIGH + DAY)
    agree("int", unary(getattr(layout, operation), layout.INT64), [(layout.INT64, values, 0)])


def test_seconds_outside_the_calendar_are_no_instant() -> None:
    low, high = layout.TIMESTAMP_LOW // SECOND, layout.TIMESTAMP_HIGH // SECOND
    values: list[Value] = [low - 1, low, low + 1, -1, 0, 1, high - 1, high, high + 1, 2**63 - 1, -(2**63), 2**45, None]
    agree("int", unary(layout.SECONDS_TO_INSTANT, layout.INT64), [(layout.INT64, values, 0)])


def test_dates_become_midnights() -> None:
    values: list[Value] = [layout.DATE_LOW, layout.DATE_HIGH, 0, -1, 1, 19_782, None]
    agree("int", unary(layout.DATE_TO_INSTANT, layout.INT32), [(layout.INT32, values, 0)])


@pytest.mark.parametrize("unit", [1000, SECOND, 60 * SECOND, 3600 * SECOND])
def test_durations_are_counted_in_whole_units_towards_zero(unit: int) -> None:
    values = clocks(layout.DURATION_LOW, layout.DURATION_HIGH)
    agree("int", unary(layout.DURATION_PART, layout.INT64, unit), [(layout.INT64, values, 0)])


def test_milliseconds_of_a_duration_are_those_of_its_last_second() -> None:
    """Towards zero, so those of a negative duration are negative."""
    agree("int", unary(layout.DURATION_MILLISECONDS, layout.INT64), [(layout.INT64, CLOSE_TO_SECONDS, 0)])
    values = clocks(layout.DURATION_LOW, layout.DURATION_HIGH)
    agree("int", unary(layout.DURATION_MILLISECONDS, layout.INT64), [(layout.INT64, values, 0)])


CLOSE_TO_SECONDS: list[Value] = [
    sign * (second * SECOND + step)
    for sign in (1, -1)
    for second in (0, 1, 59, 60, 10**9)
    for step in (-1000, -999, -1, 0, 1, 999, 1000, 1001, 321_456)
]
