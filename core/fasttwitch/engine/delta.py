"""What a change of a customer, or of the clock, does to the segments that it is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.values import Values
from fasttwitch.engine.clock import as_instant
from fasttwitch.engine.missing import no_such_segment
from fasttwitch.errors import DataError
from fasttwitch.explanation.goal import paths_of_source
from fasttwitch.plan.dimensions import Dimension
from fasttwitch.plan.reads import reads_now
from fasttwitch.plan.sources import ColumnTest, Derived, Path, Recency, Source

if TYPE_CHECKING:
    from fasttwitch.engine.matching import Matcher


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a customer has entered or left a segment.

    attributes  those whose change moved a condition of the segment, dotted where they are fields of structs
    clock       whether passing time moved one
    """

    attributes: tuple[str, ...]
    clock: bool

    def __str__(self) -> str:
        return " and ".join([f"`{name}`" for name in self.attributes] + ["the clock"] * self.clock)


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A customer at an instant.

    codes  int32[dimensions], of the half that finds where rules are true
    at     µs since 1970 UTC
    """

    values: Values
    codes: NDArray[np.int32]
    at: int


class Delta:
    """The segments that one customer has entered and left: names in the order of the document.

    Entered is a segment whose rule is true now and was not (false or unknown); left one whose rule was true.
    """

    def __init__(self, matcher: "Matcher", flips: bytes, before: Coded, after: Coded) -> None:
        # Nothing else: who only asks whether something changed should not wait for names.
        self._matcher = matcher
        self._flips = flips
        self._before = before
        self._after = after

    def __bool__(self) -> bool:
        """Return whether any segment was entered or left."""
        return bool(self._flips)

    @cached_property
    def entered(self) -> tuple[str, ...]:
        """The segments whose rules have become true."""
        return self._names(1)

    @cached_property
    def left(self) -> tuple[str, ...]:
        """The segments whose rules are true no longer."""
        return self._names(0)

    @cached_property
    def causes(self) -> Mapping[str, Cause]:
        """Why, for each segment that was entered or left."""
        causes = Causes(self._matcher, self._before, self._after)
        return {name: causes.of(name) for name in (*self.entered, *self.left)}

    @property
    def since(self) -> datetime:
        """The instant of the customer before, UTC."""
        return as_instant(self._before.at)

    @property
    def now(self) -> datetime:
        """The instant of the customer after, UTC."""
        return as_instant(self._after.at)

    @property
    def digest(self) -> str:
        """The digest of the program that answered."""
        return self._matcher.program.digest

    def __repr__(self) -> str:
        told = [f"{sign}{name}" for sign, names in (("+", self.entered), ("-", self.left)) for name in names]
        shown = ", ".join(told[:8]) + (", …" if len(told) > 8 else "")
        return f"Delta({shown or 'nothing'} at {self.now.isoformat()})"

    def _names(self, sign: int) -> tuple[str, ...]:
        rows = np.frombuffer(self._flips, np.int32)
        return self._matcher.names_of_rows(np.ascontiguousarray(rows[rows & 1 == sign] >> 1).tobytes())


class Causes:
    """Which changed values moved the conditions of a segment."""

    def __init__(self, matcher: "Matcher", before: Coded, after: Coded) -> None:
        self._point = matcher.true_point
        self._place_of = {name: place for place, name in enumerate(matcher.program.names)}
        self._before, self._after = before.codes, after.codes
        self._changed = frozenset(matcher.changed_paths(before.values, after.values))
        self._moved = np.nonzero(before.codes != after.codes)[0]
        # As if the clock had stood still: what has moved even so, the attributes have moved.
        still = self._point.coder.codes(after.values, before.at)[0] if before.at != after.at else after.codes
        self._by_clock = {number: bool(still[number] != after.codes[number]) for number in self._moved.tolist()}
        self._by_value = {number: bool(still[number] != before.codes[number]) for number in self._moved.tolist()}
        self._dimensions: tuple[Dimension, ...] = self._point.dimensions

    def of(self, segment: str) -> Cause:
        """Return why a segment was entered or left."""
        place = self._place_of.get(segment)
        if place is None:
            raise no_such_segment(segment, tuple(self._place_of))
        paths: dict[Path, None] = {}
        clock = False
        for number in self._flipped_dimensions(place):
            source = self._dimensions[number].source
            if self._by_value[number]:
                paths |= dict.fromkeys(path for path in paths_of_source(source) if path in self._changed)
            clock |= self._by_clock[number] and reads_clock(source)
        return Cause(tuple(sorted(map(".".join, paths))), clock)

    def _flipped_dimensions(self, place: int) -> list[int]:
        """Return the dimensions of which a literal has flipped, among all that a rule reads."""
        part, row, first = self._point.home(int(self._point.roots[place]))
        found: set[int] = set()
        for own, runs in part.plan.gates.literals_below([row]):
            number = first + own
            if number in self._by_value and number not in found:
                has = has_code(runs, np.array([self._before[number], self._after[number]]))
                if has[0] != has[1]:
                    found.add(number)
        return sorted(found)


def has_code(runs: NDArray[np.int32], codes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which codes lie in some of the runs."""
    inside = (runs[:, 0] <= codes[:, None]) & (codes[:, None] <= runs[:, 1])
    return np.asarray(inside.any(axis=1))


def reads_clock(source: Source) -> bool:
    """Return whether a source changes with the instant of the run."""
    match source:
        case Recency():
            return True
        case Derived(expression) | ColumnTest(expression):
            return reads_now(expression)
    return False


def checked_order(since: int, at: int) -> None:
    """Refuse a change that ends before it begins.

    Errors: DataError.
    """
    if since > at:
        now, then = as_instant(at).isoformat(), as_instant(since).isoformat()
        raise DataError(
            f"`now` is {now}, and the customer was last looked at at {then}",
            "give an instant that is not earlier",
        )
