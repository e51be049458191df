"""What JsonLogic means, as https://jsonlogic.com says it; only values of one type are compared.

strict  a missing value is neither smaller nor greater than a number; else it is 0, as in JavaScript
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

NAN = float("nan")


def evaluate(rule: Any, row: Mapping[str, Any], strict: bool) -> Any:
    """Return what a rule gives for a row."""
    if not isinstance(rule, dict):
        return rule
    ((name, written),) = rule.items()
    given = written if isinstance(written, list) else [written]
    match name:
        case "var":
            found = row.get(given[0])
            return given[1] if found is None and len(given) > 1 else found
        case "missing":
            return [each for each in given if row.get(each) in (None, "")]
        case "and" | "or":
            for each in given:
                value = evaluate(each, row, strict)
                if truthy(value) is (name == "or"):
                    break
            return value
        case "if" | "?:":
            while len(given) > 1:
                condition, then, *given = given
                if truthy(evaluate(condition, row, strict)):
                    return evaluate(then, row, strict)
            return evaluate(given[0], row, strict) if given else None
    values = [evaluate(each, row, strict) for each in given]
    match name:
        case "!":
            return not truthy(values[0])
        case "!!":
            return truthy(values[0])
        case "==" | "===":
            return equal(rule, values, strict)
        case "!=" | "!==":
            return not equal(rule, values, strict)
        case "<" | "<=" | ">" | ">=":
            return all(ordered(name, *pair, strict) for pair in pairwise(values))
        case "in":
            return values[0] is not None and values[1] is not None and values[0] in values[1]
        case "+" | "-" | "*" | "/" | "max" | "min":
            return calculated(name, [NAN if one is None and (strict or name == "+") else one or 0 for one in values])
        case "cat":
            return None if strict and None in values else "".join("" if one is None else one for one in values)
        case "substr":
            return part(*values)
    raise AssertionError(name)


def truthy(value: Any) -> bool:
    """Return whether a value counts as true; the empty array does not."""
    return value == value and bool(value)


def equal(rule: Any, values: list[Any], strict: bool) -> bool:
    """Return whether two values are equal; two missing ones are, but not where missing is unknown."""
    (given,) = rule.values()
    if strict and None in values and None not in given:
        return False
    return bool(values[0] == values[1])


def ordered(operator: str, left: Any, right: Any, strict: bool) -> bool:
    """Return whether two values stand so to each other."""
    if None in (left, right):
        if strict or isinstance(left, str) or isinstance(right, str):
            return False
        left, right = left or 0, right or 0
    relations: dict[str, bool] = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return relations[operator]


def calculated(operator: str, values: list[Any]) -> Any:
    """Return a sum, difference, product, quotient, or the greatest or least; with a NaN in it, NaN."""
    if any(value != value for value in values):
        return NAN
    match operator:
        case "max" | "min":
            return max(values) if operator == "max" else min(values)
        case "/":
            return quotient(*values)
    if len(values) == 1:
        return -values[0] if operator == "-" else values[0]
    result = values[0]
    for value in values[1:]:
        result = {"+": result + value, "-": result - value, "*": result * value}[operator]
    return result


def quotient(left: float, right: float) -> float:
    """Return a quotient of doubles."""
    if right == 0:
        return float("nan") if left == 0 else float("inf") if left > 0 else float("-inf")
    return left / right


def part(text: str | None, start: int, length: int | None = None) -> str | None:
    """Return a part of a text; what is negative counts from the end."""
    if text is None:
        return None
    begin = min(start, len(text)) if start >= 0 else max(len(text) + start, 0)
    if length is None:
        return text[begin:]
    end = begin + length if length >= 0 else max(len(text) + length, begin)
    return text[begin:end]
