"""Profiles that callers should not have sent: wrong types, wrong names, values from beyond the edge of every type."""

import string
from array import array
from collections import UserDict, UserString, deque
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from random import Random
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from tests.generators.odd_classes import Big, Day, Grade, Level, Moment, Mute, NoOffset, Shade, Share, Text, Whole
from tests.generators.words import WORDS

# Every type that a profile may hold, some that no rule can read, and one that no rule here does read.
SCHEMA = pa.schema(
    {
        "age": pa.int8(),
        "score": pa.int64(),
        "points": pa.uint8(),
        "visits": pa.uint64(),
        "half": pa.float16(),
        "rate": pa.float32(),
        "ltv": pa.float64(),
        "opt_in": pa.bool_(),
        "tier": pa.string(),
        "note": pa.string_view(),
        "city": pa.dictionary(pa.int32(), pa.string()),
        "level": pa.dictionary(pa.int8(), pa.int64()),
        "seconds": pa.timestamp("s"),
        "micros": pa.timestamp("us", "UTC"),
        "nanos": pa.timestamp("ns", "Europe/Berlin"),
        "born": pa.date32(),
        "born64": pa.date64(),
        "length": pa.duration("us"),
        "fine_length": pa.duration("ns"),
        "price": pa.decimal128(5, 2),
        "amount": pa.decimal256(38, 3),
        "address": pa.struct(
            [("zip", pa.string()), ("since", pa.timestamp("ms")), ("geo", pa.struct([("lat", pa.float32())]))]
        ),
        "tags": pa.list_(pa.string()),
        "pair": pa.list_(pa.int32(), 2),
        "limits": pa.map_(pa.string(), pa.int16()),
        "unread": pa.int16(),
    }
)


ZONES: tuple[tzinfo, ...] = (
    UTC,
    timezone(timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)),
    timezone(-timedelta(hours=23, minutes=59)),
    timezone(timedelta(seconds=1)),
    ZoneInfo("America/St_Johns"),
    ZoneInfo("Africa/Monrovia"),
    NoOffset(),
)
EDGES = (
    0,
    1,
    -1,
    2**7,
    2**8,
    2**15,
    2**16,
    2**31,
    2**32,
    2**53,
    2**63,
    2**64,
    2**100,
    10**40,
    2**1000,
    2**1024,
    10**400,
    10**5000,
)
DOUBLES = (
    0.0,
    -0.0,
    float("nan"),
    float("inf"),
    -float("inf"),
    5e-324,
    1e308,
    1.5,
    65504.0,
    65520.0,
    3.5e38,
    2.0**53,
    2.0**64,
)
DECIMALS = (
    "0",
    "-0",
    "1.5",
    "999.99",
    "1000",
    "1.005",
    "1E+2",
    "1E-999999",
    "1E+999999",
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "1" * 60,
)


def rubbish(random: Random, depth: int = 2) -> object:
    """Return any value at all."""
    return random.choice(MAKERS)(random) if depth <= 0 or random.random() < 0.9 else nested(random, depth - 1)


def nested(random: Random, depth: int) -> object:
    """Return values within a value."""
    inside = [rubbish(random, depth) for _ in range(random.randint(0, 3))]
    match random.randrange(10):
        case 0:
            return tuple(inside)
        case 1:
            return deque(inside)
        case 2:
            return UserDict(zip(map(name_of, inside), inside, strict=True))
        case 3:
            return MappingProxyType(dict(zip(map(name_of, inside), inside, strict=True)))
        case 4:
            return iter(inside)
        case 5:
            boxed: Any = inside
            for _ in range(random.choice((3, 40, 5000))):
                boxed = [boxed]
            return boxed
        case 6:
            ring: list[object] = []
            ring.append(ring)
            return ring
        case 7:
            return {random.choice(("zip", "since", "geo", "lat", "zpi", 5, None)): one for one in inside}
        case _:
            return inside


def name_of(value: object) -> str:
    """Return a name for a value, of few letters."""
    return type(value).__name__[:4]


