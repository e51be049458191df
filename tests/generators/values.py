"""Cell values that are worth testing, for every Arrow type that a rule may read.

A *pool* is the few distinct values that a generated column draws from, in stored form: instants, days and durations as
the integers that Arrow stores. `language_form` gives what a rule sees.
"""

import math
from decimal import Decimal
from random import Random
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from tests.generators.words import words
from tests.oracle.arrow import counted
from tests.oracle.instants import (
    DAY,
    FIRST_DATE,
    FIRST_TIMESTAMP,
    HOUR,
    LAST_DATE,
    LAST_TIMESTAMP,
    LONGEST_DURATION,
    SECOND,
)
from tests.oracle.kinds import Value

Stored: TypeAlias = bool | int | float | Decimal | str

INTEGERS = (pa.int8(), pa.int16(), pa.int32(), pa.int64())
NATURALS = (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())
FLOATS = (pa.float16(), pa.float32(), pa.float64())
DECIMALS = (
    *(pa.decimal128(*digits) for digits in ((5, 2), (9, 0), (18, 4), (19, 3), (30, 10), (38, 6), (5, -2))),
    *(pa.decimal32(7, 2), pa.decimal64(16, 3), pa.decimal256(38, 10), pa.decimal256(12, 2)),
)
STRINGS = (pa.string(), pa.large_string(), pa.string_view())
ZONES = (None, "UTC", "Europe/Berlin", "America/St_Johns", "+05:30")
UNITS = ("s", "ms", "us", "ns")
TIMESTAMPS = tuple(pa.timestamp(unit, zone) for unit in UNITS for zone in ZONES)
DURATIONS = tuple(pa.duration(unit) for unit in UNITS)
DATES = (pa.date32(), pa.date64())

SPECIAL_DOUBLES = (
    *(0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308),
    *(0.1, 0.5, 1.0, -1.0, 2.5, 100.0, 16777217.0, 2.0**53, 2.0**53 + 2, 2.0**63, -(2.0**63), 2.0**64, 1e-7, 1 / 3),
)
SPECIAL_INTEGERS = (0, 1, -1, 2, 3, 7, 2**24 + 1, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**62 + 1, 2**63 - 513)
INSTANTS = (
    *(FIRST_TIMESTAMP, LAST_TIMESTAMP, 0, -1, 1, -SECOND, DAY, -DAY, 1_711_846_800 * SECOND, 1_729_990_800 * SECOND),
    *(2**31 * SECOND, -(2**31) * SECOND, -9_223_372_036_854_775, 9_223_372_036_854_775),
)
# Clocks are changed: in Berlin twice, Sao Paulo (midnight is left out), Beirut, Havana (midnight comes twice),
# Asuncion, Saint John's (a minute past midnight), Apia (a whole day is left out), Lord Howe Island (by half an hour);
# then in Berlin in 2500 and 9998, in New York when it got its zone, and in Kolkata in 1945.
CLOCK_CHANGES = tuple(
    seconds * SECOND
    for seconds in (
        *(1_711_846_800, 1_729_990_800, 1_541_300_400, 1_711_749_600, 1_604_206_800, 1_728_187_200, 1_289_094_060),
        *(1_325_239_200, 1_712_415_600, 16_733_163_600, 253_361_080_800, -2_717_650_800, -764_145_000),
    )
)
SPANS = (
    0,
    1,
    -1,
    999,
    1_000,
    SECOND,
    HOUR,
    DAY,
    7 * DAY,
    30 * DAY,
    -DAY,
    365 * DAY,
    LONGEST_DURATION,
    -LONGEST_DURATION,
)


def pool(random: Random, stored: pa.DataType, now: int) -> tuple[Stored, ...]:
    """Return 1 to 30 values for a column of this type, rarely 300; some lie at the edges of the type."""
    size = random.choice((1, 2, 4, 8, 30)) if random.randrange(15) else 300
    if stored in STRINGS:
        return words(random, size)
    return tuple(value(random, stored, now) for _ in range(size))


