"""Representatives: a value out of every range that a column can store."""

import math
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fasttwitch.explanation.cells import representatives
from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, DURATION, INT, TIMESTAMP
from fasttwitch.plan.value_sets import Cut


def passed(value: object, cuts: list[Cut]) -> int:
    """Return how many cuts lie below a value: values of one range agree in that."""
    ends: list[Any] = [cut if isinstance(cut, tuple) else (cut, 0) for cut in cuts]
    return sum((value, 0.5) > cut for cut in ends)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("stored", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_every_range_of_doubles_that_can_be_stored_has_one(stored: pa.DataType, seed: int) -> None:
    random = Random(seed)
    values = [random.choice((0.0, 0.1, 0.5, 1.0, 500.0, 1e-7, 65504.0, -3.25, 1e300, math.inf, -math.inf))]
    values += [value * (1 + 2 ** -random.randint(5, 52)) for value in values for _ in range(2)]
    cuts: list[Any] = sorted({(value, side) for value in values for side in (0, 1)})
    cuts = sorted(random.sample(cuts, random.randint(1, len(cuts))))
    number: Any = {16: np.float16, 32: np.float32, 64: np.float64}[stored.bit_width]
    with np.errstate(over="ignore"):
        near: list[Any] = [number(value) for value in (*values, 0.0, 1e9, -1e9, math.inf, -math.inf)]
        near += [np.nextafter(one, number(towards)) for one in near for towards in (math.inf, -math.inf)]
    possible = {passed(float(one), cuts) for one in near}
    found = list(representatives(cuts, stored, DOUBLE))
    assert all(float(number(one)) == one or math.isinf(one) for one in found)
    inner = {one for one in possible if 0 < one < len(cuts)}
    assert inner <= {passed(one, cuts) for one in found}
    assert len(found) <= 2 * len(cuts) + 2


def test_integers_have_both_ends_of_each_range() -> None:
    assert list(representatives([5, 6, 10], pa.int64(), INT)) == [4, 5, 5, 6, 9, 10]
    assert list(representatives([], pa.int64(), INT)) == []


def test_instants_are_whole_seconds_where_there_is_one() -> None:
    cuts: list[Cut] = [1_500_000, 1_500_001, 3_500_000]
    assert list(representatives(cuts, pa.timestamp("us"), TIMESTAMP)) == [
        1_000_000,
        1_500_000,
        1_500_000,
        2_000_000,
        3_000_000,
        4_000_000,
    ]
    # No stored second lies between the first two cuts.
    assert list(representatives(cuts, pa.timestamp("s"), TIMESTAMP)) == [1_000_000, 2_000_000, 3_000_000, 4_000_000]
    assert list(representatives([1_500_001], pa.duration("ms"), DURATION)) == [1_500_000, 1_501_000]


def test_decimals_keep_to_their_digits() -> None:
    cuts: list[Cut] = [(Decimal("1.005"), 0), (Decimal("2.5"), 0), (Decimal("2.5"), 1)]
    told = [str(one) for one in representatives(cuts, pa.decimal128(10, 2), DECIMAL)]
    assert told == ["1.00", "1.01", "2.49", "2.50", "2.50", "2.51"]
    assert [str(one) for one in representatives(cuts, pa.decimal128(10, 0), DECIMAL)] == ["1", "2", "2", "3"]


def test_doubles_are_short_where_there_is_room() -> None:
    cuts: list[Cut] = [(500.0, 1), (700.125, 0)]
    assert list(representatives(cuts, pa.float64(), DOUBLE)) == [500.0, 500.01, 700.12, 700.125]
    assert list(representatives([(1e300, 1)], pa.float64(), DOUBLE)) == [1e300, 1.0000000000001e300]
    assert list(representatives([(500.0, 1), (500.0001, 0)], pa.float64(), DOUBLE))[1:3] == [500.00001, 500.00009]


def test_a_float32_is_one_that_it_holds_as_it_is_written() -> None:
    assert list(representatives([(500.0, 1)], pa.float32(), DOUBLE)) == [500.0, 500.25]
    assert list(representatives([(0.3, 0)], pa.float32(), DOUBLE)) == [0.25, 0.3125]
    assert list(representatives([(0.3, 0), (0.31, 0)], pa.float32(), DOUBLE))[1:3] == [0.3046875, 0.3046875]
