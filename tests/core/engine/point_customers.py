"""A few segments and one customer, for the tests of single customers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

import fasttwitch as ft

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "age": pa.int16(),
        "ltv": pa.float64(),
        "country": pa.dictionary(pa.int32(), pa.string()),
        "last_order_at": pa.timestamp("ms", "UTC"),
        "address": pa.struct([("city", pa.string()), ("floor", pa.int8())]),
    }
)
SEGMENTS = {
    "known_city": "has(address.city)",
    "vip": 'segment("adult") && ltv > 500.0',
    "adult": "age >= 18",
    "lapsed": "now - last_order_at > days(90)",
    "german": 'country in ["DE", "AT"]',
    "everybody": "age == null || age != null",
    "nobody": "age > 3 && age < 3",
    "always": "true",
    "never": "false",
    "minor": '!segment("adult")',
}
ANNA = {
    "age": 40,
    "ltv": 910.0,
    "country": "AT",
    "last_order_at": NOW - timedelta(days=91),
    "address": {"city": "Linz", "floor": 3},
}
ANNAS = ("known_city", "vip", "adult", "lapsed", "german", "everybody", "always")


def compiled(segments: Mapping[str, str] = SEGMENTS, schema: pa.Schema = SCHEMA) -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": dict(segments)}), schema)


def told(ask: Callable[[], object]) -> str:
    """Return the words of the DataError that is raised."""
    with pytest.raises(ft.DataError) as caught:
        ask()
    return str(caught.value)
