"""What must be true or false: `&&`, `||`, `!`, the condition of `?:`, and the rule itself."""

from fasttwitch.logic import nodes
from fasttwitch.logic.checking import WRONG, WRONG_PREDICATE, WRONG_TYPE, Checking, quoted, with_article
from fasttwitch.logic.coercion import settle
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    Scalar,
    StructType,
)
from fasttwitch.logic.instants import Refusal
from fasttwitch.syntax import nodes as syntax

# How to make something true or false of a value that is neither.
EXAMPLES = {
    INT: "{} > 0",
    UINT: "{} > 0",
    DOUBLE: "{} > 0.0",
    DECIMAL: "{} > 0",
    STRING: '{} == "…"',
    TIMESTAMP: "{} > now - days(30)",
    DATE: '{} >= "2026-01-31"',
    DURATION: "{} > days(30)",
}


def logical(checking: Checking, tree: syntax.Logical) -> nodes.Expression:
    """Return a chain of `&&` or `||`, flat."""
    family: type[nodes.And] | type[nodes.Or] = nodes.And if tree.operator == "&&" else nodes.Or
    operands: list[nodes.Expression] = []
    for part in tree.operands:
        operand = checking.visit(part)
        if operand.type is not BOOL:
            _not_an_operand(checking, tree, operand, part)
        elif type(operand) is family:
            operands += operand.operands
        else:
            operands.append(operand)
    return family(tuple(operands), tree.span)


def negation(checking: Checking, tree: syntax.Unary) -> nodes.Expression:
    """Return `!operand`."""
    operand = checking.visit(tree.operand)
    if operand.type is BOOL:
        return nodes.Not(operand, tree.span)
    not_a_bool(checking, operand, tree.operand, "`!` needs true or false")
    return WRONG_PREDICATE


def conditional(checking: Checking, tree: syntax.Conditional) -> nodes.Expression:
    """Return `condition ? then : otherwise`; a constant condition leaves only its branch."""
    condition = checking.visit(tree.condition)
    if condition.type is not BOOL:
        not_a_bool(checking, condition, tree.condition, "the condition before `?` must be true or false")
    trees = tree.then, tree.otherwise
    branches = one_type(checking, [checking.visit(branch) for branch in trees], trees, "the branches of `?:`")
    if branches is None:
        return WRONG
    then, otherwise = branches
    if type(condition) is nodes.Constant:
        return then if condition.value else otherwise
    return nodes.Conditional(condition, then, otherwise, then.type, tree.span)


def as_string(checking: Checking, tree: syntax.Expression) -> str:
    """Return how a rule says a value as a string."""
    words = checking.quote(tree)
    return quoted(words) if type(tree) is syntax.Constant else f"string({words})"


def not_a_bool(checking: Checking, node: nodes.Expression, tree: syntax.Expression, need: str) -> None:
    """Note that a value stands where only true or false can stand."""
    kind = node.type
    if kind is WRONG_TYPE:
        return
    words = checking.quote(tree)
    example = EXAMPLES.get(kind) if type(kind) is Scalar else None
    if type(node) is nodes.Constant or type(node) is nodes.Now:
        fix = "compare a column with it"
    elif type(kind) is StructType and kind.fields:
        fix = f"use one of its fields: `{words}.{kind.fields[0][0]}`"
    elif example is None:
        fix = f"look into it: `… in {words}`" if type(kind) is ListType else ""
    else:
        fix = f"compare it, e.g. `{example.format(checking.side(tree))}`"
    checking.problem(f"{need}; `{words}` is {with_article(kind)}", tree.span, fix)


def one_type(
    checking: Checking,
    operands: list[nodes.Expression],
    trees: tuple[syntax.Expression, ...],
    place: str,
    whole: syntax.Span | None = None,
) -> list[nodes.Expression] | None:
    """Return the operands with one type, constants turned into that type; None after noting a problem.

    place  what holds the operands, for the message: "the branches of `?:`"
    whole  where a call of `coalesce` stands, which may be rewritten as a choice
    """
    if any(operand.type is WRONG_TYPE for operand in operands):
        return None
    kind = operands[0].type
    if type(kind) is Scalar and all(operand.type is kind for operand in operands):
        return operands
    firm = [operand.type for operand in operands if type(operand) is not nodes.Constant]
    refusal: tuple[Refusal, syntax.Expression] | None = None
    for target in firm or [operand.type for operand in operands]:
        agreed: list[nodes.Expression] = []
        for operand, tree in zip(operands, trees, strict=True):
            settled = operand if operand.type is target else settle(operand, tree, target)
            if isinstance(settled, Refusal):
                refusal = refusal or (settled, tree)
            elif settled is not None:
                agreed.append(settled)
        if len(agreed) == len(operands) and type(target) is Scalar:
            return agreed
    if refusal is not None:
        checking.refuse(refusal[0], refusal[1].span)
        return None
    _no_one_type(checking, operands, trees, place, whole)
    return None


