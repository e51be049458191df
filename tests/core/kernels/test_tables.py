"""Planes are built as the kernels want them, and say which code each cut begins at."""

import numpy as np
import pytest

from fasttwitch.kernels import lanes, layout
from fasttwitch.kernels.tables import PlaneTable, float_plane, lookup_plane, search_plane, truth_plane
from tests.oracle import kernels_encode as oracle

INT32, INT64 = np.iinfo(np.int32), np.iinfo(np.int64)


def cuts_of(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def shown(table: PlaneTable) -> dict[str, int]:
    """Return a plane's row by field name, without addresses."""
    row = np.full(layout.PLANE_FIELDS, -99, np.int64)
    table.fill(row)
    names = ("METHOD", "CUTS", "FIRST", "LOW", "HIGH", "BIAS", "LEVELS", "IMAGE")
    return {name.lower(): int(row[getattr(layout, f"PLANE_{name}")]) for name in names}


def test_near_cuts_are_clamped() -> None:
    assert shown(search_plane(cuts_of(0, 3, 10), lanes.I32)) == {
        "method": layout.NARROW,
        "cuts": 3,
        "first": 1,
        "low": -1,
        "high": 10,
        "bias": -2,
        "levels": 0,
        "image": 0,
    }


def test_far_cuts_are_searched() -> None:
    assert shown(search_plane(cuts_of(0, 30, 1000), lanes.I64)) == {
        "method": layout.SEARCH,
        "cuts": 3,
        "first": 1,
        "low": 0,
        "high": 0,
        "bias": 0,
        "levels": 2,
        "image": 1,
    }


@pytest.mark.parametrize(
    ("cuts", "lane", "method"),
    [
        ((0, 253), lanes.I32, layout.NARROW),
        ((0, 254), lanes.I32, layout.SEARCH),
        ((INT64.min, INT64.min + 1), lanes.I64, layout.SEARCH),  # nothing below the first to clamp at
        ((INT64.min + 1,), lanes.I64, layout.SEARCH),  # the bias would not be an int64
        ((INT64.min + 2,), lanes.I64, layout.NARROW),
        ((INT64.max,), lanes.I64, layout.NARROW),
        ((INT32.max, INT32.max + 1), lanes.I32, layout.SEARCH),
        ((INT32.max, INT32.max + 1), lanes.I64, layout.NARROW),
    ],
)
def test_the_span_decides_the_method(cuts: tuple[int, ...], lane: int, method: int) -> None:
    assert search_plane(cuts_of(*cuts), lane).method == method


@pytest.mark.parametrize(
    ("cuts", "image"), [((0, 2**31 - 1), 1), ((0, 2**31), 0), ((INT64.min + 1, INT64.max), 0), ((INT64.min,), 1)]
)
def test_image_says_whether_32_bits_can_decide(cuts: tuple[int, ...], image: int) -> None:
    assert search_plane(cuts_of(*cuts), lanes.I64).image == image


@pytest.mark.parametrize(
    ("cuts", "lane"),
    [
        ([5], lanes.I32),
        ([-3, 0, 7], lanes.I64),
        ([0, 1000], lanes.I32),
        ([INT64.min, 0, INT64.max], lanes.I64),
        ([INT32.min - 7, INT32.min, 0, INT32.max, INT32.max + 7], lanes.I32),
    ],
)
def test_at_least_is_the_code_where_a_cut_begins(cuts: list[int], lane: int) -> None:
    """`value >= cut` must be `code >= at_least`, also for cuts beyond the lane, which always or never hold."""
    limits = INT32 if lane == lanes.I32 else INT64
    table = search_plane(np.array(cuts, np.int64), lane)
    edges = {edge + step for edge in [*cuts, limits.min, limits.max] for step in (-1, 0, 1)}
    values = np.array(sorted(edge for edge in edges if limits.min <= edge <= limits.max), np.int64)
    known = np.ones(values.size, np.bool_)
    twin = oracle.clamped if table.method == layout.NARROW else oracle.counted
    codes = twin(values, known, cuts)
    for cut, code in zip(cuts, table.at_least, strict=True):
        np.testing.assert_array_equal(codes >= code, [int(value) >= cut for value in values])


def test_at_least_of_thresholds() -> None:
    thresholds = [-1.5, 0.0, 2.5]
    table = float_plane(np.array(thresholds))
    values = np.array([-2.0, -1.5, -1.0, -0.0, 0.0, 1.0, 2.5, 3.0, np.nan])
    codes = oracle.ranked(values, np.ones(values.size, np.bool_), thresholds)
    for threshold, code in zip(thresholds, table.at_least, strict=True):
        np.testing.assert_array_equal(codes >= code, values >= threshold)
        np.testing.assert_array_equal(codes >= code + 1, values > threshold)


@pytest.mark.parametrize(
    ("thresholds", "image"),
    [
        ([1.0, 2.0], 1),
        ([1.0, 1.0 + 2.0**-40], 0),
        ([1.0, 1e300], 0),
        ([-np.inf, 0.0], 0),
        ([], 1),
    ],
)
def test_image_says_whether_float32_tells_thresholds_apart(thresholds: list[float], image: int) -> None:
    assert float_plane(np.array(thresholds)).image == image


def test_the_greatest_codebooks_fit_a_byte() -> None:
    assert int(search_plane(np.arange(253, dtype=np.int64) * 1000, lanes.I64).at_least[-1]) == 254
    assert int(search_plane(cuts_of(0, 253), lanes.I64).at_least[-1]) == 255
    assert int(float_plane(np.arange(126, dtype=np.float64)).at_least[-1]) + 1 == 254


def test_too_many_cuts_are_refused() -> None:
    with pytest.raises(AssertionError, match=r"^at most 253 cuts$"):
        search_plane(np.arange(254, dtype=np.int64) * 1000, lanes.I64)
    with pytest.raises(AssertionError, match=r"^at most 126 thresholds$"):
        float_plane(np.arange(127, dtype=np.float64))


def test_cuts_must_ascend() -> None:
    with pytest.raises(AssertionError, match=r"^cuts must ascend$"):
        search_plane(cuts_of(1, 1), lanes.I64)
    with pytest.raises(AssertionError, match=r"^thresholds must ascend$"):
        float_plane(np.array([-0.0, 0.0]))
    with pytest.raises(AssertionError, match=r"^no threshold may be NaN$"):
        float_plane(np.array([np.nan]))


def test_a_lookup_table_is_padded_and_its_own() -> None:
    """Kernels read up to 8 bytes past the last entry; a caller's later change must not reach a compiled plan."""
    given = np.array([3, 1, 2], np.uint8)
    table = lookup_plane(given)
    given[:] = 9
    assert table.cuts == 3
    assert table.table.tolist() == [3, 1, 2] + [0] * 253
    assert lookup_plane(np.ones(2000, np.uint8)).table.size == 2008


def test_truth_has_no_cuts() -> None:
    assert shown(truth_plane())["method"] == layout.TRUTH
