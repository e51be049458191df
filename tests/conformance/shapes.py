"""One form for our trees and for Google's: nested tuples, compared with `==`.

    ("int", 5)  ("double", "0.1")  ("name", "x")  ("select", operand, field)  ("call", function, argument, …)
    ("method", function, receiver, argument, …)  ("list", item, …)  ("map", (key, value), …)
    ("message", type, (field, value), …)  ("has", operand, field)  ("macro", name, range, variable, argument, …)

What both parsers may do as they like is evened out: chains of `&&` and `||` are flat, pairs of equal signs are gone, a
sign before a number is part of it.
"""

from typing import TypeAlias

from fasttwitch import syntax
from tests.conformance.wire import Fields, double, fields, messages, nested, raw, signed, text, unsigned

Shape: TypeAlias = tuple[object, ...]

MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "existsOne": (2,), "filter": (2,), "map": (2, 3)}
RESULT = ("name", "@result")


def ours(tree: syntax.Expression) -> Shape:
    """Return the shape of our tree."""
    match tree:
        case syntax.Constant("double", value):
            return "double", repr(value)
        case syntax.Constant(kind, value):
            return kind, value
        case syntax.Name(name):
            return "name", name
        case syntax.Member(operand, field):
            return "select", ours(operand), field
        case syntax.Index(operand, index):
            return "call", "_[_]", ours(operand), ours(index)
        case syntax.Call():
            return _our_call(tree)
        case syntax.Unary(operator, operand):
            return sign(f"{operator}_", ours(operand))
        case syntax.Binary("in", left, right):
            return "call", "@in", ours(left), ours(right)
        case syntax.Binary(operator, left, right):
            return "call", f"_{operator}_", ours(left), ours(right)
        case syntax.Logical(operator, operands):
            return chain(f"_{operator}_", tuple(map(ours, operands)))
        case syntax.Conditional(condition, then, otherwise):
            return "call", "_?_:_", ours(condition), ours(then), ours(otherwise)
        case syntax.ListOf(items):
            return "list", *map(ours, items)
        case syntax.MapOf(entries):
            return "map", *((ours(key), ours(value)) for key, value in entries)
        case syntax.Message(type_name, entries):
            return "message", type_name, *((field, ours(value)) for field, value in entries)


def _our_call(tree: syntax.Call) -> Shape:
    match tree:
        case syntax.Call("has", None, (syntax.Member(operand, field),)):
            return "has", ours(operand), field
        case syntax.Call(function, None, arguments):
            return "call", function, *map(ours, arguments)
        case syntax.Call(function, receiver, (syntax.Name(variable), *rest)) if receiver is not None and len(
            tree.arguments
        ) in MACROS.get(function, ()):
            name = "exists_one" if function == "existsOne" else function
            return macro(name, ours(receiver), variable, *map(ours, rest))
        case syntax.Call(function, receiver, arguments):
            assert receiver is not None
            return "method", function, ours(receiver), *map(ours, arguments)


def sign(function: str, operand: Shape) -> Shape:
    """Return a negated operand; two signs make none, and a number takes its sign."""
    match operand:
        case ("call", name, tuple(inner)) if name == function:
            return inner
        case ("int", int(value)) if function == "-_":
            return "int", -value
        case ("double", str(value)) if function == "-_":
            return "double", repr(-float(value))
    return "call", function, operand


def chain(function: str, operands: tuple[Shape, ...]) -> Shape:
    """Return a chain of one connective, chains inside dissolved."""
    flat: list[object] = []
    for operand in operands:
        flat += operand[2:] if operand[:2] == ("call", function) else (operand,)
    return "call", function, *flat


def macro(name: str, operand: Shape, variable: str, *arguments: Shape) -> Shape:
    """Return a macro; `map(v, p, v)` is `filter(v, p)`."""
    if name == "map" and len(arguments) == 2 and arguments[1] == ("name", variable):
        return "macro", "filter", operand, variable, arguments[0]
    return "macro", name, operand, variable, *arguments


