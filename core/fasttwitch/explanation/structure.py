"""A rule as written to its parts: everything in it that is true, false or unknown, each a predicate to be asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fasttwitch.logic import nodes
from fasttwitch.logic.check import RULES
from fasttwitch.logic.checking import Checking
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.logic.scope import Scope
from fasttwitch.plan.reads import attributes_of, reads_now
from fasttwitch.ruleset import SegmentDefinition
from fasttwitch.ruleset.order import walk
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.layout import lay_out
from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    Member,
    Name,
    Span,
    Unary,
)

ALL, ANY, NOT, CHOICE, IS_TRUE, IS_KNOWN = "all", "any", "not", "choice", "isTrue", "isKnown"
SEGMENT, CONDITION = "segment", "condition"
_CALLS = {"isTrue": IS_TRUE, "isKnown": IS_KNOWN}


@dataclass(frozen=True, slots=True)
class Part:
    """Something in a rule that is true, false or unknown.

    kind       "all" (`&&`), "any" (`||`), "not", "choice" (`?:`), "isTrue", "isKnown", "segment" or "condition"
    span       its place in the rule as written
    place      its number among all nodes of the rule's tree
    text       its canonical text
    parts      numbers of the parts inside
    paths      the attributes that a condition reads by itself, in the order of the text
    reads_now  a condition's answer depends on the clock
    segment    the name in `segment("…")`, else ""
    """

    kind: str
    span: Span
    place: int
    text: str
    parts: tuple[int, ...]
    paths: tuple[tuple[str, ...], ...] = ()
    reads_now: bool = False
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of one segment's rule; the whole rule is part 0, and each stands before those inside it.

    predicates  the typed form of each part
    """

    segment: str
    text: str
    parts: tuple[Part, ...]
    predicates: tuple[nodes.Expression, ...]


def structure_of(definition: SegmentDefinition, scope: Scope) -> Structure:
    """Return the parts of a rule that has no problems."""
    tree = definition.tree
    typed = _typed_forms(tree, scope, definition.when)
    places = {id(node): place for place, node in enumerate(walk(tree))}
    parts: list[Part | None] = []
    predicates: list[nodes.Expression] = []

    def add(node: Expression) -> int:
        number = len(parts)
        predicate = typed[id(node)]
        parts.append(None)
        predicates.append(predicate)
        kind, segment, inside = _shape(node, typed)
        numbers = tuple(map(add, inside))
        paths: tuple[tuple[str, ...], ...] = ()
        if kind == CONDITION:
            paths = tuple(dict.fromkeys(one.path for one in attributes_of(predicate)))
        now = kind == CONDITION and reads_now(predicate)
        text = print_expression(node)
        parts[number] = Part(kind, node.span, places[id(node)], text, numbers, paths, now, segment)
        return number

    add(tree)
    return Structure(definition.name, definition.when, tuple(part for part in parts if part), tuple(predicates))


def spans_laid_out(text: str, width: int) -> tuple[str, dict[int, Span]]:
    """Return a rule laid out in lines of at most `width`, and the span of every node there, by its place."""
    laid_out = lay_out(text, width)
    return laid_out, {place: node.span for place, node in enumerate(walk(parse(laid_out)))}  # type: ignore[attr-defined]


def _typed_forms(tree: Expression, scope: Scope, text: str) -> Mapping[int, nodes.Expression]:
    """Return what the checker makes of each node, by the node's id."""
    found: dict[int, nodes.Expression] = {}

    def noting(rule: Callable[..., nodes.Expression]) -> Callable[..., nodes.Expression]:
        def visit(checking: Checking, node: Any) -> nodes.Expression:
            typed = found[id(node)] = rule(checking, node)
            return typed

        return visit

    checking = Checking(scope, text, {kind: noting(rule) for kind, rule in RULES.items()})
    checking.visit(tree)
    checking.raise_problems()
    return found


def _shape(node: Expression, typed: Mapping[int, nodes.Expression]) -> tuple[str, str, tuple[Expression, ...]]:
    """Return the kind of a part, the segment that it names, and the parts directly inside it."""
    match node:
        case Logical(operator, operands):
            return (ALL if operator == "&&" else ANY), "", operands
        case Unary("!", operand):
            return NOT, "", (operand,)
        case Conditional(condition, then, otherwise):
            return CHOICE, "", (condition, then, otherwise)
        case Call("isTrue" | "isKnown" as function, None, (operand,)):
            return _CALLS[function], "", (operand,)
        case Call("segment", None, (Constant("string", str(name)),)):
            return SEGMENT, name, ()
        case _:
            return CONDITION, "", tuple(_conditions_inside(node, typed))


def _conditions_inside(node: Expression, typed: Mapping[int, nodes.Expression]) -> Iterator[Expression]:
    """Yield what is true or false inside a condition, as in `(age > 18) == adult`; bare attributes are values there."""
    match node:
        case Binary(_, left, right):
            inside: tuple[Expression, ...] = (left, right)
        case Call(_, receiver, arguments):
            inside = arguments if receiver is None else (receiver, *arguments)
        case Unary(_, operand) | Member(operand):
            inside = (operand,)
        case Conditional(condition, then, otherwise):
            inside = (condition, then, otherwise)
        case Index(operand, index):
            inside = (operand, index)
        case ListOf(items):
            inside = items
        case _:
            inside = ()
    for one in inside:
        form = typed.get(id(one))
        if form is None or isinstance(one, Constant):
            continue
        if form.type is BOOL and not isinstance(one, Name | Member):
            yield one
        else:
            yield from _conditions_inside(one, typed)
