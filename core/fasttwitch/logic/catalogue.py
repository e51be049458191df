"""Every plain function of the language: how it is written, what it takes and gives, and what it does to values.

Plain are functions that are strict, and whose type follows from the types of their arguments. What each one does is
defined once, in `fasttwitch.library`: constants are folded with it here, strings and rows are judged by it in `batch`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from fasttwitch.library import bucketing, calendar_parts, casts, date_parts, mathematics, strings, versions, zones
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
    ListType,
    Type,
)
from fasttwitch.logic.instants import HOUR, MINUTE, Refusal, read_date, read_duration, read_timestamp
from fasttwitch.logic.names import nearest
from fasttwitch.logic.nodes import Value

METHOD, FUNCTION, EITHER = "method", "function", "either"
STRINGS = ListType(STRING)
NUMBERS = (INT, UINT, DOUBLE)
MOST_BUCKETS = 1_000_000

Define = Callable[..., Value | None]
Verify = Callable[[Value], Refusal | None]


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature of a function.

    parameters  types, the receiver's first
    result      type
    define      values → value, None where the result is unknown
    constants   place of a parameter that must be a constant → why that constant is refused, or None
    variadic    whether the last parameter stands for one or more
    """

    parameters: tuple[Type, ...]
    result: Type
    define: Define
    constants: Mapping[int, Verify] = field(default_factory=dict)
    variadic: bool = False

    def takes(self, count: int) -> bool:
        """Return whether the overload can be called with so many arguments."""
        return count == len(self.parameters) or (self.variadic and count > len(self.parameters))

    def parameter(self, place: int) -> Type:
        """Return the type of the argument at a place."""
        return self.parameters[min(place, len(self.parameters) - 1)]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    form       METHOD for `x.f(…)`, FUNCTION for `f(…)`, EITHER; names with a dot are functions
    usage      a call, as the documentation writes it
    overloads  tried in this order
    failure    what is said of constants that have no result
    """

    form: str
    usage: str
    overloads: tuple[Overload, ...]
    failure: str = "has no result"


def _any(_: Value) -> Refusal | None:
    return None


def _zone(value: Value) -> Refusal | None:
    if zones.read_zone(str(value)) is not None:
        return None
    suggestion = nearest(str(value), zones.zone_names())
    fix = f'did you mean `"{suggestion}"`?' if suggestion else 'write it like `"Europe/Berlin"` or `"+02:00"`'
    return Refusal(f'unknown time zone `"{value}"`', fix)


def _buckets(value: Value) -> Refusal | None:
    if isinstance(value, int) and 1 <= value <= MOST_BUCKETS:
        return None
    return Refusal(f"`bucket` makes 1 to {MOST_BUCKETS:,} buckets, not {value}", 'e.g. `bucket(id, "salt", 100) < 10`')


def _read(read: Callable[[str], int | Refusal]) -> Define:
    """Return a reader of strings as a function that is unknown where the string is refused."""

    def define(text: str) -> int | None:
        value = read(text)
        return None if isinstance(value, Refusal) else value

    return define


def _same(value: Value) -> Value:
    return value


def _zoned(part: Callable[[int], Value]) -> Define:
    """Return a part of the clock in a zone."""

    def define(instant: int, zone: str) -> Value | None:
        known = zones.read_zone(zone)
        return None if known is None else part(zones.local_time(known, instant))

    return define


def _start_of_day(instant: int, zone: str) -> int | None:
    known = zones.read_zone(zone)
    return None if known is None else zones.start_of_day(known, instant)


def _date_in_zone(instant: int, zone: str) -> int | None:
    known = zones.read_zone(zone)
    return None if known is None else casts.date_of_timestamp(instant, known)


def _plain(*signatures: tuple[tuple[Type, ...], Type, Define]) -> tuple[Overload, ...]:
    return tuple(Overload(parameters, result, define) for parameters, result, define in signatures)


def _clock_part(
    name: str,
    part: Callable[[int], int],
    of_days: Callable[[int], int] | None,
    of_duration: Callable[[int], int] | None,
) -> tuple[str, Function]:
    """Return the accessor of a part of a timestamp, of a date if days have it, of a duration if that has it."""
    overloads = [Overload((TIMESTAMP,), INT, part), Overload((TIMESTAMP, STRING), INT, _zoned(part), {1: _zone})]
    if of_days is not None:
        overloads.append(Overload((DATE,), INT, of_days))
    if of_duration is not None:
        overloads.append(Overload((DURATION,), INT, of_duration))
    return name, Function(METHOD, f'at.{name}("Europe/Berlin")', tuple(overloads))


def _extreme(name: str, define: Define) -> tuple[str, Function]:
    def of_list(values: tuple[Value, ...]) -> Value | None:
        return define(*values) if values else None

    single = tuple(Overload((kind,), kind, define, variadic=True) for kind in NUMBERS)
    listed = tuple(Overload((ListType(kind),), kind, of_list) for kind in NUMBERS)
    return f"math.{name}", Function(FUNCTION, f"math.{name}(a, b)", (*single, *listed))


def _bits(name: str, define: Define) -> tuple[str, Function]:
    overloads = _plain(*(((kind, kind), kind, define) for kind in (INT, UINT)))
    return f"math.{name}", Function(FUNCTION, f"math.{name}(a, b)", overloads)


def _shift(name: str, of_int: Define, of_uint: Define) -> tuple[str, Function]:
    overloads = _plain(((INT, INT), INT, of_int), ((UINT, INT), UINT, of_uint))
    return f"math.{name}", Function(FUNCTION, f"math.{name}(a, 3)", overloads, "shifts by a negative number")


def _rounding(name: str, define: Define) -> tuple[str, Function]:
    return f"math.{name}", Function(FUNCTION, f"math.{name}(x)", _plain(((DOUBLE,), DOUBLE, define)))


def _question(name: str, define: Define) -> tuple[str, Function]:
    return f"math.{name}", Function(FUNCTION, f"math.{name}(x)", _plain(((DOUBLE,), BOOL, define)))


def _method(name: str, usage: str, *signatures: tuple[tuple[Type, ...], Type, Define]) -> tuple[str, Function]:
    return name, Function(METHOD, usage, _plain(*signatures), "reaches outside the string")


def _cast(name: str, *signatures: tuple[tuple[Type, ...], Type, Define]) -> tuple[str, Function]:
    return name, Function(FUNCTION, f"{name}(x)", _plain(*signatures), f"is no {name}")


def _functions() -> Iterator[tuple[str, Function]]:
    yield _cast(
        "int",
        ((INT,), INT, _same),
        ((UINT,), INT, casts.int_of_uint),
        ((DOUBLE,), INT, casts.int_of_double),
        ((STRING,), INT, casts.int_of_string),
        ((TIMESTAMP,), INT, casts.int_of_timestamp),
        ((DECIMAL,), INT, casts.int_of_decimal),
    )
    yield _cast(
        "uint",
        ((UINT,), UINT, _same),
        ((INT,), UINT, casts.uint_of_int),
        ((DOUBLE,), UINT, casts.uint_of_double),
        ((STRING,), UINT, casts.uint_of_string),
        ((DECIMAL,), UINT, casts.uint_of_decimal),
    )
    yield _cast(
        "double",
        ((DOUBLE,), DOUBLE, _same),
        ((INT,), DOUBLE, casts.double_of_number),
        ((UINT,), DOUBLE, casts.double_of_number),
        ((STRING,), DOUBLE, casts.double_of_string),
        ((DECIMAL,), DOUBLE, casts.double_of_decimal),
    )
    yield _cast(
        "string",
        ((STRING,), STRING, _same),
        ((INT,), STRING, casts.string_of_int),
        ((UINT,), STRING, casts.string_of_int),
        ((DOUBLE,), STRING, casts.string_of_double),
        ((BOOL,), STRING, casts.string_of_bool),
        ((TIMESTAMP,), STRING, casts.string_of_timestamp),
        ((DURATION,), STRING, casts.string_of_duration),
        ((DATE,), STRING, casts.string_of_date),
        ((DECIMAL,), STRING, casts.string_of_decimal),
        ((SEMVER,), STRING, casts.string_of_semver),
    )
    yield _cast("bool", ((BOOL,), BOOL, _same), ((STRING,), BOOL, casts.bool_of_string))
    yield (
        "timestamp",
        Function(
            FUNCTION,
            'timestamp("2026-01-31T09:30:00Z")',
            _plain(
                ((TIMESTAMP,), TIMESTAMP, _same),
                ((STRING,), TIMESTAMP, _read(read_timestamp)),
                ((INT,), TIMESTAMP, casts.timestamp_of_seconds),
                ((DATE,), TIMESTAMP, casts.timestamp_of_date),
            ),
            "lies outside the years 0001 to 9999",
        ),
    )
    yield (
        "date",
        Function(
            FUNCTION,
            'date("2026-01-31")',
            (
                *_plain(
                    ((DATE,), DATE, _same),
                    ((STRING,), DATE, _read(read_date)),
                    ((TIMESTAMP,), DATE, casts.date_of_timestamp),
                ),
                Overload((TIMESTAMP, STRING), DATE, _date_in_zone, {1: _zone}),
            ),
        ),
    )
    yield (
        "duration",
        Function(
            FUNCTION,
            'duration("1h30m")',
            _plain(((DURATION,), DURATION, _same), ((STRING,), DURATION, _read(read_duration))),
        ),
    )
    yield from (
        _clock_part(name, part, of_days, of_duration)
        for name, part, of_days, of_duration in (
            ("getFullYear", calendar_parts.year, date_parts.year, None),
            ("getMonth", calendar_parts.month, date_parts.month, None),
            ("getDayOfMonth", calendar_parts.day_of_month, date_parts.day_of_month, None),
            ("getDate", calendar_parts.date_of_month, date_parts.date_of_month, None),
            ("getDayOfWeek", calendar_parts.day_of_week, date_parts.day_of_week, None),
            ("getDayOfYear", calendar_parts.day_of_year, date_parts.day_of_year, None),
            ("getHours", calendar_parts.hours, None, calendar_parts.duration_hours),
            ("getMinutes", calendar_parts.minutes, None, calendar_parts.duration_minutes),
            ("getSeconds", calendar_parts.seconds, None, calendar_parts.duration_seconds),
            ("getMilliseconds", calendar_parts.milliseconds, None, calendar_parts.duration_milliseconds),
        )
    )
    yield (
        "startOfDay",
        Function(
            FUNCTION,
            'startOfDay(at, "Europe/Berlin")',
            (Overload((TIMESTAMP, STRING), TIMESTAMP, _start_of_day, {1: _zone}),),
            "lies outside the years 0001 to 9999",
        ),
    )
    yield _method("charAt", "x.charAt(0)", ((STRING, INT), STRING, strings.char_at))
    yield _method(
        "indexOf",
        'x.indexOf("a")',
        ((STRING, STRING), INT, strings.index_of),
        ((STRING, STRING, INT), INT, strings.index_of),
    )
    yield _method(
        "lastIndexOf",
        'x.lastIndexOf("a")',
        ((STRING, STRING), INT, strings.last_index_of),
        ((STRING, STRING, INT), INT, strings.last_index_of),
    )
    yield _method(
        "substring",
        "x.substring(0, 3)",
        ((STRING, INT), STRING, strings.substring),
        ((STRING, INT, INT), STRING, strings.substring),
    )
    yield _method(
        "replace",
        'x.replace("a", "b")',
        ((STRING, STRING, STRING), STRING, strings.replace),
        ((STRING, STRING, STRING, INT), STRING, strings.replace),
    )
    yield _method(
        "split",
        'x.split(",")',
        ((STRING, STRING), STRINGS, strings.split),
        ((STRING, STRING, INT), STRINGS, strings.split),
    )
    yield _method(
        "join",
        'x.split(" ").join("-")',
        ((STRINGS,), STRING, strings.join),
        ((STRINGS, STRING), STRING, strings.join),
    )
    for name, define in (
        ("lowerAscii", strings.lower_ascii),
        ("upperAscii", strings.upper_ascii),
        ("trim", strings.trim),
        ("reverse", strings.reverse),
    ):
        yield _method(name, f"x.{name}()", ((STRING,), STRING, define))
    yield "strings.quote", Function(FUNCTION, "strings.quote(x)", _plain(((STRING,), STRING, strings.quote)))
    yield _extreme("greatest", mathematics.greatest)
    yield _extreme("least", mathematics.least)
    yield (
        "math.abs",
        Function(
            FUNCTION,
            "math.abs(x)",
            _plain(
                ((INT,), INT, mathematics.absolute_int),
                ((UINT,), UINT, _same),
                ((DOUBLE,), DOUBLE, mathematics.absolute_double),
            ),
            "does not fit into an int",
        ),
    )
    yield (
        "math.sign",
        Function(FUNCTION, "math.sign(x)", _plain(*(((kind,), kind, mathematics.sign) for kind in NUMBERS))),
    )
    yield (
        "math.sqrt",
        Function(FUNCTION, "math.sqrt(x)", _plain(*(((kind,), DOUBLE, mathematics.square_root) for kind in NUMBERS))),
    )
    yield _rounding("ceil", mathematics.ceiling)
    yield _rounding("floor", mathematics.floor)
    yield _rounding("round", mathematics.round_half_away)
    yield _rounding("trunc", mathematics.truncate)
    yield _question("isNaN", mathematics.is_nan)
    yield _question("isInf", mathematics.is_infinite)
    yield _question("isFinite", mathematics.is_finite)
    yield _bits("bitAnd", mathematics.bit_and)
    yield _bits("bitOr", mathematics.bit_or)
    yield _bits("bitXor", mathematics.bit_xor)
    yield (
        "math.bitNot",
        Function(
            FUNCTION,
            "math.bitNot(a)",
            _plain(((INT,), INT, mathematics.bit_not_int), ((UINT,), UINT, mathematics.bit_not_uint)),
        ),
    )
    yield _shift("bitShiftLeft", mathematics.shift_left_int, mathematics.shift_left_uint)
    yield _shift("bitShiftRight", mathematics.shift_right_int, mathematics.shift_right_uint)
    yield (
        "semver",
        Function(
            FUNCTION,
            'semver("2.10.0")',
            _plain(((SEMVER,), SEMVER, _same), ((STRING,), SEMVER, versions.read_semver)),
            "is no version",
        ),
    )
    yield "isSemver", Function(FUNCTION, "isSemver(x)", _plain(((STRING,), BOOL, versions.is_semver)))
    for name, part in (("major", versions.major), ("minor", versions.minor), ("patch", versions.patch)):
        yield name, Function(METHOD, f"semver(x).{name}()", _plain(((SEMVER,), INT, part)))
    yield (
        "bucket",
        Function(
            FUNCTION,
            'bucket(customer_id, "salt", 100)',
            tuple(
                Overload((kind, STRING, INT), INT, bucketing.bucket, {1: _any, 2: _buckets})
                for kind in (STRING, INT, UINT)
            ),
        ),
    )


CATALOGUE: Mapping[str, Function] = dict(_functions())

# What stands in the typed tree under a name of its own, though it is written with operators or has a rule of its own.
INTERNAL: Mapping[str, tuple[Overload, ...]] = {
    "[]": _plain(((STRINGS, INT), STRING, strings.element)),
    "size": _plain(((STRING,), INT, len), ((STRINGS,), INT, len)),
    "+": _plain(((STRING, STRING), STRING, lambda left, right: left + right)),
    "in": _plain(((STRING, STRINGS), BOOL, lambda value, values: value in values)),
    "startsWith": _plain(((STRING, STRING), BOOL, str.startswith)),
    "endsWith": _plain(((STRING, STRING), BOOL, str.endswith)),
    "contains": _plain(((STRING, STRING), BOOL, str.__contains__)),
}
UNITS = {"hours": HOUR, "minutes": MINUTE}
