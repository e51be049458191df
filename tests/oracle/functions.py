"""Every strict function of the language: what it takes, what it gives, and what it does to values.

A function is unknown where an argument is, so these never see None; they return it where they fail. Names carry their
namespace (`math.abs`), and the receiver of a method is the first argument.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import re2  # type: ignore[import-untyped]

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
from tests.oracle import buckets, casts, clocks, mathematics, texts, versions, written_instants
from tests.oracle.arithmetic import in_range
from tests.oracle.instants import DAY, HOUR, MINUTE, SECOND
from tests.oracle.values import Value

Function: TypeAlias = Callable[..., Value | None]
STRINGS = ListType(STRING)
ANY_LIST = ListType(NULL)


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function: types of its arguments, type of its result, and what it does."""

    takes: tuple[Type, ...]
    gives: Type
    run: Function


def same(value: Value) -> Value:
    """Return the value."""
    return value


def cast(kind: Type, ways: dict[Type, Function]) -> list[Overload]:
    """Return the overloads of a function that is named after the type it gives."""
    return [Overload((source,), kind, run) for source, run in ways.items()]


def methods(*overloads: tuple[tuple[Type, ...], Type, Function]) -> list[Overload]:
    """Return overloads."""
    return [Overload(*parts) for parts in overloads]


def numeric(run: Function, kinds: Iterable[Type], gives: Type | None = None) -> list[Overload]:
    """Return a function of one number for each of these types; it gives the same type, or `gives`."""
    return [Overload((kind,), gives or kind, run) for kind in kinds]


def bitwise(run: Callable[..., int | None], *others: Type) -> list[Overload]:
    """Return a function on the bits of an int or a uint, and on further arguments."""

    def wrapped(wrap: Callable[[int], int]) -> Callable[..., int | None]:
        def whole(*values: int) -> int | None:
            result = run(*values)
            return None if result is None else wrap(result)

        return whole

    return [
        Overload((INT, *others), INT, wrapped(mathematics.as_int)),
        Overload((UINT, *others), UINT, wrapped(mathematics.as_uint)),
    ]


def pairs(run: Callable[[int, int], int]) -> list[Overload]:
    """Return a function on the bits of two ints or two uints."""
    return [
        Overload((INT, INT), INT, lambda left, right: mathematics.as_int(run(left, right))),
        Overload((UINT, UINT), UINT, lambda left, right: mathematics.as_uint(run(left, right))),
    ]


def counted(unit: int) -> list[Overload]:
    """Return the function from a number of units to a duration."""
    return [Overload((INT,), DURATION, lambda count: in_range(count * unit, DURATION))]


def of_date(name: str) -> list[Overload]:
    """Return a part of a date: of an instant in UTC or in a zone, and of a plain day."""
    part = clocks.date_part(name)
    return methods(((TIMESTAMP,), INT, part), ((TIMESTAMP, STRING), INT, part), ((DATE,), INT, clocks.DATE_PARTS[name]))


def of_time(name: str) -> list[Overload]:
    """Return a part of a time of day: of an instant in UTC or in a zone; or of a duration."""
    part = clocks.time_part(name)
    return methods(
        ((TIMESTAMP,), INT, part), ((TIMESTAMP, STRING), INT, part), ((DURATION,), INT, clocks.duration_part(name))
    )


def matches(text: str, pattern: str) -> bool:
    """Return whether a regular expression finds something in the text."""
    return re2.search(pattern, text) is not None


def part_of_version(place: int) -> list[Overload]:
    """Return one of the numbers of a version."""
    return methods(((SEMVER,), INT, lambda version: versions.number(version, place)))


