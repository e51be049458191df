"""Syntax trees as importers build them: without places, simplified where nothing is lost.

Places are given at the end, when the whole rule has been printed and is read again.
"""

from decimal import Decimal

from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    ListOf,
    Logical,
    Name,
    Unary,
)

NOWHERE = (0, 0)
TRUE = Constant("bool", True, NOWHERE)
FALSE = Constant("bool", False, NOWHERE)
NULL = Constant("null", None, NOWHERE)
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def text_constant(value: str) -> Constant:
    """Return a string."""
    return Constant("string", value, NOWHERE)


def whole(value: int) -> Constant:
    """Return an int."""
    return Constant("int", value, NOWHERE, str(value))


def double(value: float) -> Constant:
    """Return a double with its shortest digits."""
    return Constant("double", value, NOWHERE, format(Decimal(repr(value)), "f"))


def call(function: str, *arguments: Expression) -> Call:
    """Return `function(…)`."""
    return Call(function, None, arguments, NOWHERE, NOWHERE)


def method(receiver: Expression, function: str, *arguments: Expression) -> Call:
    """Return `receiver.function(…)`."""
    return Call(function, receiver, arguments, NOWHERE, NOWHERE)


def math(function: str, *arguments: Expression) -> Call:
    """Return `math.function(…)`."""
    return Call(function, Name("math", NOWHERE), arguments, NOWHERE, NOWHERE)


def binary(operator: str, left: Expression, right: Expression) -> Expression:
    """Return `left operator right`; a constant left of a comparison with something else changes places with it."""
    if operator in _MIRRORED and isinstance(left, Constant) and not isinstance(right, Constant):
        return Binary(_MIRRORED[operator], right, left, NOWHERE, NOWHERE)
    return Binary(operator, left, right, NOWHERE, NOWHERE)


def is_null(column: Expression) -> Expression:
    """Return `column == null`."""
    return binary("==", column, NULL)


def is_there(column: Expression) -> Expression:
    """Return `column != null`."""
    return binary("!=", column, NULL)


def listed(operand: Expression, items: list[Constant]) -> Expression:
    """Return `operand in [items]`."""
    return binary("in", operand, ListOf(tuple(items), NOWHERE))


def both(*operands: Expression) -> Expression:
    """Return `a && b && …`: without operands true, and without those that are true."""
    return _chain("&&", operands, TRUE, FALSE)


def either(*operands: Expression) -> Expression:
    """Return `a || b || …`: without operands false, and without those that are false."""
    return _chain("||", operands, FALSE, TRUE)


def negation(operand: Expression) -> Expression:
    """Return `!operand`; of a null test, the opposite test."""
    match operand:
        case Constant("bool", value):
            return FALSE if value else TRUE
        case Binary("==" | "!=" as operator, left, Constant("null")):
            return binary("!=" if operator == "==" else "==", left, NULL)
    return Unary("!", operand, NOWHERE)


def minus(operand: Expression) -> Expression:
    """Return `-operand`."""
    match operand:
        case Constant("int", int(value)) if value != -(2**63):
            return whole(-value)
        case Constant("double", float(value)):
            return double(-value)
    return Unary("-", operand, NOWHERE)


def is_true(operand: Expression) -> Expression:
    """Return `isTrue(operand)`, or the operand if it is never unknown."""
    return operand if never_unknown(operand) else call("isTrue", operand)


def is_not_true(operand: Expression) -> Expression:
    """Return `!isTrue(operand)`: how systems with two truth values negate."""
    return negation(is_true(operand))


def choice(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """Return `condition ? then : otherwise`, said with less where a branch is true or false."""
    if isinstance(condition, Constant):
        return then if condition.value else otherwise
    if never_unknown(condition):  # else a condition that is unknown would let a branch decide
        match then, otherwise:
            case Constant("bool", one), Constant("bool", other) if one is other:
                return then
            case Constant("bool", True), Constant("bool", False):
                return condition
            case Constant("bool", False), Constant("bool", True):
                return negation(condition)
            case Constant("bool", True), _:
                return either(condition, otherwise)
            case _, Constant("bool", False):
                return both(condition, then)
    return Conditional(condition, then, otherwise, NOWHERE)


def never_unknown(tree: Expression) -> bool:
    """Return whether a predicate is surely true or false."""
    match tree:
        case Constant("bool") | Call("isTrue" | "isKnown", None):
            return True
        case Binary("==" | "!=", _, Constant("null")):
            return True
        case Unary("!", operand):
            return never_unknown(operand)
        case Logical(_, operands):
            return all(never_unknown(operand) for operand in operands)
    return False


def _chain(operator: str, operands: tuple[Expression, ...], neutral: Constant, deciding: Constant) -> Expression:
    parts: list[Expression] = []
    for operand in operands:
        if isinstance(operand, Logical) and operand.operator == operator:
            parts += operand.operands
        elif operand == deciding:
            return deciding
        elif operand != neutral:
            parts.append(operand)
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else Logical(operator, tuple(parts), NOWHERE)
