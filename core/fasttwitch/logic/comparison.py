"""Comparisons: `left < right` and its sisters, and the null tests."""

from fasttwitch.logic import nodes
from fasttwitch.logic.advice import CONSTANTS, constant_fix, mend_bare_word, mend_list, named_part, null_words
from fasttwitch.logic.checking import WRONG_PREDICATE, WRONG_TYPE, Checking
from fasttwitch.logic.coercion import settle_operand
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    NUMERIC,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    Scalar,
    StructType,
    Type,
)
from fasttwitch.logic.folding import fold_comparison
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.list_values import list_value
from fasttwitch.syntax import nodes as syntax

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
# Numbers that compare across types: an int beside a double as if it were converted, an int beside a uint exactly.
# A decimal meets both of them exactly.
MIXED = {(one.name, other.name) for one in (INT, UINT, DOUBLE) for other in (INT, UINT, DOUBLE)} | {
    pair for whole in (INT, UINT) for pair in ((DECIMAL.name, whole.name), (whole.name, DECIMAL.name))
}


def comparison(checking: Checking, tree: syntax.Binary) -> nodes.Expression:
    """Return a comparison, a null test, or the truth of a comparison between constants."""
    left_tree, right_tree = tree.left, tree.right
    if type(right_tree) is syntax.Constant and right_tree.kind == "null":
        return null_test(checking, tree, left_tree)
    if type(left_tree) is syntax.Constant and left_tree.kind == "null":
        return null_test(checking, tree, right_tree)
    if type(left_tree) is syntax.ListOf or type(right_tree) is syntax.ListOf:
        return _of_list(checking, tree)
    if type(left_tree) is syntax.Unary and left_tree.operator == "!" and _negates_a_side(checking, tree, left_tree):
        return WRONG_PREDICATE
    left, right = checking.visit(left_tree), checking.visit(right_tree)
    if left.type is not right.type and (type(left.type) is not ListType or left.type != right.type):
        one_kind = _to_one_kind(checking, tree, left, right)
        if one_kind is None:
            return WRONG_PREDICATE
        left, right = one_kind
    elif type(left.type) is not Scalar or left.type is WRONG_TYPE:
        if computed_list(left) and computed_list(right) and tree.operator in ("==", "!="):
            return nodes.Compare(tree.operator, left, right, tree.span)
        if left.type is not WRONG_TYPE:
            _cannot_compare(checking, tree, left, right)
        return WRONG_PREDICATE
    if type(left) is nodes.Constant:
        if type(right) is nodes.Constant:
            return nodes.Constant(fold_comparison(tree.operator, left.value, right.value), BOOL, tree.span)
        return nodes.Compare(FLIPPED[tree.operator], right, left, tree.span)
    return nodes.Compare(tree.operator, left, right, tree.span)


def _of_list(checking: Checking, tree: syntax.Binary) -> nodes.Expression:
    """Return a comparison with a list that stands in the rule, which is sound beside another list only."""
    if type(tree.left) is syntax.ListOf and type(tree.right) is syntax.ListOf:
        left, right = list_value(checking, tree.left), list_value(checking, tree.right)
    elif type(tree.left) is syntax.ListOf:
        right = checking.visit(tree.right)  # once: what it says may be long, and hold such comparisons itself
        left = list_value(checking, tree.left) if computed_list(right) else checking.visit(tree.left)
    else:
        assert type(tree.right) is syntax.ListOf
        left = checking.visit(tree.left)
        right = list_value(checking, tree.right) if computed_list(left) else checking.visit(tree.right)
    if left.type is WRONG_TYPE or right.type is WRONG_TYPE:
        mend_list(checking, tree, tree.left, tree.right, right.type)
        mend_list(checking, tree, tree.right, tree.left, left.type)
        return WRONG_PREDICATE
    left, right = _empty_as(left, right), _empty_as(right, left)
    if left.type != right.type or not (computed_list(left) and computed_list(right)) or tree.operator not in EQUALITIES:
        _cannot_compare(checking, tree, left, right)
        return WRONG_PREDICATE
    if type(left) is nodes.Constant and type(right) is nodes.Constant:
        return nodes.Constant((left.value == right.value) == (tree.operator == "=="), BOOL, tree.span)
    if type(left) is nodes.Constant:
        left, right = right, left
    return nodes.Compare(tree.operator, left, right, tree.span)


def computed_list(node: nodes.Expression) -> bool:
    """Return whether a node is a list that a rule makes: columns of lists are another matter."""
    return type(node.type) is ListType and type(node) is not nodes.Attribute


