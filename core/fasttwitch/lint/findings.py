"""What a review found: a true sentence about a rule, where it stands, and what to write instead."""

from dataclasses import dataclass, field
from typing import Any

from fasttwitch.errors import Problem, Source

# Every kind of finding, in the words of `check --ignore`.
KINDS = {
    "null-under-negation": "a negated condition leaves out customers whose attribute is missing",
    "spelling": "a constant occurs in the data in another spelling",
    "contradiction": "conditions that are never true together",
    "never-true": "a condition that is never true",
    "never-false": "a condition that is never false",
    "never-known": "a condition that is neither true nor false for anybody",
    "out-of-range": "a comparison that no value of the attribute can satisfy, or that all do",
    "redundant": "a condition that changes nothing",
    "empty-segment": "a segment that nobody can be in",
    "equal-segments": "two segments of the same customers",
    "contained-segment": "a segment that lies inside another one",
    "integer-division": "a division that drops the fraction",
    "bucket-share": "a bucket compared with a fraction of one",
    "zero-based": "a month or day that counts from 0",
    "float32-equality": "equality with a number that the column cannot hold",
    "naive-timestamp": "instants without a time zone, read as UTC",
    "row-by-row": "a condition that is evaluated customer by customer",
    "repeated-constant": "a constant that stands twice in a list",
    "short-list": "a list of one constant",
    "copied-list": "a list that repeats a named list",
    "unused-attribute": "an attribute that no rule reads",
    "unused-list": "a named list that no rule reads",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is hardly meant.

    kind      one of `KINDS`
    segment   name of the segment, "" where the finding is about the document
    message   lower case, no full stop, the author's own words in backticks
    fix       what to write instead
    span      offsets into `text`, or None when the finding has no place
    others    further places in `text` that the message speaks of
    text      the rule's text that spans count in
    source    where that text stands in a document
    severity  "warning": the rules are right, and say what they say
    """

    kind: str
    segment: str
    message: str
    fix: str = ""
    span: tuple[int, int] | None = None
    others: tuple[tuple[int, int], ...] = ()
    text: str = field(default="", repr=False)
    source: Source | None = field(default=None, repr=False)
    severity: str = "warning"

    def __str__(self) -> str:
        lines = str(Problem(self.message, self.span, "", self.text, self.source)).split("\n")
        for span in self.others:
            shown = str(Problem("", span, "", self.text, self.source)).split("\n")[1:]
            if shown and shown[1] == lines[2]:  # on one line: carets under both
                lines[3] = _overlaid(lines[3], shown[2])
            else:
                lines += shown
        if self.fix:
            lines.append(f"  = fix: {self.fix}")
        lines.append(f"  = kind: {self.kind}" + (f", in segment `{self.segment}`" if self.segment else ""))
        return f"{self.severity}: " + "\n".join(lines)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column from 1, or (0, 0) where the finding has no place."""
        if self.source is None or self.span is None:
            return (0, 0)
        return self.source.locate(self.text, self.span[0])

    def to_json(self) -> dict[str, Any]:
        """Return the finding as an object that a program can take apart; places are null where there is none."""
        line, column = self.place
        return {
            "kind": self.kind,
            "severity": self.severity,
            "segment": self.segment or None,
            "message": self.message,
            "fix": self.fix,
            "file": self.source.name if self.source is not None else None,
            "line": line or None,
            "column": column or None,
        }


def _overlaid(one: str, other: str) -> str:
    """Return two lines of carets as one."""
    width = max(len(one), len(other))
    pairs = zip(one.ljust(width), other.ljust(width), strict=True)
    return "".join(right if left == " " else left for left, right in pairs).rstrip()
