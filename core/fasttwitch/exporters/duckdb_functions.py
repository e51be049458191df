"""Functions that DuckDB has, or that can be put together there, with exactly our meaning."""

from collections.abc import Callable, Mapping

from fasttwitch.exporters.duckdb_columns import floored
from fasttwitch.logic import nodes
from fasttwitch.logic.instants import DAY, HOUR, LONGEST_DURATION, MINUTE, SECOND

Write = Callable[..., str]

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EDGE = "9223372036854775808e0"  # 2 to the 63rd, a double


def text_function(node: nodes.Apply) -> Write | None:
    """Return how to write a function that DuckDB only has for some constants; None if it has none."""
    match node:
        case nodes.Apply("replace", (_, nodes.Constant(str(old)), _)) if old:
            return lambda text, part, other: f"replace({text}, {part}, {other})"
        case nodes.Apply("matches", (_, nodes.Constant(str()))):
            return lambda text, pattern: f"regexp_matches({text}, {pattern})"
    return None


def _remainder(text: str, divisor: int) -> str:
    """Return SQL for a remainder that is never negative."""
    return f"((({text} % {divisor}) + {divisor}) % {divisor})"


def _clock(unit: int, count: int) -> Write:
    """Return how to write the part of an instant's day that counts so many units."""
    return lambda at: f"({_remainder(at, unit * count)} // {unit})"


def _of_instant(part: str, offset: int) -> Write:
    return lambda at: _shifted(f"extract('{part}' FROM make_timestamp({at}))", offset)


def _of_day(part: str, offset: int) -> Write:
    return lambda day: _shifted(f"extract('{part}' FROM (DATE '1970-01-01' + CAST({day} AS INTEGER)))", offset)


def _shifted(text: str, offset: int) -> str:
    return f"({text} - {offset})" if offset else text


def _strict(function: str) -> Write:
    """Return how to write a function that skips NULL in DuckDB and must not."""

    def write(*arguments: str) -> str:
        known = " AND ".join(f"{argument} IS NOT NULL" for argument in arguments)
        return f"(CASE WHEN {known} THEN {function}({', '.join(arguments)}) END)"

    return write


def _length(unit: int) -> Write:
    def write(count: str) -> str:
        most = LONGEST_DURATION // unit
        return f"(CASE WHEN {count} BETWEEN {-most} AND {most} THEN {count} * {unit} END)"

    return write


def _substring(text: str, begin: str, end: str = "") -> str:
    end = end or f"length({text})"
    inside = f"{begin} >= 0 AND {begin} <= {end} AND {end} <= length({text})"
    return f"(CASE WHEN {inside} THEN substring({text}, {begin} + 1, {end} - {begin}) END)"


def _char_at(text: str, at: str) -> str:
    return f"(CASE WHEN {at} >= 0 AND {at} <= length({text}) THEN substring({text}, {at} + 1, 1) END)"


def _int_of_double(value: str) -> str:
    # NaN is greater than all other doubles in DuckDB, so it fails here, too.
    return f"(CASE WHEN {value} > -{_EDGE} AND {value} < {_EDGE} THEN CAST(trunc({value}) AS BIGINT) END)"


def _bits(operator: str) -> Write:
    return lambda left, right: f"({left} {operator} {right})"


