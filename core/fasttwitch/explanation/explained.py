"""The answer to "why, and why not?" about one customer and one segment."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from fasttwitch.batch.stored_values import visible
from fasttwitch.explanation.annotation import Line, annotated, clipped
from fasttwitch.explanation.answers import TRUE, Node, Rule
from fasttwitch.explanation.explanation_page import explanation_page
from fasttwitch.explanation.fixes import Fix
from fasttwitch.explanation.page import page
from fasttwitch.explanation.readings import Reading

WIDTH = 80


class Explanation:
    """Why a segment's rule is true, false or unknown for one customer, at one instant.

    segment  its name
    answer   "true", "false" or "unknown"
    rules    the segment's rule, then those of the segments that it asks
    values   what the customer's attributes hold that these rules read, in their order
    missing  attributes that are null and because of which a condition is unknown
    now      the instant, UTC
    digest   of the program that answered
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        values: Sequence[Reading],
        missing: Sequence[str],
        now: datetime,
        digest: str,
        search: Callable[[], Fix],
    ) -> None:
        self.segment = rules[0].segment
        self.answer = rules[0].answer
        self.rules = tuple(rules)
        self.values = tuple(values)
        self.missing = tuple(missing)
        self.now = now
        self.digest = digest
        self._search = search

    @cached_property
    def fix(self) -> Fix | None:
        """The fewest attributes which, given other values, make the rule true; None where it is true already.

        Looked for when first asked for: `fix.found` says whether there is one.
        """
        return None if self.answer == TRUE else self._search()

    @property
    def rule(self) -> Rule:
        """The segment's own rule."""
        return self.rules[0]

    @property
    def decided_by(self) -> tuple[Node, ...]:
        """The conditions that decided, those of the segments that were asked too."""
        return tuple(one for rule in self.rules for one in rule.conditions if one.decided)

    @property
    def deciding_values(self) -> tuple[Reading, ...]:
        """What the attributes hold that those conditions read."""
        return tuple(one for one in self.values if one.decided)

    def lines(self, width: int = WIDTH, who: str = "", fix: bool = True) -> list[Line]:
        """Return the explanation as lines of text, each with its kind.

        who  the customer, for the first line
        fix  False: none is looked for, which takes most of the time
        """
        moment = self.now.strftime("%Y-%m-%d %H:%M:%SZ")
        whom = f" for {visible(who)}" if who else ""
        told = [Line("heading", f"{self.segment} is {self.answer}{whom} at {moment}"), Line("", "")]
        for rule in self.rules:
            if rule.decided:
                if rule is not self.rules[0]:
                    told += [Line("heading", f"  {rule.segment} is {rule.answer}"), Line("", "")]
                told += [Line(one.kind, f"    {one.text}") for one in annotated(rule, width - 4)]
                told.append(Line("", ""))
        told += _value_lines(self.values, width)
        if fix and self.fix is not None:
            told += [*([Line("", "")] if self.values else []), *self.fix.lines(self.segment, width)]
        return told

    def to_dict(self, fix: bool = True) -> dict[str, Any]:
        """Return the explanation as JSON holds it; the keys are kept from version to version.

        fix  False: none is looked for, and the key `fix` holds null
        """
        return {
            "segment": self.segment,
            "answer": self.answer,
            "now": self.now.isoformat().replace("+00:00", "Z"),
            "digest": self.digest,
            "rules": [
                {"segment": one.segment, "rule": one.text, "decided": one.decided, **_node_as_dict(one.root)}
                for one in self.rules
            ],
            "values": [
                {
                    "attribute": one.attribute,
                    "value": one.value,
                    "words": one.words,
                    "age": one.age,
                    "missing": one.missing,
                    "decided": one.decided,
                }
                for one in self.values
            ],
            "missing": list(self.missing),
            "fix": self.fix.to_dict() if fix and self.fix is not None else None,
        }

    def to_json(self, indent: int | None = None, fix: bool = True) -> str:
        """Return the explanation as JSON; `fix` as `to_dict`."""
        return json.dumps(self.to_dict(fix), indent=indent, ensure_ascii=False)

    def to_html(self, who: str = "", fix: bool = True) -> str:
        """Return the explanation as a whole HTML page, without scripts and without anything to load.

        who  the customer, to stand below the title
        fix  False: none is looked for
        """
        return page(f"{self.segment} is {self.answer}", explanation_page(self, who, fix))

    def _repr_html_(self) -> str:
        return explanation_page(self)

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines())

    def __repr__(self) -> str:
        return f"Explanation({self.segment} is {self.answer} at {self.now.isoformat()})"

    def __getstate__(self) -> dict[str, Any]:
        fix = self.fix  # what is looked for later cannot travel: it is looked for now
        return {**{name: value for name, value in self.__dict__.items() if name != "_search"}, "fix": fix}


def _value_lines(values: Sequence[Reading], width: int) -> list[Line]:
    """Return a table of values; where only some of them decided, carets and dots say which."""
    name_width = max((len(one.attribute) for one in values), default=0)
    mixed = len({one.decided for one in values}) > 1
    told = [(one, f"  {_gutter(one, mixed)} {one.attribute:<{name_width}}  {one.in_full}") for one in values]
    return [Line("value" if one.decided else "idle value", clipped(text, width)) for one, text in told]


def _gutter(one: Reading, mixed: bool) -> str:
    return " " if not mixed else "^" if one.decided else "·"


def _node_as_dict(node: Node) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": node.kind,
        "span": list(node.span),
        "text": node.text,
        "answer": node.answer,
        "decided": node.decided,
    }
    if node.kind == "condition":
        told["attributes"] = list(node.attributes)
    if node.kind == "segment":
        told["name"] = node.segment
    if node.parts:
        told["parts"] = [_node_as_dict(part) for part in node.parts]
    return told
