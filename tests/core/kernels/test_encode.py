"""Values to codes: both siblings against the twins, at the values where codes change and at the ends of every type."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels import cpu, lanes, layout
from fasttwitch.kernels.tables import PlaneTable, float_plane, lookup_plane, search_plane, truth_plane
from tests.core.kernels.guarded import Guarded
from tests.oracle import kernels_encode as oracle

ROWS = layout.BLOCK_ROWS
INT32, INT64 = np.iinfo(np.int32), np.iinfo(np.int64)

Values = NDArray[Any]
Encode = Callable[[PlaneTable, int, Values, NDArray[np.bool_]], NDArray[np.uint8]]


@pytest.fixture(params=["portable", "wide"])
def encode(request: pytest.FixtureRequest) -> Encode:
    """Return a function that encodes one block with a sibling, in memory that may not be overrun."""
    if request.param == "wide" and cpu.missing_for(cpu.WIDE):
        pytest.skip("no AVX-512 here")
    kernel = importlib.import_module(f"fasttwitch.kernels.encode_{request.param}").encode

    def run(table: PlaneTable, lane: int, values: Values, known: NDArray[np.bool_]) -> NDArray[np.uint8]:
        planes = np.zeros((2, layout.PLANE_FIELDS), np.int64)
        table.fill(planes[1])
        data = np.packbits(values, bitorder="little").tobytes() if lane == lanes.BITS else values.tobytes()
        source = Guarded(data)
        validity = Guarded(np.packbits(known, bitorder="little").tobytes())
        codes = Guarded(b"\xa5" * ROWS)
        kernel(planes, 1, lane, source.address, validity.address, codes.address)
        return codes.bytes.copy()

    return run


def known_rows(seed: int, share: float = 0.8) -> NDArray[np.bool_]:
    return np.random.default_rng(seed).random(ROWS) < share


def near(cuts: list[int], seed: int, low: int, high: int) -> list[int]:
    """Return 2,048 integers of [low, high]: cuts, their neighbours, the ends, and anything."""
    random = np.random.default_rng(seed)
    edges = [edge + step for edge in [*cuts, low, high, 0] for step in (-1, 0, 1)]
    edges = [edge for edge in edges if low <= edge <= high]
    anywhere = random.integers(low, high, ROWS, endpoint=True).tolist()
    pick = random.integers(0, len(edges), ROWS)
    return [edges[pick[i]] if random.random() < 0.7 else anywhere[i] for i in range(ROWS)]


NARROW_CUTS = [[5], [0, 1, 2, 10], [-3, 250], [-(2**31) + 2], [2**31 - 1], [2**31 - 254, 2**31 - 1], []]
NARROW64_CUTS = [[-(2**63) + 2], [-(2**63) + 2, -(2**63) + 255], [2**63 - 1], [2**63 - 254, 2**63 - 1], [2**40]]


@pytest.mark.parametrize("cuts", NARROW_CUTS, ids=str)
def test_narrow_codes_of_int32(encode: Encode, cuts: list[int]) -> None:
    table = search_plane(np.array(cuts, np.int64), lanes.I32)
    assert table.method == layout.NARROW
    values = np.array(near(cuts, 1, INT32.min, INT32.max), np.int32)
    known = known_rows(1)
    expected = oracle.clamped(values, known, cuts) if cuts else known.astype(np.uint8)
    np.testing.assert_array_equal(encode(table, lanes.I32, values, known), expected)


@pytest.mark.parametrize("cuts", NARROW_CUTS + NARROW64_CUTS, ids=str)
def test_narrow_codes_of_int64(encode: Encode, cuts: list[int]) -> None:
    table = search_plane(np.array(cuts, np.int64), lanes.I64)
    assert table.method == layout.NARROW
    values = np.array(near(cuts, 2, INT64.min, INT64.max), np.int64)
    known = known_rows(2)
    expected = oracle.clamped(values, known, cuts) if cuts else known.astype(np.uint8)
    np.testing.assert_array_equal(encode(table, lanes.I64, values, known), expected)


def spread(count: int, low: int, high: int) -> list[int]:
    """Return `count` cuts, evenly spread from `low` to `high`."""
    return sorted({low + (high - low) * i // max(count - 1, 1) for i in range(count)})


SEARCH32_CUTS = [
    *(spread(count, -1000, 10**6) for count in (2, 3, 4, 7, 8, 15, 16, 31, 32, 45, 63, 64, 96, 97, 127, 128, 253)),
    spread(5, INT32.min, INT32.max),
    [INT32.min, INT32.min + 1000],
    [INT32.min - 5, 0, 7000, INT32.max + 1],  # beyond the lane: always, never
    [-(2**40), 2**40],
    [INT32.max + 1],
    [INT32.min],
    [INT32.min + 1],
]


@pytest.mark.parametrize("cuts", SEARCH32_CUTS, ids=lambda cuts: f"{len(cuts)}:{cuts[0]}:{cuts[-1]}")
def test_searched_codes_of_int32(encode: Encode, cuts: list[int]) -> None:
    table = search_plane(np.array(cuts, np.int64), lanes.I32)
    assert table.method == layout.SEARCH
    values = np.array(near(cuts, 3, INT32.min, INT32.max), np.int32)
    known = known_rows(3)
    np.testing.assert_array_equal(encode(table, lanes.I32, values, known), oracle.counted(values, known, cuts))


DAY = 86_400_000_000
SEARCH64_CUTS = [
    *(
        spread(count, 1_700_000_000, 1_760_000_000)
        for count in (2, 3, 7, 15, 16, 31, 32, 33, 63, 64, 69, 127, 128, 253)
    ),
    *(spread(count, 19_000 * DAY, 20_000 * DAY) for count in (2, 4, 30, 69, 200)),  # microseconds: far apart
    [base + 1000 * i for base in (0, 10**15) for i in range(40)],  # two dense heaps, far apart
    [base + i for base in (0, 10**18) for i in range(20)],
    spread(9, INT64.min, INT64.max),
    spread(253, INT64.min, INT64.max),
    [INT64.min, INT64.min + 300],
    [INT64.min],
    [INT64.min + 1],
    [INT64.min + 1, INT64.max],
    [INT64.max - 300, INT64.max],
    [0, 2**31 - 1],
    [0, 2**31],
    [-5, 2**32 - 6],
    [-5, 2**32 - 5],
    [-5, 2**32 - 4],
    [7, 2**33],
]


@pytest.mark.parametrize("cuts", SEARCH64_CUTS, ids=lambda cuts: f"{len(cuts)}:{cuts[0]}:{cuts[-1]}")
@pytest.mark.parametrize("low_high", [(INT64.min, INT64.max), (0, 2**51)], ids=["anywhere", "instants"])
def test_searched_codes_of_int64(encode: Encode, cuts: list[int], low_high: tuple[int, int]) -> None:
    table = search_plane(np.array(cuts, np.int64), lanes.I64)
    assert table.method == layout.SEARCH
    values = np.array(near(cuts, 4, *low_high), np.int64)
    known = known_rows(4)
    np.testing.assert_array_equal(encode(table, lanes.I64, values, known), oracle.counted(values, known, cuts))


PRICES = [round(0.99 + 5 * i, 2) for i in range(126)]
THRESHOLDS = {
    "none": [],
    "one": [500.0],
    "zero": [0.0],
    "minus zero": [-0.0],
    **{f"{count} prices": PRICES[:count] for count in (2, 3, 4, 7, 8, 15, 16, 31, 32, 45, 63, 64, 80, 81, 126)},
    "whole numbers": [float(25 * i) for i in range(45)],
    "neighbours": [1.5, float(np.nextafter(1.5, 2.0)), float(np.nextafter(1.5, 2.0)) + 2.0**-51, 2.0],
    "one image, many thresholds": [1.0 + i * 2.0**-40 for i in range(100)],
    "two images, many thresholds": [1.0 + i * 2.0**-40 for i in range(50)] + [9.0 + i * 2.0**-40 for i in range(50)],
    "beyond float32": [-1e300, -3.5e38, 3.4028235e38, 3.5e38, 1e300],
    "one beyond float32": [0.5, 1e300],
    "infinite": [-np.inf, 0.0, np.inf],
    "tiny": [-1e-45, -1e-320, 0.0, 5e-324, 1e-320, 1e-300, 1e-45],
    "both ends": [-1.7976931348623157e308, 1.7976931348623157e308],
}


def doubles_near(thresholds: list[float], seed: int) -> NDArray[np.float64]:
    """Return 2,048 doubles: thresholds, their neighbours in float64 and float32, special values, and anything."""
    random = np.random.default_rng(seed)
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308, 16777217.0, 3.4028235677973366e38]
    edges = [
        *special,
        *(other for edge in thresholds for other in (edge, np.nextafter(edge, np.inf), np.nextafter(edge, -np.inf))),
        *(edge * (1 + sign * 2.0**-24) for edge in thresholds for sign in (-1, 1)),
    ]
    low, high = (thresholds[0], thresholds[-1]) if thresholds else (0.0, 1.0)
    middle = np.clip(random.normal(low, 1e3, ROWS), -1e308, 1e308) if high - low == np.inf else 0
    with np.errstate(over="ignore", invalid="ignore"):
        anywhere = random.uniform(low, high, ROWS) if np.isfinite(high - low) else middle
    return np.where(random.random(ROWS) < 0.6, random.choice(np.array(edges), ROWS), anywhere)


@pytest.mark.parametrize("name", THRESHOLDS)
@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_codes_of_doubles(encode: Encode, name: str) -> None:
    thresholds = THRESHOLDS[name]
    values = doubles_near(thresholds, 5)
    known = known_rows(5)
    codes = encode(float_plane(np.array(thresholds)), lanes.F64, values, known)
    np.testing.assert_array_equal(codes, oracle.ranked(values, known, thresholds))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 1.0])
def test_doubles_that_lie_on_thresholds(encode: Encode, share: float) -> None:
    """From no row on a threshold to every row: the exact step must not depend on how many need it."""
    random = np.random.default_rng(6)
    values = random.uniform(0.0, 600.0, ROWS)
    values = np.where(random.random(ROWS) < share, random.choice(PRICES[:60], ROWS), values)
    known = known_rows(6)
    codes = encode(float_plane(np.array(PRICES[:60])), lanes.F64, values, known)
    np.testing.assert_array_equal(codes, oracle.ranked(values, known, PRICES[:60]))


def test_a_threshold_of_zero_takes_both_zeros_as_equal(encode: Encode) -> None:
    everything = np.ones(ROWS, np.bool_)
    for zero in (0.0, -0.0):
        table = float_plane(np.array([zero]))
        for value in (0.0, -0.0):
            codes = encode(table, lanes.F64, np.full(ROWS, value), everything)
            assert (codes == 3).all()


@pytest.mark.parametrize("entries", [1, 2, 3, 16, 17, 64, 65, 128, 129, 255, 256, 257, 2000, 70_000])
def test_looked_up_codes(encode: Encode, entries: int) -> None:
    """Under nulls lies garbage, also negative and far past the table."""
    random = np.random.default_rng(entries)
    table = random.integers(1, 256, entries).astype(np.uint8)
    known = known_rows(entries)
    garbage = random.integers(INT32.min, INT32.max, ROWS, endpoint=True)
    values = np.where(known, random.integers(0, entries, ROWS), garbage).astype(np.int32)
    codes = encode(lookup_plane(table), lanes.I32, values, known)
    np.testing.assert_array_equal(codes, oracle.looked_up(values, known, table.tolist()))


def test_truths(encode: Encode) -> None:
    values, known = known_rows(7, 0.3), known_rows(8)
    np.testing.assert_array_equal(encode(truth_plane(), lanes.BITS, values, known), oracle.truths(values, known))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_null_and_none_null(encode: Encode, share: float) -> None:
    known = known_rows(9, share)
    values = doubles_near(PRICES[:20], 9)
    codes = encode(float_plane(np.array(PRICES[:20])), lanes.F64, values, known)
    np.testing.assert_array_equal(codes, oracle.ranked(values, known, PRICES[:20]))
