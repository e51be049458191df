"""A schema of every Arrow type that a rule may read, and Python values: right, wrong and borderline ones."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa

from fasttwitch.batch.point.values import ValuesReader
from fasttwitch.batch.profiles import wrong_values
from fasttwitch.plan.sources import Path

ADDRESS = pa.struct(
    [("zip", pa.string()), ("since", pa.timestamp("ms")), ("floor", pa.int8()), ("rent", pa.decimal128(7, 2))]
)
SCHEMA = pa.schema(
    {
        "i8": pa.int8(),
        "i16": pa.int16(),
        "i32": pa.int32(),
        "i64": pa.int64(),
        "u8": pa.uint8(),
        "u16": pa.uint16(),
        "u32": pa.uint32(),
        "u64": pa.uint64(),
        "f16": pa.float16(),
        "f32": pa.float32(),
        "f64": pa.float64(),
        "flag": pa.bool_(),
        "text": pa.string(),
        "large": pa.large_string(),
        "view": pa.string_view(),
        "word": pa.dictionary(pa.int32(), pa.string()),
        "number": pa.dictionary(pa.int8(), pa.int64()),
        "seconds": pa.timestamp("s"),
        "millis": pa.timestamp("ms", "UTC"),
        "micros": pa.timestamp("us", "Europe/Berlin"),
        "nanos": pa.timestamp("ns"),
        "day": pa.date32(),
        "day64": pa.date64(),
        "length_s": pa.duration("s"),
        "length_ms": pa.duration("ms"),
        "length": pa.duration("us"),
        "length_ns": pa.duration("ns"),
        "price": pa.decimal128(5, 2),
        "wide": pa.decimal256(38, 10),
        "hundreds": pa.decimal128(5, -2),
        "small": pa.decimal64(10, 3),
        "address": ADDRESS,
        "home": pa.struct([("address", ADDRESS), ("since", pa.date32())]),
        "tags": pa.list_(pa.string()),
        "pair": pa.list_(pa.int32(), 2),
        "limits": pa.map_(pa.string(), pa.int16()),
        # These no rule reads.
        "unread": pa.int8(),
        "photo": pa.binary(),
        "notes": pa.string(),
    }
)
UNREAD = ("unread", "photo", "notes")
FIELDS = (
    ("address", "zip"),
    ("address", "since"),
    ("address", "rent"),
    ("home", "address"),
    ("home", "address", "floor"),
    ("home", "since"),
)


class Level(IntEnum):
    """An int that is not quite one."""

    LOW = 3


class Tier(StrEnum):
    """A string that is not quite one."""

    GOLD = "gold"


class Moody(str):
    """A string that equals nothing."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 7


PLUS_5 = timezone(timedelta(hours=5))
ODD: tuple[object, ...] = (
    *(0, 1, -1, 5, 127, 128, -128, -129, 255, 256, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64),
    *(-(2**63), -(2**63) - 1, 10**400, -(10**30), True, False, None, Level.LOW),
    *(0.0, -0.0, 0.5, 0.1, 65_504.0, 65_519.9, 65_520.0, 3.5e38, 3.4028235e38, 1e-46, 5e-324, 1e308, 2.0**53),
    *(math.inf, -math.inf, math.nan),
    *("", "a", "gold", "Zürich", "\U0001f600", "\ud800", "x" * 300, "2026-01-01", "true", Tier.GOLD, Moody("gold")),
    *(datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC), datetime(1969, 12, 31, 23, 59, 59, 1), datetime.min, datetime.max),
    *(datetime.min.replace(tzinfo=PLUS_5), datetime.max.replace(tzinfo=timezone(-timedelta(hours=5)))),
    *(datetime(2262, 4, 11, 23, 47, 16, 854_775), datetime(2262, 4, 11, 23, 47, 16, 854_776)),
    *(datetime(1677, 9, 21, 0, 12, 43, 145_225), datetime(1677, 9, 21, 0, 12, 43, 145_224)),
    *(datetime(2026, 3, 29, 2, 30, tzinfo=PLUS_5), pd.Timestamp("2026-01-01T00:00:00.123456789Z"), pd.NaT),
    *(date(2026, 1, 31), date.min, date.max, timedelta(0), timedelta(microseconds=-1), timedelta(days=3_652_500)),
    *(timedelta(days=3_652_500, microseconds=1), timedelta.max, timedelta.min, timedelta(hours=1, microseconds=1)),
    *(timedelta(microseconds=9_223_372_036_854_775), timedelta(microseconds=9_223_372_036_854_776)),
    *(Decimal("1.50"), Decimal("-0.00"), Decimal("999.99"), Decimal("1000.00"), Decimal("1.005"), Decimal("NaN")),
    *(Decimal("Infinity"), Decimal("1e50"), Decimal("1200"), Decimal("12"), Decimal("9" * 28), Decimal("0E+5")),
    *(np.int64(5), np.float32(0.1), np.float64(2.5), np.bool_(True), np.str_("gold"), np.datetime64("2026-01-01")),
    *(np.datetime64("NaT"), np.timedelta64(5, "s"), np.array([1, 2]), pd.Timedelta("1h")),
    *([], ["a"], ["a", None], [1, 2], (3, 4), [1], ["a", 5], b"bytes", {}, {"a": 1}, {"a": 1.5}, {1: 2}, object),
    *({"zip": "1010"}, {"zip": None}, {"zip": 1010}, {"floor": 3, "rent": Decimal("5.5")}, {"floor": 300}),
    *({"since": datetime(2026, 1, 1)}, {"address": {"floor": 3}, "since": date(2026, 1, 1)}, {"address": None}),
    *({"address": {"zip": "\ud800"}}, {"adress": {}}, {"since": date(2026, 1, 1)}),
)


def everything() -> ValuesReader:
    """Return a reader of every path but those that no rule reads."""
    paths: list[Path] = [(name,) for name in SCHEMA.names if name not in UNREAD]
    return ValuesReader([*paths, *FIELDS], SCHEMA)


def any_profile(random: Random, faults: float) -> dict[str, object]:
    """Return a profile of right values, a share of which is replaced by any other."""
    names = random.sample(SCHEMA.names, random.randint(0, len(SCHEMA.names)))
    profile = {name: random.choice(RIGHT[name]) for name in names}
    for name in names:
        if random.random() < faults:
            profile[name] = random.choice(ODD)
    if random.random() < faults:
        profile[random.choice(("adress", "tex", "address.zip", "tags.0", "zzz", ""))] = random.choice(ODD)
    return profile


def _right() -> dict[str, list[object]]:
    """Return, for each attribute, the odd values that fit it."""
    right: dict[str, list[object]] = {}
    for field in SCHEMA:
        right[field.name] = [value for value in ODD if not wrong_values({field.name: value}, SCHEMA)]
    return right


RIGHT = _right()
