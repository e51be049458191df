"""The same rules in Polars, as somebody who knows Polars would write them.

Meaning is settled in the typed trees, so this is a translation and no second evaluator: it exists to be raced against,
and its counts are compared with ours.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

import polars as pl
import pyarrow as pa

from fasttwitch.logic import nodes
from fasttwitch.logic.datatypes import DATE, DURATION, TIMESTAMP, Type
from fasttwitch.logic.nodes import Expression

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def polars_frame(table: pa.Table) -> pl.DataFrame:
    """Return the table as Polars likes it best: repeated texts as Enum, one chunk a column."""
    frame = pl.DataFrame(pl.from_arrow(table))
    enums = [
        pl.col(column.name).cast(pl.Enum(table[column.name].chunk(0).dictionary.to_pylist()))
        for column in table.schema
        if pa.types.is_dictionary(column.type)
    ]
    return frame.with_columns(enums).rechunk()


def polars_counts(
    frame: pl.DataFrame, segments: Mapping[str, Expression], now: datetime
) -> Callable[[], dict[str, int]]:
    """Return the function to race against: one lazy query that counts all segments."""
    translated: dict[str, pl.Expr] = {}
    for name, tree in segments.items():  # in an order in which each comes after those it names
        translated[name] = _Translation(now, frame.schema, translated).expression(tree)
    sums = [expression.sum().alias(name) for name, expression in translated.items()]
    return lambda: dict(frame.lazy().select(sums).collect().row(0, named=True))


class _Translation:
    """One rule on its way to Polars."""

    def __init__(self, now: datetime, schema: pl.Schema, segments: Mapping[str, pl.Expr]) -> None:
        self.now = now
        self.schema = schema
        self.segments = segments

    def expression(self, tree: Expression) -> pl.Expr:
        """Return what a typed tree says."""
        match tree:
            case nodes.And(operands):
                return reduce(operator.and_, map(self.expression, operands))
            case nodes.Or(operands):
                return reduce(operator.or_, map(self.expression, operands))
            case nodes.Not(nodes.IsNull(operand)):
                return self.expression(operand).is_not_null()
            case nodes.Not(operand):
                return ~self.expression(operand)
            case nodes.IsNull(operand):
                return self.expression(operand).is_null()
            case nodes.IsTrue(operand):
                return self.expression(operand).fill_null(False)
            case nodes.IsKnown(operand):
                return self.expression(operand).is_not_null()
            case nodes.Segment(name):
                return self.segments[name]
            case nodes.Coalesce(operands):
                # As text: an Enum has no room for a word that is none of its own.
                return pl.coalesce(*(self._plain(operand) for operand in operands))
            case nodes.Compare(compared, nodes.Apply("-", (nodes.Now(), column)), nodes.Constant(length)) if (
                compared in _TURNED
            ):
                # `now - at > length` is `at < now - length`: a column compared with a constant, nothing computed
                assert isinstance(length, int)
                return _OPERATORS[_TURNED[compared]](
                    self.expression(column), pl.lit(self.now - timedelta(microseconds=length))
                )
            case nodes.Compare(compared, left, right):
                return _OPERATORS[compared](self.expression(left), self.expression(right))
            case nodes.In(nodes.Attribute((name,)) as operand, constants):
                values = pl.Series(constants, dtype=self.schema[name])
                return self.expression(operand).is_in(values.implode())
            case nodes.Apply(function, (left, right)) if function in _OPERATORS:
                return _OPERATORS[function](self.expression(left), self.expression(right))
            case nodes.Attribute((name,)):
                return pl.col(name)
            case nodes.Constant(value, type_):
                return pl.lit(_python_value(value, type_))
            case nodes.Now():
                return pl.lit(self.now)
        raise NotImplementedError(f"the demo has no such rules: {tree}")

    def _plain(self, tree: Expression) -> pl.Expr:
        """Return an operand with its dictionary undone."""
        match tree:
            case nodes.Attribute((name,)) if isinstance(self.schema[name], pl.Enum):
                return pl.col(name).cast(pl.String)
            case _:
                return self.expression(tree)


def _python_value(value: object, type_: Type) -> object:
    """Return a constant as Polars takes it."""
    match value:
        case int() if type_ == TIMESTAMP:
            return _EPOCH + timedelta(microseconds=value)
        case int() if type_ == DURATION:
            return timedelta(microseconds=value)
        case int() if type_ == DATE:
            return date(1970, 1, 1) + timedelta(days=value)
        case _:
            return value
