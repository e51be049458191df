"""The language type of every part of a syntax tree.

A tree that the checker accepts is assumed: a wrong tree trips an assertion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, DURATION, INT, NULL, STRING, TIMESTAMP, UINT, Type
from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    ListOf,
    Logical,
    Member,
    Name,
    Unary,
)

Value: TypeAlias = bool | int | float | Decimal | str
Row: TypeAlias = Mapping[str, Value | None]

CONSTANT_KINDS = {"bool": BOOL, "int": INT, "uint": UINT, "double": DOUBLE, "string": STRING, "null": NULL}
RELATIONS = ("<", "<=", ">", ">=", "==", "!=", "in")
CALL_KINDS = {
    "size": INT,
    "lowerAscii": STRING,
    "startsWith": BOOL,
    "endsWith": BOOL,
    "contains": BOOL,
    "matches": BOOL,
    "isTrue": BOOL,
    "isKnown": BOOL,
    "has": BOOL,
    "segment": BOOL,
    "days": DURATION,
    "hours": DURATION,
    "minutes": DURATION,
    "duration": DURATION,
    "timestamp": TIMESTAMP,
    "date": DATE,
}

# What a constant becomes beside a value of another type.
ADAPTS: Mapping[Type, tuple[Type, ...]] = {INT: (UINT, DOUBLE, DECIMAL), DOUBLE: (DECIMAL,), STRING: (TIMESTAMP, DATE)}


@dataclass(frozen=True, slots=True)
class NamedValues:
    """A list of the ruleset: the type of its values, and the values."""

    kind: Type
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class World:
    """What a rule may speak of, apart from the row.

    types     language type of every attribute, by dotted path
    segments  tree of every segment
    lists     named lists
    now       the instant of the run, in microseconds since 1970 UTC
    compiled  segments that the interpreter has met
    """

    types: Mapping[str, Type]
    segments: Mapping[str, Expression]
    lists: Mapping[str, NamedValues]
    now: int
    compiled: dict[str, Callable[[Row], Value | None]] = field(default_factory=dict, compare=False, repr=False)


def path_of(tree: Expression) -> str | None:
    """Return the dotted path of a name or of a chain of members, else None."""
    match tree:
        case Name(name):
            return name
        case Member(operand, field_name):
            parent = path_of(operand)
            return None if parent is None else f"{parent}.{field_name}"
        case _:
            return None


def is_constant(tree: Expression) -> bool:
    """Return whether the tree is made of numbers and strings alone."""
    match tree:
        case Constant():
            return True
        case Unary("-", operand):
            return is_constant(operand)
        case Binary(operator, left, right):
            return operator not in RELATIONS and is_constant(left) and is_constant(right)
        case _:
            return False


def adapts(tree: Expression) -> bool:
    """Return whether the tree takes the type of its neighbour: a constant, or a choice between constants."""
    match tree:
        case Conditional(_, then, otherwise):
            return adapts(then) and adapts(otherwise)
        case _:
            return is_constant(tree)


def kind_of(tree: Expression, world: World) -> Type:
    """Return the type of a tree as written, before its neighbours change a constant."""
    path = path_of(tree)
    if path is not None and path in world.types:
        return world.types[path]
    match tree:
        case Constant(kind):
            return CONSTANT_KINDS[kind]
        case Name("now"):
            return TIMESTAMP
        case Unary("!") | Logical():
            return BOOL
        case Unary("-", operand):
            return kind_of(operand, world)
        case Binary(operator) if operator in RELATIONS:
            return BOOL
        case Binary(operator, left, right):
            return arithmetic_kind(operator, left, right, world)
        case Conditional(_, then, otherwise):
            return shared_kind((then, otherwise), world)
        case Call("coalesce", None, arguments):
            return shared_kind(arguments, world)
        case Call(function):
            return CALL_KINDS[function]
        case ListOf(items):
            return shared_kind(items, world)
        case _:
            raise AssertionError(f"no type for {tree}")


def shared_kind(trees: tuple[Expression, ...], world: World) -> Type:
    """Return the one type that all trees have once constants adapted to the rest."""
    kinds = {kind_of(tree, world) for tree in trees}
    for kind in kinds:
        if all(adapts(tree) or kind_of(tree, world) == kind for tree in trees) and all(
            other == kind or kind in ADAPTS.get(other, ()) for other in kinds
        ):
            return kind
    raise AssertionError(f"no common type of {[str(kind) for kind in kinds]}")


def arithmetic_kind(operator: str, left: Expression, right: Expression, world: World) -> Type:
    """Return the type of `left operator right`."""
    match operator, kind_of(left, world), kind_of(right, world):
        case "-", a, b if a == b == TIMESTAMP:
            return DURATION
        case "+" | "-", a, b if a in (TIMESTAMP, DATE) and b == DURATION:
            return a
        case "+", a, b if a == DURATION and b in (TIMESTAMP, DATE):
            return b
        case "*", a, b if {a, b} == {DURATION, INT}:
            return DURATION
        case _:
            return shared_kind((left, right), world)
