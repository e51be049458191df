"""The slow truth: the rule language, one row at a time, straight from the syntax tree.

A tree becomes nested Python functions from a row to a value. None stands for unknown. Nothing here is shared with the
product except the tree and the names of the types, so the parser's reading, the checker's coercions and every rewrite
are all on trial.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

import re2  # type: ignore[import-untyped]

from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, INT, TIMESTAMP, UINT, Type
from fasttwitch.syntax.nodes import Binary, Call, Conditional, Constant, Expression, ListOf, Logical, Name, Unary
from tests.oracle.arithmetic import Number, calculate, negate
from tests.oracle.instants import DAY, HOUR, MINUTE, parse_date, parse_duration, parse_timestamp
from tests.oracle.kinds import RELATIONS, Row, Value, World, adapts, is_constant, kind_of, path_of, shared_kind

Truth: TypeAlias = bool | None
Reader: TypeAlias = Callable[[Row], Value | None]

COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "<": lambda left, right: left < right,  # type: ignore[operator]
    "<=": lambda left, right: left <= right,  # type: ignore[operator]
    ">": lambda left, right: left > right,  # type: ignore[operator]
    ">=": lambda left, right: left >= right,  # type: ignore[operator]
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}
STRING_TESTS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "contains": lambda text, part: part in text,
    "matches": lambda text, pattern: re2.search(pattern, text) is not None,
}
SPANS = {"days": DAY, "hours": HOUR, "minutes": MINUTE}
CONVERSIONS: dict[Type, Callable[..., Value]] = {UINT: int, DOUBLE: float, DECIMAL: Decimal}
NUMBERS = {INT, UINT, DOUBLE}
NULL_CONSTANT = Constant("null", None, (0, 0))
LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


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
        case _:
            raise AssertionError(f"the oracle does not know {tree}")


def call(tree: Call, world: World) -> Reader:
    """Return a function call as a function from a row to its value."""
    arguments = tree.arguments if tree.receiver is None else (tree.receiver, *tree.arguments)
    match tree.function, arguments:
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
        case "size", (operand,):
            return strict(len, reader(operand, world))
        case "lowerAscii", (operand,):
            return strict(lambda text: text.translate(LOWER), reader(operand, world))
        case "timestamp", (Constant("string", str(text)),):
            return constantly(parse_timestamp(text))
        case "date", (Constant("string", str(text)),):
            return constantly(parse_date(text))
        case "duration", (Constant("string", str(text)),):
            return constantly(parse_duration(text))
        case ("days" | "hours" | "minutes") as unit, (operand,):
            return strict(lambda count: count * SPANS[unit], reader(operand, world))
        case name, (text, part) if name in STRING_TESTS:
            return strict_pair(STRING_TESTS[name], reader(text, world), reader(part, world))
        case name, _:
            raise AssertionError(f"the oracle does not know the function {name}")


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


def strict_pair(function: Callable[..., Value | None], left: Reader, right: Reader) -> Reader:
    """Return `function(left, right)`, unknown if either operand is."""

    def run(row: Row) -> Value | None:
        first = left(row)
        second = right(row)
        return None if first is None or second is None else function(first, second)

    return run


def kleene(operands: list[Reader], absorbing: bool) -> Reader:
    """Return AND (absorbing False) or OR (absorbing True): one absorbing operand decides, else one unknown does."""

    def run(row: Row) -> Truth:
        values = [operand(row) for operand in operands]
        if any(value is absorbing for value in values):
            return absorbing
        return None if any(value is None for value in values) else not absorbing

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
    if kinds[0] == kinds[1]:
        return reader(left, world), reader(right, world)
    if adapts(left) or adapts(right):
        for kind in kinds:
            if kind in (TIMESTAMP, DATE, DECIMAL):
                return reader(left, world, kind), reader(right, world, kind)
    if DOUBLE in kinds:
        return strict(float, reader(left, world)), strict(float, reader(right, world))
    return reader(left, world), reader(right, world)  # int beside uint: exact


def membership(operand: Expression, right: Expression, world: World) -> Reader:
    """Return `operand in right`, where right is a list of constants or a named list."""
    kind = kind_of(operand, world)
    match right:
        case ListOf(()):
            return strict(lambda value: False, reader(operand, world))
        case ListOf(items):
            listed = shared_kind(items, world)
            if kind in (TIMESTAMP, DATE, DECIMAL):
                listed = kind
            values = [reader(item, world, listed)({}) for item in items]
        case Call("list", None, (Constant("string", str(name)),)):
            listed = world.lists[name].kind
            values = list(world.lists[name].values)
        case _:
            raise AssertionError(f"{right} is no list of constants")
    rounded = DOUBLE in (kind, listed) and kind != listed
    known = {float(value) if rounded else value for value in values if value is not None}
    return strict(lambda value: (float(value) if rounded else value) in known, reader(operand, world))


def arithmetic(operator: str, left: Expression, right: Expression, world: World) -> Reader:
    """Return `left operator right`, unknown on overflow and division by zero."""
    own = kind_of(Binary(operator, left, right, (0, 0), (0, 0)), world)
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
        case Constant("string", str(text)) if kind == TIMESTAMP:
            return constantly(parse_timestamp(text))
        case Constant("string", str(text)) if kind == DATE:
            return constantly(parse_date(text))
        case Constant("double", float(value), text=text) if kind == DECIMAL:
            exact = Decimal(text.lstrip("-"))
            return constantly(exact.copy_negate() if value < 0 else exact)
        case Unary("-", operand) if kind == DECIMAL:
            return strict(lambda value: value.copy_negate(), adapted(operand, world, kind))
    assert is_constant(tree), f"{tree} is no {kind}"
    return strict(CONVERSIONS[kind], reader(tree, world))