def value(random: Random, stored: pa.DataType, now: int) -> Stored:
    """Return one value in stored form."""
    types = pa.types
    if types.is_boolean(stored):
        return random.random() < 0.5
    if types.is_integer(stored):
        return integer(random, stored)
    if types.is_floating(stored):
        return narrowed(double(random), stored)
    if types.is_decimal(stored):
        return decimal(random, stored)
    if types.is_timestamp(stored):
        return in_unit(random, instant(random, now), stored.unit)
    if types.is_duration(stored):
        return in_unit(random, random.choice(SPANS) + random.randint(-2, 2), stored.unit)
    if types.is_date32(stored):
        return day(random, now)
    assert types.is_date64(stored)
    return day(random, now) * 86_400_000 + random.choice((0, 0, 0, 0, 1, 86_399_999))


def integer(random: Random, stored: pa.DataType) -> int:
    """Return an integer that the type can hold: often small, sometimes at an edge."""
    signed = pa.types.is_signed_integer(stored)
    high = 2 ** (stored.bit_width - 1 if signed else stored.bit_width) - 1
    low = -high - 1 if signed else 0
    drawn = random.choice(
        (
            random.randint(0, 9),
            random.randint(0, 100),
            random.randint(-100, 100),
            random.choice(SPECIAL_INTEGERS),
            random.choice((low, low + 1, high - 1, high)),
            random.randint(low, high),
        )
    )
    return drawn if low <= drawn <= high else drawn % (high + 1)


def double(random: Random) -> float:
    """Return a double: prices, shares, wholes, and every special value."""
    match random.randrange(5):
        case 0:
            return random.choice(SPECIAL_DOUBLES)
        case 1:
            return random.randint(-20, 20) / 2
        case 2:
            return round(random.uniform(0, 500), 2)
        case 3:
            return random.uniform(-1, 1)
        case _:
            return math.ldexp(random.uniform(-1, 1), random.randint(-1000, 1000))


def narrowed(number: float, stored: pa.DataType) -> float:
    """Return the nearest double that a column of this width can hold."""
    with np.errstate(over="ignore"):
        return float(stored.to_pandas_dtype()(number))


def decimal(random: Random, stored: pa.DataType) -> Decimal:
    """Return a decimal of the column's scale."""
    most = 10**stored.precision - 1
    unscaled = random.choice(
        (
            random.randint(-9, 9),
            random.randint(0, 10_000),
            most,
            -most,
            random.randint(-most, most),
            10 ** max(stored.scale, 0),
        )
    )
    unscaled = max(-most, min(most, unscaled))
    return Decimal((int(unscaled < 0), tuple(map(int, str(abs(unscaled)))), -stored.scale))


def instant(random: Random, now: int) -> int:
    """Return an instant in microseconds: near now, near the epoch, near the ends of time, or beyond them."""
    match random.randrange(5):
        case 0:
            return random.choice(INSTANTS) + random.randint(-2, 2)
        case 4:
            nearby = random.choice((0, 0, -DAY, DAY, HOUR, -HOUR, -30 * SECOND)) + random.randint(-2, 2)
            return random.choice(CLOCK_CHANGES) + nearby
        case 1:
            return now - random.choice((0, 1, 7, 30, 90, 365)) * DAY + random.randint(-2, 2)
        case 2:
            return now - random.randint(-10 * DAY, 700 * DAY)
        case _:
            return random.choice((-1, 1)) * 2**63  # `in_unit` brings it to the edge of int64, whatever the unit


def in_unit(random: Random, microseconds: int, unit: str) -> int:
    """Return a count of the unit near so many microseconds, within int64; nanoseconds get odd ends."""
    count = {"s": microseconds // SECOND, "ms": microseconds // 1000, "us": microseconds}.get(unit)
    if abs(microseconds) >= 2**63:
        count = microseconds
    if count is None:
        count = microseconds * 1000 + random.choice((0, 0, 1, 999, 500))
    return max(-(2**63), min(2**63 - 1, count))


def day(random: Random, now: int) -> int:
    """Return a day: near today, near the epoch, at the ends of the calendar."""
    today = now // DAY
    return random.choice(
        (
            today - random.choice((0, 1, 7, 30, 90, 365)),
            today - random.randint(-20, 30_000),
            random.choice((0, -1, 1, FIRST_DATE, LAST_DATE, 11_016, 19_782)),
            random.choice((FIRST_DATE - 1, LAST_DATE + 1, -(2**31), 2**31 - 1)),  # read as the ends of the calendar
        )
    )


def language_form(stored: pa.DataType, value: Stored) -> Value:
    """Return what a rule sees of a stored value."""
    if pa.types.is_temporal(stored):
        assert isinstance(value, int)
        return counted(stored)(value)
    return value
