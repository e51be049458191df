"""What a plane's row needs, built from its cuts: plain NumPy, no kernels.

A plane turns values into codes 1..255; null is 0. The code of a cut is the least code of the values at or above it, so
that `value >= cuts[i]` is `code >= at_least[i]`, whichever method the plane uses.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import lanes, layout
from fasttwitch.kernels.wide_tables import wide_doubles, wide_int32, wide_int64

MOST_CUTS = 253
MOST_THRESHOLDS = 126  # the greatest code is 2 + 2 * 126
_MOST_SPAN = 253  # NARROW: the greatest code is 1 + span + 1

Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]
Codes = NDArray[np.uint8]

_LIMITS = {lanes.I32: (-(2**31), 2**31 - 1), lanes.I64: (-(2**63), 2**63 - 1)}
_TABLE_PAD = 256  # kernels probe 2**levels entries, at most this many


@dataclass(frozen=True, slots=True, eq=False)
class PlaneTable:
    """How one plane makes codes, and the arrays that its addresses point into: keep it as long as the plane's row.

    method .. image  the columns of the plane table that bear these names
    cuts             number of cuts, thresholds or entries
    table            the sorted cuts or thresholds, padded so that a search may probe any of 2**levels entries; or the
                     look-up table
    at_least         int64[cuts as given]: the least code of values >= cuts[i]. FLOAT: values > thresholds[i] begin one
                     code later. Empty for LOOKUP and TRUTH
    wide_table       the same cuts laid out for the wide sibling; empty if it needs nothing more
    """

    method: int
    cuts: int
    table: NDArray[np.int64] | NDArray[np.float64] | NDArray[np.uint8]
    first: int = 1
    low: int = 0
    high: int = 0
    bias: int = 0
    levels: int = 0
    image: int = 0
    at_least: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    wide_table: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))

    def fill(self, row: Int64s) -> None:
        """Write method, cuts and addresses into a row of the plane table; leave input, tests, codes and state."""
        row[layout.PLANE_METHOD] = self.method
        row[layout.PLANE_CUTS] = self.cuts
        row[layout.PLANE_TABLE] = self.table.ctypes.data
        row[layout.PLANE_FIRST] = self.first
        row[layout.PLANE_LOW] = self.low
        row[layout.PLANE_HIGH] = self.high
        row[layout.PLANE_BIAS] = self.bias
        row[layout.PLANE_LEVELS] = self.levels
        row[layout.PLANE_IMAGE] = self.image
        row[layout.PLANE_WIDE_TABLE] = self.wide_table.ctypes.data if self.wide_table.size else 0


def search_plane(cuts: Int64s, lane: int) -> PlaneTable:
    """Return the plane that codes an integer lane by strictly ascending cuts: 1 + number of cuts <= value, or NARROW's.

    I32 lanes take cuts outside int32 as well: those at or below the least int32 always hold and raise `first`, those
    above the greatest never hold.
    """
    assert cuts.size <= MOST_CUTS, "at most 253 cuts"
    assert np.all(cuts[1:] > cuts[:-1]), "cuts must ascend"
    lane_least, lane_greatest = _LIMITS[lane]
    if cuts.size == 0:
        return PlaneTable(layout.NARROW, 0, np.empty(0, np.int64), bias=-1)
    least, greatest = int(cuts[0]), int(cuts[-1])
    if least > lane_least + 1 and greatest <= lane_greatest and greatest - least <= _MOST_SPAN:
        return PlaneTable(
            layout.NARROW,
            cuts.size,
            cuts.astype(np.int64),
            low=least - 1,
            high=greatest,
            bias=least - 2,
            at_least=cuts - np.int64(least) + 2,
        )
    always = int(np.searchsorted(cuts, lane_least, "right"))
    usable = cuts[always : np.searchsorted(cuts, lane_greatest, "right")]
    padded = np.full(_TABLE_PAD, np.iinfo(np.int64).max, np.int64)
    padded[: usable.size] = usable
    span = int(usable[-1]) - int(usable[0]) if usable.size else 0
    return PlaneTable(
        layout.SEARCH,
        usable.size,
        padded,
        first=1 + always,
        levels=int(usable.size).bit_length(),
        image=int(span < 2**31),
        at_least=np.arange(2, cuts.size + 2, dtype=np.int64),
        wide_table=wide_int32(usable) if lane == lanes.I32 else wide_int64(usable),
    )


def float_plane(thresholds: Float64s) -> PlaneTable:
    """Return the plane that codes doubles by strictly ascending thresholds, none of them NaN; -0.0 is 0.0."""
    assert thresholds.size <= MOST_THRESHOLDS, "at most 126 thresholds"
    assert np.all(thresholds[1:] > thresholds[:-1]), "thresholds must ascend"
    assert not np.isnan(thresholds).any(), "no threshold may be NaN"
    padded = np.full(_TABLE_PAD, np.nan)  # NaN is neither below nor equal to anything: padding is never counted
    padded[: thresholds.size] = thresholds
    with np.errstate(over="ignore"):
        images = thresholds.astype(np.float32)
    return PlaneTable(
        layout.FLOAT,
        thresholds.size,
        padded,
        first=2,
        levels=int(thresholds.size).bit_length(),
        image=int(np.isfinite(images).all() and np.unique(images).size == images.size),
        at_least=np.arange(3, 2 * thresholds.size + 3, 2, dtype=np.int64),
        wide_table=wide_doubles(thresholds),
    )


def lookup_plane(table: Codes) -> PlaneTable:
    """Return the plane that codes dictionary indices by a table of codes."""
    padded = np.zeros(max(table.size + 8, _TABLE_PAD), np.uint8)
    padded[: table.size] = table
    # Up to 256 entries the padded table is what byte permutes load.
    wide_table = padded if table.size <= _TABLE_PAD else np.empty(0, np.uint8)
    return PlaneTable(layout.LOOKUP, table.size, padded, wide_table=wide_table)


def truth_plane() -> PlaneTable:
    """Return the plane that codes Booleans: false 1, true 2."""
    return PlaneTable(layout.TRUTH, 0, np.empty(0, np.int64))
