"""Arithmetic and comparisons between constants, as CEL defines them.

int and uint are checked 64-bit numbers, `/` and `%` truncate toward zero, doubles follow IEEE 754. What overflows
or divides by zero is refused: it would be unknown for every customer.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from fasttwitch.logic.datatypes import DATE, DOUBLE, DURATION, INT, TIMESTAMP, UINT, Type
from fasttwitch.logic.instants import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT, LONGEST_DURATION, Refusal
from fasttwitch.logic.nodes import Value

RANGES: Mapping[Type, tuple[int, int]] = {
    INT: (-(2**63), 2**63 - 1),
    UINT: (0, 2**64 - 1),
    TIMESTAMP: (FIRST_INSTANT, LAST_INSTANT),
    DURATION: (-LONGEST_DURATION, LONGEST_DURATION),
    DATE: (FIRST_DAY, LAST_DAY),
}

COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
}


def fold_arithmetic(operator: str, left: Value, right: Value, result: Type) -> Value | Refusal:
    """Return `left operator right`, both of them numbers that the operator takes, as a value of type `result`."""
    if result is DOUBLE:
        assert isinstance(left, float)
        assert isinstance(right, float)
        return _fold_doubles(operator, left, right)
    assert type(left) is int
    assert type(right) is int
    if operator in "/%" and right == 0:
        return Refusal("this divides by zero")
    if operator == "%" and result is INT and (left, right) == (RANGES[INT][0], -1):
        return Refusal("the result does not fit into an int")  # as the division that it belongs to
    value = _fold_integers(operator, left, right)
    lowest, highest = RANGES[result]
    if not lowest <= value <= highest:
        return Refusal(f"the result does not fit into {_name(result)}")
    return value


def fold_negation(value: Value, kind: Type) -> Value | Refusal:
    """Return `-value` of an int or a double."""
    if isinstance(value, float):
        return -value
    assert type(value) is int
    return Refusal("the result does not fit into an int") if value == RANGES[INT][0] else -value


def fold_comparison(operator: str, left: Value, right: Value) -> bool:
    """Return whether the comparison holds; numbers of different types compare as the language says."""
    if isinstance(left, float) and isinstance(right, int):
        right = float(right)
    elif isinstance(right, float) and isinstance(left, int):
        left = float(left)
    assert not {type(left), type(right)} >= {Decimal, float}, "no rule compares a decimal with a double"
    return COMPARISONS[operator](left, right)


def _fold_integers(operator: str, left: int, right: int) -> int:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            quotient = abs(left) // abs(right)
            return quotient if (left < 0) == (right < 0) else -quotient
        case _:
            remainder = abs(left) % abs(right)
            return remainder if left >= 0 else -remainder


def _fold_doubles(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            if right != 0.0:
                return left / right
            if left == 0.0 or math.isnan(left):
                return math.nan
            return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _name(kind: Type) -> str:
    match kind:
        case _ if kind is TIMESTAMP or kind is DATE:
            return "the years 0001 to 9999"
        case _ if kind is DURATION:
            return "10,000 years"
        case _ if kind is INT:
            return "an int"
        case _:
            return f"a {kind}"
