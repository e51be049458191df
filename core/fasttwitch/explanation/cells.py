"""Values that stand for all others of an ordered attribute: the ends of each range that no rule can tell apart.

Both ends, because the nearer one is the smaller change; and rounded into the range where it has room, because
`500.01` says "more than 500" better than `500.00000000000006` does.
"""

import math
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any

import numpy as np
import pyarrow as pa

from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, TIMESTAMP, Type
from fasttwitch.logic.instants import SECOND
from fasttwitch.plan.value_sets import Cut

_UNITS = {"s": SECOND, "ms": 1_000, "us": 1, "ns": 1}
_DIGITS = 80


def representatives(cuts: Sequence[Cut], stored: pa.DataType, kind: Type) -> Iterator[Any]:
    """Yield values of the language that a column can store, some of every range between cuts."""
    ordered: Any = sorted(set(cuts))  # of one kind
    if kind is DOUBLE:
        yield from _doubles(ordered, stored)
    elif kind is DECIMAL:
        yield from _decimals(ordered, stored.scale)
    else:
        yield from _integers(ordered, _unit(stored), kind)


def _integers(cuts: Sequence[int], unit: int, kind: Type) -> Iterator[int]:
    for low, high in zip((None, *cuts), (*cuts, None), strict=True):
        first = None if low is None else -(-low // unit) * unit
        last = None if high is None else (high - 1) // unit * unit
        if first is not None and last is not None and first > last:
            continue  # no stored value lies between these cuts
        if kind is TIMESTAMP:
            first, last = _whole_seconds(first, last)
        yield from (end for end in (first, last) if end is not None)


def _whole_seconds(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """Return the ends of a range of instants, moved inwards to whole seconds if there is one."""
    up = None if first is None else -(-first // SECOND) * SECOND
    down = None if last is None else last // SECOND * SECOND
    if (up is not None and last is not None and up > last) or (down is not None and first is not None and down < first):
        return first, last
    return up, down


def _doubles(cuts: Sequence[tuple[float, int]], stored: pa.DataType) -> Iterator[float]:
    for low, high in zip((None, *cuts), (*cuts, None), strict=True):
        first = None if low is None else _stored_end(low[0], low[1] == 0, math.inf, stored)
        last = None if high is None else _stored_end(high[0], high[1] == 1, -math.inf, stored)
        if first is not None and last is not None and first > last:
            continue
        if low is not None and first is not None and not math.isinf(first):
            yield first if first == low[0] else _rounded(first, 1, math.inf if last is None else last, stored)
        if high is not None and last is not None and not math.isinf(last):
            yield last if last == high[0] else _rounded(last, -1, math.inf if first is None else first, stored)
        if low is None and last == -math.inf:
            yield -math.inf
        if high is None and first == math.inf:
            yield math.inf


def _stored_end(value: float, included: bool, towards: float, stored: pa.DataType) -> float:
    """Return the stored value nearest to `value` on one side of it, itself where it may be."""
    number = _float_type(stored)
    with np.errstate(over="ignore"):
        near = number(value)
    wrong_side = float(near) < value if towards > 0 else float(near) > value
    if wrong_side or (float(near) == value and not included):
        with np.errstate(over="ignore"):
            near = np.nextafter(near, number(towards))
    return float(near)


def _rounded(end: float, direction: int, other: float, stored: pa.DataType) -> float:
    """Return a value near the end of a range with as few digits after the point as fit into it, but two where they do.

    other  the other end, infinite where there is none
    """
    if stored.bit_width < 64:
        return _short_in_binary(end, direction, other)
    number = Decimal(repr(end))
    rounding = ROUND_CEILING if direction > 0 else ROUND_FLOOR
    for digits in range(min(2, 13 - number.adjusted()), 18):  # so many digits tell doubles apart
        with localcontext() as context:
            context.prec = 400
            near = float(number.quantize(Decimal(1).scaleb(-digits), rounding))
        if direction * near >= direction * end and (math.isinf(other) or direction * near <= direction * other):
            return near
    return end


def _short_in_binary(end: float, direction: int, other: float) -> float:
    """Return a value near the end of a range that float16 and float32 hold as it is written: quarters or sixteenths.

    They hold no 500.01: it would be stored, compared and told as 500.010009765625.
    """
    for power in range(4 if abs(end) < 1 else 2, 24):
        step = 2.0**-power
        near = (math.ceil(end / step) if direction > 0 else math.floor(end / step)) * step
        if math.isinf(other) or direction * near <= direction * other:
            return near
    return end


def _float_type(stored: pa.DataType) -> Any:
    return {16: np.float16, 32: np.float32, 64: np.float64}[stored.bit_width]


def _decimals(cuts: Sequence[tuple[Decimal, int]], scale: int) -> Iterator[Decimal]:
    step = Decimal(1).scaleb(-scale)
    with localcontext() as context:
        context.prec = _DIGITS
        found = []
        for low, high in zip((None, *cuts), (*cuts, None), strict=True):
            first = None if low is None else low[0].quantize(step, ROUND_CEILING)
            last = None if high is None else high[0].quantize(step, ROUND_FLOOR)
            if low is not None and low[1] == 1 and first == low[0]:
                first = first + step
            if high is not None and high[1] == 0 and last == high[0]:
                last = last - step
            if first is None or last is None or first <= last:
                found += [end for end in (first, last) if end is not None]
    yield from found


def _unit(stored: pa.DataType) -> int:
    """Return how many µs apart stored instants and durations are; 1 for whole numbers and days."""
    return _UNITS[stored.unit] if pa.types.is_timestamp(stored) or pa.types.is_duration(stored) else 1
