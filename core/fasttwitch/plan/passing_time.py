"""How values computed from the clock change while time passes: between which moments, and in which direction."""

from dataclasses import dataclass
from typing import TypeAlias

from fasttwitch.logic.datatypes import DATE, DURATION, STRING, TIMESTAMP
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, ListOf, Now

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
UTC = "+00:00"
# What the parts of a clock count, in µs; all others change at midnight at the earliest.
UNITS = {"getHours": HOUR, "getMinutes": 60 * SECOND, "getSeconds": SECOND, "getMilliseconds": 1_000}
DAYS = {"getFullYear", "getMonth", "getDayOfMonth", "getDate", "getDayOfWeek", "getDayOfYear", "startOfDay", "date"}
STEADY = {"getHours", "getMinutes", "getSeconds"}  # of lengths of time: whole ones, which only grow


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that shows another number from time to time.

    zone   whose
    unit   µs: it does so where the zone's clock reaches a whole number of these, or is set
    shift  µs by which it is ahead
    """

    zone: str
    unit: int
    shift: int


@dataclass(frozen=True, slots=True)
class Passing:
    """When a value may change while time passes and nothing else happens.

    clocks  with each change of what one of them shows
    flows   with each µs, and between two changes of the clocks in one direction
    """

    clocks: frozenset[Clock] = frozenset()
    flows: bool = False


STILL = Passing()
Answer: TypeAlias = Passing | None


def passing(value: Expression) -> Answer:
    """Return how a value changes, None if it may do so in other ways than those."""
    match value:
        case Constant() | Attribute():
            return STILL
        case Now():
            return Passing(flows=True)
        case Apply(function, arguments):
            return _of_function(function, arguments)
        case Compare(operator, left, right):
            both = _together((left, right))
            return None if both is None or (both.flows and operator in ("==", "!=")) else both
        case Coalesce(operands):
            return _together(operands)
        case In(operand):
            return _unless_flowing(_together((operand,)))
        case ListOf(items):
            return _unless_flowing(_together(items))
    return None


def _of_function(function: str, arguments: tuple[Expression, ...]) -> Answer:
    inner = _together(arguments)
    if inner is None or not inner.flows:
        return inner
    first = arguments[0]
    shift = _shift(first)
    if shift is not None and first.type is TIMESTAMP and (function in UNITS or function in DAYS):
        zone = UTC
        if len(arguments) > 1:
            assert isinstance(arguments[1], Constant)
            assert arguments[1].type is STRING
            zone = str(arguments[1].value)
        return Passing(frozenset({Clock(zone, UNITS.get(function, DAY), shift)}))
    if function in ("+", "-", "negate"):
        return inner
    if function in STEADY and first.type is DURATION:
        return inner
    if function == "*" and sum(_flows(argument) for argument in arguments) == 1:
        return inner
    return None


def _shift(value: Expression) -> int | None:
    """Return the µs by which a value is ahead of the clock, None if it is not the clock with a constant beside it."""
    match value:
        case Now():
            return 0
        case Apply("+" | "-" as sign, (inner, Constant(int(length), type_))) if type_ in (DURATION, DATE):
            shift = _shift(inner)
            return None if shift is None else shift + (length if sign == "+" else -length)
    return None


def _flows(value: Expression) -> bool:
    found = passing(value)
    return found is not None and found.flows


def _together(values: tuple[Expression, ...]) -> Answer:
    clocks: frozenset[Clock] = frozenset()
    flows = False
    for value in values:
        found = passing(value)
        if found is None:
            return None
        clocks |= found.clocks
        flows |= found.flows
    return Passing(clocks, flows)


def _unless_flowing(found: Answer) -> Answer:
    return None if found is None or found.flows else found
