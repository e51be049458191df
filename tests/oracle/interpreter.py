"""The slow truth: the rule language, one row at a time, straight from the syntax tree.

A tree becomes nested Python functions from a row to a value. None stands for unknown. Nothing here is shared with the
product except the tree and the names of the types, so the parser's reading, the checker's coercions and every rewrite
are all on trial.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    INT,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    Type,
)
from fasttwitch.syntax.nodes import Binary, Call, Conditional, Constant, Expression, Index, ListOf, Logical, Name, Unary
from tests.oracle import mathematics, texts, versions
from tests.oracle.arithmetic import Number, calculate, negate
from tests.oracle.formatting import filled
from tests.oracle.functions import ANY_LIST
from tests.oracle.kinds import (
    EXTREMES,
    NUMBERS,
    RELATIONS,
    Row,
    Value,
    World,
    adapts,
    called,
    compared_numbers,
    extreme_kind,
    is_constant,
    kind_of,
    overload,
    path_of,
    shared_kind,
)
from tests.oracle.values import equal
from tests.oracle.written_instants import date_of_string, timestamp_of_string

Truth: TypeAlias = bool | None
Reader: TypeAlias = Callable[[Row], Value | None]

COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "<": lambda left, right: left < right,  # type: ignore[operator]
    "<=": lambda left, right: left <= right,  # type: ignore[operator]
    ">": lambda left, right: left > right,  # type: ignore[operator]
    ">=": lambda left, right: left >= right,  # type: ignore[operator]
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
}
CONVERSIONS: dict[Type, Callable[..., Value | None]] = {
    UINT: int,
    DOUBLE: float,
    DECIMAL: Decimal,
    TIMESTAMP: timestamp_of_string,
    DATE: date_of_string,
    SEMVER: versions.read,
}
# What a constant beside one of these becomes.
EXACT_KINDS = (TIMESTAMP, DATE, DECIMAL, SEMVER)
NULL_CONSTANT = Constant("null", None, (0, 0))


def evaluate(tree: Expression, row: Row, world: World) -> Truth:
    """Return what a rule says of one row: True, False, or None for unknown."""
    return predicate(tree, world)(row)


def answers(world: World, rows: Sequence[Row]) -> dict[str, list[Truth]]:
    """Return what every segment says of every row.

    Segments stand in an order in which each refers only to earlier ones; row by row, so that what an earlier segment
    said of the row is still remembered.
    """
    readers = {name: segment(name, world) for name in world.segments}
    found: dict[str, list[Truth]] = {name: [] for name in world.segments}
    for row in rows:
        for name, read in readers.items():
            result = read(row)
            assert result is None or isinstance(result, bool)
            found[name].append(result)
    return found


def predicate(tree: Expression, world: World) -> Callable[[Row], Truth]:
    """Return a rule as a function from a row to True, False or None."""
    read = reader(tree, world, BOOL)

    def answer(row: Row) -> Truth:
        result = read(row)
        assert result is None or isinstance(result, bool)
        return result

    return answer


def reader(tree: Expression, world: World, kind: Type | None = None) -> Reader:
    """Return a tree as a function from a row to its value, as a value of type `kind` if that is given."""
    own = kind_of(tree, world)
    if kind is not None and kind != own:
        return adapted(tree, world, kind)
    path = path_of(tree)
    if path is not None and path in world.types:
        return lambda row: row[path]
    match tree:
        case Constant(_, value):
            assert value is not None
            assert not isinstance(value, bytes)
            return constantly(value)
        case Name("now"):
            return constantly(world.now)
        case Unary("!", operand):
            return strict(lambda value: not value, reader(operand, world, BOOL))
        case Unary("-", operand):
            return strict(lambda value: negate(own, value), reader(operand, world))
        case Logical("&&", operands):
            return kleene([reader(operand, world, BOOL) for operand in operands], absorbing=False)
        case Logical("||", operands):
            return kleene([reader(operand, world, BOOL) for operand in operands], absorbing=True)
        case Conditional(condition, then, otherwise):
            return choice(reader(condition, world, BOOL), reader(then, world, own), reader(otherwise, world, own))
        case Binary("in", operand, right):
            return membership(operand, right, world)
        case Binary(operator, left, right) if operator in RELATIONS:
            return comparison(operator, left, right, world)
        case Binary(operator, left, right):
            return arithmetic(operator, left, right, world)
        case Call():
            return call(tree, world)
        case ListOf(items):
            assert isinstance(own, ListType)
            return together([reader(item, world, own.element) for item in items])
        case Index(operand, index):
            return strict_all(texts.element, [reader(operand, world), reader(index, world, INT)])
        case _:
            raise AssertionError(f"the oracle does not know {tree}")


def call(tree: Call, world: World) -> Reader:
    """Return a function call as a function from a row to its value."""
    name, arguments = called(tree)
    match name, arguments:
        case "has", (operand,):
            return is_null(operand, wanted=False)
        case "isTrue", (operand,):
            inner = reader(operand, world, BOOL)
            return lambda row: inner(row) is True
        case "isKnown", (operand,):
            inner = reader(operand, world, BOOL)
            return lambda row: inner(row) is not None
        case "coalesce", _:
            own = kind_of(tree, world)
            return first_known([reader(operand, world, own) for operand in arguments])
        case "segment", (Constant("string", str(name)),):
            return segment(name, world)
        case "format", (Constant("string", str(pattern)), ListOf(items)):
            return formatted(pattern, items, world)
        case extreme, _ if extreme in EXTREMES:
            return winner(extreme, compared_numbers(arguments), world)
    way = overload(name, arguments, world)
    readers = [
        reader(argument, world, None if wanted == ANY_LIST else wanted)
        for argument, wanted in zip(arguments, way.takes, strict=True)
    ]
    return strict_all(way.run, readers)


def formatted(pattern: str, items: tuple[Expression, ...], world: World) -> Reader:
    """Return a pattern filled with values, each of its own type."""
    kinds = [kind_of(item, world) for item in items]
    return strict_all(lambda *values: filled(pattern, values, kinds), [reader(item, world) for item in items])


def winner(name: str, numbers: tuple[Expression, ...], world: World) -> Reader:
    """Return the greatest or the least of some numbers."""
    kind = extreme_kind(numbers, world)
    mixed = kind == DOUBLE and any(kind_of(number, world) == UINT for number in numbers)  # constants, as they stand
    run = mathematics.greatest if name == "math.greatest" else mathematics.least
    return strict_all(run, [reader(number, world, None if mixed else kind) for number in numbers])


def segment(name: str, world: World) -> Reader:
    """Return a segment, which remembers its answer to the latest row: shared segments would cost without bound."""
    if name not in world.compiled:
        read = reader(world.segments[name], world, BOOL)
        latest: list[tuple[Row | None, Value | None]] = [(None, None)]

        def run(row: Row) -> Value | None:
            if latest[0][0] is not row:
                latest[0] = (row, read(row))
            return latest[0][1]

        world.compiled[name] = run
    return world.compiled[name]


def constantly(value: Value) -> Reader:
    """Return the function that gives the same value for every row."""
    return lambda row: value


def strict(function: Callable[..., Value | None], operand: Reader) -> Reader:
    """Return `function(operand)`, unknown if the operand is."""

    def run(row: Row) -> Value | None:
        value = operand(row)
        return None if value is None else function(value)

    return run


def strict_all(function: Callable[..., Value | None], operands: Sequence[Reader]) -> Reader:
    """Return `function(*operands)`, unknown if any operand is."""

    match operands:
        case [operand]:
            return strict(function, operand)
        case [left, right]:
            return strict_pair(function, left, right)

    def run(row: Row) -> Value | None:
        values = []
        for operand in operands:
            value = operand(row)
            if value is None:
                return None
            values.append(value)
        return function(*values)

    return run


def together(operands: Sequence[Reader]) -> Reader:
    """Return a list, unknown if any element is."""
    return strict_all(lambda *values: values, operands)


def strict_pair(function: Callable[..., Value | None], left: Reader, right: Reader) -> Reader:
    """Return `function(left, right)`, unknown if either operand is."""

    def run(row: Row) -> Value | None:
        first = left(row)
        if first is None:
            return None
        second = right(row)
        return None if second is None else function(first, second)

    return run


def kleene(operands: list[Reader], absorbing: bool) -> Reader:
    """Return AND (absorbing False) or OR (absorbing True): one absorbing operand decides, else one unknown does."""

    def run(row: Row) -> Truth:
        result: Truth = not absorbing
        for operand in operands:
            value = operand(row)
            if value is absorbing:
                return absorbing
            if value is None:
                result = None
        return result

    return run


def choice(condition: Reader, then: Reader, otherwise: Reader) -> Reader:
    """Return `condition ? then : otherwise`; an unknown condition makes it unknown."""

    def run(row: Row) -> Value | None:
        decided = condition(row)
        if decided is None:
            return None
        return then(row) if decided else otherwise(row)

    return run


def first_known(operands: list[Reader]) -> Reader:
    """Return the first operand that is not null."""

    def run(row: Row) -> Value | None:
        for operand in operands:
            value = operand(row)
            if value is not None:
                return value
        return None

    return run


def is_null(operand: Expression, wanted: bool) -> Reader:
    """Return `operand == null` (wanted True) or `operand != null`: never unknown."""
    path = path_of(operand)
    assert path is not None, "only a column or a path can be null"
    return lambda row: (row[path] is None) is wanted


def comparison(operator: str, left: Expression, right: Expression, world: World) -> Reader:
    """Return `left operator right`; integers beside a double are rounded to a double first."""
    for operand, other in ((left, right), (right, left)):
        if other == NULL_CONSTANT:
            return is_null(operand, wanted=operator == "==")
    one, two = comparable(left, right, world)
    return strict_pair(COMPARISONS[operator], one, two)


def comparable(left: Expression, right: Expression, world: World) -> tuple[Reader, Reader]:
    """Return both sides in a form in which Python compares them as the language does."""
    kinds = kind_of(left, world), kind_of(right, world)
    if kinds[0] == kinds[1] or ANY_LIST in kinds:
        return reader(left, world), reader(right, world)
    if isinstance(kinds[0], ListType) and isinstance(kinds[1], ListType):
        both = kinds[0] if adapts(right) else kinds[1]
        return reader(left, world, both), reader(right, world, both)
    if adapts(left) or adapts(right):
        for kind in kinds:
            if kind in EXACT_KINDS:
                return reader(left, world, kind), reader(right, world, kind)
    if DOUBLE in kinds:
        return strict(float, reader(left, world)), strict(float, reader(right, world))
    return reader(left, world), reader(right, world)  # int beside uint: exact


def membership(operand: Expression, right: Expression, world: World) -> Reader:
    """Return `operand in right`, where right is a list of constants, a named list, or a list that the rule makes."""
    kind = kind_of(operand, world)
    match right:
        case ListOf(()):
            return strict(lambda value: False, reader(operand, world))
        case ListOf(items):
            listed = shared_kind(items, world)
            if kind in EXACT_KINDS:
                listed = kind
            values = [reader(item, world, listed)({}) for item in items]
        case Call("list", None, (Constant("string", str(name)),)):
            listed = world.lists[name].kind
            values = list(world.lists[name].values)
        case _:  # a list that the rule makes: `"a" in tags.split(",")`
            assert isinstance(kind_of(right, world), ListType), f"{right} is no list"
            return strict_pair(lambda value, made: value in made, reader(operand, world), reader(right, world))
    rounded = DOUBLE in (kind, listed) and kind != listed
    known = {as_double(value) if rounded else value for value in values if value is not None}
    return strict(lambda value: (as_double(value) if rounded else value) in known, reader(operand, world))


def as_double(number: Value) -> float:
    """Return the double nearest to a number."""
    assert isinstance(number, int | float)
    return float(number)


def arithmetic(operator: str, left: Expression, right: Expression, world: World) -> Reader:
    """Return `left operator right`, unknown on overflow and division by zero."""
    own = kind_of(Binary(operator, left, right, (0, 0), (0, 0)), world)
    if own == STRING:
        return strict_pair(lambda first, second: first + second, reader(left, world), reader(right, world))
    kinds = kind_of(left, world), kind_of(right, world)
    wanted: tuple[Type, Type] = kinds
    if adapts(left) or adapts(right):  # a constant takes its neighbour's type, where that is a number
        wanted = (own, own) if own in kinds and set(kinds) <= NUMBERS else kinds
    if own == DATE and kinds[1] == DATE:  # a date moves by days, whichever side it stands on
        left, right, wanted = right, left, (wanted[1], wanted[0])

    def run(first: Number, second: Number) -> Number | None:
        return calculate(operator, own, first, second)

    return strict_pair(run, reader(left, world, wanted[0]), reader(right, world, wanted[1]))


def adapted(tree: Expression, world: World, kind: Type) -> Reader:
    """Return a constant, or a choice between constants, as a value of another type than its own."""
    match tree:
        case Conditional(condition, then, otherwise):
            return choice(reader(condition, world, BOOL), reader(then, world, kind), reader(otherwise, world, kind))
        case ListOf(items) if isinstance(kind, ListType):
            return together([reader(item, world, kind.element) for item in items])
        case Constant("double", float(value), text=text) if kind == DECIMAL:
            exact = Decimal(text.lstrip("-"))
            return constantly(exact.copy_negate() if value < 0 else exact)
        case Unary("-", operand) if kind == DECIMAL:
            return strict(lambda value: value.copy_negate(), adapted(operand, world, kind))
    assert is_constant(tree), f"{tree} is no {kind}"
    return strict(CONVERSIONS[kind], reader(tree, world))
