"""Chains of `&&` and `||`."""

from collections.abc import Iterable

import numpy as np

from fasttwitch.builder.built import Built, Condition, tree_of
from fasttwitch.builder.constants import NOWHERE
from fasttwitch.syntax import nodes as syntax


def joined(operator: str, conditions: Iterable[Condition]) -> syntax.Expression:
    """Return one chain of conditions; chains of the same operator among them are taken in, as the parser does."""
    operands: list[syntax.Expression] = []
    for condition in conditions:
        tree = _condition(condition, "&" if operator == "&&" else "|")
        chain = type(tree) is syntax.Logical and tree.operator == operator
        operands += tree.operands if chain else (tree,)  # type: ignore[union-attr]
    if not operands:
        raise ValueError("there are no conditions, and an empty one would match everybody")
    return operands[0] if len(operands) == 1 else syntax.Logical(operator, tuple(operands), NOWHERE)


def _condition(value: object, sign: str) -> syntax.Expression:
    """Return the tree of a condition.

    `a > 3 & b < 5` is `a > (3 & b) < 5` to Python: this is where that shows.
    """
    if not isinstance(value, Built | bool | np.bool_):
        shown = repr(value)
        shown = shown if len(shown) <= 40 else f"{shown[:30]}…"
        raise TypeError(
            f"`{sign}` joins conditions, and {shown} is none: put parentheses around each comparison, "
            f"like `(age > 3) {sign} (ltv < 5)`"
        )
    return tree_of(value)
