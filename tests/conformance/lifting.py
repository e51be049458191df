"""Constants into columns: the same expression, but over data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fasttwitch.syntax import Binary, Call, Constant, Expression, MapOf, Message, Name
from tests.conformance.parts import with_parts
from tests.conformance.suite import Known

LIFTED = frozenset({"bool", "int", "uint", "double", "string"})
ZONED = frozenset(
    "getFullYear getMonth getDayOfMonth getDate getDayOfWeek getDayOfYear "  # noqa: SIM905
    "getHours getMinutes getSeconds getMilliseconds".split()
)
EXTREMES = ("greatest", "least")


@dataclass(frozen=True, slots=True)
class Lifted:
    """An expression without the constants that data could hold.

    columns  the constant that stood where now stands a column
    """

    tree: Expression
    columns: Mapping[str, Known]


def rename(tree: Expression, prefix: str, bindings: Mapping[str, Known]) -> Lifted:
    """Return the tree with each variable renamed to `prefix` and its name: cases share a table, and not their `x`."""
    columns = {f"{prefix}_{name}": known for name, known in bindings.items()}

    def leaf(part: Expression) -> Expression:
        return Name(f"{prefix}_{part.name}", part.span) if isinstance(part, Name) and part.name in bindings else part

    return Lifted(_lifted(tree, leaf), columns)


def lift(tree: Expression, prefix: str) -> Lifted:
    """Return the tree with each constant replaced by a column named `prefix` and a number.

    What the profile wants to be constant stays: patterns, formats, zones, positions in lists, lists right of `in`.
    """
    columns: dict[str, Known] = {}

    def column(constant: Expression) -> Expression:
        if not isinstance(constant, Constant) or constant.kind not in LIFTED:
            return constant
        assert not isinstance(constant.value, bytes)
        name = f"{prefix}_{len(columns)}"
        columns[name] = Known(constant.kind, constant.value)
        return Name(name, constant.span)

    return Lifted(_lifted(tree, column), columns)


def _lifted(tree: Expression, leaf: Callable[[Expression], Expression]) -> Expression:
    """Return the tree with `leaf` applied to its constants and names, where data can stand."""

    def inner(part: Expression) -> Expression:
        return _lifted(part, leaf)

    match tree:
        case Constant() | Name():
            return leaf(tree)
        case MapOf() | Message():
            return tree
        case Binary("in", left):
            return replace(tree, left=inner(left))
        case Call("format", receiver, arguments) if isinstance(receiver, Constant):
            return replace(tree, arguments=tuple(map(inner, arguments)))
        case Call("matches", receiver, arguments) if receiver is not None:
            return replace(tree, receiver=inner(receiver))
        case Call(function, receiver, arguments) if function in ZONED and receiver is not None:
            return replace(tree, receiver=inner(receiver))
        case Call(function, Name("math"), arguments) if function in EXTREMES and len(_kinds(arguments)) > 1:
            return replace(tree, arguments=_extremes(arguments, inner))
        case _:
            return with_parts(tree, inner)


def _extremes(arguments: tuple[Expression, ...], inner: Callable[[Expression], Expression]) -> tuple[Expression, ...]:
    """Return the arguments of `math.greatest` with ints beside other numbers left as they are, or all left.

    The profile compares numbers of one type; only a constant int takes the type of its neighbours.
    """
    (kind, *more) = _kinds(arguments) - {"int"}
    if more or not all(_fits(each, kind) for each in arguments):
        return arguments
    return tuple(each if _kinds((each,)) == {"int"} else inner(each) for each in arguments)


def _kinds(arguments: tuple[Expression, ...]) -> set[str]:
    return {each.kind if isinstance(each, Constant) else "" for each in arguments}


def _fits(tree: Expression, kind: str) -> bool:
    """Return whether a constant int can become a number of another type exactly."""
    if not isinstance(tree, Constant) or not isinstance(tree.value, int):
        return True
    return tree.value >= 0 if kind == "uint" else abs(tree.value) <= 2**53
