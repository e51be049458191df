"""A rule as text, its answers below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fasttwitch.explanation.answers import Node, Rule
from fasttwitch.explanation.structure import CONDITION, NOT, SEGMENT, spans_laid_out
from fasttwitch.syntax.nodes import Span

MOST_IN_FULL = 12  # conditions of a rule: of more, those that did not decide are folded
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
    under its last one. Where a word has no room, its first letter stands for it. A negated condition is marked as a
    whole: in `a && !b` the answer of `b` would read as if it had made the rule false.
    """
    laid_out, spans = spans_laid_out(rule.text, width)
    places = [(spans[one.place], one) for one in _marked(rule.root)]
    folds = len(places) > MOST_IN_FULL
    lines: list[Line] = []
    silent: list[Line] = []
    folded: list[tuple[list[Line], list[Node]]] = []
    start = 0
    for text in laid_out.split("\n"):
        ending = [(span, one) for span, one in places if start < span[1] <= start + len(text)]
        silent.append(Line("rule", text))
        if ending:
            told = [*_shortened(silent), *_marks(text, start, ending)]
            nodes = [one for _, one in ending]
            if folds and not any(one.decided for one in nodes) and not any(map(_opens_or_closes, silent)):
                folded.append((told, nodes))
            else:
                lines += [*_folded(folded), *told]
                folded = []
            silent = []
        start += len(text) + 1
    return [*lines, *_folded(folded), *_shortened(silent)]


def clipped(text: str, width: int) -> str:
    """Return a text, cut short if it is longer."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _marked(node: Node) -> Iterator[Node]:
    """Yield the parts that get marks, in the order of the text."""
    if node.kind in (CONDITION, SEGMENT) or (node.kind == NOT and node.parts[0].kind in (CONDITION, SEGMENT)):
        yield node
    else:
        for part in node.parts:
            yield from _marked(part)


def _opens_or_closes(line: Line) -> bool:
    """Return whether a line has a parenthesis of which the other one stands on another line."""
    text = line.text.strip()
    return text.endswith("(") or text.startswith(")")


def _folded(groups: Sequence[tuple[list[Line], list[Node]]]) -> list[Line]:
    """Return one line for conditions that did not decide; all lines where there is just one."""
    nodes = [one for _, some in groups for one in some]
    if len(nodes) < 2:
        return [line for told, _ in groups for line in told]
    answers = {one.answer for one in nodes}
    first = groups[0][0][0].text
    indent = " " * (len(first) - len(first.lstrip()))
    what = f"are {answers.pop()}" if len(answers) == 1 else "did not decide"
    return [Line("note", f"{indent}… {len(nodes):,} more {what}")]


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
