"""Casts: `int(x)`, `string(x)`, `timestamp(x)`, …"""

from collections.abc import Callable, Mapping

from fasttwitch.library import casts
from fasttwitch.logic.catalogue.clocks import constant_zone, date_in_zone
from fasttwitch.logic.catalogue.signatures import FUNCTION, Define, Function, Overload, plain, same
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    Type,
)
from fasttwitch.logic.instants import Refusal, read_date, read_duration, read_timestamp


def _cast(target: Type, *sources: tuple[Type, Define]) -> Function:
    overloads = plain(((target,), target, same), *(((source,), target, define) for source, define in sources))
    return Function(FUNCTION, f"{target}(x)", overloads, f"is no {target}")


def _read(read: Callable[[str], int | Refusal]) -> Define:
    """Return a reader of strings as a function that is unknown where the string is refused."""

    def define(text: str) -> int | None:
        value = read(text)
        return None if isinstance(value, Refusal) else value

    return define


CONVERSIONS: Mapping[str, Function] = {
    "int": _cast(
        INT,
        (UINT, casts.int_of_uint),
        (DOUBLE, casts.int_of_double),
        (STRING, casts.int_of_string),
        (TIMESTAMP, casts.int_of_timestamp),
        (DECIMAL, casts.int_of_decimal),
    ),
    "uint": _cast(
        UINT,
        (INT, casts.uint_of_int),
        (DOUBLE, casts.uint_of_double),
        (STRING, casts.uint_of_string),
        (DECIMAL, casts.uint_of_decimal),
    ),
    "double": _cast(
        DOUBLE,
        (INT, casts.double_of_number),
        (UINT, casts.double_of_number),
        (STRING, casts.double_of_string),
        (DECIMAL, casts.double_of_decimal),
    ),
    "string": _cast(
        STRING,
        (INT, casts.string_of_int),
        (UINT, casts.string_of_int),
        (DOUBLE, casts.string_of_double),
        (BOOL, casts.string_of_bool),
        (TIMESTAMP, casts.string_of_timestamp),
        (DURATION, casts.string_of_duration),
        (DATE, casts.string_of_date),
        (DECIMAL, casts.string_of_decimal),
        (SEMVER, casts.string_of_semver),
    ),
    "bool": _cast(BOOL, (STRING, casts.bool_of_string)),
    "timestamp": Function(
        FUNCTION,
        'timestamp("2026-01-31T09:30:00Z")',
        plain(
            ((TIMESTAMP,), TIMESTAMP, same),
            ((STRING,), TIMESTAMP, _read(read_timestamp)),
            ((INT,), TIMESTAMP, casts.timestamp_of_seconds),
            ((DATE,), TIMESTAMP, casts.timestamp_of_date),
        ),
        "lies outside the years 0001 to 9999",
    ),
    "date": Function(
        FUNCTION,
        'date("2026-01-31")',
        (
            *plain(
                ((DATE,), DATE, same),
                ((STRING,), DATE, _read(read_date)),
                ((TIMESTAMP,), DATE, casts.date_of_timestamp),
            ),
            Overload((TIMESTAMP, STRING), DATE, date_in_zone, {1: constant_zone}),
        ),
    ),
    "duration": Function(
        FUNCTION,
        'duration("1h30m")',
        plain(((DURATION,), DURATION, same), ((STRING,), DURATION, _read(read_duration))),
    ),
}
