"""Where between two values that were tried does an answer change? Short numbers in between are tried next."""

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fasttwitch.explanation.candidates import ORDERED, Candidates
from fasttwitch.logic.datatypes import DATE, DECIMAL, DOUBLE, DURATION, TIMESTAMP, Type
from fasttwitch.logic.instants import DAY, HOUR, MINUTE, SECOND

ROUNDS = 6
_MOST_GAPS = 8
_A_GAP = 8
_LENGTHS = (365 * DAY, 30 * DAY, 7 * DAY, DAY, 6 * HOUR, HOUR, 10 * MINUTE, MINUTE, 10 * SECOND, SECOND, 1000, 1)


def values_between(candidates: Candidates, answers: NDArray[np.bool_]) -> list[Any]:
    """Return further values for an attribute that something is computed from, where answers change between two.

    answers  bool[predicates, candidates]
    """
    kind = candidates.attribute.type
    if not candidates.attribute.tests or kind not in ORDERED:
        return []
    if kind is DOUBLE:
        return [float(value) for value in _of_gaps(candidates, answers, lambda value: Decimal(repr(value)))]
    return list(_of_gaps(candidates, answers, lambda value: value))


def _of_gaps(candidates: Candidates, answers: NDArray[np.bool_], exact: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield values out of the nearest gaps; `exact` makes of a value what can be reckoned with."""
    known = [(value, place) for place, value in enumerate(candidates.values) if _is_finite(value)]
    known.sort()
    gaps = [
        (min(candidates.costs[left[1]], candidates.costs[right[1]]), left[0], right[0])
        for left, right in pairwise(known)
        if (answers[:, left[1]] != answers[:, right[1]]).any()
    ]
    for _, low, high in sorted(gaps)[:_MOST_GAPS]:
        yield from _inside(exact(low), exact(high), candidates.attribute.type)


def _is_finite(value: Any) -> bool:
    return value is not None and (not isinstance(value, float) or math.isfinite(value))


def _inside(low: Any, high: Any, kind: Type) -> Iterator[Any]:
    """Yield a few values between two, as round as they can be."""
    for step in _steps(low, high, kind):
        first, last = _multiple(low, step) + 1, _multiple(high, step)
        last -= int(last * step == high)
        if last < first:
            continue
        count = min(last - first + 1, _A_GAP)
        for place in range(count):
            number = first + (last - first) * place // max(count - 1, 1)
            yield number * step
        return


def _steps(low: Any, high: Any, kind: Type) -> Iterator[Any]:
    if kind in (TIMESTAMP, DURATION):
        yield from _LENGTHS
    elif kind is DATE:
        yield from (365, 30, 7, 1)
    else:
        gap = Decimal(high - low)
        least = 0 if kind not in (DOUBLE, DECIMAL) else min(-2, gap.adjusted() - 3)
        for power in range(gap.adjusted(), least - 1, -1):
            yield Decimal(1).scaleb(power) if kind in (DOUBLE, DECIMAL) else 10**power


def _multiple(value: Any, step: Any) -> int:
    """Return how many steps go into a value, floored."""
    return math.floor(value / step) if isinstance(step, Decimal) else int(value // step)
