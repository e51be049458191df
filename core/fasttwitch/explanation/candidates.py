"""Values that are worth trying for one attribute, those nearest to what it holds first."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from fasttwitch.batch.stored_values import Reader
from fasttwitch.explanation.cells import representatives
from fasttwitch.explanation.goal import Attribute, constants_in
from fasttwitch.explanation.readings import python_value, value_of
from fasttwitch.explanation.sample_texts import MOST_TEXTS, another_text, texts_for
from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type
from fasttwitch.logic.instants import (
    DAY,
    FIRST_DAY,
    FIRST_INSTANT,
    HOUR,
    LAST_DAY,
    LAST_INSTANT,
    LONGEST_DURATION,
    MINUTE,
    SECOND,
    Refusal,
)

MOST_CANDIDATES = 1_000
ORDERED = (INT, UINT, DOUBLE, DECIMAL, TIMESTAMP, DATE, DURATION)
_COUNTED = (*ORDERED, BOOL, STRING)
_RANGES = {
    TIMESTAMP: (FIRST_INSTANT, LAST_INSTANT),
    DATE: (FIRST_DAY, LAST_DAY),
    DURATION: (-LONGEST_DURATION, LONGEST_DURATION),
}
_STORE = Reader(written=False)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Values to try for one attribute.

    values    as the language reads them; the first is what the attribute holds, the others stand nearest first
    array     the same, stored
    costs     how far each is from the first
    complete  rules cannot tell any other value from all of these
    other     the string that stands for all that rules do not name, or ""
    most      so many values at most
    """

    attribute: Attribute
    values: tuple[Any, ...]
    array: pa.Array
    costs: tuple[float, ...]
    complete: bool
    other: str = ""
    most: int = MOST_CANDIDATES


def candidates_for(
    attribute: Attribute, current: pa.Array, now: int, beside: Sequence[Any], most: int = MOST_CANDIDATES
) -> Candidates:
    """Return the values to try for an attribute, `most` of them at most.

    current  of one row: what the attribute holds
    beside   what the attributes hold that are computed with together with this one
    """
    present, kind = value_of(current[0]), attribute.type
    other = another_text([*attribute.names, str(present)]) if kind is STRING else ""
    complete = not attribute.tests and kind in _COUNTED and not _at_the_end_of_time(attribute, now)
    alone = Candidates(attribute, (present,), current, (0.0,), complete, other, most)
    # Null and NaN stand last, and are tried all the same: some rules are true of them alone.
    return with_more(alone, [*_values(attribute, present, now, beside, other), None], now)


def with_more(candidates: Candidates, values: Iterable[Any], now: int) -> Candidates:
    """Return the candidates and further values, those that the column cannot hold left out."""
    attribute, present = candidates.attribute, candidates.values[0]
    kind = attribute.type
    scale = _Scale(kind, present, now, frozenset(attribute.told_apart), candidates.other)
    known = set(map(_key, candidates.values))
    found: list[tuple[float, int, Any]] = []
    stored_values: list[object] = []
    for value in values:
        if not _exists(value, kind):
            continue
        stored = _STORE.stored(python_value(value, kind), attribute.stored, attribute.name)
        if isinstance(stored, Refusal):
            continue
        read = value_of(pa.scalar(stored, attribute.stored))
        key = _key(read)
        if key not in known:
            known.add(key)
            found.append((scale.cost(read), len(candidates.values) + len(stored_values), read))
            stored_values.append(stored)
    old = zip(candidates.costs[1:], range(1, len(candidates.costs)), candidates.values[1:], strict=True)
    ranked = sorted([*old, *found], key=lambda one: one[:2])
    complete = candidates.complete and len(ranked) <= candidates.most
    ranked = ranked[: candidates.most]
    array = pa.concat_arrays([candidates.array, pa.array(stored_values, attribute.stored)])
    array = array.take(pa.array([0, *(place for _, place, _ in ranked)]))
    costs = (0.0, *(cost for cost, _, _ in ranked))
    return replace(
        candidates, values=(present, *(read for _, _, read in ranked)), array=array, costs=costs, complete=complete
    )


def _values(attribute: Attribute, present: Any, now: int, beside: Sequence[Any], other: str) -> Iterator[Any]:
    """Yield values as the language reads them, in no order, some of them more than once."""
    kind = attribute.type
    if kind is BOOL:
        yield from (True, False)
    elif kind is STRING:
        yield from attribute.told_apart
        yield other
        if attribute.tests:
            yield from (one for one in beside if isinstance(one, str))
            yield from texts_for(attribute.tests, present, attribute.told_apart[:MOST_TEXTS])
    elif kind in ORDERED:
        cuts = [*attribute.cuts, *(cut + now for cut in attribute.recency_cuts)]
        yield from representatives(cuts, attribute.stored, kind)
        yield _natural(kind, now)
        if attribute.tests:
            yield from _near_computed(attribute, present, now, beside)
        if kind is DOUBLE:
            yield math.nan


