"""What a search for conflicts found: which segments are empty, equal, nested or disjoint, and who shows it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fasttwitch.explanation.annotation import Line

EMPTY, EVERYBODY, EQUAL, CONTAINED, DISJOINT = KINDS = ("empty", "everybody", "equal", "contained", "disjoint")
PROVED, OBSERVED = "proved", "observed"


@dataclass(frozen=True, slots=True)
class Witness:
    """A customer who shows what a conflict says.

    inside  the segments of the conflict that the customer is in; none of them if it is in none
    row     its number in the data, from 0
    id      its value in the key column, as Python has it; None where the data have no such column
    """

    inside: tuple[str, ...]
    row: int
    id: object = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that is true of one or two segments.

    kind       "empty", "everybody", "equal", "contained" (the first lies in the second) or "disjoint"
    certainty  "proved": from the rules alone, whoever the customers are; "observed": of the customers at hand
    segments   one, or two
    customers  in each of them
    witnesses  the first customer who is in both, and the first one who is in each of them alone, as far as there are
    """

    kind: str
    certainty: str
    segments: tuple[str, ...]
    customers: tuple[int, ...]
    witnesses: tuple[Witness, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the conflict as JSON holds it; ids that JSON has no words for are text."""
        return {
            "kind": self.kind,
            "certainty": self.certainty,
            "segments": list(self.segments),
            "customers": list(self.customers),
            "witnesses": [{"inside": list(one.inside), "row": one.row, "id": _plain(one.id)} for one in self.witnesses],
        }

    def __str__(self) -> str:
        from fasttwitch.lint.conflict_lines import sentence

        return sentence(self)


@dataclass(frozen=True, slots=True, repr=False)
class Conflicts:
    """The conflicts of a ruleset over a base; iterate to get them.

    findings   by kind, proved ones first, those first that chance would be the least likely to bring about
    segments   how many were looked at, drafts among them
    drafts     the segments that were compared with the others; () if all were, each with each
    customers  looked at
    now        the instant, UTC
    kinds      that were looked for
    compared   pairs of segments that were compared: those that somebody is in and somebody is not in
    implied    pairs left out because they follow from findings, for these customers: of nested segments only the
               nearest are told
    by_chance  pairs left out because segments so small, or so large, may be related by chance
    """

    findings: tuple[Conflict, ...]
    segments: int
    drafts: tuple[str, ...]
    customers: int
    now: datetime
    kinds: tuple[str, ...]
    compared: int
    implied: int
    by_chance: int

    def of(self, kind: str) -> tuple[Conflict, ...]:
        """Return the conflicts of one kind."""
        return tuple(one for one in self.findings if one.kind == kind)

    def to_dict(self) -> dict[str, Any]:
        """Return all findings as JSON holds them; the keys are kept from version to version."""
        return {
            "now": self.now.isoformat().replace("+00:00", "Z"),
            "customers": self.customers,
            "segments": self.segments,
            "drafts": list(self.drafts),
            "kinds": list(self.kinds),
            "compared": self.compared,
            "implied": self.implied,
            "by_chance": self.by_chance,
            "findings": [one.to_dict() for one in self.findings],
        }

    def to_json(self, indent: int | None = None) -> str:
        """Return all findings as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def lines(self) -> list[Line]:
        """Return the findings as lines of text, each with its kind; of many of a kind the first."""
        from fasttwitch.lint.conflict_lines import lines

        return lines(self)

    def __iter__(self) -> Iterator[Conflict]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines())

    def __repr__(self) -> str:
        return f"Conflicts({len(self.findings)} of {self.segments} segments at {self.now.isoformat()})"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
