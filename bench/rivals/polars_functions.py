"""Polars with functions: rules carried over by hand, as one lazy `select` of all sums.

To its advantage: functions are Polars' own, zones are left to `convert_time_zone`, constants are shifted where its
parts of dates count from 1, and what rules share is computed once (`comm_subexpr_elim` is on by default). Words on
which no function works are Enums.
"""

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from bench.rivals.conditions import OPERATORS, Count
from fasttwitch import syntax
from fasttwitch.syntax import nodes

os.environ.setdefault("POLARS_MAX_THREADS", "2")
import polars as pl

WORDS = ("tier", "country")


def polars_functions(table: pa.Table, segments: Mapping[str, str]) -> Count:
    """Return a function that counts each segment with Polars."""
    frame = pl.DataFrame(pl.from_arrow(table)).with_columns(
        pl.col(name).cast(pl.Enum(table[name].chunk(0).dictionary.to_pylist())) for name in WORDS
    )
    frame = frame.with_columns(pl.col(pl.Categorical).cast(pl.String)).rechunk()
    known: dict[str, pl.Expr] = {}
    for name, text in segments.items():
        known[name] = _expression(syntax.parse(text), known)
    sums = [expression.sum().alias(name) for name, expression in known.items()]

    def count() -> dict[str, int]:
        return dict(frame.lazy().select(sums).collect().row(0, named=True))

    return count


def _expression(tree: nodes.Expression, segments: Mapping[str, pl.Expr]) -> Any:
    """Return a tree as an expression of Polars; constants stay values of Python."""

    def translated(part: nodes.Expression) -> Any:
        return _expression(part, segments)

    match tree:
        case nodes.Constant(value=value):
            return value
        case nodes.Name(name):
            return pl.col(name)
        case nodes.Logical(operator, operands):
            first, *others = map(translated, operands)
            return first.and_(*others) if operator == "&&" else first.or_(*others)
        case nodes.Unary("!", operand):
            return ~translated(operand)
        case nodes.Call("segment", None, (nodes.Constant(value=str(name)),)):
            return segments[name]
        case nodes.Binary(operator, nodes.Call(function, nodes.Name(name), arguments), right) if function in PARTS:
            return _of_part(PARTS[function], operator, _clock(pl.col(name), *map(translated, arguments)), right)
        case nodes.Binary("in", left, nodes.ListOf(items)):
            return translated(left).is_in([translated(item) for item in items])
        case nodes.Binary(operator, left, right):
            return BINARY[operator](translated(left), translated(right))
        case nodes.Index(
            nodes.Call("split", nodes.Name(name), (nodes.Constant(value=str(by)),)), nodes.Constant(value=int(at))
        ):
            return pl.col(name).str.split(by).list.get(at, null_on_oob=True)
        case nodes.Call(function, receiver, arguments):
            given = arguments if receiver is None or function in MATHEMATICS else (receiver, *arguments)
            name = f"math.{function}" if function in MATHEMATICS else function
            return FUNCTIONS[name](*map(translated, given))
    raise NotImplementedError(f"workloads have no such rules: {tree}")


def _of_part(part: tuple[str, int], operator: str, clock: pl.Expr, right: nodes.Expression) -> pl.Expr:
    """Return a comparison of a part of a date: Polars counts months and days from 1, Sunday is its day 7."""
    name, first = part
    values = right.items if isinstance(right, nodes.ListOf) else (right,)
    numbers = [int(value.value) + first for value in values if isinstance(value, nodes.Constant)]  # type: ignore[arg-type]
    found = getattr(clock.dt, name)()
    if operator == "in":
        return found.is_in([number or 7 for number in numbers] if name == "weekday" else numbers)
    return BINARY[operator](found, numbers[0])


def _clock(at: pl.Expr, zone: str = "") -> pl.Expr:
    return at.dt.convert_time_zone(zone) if zone else at


def _written_date(value: Any, zone: str = "") -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else _clock(value, zone).dt.date()


def _integer(value: pl.Expr) -> pl.Expr:
    # An instant is no integer of Polars' in seconds.
    name = value.meta.output_name()
    return value.dt.epoch("s") if name.endswith("_at") else value.cast(pl.Int64, strict=False)


def _extreme(operator: str) -> Callable[[pl.Expr, pl.Expr], pl.Expr]:
    # `max_horizontal` skips nulls, and the answer must be unknown where an operand is.
    def choose(one: pl.Expr, other: pl.Expr) -> pl.Expr:
        is_first = OPERATORS[operator](one, other)
        return pl.when(is_first).then(one).when(~is_first).then(other)  # type: ignore[operator]

    return choose


PARTS = {
    "getHours": ("hour", 0),
    "getDayOfWeek": ("weekday", 0),
    "getMonth": ("month", 1),
    "getFullYear": ("year", 0),
    "getDate": ("day", 0),
}
BINARY: dict[str, Callable[..., Any]] = {
    **OPERATORS,
    "!=": lambda left, right: left != right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
MATHEMATICS = frozenset("abs greatest least round sqrt ceil bitAnd".split())
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "date": _written_date,
    "timestamp": lambda text: datetime.fromisoformat(text),
    "startOfDay": lambda at, zone: _clock(at, zone).dt.truncate("1d").dt.convert_time_zone("UTC"),
    "int": _integer,
    "double": lambda value: value.cast(pl.Float64),
    "string": lambda value: value.cast(pl.String),
    "lowerAscii": lambda text: text.str.to_lowercase(),
    "upperAscii": lambda text: text.str.to_uppercase(),
    "trim": lambda text: text.str.strip_chars(),
    "size": lambda text: text.str.len_chars(),
    "startsWith": lambda text, part: text.str.starts_with(part),
    "endsWith": lambda text, part: text.str.ends_with(part),
    "contains": lambda text, part: text.str.contains(part, literal=True),
    "indexOf": lambda text, part: text.str.find(part, literal=True),
    "replace": lambda text, old, new: text.str.replace_all(old, new, literal=True),
    "substring": lambda text, begin, end: text.str.slice(begin, end - begin),
    "math.abs": lambda value: value.abs(),
    "math.greatest": _extreme(">"),
    "math.least": _extreme("<"),
    "math.round": lambda value: value.round(0, mode="half_away_from_zero"),
    "math.sqrt": lambda value: value.sqrt(),
    "math.ceil": lambda value: value.ceil(),
    "math.bitAnd": lambda value, bits: value & bits,
}
