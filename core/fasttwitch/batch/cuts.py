"""Cuts of the language's types as cuts of the values that a column stores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.columns import Physical
from fasttwitch.kernels import layout
from fasttwitch.kernels.lanes import LANES
from fasttwitch.kernels.tables import PlaneTable, float_plane, search_plane, truth_plane
from fasttwitch.logic.datatypes import DATE, DECIMAL, DURATION, TIMESTAMP, UINT, Type
from fasttwitch.plan.codebooks import thresholds_of
from fasttwitch.plan.value_sets import Cut

INT64_LOW, INT64_HIGH = -(2**63), 2**63 - 1
ALWAYS, NEVER = -1, -2  # codes of cuts that every, or no, stored value reaches

BOUNDS = {
    TIMESTAMP: (layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH),
    DURATION: (layout.DURATION_LOW, layout.DURATION_HIGH),
    DATE: (layout.DATE_LOW, layout.DATE_HIGH),
}


@dataclass(frozen=True, slots=True)
class CodedCuts:
    """A plane's table, and for each test index of the plane the least code that passes, or ALWAYS or NEVER."""

    table: PlaneTable
    codes: NDArray[np.int64]


def coded_cuts(cuts: Sequence[Cut], type_: Type, form: Physical, shift: int = 0) -> CodedCuts:
    """Return the plane that codes stored values of `type_` by `cuts`.

    form   how the column stores its values
    shift  added to each cut: `now` where cuts are relative to it
    """
    lane = LANES[form.kind]
    if form.kind == layout.ABSENT:  # every code is 0, which no test passes
        return CodedCuts(search_plane(np.empty(0, np.int64), lane), np.ones(2 * len(cuts), np.int64))
    if form.kind == layout.BITS:  # a column that only null tests read
        return CodedCuts(truth_plane(), np.empty(0, np.int64))
    if form.kind in (layout.FLOAT32, layout.FLOAT64, layout.DERIVED_DOUBLE):
        thresholds = thresholds_of(cuts)
        table = float_plane(np.array(thresholds, np.float64))
        # Side 0 of a threshold is the threshold itself; what lies above it has the next code.
        return CodedCuts(table, np.add.outer(table.at_least, np.arange(2)).ravel())
    stored = [_stored(cut, type_, form, shift) for cut in cuts]
    distinct = sorted({cut for cut in stored if cut not in (-math.inf, math.inf)})
    table = search_plane(np.array(distinct, np.int64), lane)
    code_of = {cut: int(code) for cut, code in zip(distinct, table.at_least, strict=True)}
    codes = [ALWAYS if cut == -math.inf else NEVER if cut == math.inf else code_of[int(cut)] for cut in stored]
    return CodedCuts(table, np.array(codes, np.int64))


def _stored(cut: Cut, type_: Type, form: Physical, shift: int) -> int | float:
    """Return the least stored value at or above a cut; -inf or inf if all or none are."""
    if type_ is DECIMAL:
        value: int | float = _decimal_units(cut, form.decimals)
    else:
        assert isinstance(cut, int)
        value = cut + shift
        if type_ in BOUNDS:  # stored instants beyond the range count as its ends
            low, high = BOUNDS[type_]
            if value <= low or value > high:
                return -math.inf if value <= low else math.inf
            if form.scale > 0:
                value = -(-value // form.scale)
            elif form.scale < 0:
                value *= -form.scale
        elif type_ is UINT and form.kind in (layout.UINT64, layout.DERIVED_UINT):
            value -= 2**63  # that lane has its top bit flipped, so that signed order is unsigned order
    if value <= INT64_LOW or value > INT64_HIGH:
        return -math.inf if value <= INT64_LOW else math.inf
    return value


def _decimal_units(cut: Cut, decimals: int) -> int:
    assert isinstance(cut, tuple)
    value, side = cut
    units = Fraction(Decimal(value)) * Fraction(10) ** decimals
    return math.floor(units) + 1 if side else math.ceil(units)
