"""Types of `+ - * / %` and of the minus sign."""

from fasttwitch.logic import nodes
from fasttwitch.logic.advice import is_number
from fasttwitch.logic.checking import WRONG, WRONG_TYPE, Checking
from fasttwitch.logic.coercion import settle
from fasttwitch.logic.datatypes import (
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    NUMERIC,
    STRING,
    TIMESTAMP,
    UINT,
    Scalar,
    Type,
)
from fasttwitch.logic.folding import fold_arithmetic, fold_negation
from fasttwitch.logic.instants import DAY, Refusal, duration_words, read_timestamp
from fasttwitch.logic.overloads import folded
from fasttwitch.logic.truth import as_string
from fasttwitch.syntax import nodes as syntax

# What each pair of types gives. int, uint and double are never mixed: `double(a) + b` says what is meant.
_RESULTS: tuple[tuple[str, Scalar, Scalar, Scalar], ...] = (
    *((operator, kind, kind, kind) for operator in "+-*/%" for kind in (INT, UINT)),
    *((operator, DOUBLE, DOUBLE, DOUBLE) for operator in "+-*/"),
    ("-", TIMESTAMP, TIMESTAMP, DURATION),
    ("+", TIMESTAMP, DURATION, TIMESTAMP),
    ("-", TIMESTAMP, DURATION, TIMESTAMP),
    ("+", DURATION, DURATION, DURATION),
    ("-", DURATION, DURATION, DURATION),
    ("*", DURATION, INT, DURATION),
    ("+", DATE, DURATION, DATE),
    ("-", DATE, DURATION, DATE),
)
# Keyed by names: strings know their hash, types would compute theirs anew for every node.
RESULTS = {(operator, left.name, right.name): result for operator, left, right, result in _RESULTS}
JOINING = ("+", "string", "string")
# These stand in the other order as well; the typed tree holds the order above.
SWAPPED = {("+", "duration", "timestamp"), ("*", "int", "duration"), ("+", "duration", "date")}


def arithmetic(checking: Checking, tree: syntax.Binary) -> nodes.Expression:
    """Return `left operator right`; of two constants, their result."""
    left, right = checking.visit(tree.left), checking.visit(tree.right)
    if left.type is WRONG_TYPE or right.type is WRONG_TYPE:
        return WRONG
    if left.type is not right.type:
        if right.type is INT:
            right = _settled(checking, right, tree.right, left.type)
        elif left.type is INT:
            left = _settled(checking, left, tree.left, right.type)
        if left is WRONG or right is WRONG:
            return WRONG
    left_type, right_type = left.type, right.type
    if type(left_type) is not Scalar or type(right_type) is not Scalar:
        return _not_numbers(checking, tree, left, right)
    key = (tree.operator, left_type.name, right_type.name)
    moved_tree = tree.left
    if key in SWAPPED:
        left, right, moved_tree = right, left, tree.right
        key = (tree.operator, right_type.name, left_type.name)
    result = RESULTS.get(key)
    if key == JOINING:
        return folded(checking, nodes.Apply("+", (left, right), STRING, tree.span), tree)
    if result is None:
        return _no_result(checking, tree, left, right)
    if result is DATE and not (type(right) is nodes.Constant and type(right.value) is int and right.value % DAY == 0):
        words, other = checking.term(moved_tree), tree.left if moved_tree is tree.right else tree.right
        fix = f"e.g. `{words} {tree.operator} days(1)`"
        if type(right) is not nodes.Constant:
            fix = f"move an instant: `date(timestamp({words}) {tree.operator} {checking.term(other)})`"
        return checking.problem("a date moves by a constant number of whole days", tree.span, fix)
    if type(left) is nodes.Constant and type(right) is nodes.Constant:
        return _folded(checking, tree, left, right, result)
    return nodes.Apply(tree.operator, (left, right), result, tree.span)


def minus_sign(checking: Checking, tree: syntax.Unary) -> nodes.Expression:
    """Return `-operand`; of a constant, its result."""
    operand = checking.visit(tree.operand)
    kind = operand.type
    if kind is WRONG_TYPE:
        return WRONG
    if kind is DECIMAL:
        fix = f"calculate with doubles: `-double({checking.quote(tree.operand)})`"
        return checking.problem("decimals are compared, not calculated with", tree.span, fix)
    if kind is not INT and kind is not DOUBLE:
        words = checking.describe(operand, tree.operand)
        fix = f'`duration("0s") - {checking.term(tree.operand)}`' if kind is DURATION else ""
        fix = f"convert it: `-int({checking.quote(tree.operand)})`" if kind in (UINT, STRING) else fix
        return checking.problem(f"`-` needs an int or a double, not {words}", tree.span, fix)
    if type(operand) is nodes.Constant:
        value = fold_negation(operand.value, kind)
        if isinstance(value, Refusal):
            return checking.refuse(value, tree.span)
        return nodes.Constant(value, kind, tree.span)
    return nodes.Apply("negate", (operand,), kind, tree.span)


def _settled(checking: Checking, node: nodes.Expression, tree: syntax.Expression, target: Type) -> nodes.Expression:
    """Return an int constant as the other side's type where that is a number, else as it is."""
    settled = settle(node, tree, target) if target is DOUBLE or target is UINT else None
    if isinstance(settled, Refusal):
        return checking.refuse(settled, tree.span)
    return settled or node