def googles(serialized: bytes) -> Shape:
    """Return the shape of a tree as Google's library serializes it."""
    message = fields(serialized)
    checked = text(message, 1).endswith("CheckedExpr")
    return expression(nested(nested(message, 2), 4 if checked else 2))


def expression(message: Fields) -> Shape:
    """Return the shape of a `cel.expr.Expr`."""
    if 3 in message:
        return constant(nested(message, 3))
    if 4 in message:
        return "name", text(nested(message, 4), 1)
    if 5 in message:
        select = nested(message, 5)
        kind = "has" if unsigned(select, 3) else "select"
        return kind, expression(nested(select, 1)), text(select, 2)
    if 6 in message:
        return call(nested(message, 6))
    if 7 in message:
        return "list", *map(expression, messages(nested(message, 7), 1))
    if 8 in message:
        return struct(nested(message, 8))
    if 9 in message:
        return comprehension(nested(message, 9))
    raise AssertionError(f"no expression: {message}")


def constant(message: Fields) -> Shape:
    """Return the shape of a `cel.expr.Constant`."""
    ((number, _),) = message.items()
    match number:
        case 1:
            return "null", None
        case 2:
            return "bool", bool(unsigned(message, 2))
        case 3:
            return "int", signed(message, 3)
        case 4:
            return "uint", unsigned(message, 4)
        case 5:
            return "double", repr(double(message, 5))
        case 6:
            return "string", text(message, 6)
        case 7:
            return "bytes", raw(message, 7)
    raise AssertionError(f"no constant: {message}")


def call(message: Fields) -> Shape:
    """Return the shape of a call of an operator, a function or a method."""
    function, arguments = text(message, 2), tuple(map(expression, messages(message, 3)))
    if 1 in message:
        return "method", function, expression(nested(message, 1)), *arguments
    if function in ("_&&_", "_||_"):
        return chain(function, arguments)
    if function in ("!_", "-_"):
        return sign(function, arguments[0])
    return "call", function, *arguments


def struct(message: Fields) -> Shape:
    """Return the shape of a map or of a message."""
    entries = messages(message, 2)
    if 1 not in message:
        return "map", *((expression(nested(entry, 3)), expression(nested(entry, 4))) for entry in entries)
    pairs = ((text(entry, 2), expression(nested(entry, 4))) for entry in entries)
    return "message", text(message, 1), *pairs


def comprehension(message: Fields) -> Shape:
    """Return the macro that Google's parser has expanded to this loop."""
    variable, operand = text(message, 1), expression(nested(message, 2))
    step, result = expression(nested(message, 6)), expression(nested(message, 7))
    match step, result:
        case ("call", "_&&_", *operands), _:
            return macro("all", operand, variable, _rest("_&&_", operands))
        case ("call", "_||_", *operands), _:
            return macro("exists", operand, variable, _rest("_||_", operands))
        case ("call", "_?_:_", tuple(test), ("call", "_+_", _, ("int", 1)), _), ("call", "_==_", _, _):
            return macro("exists_one", operand, variable, test)
        case ("call", "_?_:_", tuple(test), ("call", "_+_", _, ("list", tuple(item))), _), _:
            if item == ("name", variable):
                return macro("filter", operand, variable, test)
            return macro("map", operand, variable, test, item)
        case ("call", "_+_", _, ("list", tuple(item))), _:
            return macro("map", operand, variable, item)
    raise AssertionError(f"no macro: {step}")


def _rest(function: str, operands: list[object]) -> Shape:
    """Return what stands beside the result so far: itself a chain where it is one of the same connective."""
    assert operands[0] == RESULT
    rest = [operand for operand in operands[1:] if isinstance(operand, tuple)]
    return rest[0] if len(rest) == 1 else ("call", function, *rest)
