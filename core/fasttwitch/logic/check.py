"""The type checker: from what the author wrote to what it means, or to everything that is wrong with it.

constants   become what the other side is                       coercion, instants
operators   settle one type for both sides                      comparison, membership, arithmetic, truth
constants   that meet constants are computed                    folding, patterns
calls       must be known, and have their shape                 functions
problems    are collected; the next part is checked all the same  checking, misspelt, later, advice, names
"""

from fasttwitch.logic import nodes
from fasttwitch.logic.arithmetic import arithmetic, minus_sign
from fasttwitch.logic.checking import WRONG, WRONG_TYPE, Checking, Rules
from fasttwitch.logic.comparison import comparison
from fasttwitch.logic.datatypes import BOOL, DOUBLE, INT, STRING, UINT, MapType, StructType, Type, Unsupported
from fasttwitch.logic.functions import KNOWN, call
from fasttwitch.logic.later import map_of, message, not_ever, not_yet
from fasttwitch.logic.list_values import index
from fasttwitch.logic.membership import membership
from fasttwitch.logic.misspelt import unknown_field, unknown_name, unknown_prefix
from fasttwitch.logic.scope import Scope
from fasttwitch.logic.truth import conditional, logical, negation, not_a_bool
from fasttwitch.syntax import nodes as syntax


def check(tree: syntax.Expression, scope: Scope, text: str = "") -> nodes.Expression:
    """Return the typed form of a rule, whose type is bool.

    text  the rule as written, for messages; its spans count in it

    Raises `RulesetError` with every problem of the rule, in the order of the text.
    """
    checking = Checking(scope, text, RULES)
    predicate = checking.visit(tree)
    if predicate.type is not BOOL:
        not_a_bool(checking, predicate, tree, "a rule must be true or false")
    checking.raise_problems()
    return predicate


def constant(checking: Checking, tree: syntax.Constant) -> nodes.Expression:
    """Return a constant of its own type."""
    kind = CONSTANTS.get(tree.kind)
    if kind is not None:
        return nodes.Constant(tree.value, kind, tree.span)  # type: ignore[arg-type]  # `kind` says what the value is
    if tree.kind == "null":
        return checking.problem(
            "`null` stands only beside `==` and `!=`", tree.span, "`x == null` tests whether a value is missing"
        )
    return not_ever(checking, f"`{checking.quote(tree)}`", "there are no bytes", tree.span)


CONSTANTS = {"bool": BOOL, "int": INT, "uint": UINT, "double": DOUBLE, "string": STRING}


def name(checking: Checking, tree: syntax.Name) -> nodes.Expression:
    """Return a column, or `now`."""
    if tree.name == "now":
        return nodes.Now(tree.span)
    kind = checking.scope.attributes.get(tree.name)
    if kind is None:
        return unknown_name(checking, tree)
    return _attribute(checking, (tree.name,), kind, tree.span)


def member(checking: Checking, tree: syntax.Member) -> nodes.Expression:
    """Return a field of a struct column."""
    inner = tree.operand
    if type(inner) is syntax.Name and inner.name not in checking.scope.attributes and inner.name != "now":
        return unknown_prefix(checking, tree, inner)
    operand = checking.visit(inner)
    if operand.type is WRONG_TYPE:
        return WRONG
    if type(operand) is nodes.Attribute:
        if type(operand.type) is StructType:
            for field_name, kind in operand.type.fields:
                if field_name == tree.field_name:
                    return _attribute(checking, (*operand.path, field_name), kind, tree.span)
        if type(operand.type) is MapType:
            return not_yet(checking, f"a key of a {operand.type}", tree.span)
    return unknown_field(checking, tree, operand, KNOWN)


def _attribute(checking: Checking, path: tuple[str, ...], kind: Type, span: syntax.Span) -> nodes.Expression:
    if type(kind) is Unsupported:
        words = ".".join(path)
        return checking.problem(f"`{words}` is of the Arrow type {kind}, which rules cannot read", span)
    return nodes.Attribute(path, kind, span)


def unary(checking: Checking, tree: syntax.Unary) -> nodes.Expression:
    """Return `!operand` or `-operand`."""
    return negation(checking, tree) if tree.operator == "!" else minus_sign(checking, tree)


def binary(checking: Checking, tree: syntax.Binary) -> nodes.Expression:
    """Return what the operator's family makes of both sides."""
    return OPERATORS[tree.operator](checking, tree)


OPERATORS = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), comparison),
    **dict.fromkeys(("+", "-", "*", "/", "%"), arithmetic),
    "in": membership,
}


def list_of(checking: Checking, tree: syntax.ListOf) -> nodes.Expression:
    """Note a list that does not stand right of `in`."""
    return checking.problem("a list stands only on the right of `in`", tree.span, 'e.g. `country in ["DE", "AT"]`')


RULES: Rules = {
    syntax.Constant: constant,
    syntax.Name: name,
    syntax.Member: member,
    syntax.Index: index,
    syntax.Call: call,
    syntax.Unary: unary,
    syntax.Binary: binary,
    syntax.Logical: logical,
    syntax.Conditional: conditional,
    syntax.ListOf: list_of,
    syntax.MapOf: map_of,
    syntax.Message: message,
}
