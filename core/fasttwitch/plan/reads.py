"""What an expression reads, and what equality of expressions overlooks."""

import math
from collections.abc import Iterator

from fasttwitch.logic.datatypes import STRING, TIMESTAMP
from fasttwitch.logic.nodes import Apply, Attribute, Constant, Expression, In, Now, parts


def attributes_of(value: Expression) -> Iterator[Attribute]:
    """Yield every attribute that a value reads."""
    ahead = [value]
    while ahead:
        node = ahead.pop()
        if type(node) is Attribute:
            yield node
        else:
            ahead.extend(reversed(parts(node)))


def reads_now(value: Expression) -> bool:
    """Return whether a value depends on the instant of the run."""
    return isinstance(value, Now) or any(map(reads_now, parts(value)))


def zones_of(value: Expression) -> Iterator[str]:
    """Yield the name of every time zone on whose clocks a value depends."""
    ahead = [value]
    while ahead:
        node = ahead.pop()
        match node:
            case Apply(_, (instant, Constant(str(zone)))) if instant.type is TIMESTAMP:
                yield zone
        ahead.extend(reversed(parts(node)))


def varies(value: Expression) -> bool:
    """Return whether a value reads a column or the clock."""
    return isinstance(value, Attribute | Now) or any(map(varies, parts(value)))


def only_text(value: Expression) -> bool:
    """Return whether a value reads exactly one string column and nothing else that varies."""
    paths = set()
    for attribute in attributes_of(value):
        if attribute.type is not STRING:
            return False
        paths.add(attribute.path)
    return len(paths) == 1 and not reads_now(value)


# Functions of strings that have a result whatever the strings are.
SURE = frozenset(
    {
        "startsWith",
        "endsWith",
        "contains",
        "matches",
        "size",
        "lowerAscii",
        "upperAscii",
        "trim",
        "reverse",
        "replace",
        "strings.quote",
        "split",
        "join",
        "in",
        "isSemver",
        "bucket",
        "string",
    }
)


def may_fail(value: Expression) -> bool:
    """Return whether a value may be unknown though all that it reads is known."""
    if isinstance(value, Apply) and value.function not in SURE and (value.function, value.type) != ("+", STRING):
        return True
    return any(map(may_fail, parts(value)))


def fine_print(value: Expression) -> tuple[float | str, ...]:
    """Return what equality of nodes overlooks, because 0.0 == -0.0 and 1 == 1.0.

    That is the sign of each double zero, and which constants of a list are doubles: an integer meets those as a double.
    """
    if isinstance(value, Constant):
        number = value.value
        return (math.copysign(1.0, number),) if isinstance(number, float) and number == 0.0 else ()
    found: tuple[float | str, ...] = sum(map(fine_print, parts(value)), ())
    if isinstance(value, In):
        found += ("".join("d" if isinstance(one, float) else "i" for one in value.constants),)
    return found
