"""Which values can occur at all: an int8 column holds no 300, and no month is the twelfth counted from 0."""

from collections.abc import Mapping

import pyarrow as pa

from fasttwitch.lint.stored import stored_type
from fasttwitch.logic.datatypes import DATE, DURATION, INT, TIMESTAMP, UINT
from fasttwitch.logic.folding import RANGES
from fasttwitch.logic.nodes import Apply, Attribute, Constant, Expression
from fasttwitch.plan.sources import Column, Derived
from fasttwitch.plan.value_sets import Ranges, Truths, ValueSet

# What date parts and the like can be, both ends included; a zone may move an instant into the year 0 or 10000.
FUNCTION_RANGES: Mapping[str, tuple[int, int]] = {
    "getFullYear": (0, 10_000),
    "getMonth": (0, 11),
    "getDate": (1, 31),
    "getDayOfMonth": (0, 30),
    "getDayOfWeek": (0, 6),
    "getDayOfYear": (0, 365),
    "getHours": (0, 23),
    "getMinutes": (0, 59),
    "getSeconds": (0, 59),
    "getMilliseconds": (0, 999),
}


def limits(value: Expression, schema: pa.Schema) -> tuple[int, int] | None:
    """Return the least and the greatest whole number that a value can be; None where nothing narrows its type."""
    match value:
        case Attribute(path, type_) if type_ is INT or type_ is UINT:
            stored = stored_type(schema, path)
            if stored is None or not pa.types.is_integer(stored):
                return None
            bits = stored.bit_width
            return (0, 2**bits - 1) if type_ is UINT else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        case Attribute(_, type_) if type_ in (TIMESTAMP, DATE, DURATION):
            return RANGES[type_]
        case Apply("size"):
            return 0, RANGES[INT][1]
        case Apply("bucket", (_, _, Constant(int(parts)))):
            return 0, parts - 1
        case Apply(function, (operand, *_)) if operand.type in (TIMESTAMP, DATE):
            return FUNCTION_RANGES.get(function)
    return None


def domain(source: object, schema: pa.Schema) -> Ranges | None:
    """Return all values that a source can have, null among them; None where nothing is known."""
    match source:
        case Column(path, type_):
            found = limits(Attribute(path, type_, (0, 0)), schema)
        case Derived(expression) if expression.type is INT:
            found = limits(expression, schema)
        case _:
            return None
    return None if found is None else Ranges(True, False, False, (found[0], found[1] + 1))


def within(values: ValueSet, everything: Ranges | None) -> ValueSet:
    """Return the values that can occur."""
    if everything is None or not isinstance(values, Ranges):
        return values
    return values.intersection(everything)


def null_only(values: ValueSet) -> ValueSet:
    """Return the set of null alone, of the family of `values`."""
    match values:
        case Truths():
            return Truths(1)
        case Ranges():
            return Ranges(True, False, False, (), values.has_nan)
        case _:
            return type(values)(frozenset(), False, True)


def holds_null(values: ValueSet) -> bool:
    """Return whether null (or unknown) belongs to a set."""
    return bool(values.bits & 1) if isinstance(values, Truths) else values.null