def text(random: Random) -> str:
    """Return a string: short, long, huge, or no text at all."""
    match random.randrange(12):
        case 0:
            return "".join(random.choices(string.printable, k=random.choice((5, 120, 5000))))
        case 1:
            return random.choice(("a", "\u00fc", "\U0001f600")) * random.choice((255, 256, 257, 100_000))
        case 2:
            return random.choice(("\ud800", "a\udfff", "\udc80b")) + random.choice(("", "x" * 300))
        case 3:
            return random.choice(("2026-01-01T00:00:00Z", "2026-01-01", "1h30m", "42", "4.5", "true", "null", "NaN"))
        case 4:
            return "a\x00b"[: random.randint(0, 3)]
        case _:
            return random.choice(WORDS)


def whole(random: Random) -> int:
    """Return a whole number near an edge of some type."""
    return random.choice((1, -1)) * random.choice(EDGES) + random.randint(-2, 2)


def moment(random: Random) -> datetime:
    """Return an instant, of any year, in any zone."""
    year = random.choice((1, 2, 1677, 1678, 1969, 1970, 2026, 2262, 2263, 9998, 9999))
    made = datetime(
        year,
        random.choice((1, 12)),
        random.choice((1, 31)),
        random.choice((0, 23)),
        random.choice((0, 59)),
        59,
        random.choice((0, 1, 999_999)),
        fold=random.randrange(2),
    )
    return made if random.random() < 0.3 else made.replace(tzinfo=random.choice(ZONES))


def numpy_instant(random: Random) -> object:
    """Return one of NumPy's instants or lengths of time, of any unit."""
    made = random.choice((np.datetime64, np.timedelta64))
    if random.random() < 0.2:
        return made("NaT")
    unit = random.choice(("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"))
    return made(random.choice((0, 1, -1, 365, 10**9, 2**53, 2**62, -(2**62))), unit)  # type: ignore[call-overload]


def numpy_number(random: Random) -> object:
    """Return one of NumPy's numbers."""
    kind = random.choice((*np.typecodes["AllInteger"], *np.typecodes["AllFloat"], "?"))
    with np.errstate(all="ignore"):
        return np.array(random.choice((0, 1, 5, 100, 200, 7, random.choice(DOUBLES[:2]), 2.5))).astype(kind)[()]


def pandas_value(random: Random) -> object:
    """Return something of pandas."""
    match random.randrange(7):
        case 0 | 1:
            return pd.NA
        case 2:
            return pd.NaT
        case 3:
            return pd.Timestamp(
                random.choice((0, 1, -1, 2**62, -(2**62))), tz=random.choice((None, "UTC", "Asia/Tokyo"))
            )
        case 4:
            return pd.Timedelta(random.choice((0, 1, 2**62, -(2**62))))
        case 5:
            return pd.Series([1, 2])
        case _:
            return pd.Interval(0, 1)


def instance(random: Random) -> object:
    """Return a value of a class of its own that is also a plain one."""
    forms = (
        Text("gold"),
        Grade.GOLD,
        np.str_("gold"),
        np.str_("a\x00"),
        Level.HIGH,
        Big(5),
        Big(2**70),
        Share(2.5),
        Share("nan"),
        Day(2026, 1, 1),
        Moment(2026, 1, 1, tzinfo=UTC),
        np.bool_(True),
        Shade.DARK,
        Whole(),
    )
    return random.choice(forms)


def thing(random: Random) -> object:
    """Return what is no value at all."""
    forms: tuple[object, ...] = (
        b"gold",
        bytearray(b"x"),
        memoryview(b"x"),
        np.bytes_(b"x"),
        np.void(b"abc"),
        array("i", [1, 2]),
        UserString("gold"),
        Fraction(1, 3),
        1 + 2j,
        np.complex64(1),
        time(12),
        range(3),
        {1, 2},
        frozenset(),
        object(),
        Mute(),
        object,
        len,
        ...,
        NotImplemented,
        ValueError("x"),
        np.array(5),
        np.array([1, 2]),
        np.array(["a", None], dtype=object),
        np.array([]),
        np.array([[1], [2]]),
        pa.scalar(5),
        lambda: 1,
        (n for n in range(2)),
    )
    return random.choice(forms)


