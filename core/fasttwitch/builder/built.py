"""The root of the builder: a tree in the making, and how parts are put together."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from fasttwitch.builder.constants import NOWHERE, PythonValue, constant
from fasttwitch.syntax import nodes as syntax


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Built:
    """A tree of the rule language, as the parser would make it; its spans say nothing, for there is no text."""

    tree: syntax.Expression

    def _made(self, tree: syntax.Expression) -> Self:
        return type(self)(tree)

    def _method(self, name: str, *arguments: "Operand") -> Self:
        """Return `self.name(arguments)`."""
        return self._made(called(name, self.tree, *arguments))

    def _function(self, name: str, *arguments: "Operand") -> Self:
        """Return `name(self, arguments)`."""
        return self._made(called(name, None, self, *arguments))


Operand: TypeAlias = "Built | PythonValue | Sequence[Operand]"
"""What may stand beside an operator or between the parentheses of a call; a list or a tuple is a list of the rule."""

Condition: TypeAlias = "Built | bool | np.bool_"
"""What may stand beside `&` and `|`."""

Operands: TypeAlias = "Built | Iterable[Operand]"
"""A collection of values: a list, a tuple, a set, an array, or an expression that is a list."""


def tree_of(value: Operand) -> syntax.Expression:
    """Return the tree of a part: its own if it has one, else that of a constant or of a list."""
    if isinstance(value, Built):
        return value.tree
    if isinstance(value, list | tuple):
        return list_of(value)
    return constant(value)  # type: ignore[arg-type]  # whatever else is given, it says what is wrong with it


def list_of(values: Operands) -> syntax.Expression:
    """Return `[a, b, …]` of any collection; that of a set in an order of its own, so that equal sets print alike."""
    if isinstance(values, Built):
        return values.tree
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise TypeError(f"{values!r} is no list of values: write `[{values!r}]`")
    listed = sorted(values, key=_order) if isinstance(values, Set) else values
    return syntax.ListOf(tuple([tree_of(each) for each in listed]), NOWHERE)


def _order(value: object) -> tuple[str, object]:
    return type(value).__name__, value


def called(name: str, receiver: syntax.Expression | None, *arguments: Operand) -> syntax.Call:
    """Return `receiver.name(arguments)`, or `name(arguments)`."""
    return syntax.Call(name, receiver, tuple(map(tree_of, arguments)), NOWHERE, NOWHERE)


def given(value: Operand) -> tuple[Operand, ...]:
    """Return an optional argument as the arguments it stands for: none if it was left out."""
    return () if value is None else (value,)