# By name and types of the arguments.
FUNCTIONS: Mapping[tuple[str, ...], Write] = {
    ("size", "string"): lambda text: f"length({text})",
    ("startsWith", "string", "string"): lambda text, part: f"starts_with({text}, {part})",
    ("endsWith", "string", "string"): lambda text, part: f"ends_with({text}, {part})",
    ("contains", "string", "string"): lambda text, part: f"contains({text}, {part})",
    ("lowerAscii", "string"): lambda text: f"translate({text}, '{_CAPITALS}', '{_CAPITALS.lower()}')",
    ("upperAscii", "string"): lambda text: f"translate({text}, '{_CAPITALS.lower()}', '{_CAPITALS}')",
    ("substring", "string", "int"): _substring,
    ("substring", "string", "int", "int"): _substring,
    ("charAt", "string", "int"): _char_at,
    ("indexOf", "string", "string"): lambda text, part: f"(strpos({text}, {part}) - 1)",
    ("int", "uint"): lambda value: f"TRY_CAST({value} AS BIGINT)",
    ("int", "double"): _int_of_double,
    ("int", "timestamp"): lambda at: floored(at, SECOND),
    ("uint", "double"): lambda value: (
        f"(CASE WHEN {value} >= 0 AND {value} < 18446744073709551616e0 THEN CAST(trunc({value}) AS UBIGINT) END)"
    ),
    ("uint", "int"): lambda value: f"TRY_CAST({value} AS UBIGINT)",
    ("double", "int"): lambda value: f"CAST({value} AS DOUBLE)",
    ("double", "uint"): lambda value: f"CAST({value} AS DOUBLE)",
    ("string", "int"): lambda value: f"CAST({value} AS VARCHAR)",
    ("string", "uint"): lambda value: f"CAST({value} AS VARCHAR)",
    ("string", "bool"): lambda value: f"CAST({value} AS VARCHAR)",
    ("string", "date"): lambda day: f"CAST((DATE '1970-01-01' + CAST({day} AS INTEGER)) AS VARCHAR)",
    ("timestamp", "date"): lambda day: f"({day} * {DAY})",
    ("date", "timestamp"): lambda at: floored(at, DAY),
    **{
        (name, kind): write(part, offset)
        for name, part, offset in (
            ("getFullYear", "year", 0),
            ("getMonth", "month", 1),
            ("getDate", "day", 0),
            ("getDayOfMonth", "day", 1),
            ("getDayOfWeek", "dow", 0),
            ("getDayOfYear", "doy", 1),
        )
        for kind, write in (("timestamp", _of_instant), ("date", _of_day))
    },
    ("getHours", "timestamp"): _clock(HOUR, 24),
    ("getMinutes", "timestamp"): _clock(MINUTE, 60),
    ("getSeconds", "timestamp"): _clock(SECOND, 60),
    ("getMilliseconds", "timestamp"): _clock(1_000, 1_000),
    ("getHours", "duration"): lambda length: f"({length} // {HOUR})",
    ("getMinutes", "duration"): lambda length: f"({length} // {MINUTE})",
    ("getSeconds", "duration"): lambda length: f"({length} // {SECOND})",
    ("getMilliseconds", "duration"): lambda length: f"(({length} % {SECOND}) // 1000)",
    ("days", "int"): _length(DAY),
    ("hours", "int"): _length(HOUR),
    ("minutes", "int"): _length(MINUTE),
    ("math.abs", "int"): lambda value: f"TRY(abs({value}))",
    ("math.abs", "uint"): lambda value: value,
    ("math.abs", "double"): lambda value: f"abs({value})",
    ("math.sign", "int"): lambda value: f"CAST(sign({value}) AS BIGINT)",
    ("math.ceil", "double"): lambda value: f"ceil({value})",
    ("math.floor", "double"): lambda value: f"floor({value})",
    ("math.trunc", "double"): lambda value: f"trunc({value})",
    ("math.round", "double"): lambda value: f"round({value})",
    ("math.isNaN", "double"): lambda value: f"isnan({value})",
    ("math.isInf", "double"): lambda value: f"isinf({value})",
    ("math.isFinite", "double"): lambda value: f"isfinite({value})",
    **{(f"math.{name}", *(kind,) * count): _strict(name)
       for name in ("greatest", "least") for kind in ("int", "uint") for count in range(2, 9)},
    **{(f"math.{name}", kind, kind): _bits(operator)
       for name, operator in (("bitAnd", "&"), ("bitOr", "|")) for kind in ("int", "uint")},
    **{("math.bitXor", kind, kind): lambda left, right: f"xor({left}, {right})" for kind in ("int", "uint")},
    **{("math.bitNot", kind): lambda value: f"(~{value})" for kind in ("int", "uint")},
}  # fmt: skip
