"""Expressions over single values, by the definitions of the language: equal steps of several are one step."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from fasttwitch.batch.outline import outline
from fasttwitch.batch.point.patterns import finder
from fasttwitch.logic.datatypes import DOUBLE
from fasttwitch.logic.evaluation import definition
from fasttwitch.logic.folding import COMPARISONS
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, ListOf, Now
from fasttwitch.plan.sources import Path

Define: TypeAlias = Callable[..., Any]


class ByValue:
    """Some expressions, ready to be computed for one customer after the other; safe to share between threads.

    paths  what they read, in the order in which calls take their values
    """

    def __init__(self, expressions: Iterable[Expression]) -> None:
        outlined = outline(expressions)
        self._results = outlined.results
        self._start: list[Any] = [None] * len(outlined.steps)
        self._now: int | None = None
        self._steps: list[tuple[int, Define | None, tuple[int, ...]]] = []
        attributes: list[tuple[int, Path]] = []
        varying: set[int] = set()
        for number, (expression, operands) in enumerate(outlined.steps):
            match expression:
                case Constant(value):
                    self._start[number] = value
                case Attribute(path):
                    attributes.append((number, path))
                    varying.add(number)
                case Now():
                    self._now = number
                    varying.add(number)
                case Coalesce():
                    self._steps.append((number, None, operands))
                    varying.add(number)
                case Apply() | Compare() | In() | ListOf():
                    self._append(number, expression, operands, varying)
                case _:
                    raise AssertionError(f"not a value: {expression}")
        self.paths: tuple[Path, ...] = tuple(path for _, path in attributes)
        self._places = tuple(number for number, _ in attributes)

    def _append(
        self, number: int, expression: Apply | Compare | In | ListOf, operands: tuple[int, ...], varying: set[int]
    ) -> None:
        """Append a step, or compute it now where its operands never change."""
        define = _definition(expression)
        match expression:
            case Apply("matches", (_, Constant(str(pattern)))):
                define, operands = finder(pattern), operands[:1]
        if varying.isdisjoint(operands):
            known = [self._start[operand] for operand in operands]
            self._start[number] = None if None in known else define(*known)
        else:
            self._steps.append((number, define, operands))
            varying.add(number)

    def __call__(self, inputs: Iterable[Any], now: int = 0) -> list[Any]:
        """Return the values of the expressions, None for unknown.

        inputs  the values of `paths`
        now     µs since 1970 UTC
        """
        values = self._start.copy()
        for place, value in zip(self._places, inputs, strict=True):
            values[place] = value
        if self._now is not None:
            values[self._now] = now
        for number, define, operands in self._steps:
            if define is None:
                values[number] = next((values[each] for each in operands if values[each] is not None), None)
            elif len(operands) == 1:
                value = values[operands[0]]
                if value is not None:
                    values[number] = define(value)
            elif len(operands) == 2:
                left, right = values[operands[0]], values[operands[1]]
                if left is not None and right is not None:
                    values[number] = define(left, right)
            else:
                known = [values[each] for each in operands]
                if not any(value is None for value in known):
                    values[number] = define(*known)
        return [values[number] for number in self._results]


def _definition(expression: Apply | Compare | In | ListOf) -> Define:
    """Return what an expression does to values."""
    match expression:
        case Compare(operator, left, right) if (left.type is DOUBLE) == (right.type is DOUBLE):
            return COMPARISONS[operator]  # as `fold_comparison`, which also brings integers to doubles
    return definition(expression)


def rows_of(columns: Sequence[Sequence[Any]], rows: int) -> Iterable[Sequence[Any]]:
    """Return columns row by row; without columns, as many empty rows."""
    return zip(*columns, strict=True) if columns else [()] * rows
