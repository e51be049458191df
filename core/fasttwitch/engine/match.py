"""What a rule evaluation says about one customer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, overload

from fasttwitch.batch.point.values import Values
from fasttwitch.engine.base import BaseRow
from fasttwitch.engine.clock import as_instant
from fasttwitch.engine.missing import no_such_segment
from fasttwitch.plan.lowering import FALSE, TRUE

if TYPE_CHECKING:
    from fasttwitch.engine.matching import Matcher

# What is left of a customer when the rules that hold are found: enough to ask where rules are false.
Asked: TypeAlias = Values | BaseRow | Callable[[], bytes]


class Match:
    """The segments of one customer at one instant: a set of names, in the order of the document."""

    __slots__ = ("_asked", "_at", "_matcher", "_rows", "_segments", "_unknown")
    _segments: tuple[str, ...]
    _unknown: tuple[str, ...]

    def __init__(self, matcher: "Matcher", rows: bytes, asked: Asked, at: int) -> None:
        # Nothing else: who only counts or compares should not wait for names.
        self._matcher = matcher
        self._rows = rows
        self._asked = asked
        self._at = at

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments whose rules are true, in the order of the document."""
        try:
            return self._segments
        except AttributeError:
            self._segments = segments = self._matcher.names_of(TRUE, self._rows)
            return segments

    @property
    def unknown(self) -> tuple[str, ...]:
        """The segments whose rules are neither true nor false, in the order of the document."""
        try:
            return self._unknown
        except AttributeError:
            matcher = self._matcher
            decided = {*self.segments, *matcher.names_of(FALSE, matcher.falses(self._asked, self._at))}
            self._unknown = unknown = tuple([name for name in matcher.program.names if name not in decided])
            return unknown

    @property
    def now(self) -> datetime:
        """The instant, UTC."""
        return as_instant(self._at)

    @property
    def digest(self) -> str:
        """The digest of the program that answered."""
        return self._matcher.program.digest

    def __contains__(self, segment: object) -> bool:
        """Return whether a segment's rule is true.

        Errors: DataError if there is no such segment.
        """
        found = self._matcher.holds(segment, self._rows) if isinstance(segment, str) else None
        if found is None:
            raise no_such_segment(str(segment), self._matcher.program.names)
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Match):
            return NotImplemented
        return (self.segments, self.unknown, self.now, self.digest) == (
            other.segments,
            other.unknown,
            other.now,
            other.digest,
        )

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[object, ...]:
        """Return what pickles this: the answers alone, without the program."""
        program = self._matcher.program
        return _answered, (program.names, program.digest, self.segments, self.unknown, self._at)

    def __repr__(self) -> str:
        count = len(self.segments)
        shown = ", ".join(self.segments[:8]) + (", …" if count > 8 else "")
        told = f"{count} of {len(self._matcher.program.names)} segments at {self.now.isoformat()}"
        return f"Match({told}{': ' if shown else ''}{shown})"


@dataclass(frozen=True, slots=True)
class _Answered:
    """What a match that came out of a pickle knows of its program, in the matcher's place."""

    names: tuple[str, ...]
    digest: str
    segments: tuple[str, ...]

    @property
    def program(self) -> "_Answered":
        return self

    def holds(self, segment: str, rows: bytes) -> bool | None:
        return segment in self.segments if segment in self.names else None


def _answered(
    names: tuple[str, ...], digest: str, segments: tuple[str, ...], unknown: tuple[str, ...], at: int
) -> Match:
    """Return a match whose answers are known."""
    match = Match(_Answered(names, digest, segments), b"", lambda: b"", at)  # type: ignore[arg-type]
    match._segments, match._unknown = segments, unknown
    return match


class Matches(Sequence[Match]):
    """The segments of several customers at one instant, in the order in which they were given."""

    def __init__(self, matches: Callable[[int], Match], count: int) -> None:
        self._match = matches
        self._count = count

    @overload
    def __getitem__(self, index: int) -> Match: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Match]: ...
    def __getitem__(self, index: int | slice) -> Match | Sequence[Match]:
        if isinstance(index, slice):
            return [self._match(number) for number in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(f"{index} of {self._count} matches")
        return self._match(index % self._count)

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"Matches(of {self._count} customers)"
