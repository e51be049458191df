"""The language type of every part of a syntax tree.

A tree that the checker accepts is assumed: a wrong tree trips an assertion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    NULL,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    Type,
)
from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    Member,
    Name,
    Unary,
)
from tests.oracle.functions import ANY_LIST, FUNCTIONS, NAMESPACES, Overload
from tests.oracle.values import Row as Row
from tests.oracle.values import Value as Value

CONSTANT_KINDS = {"bool": BOOL, "int": INT, "uint": UINT, "double": DOUBLE, "string": STRING, "null": NULL}
RELATIONS = ("<", "<=", ">", ">=", "==", "!=", "in")
PREDICATES = ("isTrue", "isKnown", "has", "segment")  # calls that are more than strict functions
EXTREMES = ("math.greatest", "math.least")
NUMBERS = {INT, UINT, DOUBLE}

# What a constant becomes beside a value of another type.
ADAPTS: Mapping[Type, tuple[Type, ...]] = {
    INT: (UINT, DOUBLE, DECIMAL),
    UINT: (DECIMAL,),
    DOUBLE: (DECIMAL,),
    STRING: (TIMESTAMP, DATE, SEMVER),
}


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
    settled   trees, by their identity, whose type is known: types of deep trees would be asked for again and again
    """

    types: Mapping[str, Type]
    segments: Mapping[str, Expression]
    lists: Mapping[str, NamedValues]
    now: int
    compiled: dict[str, Callable[[Row], Value | None]] = field(default_factory=dict, compare=False, repr=False)
    settled: dict[int, tuple[Expression, Type]] = field(default_factory=dict, compare=False, repr=False)


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
    """Return whether the tree is made of constants and functions of constants."""
    match tree:
        case Constant():
            return True
        case Unary("-", operand):
            return is_constant(operand)
        case Binary(operator, left, right):
            return operator not in RELATIONS and is_constant(left) and is_constant(right)
        case ListOf(items):
            return all(map(is_constant, items))
        case Index(operand, index):
            return is_constant(operand) and is_constant(index)
        case Call():
            name, arguments = called(tree)
            return (name in FUNCTIONS or name in (*EXTREMES, "format")) and all(map(is_constant, arguments))
        case _:
            return False


def adapts(tree: Expression) -> bool:
    """Return whether the tree takes the type of its neighbour: a constant, or a choice between constants."""
    match tree:
        case Conditional(_, then, otherwise):
            return adapts(then) and adapts(otherwise)
        case ListOf(items):
            return all(map(adapts, items))
        case _:
            return is_constant(tree)


def kind_of(tree: Expression, world: World) -> Type:
    """Return the type of a tree as written, before its neighbours change a constant."""
    if id(tree) not in world.settled:
        world.settled[id(tree)] = tree, settle(tree, world)
    return world.settled[id(tree)][1]


def settle(tree: Expression, world: World) -> Type:
    """Return the type of a tree; those of its parts are remembered."""
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
        case Call(function) if function in PREDICATES:
            return BOOL
        case Call():
            return call_kind(tree, world)
        case ListOf(()):
            return ANY_LIST
        case ListOf(items):
            return ListType(shared_kind(items, world))
        case Index(operand):
            listed = kind_of(operand, world)
            assert isinstance(listed, ListType), f"{operand} is no list"
            return listed.element
        case _:
            raise AssertionError(f"no type for {tree}")


def called(tree: Call) -> tuple[str, tuple[Expression, ...]]:
    """Return the full name of a called function, and all its arguments, the receiver of a method first."""
    match tree.receiver:
        case None:
            return tree.function, tree.arguments
        case Name(namespace) if namespace in NAMESPACES and f"{namespace}.{tree.function}" in (*FUNCTIONS, *EXTREMES):
            return f"{namespace}.{tree.function}", tree.arguments
        case receiver:
            return tree.function, (receiver, *tree.arguments)


def call_kind(tree: Call, world: World) -> Type:
    """Return what a strict function gives."""
    name, arguments = called(tree)
    if name == "format":
        return STRING
    if name in EXTREMES:
        return extreme_kind(compared_numbers(arguments), world)
    return overload(name, arguments, world).gives


def compared_numbers(arguments: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Return the numbers that `math.greatest` or `math.least` compares: its arguments, or the items of its one list."""
    match arguments:
        case (ListOf(items),):
            return items
    return arguments


def extreme_kind(numbers: tuple[Expression, ...], world: World) -> Type:
    """Return the one type of all numbers; constants alone may be of several, the result is then as good as a double."""
    try:
        return shared_kind(numbers, world)
    except AssertionError:
        assert all(map(is_constant, numbers))
        return DOUBLE


def overload(name: str, arguments: tuple[Expression, ...], world: World) -> Overload:
    """Return the way in which a function is called: with these types, else with types that constants can take."""
    kinds = [kind_of(argument, world) for argument in arguments]
    ways = [way for way in FUNCTIONS[name] if len(way.takes) == len(kinds)]
    for way in ways:
        if all(kind == wanted for kind, wanted in zip(kinds, way.takes, strict=True)):
            return way
    for way in ways:
        if all(map(fits, arguments, kinds, way.takes)):
            return way
    raise AssertionError(f"no {name} of {[str(kind) for kind in kinds]}")


def fits(tree: Expression, kind: Type, wanted: Type) -> bool:
    """Return whether a tree of a type can stand where another type is wanted."""
    if isinstance(kind, ListType) and isinstance(wanted, ListType):
        return ANY_LIST in (kind, wanted) or kind == wanted
    return kind == wanted or (adapts(tree) and wanted in ADAPTS.get(kind, ()))


def shared_kind(trees: tuple[Expression, ...], world: World) -> Type:
    """Return the one type that all trees have once constants adapted to the rest."""
    return agreed_kind(trees, [kind_of(tree, world) for tree in trees])


def agreed_kind(trees: tuple[Expression, ...], kinds: list[Type]) -> Type:
    """Return the one type of trees of these types; asking for them twice would double the work at every level."""
    for kind in kinds:
        if all(own == kind or adapts(tree) for tree, own in zip(trees, kinds, strict=True)) and all(
            other == kind or kind in ADAPTS.get(other, ()) for other in kinds
        ):
            return kind
    raise AssertionError(f"no common type of {[str(kind) for kind in kinds]}")


def arithmetic_kind(operator: str, left: Expression, right: Expression, world: World) -> Type:
    """Return the type of `left operator right`."""
    kinds = [kind_of(left, world), kind_of(right, world)]
    match operator, *kinds:
        case "-", a, b if a == b == TIMESTAMP:
            return DURATION
        case "+" | "-", a, b if a in (TIMESTAMP, DATE) and b == DURATION:
            return a
        case "+", a, b if a == DURATION and b in (TIMESTAMP, DATE):
            return b
        case "*", a, b if {a, b} == {DURATION, INT}:
            return DURATION
        case _:
            return agreed_kind((left, right), kinds)