MAKERS: tuple[Callable[[Random], object], ...] = (
    lambda random: None,
    lambda random: random.random() < 0.5,
    whole,
    whole,
    lambda random: random.choice(DOUBLES) * random.choice((1, -1)),
    text,
    text,
    moment,
    moment,
    lambda random: date.fromordinal(random.choice((1, 2, 719_163, 739_000, date.max.toordinal()))),
    lambda random: random.choice((timedelta.max, timedelta.min, timedelta(microseconds=whole(random) % 10**18))),
    lambda random: Decimal(random.choice(DECIMALS)),
    numpy_instant,
    numpy_number,
    pandas_value,
    instance,
    thing,
)


def fitting(random: Random, name: str) -> object:
    """Return a value that the attribute can mostly hold."""
    stored = SCHEMA.field(name).type
    return fitting_type(random, stored)


def fitting_type(random: Random, stored: pa.DataType) -> object:
    """Return a value that the type can mostly hold."""
    types = pa.types
    if random.random() < 0.05:
        return None
    if types.is_dictionary(stored):
        return fitting_type(random, stored.value_type)
    if types.is_struct(stored):
        return {child.name: fitting_type(random, child.type) for child in stored if random.random() < 0.8}
    if types.is_map(stored):
        return {text(random)[:3]: random.randint(0, 99) for _ in range(2)}
    if types.is_list(stored) or types.is_fixed_size_list(stored):
        return [fitting_type(random, stored.value_type) for _ in range(2)]
    if types.is_boolean(stored):
        return random.choice((True, False, np.True_))
    if types.is_integer(stored):
        return random.choice(
            (random.randint(0, 127), Level.LOW, np.int16(7), Big(9), np.uint8(200), 2 ** (stored.bit_width - 1) - 1)
        )
    if types.is_floating(stored):
        return random.choice(
            (*DOUBLES, random.uniform(-9, 9), np.float32(0.1), Share(0.5), np.float16(2.0), 7, Level.LOW, Big(3))
        )
    if types.is_decimal(stored):
        return random.choice(
            (Decimal("1.50"), Decimal("0.01"), Decimal("-0"), 5, Decimal("1E+2"), Level.HIGH, np.int32(4))
        )
    if types.is_timestamp(stored):
        return random.choice(
            (moment(random), moment(random), pd.Timestamp(5), pd.NaT, np.datetime64(7, "ms"), Moment(2026, 1, 1))
        )
    if types.is_date(stored):
        return random.choice((date(2026, 1, 1), date.min, date.max, Day(2025, 5, 5)))
    if types.is_duration(stored):
        return random.choice((timedelta(days=3), timedelta(microseconds=-1), np.timedelta64(5, "s"), pd.Timedelta(7)))
    return text(random)


def name(random: Random) -> object:
    """Return the name of an attribute: mostly one that is there."""
    match random.randrange(40):
        case 0:
            return random.choice(
                ("agee", "address.zip", "address.geo.lat", "", "AGE", "a" * 300, "\ud800", "tier ", "tier.x")
            )
        case 1:
            return random.choice(
                (5, None, True, b"age", ("age",), 1.5, Level.LOW, float("nan"), frozenset(), date(2026, 1, 1))
            )
        case 2:
            return random.choice((Text, np.str_))(random.choice(SCHEMA.names))
    return random.choice(SCHEMA.names)


def wild_profile(random: Random) -> Mapping[Any, object]:
    """Return a profile of a few attributes; three in ten are as they should be."""
    spoilt = random.random() * 0.3 if random.random() < 0.7 else 0.0
    found: dict[Any, object] = {}
    for _ in range(random.choice((0, 1, 2, 3, 8, 25))):
        key = name(random) if spoilt else random.choice(SCHEMA.names)
        right = random.random() >= spoilt and isinstance(key, str) and key in SCHEMA.names
        found[key] = fitting(random, str(key)) if right else rubbish(random)
    match random.randrange(25):
        case 0:
            return MappingProxyType(found)
        case 1:
            return UserDict(found)
    return found
