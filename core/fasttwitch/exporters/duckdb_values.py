"""Values as SQL: arithmetic that becomes NULL where it overflows, choices, coalesce."""

from collections.abc import Callable

import pyarrow as pa

from fasttwitch.exporters.duckdb_columns import column, refused, stored_type
from fasttwitch.exporters.duckdb_constants import digits, literal, widest
from fasttwitch.exporters.duckdb_functions import FUNCTIONS, text_function
from fasttwitch.logic import nodes
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
    Scalar,
)
from fasttwitch.logic.instants import (
    DAY,
    FIRST_DAY,
    FIRST_INSTANT,
    LAST_DAY,
    LAST_INSTANT,
    LONGEST_DURATION,
)

LONGEST = 4 * 1024 * 1024  # characters: segments within segments can double the text at every step
_RANGES = {
    TIMESTAMP: (FIRST_INSTANT, LAST_INSTANT),
    DURATION: (-LONGEST_DURATION, LONGEST_DURATION),
    DATE: (FIRST_DAY, LAST_DAY),
}
_ARITHMETIC = ("+", "-", "*", "/", "%")


def no_segments(name: str) -> nodes.Expression:
    """Return the rule of a segment, where there are none."""
    raise AssertionError(name)


class Values:
    """Translates values; predicates are left to `predicate`.

    schema   of the table as DuckDB reads it
    now      microseconds since 1970 UTC; None for the instant of DuckDB's transaction
    segment  gives the typed rule of a segment
    """

    def __init__(
        self, schema: pa.Schema, now: int | None, segment: Callable[[str], nodes.Expression] = no_segments
    ) -> None:
        self.schema = schema
        self.now = now
        self.segment = segment

    def predicate(self, node: nodes.Expression) -> str:
        """Return SQL for what is true, false or unknown."""
        raise NotImplementedError

    def value(self, node: nodes.Expression) -> str:
        """Return SQL for a value of any type."""
        return self.not_too_long(self._value(node), node)

    def not_too_long(self, text: str, node: nodes.Expression) -> str:
        """Return SQL as it is; raises where it has grown out of hand."""
        if len(text) > LONGEST:
            raise refused(node.span, f"as SQL this has more than {LONGEST:,} characters", "export its parts")
        return text

    def _value(self, node: nodes.Expression) -> str:
        if node.type is SEMVER or isinstance(node.type, ListType):
            raise refused(node.span, f"DuckDB has no {node.type}", "keep this rule out of the export")
        match node:
            case nodes.Constant():
                return literal(node.value, node.type, node.span)
            case nodes.Attribute():
                return column(self.schema, node)
            case nodes.Now():
                return "epoch_us(now())" if self.now is None else f"CAST('{self.now}' AS BIGINT)"
            case nodes.Conditional() if node.type is not BOOL:
                when = self.predicate(node.condition)
                then, otherwise = self.same_digits(node.then, node), self.same_digits(node.otherwise, node)
                return f"(CASE WHEN {when} THEN {then} WHEN NOT {when} THEN {otherwise} END)"
            case nodes.Coalesce():
                return f"coalesce({', '.join(self.same_digits(operand, node) for operand in node.operands)})"
            case nodes.Apply() if node.function in _ARITHMETIC or node.function == "negate":
                return self.arithmetic(node)
            case nodes.Apply():
                return self.function(node)
        return self.predicate(node)

    def same_digits(self, node: nodes.Expression, whole: nodes.Expression) -> str:
        """Return SQL for a part of a choice: decimals with the digits that hold all parts."""
        return self.decimal(node, self.digits(whole)) if node.type is DECIMAL else self.value(node)

    def digits(self, node: nodes.Expression) -> tuple[int, int]:
        """Return the digits before and after the point of a decimal, or of a whole number beside one."""
        match node:
            case nodes.Constant(value) if node.type is DECIMAL:
                return digits(value)  # type: ignore[arg-type]  # a decimal is a Decimal
            case nodes.Attribute(path) if node.type is DECIMAL:
                stored = stored_type(self.schema, path)
                return stored.precision - stored.scale, stored.scale
            case nodes.Conditional():
                return widest([self.digits(node.then), self.digits(node.otherwise)])
            case nodes.Coalesce():
                return widest([self.digits(operand) for operand in node.operands])
        return (20, 0) if node.type is UINT else (19, 0)

    def decimal(self, node: nodes.Expression, common: tuple[int, int]) -> str:
        """Return SQL for a decimal or whole number as a decimal of so many digits."""
        whole, fraction = common
        if whole + fraction > 38:
            raise refused(node.span, "DuckDB's decimals have 38 digits, and this comparison needs more")
        return f"CAST({self.value(node)} AS DECIMAL({max(whole + fraction, 1)}, {fraction}))"

    def arithmetic(self, node: nodes.Apply) -> str:
        """Return SQL for `+ - * / %` and the minus sign."""
        kind = node.type
        if node.function == "negate":
            inner = self.value(node.arguments[0])
            return f"(-{inner})" if kind is DOUBLE else f"TRY(CAST(0 AS BIGINT) - {inner})"
        left, right = (self.value(argument) for argument in node.arguments)
        if kind is DOUBLE:
            return f"({left} {node.function} {right})"
        if kind is STRING:
            return f"({left} || {right})"
        if kind is DATE:
            right = f"({right} // {DAY})"
        result = f"TRY({left} {'//' if node.function == '/' else node.function} {right})"
        if kind is INT or kind is UINT:
            return result
        assert isinstance(kind, Scalar)
        low, high = _RANGES[kind]
        return f"(CASE WHEN {result} BETWEEN {low} AND {high} THEN {result} END)"

    def function(self, node: nodes.Apply) -> str:
        """Return SQL for a function."""
        kinds = tuple(argument.type for argument in node.arguments)
        write = FUNCTIONS.get((node.function, *map(str, kinds))) or text_function(node)
        if write is None:
            shown = ", ".join(map(str, kinds))
            message = f"DuckDB has nothing that is exactly `{node.function}` of {shown}"
            raise refused(node.span, message, "keep this rule out of the export")
        return write(*(self.value(argument) for argument in node.arguments))