def _no_one_type(
    checking: Checking,
    operands: list[nodes.Expression],
    trees: tuple[syntax.Expression, ...],
    place: str,
    whole: syntax.Span | None,
) -> None:
    """Note operands whose types have no bridge."""
    for operand, tree in zip(operands, trees, strict=True):
        if type(operand.type) is not Scalar:
            message = f"{place} must be single values, but `{checking.quote(tree)}` is {with_article(operand.type)}"
            checking.problem(message, tree.span)
            return
    other = next(index for index, operand in enumerate(operands) if operand.type is not operands[0].type)
    first, second = checking.describe(operands[0], trees[0]), checking.describe(operands[other], trees[other])
    fix = _either(checking, operands, trees) if whole is not None else ""
    span = whole if fix and whole is not None else trees[other].span
    for index, against in ((0, other), (other, 0)) if not fix else ():
        kind = operands[index].type
        if {kind, operands[against].type} <= {INT, UINT, DOUBLE} and kind is not DOUBLE:
            fix, span = f"write `double({checking.quote(trees[index])})`", trees[index].span
        elif operands[against].type is STRING:
            fix, span = f"write `{as_string(checking, trees[index])}`", trees[index].span
    checking.problem(f"{place} must have one type, but they are {first} and {second}", span, fix)


def _either(checking: Checking, operands: list[nodes.Expression], trees: tuple[syntax.Expression, ...]) -> str:
    """Return `coalesce(a, b)` of two types as the choice that it stands for; the first operand is a column."""
    if len(operands) != 2:
        return ""
    first, second = checking.quote(trees[0]), checking.quote(trees[1])
    kinds = operands[0].type, operands[1].type
    if STRING in kinds:
        string = quoted(second) if type(operands[1]) is nodes.Constant else f"string({second})"
        return (
            f"`coalesce({first}, {string})`"
            if kinds[0] is STRING
            else f"`({first} == null ? {second} : string({first}))`"
        )
    if DOUBLE in kinds and set(kinds) <= {INT, UINT, DOUBLE}:
        if kinds[0] is DOUBLE:
            return f"`coalesce({first}, double({second}))`"
        return f"`({first} == null ? {second} : double({first}))`"
    return ""


def _not_an_operand(
    checking: Checking, tree: syntax.Logical, operand: nodes.Expression, part: syntax.Expression
) -> None:
    """Note an operand that is no bool; `country == "DE" || "AT"` is so common that it has a message of its own."""
    place = tree.operands.index(part)
    previous = tree.operands[place - 1] if place else None
    following = tree.operands[place + 1] if place + 1 < len(tree.operands) else None
    if _is_test(following) and operand.type is STRING and type(operand) is not nodes.Constant:
        assert type(following) is syntax.Binary  # `country || city == "x"`
        test = f"{checking.quote(part)} {following.operator} {checking.quote(following.right)}"
        message = f"`{tree.operator}` needs true or false on both sides; `{checking.quote(part)}` is a string"
        checking.problem(message, part.span, f"repeat the comparison: `{test}`")
        return
    if type(operand) is nodes.Constant and operand.type is not WRONG_TYPE and type(previous) is syntax.Binary:
        left, operator, word = checking.side(previous.left), previous.operator, checking.quote(part)
        if operator == "==" and tree.operator == "||":
            fix = f"`{left} in [{checking.quote(previous.right)}, {word}]`"
        else:
            fix = f"repeat the comparison: `{left} {operator} {word}`"
        message = f"`{tree.operator}` needs true or false on both sides; `{word}` is {with_article(operand.type)}"
        checking.problem(message, part.span, fix)
        return
    not_a_bool(checking, operand, part, f"`{tree.operator}` needs true or false on both sides")


def _is_test(tree: syntax.Expression | None) -> bool:
    """Return whether an expression compares something with a string."""
    return (
        type(tree) is syntax.Binary
        and tree.operator in ("==", "!=")
        and type(tree.right) is syntax.Constant
        and tree.right.kind == "string"
    )