def _folded(
    checking: Checking, tree: syntax.Binary, left: nodes.Constant, right: nodes.Constant, result: Type
) -> nodes.Expression:
    """Return the result of two constants."""
    moved = right.value
    if result is DATE:
        assert type(moved) is int
        moved //= DAY
    value = fold_arithmetic(tree.operator, left.value, moved, result)
    if isinstance(value, Refusal):
        return checking.refuse(value, tree.span)
    return nodes.Constant(value, result, tree.span)


def _not_numbers(
    checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression
) -> nodes.Expression:
    """Note a list, a struct or a map under an operator."""
    wrong, side = (right, tree.right) if type(left.type) is Scalar else (left, tree.left)
    return checking.problem(f"cannot calculate with {checking.describe(wrong, side)}", side.span)


def _no_result(
    checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression
) -> nodes.Expression:
    """Note why two types do not go together under this operator."""
    operator, kinds = tree.operator, (left.type, right.type)
    if DECIMAL in kinds and all(kind in NUMERIC for kind in kinds):
        return _no_decimals(checking, tree, left, right)
    message = f"cannot calculate {checking.describe(left, tree.left)} {operator} {checking.describe(right, tree.right)}"
    return checking.problem(message, tree.span, _fix(checking, tree, left, right))


def _no_decimals(
    checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression
) -> nodes.Expression:
    """Note arithmetic on decimals."""
    words = [
        f"double({checking.quote(side)})"
        if node.type is not DOUBLE and type(node) is not nodes.Constant
        else checking.term(side)
        for node, side in ((left, tree.left), (right, tree.right))
    ]
    fix = f"calculate with doubles: `{words[0]} {tree.operator} {words[1]}`"
    return checking.problem("decimals are compared, not calculated with", tree.span, fix)


def _uncast(tree: syntax.Expression) -> syntax.Expression:
    """Return what `uint` converts: `int(uint(x))` is said as `int(x)`; whatever `uint` takes, the others take."""
    if type(tree) is syntax.Call and tree.function == "uint" and tree.receiver is None:
        return tree.arguments[0]
    return tree


def _fix(checking: Checking, tree: syntax.Binary, left: nodes.Expression, right: nodes.Expression) -> str:
    """Return how to write what was probably meant."""
    words = checking.term(tree.left), checking.term(tree.right)
    kinds = left.type, right.type
    operator = tree.operator
    if kinds == (DOUBLE, DOUBLE):
        whole = [
            f"int({part})" if type(node) is not nodes.Constant else part
            for part, node in zip((checking.quote(tree.left), checking.quote(tree.right)), (left, right), strict=True)
        ]
        return f"`%` is for whole numbers: `{whole[0]} % {whole[1]}`"
    if INT in kinds and UINT in kinds and type(right) is nodes.Constant:
        return f"`{words[0]} {operator} {right.value}`"
    if set(kinds) <= {INT, UINT, DOUBLE}:
        trees, name = (tree.left, tree.right), "double" if DOUBLE in kinds else "int"
        both = [
            side if str(kind) == name else f"{name}({checking.quote(_uncast(part))})"
            for side, kind, part in zip(words, kinds, trees, strict=True)
        ]
        return f"`{both[0]} {operator} {both[1]}`"
    if DURATION in kinds and operator == "*":
        return "a length of time is multiplied by a whole number: use a smaller unit"
    if left.type is DURATION and operator in "/%":
        return "a length of time is not divided: compare it with a multiple"
    if left.type in (TIMESTAMP, DATE, DURATION) and type(right) is nodes.Constant and right.type is INT:
        return f"say the unit: `{words[0]} {operator} days({words[1]})`"
    for side, node, other in ((0, left, right), (1, right, left)):
        if type(node) is nodes.Constant and node.type is STRING:
            if other.type is TIMESTAMP or other.type is DURATION:
                return f"write `{_with(words, side, operator, _instant_words(str(node.value), words[side]))}`"
            if other.type is DATE:
                return f"write `{_with(words, side, operator, duration_words(str(node.value)))}`"
            if other.type in NUMERIC and is_number(str(node.value)):
                return f"drop the quotes: `{_with(words, side, operator, str(node.value))}`"
    if operator == "-" and set(kinds) <= {TIMESTAMP, DATE}:
        instants = [f"timestamp({word})" if kind is DATE else word for word, kind in zip(words, kinds, strict=True)]
        return f"the time between their instants: `{instants[0]} - {instants[1]}`"
    if operator == "+" and STRING in kinds:
        trees = (tree.left, tree.right)
        strings = [
            word if kind is STRING else as_string(checking, side)
            for word, kind, side in zip(words, kinds, trees, strict=True)
        ]
        return f"convert it: `{strings[0]} + {strings[1]}`"
    return ""


def _with(words: tuple[str, str], side: int, operator: str, new: str) -> str:
    """Return the calculation with one side written anew."""
    return f"{new} {operator} {words[1]}" if side == 0 else f"{words[0]} {operator} {new}"


def _instant_words(text: str, words: str) -> str:
    """Return a string that was added to an instant as the instant or the length of time that it names."""
    return duration_words(text) if isinstance(read_timestamp(text), Refusal) else f"timestamp({words})"
