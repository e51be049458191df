"""Constants that become what the other side is: `ltv > 500`, `price == 1.10`, `signup >= "2026-01-31"`."""

from decimal import Decimal

from fasttwitch.logic.datatypes import DATE, DECIMAL, DOUBLE, INT, SEMVER, STRING, TIMESTAMP, UINT, Type
from fasttwitch.logic.instants import Refusal, read_date, read_timestamp
from fasttwitch.logic.nodes import Conditional, Constant, Expression, Value
from fasttwitch.logic.versions import read_version
from fasttwitch.syntax import nodes as syntax

LARGEST_EXACT = 2**53  # up to here every int is a double
_LARGEST_EXPONENT = 400  # no double lies further out; what does would only make scaling slow


def coerce(constant: Constant, tree: syntax.Expression, target: Type) -> Constant | Refusal | None:
    """Return the constant as one of type `target`, why it is refused, or None where the two types have no bridge.

    tree   what the constant came from: a decimal keeps the digits that were written
    """
    kind = constant.type
    if kind is target:
        return constant
    value: Value | Refusal | None = None
    if kind is INT and type(constant.value) is int:
        value = _from_int(constant.value, target)
    elif kind is DOUBLE and target is DECIMAL:
        value = written_decimal(tree)
    elif kind is UINT and target is DECIMAL and type(constant.value) is int:
        value = Decimal(constant.value)
    elif kind is STRING and type(constant.value) is str:
        if target is TIMESTAMP:
            value = read_timestamp(constant.value)
        elif target is DATE:
            value = read_date(constant.value)
        elif target is SEMVER:
            value = read_version(constant.value)
    if isinstance(value, Refusal) and (words := _spoken(str(constant.value), target)):
        return Refusal(value.message, words)
    if value is None or type(value) is Refusal:
        return value
    return Constant(value, target, constant.span)  # type: ignore[arg-type]  # mypy does not narrow by `type(…) is`


def settle(node: Expression, tree: syntax.Expression, target: Type) -> Expression | Refusal | None:
    """Return a constant, or a choice between constants, as one of type `target`; else as `coerce` does."""
    if type(node) is Constant:
        return coerce(node, tree, target)
    if type(node) is not Conditional or type(tree) is not syntax.Conditional:
        return None
    then, otherwise = settle(node.then, tree.then, target), settle(node.otherwise, tree.otherwise, target)
    if then is None or isinstance(then, Refusal):
        return then
    if otherwise is None or isinstance(otherwise, Refusal):
        return otherwise
    return Conditional(node.condition, then, otherwise, target, node.span)


def settle_operand(node: Expression, tree: syntax.Expression, target: Type) -> Expression | Refusal | None:
    """Return a side of a comparison as the other side needs it; like `settle`, and a uint may meet a double.

    A choice of which one constant does not fit stays as it is: numbers of two types can be compared.
    """
    if type(node) is Constant:
        return coerce_operand(node, tree, target)
    settled = settle(node, tree, target)
    return None if isinstance(settled, Refusal) else settled


def coerce_operand(constant: Constant, tree: syntax.Expression, target: Type) -> Constant | Refusal | None:
    """Return a constant as the other side of a comparison needs it; like `coerce`, and a uint may meet a double."""
    if constant.type is UINT and target is DOUBLE and type(constant.value) is int:
        # An uint beside a double compares as if converted, so converting it here changes nothing.
        return Constant(float(constant.value), DOUBLE, constant.span)
    return coerce(constant, tree, target)


def written_decimal(tree: syntax.Expression) -> Decimal | Refusal:
    """Return the number with exactly the digits that stand in the text."""
    match tree:
        case syntax.Constant(kind="double", value=float() as value, text=text) if text:
            number = Decimal(text)
            if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
                return Refusal(f"`{text}` is out of reach for a decimal")
            # The sign may be part of the text or not. `-number` would round to 28 digits, `copy_negate` keeps them all.
            return number.copy_abs().copy_negate() if value < 0 else number
        case syntax.Constant(kind="int", value=int() as whole):  # of `1.5` and `2`, which became doubles together
            return Decimal(whole)
        case syntax.Unary("-", operand):
            number_or_refusal = written_decimal(operand)
            return number_or_refusal if isinstance(number_or_refusal, Refusal) else number_or_refusal.copy_negate()
        case _:
            return Refusal(
                "a computed double is not exact enough to be compared with a decimal",
                "write the result as one number, e.g. `1.10`",
            )


def _from_int(value: int, target: Type) -> Value | Refusal | None:
    if target is DOUBLE:
        if abs(value) <= LARGEST_EXACT:
            return float(value)
        return Refusal(f"`{value}` cannot be a double exactly", f"write the double that is meant: `{float(value)!r}`")
    if target is UINT:
        return value if value >= 0 else Refusal(f"`{value}` cannot be a uint: a uint is never negative")
    if target is DECIMAL:
        return Decimal(value)
    return None


def _spoken(text: str, target: Type) -> str:
    """Return how a rule says "yesterday", "" for what is no such word."""
    moved = {"now": "now", "today": "now", "yesterday": "now - days(1)", "tomorrow": "now + days(1)"}
    instant = moved.get(text.strip().lower(), "")
    if not instant:
        return ""
    return f"write `date({instant})`" if target is DATE else f"write `{instant}`"
