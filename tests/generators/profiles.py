"""Rows as callers have them: Python mappings, with values of whatever type that Python, NumPy and pandas offer."""

import math
from collections import OrderedDict, UserDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from fasttwitch.batch.profiles import profile_table, wrong_values
from fasttwitch.logic.datatypes import DATE, DURATION, TIMESTAMP, language_type
from tests.generators.batches import Column, Shape
from tests.generators.odd_classes import Day, Level, Moment, Share, Text
from tests.generators.values import Stored
from tests.oracle.arrow import rows
from tests.oracle.instants import EPOCH_DAY, LAST_TIMESTAMP, SECOND, moment
from tests.oracle.kinds import Row, Value

FIRST_NANOSECOND = -(2**63) + 808  # the first that begins a microsecond
LAST_SECOND = LAST_TIMESTAMP // SECOND
ODD = 0.15  # share of values that come in other clothes
EXPLICIT = 0.2  # share of nulls that are named
ZONES = (timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-9)), ZoneInfo("Europe/Berlin"))


def sayable(drawn: Shape) -> Shape:
    """Return the shape without stored values that no profile can say: beyond the calendar, finer than a microsecond."""
    return replace(drawn, columns=tuple(map(sayable_column, drawn.columns)))


def sayable_column(column: Column) -> Column:
    """Return a column whose values have words."""
    stored = plain_type(column.type)
    return replace(
        column,
        pool=tuple(sayable_value(value, stored) for value in column.pool),
        children=tuple(map(sayable_column, column.children)),
    )


def sayable_value(value: Stored, stored: pa.DataType) -> Stored:
    """Return a stored value, or the nearest that has words."""
    if not (pa.types.is_timestamp(stored) or pa.types.is_duration(stored)):
        return value
    assert isinstance(value, int)
    if stored.unit == "ns":
        return max(value, FIRST_NANOSECOND)
    if pa.types.is_timestamp(stored) and stored.unit in ("s", "ms"):
        return min(value, LAST_SECOND * (1 if stored.unit == "s" else 1000))
    return value


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema with the words of dictionaries in their place, which mean the same."""
    return pa.schema([(column.name, plain_type(column.type)) for column in schema])


def plain_type(stored: pa.DataType) -> pa.DataType:
    """Return the type without dictionaries."""
    if pa.types.is_struct(stored):
        return pa.struct([(child.name, plain_type(child.type)) for child in stored])
    return stored.value_type if pa.types.is_dictionary(stored) else stored


def said_profiles(random: Random, table_rows: list[Row], schema: pa.Schema) -> list[Mapping[str, object] | None]:
    """Return a mapping for each row, None for a row that no mapping can say."""
    profiles = [profile(random, row, schema) for row in table_rows]
    plain = plain_schema(schema)
    right = [not wrong_values(found, plain) for found in profiles]
    read = rows(profile_table([found if good else {} for found, good in zip(profiles, right, strict=True)], plain))
    kept = (good and same_rows(*pair) for good, pair in zip(right, zip(read, table_rows, strict=True), strict=True))
    return [found if keep else None for found, keep in zip(profiles, kept, strict=True)]


def same_rows(one: Row, other: Row) -> bool:
    """Return whether two rows hold the same values; NaN is NaN, and zero has two signs."""
    return all(same_value(value, other[path]) for path, value in one.items())


def same_value(one: Value | None, other: Value | None) -> bool:
    """Return whether two cells hold the same value."""
    if isinstance(one, float) and isinstance(other, float):
        return repr(one) == repr(other)
    return one == other


def profile(random: Random, row: Row, schema: pa.Schema) -> Mapping[str, object]:
    """Return a row as a mapping; what is null is absent, or named as null."""
    found = fields(random, row, "", list(schema))
    random.shuffle(found)
    named = dict(found)
    match random.randrange(20):
        case 0:
            return MappingProxyType(named)
        case 1:
            return OrderedDict(named)
        case 2:
            return UserDict(named)
        case 3:
            return {Text(name): value for name, value in named.items()}
    return named


def fields(random: Random, row: Row, prefix: str, columns: list[pa.Field]) -> list[tuple[str, object]]:
    """Return what a row says below a prefix, name by name."""
    found: list[tuple[str, object]] = []
    for column in columns:
        value = said(random, row, f"{prefix}{column.name}", column.type)
        if value is not None or random.random() < EXPLICIT:
            found.append((column.name, value))
    return found


def said(random: Random, row: Row, path: str, stored: pa.DataType) -> object:
    """Return the value of a path as Python has it, or None."""
    value = row.get(path)
    if value is None:
        return pd.NaT if language_type(stored) == TIMESTAMP and random.random() < ODD else None
    if pa.types.is_struct(stored):
        return dict(fields(random, row, f"{path}.", list(stored)))
    odd = random.random() < ODD
    kind = language_type(stored)
    if kind == TIMESTAMP:
        assert isinstance(value, int)
        return instant(random, value, odd)
    if kind == DURATION:
        assert isinstance(value, int)
        return np.timedelta64(value, "us") if odd else timedelta(microseconds=value)
    if kind == DATE:
        assert isinstance(value, int)
        return (Day if odd else date).fromordinal(value + EPOCH_DAY)
    return clothed(random, value) if odd else value


def instant(random: Random, microseconds: int, odd: bool) -> object:
    """Return an instant as a datetime, or in one of its other forms."""
    plain = moment(microseconds)
    if not odd:
        return plain
    match random.randrange(5):
        case 0:
            return plain.replace(tzinfo=None)
        case 3:
            return Moment.combine(plain.date(), plain.timetz())
        case 1:
            return np.datetime64(microseconds, "us")
        case 2 if 1700 < plain.year < 2200:
            return pd.Timestamp(plain)
    try:
        return plain.astimezone(random.choice(ZONES))
    except OverflowError:
        return plain


def clothed(random: Random, value: Any) -> object:
    """Return a value that means the same, of another Python type."""
    match value:
        case bool():
            return np.bool_(value)
        case int():
            forms: list[object] = [np.int64(value)] if value < 2**63 else [np.uint64(value)]
            forms += [Level(value)] * 3 if 0 <= value < 4 else []
            return random.choice(forms)
        case float():
            exact = value.is_integer() and abs(value) <= 2**53 and math.copysign(1, value) > 0
            return int(value) if exact else random.choice((np.float64(value), Share(value)))
        case Decimal() if not value:
            return random.choice((0, value.copy_negate(), Decimal("-0E+2")))
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case str():
            return random.choice((Text(value), np.str_(value)))
    return value


def thinned(random: Random, found: Mapping[str, object]) -> dict[str, object]:
    """Return a profile that says less: some of its attributes, and of its structs some fields."""
    share = random.choice((0.1, 0.5, 0.9))
    kept: dict[str, object] = {}
    for name, value in found.items():
        if random.random() < share:
            kept[name] = thinned(random, value) if isinstance(value, dict) else value
    return kept


def shown(found: Mapping[str, object] | None) -> str:
    """Return a profile as Python would write it, for a reproduction."""
    return repr(dict(found) if found is not None else None)


def naive_or_not(random: Random, now: datetime) -> datetime:
    """Return the same instant in another form."""
    forms = (now, now, now.astimezone(UTC).replace(tzinfo=None), now.astimezone(ZONES[0]))
    return random.choice(forms)
