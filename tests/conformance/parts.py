"""A tree with its parts changed, one level at a time."""

from collections.abc import Callable
from dataclasses import replace

from fasttwitch.syntax import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    MapOf,
    Member,
    Message,
    Name,
    Unary,
)


def with_parts(tree: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return the tree with `change` applied to each expression that stands directly in it."""
    match tree:
        case Constant() | Name():
            return tree
        case Member(operand) | Unary(_, operand):
            return replace(tree, operand=change(operand))
        case Index(operand, index):
            return replace(tree, operand=change(operand), index=change(index))
        case Call(_, receiver, arguments):
            receiver = None if receiver is None else change(receiver)
            return replace(tree, receiver=receiver, arguments=tuple(map(change, arguments)))
        case Binary(_, left, right):
            return replace(tree, left=change(left), right=change(right))
        case Logical(_, operands):
            return replace(tree, operands=tuple(map(change, operands)))
        case Conditional(condition, then, otherwise):
            return replace(tree, condition=change(condition), then=change(then), otherwise=change(otherwise))
        case ListOf(items):
            return replace(tree, items=tuple(map(change, items)))
        case MapOf(entries):
            return replace(tree, entries=tuple((change(key), change(value)) for key, value in entries))
        case Message(_, fields):
            return replace(tree, fields=tuple((name, change(value)) for name, value in fields))
