"""How many customers does each condition of a rule keep out, and how many does it keep out alone?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fasttwitch.explanation.annotation import Line, clipped
from fasttwitch.explanation.structure import ALL, Structure
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.logic.nodes import And, Constant, Expression, IsTrue, Not, Segment

WIDTH = 80
_TITLE = "kept out by"


@dataclass(frozen=True, slots=True)
class Excluded:
    """What one condition keeps out.

    text     the condition, canonical
    span     its place in the rule as written
    false    customers for whom it is false
    unknown  customers for whom it is unknown
    alone    customers for whom it is not true while all other conditions are: they are out because of it alone
    """

    text: str
    span: tuple[int, int]
    false: int
    unknown: int
    alone: int


@dataclass(frozen=True, slots=True, repr=False)
class Exclusions:
    """How many customers each condition of a segment keeps out.

    rule        as written
    customers   looked at
    inside      those in the segment
    conditions  the operands of the rule's `&&`, in its order; the whole rule if it is no `&&`
    now         the instant, UTC
    digest      of the program that answered
    """

    segment: str
    rule: str
    customers: int
    inside: int
    conditions: tuple[Excluded, ...]
    now: datetime
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as JSON holds them; the keys are kept from version to version."""
        return {
            "segment": self.segment,
            "rule": self.rule,
            "now": self.now.isoformat().replace("+00:00", "Z"),
            "digest": self.digest,
            "customers": self.customers,
            "inside": self.inside,
            "conditions": [
                {
                    "text": one.text,
                    "span": list(one.span),
                    "false": one.false,
                    "unknown": one.unknown,
                    "alone": one.alone,
                }
                for one in self.conditions
            ],
        }

    def to_json(self, indent: int | None = None) -> str:
        """Return the numbers as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the numbers as a table of text, its lines each with their kind."""
        moment = self.now.strftime("%Y-%m-%d %H:%M:%SZ")
        numbers = [(f"{one.false:,}", f"{one.unknown:,}", f"{one.alone:,}") for one in self.conditions]
        heads = ("false", "unknown", "alone")
        widths = [max(len(head), *(len(row[place]) for row in numbers)) for place, head in enumerate(heads)]
        longest = max(len(one.text) for one in self.conditions)
        room = max(min(width - sum(widths) - 2 * len(widths) - 2, longest), len(_TITLE))
        told = [
            Line("heading", f"{self.segment}: {self.inside:,} of {self.customers:,} customers at {moment}"),
            Line("", ""),
            Line("heading", _row(_TITLE, heads, room, widths)),
        ]
        for one, row in zip(self.conditions, numbers, strict=True):
            told.append(Line("value", _row(clipped(one.text, room), row, room, widths)))
        note = "alone: customers whom this condition keeps out and no other does"
        return [*told, Line("", ""), Line("note", f"  {note}")]

    def to_html(self) -> str:
        """Return the numbers as a whole HTML page, without scripts and without anything to load."""
        from fasttwitch.explanation.page import page

        return page(f"{self.segment}: who is kept out", self._repr_html_())

    def _repr_html_(self) -> str:
        from fasttwitch.explanation.exclusions_page import exclusions_page

        return exclusions_page(self)

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines())

    def __repr__(self) -> str:
        told = f"{self.inside:,} of {self.customers:,} customers at {self.now.isoformat()}"
        return f"Exclusions({self.segment}: {told}, {len(self.conditions)} conditions)"


def exclusion_predicates(structure: Structure) -> tuple[tuple[str, ...], Mapping[str, Expression]]:
    """Return the names of the predicates to count, and all predicates that they are made of.

    The names are the rule itself, then for each condition where it is true, where it is false, and where it alone
    keeps customers out. What stands before and after a condition is shared with its neighbours: the whole stays small
    however many conditions there are.
    """
    conditions = [structure.predicates[number] for number in _top(structure)]
    rule = structure.predicates[0]
    span = rule.span
    everybody: Expression = Constant(True, BOOL, span)
    found: dict[str, Expression] = {"\0rule": rule}
    names = ["\0rule"]
    for place, condition in enumerate(conditions):
        found[f"\0true{place}"] = condition
        found[f"\0false{place}"] = Not(condition, span)
        found[f"\0before{place}"] = everybody if place == 0 else _both(f"before{place - 1}", f"true{place - 1}", span)
        names += [f"\0true{place}", f"\0false{place}", f"\0alone{place}"]
    last = len(conditions) - 1
    for place in range(last, -1, -1):
        found[f"\0after{place}"] = everybody if place == last else _both(f"after{place + 1}", f"true{place + 1}", span)
        not_true = Not(IsTrue(Segment(f"\0true{place}", span), span), span)
        others = (Segment(f"\0before{place}", span), Segment(f"\0after{place}", span))
        found[f"\0alone{place}"] = And((*others, not_true), span)
    return tuple(names), found


def exclusions_from(
    structure: Structure, counts: Mapping[str, int], customers: int, now: datetime, digest: str
) -> Exclusions:
    """Return the exclusions of a rule from the counts of its predicates."""
    conditions = []
    for place, number in enumerate(_top(structure)):
        part = structure.parts[number]
        true, false = counts[f"\0true{place}"], counts[f"\0false{place}"]
        conditions.append(Excluded(part.text, part.span, false, customers - true - false, counts[f"\0alone{place}"]))
    return Exclusions(structure.segment, structure.text, customers, counts["\0rule"], tuple(conditions), now, digest)


def _top(structure: Structure) -> tuple[int, ...]:
    """Return the numbers of the conditions that the whole rule joins."""
    whole = structure.parts[0]
    return whole.parts if whole.kind == ALL else (0,)


def _both(left: str, right: str, span: tuple[int, int]) -> Expression:
    return And((Segment(f"\0{left}", span), Segment(f"\0{right}", span)), span)


def _row(text: str, numbers: tuple[str, ...], room: int, widths: list[int]) -> str:
    told = "  ".join(f"{number:>{width}}" for number, width in zip(numbers, widths, strict=True))
    return f"  {text:<{room}}  {told}"
