"""A program asked about single customers: mappings, prepared rows, rows of an encoded base."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.customers import together
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.engine.base import BaseRow, EncodedBase
from fasttwitch.engine.clock import as_instant, moment
from fasttwitch.engine.delta import Coded, Delta, checked_order
from fasttwitch.engine.due import Due
from fasttwitch.engine.match import Asked, Match, Matches
from fasttwitch.engine.moves import Moves, moves_between
from fasttwitch.engine.point import Point
from fasttwitch.engine.shares import shares_in
from fasttwitch.errors import DataError
from fasttwitch.garbage import without_collector
from fasttwitch.plan.lowering import FALSE, TRUE
from fasttwitch.plan.sources import Path

if TYPE_CHECKING:
    from fasttwitch.engine.program import Program

Profile: TypeAlias = "Mapping[str, object] | Row | BaseRow"
# A mode to what gives the codes of customers: of the first one, and past the last one.
CodesOf: TypeAlias = Callable[[int], Callable[[slice], NDArray[np.int32]]]
# A mode, and customers like those that will be asked about, to the rules in that mode.
MakePoint: TypeAlias = "Callable[[int, EncodedBase | None], Point]"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A customer prepared for one program: values converted, codes made as far as they do not follow the clock.

    Immutable, to be asked about any number of times and from any thread.

    profile  what it was prepared of, for who asks why
    at       the instant at which it was last looked at for changes, µs since 1970 UTC; None if it never was
    later    the same customer, prepared for a later program, once that has been asked about it
    """

    profile: Mapping[str, object]
    matcher: "Matcher"
    values: Values
    codes: bytes
    kept_codes: NDArray[np.int32]
    codes_address: int
    at: int | None = None
    later: list["Row"] = field(default_factory=list)

    def __reduce__(self) -> str:
        raise TypeError("a prepared row belongs to its program in its process: send the profile, and prepare it there")

    def __repr__(self) -> str:
        return f"Row(a customer prepared for {self.matcher.program!r})"


