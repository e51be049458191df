"""Constructs that the checker knows, and that no rule can use yet, or ever.

Three tables: what the language has and a later version evaluates; what other CEL hosts have and this profile does not;
what people write who know another language.
"""

from fasttwitch.logic import nodes
from fasttwitch.logic.checking import WRONG, WRONG_TYPE, Checking
from fasttwitch.syntax import nodes as syntax

# fmt: off
LATER = frozenset({
    "exists", "all", "exists_one", "existsOne", "filter", "map",
    "within", "between", "since", "after", "before", "followedBy", "notFollowedBy",
    "first", "last", "distinct", "sum", "avg", "min", "max",
})
# fmt: on

OUTSIDE = {
    "dyn": "every value has one type that is known before the rule runs",
    "type": "every value has one type that is known before the rule runs",
    "bytes": "there are no bytes",
    "optMap": "there are no optional values; use `coalesce(a, b)`",
    "optFlatMap": "there are no optional values; use `coalesce(a, b)`",
    "orValue": "there are no optional values; use `coalesce(a, b)`",
    "hasValue": "there are no optional values; use `a != null`",
    "transformList": "macros take one variable",
    "transformMap": "macros take one variable",
    "transformMapEntry": "macros take one variable",
    "ip": "there are no network addresses",
    "cidr": "there are no network addresses",
}
OUTSIDE_NAMESPACES = {
    "optional": "there are no optional values; use `coalesce(a, b)`",
    "cel": "there are no `cel.` functions",
    "base64": "there are no bytes",
    "sets": "there are no set functions",
    "proto": "there are no messages",
}
MACROS = frozenset({"exists", "all", "exists_one", "existsOne", "filter", "map"})


def not_yet(checking: Checking, construct: str, span: syntax.Span) -> nodes.Expression:
    """Note something that the language has, and that this version does not evaluate."""
    return checking.problem(f"{construct} is part of the language, but this version does not evaluate it yet", span)


def not_ever(checking: Checking, construct: str, reason: str, span: syntax.Span) -> nodes.Expression:
    """Note something that CEL has, and that this profile leaves out."""
    return checking.problem(f"{construct} is not in this profile of CEL: {reason}", span)


def known_elsewhere(checking: Checking, tree: syntax.Call) -> nodes.Expression | None:
    """Return what to make of a call that is known but not evaluated; None if nobody knows the function."""
    name, receiver = tree.function, tree.receiver
    if type(receiver) is syntax.Name and receiver.name not in checking.scope.attributes:
        construct = f"`{receiver.name}.{name}`"
        if receiver.name in OUTSIDE_NAMESPACES:
            return not_ever(checking, construct, OUTSIDE_NAMESPACES[receiver.name], tree.span)
    if name in OUTSIDE:
        return not_ever(checking, f"`{name}`", OUTSIDE[name], tree.name_span)
    if name not in LATER:
        return None
    if receiver is not None and type(receiver) is not syntax.ListOf and checking.visit(receiver).type is WRONG_TYPE:
        return WRONG  # of a chain like `purchase.within(…).filter(…).size()` only the first link is told
    if name in MACROS and len(tree.arguments) > 2 and name != "map":
        return not_ever(checking, f"`{name}` with two variables", "macros take one variable", tree.span)
    return not_yet(checking, f"`{name}`", tree.name_span)


def map_of(checking: Checking, tree: syntax.MapOf) -> nodes.Expression:
    """Note `{key: value}`."""
    return not_yet(checking, "a map in a rule", tree.span)


def message(checking: Checking, tree: syntax.Message) -> nodes.Expression:
    """Note `Type{field: value}`."""
    return not_ever(checking, f"`{tree.type_name}{{…}}`", "there are no messages", tree.span)