def _near_computed(attribute: Attribute, present: Any, now: int, beside: Sequence[Any]) -> Iterator[Any]:
    """Yield values that may bring a computed number to where a rule wants it: ideas, no solutions."""
    kind = attribute.type
    constants = [constant.value for test in attribute.tests for constant in constants_in(test)]
    steps = [_number(one, kind) for one in constants if isinstance(one, int | float | Decimal)]
    bases = [_number(one, kind) for one in (present, *beside) if isinstance(one, int | float | Decimal)]
    bases = [one for one in (*bases, _natural(kind, now)) if one is not None]
    numbers = list(dict.fromkeys(one for one in (*steps, *_magnitudes(kind)) if one is not None))[:120]
    for base in bases:
        yield base
        for step in numbers:
            yield from _combined(base, step, kind)
    yield from numbers


def _combined(base: Any, step: Any, kind: Type) -> Iterator[Any]:
    """Yield what simple arithmetic makes of two numbers."""
    try:
        yield base + step
        yield base - step
        if kind in (INT, UINT, DOUBLE, DECIMAL):
            yield base * step
            if step:
                yield base / step if kind in (DOUBLE, DECIMAL) else base // step
    except (OverflowError, InvalidOperation, ZeroDivisionError):
        return


def _magnitudes(kind: Type) -> list[Any]:
    """Return steps of all sizes that attributes of a type come in."""
    if kind in (TIMESTAMP, DURATION):
        return [
            SECOND,
            MINUTE,
            *(hours * HOUR for hours in range(1, 25)),
            *(days * DAY for days in (2, 3, 4, 5, 6, 7, 14, 30, 31, 60, 90, 180, 365, 366, 730, 3653, 7305, 14610)),
        ]
    if kind is DATE:
        return [1, 2, 3, 4, 5, 6, 7, 14, 30, 31, 60, 90, 180, 365, 366, 730, 3653, 7305, 14610]
    whole = [mantissa * 10**power for power in range(10) for mantissa in (1, 2, 3, 5, 7)]
    if kind in (INT, UINT):
        return whole
    return [_number(f"{mantissa}e{power}", kind) for power in range(-3, 10) for mantissa in (1, 2, 3, 5, 7)]


def _number(value: Any, kind: Type) -> Any:
    """Return a number as one of the attribute's kind, None if it is none there."""
    try:
        if kind is DOUBLE:
            return float(value)
        if kind is DECIMAL:
            return Decimal(str(value))
        return int(value) // DAY if kind is DATE and abs(int(value)) >= DAY else int(value)
    except (ValueError, OverflowError, InvalidOperation):
        return None


def _natural(kind: Type, now: int) -> Any:
    """Return what to measure from where an attribute holds nothing."""
    if kind is TIMESTAMP:
        return now // SECOND * SECOND
    if kind is DATE:
        return now // DAY
    return 0.0 if kind is DOUBLE else Decimal(0) if kind is DECIMAL else 0


@dataclass(frozen=True, slots=True)
class _Scale:
    """How much of a change a value is; what is told to people should be near to what they have, and short."""

    kind: Type
    present: Any
    now: int
    names: frozenset[str]
    other: str

    def cost(self, value: Any) -> float:
        """Return 0.3 to 5."""
        if value is None:
            return 4.0
        if self.kind is BOOL:
            return 0.5
        length = 0.001 * min(len(str(value)), 500)
        if self.kind is STRING:
            return length + self._of_text(value)
        if self.kind not in ORDERED:
            return 1.0
        if isinstance(value, float) and not math.isfinite(value):
            return 5.0 if math.isnan(value) else 3.0
        return length + self._of_number(value)

    def _of_text(self, value: str) -> float:
        if value in self.names:
            return 0.6
        if value == self.other:
            return 1.4
        return 0.7 if self.present and self.present in value else 0.9

    def _of_number(self, value: Any) -> float:
        base = _natural(self.kind, self.now) if self.present is None else self.present
        if isinstance(base, float) and not math.isfinite(base):
            base = 0.0
        distance = abs(float(value) - float(base))
        if self.kind in (TIMESTAMP, DATE):
            year = 365 * (DAY if self.kind is TIMESTAMP else 1)
            return 0.3 + distance / (distance + year)
        return 0.3 + (distance / (abs(float(value)) + abs(float(base))) if distance else 0.0)


def _at_the_end_of_time(attribute: Attribute, now: int) -> bool:
    """Return whether rules ask for the last moments of the calendar.

    Stored instants beyond it count as its last microsecond, which no value that could be proposed need be.
    """
    cuts = (*attribute.cuts, *(cut + now for cut in attribute.recency_cuts))
    ends = (FIRST_INSTANT + SECOND, LAST_INSTANT - SECOND)
    return attribute.type is TIMESTAMP and any(not ends[0] <= cut <= ends[1] for cut in cuts)  # type: ignore[operator]


def _exists(value: Any, kind: Type) -> bool:
    """Return whether the calendar has such an instant or day, and the language such a duration."""
    if value is None or kind not in _RANGES:
        return True
    first, last = _RANGES[kind]
    return bool(first <= value <= last)


def _key(value: Any) -> object:
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value if not isinstance(value, list | dict) else str(value)
