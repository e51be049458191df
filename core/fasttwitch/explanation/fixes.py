"""The fewest attributes which, given other values, make a rule true for one customer: what is told of them."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from fasttwitch.explanation.annotation import Line, clipped
from fasttwitch.explanation.readings import Path, Reading


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for an attribute.

    others  what would do as well, in words; "" if that is not known
    """

    before: Reading
    after: Reading
    others: str = ""

    @property
    def attribute(self) -> str:
        """Dotted where it is a field."""
        return self.before.attribute


@dataclass(frozen=True, slots=True)
class Fix:
    """What would make a rule true, or that nothing was found that would.

    changes   the new values; empty if none were found
    minimal   surely no fewer attributes would do
    possible  False if surely nothing would do
    tried     made-up customers that were run
    most      changes that were tried at once
    held      attributes that the rule reads and that were left alone: the customer's key
    changed   the new values as stored, one row each
    """

    changes: tuple[Change, ...]
    minimal: bool
    possible: bool
    tried: int
    most: int
    held: tuple[str, ...] = ()
    changed: Mapping[Path, pa.Array] = field(default_factory=dict, compare=False, repr=False)

    @property
    def found(self) -> bool:
        """Whether there is one."""
        return bool(self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the fix as JSON holds it; the keys are kept from version to version."""
        return {
            "found": self.found,
            "minimal": self.minimal,
            "possible": self.possible,
            "tried": self.tried,
            "most": self.most,
            "held": list(self.held),
            "changes": [
                {
                    "attribute": one.attribute,
                    "before": {"value": one.before.value, "words": one.before.words, "age": one.before.age},
                    "after": {"value": one.after.value, "words": one.after.words, "age": one.after.age},
                    "others": one.others,
                }
                for one in self.changes
            ],
        }

    def sentence(self, segment: str) -> str:
        """Return what was found, in words."""
        if self.found:
            count = len(self.changes)
            return f"{segment} would be true with {'another value' if count == 1 else f'{count} other values'}"
        if not self.possible and not self.most and not self.held:
            return f"{segment} cannot be made true: at this instant its rule is true for nobody"
        if not self.possible and not self.most:
            return f"{segment} reads nothing but the key, which is left alone: no fix was looked for"
        if not self.possible and self.held:
            return f"{segment} cannot be made true while the key stays: no values of the other attributes would do"
        if not self.possible:
            return f"{segment} cannot be made true: no values of these attributes would do at this instant"
        return f"no fix was found for {segment}: {self.tried:,} changed customers were tried, none of them is in it"

    def footnote(self) -> str:
        """Return how sure that is, in words."""
        if not self.found:
            if not self.possible and not self.most:
                return ""
            limit = f"up to {self.most} attributes changed at once" if self.possible else ""
            held = f"left alone, being the key: {', '.join(self.held)}" if self.held else ""
            return "; ".join(part for part in (limit, held) if part)
        if self.minimal:
            sure = "no fewer changes would do" if len(self.changes) > 1 else ""
        else:
            sure = "fewer changes might do, though none that were tried did"
        return "; ".join(part for part in ("checked: the changed customer was run", sure) if part)

    def lines(self, segment: str, width: int) -> list[Line]:
        """Return the fix as lines of text."""
        told = [Line("heading", f"  {self.sentence(segment)}"), Line("", "")] if self.found else []
        if not self.found:
            return [*_wrapped("heading", self.sentence(segment), width), *_wrapped("note", self.footnote(), width)]
        told += [Line("change", clipped(text, width)) for text in _side_by_side(self.changes, width)]
        return [*told, Line("", ""), *_wrapped("note", self.footnote(), width)]


def _side_by_side(changes: Sequence[Change], width: int) -> list[str]:
    """Return the values before and after, one beside the other where there is room, else one below the other."""
    name_width = max(len(one.attribute) for one in changes)
    before_width = max(len(one.before.in_full) for one in changes)
    lines = []
    for one in changes:
        after = f"{one.after.in_full}, or {one.others}" if one.others else one.after.in_full
        lines.append((f"    {one.attribute:<{name_width}}  {one.before.in_full:<{before_width}}", f"→  {after}"))
    if all(len(before) + 2 + len(after) <= width for before, after in lines):
        return [f"{before}  {after}" for before, after in lines]
    return [text for before, after in lines for text in (before.rstrip(), f"    {'':<{name_width - 1}}{after}")]


def _wrapped(kind: str, text: str, width: int) -> list[Line]:
    return [Line(kind, f"  {line}") for line in textwrap.wrap(text, width - 2, break_on_hyphens=False)]
