"""How large a rule may be, so that no text can exhaust time, memory or the stack.

Depth has two measures. *Levels* are those of the tree: the rule's parts within parts. *Nesting* counts brackets as they
are typed, because `((((a))))` makes a parser work though its tree is one name. A canonical text has at most one pair of
brackets for each level, so a tree within these limits always prints to a text within them.
"""

from collections.abc import Callable
from typing import Any

from fasttwitch.errors import Problem
from fasttwitch.syntax.nodes import (
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

MAXIMUM_BYTES = 4 * 1024 * 1024
MAXIMUM_NODES = 2_000
MAXIMUM_DEPTH = 100
MAXIMUM_LIST_CONSTANTS = 100_000

SPLIT = 'split it into segments that use each other: `segment("…")`'


def excess(tree: Expression) -> Problem | None:
    """Return what is too large about a tree, or None.

    Works level by level and stops at the first level that is too much, so no tree is too deep for it. The constants of
    a list count neither as nodes nor as a level: a list of 50,000 cities is one thing to a reader, too.
    """
    level: list[Expression] = [tree]
    nodes = depth = 0
    while level:
        nodes += len(level)
        depth += 1
        if depth > MAXIMUM_DEPTH:
            return too_deep(level[0].span)
        if nodes > MAXIMUM_NODES:
            return too_many_nodes(tree.span)
        level = [child for node in level for child in _CHILDREN[type(node)](node)]
    return None


def too_deep(span: tuple[int, int]) -> Problem:
    """Return the problem of a rule whose tree or brackets are too deep at `span`."""
    return Problem(f"the rule is nested more than {MAXIMUM_DEPTH} levels deep here", span, SPLIT)


def too_many_nodes(span: tuple[int, int]) -> Problem:
    """Return the problem of a rule with too many parts."""
    return Problem(f"the rule has more than {MAXIMUM_NODES:,} parts", span, SPLIT)


def too_many_bytes(size_bytes: int) -> Problem:
    """Return the problem of a text that is too long to be read at all."""
    return Problem(
        f"the rule's text has {size_bytes:,} bytes, and at most {MAXIMUM_BYTES:,} are allowed",
        fix='keep long lists in a file and name it: `x in list("…")`',
    )


def too_many_constants(span: tuple[int, int]) -> Problem:
    """Return the problem of a list that is too long to be written out."""
    return Problem(
        f"this list has more than {MAXIMUM_LIST_CONSTANTS:,} values",
        span,
        'keep the values in a file and name it: `x in list("…")`',
    )


# A table and not a `match`: this runs over every node of every long rule, and a `match` over twelve classes tries them
# one after another.
_CHILDREN: dict[type, Callable[[Any], tuple[Expression, ...]]] = {
    Constant: lambda node: (),
    Name: lambda node: (),
    Member: lambda node: (node.operand,),
    Index: lambda node: (node.operand, node.index),
    Call: lambda node: node.arguments if node.receiver is None else (node.receiver, *node.arguments),
    Unary: lambda node: (node.operand,),
    Binary: lambda node: (node.left, node.right),
    Logical: lambda node: node.operands,
    Conditional: lambda node: (node.condition, node.then, node.otherwise),
    ListOf: lambda node: tuple(item for item in node.items if type(item) is not Constant),
    MapOf: lambda node: tuple(part for entry in node.entries for part in entry),
    Message: lambda node: tuple(value for _, value in node.fields),
}