def _negates_a_side(checking: Checking, tree: syntax.Binary, negation: syntax.Unary) -> bool:
    """Note `!country == "DE"`, which negates `country` alone; return whether the rule has this mistake."""
    if type(negation.operand) not in (syntax.Name, syntax.Member) or type(tree.right) is not syntax.Constant:
        return False
    operand = checking.glance(negation.operand)
    if operand.type is BOOL or operand.type is WRONG_TYPE or type(operand.type) is not Scalar:
        return False
    words = checking.quote(negation.operand)
    whole = checking.text[negation.operand.span[0] : tree.span[1]] or f"{words} {tree.operator} …"
    checking.problem(f"this `!` stands before `{words}` alone", negation.span, f"`!({' '.join(whole.split())})`")
    return True


def _empty_as(node: nodes.Expression, other: nodes.Expression) -> nodes.Expression:
    """Return the empty list as a list of what the other side holds."""
    if type(node) is nodes.Constant and node.value == () and type(other.type) is ListType:
        return nodes.Constant((), other.type, node.span)
    return node


EQUALITIES = ("==", "!=")
# What a constant of each type is called in advice.
KINDS = {
    INT: "a whole number",
    UINT: "a whole number",
    DOUBLE: "a number",
    DECIMAL: "a number",
    STRING: "a string",
    BOOL: "`true` or `false`",
    TIMESTAMP: "an instant",
    DATE: "a day",
    DURATION: "a length of time",
    SEMVER: "a version",
}


def null_test(checking: Checking, tree: syntax.Binary, operand_tree: syntax.Expression) -> nodes.Expression:
    """Return `operand == null` or `operand != null`."""
    operator = tree.operator
    if operator not in ("==", "!="):
        words = checking.quote(operand_tree)
        fix = f"`{words} == null`, or `{words} != null`"
        checking.problem(f"`{operator}` has no meaning for null", tree.span, fix)
        return WRONG_PREDICATE
    operand = column(checking, operand_tree, operator)
    if operand is None:
        return WRONG_PREDICATE
    is_null = nodes.IsNull(operand, tree.span)
    return is_null if operator == "==" else nodes.Not(is_null, tree.span)


def column(checking: Checking, tree: syntax.Expression, operator: str = "!=") -> nodes.Attribute | None:
    """Return the column or struct field that may be null; None after noting that it is neither."""
    words, test = checking.quote(tree), null_words(tree, operator)
    fix = f"test the columns themselves: `{test}`" if test else "leave the test out: a constant is never null"
    if type(tree) is not syntax.Constant:
        operand = checking.visit(tree)
        if type(operand) is nodes.Attribute:
            return operand
        if operand.type is WRONG_TYPE or operand is WRONG_PREDICATE:
            return None
        if operand.type is BOOL:
            fix = f"`!isKnown({words})`" if operator == "==" else f"`isKnown({words})`"
    checking.problem(f"only a column or a field can be null, and `{words}` is neither", tree.span, fix)
    return None


def _to_one_kind(
    checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression
) -> tuple[nodes.Expression, nodes.Expression] | None:
    """Return both sides such that they can be compared; None after noting that they cannot."""
    if left.type is WRONG_TYPE or right.type is WRONG_TYPE:
        for side, other, node in ((tree.left, tree.right, right), (tree.right, tree.left, left)):
            if type(node.type) is Scalar and node.type is not WRONG_TYPE:
                mend_bare_word(checking, side, node)
                mend_list(checking, tree, side, other, node.type)
        return None
    as_left = settle_operand(right, tree.right, left.type)
    if as_left is not None and not isinstance(as_left, Refusal):
        return left, as_left
    as_right = settle_operand(left, tree.left, right.type)
    if as_right is not None and not isinstance(as_right, Refusal):
        return as_right, right
    for refusal, side in ((as_left, tree.right), (as_right, tree.left)):
        if isinstance(refusal, Refusal):
            checking.refuse(refusal, side.span)
            return None
    left_type, right_type = left.type, right.type
    if type(left_type) is Scalar and type(right_type) is Scalar and (left_type.name, right_type.name) in MIXED:
        return left, right
    _cannot_compare(checking, tree, left, right)
    return None


