"""Arrow columns in language form."""

from decimal import Decimal

import pyarrow as pa
import pytest

from tests.oracle.arrow import rows
from tests.oracle.instants import FIRST_DATE, FIRST_TIMESTAMP, LAST_DATE, LAST_TIMESTAMP, LONGEST_DURATION

LEAST, MOST = -(2**63), 2**63 - 1


def column(array: pa.Array | pa.ChunkedArray) -> list[object]:
    """Return the values of a column in language form."""
    return [row["c"] for row in rows(pa.table({"c": array}))]


@pytest.mark.parametrize(
    ("unit", "stored", "expected"),
    [
        ("s", [-1, 0, LEAST, MOST], [-1_000_000, 0, FIRST_TIMESTAMP, LAST_TIMESTAMP]),
        ("ms", [-1, 1, LEAST, MOST], [-1000, 1000, FIRST_TIMESTAMP, LAST_TIMESTAMP]),
        ("us", [-1, 1, LEAST, MOST], [-1, 1, FIRST_TIMESTAMP, LAST_TIMESTAMP]),
        ("ns", [-1, 999, 1000, LEAST], [-1, 0, 1, -9_223_372_036_854_776]),
    ],
)
def test_instants_are_cut_down_to_microseconds_and_to_the_calendar(
    unit: str, stored: list[int], expected: list[int]
) -> None:
    for zone in (None, "Europe/Berlin"):
        assert column(pa.array(stored, type=pa.timestamp(unit, zone))) == expected


def test_durations_and_days_stop_at_their_ends() -> None:
    assert column(pa.array([LEAST, 2, MOST], type=pa.duration("s"))) == [-LONGEST_DURATION, 2_000_000, LONGEST_DURATION]
    assert column(pa.array([-(2**31), 2, 2**31 - 1], type=pa.date32())) == [FIRST_DATE, 2, LAST_DATE]
    stored = pa.array([-1, 86_400_000, 86_399_999]).view(pa.date64())
    assert column(stored) == [-1, 1, 0]


def test_a_dictionary_may_hold_nulls_twice() -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 2], pa.int8()), pa.array(["a", None, "a"]))
    assert column(words) == ["a", None, None, "a"]
    assert column(words.slice(2)) == [None, "a"]


def test_a_null_struct_hides_its_fields() -> None:
    inner = pa.StructArray.from_arrays([pa.array([1, 2, 3, None])], ["n"], mask=pa.array([False, True, False, False]))
    outer = pa.StructArray.from_arrays([inner], ["s"], mask=pa.array([False, False, True, False]))
    found = rows(pa.table({"c": pa.chunked_array([outer.slice(0, 1), outer.slice(1)])}))
    assert [row["c.s.n"] for row in found] == [1, None, None, None]
    assert [row["c.s"] for row in found] == [True, None, None, True]
    assert [row["c"] for row in found] == [True, True, None, True]


def test_numbers_keep_their_value() -> None:
    assert column(pa.array([2**64 - 1, None], type=pa.uint64())) == [2**64 - 1, None]
    assert column(pa.array([0.1], type=pa.float32())) == [0.10000000149011612]
    assert column(pa.array([0.1], type=pa.float16())) == [0.0999755859375]
    assert column(pa.array([Decimal("1.10")], type=pa.decimal128(30, 10))) == [Decimal("1.1")]
    assert column(pa.array([True, False, None]).slice(1)) == [False, None]
