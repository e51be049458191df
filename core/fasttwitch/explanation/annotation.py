"""A rule as text, its answers below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fasttwitch.explanation.answers import Node, Rule
from fasttwitch.explanation.structure import spans_laid_out
from fasttwitch.syntax.nodes import Span

LONGEST_SILENCE = 8  # lines of a rule with nothing to tell about them that are shown one after the other


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an explanation.

    kind  "heading", "rule", "marks" (carets and dots), "answers", "value", "change", "note", or "" for an empty line
    """

    kind: str
    text: str


def annotated(rule: Rule, width: int) -> list[Line]:
    """Return the lines of a rule, each with its conditions marked and their answers below.

    Carets stand under the conditions that decided, dots under the others. A condition over several lines is marked
    under its last one. Where a word has no room, its first letter stands for it.
    """
    laid_out, spans = spans_laid_out(rule.text, width)
    places = [(spans[one.place], one) for one in rule.conditions]
    lines: list[Line] = []
    silent: list[Line] = []
    start = 0
    for text in laid_out.split("\n"):
        ending = [(span, one) for span, one in places if start < span[1] <= start + len(text)]
        silent.append(Line("rule", text))
        if ending:
            lines += [*_shortened(silent), *_marks(text, start, ending)]
            silent = []
        start += len(text) + 1
    return [*lines, *_shortened(silent)]


def clipped(text: str, width: int) -> str:
    """Return a text, cut short if it is longer."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _shortened(lines: Sequence[Line]) -> Sequence[Line]:
    """Return lines without the middle of what is long, such as a list of a thousand constants."""
    if len(lines) <= LONGEST_SILENCE:
        return lines
    left_out = len(lines) - LONGEST_SILENCE + 1
    indent = " " * (len(lines[-2].text) - len(lines[-2].text.lstrip()))
    return [*lines[:4], Line("rule", f"{indent}… {left_out:,} lines …"), *lines[4 + left_out :]]


def _marks(text: str, start: int, conditions: Sequence[tuple[Span, Node]]) -> list[Line]:
    """Return carets and answers below a line of the rule, which begins at `start` of its text."""
    indent = len(text) - len(text.lstrip())
    carets, answers = "", ""
    for number, (span, one) in enumerate(conditions):
        left = max(span[0] - start, indent)
        carets = carets.ljust(left) + ("^" if one.decided else "·") * (span[1] - start - left)
        following = conditions[number + 1][0][0] - start if number + 1 < len(conditions) else left + 99
        answers = answers.ljust(left) + (one.answer if following - left > len(one.answer) else one.answer[0].upper())
    return [Line("marks", carets), Line("answers", answers)]