class Matcher:
    """What a program needs at the point; safe to share between threads.

    paths   the attributes that rules read
    reader  turns profiles into values
    """

    def __init__(
        self,
        program: "Program",
        paths: Sequence[Path],
        reader: ValuesReader,
        place_of: Mapping[str, int],
        make_point: MakePoint,
        sample: EncodedBase | None,
    ) -> None:
        """Take over what questions are answered with.

        place_of    the places of the program's names
        make_point  makes the half that finds where rules are in a mode
        sample      customers like those that will be asked about, if there are any yet
        """
        self.program = program
        self.paths = tuple(paths)
        self.reader = reader
        self.place_of = place_of
        self._lock = threading.Lock()
        self._make_point = make_point
        self.sample = sample
        self._points: dict[int, Point] = {}
        self._true = self.point(TRUE)

    def point(self, mode: int) -> Point:
        """Return the half that finds where rules are true, or (`mode` FALSE) where they are false."""
        point = self._points.get(mode)
        if point is None:
            with self._lock:
                point = self._points.get(mode)
                if point is None:
                    with without_collector():
                        point = self._points[mode] = self._make_point(mode, self.sample)
        return point

    def row(self, profile: Mapping[str, object], extra: str) -> Row:
        """Return a prepared customer."""
        values = self.reader.read(profile, extra)  # which refuses what is no mapping
        return self._row(self._known(profile, extra), values, self._true.coder.codes(values, 0)[0])

    def adopted(self, row: Row) -> Row:
        """Return a customer that another program has prepared, prepared for this one; kept with the row."""
        for known in row.later:  # one at most
            if known.matcher is self:
                return known
        found = replace(self.row(row.profile, "error"), at=row.at)
        row.later[:] = [found]
        return found

    def _row(self, profile: dict[str, object], values: Values, codes: NDArray[np.int32], at: int | None = None) -> Row:
        address = int(codes.ctypes.data)
        return Row(MappingProxyType(profile), self, values, codes.tobytes(), codes, address, at)

    def _known(self, profile: Mapping[str, object], extra: str) -> dict[str, object]:
        """Return a copy of a profile without names that are to be ignored."""
        known = self.program.schema.names if extra == "ignore" else profile
        return {name: value for name, value in profile.items() if name in known}

    def delta(self, before: Profile, after: Profile, now: datetime | None, since: datetime | None, extra: str) -> Delta:
        """Return what has changed from one customer to another."""
        at = moment(now)
        begun = at if since is None else moment(since)
        checked_order(begun, at)
        return self._delta(self._coded(before, begun, extra), self._coded(after, at, extra))

    def advance(self, row: Row, changes: Mapping[str, object], now: datetime | None, extra: str) -> tuple[Row, Delta]:
        """Return a prepared customer after some changes, and what they and the clock have done."""
        if type(row) is not Row:
            raise DataError(f"a `{type(row).__name__}` is no prepared row", "prepare one: `program.row(profile)`")
        row = self._own(row)
        at = moment(now)
        begun = at if row.at is None else row.at
        checked_order(begun, at)
        values = self.reader.changed(row.values, changes, extra)
        codes = self._true.coder.codes(values, at)[0]
        advanced = self._row({**row.profile, **self._known(changes, extra)}, values, codes, at)
        return advanced, self._delta(self._coded(row, begun, extra), Coded(values, codes, at))

    def due(self, profile: Profile, now: datetime | None, extra: str) -> datetime | None:
        """Return the next instant at which time alone changes an answer."""
        at = moment(now)
        values = self._own(profile).values if type(profile) is Row else self.reader.read(profile, extra)  # type: ignore[arg-type]
        found = self._due.after(values, at)
        return None if found is None else as_instant(found)

    def sweep(self, base: EncodedBase, since: datetime, now: datetime | None) -> Moves:
        """Return who of a base has entered and left segments by themselves."""
        if not isinstance(base, EncodedBase):
            raise DataError(f"a `{type(base).__name__}` is no encoded base", "make one: `program.encode(data)`")
        at, begun = moment(now), moment(since)
        checked_order(begun, at)
        return moves_between(self.program.names, self._true, base.snapshot, begun, at)

    @cached_property
    def _due(self) -> Due:
        return Due(self._true, self.reader)

    def _delta(self, before: Coded, after: Coded) -> Delta:
        return Delta(self, self._true.flips.between(before.codes, after.codes), before, after)

    def _coded(self, profile: Profile, at: int, extra: str) -> Coded:
        if type(profile) is Row:
            profile = self._own(profile)
            codes = profile.kept_codes
            if self._true.coder.follows_clock:
                codes = codes.copy().reshape(1, -1)
                self._true.coder.recode(codes, profile.values, at)
            return Coded(profile.values, codes.reshape(-1), at)
        if type(profile) is BaseRow:
            raise DataError(
                "a row of a base does not say what has changed in it", "give mappings, or rows that a program prepared"
            )
        values = self.reader.read(profile, extra)  # type: ignore[arg-type]  # which refuses what is no mapping
        return Coded(values, self._true.coder.codes(values, at)[0], at)

    def _own(self, row: Row) -> Row:
        """Return a row as this prepares it: one of before the program's parts became one is prepared anew.

        Errors: DataError for a row of another program.
        """
        if row.matcher is self:
            return row
        if row.matcher.program is not self.program:
            raise DataError("this row was prepared for another program", "prepare it anew: `program.row(profile)`")
        return self.adopted(row)

    @property
    def true_point(self) -> Point:
        """The half that finds where rules are true."""
        return self._true

    def changed_paths(self, before: Values, after: Values) -> Iterator[Path]:
        """Yield what rules read that differs between two customers."""
        return self.reader.changed_paths(before, after)

    def names_of_rows(self, rows: bytes) -> tuple[str, ...]:
        """Return the segments behind rows of answers, without those of everybody, in the order of the document."""
        names = self.program.names
        return tuple([names[place] for place in self._true.places(rows, always=False)])

    def match(self, profile: Profile, now: datetime | None, extra: str) -> Match:
        """Return the segments of one customer."""
        at = moment(now)
        point = self._true
        kind = type(profile)
        if kind is Row:
            row = self._own(profile)  # type: ignore[arg-type]
            return Match(self, self._of_row(row, at), row.values, at)
        if kind is BaseRow:
            return Match(self, point.of_kept(profile.base, profile.number, at), profile, at)  # type: ignore[arg-type, union-attr]
        values = self.reader.read(profile, extra)  # type: ignore[arg-type]  # which refuses what is no mapping
        return Match(self, point.of_values(values, at), values, at)

    def match_many(self, profiles: Iterable[Profile], now: datetime | None, extra: str, threads: int) -> Matches:
        """Return the segments of several customers."""
        at = moment(now)
        asked = _as_list(profiles)
        codes_of = self._codes_of_many(asked, at, extra)
        if codes_of is None:
            matches = list(self._one_by_one(asked, as_instant(at), extra))
            return Matches(matches.__getitem__, len(matches))

        @cache
        def found(mode: int) -> list[bytes]:
            return self.point(mode).of_many(codes_of(mode), len(asked), threads)

        trues = found(TRUE)
        return Matches(lambda number: Match(self, trues[number], lambda: found(FALSE)[number], at), len(asked))

    def _one_by_one(self, profiles: Sequence[Profile], now: datetime, extra: str) -> Iterator[Match]:
        for number, profile in enumerate(profiles, 1):
            try:
                yield self.match(profile, now, extra)
            except DataError as error:
                raise DataError(f"{error.message} (profile {number} of {len(profiles)})", error.fix) from None

    def falses(self, asked: Asked, at: int) -> bytes:
        """Return the rows of the rules that are false for a customer, the clock at `at` µs."""
        point = self.point(FALSE)
        match asked:
            case Values():
                return point.of_values(asked, at)
            case BaseRow(base, number):
                return point.of_kept(base, number, at)
            case _:
                return asked()

    def holds(self, segment: str, rows: bytes) -> bool | None:
        """Return whether a segment is among rows of answers; None if there is no such segment."""
        place = self.place_of.get(segment)
        return None if place is None else self._true.holds(place, rows)

    def names_of(self, mode: int, rows: bytes) -> tuple[str, ...]:
        """Return the segments behind rows of answers, in the order of the document."""
        names = self.program.names
        return tuple([names[place] for place in self.point(mode).places(rows)])

    def _of_row(self, row: Row, at: int) -> bytes:
        point = self._true
        if point.coder.follows_clock:
            return point.of_prepared(row.codes, row.values, at)
        return point.of_codes(row.codes_address)

    def _codes_of_many(self, profiles: Sequence[Profile], at: int, extra: str) -> CodesOf | None:
        """Return what gives the codes of some of the customers in a half; None if they are of several kinds."""
        kinds = set(map(type, profiles))
        if kinds == {BaseRow}:
            bases = {profile.base for profile in profiles}  # type: ignore[union-attr]
            if len(bases) > 1:
                return None
            base = bases.pop()
            numbers = np.array([profile.number for profile in profiles])  # type: ignore[union-attr]
            return lambda mode: lambda some: self.point(mode).kept_codes(base, numbers[some], at)
        # Of all others at once: where each thread read or coded its own, they waited for the interpreter.
        if kinds == {Row} and all(row.matcher is self for row in profiles):  # type: ignore[union-attr]
            return lambda mode: self._codes_of_rows(mode, profiles, at).__getitem__  # type: ignore[arg-type]
        if Row in kinds or BaseRow in kinds:
            return None
        values = self.reader.read_many(profiles, extra)  # type: ignore[arg-type]
        return lambda mode: self.point(mode).coder.codes(values, at).__getitem__

    def _codes_of_rows(self, mode: int, rows: Sequence[Row], at: int) -> NDArray[np.int32]:
        """Return the codes of prepared customers in a half; most are there, for where rules are true."""
        coder = self.point(mode).coder
        if mode != TRUE:
            return coder.codes(together([row.values for row in rows]), at)
        found = np.frombuffer(bytearray(b"".join([row.codes for row in rows])), np.int32).reshape(len(rows), -1)
        if coder.follows_clock:
            coder.recode(found, together([row.values for row in rows]), at)
        return found

    def analyze(self, base: EncodedBase) -> None:
        """Take the shares of codes from a base, and lay the rules out for them."""
        with self._lock:
            self.sample = base
            points = list(self._points.values())
        for point in points:
            for part in point.parts:
                shares = shares_in(base, part.half)
                if shares is not None:
                    part.plan_for(shares)


def _as_list(profiles: Iterable[Profile]) -> Sequence[Profile]:
    """Return several customers in their order."""
    if isinstance(profiles, list):
        return profiles
    if isinstance(profiles, Mapping | str | Row | BaseRow) or not isinstance(profiles, Iterable):
        raise DataError(
            f"`match_many` takes a list of customers, not a `{type(profiles).__name__}`",
            "for a single one there is `match`",
        )
    return list(profiles)