def _cannot_compare(checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression) -> None:
    """Note that two types do not compare, and what was probably meant."""
    for node, side in ((left, tree.left), (right, tree.right)):
        if type(node.type) is not Scalar:
            message = f"cannot compare {checking.describe(node, side)} with `{tree.operator}`"
            other, other_tree = (right, tree.right) if side is tree.left else (left, tree.left)
            item = checking.side(other_tree) if type(other.type) is Scalar else "…"
            checking.problem(message, side.span, _no_value_fix(node.type, checking.quote(side), item))
            return
    message = f"cannot compare {checking.describe(left, tree.left)} with {checking.describe(right, tree.right)}"
    # The constant is what can be mended, so it gets the carets.
    if type(right) is nodes.Constant and type(left) is not nodes.Constant:
        span = tree.right.span
    else:
        span = tree.left.span if type(left) is nodes.Constant else tree.span
    checking.problem(message, span, _fix(checking, tree, left, right))


def _fix(checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression) -> str:
    """Return the comparison as it was probably meant."""
    words = checking.side(tree.left), checking.side(tree.right)
    if SEMVER in (left.type, right.type) and STRING in (left.type, right.type):
        named = [
            f"semver({word})" if node.type is STRING else word for word, node in zip(words, (left, right), strict=True)
        ]
        return f"`{named[0]} {tree.operator} {named[1]}`"
    for side, node, other in ((1, right, left), (0, left, right)):
        if type(node) is nodes.Constant:
            if tree.operator in EQUALITIES and node.type is STRING and node.value in ("", "null", "NULL"):
                return f"a missing value is null: `{words[1 - side]} {tree.operator} null`"
            if (number := named_part(node.value, other)) is not None:
                both = (words[0], str(number)) if side == 1 else (str(number), words[1])
                return f"they are numbers, from 0: `{both[0]} {tree.operator} {both[1]}`"
            if node.type in NUMERIC and other.type is STRING and tree.operator not in EQUALITIES:
                return _as_numbers(checking, tree, side, node, words)
            advice = constant_fix(node, words[side], other.type)
            if advice is not None:
                why, replacement = advice
                both = (words[0], replacement) if side == 1 else (replacement, words[1])
                return f"{why}: `{both[0]} {tree.operator} {both[1]}`"
            assert type(other.type) is Scalar
            words = (words[0], CONSTANTS[other.type]) if side == 1 else (CONSTANTS[other.type], words[1])
            operator = "==" if other.type is BOOL else tree.operator
            return f"compare it with {KINDS[other.type]}: `{words[0]} {operator} {words[1]}`"
    if type(tree.left) is syntax.Binary and tree.left.operator in FLIPPED and left.type is BOOL:
        middle = checking.quote(tree.left.right)
        return f"say both: `{checking.quote(tree.left)} && {middle} {tree.operator} {words[1]}`"
    if DECIMAL in (left.type, right.type) and DOUBLE in (left.type, right.type):
        both = (f"double({words[0]})", words[1]) if left.type is DECIMAL else (words[0], f"double({words[1]})")
        return f"`{both[0]} {tree.operator} {both[1]}`"
    if {left.type, right.type} == {DATE, TIMESTAMP}:
        days = [
            f"date({word})" if node.type is TIMESTAMP else word for word, node in zip(words, (left, right), strict=True)
        ]
        return f"compare two days: `{days[0]} {tree.operator} {days[1]}`"
    if left.type is STRING and right.type in (*NUMERIC, BOOL):
        return f"convert one side: `{words[0]} {tree.operator} string({words[1]})`"
    if right.type is STRING and left.type in (*NUMERIC, BOOL):
        return f"convert one side: `string({words[0]}) {tree.operator} {words[1]}`"
    return ""


def _as_numbers(
    checking: Checking, tree: syntax.Binary, side: int, constant: nodes.Constant, words: tuple[str, str]
) -> str:
    """Return `name > 5` with the string as a number: as strings "10" comes before "9"."""
    string = tree.left if side == 1 else tree.right
    number = f"{'double' if constant.type is DOUBLE else 'int'}({checking.quote(string)})"
    if type(string) is syntax.Call and string.function == "string" and len(string.arguments) == 1:
        number = checking.side(string.arguments[0])
    both = (number, words[1]) if side == 1 else (words[0], number)
    return f"compare numbers: `{both[0]} {tree.operator} {both[1]}`"


def _no_value_fix(kind: Type, words: str, item: str) -> str:
    """Return what to compare in place of a struct or a list."""
    match kind:
        case StructType(((field, _), *_)):
            return f"compare one of its fields: `{words}.{field}`"
        case ListType():
            return f"look into it: `{item} in {words}`"
        case _:
            return ""
