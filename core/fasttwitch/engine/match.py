"""What a rule evaluation says about one customer."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import overload

from fasttwitch.engine.point import Point, Rows
from fasttwitch.errors import DataError
from fasttwitch.logic.names import nearest


class Match:
    """The segments of one customer at one instant.

    now     the instant, UTC
    digest  of the program that answered
    """

    __slots__ = ("_falses", "_names", "_point", "_rows", "_segments", "_unknown", "digest", "now")

    def __init__(
        self,
        point: Point,
        names: tuple[str, ...],
        rows: Rows,
        falses: Callable[[], set[str]],
        now: datetime,
        digest: str,
    ) -> None:
        self._point = point
        self._names = names
        self._rows = rows
        self._falses = falses
        self._segments: tuple[str, ...] | None = None
        self._unknown: tuple[str, ...] | None = None
        self.now = now
        self.digest = digest

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments whose rules are true, in the order of the document."""
        if self._segments is None:
            names = self._names
            self._segments = tuple([names[place] for place in self._point.places(self._rows)])
        return self._segments

    @property
    def unknown(self) -> tuple[str, ...]:
        """The segments whose rules are neither true nor false, in the order of the document."""
        if self._unknown is None:
            decided = self._falses().union(self.segments)
            self._unknown = tuple([name for name in self._names if name not in decided])
        return self._unknown

    def __contains__(self, segment: object) -> bool:
        """Return whether a segment's rule is true.

        Errors: DataError if there is no such segment.
        """
        if segment in self.segments:
            return True
        if segment not in self._names:
            meant = nearest(str(segment), self._names)
            raise DataError(f"there is no segment `{segment}`", f"did you mean `{meant}`?" if meant else "")
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(self.segments)

    def __len__(self) -> int:
        return len(self.segments)

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

    def __repr__(self) -> str:
        shown = ", ".join(self.segments[:8]) + (", …" if len(self) > 8 else "")
        return f"Match({len(self)} of {len(self._names)} segments at {self.now.isoformat()}: {shown})"


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
