"""Predicates as SQL: comparisons as IEEE 754 and the language have them, lists, null tests, connectives."""

from collections.abc import Sequence

from fasttwitch.exporters.duckdb_columns import native_literal, raw
from fasttwitch.exporters.duckdb_constants import (
    compared_literal,
    decimal_literal,
    digits,
    double_literal,
    widest,
)
from fasttwitch.exporters.duckdb_values import Values
from fasttwitch.logic import nodes
from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, INT, TIMESTAMP, UINT

_SYMBOLS = {"==": "=", "!=": "<>"}


class Translator(Values):
    """Translates whole rules."""

    def predicate(self, node: nodes.Expression) -> str:
        """Return SQL for what is true, false or unknown."""
        return self.not_too_long(self._predicate(node), node)

    def _predicate(self, node: nodes.Expression) -> str:
        match node:
            case nodes.Not(operand):
                return f"(NOT {self.predicate(operand)})"
            case nodes.And(operands):
                return f"({' AND '.join(self.predicate(operand) for operand in operands)})"
            case nodes.Or(operands):
                return f"({' OR '.join(self.predicate(operand) for operand in operands)})"
            case nodes.Compare():
                return self.comparison(node)
            case nodes.In():
                return self.membership(node)
            case nodes.IsNull(operand):
                return f"({raw(operand.path)} IS NULL)"
            case nodes.IsTrue(operand):
                return f"coalesce({self.predicate(operand)}, FALSE)"
            case nodes.IsKnown(operand):
                return f"({self.predicate(operand)} IS NOT NULL)"
            case nodes.Conditional(condition, then, otherwise):
                when = self.predicate(condition)
                branches = self.predicate(then), self.predicate(otherwise)
                return f"(CASE WHEN {when} THEN {branches[0]} WHEN NOT {when} THEN {branches[1]} END)"
            case nodes.Segment(name):
                return self.predicate(self.segment(name))
        return self.value(node)

    def comparison(self, node: nodes.Compare) -> str:
        """Return SQL for a comparison."""
        left, right = node.left, node.right
        symbol = _SYMBOLS.get(node.operator, node.operator)
        kinds = {left.type, right.type}
        if DECIMAL in kinds:
            common = widest([self.digits(left), self.digits(right)])
            return f"({self.decimal(left, common)} {symbol} {self.decimal(right, common)})"
        if DOUBLE in kinds:
            return self.comparison_of_doubles(node.operator, symbol, left, right)
        if kinds == {INT, UINT}:
            return f"(CAST({self.value(left)} AS HUGEINT) {symbol} CAST({self.value(right)} AS HUGEINT))"
        if isinstance(right, nodes.Constant):
            native = self.native_literals(left, (right.value,))
            if native is not None:
                return f"({self.raw(left)} {symbol} {native[0]})"
            return f"({self.value(left)} {symbol} {compared_literal(right.value, right.type, right.span)})"
        return f"({self.value(left)} {symbol} {self.value(right)})"

    def native_literals(self, node: nodes.Expression, values: Sequence[nodes.Value]) -> list[str] | None:
        """Return constants as those of a column's own type: plain to read, and DuckDB can skip what cannot match."""
        if not isinstance(node, nodes.Attribute) or node.type not in (TIMESTAMP, DATE):
            return None
        found = [native_literal(self.schema, node, value) for value in values if isinstance(value, int)]
        return None if None in found else found  # type: ignore[return-value]

    def raw(self, node: nodes.Expression) -> str:
        """Return a column as it is stored."""
        assert isinstance(node, nodes.Attribute)
        return raw(node.path)

    def comparison_of_doubles(self, operator: str, symbol: str, left: nodes.Expression, right: nodes.Expression) -> str:
        """Return SQL for a comparison in which NaN is equal to nothing, and neither less nor greater.

        DuckDB takes NaN for the greatest of all numbers, equal to itself.
        """
        one = self.double(left)
        if isinstance(right, nodes.Constant) and isinstance(right.value, int | float):
            bound = float(right.value)
            plain = f"({one} {symbol} {double_literal(bound)})"
            if bound != bound:
                odd = "TRUE" if operator == "!=" else "FALSE"
                return f"(CASE WHEN {one} IS NOT NULL THEN {odd} END)"
            if operator not in (">", ">=") or left.type is not DOUBLE:
                return plain
            return f"({plain} AND NOT isnan({one}))"
        two = self.double(right)
        odd = "TRUE" if operator == "!=" else "FALSE"
        unknown, either = f"{one} IS NULL OR {two} IS NULL", f"isnan({one}) OR isnan({two})"
        return f"(CASE WHEN {unknown} THEN NULL WHEN {either} THEN {odd} ELSE {one} {symbol} {two} END)"

    def double(self, node: nodes.Expression) -> str:
        """Return SQL for a number as a double."""
        return self.value(node) if node.type is DOUBLE else f"CAST({self.value(node)} AS DOUBLE)"

    def membership(self, node: nodes.In) -> str:
        """Return SQL for `operand in [constants]`."""
        operand, kind = node.operand, node.operand.type
        constants = [one for one in node.constants if one == one]  # NaN is equal to nothing
        if not constants:
            return f"(CASE WHEN {self.known(operand)} THEN FALSE END)"
        if kind is DECIMAL:
            return self.membership_of_decimals(node)
        if kind is INT or kind is UINT:
            parts = []
            whole = [one for one in constants if not isinstance(one, float)]
            if whole:
                parts.append(
                    f"{self.value(operand)} IN ({', '.join(compared_literal(one, kind, node.span) for one in whole)})"
                )
            wide = [one for one in constants if isinstance(one, float)]
            if wide:
                parts.append(f"{self.double(operand)} IN ({', '.join(double_literal(one) for one in wide)})")
            return f"({' OR '.join(parts)})"
        native = self.native_literals(operand, constants)
        if native is not None:
            return f"({self.raw(operand)} IN ({', '.join(native)}))"
        listed = ", ".join(compared_literal(one, kind, node.span) for one in constants)
        return f"({self.value(operand)} IN ({listed}))"

    def membership_of_decimals(self, node: nodes.In) -> str:
        """Return SQL for a decimal among constants; all of them get the digits that hold each."""
        values = [one for one in node.constants if not isinstance(one, float)]
        found = [self.digits(node.operand), *(digits(one) for one in values)]  # type: ignore[arg-type]
        whole, fraction = widest(found)
        listed = [decimal_literal(one, whole + fraction, fraction, node.span) for one in values]  # type: ignore[arg-type]
        return f"({self.decimal(node.operand, (whole, fraction))} IN ({', '.join(listed)}))"

    def known(self, node: nodes.Expression) -> str:
        """Return SQL for whether a value is known."""
        return f"{self.predicate(node) if node.type is BOOL else self.value(node)} IS NOT NULL"
