"""Numbers of several types in one calculation: the language converts nothing by itself, so `double(…)` is written."""

from fasttwitch.importers import trees
from fasttwitch.importers.columns import Operand
from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, INT, UINT
from fasttwitch.syntax.nodes import Constant, Expression

NUMBERS = (INT, UINT, DOUBLE, DECIMAL)


def calculated(operator: str, operands: list[Operand], *, fractions: bool) -> Operand:
    """Return `a operator b operator …`; with `fractions` as doubles, whatever the operands are."""
    kinds = {operand.type for operand in operands}
    if fractions or DOUBLE in kinds or DECIMAL in kinds:
        operands = [as_double(operand, certain=fractions) for operand in operands]
    elif kinds == {INT, UINT}:
        operands = [_as_int(operand) for operand in operands]
    tree = operands[0].tree
    for operand in operands[1:]:
        tree = trees.binary(operator, tree, operand.tree)
    kinds = {operand.type for operand in operands}
    return Operand(tree, DOUBLE if DOUBLE in kinds else kinds.pop() if len(kinds) == 1 else None)


def as_double(operand: Operand, *, certain: bool) -> Operand:
    """Return an operand as a double; one of unknown type only if it must `certain`ly be one."""
    tree = operand.tree
    if isinstance(tree, Constant) and isinstance(tree.value, int) and abs(tree.value) <= 2**53:
        return Operand(trees.double(float(tree.value)), DOUBLE)
    if operand.type is DOUBLE or (operand.type is None and not certain):
        return operand
    return Operand(trees.call("double", tree), DOUBLE)


def _as_int(operand: Operand) -> Operand:
    if isinstance(operand.tree, Constant):
        return operand  # of the other side's type by itself
    return operand if operand.type is INT else Operand(trees.call("int", operand.tree), INT)


def within(start: int, size: Expression) -> Expression:
    """Return a position in a text, never beyond its end; a negative one is counted from there."""
    if start == 0:
        return trees.whole(0)
    if start > 0:
        return trees.math("least", trees.whole(start), size)
    return trees.math("greatest", trees.binary("-", size, trees.whole(-start)), trees.whole(0))


def part_of_text(text: Expression, start: int, length: int | None) -> Expression:
    """Return a part of a text as most languages cut it: positions beyond the end are the end, below 0 count from it."""
    size = trees.call("size", text)
    begin = within(start, size)
    if length is None:
        return trees.method(text, "substring", begin)
    if length < 0:
        end = trees.math("greatest", trees.binary("-", size, trees.whole(-length)), begin)
    elif isinstance(begin, Constant):
        end = trees.math("least", trees.whole(length), size)
    else:
        end = trees.math("least", trees.binary("+", begin, trees.whole(length)), size)
    return trees.method(text, "substring", begin, end)
