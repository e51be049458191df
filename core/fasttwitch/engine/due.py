"""When time alone next changes what holds for a customer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.cut_keys import int_keys
from fasttwitch.batch.point.language_values import Value
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.engine.clock import LAST_YEAR, microseconds
from fasttwitch.engine.point import Point
from fasttwitch.errors import DataError
from fasttwitch.library.zones import next_change, read_zone
from fasttwitch.plan.codebooks import OrderedCodebook
from fasttwitch.plan.passing_time import Passing, passing
from fasttwitch.plan.reads import attributes_of, reads_now
from fasttwitch.plan.sources import ColumnTest, Derived, Recency

LAST = microseconds(datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999_999, UTC))
# Instants that are looked at until one is told at which nothing may have changed: rules about seconds have many.
MOST_LOOKS = 20_000
MOST_COMBINATIONS = 512  # of what clocks can show, as far as rules tell it apart, that are tried


@dataclass(frozen=True, slots=True, eq=False)
class Age:
    """A dimension of how long ago an instant is.

    instant  gives the instant of a customer, None where it is not known
    cuts     int64, ascending: of the instant less `now`, µs
    """

    instant: Callable[[Values], Value | None]
    cuts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clocked:
    """A dimension that is computed from the clock."""

    number: int
    passing: Passing


class Due:
    """Finds the next instant at which time changes an answer; safe to share between threads.

    Errors: DataError if a rule follows the clock in a way of which nobody can say when it changes.
    """

    def __init__(self, point: Point, reader: ValuesReader) -> None:
        self._point = point
        self._ages: list[Age] = []
        self._clocked: list[Clocked] = []
        for number, (dimension, codebook) in enumerate(zip(point.dimensions, point.codebooks, strict=True)):
            if number not in point.read_dimensions:  # rules read it that are no more
                continue
            match dimension.source:
                case Recency(path):
                    assert isinstance(codebook, OrderedCodebook)
                    self._ages.append(Age(reader.getter(path), int_keys(codebook.cuts)))
                case Derived(expression) | ColumnTest(expression) if reads_now(expression):
                    found = passing(expression)
                    if found is None:
                        names = ", ".join(f"`{'.'.join(one.path)}`" for one in attributes_of(expression))
                        of_names = f" of {names}" if names else ""
                        raise DataError(
                            f"nobody can say when it changes what a rule computes{of_names} from the clock",
                            "compare with `now` itself, with parts of it, or with what is added to it",
                        )
                    self._clocked.append(Clocked(number, found))
        self._clocked_numbers = [clocked.number for clocked in self._clocked]

    def after(self, values: Values, at: int) -> int | None:
        """Return the first instant after `at` at which the customer enters or leaves a segment by itself; None: never.

        After MOST_LOOKS instants at which nothing has changed, the last of them is told instead.
        """
        flips, coder = self._point.flips, self._point.coder
        start = codes = coder.codes(values, at)[0]
        instant, matters = at, False
        asked: bytes | None = None
        for _ in range(MOST_LOOKS):
            rest = np.delete(codes, self._clocked_numbers).tobytes()
            if asked != rest:
                asked, matters = rest, self._clocks_matter(start, codes)
            found = self._next(values, codes, instant, matters)
            if found is None or found > LAST:
                return None
            instant = found
            fresh = coder.codes(values, instant)[0]
            if not np.array_equal(fresh, codes) and flips.between(start, fresh):
                return instant
            codes = fresh
        return instant

    def _clocks_matter(self, start: NDArray[np.int32], codes: NDArray[np.int32]) -> bool:
        """Return whether any time of the day, day of the week and so on changes an answer while all else stays.

        Otherwise a rule that asks for the hour only of customers who are something else would be looked at every hour.
        """
        sizes = [self._point.dimensions[number].codes for number in self._clocked_numbers]
        if prod(sizes) > MOST_COMBINATIONS:
            return True
        other = codes.copy()
        for combination in product(*map(range, sizes)):
            other[self._clocked_numbers] = combination
            if self._point.flips.between(start, other):
                return True
        return False

    def _next(self, values: Values, codes: NDArray[np.int32], at: int, clocks: bool) -> int | None:
        """Return the first later instant at which a code may change; with `clocks`, also those of clocks."""
        found = [_changed_age(values, age, at) for age in self._ages]
        if clocks:
            found += [self._clock(values, clocked, codes, at) for clocked in self._clocked]
        return min((instant for instant in found if instant is not None), default=None)

    def _clock(self, values: Values, clocked: Clocked, codes: NDArray[np.int32], at: int) -> int | None:
        ends = [
            _shown_until(clock.zone, clock.unit, at + clock.shift) - clock.shift for clock in clocked.passing.clocks
        ]
        end = min(ends, default=None)
        if not clocked.passing.flows:
            return end
        return (
            self._flowing(values, clocked.number, int(codes[clocked.number]), at, LAST if end is None else end) or end
        )

    def _flowing(self, values: Values, number: int, code: int, at: int, end: int) -> int | None:
        """Return the first instant up to `end` at which a code that goes in one direction is another, None if none."""

        def is_same(instant: int) -> bool:
            return int(self._point.coder.codes(values, instant)[0][number]) == code

        step, same = 1, at
        while is_same(min(at + step, end)):
            same = min(at + step, end)
            if same == end:
                return None
            step *= 2
        other = min(at + step, end)
        while other - same > 1:
            middle = (same + other) // 2
            same, other = (middle, other) if is_same(middle) else (same, middle)
        return other


def _changed_age(values: Values, age: Age, at: int) -> int | None:
    """Return when an age next passes one of its cuts; None for never."""
    instant = age.instant(values)
    if instant is None:
        return None
    assert isinstance(instant, int)
    reached = int(np.searchsorted(age.cuts, instant - at, "right"))
    return instant - int(age.cuts[reached - 1]) + 1 if reached else None


def _shown_until(zone: str, unit: int, at: int) -> int:
    """Return when a zone's clock shows something else, counted in so many µs."""
    known = read_zone(zone)
    assert known is not None, "the checker knows all zones"
    return next_change(known, at, unit)
