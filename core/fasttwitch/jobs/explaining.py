"""Why a rule is true, false or unknown for somebody: its conditions with their answers, and which of them decided.

The conditions are evaluated by the engine, as small segments of their own; what `&& || ! ?:` make of them is told here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fasttwitch.ruleset import SegmentDefinition
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.layout import lay_out
from fasttwitch.syntax.nodes import Call, Conditional, Constant, Expression, Logical, Span, Unary

TRUE, FALSE, UNKNOWN = "true", "false", "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a rule that has no smaller conditions in it.

    span     its place in the rule as laid out
    text     its canonical text
    answer   "true", "false" or "unknown"
    decided  the rule's answer came from it
    """

    span: Span
    text: str
    answer: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule as laid out, with the answers of its conditions."""

    segment: str
    text: str
    answer: str
    conditions: tuple[Condition, ...]


def conditions_of(tree: Expression) -> Iterator[Expression]:
    """Yield the conditions of a rule, in the order of the text."""
    match tree:
        case Logical(_, operands):
            for operand in operands:
                yield from conditions_of(operand)
        case Unary("!", operand) | Call("isTrue" | "isKnown", None, (operand,)):
            yield from conditions_of(operand)
        case Conditional(condition, then, otherwise):
            for part in (condition, then, otherwise):
                yield from conditions_of(part)
        case _:
            yield tree


def explain(definition: SegmentDefinition, answers: Mapping[str, str], width: int) -> Explanation:
    """Return the explanation of a rule, laid out in lines of at most `width`.

    answers  of its conditions, by their canonical text
    """
    text = lay_out(definition.when, width)
    tree = parse(text)
    known = {id(one): answers[print_expression(one)] for one in conditions_of(tree)}
    deciding = {id(one) for one in _deciding(tree, known)}
    conditions = tuple(
        Condition(one.span, print_expression(one), known[id(one)], id(one) in deciding) for one in conditions_of(tree)
    )
    return Explanation(definition.name, text, _answer(tree, known), conditions)


def segment_named(condition: str) -> str | None:
    """Return the segment that a condition asks, None if it asks something else."""
    match parse(condition):
        case Call("segment", None, (Constant("string", str(name)),)):
            return name
        case _:
            return None


def _answer(tree: Expression, known: Mapping[int, str]) -> str:
    """Return what the logic between the conditions makes of their answers."""
    match tree:
        case Logical(operator, operands):
            return _joined([_answer(one, known) for one in operands], FALSE if operator == "&&" else TRUE)
        case Unary("!", operand):
            return _OPPOSITE[_answer(operand, known)]
        case Call("isTrue", None, (operand,)):
            return TRUE if _answer(operand, known) == TRUE else FALSE
        case Call("isKnown", None, (operand,)):
            return FALSE if _answer(operand, known) == UNKNOWN else TRUE
        case Conditional(condition, then, otherwise):
            asked = _answer(condition, known)
            return asked if asked == UNKNOWN else _answer(then if asked == TRUE else otherwise, known)
        case _:
            return known[id(tree)]


_OPPOSITE = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}


def _joined(answers: Sequence[str], deciding: str) -> str:
    """Return the answer of a chain in which one `deciding` answer is enough."""
    if deciding in answers:
        return deciding
    return UNKNOWN if UNKNOWN in answers else _OPPOSITE[deciding]


def _deciding(tree: Expression, known: Mapping[int, str]) -> Iterator[Expression]:
    """Yield the conditions that made the rule's answer what it is."""
    match tree:
        case Logical(_, operands):
            answer = _answer(tree, known)
            for operand in operands:
                if _answer(operand, known) == answer:
                    yield from _deciding(operand, known)
        case Unary("!", operand) | Call("isTrue" | "isKnown", None, (operand,)):
            yield from _deciding(operand, known)
        case Conditional(condition, then, otherwise):
            yield from _deciding(condition, known)
            asked = _answer(condition, known)
            if asked != UNKNOWN:
                yield from _deciding(then if asked == TRUE else otherwise, known)
        case _:
            yield tree


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an annotated rule; its kind is "rule", "marks" or "answers"."""

    kind: str
    text: str


def annotated(explanation: Explanation) -> list[Line]:
    """Return the lines of a rule, each with its conditions marked and their answers below.

    Carets stand under the conditions that decided, dots under the others. A condition over several lines is marked
    under its last one. Where a word has no room, its first letter stands for it.
    """
    lines = []
    start = 0
    for text in explanation.text.split("\n"):
        lines.append(Line("rule", text))
        ending = [one for one in explanation.conditions if start < one.span[1] <= start + len(text)]
        if ending:
            lines += _marks(text, start, ending)
        start += len(text) + 1
    return lines


def _marks(text: str, start: int, conditions: Sequence[Condition]) -> list[Line]:
    """Return carets and answers below a line of the rule, which begins at `start` of its text."""
    indent = len(text) - len(text.lstrip())
    carets, answers = "", ""
    for number, one in enumerate(conditions):
        left = max(one.span[0] - start, indent)
        carets = carets.ljust(left) + ("^" if one.decided else "·") * (one.span[1] - start - left)
        following = conditions[number + 1].span[0] - start if number + 1 < len(conditions) else left + 99
        answers = answers.ljust(left) + (one.answer if following - left > len(one.answer) else one.answer[0].upper())
    return [Line("marks", carets), Line("answers", answers)]