CASTS: dict[str, list[Overload]] = {
    "int": cast(
        INT,
        {
            INT: same,
            UINT: casts.in_int,
            DOUBLE: casts.int_of_double,
            STRING: casts.int_of_string,
            TIMESTAMP: lambda instant: instant // SECOND,
            DECIMAL: casts.int_of_decimal,
        },
    ),
    "uint": cast(
        UINT,
        {
            INT: casts.in_uint,
            UINT: same,
            DOUBLE: casts.uint_of_double,
            STRING: casts.uint_of_string,
            DECIMAL: casts.uint_of_decimal,
        },
    ),
    "double": cast(DOUBLE, {INT: float, UINT: float, DOUBLE: same, STRING: casts.double_of_string, DECIMAL: float}),
    "string": cast(
        STRING,
        {
            STRING: same,
            INT: str,
            UINT: str,
            DOUBLE: casts.string_of_double,
            BOOL: casts.string_of_bool,
            TIMESTAMP: casts.string_of_timestamp,
            DURATION: casts.string_of_duration,
            DATE: casts.string_of_date,
            DECIMAL: casts.string_of_decimal,
            SEMVER: versions.text,
        },
    ),
    "bool": cast(BOOL, {BOOL: same, STRING: casts.bool_of_string}),
    "timestamp": cast(
        TIMESTAMP,
        {
            TIMESTAMP: same,
            STRING: written_instants.timestamp_of_string,
            INT: lambda seconds: in_range(seconds * SECOND, TIMESTAMP),
            DATE: clocks.midnight,
        },
    ),
    "date": cast(DATE, {DATE: same, STRING: written_instants.date_of_string, TIMESTAMP: clocks.date_of})
    + methods(((TIMESTAMP, STRING), DATE, clocks.date_of)),
    "duration": cast(DURATION, {DURATION: same, STRING: written_instants.duration_of_string}),
    "semver": cast(SEMVER, {SEMVER: same, STRING: versions.read}),
    "days": counted(DAY),
    "hours": counted(HOUR),
    "minutes": counted(MINUTE),
}
TEXTS: dict[str, list[Overload]] = {
    "size": methods(((STRING,), INT, len), ((ANY_LIST,), INT, len)),
    "startsWith": methods(((STRING, STRING), BOOL, str.startswith)),
    "endsWith": methods(((STRING, STRING), BOOL, str.endswith)),
    "contains": methods(((STRING, STRING), BOOL, str.__contains__)),
    "matches": methods(((STRING, STRING), BOOL, matches)),
    "lowerAscii": methods(((STRING,), STRING, lambda text: text.translate(texts.TO_SMALL))),
    "upperAscii": methods(((STRING,), STRING, lambda text: text.translate(texts.TO_CAPITAL))),
    "trim": methods(((STRING,), STRING, texts.trim)),
    "reverse": methods(((STRING,), STRING, texts.reverse)),
    "strings.quote": methods(((STRING,), STRING, texts.quote)),
    "charAt": methods(((STRING, INT), STRING, texts.char_at)),
    "indexOf": methods(
        ((STRING, STRING), INT, texts.index_of),
        ((STRING, STRING, INT), INT, texts.index_of),
    ),
    "lastIndexOf": methods(
        ((STRING, STRING), INT, texts.last_index_of),
        ((STRING, STRING, INT), INT, texts.last_index_of),
    ),
    "substring": methods(((STRING, INT), STRING, texts.substring), ((STRING, INT, INT), STRING, texts.substring)),
    "replace": methods(
        ((STRING, STRING, STRING), STRING, texts.replace),
        ((STRING, STRING, STRING, INT), STRING, texts.replace),
    ),
    "split": methods(((STRING, STRING), STRINGS, texts.split), ((STRING, STRING, INT), STRINGS, texts.split)),
    "join": methods(((STRINGS,), STRING, texts.join), ((STRINGS, STRING), STRING, texts.join)),
    "isSemver": methods(((STRING,), BOOL, versions.is_version)),
    "major": part_of_version(0),
    "minor": part_of_version(1),
    "patch": part_of_version(2),
    "bucket": methods(*(((kind, STRING, INT), INT, buckets.bucket) for kind in (STRING, INT, UINT))),
}
MATHEMATICS: dict[str, list[Overload]] = {
    "math.abs": methods(((INT,), INT, mathematics.absolute), ((UINT,), UINT, same), ((DOUBLE,), DOUBLE, abs)),
    "math.sign": numeric(mathematics.sign_of_integer, (INT, UINT)) + numeric(mathematics.sign, (DOUBLE,)),
    "math.ceil": numeric(mathematics.ceiling, (DOUBLE,)),
    "math.floor": numeric(mathematics.floor, (DOUBLE,)),
    "math.round": numeric(mathematics.nearest, (DOUBLE,)),
    "math.trunc": numeric(mathematics.truncated, (DOUBLE,)),
    "math.sqrt": numeric(mathematics.square_root, (INT, UINT, DOUBLE), DOUBLE),
    "math.isNaN": numeric(lambda number: number != number, (DOUBLE,), BOOL),
    "math.isInf": numeric(lambda number: abs(number) == float("inf"), (DOUBLE,), BOOL),
    "math.isFinite": numeric(lambda number: abs(number) < float("inf"), (DOUBLE,), BOOL),
    "math.bitAnd": pairs(lambda left, right: left & right),
    "math.bitOr": pairs(lambda left, right: left | right),
    "math.bitXor": pairs(lambda left, right: left ^ right),
    "math.bitNot": bitwise(lambda bits: ~bits),
    "math.bitShiftLeft": bitwise(mathematics.shifted_left, INT),
    "math.bitShiftRight": bitwise(mathematics.shifted_right, INT),
}
FUNCTIONS: dict[str, list[Overload]] = {
    **CASTS,
    **TEXTS,
    **MATHEMATICS,
    **{name: of_date(name) for name in clocks.DATE_PARTS},
    **{name: of_time(name) for name in clocks.TIME_PARTS},
    "startOfDay": methods(((TIMESTAMP, STRING), TIMESTAMP, clocks.start_of_day)),
}
NAMESPACES = ("math", "strings")
