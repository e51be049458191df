"""What a ruleset is, once read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from fasttwitch.errors import Problem, RulesetError, Source
from fasttwitch.garbage import uncollected
from fasttwitch.logic.datatypes import Type
from fasttwitch.logic.names import nearest
from fasttwitch.logic.scope import NamedList
from fasttwitch.ruleset import identity
from fasttwitch.ruleset.order import Reference, dependency_order, references
from fasttwitch.ruleset.places import Place, Style, problem_at, source_of
from fasttwitch.syntax.nodes import Expression

# A ruleset of which more has changed counts as the first one again.
SHARE_DIFFERING = 4


@dataclass(frozen=True)
class SegmentDefinition:
    """A named rule as its author wrote it.

    when         the rule's text
    tree         what the parser made of it
    description, owner, tags   words for people; they decide nothing

    No slots: what is derived from the text is kept once asked for, and outlives changes to other segments.
    """

    name: str
    when: str
    tree: Expression
    description: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    place: Place = field(default=Place("rule", style=Style.VALUE), compare=False, repr=False)

    @cached_property
    def source(self) -> Source:
        """Where the text stands in its document; places of folded or escaped characters are worked out here."""
        return source_of(self.place, self.when)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The segments that the rule names, each with its place in the text."""
        return references(self.when, self.tree)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the name, the canonical print and the words beside it."""
        return identity.segment_digest(self.name, self.tree, (self.description, self.owner, *self.tags))


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """What the document says about an attribute: to be compared with the schema at hand."""

    name: str
    type: Type
    description: str = ""
    unit: str = ""
    place: Place = field(default=Place("attributes"), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Example:
    """One entry of the section `tests`: a person, an instant, and what is expected of segments.

    now      microseconds since 1970 UTC, or None for examples that do not depend on the clock
    inside   segments whose rules are expected to be true
    outside  segments whose rules are expected not to be true: false or unknown
    unknown  segments whose rules are expected to be neither true nor false
    name     what the example shows; "" if it does not say
    places   of the profile's values in the document
    """

    profile: Mapping[str, object]
    now: int | None
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    name: str = ""
    place: Place = field(default=Place("tests"), compare=False, repr=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def words(self) -> list[object]:
        """Return what the example says, for a digest."""
        added: list[object] = [self.unknown, self.name] if self.unknown or self.name else []
        return [dict(self.profile), self.now, self.inside, self.outside, *added]


@dataclass(frozen=True, slots=True, eq=False)
class Lineage:
    """Where a ruleset comes from: it has the segments of an earlier one, but for those that may differ."""

    segments: Mapping[str, SegmentDefinition]
    differing: Mapping[str, None]

    def __reduce__(self) -> tuple[type["Lineage"], tuple[Mapping[str, SegmentDefinition], Mapping[str, None]]]:
        """Return what pickles this: nothing of the past."""
        return Lineage, ({}, {})


@dataclass(frozen=True, eq=False)
class Ruleset:
    """A document, checked as far as that is possible without data: every rule parses, no segment needs itself.

    digest  "sha256:…" of the canonical document: spacing, comments and the order of keys do not count
    base    the folder that list files are looked for in
    """

    version: int
    language: str
    key: str
    attributes: Mapping[str, AttributeDefinition]
    lists: Mapping[str, NamedList]
    segments: Mapping[str, SegmentDefinition]
    tests: tuple[Example, ...]
    name: str = "ruleset"
    base: Path = field(default=Path("."), repr=False)
    _lineage: Lineage | None = field(default=None, repr=False)

    @cached_property
    def digest(self) -> str:
        """The identity of the document; computed when first asked for."""
        return identity.ruleset_digest(
            header=[self.version, self.language, self.key],
            attributes={name: [str(one.type), one.description, one.unit] for name, one in self.attributes.items()},
            lists=self.lists,
            segments=self.shelves,
            tests=[one.words() for one in self.tests],
        )

    @cached_property
    def shelves(self) -> identity.Shelves:
        """The digests of all segments."""
        return identity.Shelves({name: one.digest for name, one in self.segments.items()})

    def only(self, names: Iterable[str]) -> "Ruleset":
        """Return a ruleset of the named segments and all that they need; raises RulesetError for unknown names."""
        wanted = tuple(names)
        problems = [_no_such_segment(name, self.segments, "segments") for name in wanted if name not in self.segments]
        if problems:
            raise RulesetError(problems)
        needed = set(dependency_order(self.segments, wanted))
        kept = {name: one for name, one in self.segments.items() if name in needed}
        return replace(self, segments=kept, tests=())

    def with_changes(
        self,
        segments: Mapping[str, object] | None = None,
        remove: Iterable[str] = (),
        lists: Mapping[str, object] | None = None,
    ) -> "Ruleset":
        """Return a ruleset with segments added, replaced or removed, and lists added or replaced.

        Values are what the document would hold: a rule's text or a mapping with `when`; a list of values or a mapping
        with `file` or `values`. A segment replaced keeps its position, a new one goes last.
        """
        from fasttwitch.ruleset.sections import read_changes  # sections build what this module defines

        problems: list[Problem] = []
        gone = tuple(remove)
        new_segments, new_lists = read_changes(segments or {}, lists or {}, self.base, problems)
        kept = dict(self.segments)
        for name in gone:
            if name not in kept:
                problems.append(_no_such_segment(name, self.segments, "remove"))
            kept.pop(name, None)
        if problems:
            raise RulesetError(problems)
        kept |= new_segments
        dependency_order(kept, new_segments)  # only what is new can close a circle
        lineage = self._followed_by(dict.fromkeys([*new_segments, *gone]))
        changed = replace(self, segments=uncollected(kept), lists={**self.lists, **new_lists}, _lineage=lineage)
        if "shelves" in self.__dict__:  # else nobody has asked for a digest so far
            shelves = self.shelves.changed({name: one.digest for name, one in new_segments.items()}, gone)
            changed.__dict__["shelves"] = shelves  # where the property keeps it
        return changed

    def differing(self, other: "Ruleset") -> Iterable[str]:
        """Return names of segments, among them all that differ between two rulesets; few if one came from the other."""
        mine, others = (one._lineage or Lineage(one.segments, {}) for one in (self, other))
        if mine.segments is others.segments:
            return {**mine.differing, **others.differing}
        return dict.fromkeys([*self.segments, *other.segments])

    def _followed_by(self, changed: Mapping[str, None]) -> Lineage:
        """Return the lineage of a ruleset in which some segments differ from this one's."""
        known = self._lineage
        if known is None or len(known.differing) > len(self.segments) // SHARE_DIFFERING:
            return Lineage(self.segments, changed)
        return Lineage(known.segments, {**known.differing, **changed})


def _no_such_segment(name: str, segments: Iterable[str], where: str) -> Problem:
    meant = nearest(name, segments)
    fix = f"did you mean `{meant}`?" if meant else ""
    return problem_at(Place(where), "", f"there is no segment `{name}`", fix)
