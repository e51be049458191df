"""Expressions as steps, of which equal ones are one: what several rules share is computed once."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from fasttwitch.logic.evaluation import strict_operands
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, ListOf, Now
from fasttwitch.plan.reads import fine_print


@dataclass(frozen=True, slots=True)
class Outline:
    """Expressions in the order of their evaluation.

    steps    each expression with the numbers of the steps that it is computed from
    results  the number of the step of each expression that was asked for
    """

    steps: tuple[tuple[Expression, tuple[int, ...]], ...]
    results: tuple[int, ...]


def outline(expressions: Iterable[Expression]) -> Outline:
    """Return the steps of some expressions."""
    numbers: dict[Hashable, int] = {}
    steps: list[tuple[Expression, tuple[int, ...]]] = []

    def number(expression: Expression) -> int:
        operands = tuple(map(number, _operands(expression)))
        key = (type(expression), _label(expression), operands)
        if key not in numbers:
            numbers[key] = len(steps)
            steps.append((expression, operands))
        return numbers[key]

    results = tuple(map(number, expressions))
    return Outline(tuple(steps), results)


def _operands(expression: Expression) -> Iterable[Expression]:
    match expression:
        case Apply() | Compare() | In() | ListOf():
            return strict_operands(expression)
        case Coalesce(choices):
            return choices
    return ()


def _label(expression: Expression) -> Hashable:
    """Return what tells an expression from others of its class and operands."""
    match expression:
        case Constant(value, kind):
            return value, kind, fine_print(expression)  # 0.0 == -0.0
        case Attribute(path, kind):
            return path, kind
        case Apply(function, _, kind):
            return function, kind
        case Compare(operator):
            return operator
        case In(_, constants):
            return constants, tuple(isinstance(value, float) for value in constants)  # 1 == 1.0
        case Coalesce(_, kind) | ListOf(_, kind):
            return kind
        case Now():
            return None
    raise AssertionError(f"not a value: {expression}")
