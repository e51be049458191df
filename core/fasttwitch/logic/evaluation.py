"""Values of typed trees, by the definitions of the catalogue: one value at a time, None standing for unknown."""

from collections.abc import Callable, Sequence

from fasttwitch.logic.folding import fold_comparison
from fasttwitch.logic.nodes import Apply, Compare, Constant, Expression, In, ListOf, Value
from fasttwitch.logic.overloads import define_of


def constant_value(expression: Expression) -> Value | None:
    """Return the value of an expression of strict functions and constants alone."""
    match expression:
        case Constant(value):
            return value
        case Apply() | Compare() | In() | ListOf():
            operands = strict_operands(expression)
            values = [constant_value(operand) for operand in operands]
            known = [value for value in values if value is not None]
            return definition(expression)(*known) if len(known) == len(values) else None
    raise AssertionError(f"{expression} has no value of its own")


def strict_operands(expression: Apply | Compare | In | ListOf) -> Sequence[Expression]:
    """Return what an expression is a strict function of."""
    match expression:
        case Apply(_, arguments):
            return arguments
        case Compare(_, left, right):
            return left, right
        case In(operand):
            return (operand,)
        case _:
            return expression.items


def definition(expression: Apply | Compare | In | ListOf) -> Callable[..., Value | None]:
    """Return what an expression does to the values of its operands, None standing for unknown."""
    match expression:
        case Apply():
            return define_of(expression)
        case Compare(operator):
            return lambda left, right: fold_comparison(operator, left, right)
        case In(_, constants):
            return member_of(constants)
        case _:
            return lambda *values: values


def member_of(constants: tuple[Value, ...]) -> Callable[[Value], bool]:
    """Return whether a value equals one of the constants: an integer meets a double as a double, Python would not."""
    doubles = frozenset(constant for constant in constants if isinstance(constant, float))
    others = frozenset(constant for constant in constants if not isinstance(constant, float))
    if not doubles:
        return others.__contains__
    return lambda value: (isinstance(value, int) and value in others) or float(value) in doubles  # type: ignore[arg-type]
