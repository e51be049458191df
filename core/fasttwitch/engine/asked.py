"""What a program is asked about single customers, and about what changes for them."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.threads import checked_threads

if TYPE_CHECKING:
    from fasttwitch.engine.delta import Delta
    from fasttwitch.engine.explaining import Explainer, OneCustomer
    from fasttwitch.engine.match import Match
    from fasttwitch.engine.matching import Matcher, Profile, Row
    from fasttwitch.engine.moves import Moves
    from fasttwitch.engine.program import Data
    from fasttwitch.explanation.exclusions import Exclusions
    from fasttwitch.explanation.explained import Explanation


class Asked:
    """Questions about customers one at a time, passed on to what answers them."""

    @property
    @abstractmethod
    def matcher(self) -> "Matcher":
        """What single customers need."""

    def row(self, profile: Mapping[str, object], extra: str = "error") -> "Row":
        """Return a customer prepared for this program, to be matched any number of times.

        profile  any attributes of the schema; absent ones are null
        extra    "error", or "ignore" for names that the schema lacks

        Errors: DataError for a value that its attribute cannot hold, or a name that the schema lacks.
        """
        return self.matcher.row(profile, extra)

    def match(self, profile: "Profile", now: datetime | None = None, extra: str = "error") -> "Match":
        """Return the segments of one customer: exactly those whose rules are true.

        profile  a mapping of attributes, a `row`, or a row of an EncodedBase (`base.row(number)`); what is missing is
                 None or absent: NaN, which rows of pandas also hold where a number is missing, is a number
        now      as `select`
        extra    as `row`

        Errors: as `row`; DataError for a row that was prepared for another program.
        """
        return self.matcher.match(profile, now, extra)

    def match_many(
        self,
        profiles: "Iterable[Profile]",
        now: datetime | None = None,
        extra: str = "error",
        threads: int | None = None,
    ) -> "Sequence[Match]":
        """Return the segments of several customers, in the order of `profiles`; arguments and errors as `match`.

        threads  as `select`; one reads the profiles, all find the segments
        """
        return self.matcher.match_many(profiles, now, extra, checked_threads(threads))

    def delta(
        self,
        before: "Profile",
        after: "Profile",
        now: datetime | None = None,
        since: datetime | None = None,
        extra: str = "error",
    ) -> "Delta":
        """Return the segments that a customer has entered and left, and why; only what a change touches is asked.

        before, after  the customer as it was and as it is: mappings or prepared rows
        now            as `select`
        since          the instant of `before`; that of `now` if not given: then no time has passed

        Errors: as `match`; DataError if `since` is later than `now`.
        """
        return self.matcher.delta(before, after, now, since, extra)

    def advance(
        self, row: "Row", changes: "Mapping[str, object]", now: datetime | None = None, extra: str = "error"
    ) -> "tuple[Row, Delta]":
        """Return a prepared customer after some changes, and what these and the passing of time have done to it.

        row      from `row`, or from an earlier call of this, whose instant it remembers
        changes  attributes with what they are now, None for what is not known any more; {} if only time has passed
        now      as `select`; an instant before the row's own is an error

        Errors: as `row`.
        """
        return self.matcher.advance(row, changes, now, extra)

    def due(self, profile: "Profile", now: datetime | None = None, extra: str = "error") -> datetime | None:
        """Return the next instant, UTC, at which time alone makes a customer enter or leave a segment; None for never.

        profile  a mapping or a prepared row
        now      as `select`: the instant after which to look

        Whoever is looked at again then, and whenever it changes, has missed nothing. Where rules would have to be
        looked at more than 20,000 times until then, such as those about seconds, an earlier instant may be told.

        Errors: as `match`; DataError if a rule follows the clock in a way of which nobody can say when it changes.
        """
        return self.matcher.due(profile, now, extra)

    def sweep(self, base: EncodedBase, since: datetime, now: datetime | None = None) -> "Moves":
        """Return which customers of a base have entered and left which segments because time has passed.

        Costs as much as there are customers of whom an age has passed a limit of a rule meanwhile, however many there
        are in all; with rules that ask for the hour, the day of the week or the like, everybody is looked at.

        base   from `encode`
        since  the instant of the last sweep, or of the last `select`
        now    as `select`

        Errors: DataError if `since` is later than `now`, or for a base that lacks a column.
        """
        return self.matcher.sweep(base, since, now)

    def explain(
        self, profile: "OneCustomer", segment: str, now: datetime | None = None, extra: str = "error"
    ) -> "Explanation":
        """Return why a segment is true, false or unknown for one customer, and the nearest change that makes it true.

        profile  a mapping of attributes, one row of a table, or a row of an EncodedBase (`base.row(number)`)
        now      as `select`
        extra    as `row`, for mappings

        Errors: DataError for an unknown segment, and for a profile that does not fit the schema.
        """
        return self.explainer.explain(profile, segment, now, extra)

    def exclusions(
        self, data: "Data", segment: str, now: datetime | None = None, threads: int | None = None
    ) -> "Exclusions":
        """Return how many customers each condition of a segment keeps out, and how many it keeps out alone.

        Arguments and errors as `select`; DataError for an unknown segment.
        """
        return self.explainer.exclusions(data, segment, now, threads)

    @cached_property
    def explainer(self) -> "Explainer":
        """The questions of `explain` and `exclusions`, kept ready to be asked again."""
        from fasttwitch.engine.explaining import Explainer

        return Explainer(self)  # type: ignore[arg-type]  # a program is all that asks so
