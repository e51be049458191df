"""Rules as every engine knows them: comparisons of a column with a constant of that column's own type, AND, OR, NOT.

What a person would do by hand when carrying our rules over to another engine is done here, once, to the rivals'
advantage: `now - at < days(30)` becomes `at > 2025-12-02`, a bare Boolean stays a bare Boolean, constants get the
column's type, so that no rival converts a column. Segments that a rule uses are written out in full.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

import pyarrow as pa

from fasttwitch import syntax
from fasttwitch.syntax import nodes

Constant: TypeAlias = float | int | Decimal | str | date | datetime


@dataclass(frozen=True, slots=True)
class Compare:
    """`column operator constant`, the operator one of `< <= > >= ==`."""

    column: str
    operator: str
    constant: Constant


@dataclass(frozen=True, slots=True)
class OneOf:
    """`column in [words]`."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartsWith:
    """`column.startsWith("prefix")`."""

    column: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A Boolean column by itself."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    """`!part`."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """`part && part …`."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """`part || part …`."""

    parts: tuple["Condition", ...]


Condition: TypeAlias = Compare | OneOf | StartsWith | Flag | Not | Every | Some

# Takes a table and the conditions of its segments, brings both into the engine's own form, and returns the function
# whose time is measured: it counts each segment.
Count: TypeAlias = Callable[[], dict[str, int]]
Rival: TypeAlias = Callable[[pa.Table, Mapping[str, Condition]], Count]

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPERATORS: dict[str, Callable[..., object]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def conditions(segments: Mapping[str, str], schema: pa.Schema, now: datetime) -> dict[str, Condition]:
    """Return the condition of each segment; a segment is used only below its definition."""
    known: dict[str, Condition] = {}
    for name, text in segments.items():
        known[name] = _condition(syntax.parse(text), _Context(schema, now, known))
    return known


@dataclass(frozen=True, slots=True)
class _Context:
    schema: pa.Schema
    now: datetime
    segments: Mapping[str, Condition]


def _condition(tree: nodes.Expression, context: _Context) -> Condition:
    """Return what the tree of a rule says."""
    match tree:
        case nodes.Logical("&&", operands):
            return Every(tuple(_condition(operand, context) for operand in operands))
        case nodes.Logical("||", operands):
            return Some(tuple(_condition(operand, context) for operand in operands))
        case nodes.Unary("!", operand):
            return Not(_condition(operand, context))
        case nodes.Name(name):
            return Flag(name)
        case nodes.Call("segment", None, (nodes.Constant("string", str(name)),)):
            return context.segments[name]
        case nodes.Call("startsWith", nodes.Name(name), (nodes.Constant("string", str(prefix)),)):
            return StartsWith(name, prefix)
        case nodes.Binary("in", nodes.Name(name), nodes.ListOf(items)):
            return OneOf(name, tuple(str(item.value) for item in items if isinstance(item, nodes.Constant)))
        case nodes.Binary(comparison, nodes.Binary("-", nodes.Name("now"), nodes.Name(name)), length):
            return Compare(name, TURNED[comparison], context.now - _duration(length))
        case nodes.Binary(comparison, nodes.Name(name), constant):
            return Compare(name, comparison, _constant(constant, context.schema.field(name).type))
    raise NotImplementedError(f"workloads have no such rules: {tree}")


def _duration(tree: nodes.Expression) -> timedelta:
    """Return the length that `days(n)` stands for."""
    match tree:
        case nodes.Call("days", None, (nodes.Constant("int", int(days)),)):
            return timedelta(days=days)
    raise NotImplementedError(f"workloads have no such durations: {tree}")


def _constant(tree: nodes.Expression, type: pa.DataType) -> Constant:
    """Return a constant of the column's type."""
    match tree:
        case nodes.Call("date", None, (nodes.Constant("string", str(written)),)):
            return date.fromisoformat(written)
        case nodes.Constant("int" | "double", int() | float(), text=text) if pa.types.is_decimal(type):
            return Decimal(text)
        case nodes.Constant("int" | "double" | "string", int() | float() | str() as value):
            return value
    raise NotImplementedError(f"workloads have no such constants: {tree}")
