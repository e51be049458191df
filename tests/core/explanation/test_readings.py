"""Values as documents write them, and ages in words."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from fasttwitch.explanation.readings import Reading, age_in_words, length_in_words, reading, scalar_at, value_of
from fasttwitch.logic.datatypes import DATE, INT, TIMESTAMP

NOW = 1_769_904_000_000_000  # 2026-02-01T00:00:00Z
DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("stored", "value", "words"),
    [
        (pa.scalar(None, pa.int8()), None, "null"),
        (pa.scalar(True), True, "true"),
        (pa.scalar(7, pa.uint8()), 7, "7"),
        (pa.scalar(0.5), 0.5, "0.5"),
        (pa.scalar(0.1, pa.float32()), 0.10000000149011612, "0.10000000149011612"),
        (pa.scalar(0.1, pa.float16()), 0.0999755859375, "0.0999755859375"),
        (pa.scalar(float("nan")), "NaN", "NaN"),
        (pa.scalar(float("-inf")), "-Infinity", "-Infinity"),
        (pa.scalar(Decimal("19.90"), pa.decimal128(5, 2)), "19.90", "19.90"),
        (pa.scalar('say "hi"'), 'say "hi"', '"say \\"hi\\""'),
        (pa.scalar("x" * 100), "x" * 100, '"' + "x" * 58 + "…"),
        (pa.scalar("gold", pa.dictionary(pa.int8(), pa.string())), "gold", '"gold"'),
        (pa.scalar(datetime(2026, 1, 31, 9, 30), pa.timestamp("s")), "2026-01-31T09:30:00Z", '"2026-01-31T09:30:00Z"'),
        (
            pa.scalar(1_500_000, pa.timestamp("us", "UTC")),
            "1970-01-01T00:00:01.500000Z",
            '"1970-01-01T00:00:01.500000Z"',
        ),
        (pa.scalar(1_999, pa.timestamp("ns", "UTC")), "1970-01-01T00:00:00.000001Z", '"1970-01-01T00:00:00.000001Z"'),
        (pa.scalar(2**62, pa.timestamp("s")), "9999-12-31T23:59:59.999999Z", '"9999-12-31T23:59:59.999999Z"'),
        (pa.scalar(date(2026, 1, 31)), "2026-01-31", '"2026-01-31"'),
        (pa.scalar(date(2026, 1, 31), pa.date64()), "2026-01-31", '"2026-01-31"'),
        (pa.scalar(timedelta(hours=1, minutes=30)), "1h30m", '"1h30m"'),
        (pa.scalar(timedelta(seconds=-2.5)), "-2.5s", '"-2.5s"'),
        (pa.scalar(timedelta(0)), "0s", '"0s"'),
        (pa.scalar({"a": 1, "at": datetime(2026, 1, 1)}), '{a: 1, at: "2026-01-01T00:00:00Z"}', None),
        (pa.scalar([1, None]), "[1, null]", None),
    ],
)
def test_a_value_is_told_as_a_document_writes_it(stored: pa.Scalar, value: object, words: str | None) -> None:
    told = reading(("x",), stored, None)
    assert told.value == value
    if words is not None:
        assert told.words == words
    assert told.missing == (not stored.is_valid)


def test_an_instant_that_rules_compare_with_the_clock_has_an_age() -> None:
    stored = pa.scalar(NOW - 31 * DAY, pa.timestamp("us", "UTC"))
    assert reading(("x",), stored, NOW).in_full == '"2026-01-01T00:00:00Z", 31 days ago'
    assert reading(("x",), stored, None).in_full == '"2026-01-01T00:00:00Z"'
    assert reading(("x",), pa.scalar(None, pa.timestamp("us")), NOW) == Reading("x", None, "null")


@pytest.mark.parametrize(
    ("microseconds", "told"),
    [
        (365 * DAY, "365 days"),
        (29 * DAY + 23 * DAY // 24, "29 days 23 hours"),
        (DAY, "1 day"),
        (DAY - 1, "23 hours 59 minutes"),
        (3_600_000_000, "1 hour"),
        (61_000_000, "1 minute 1 second"),
        (1_500_000, "1 second"),
        (1, "less than a second"),
        (0, ""),
        (1000 * DAY + DAY // 2, "1,000 days"),
    ],
)
def test_a_length_has_the_units_that_suit_it(microseconds: int, told: str) -> None:
    assert length_in_words(microseconds) == told


def test_what_lies_ahead_is_told_so() -> None:
    assert age_in_words(NOW + 2 * DAY, TIMESTAMP, NOW) == "in 2 days"
    assert age_in_words(NOW, TIMESTAMP, NOW) == "now"
    assert age_in_words(NOW // DAY, DATE, NOW + 5) == "today"
    assert age_in_words(NOW // DAY - 1, DATE, NOW + 5) == "1 day ago"
    assert age_in_words(5, INT, NOW) == ""


def test_a_field_of_a_struct_that_is_null_is_null() -> None:
    type_ = pa.struct({"b": pa.struct({"c": pa.int64()})})
    table = pa.table({"a": pa.array([None, {"b": None}, {"b": {"c": 7}}], type_)})
    assert [value_of(scalar_at(table, ("a", "b", "c"), row)) for row in range(3)] == [None, None, 7]
