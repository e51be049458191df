"""Constraints of Unleash: one field of the context, an operator, one value or several."""

from collections.abc import Callable, Mapping

from fasttwitch.importers import trees
from fasttwitch.importers.columns import Operand, Schema, with_article
from fasttwitch.importers.constants import lenient_constant, spelled_number
from fasttwitch.importers.document import Spot, shortened
from fasttwitch.importers.lowering import Lowering
from fasttwitch.logic.datatypes import DATE, DOUBLE, STRING, TIMESTAMP
from fasttwitch.logic.names import nearest
from fasttwitch.syntax.nodes import Constant, Expression, Name

_NUMBERS = {"NUM_EQ": "==", "NUM_GT": ">", "NUM_GTE": ">=", "NUM_LT": "<", "NUM_LTE": "<="}
_DATES = {"DATE_AFTER": ">", "DATE_BEFORE": "<"}
_VERSIONS = {"SEMVER_EQ": "==", "SEMVER_GT": ">", "SEMVER_GTE": ">=", "SEMVER_LT": "<", "SEMVER_LTE": "<="}
_TEXTS = {"STR_STARTS_WITH": "startsWith", "STR_ENDS_WITH": "endsWith", "STR_CONTAINS": "contains"}
_OPERATORS = ("IN", "NOT_IN", *_TEXTS, *_NUMBERS, *_DATES, *_VERSIONS, "REGEX")
_KEYS = {"contextName", "operator", "value", "values", "inverted", "caseInsensitive"}


class Constraints(Lowering):
    """Reads single constraints."""

    __slots__ = ()

    def __init__(self, schema: Schema, names: Mapping[str, str] | None) -> None:
        super().__init__(schema, names, lenient_constant)

    def check_keys(self, entries: Mapping[str, Spot], known: set[str]) -> None:
        """Take a note of what is not read."""
        for key, spot in entries.items():
            if key not in known and spot.value not in (None, [], {}, False):
                self.note(spot, "not read: it decides nothing about who is in")

    def constraint(self, spot: Spot) -> Expression:
        """Return one constraint."""
        entries = spot.entries("a constraint")
        for key in ("contextName", "operator"):
            if key not in entries:
                raise spot.refused(f"a constraint needs `{key}`")
        self.check_keys(entries, _KEYS)
        operator = entries["operator"].text("`operator`")
        reader = self.readers().get(operator)
        if reader is None:
            meant = nearest(operator, _OPERATORS)
            fix = f"did you mean `{meant}`?" if meant else f"one of {', '.join(_OPERATORS)}"
            raise entries["operator"].refused(f"there is no operator `{shortened(operator)}` here", fix)
        column = self.context(entries["contextName"], operator)
        tree = reader(column, operator, spot, entries)
        inverted = "inverted" in entries and entries["inverted"].truth("`inverted`")
        return trees.is_not_true(tree) if inverted else tree

    def readers(self) -> Mapping[str, Callable[[Operand, str, Spot, Mapping[str, Spot]], Expression]]:
        """Return what reads each operator."""
        return {
            "IN": self.membership,
            "NOT_IN": self.membership,
            "REGEX": self.pattern_test,
            **dict.fromkeys(_TEXTS, self.text_test),
            **dict.fromkeys(_NUMBERS, self.number_test),
            **dict.fromkeys(_DATES, self.date_test),
            **dict.fromkeys(_VERSIONS, self.version_test),
        }

    def context(self, spot: Spot, operator: str) -> Operand:
        """Return the column for a field of the context; the current time is the instant of the run."""
        name = spot.text("`contextName`")
        unknown = self.columns.types is None or name not in self.columns.types
        if name == "currentTime" and name not in self.columns.names and unknown and operator in _DATES:
            self.note(spot, "the current time is the instant of the run")
            return Operand(Name("now", trees.NOWHERE), TIMESTAMP)
        return self.column(name, spot)

    def membership(self, column: Operand, operator: str, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return `IN` or `NOT_IN`, which holds for a missing value."""
        values, folded = _values(spot, entries), _is_folded(entries)
        operand = column.tree
        if folded:
            operand = trees.method(self.string(column, spot), "lowerAscii")
        tree = trees.listed(operand, self.constants(self.folded(values, folded), column.type))
        if operator == "IN":
            return tree
        return trees.either(trees.is_null(column.tree), trees.negation(tree))

    def text_test(self, column: Operand, operator: str, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return whether a text begins with, ends with or contains one of several."""
        text, folded = self.string(column, spot), _is_folded(entries)
        if folded:
            text = trees.method(text, "lowerAscii")
        parts = self.constants(self.folded(_values(spot, entries), folded), STRING)
        return trees.either(*(trees.method(text, _TEXTS[operator], part) for part in parts))

    def folded(self, values: list[Spot], folded: bool) -> list[Spot]:
        """Return the values with small letters where case does not count."""
        if not folded:
            return values
        texts = [each.text("a value") for each in values]
        if not all(text.isascii() for text in texts):
            self.note(values[0], "only the letters A to Z match in both cases")
        return [
            Spot("".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text), each.place)
            for text, each in zip(texts, values, strict=True)
        ]

    def number_test(self, column: Operand, operator: str, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return a comparison with a number."""
        value = _value(spot, entries)
        operand, kind = column.tree, column.type
        if kind is STRING:
            operand, kind = trees.call("double", operand), DOUBLE
        if kind is None:
            number = spelled_number(str(value.value)) if isinstance(value.value, str) else None
            if number is not None:
                whole_number = number == number.to_integral_value() and abs(number) < 2**63
                value = Spot(int(number) if whole_number else float(number), value.place)
            elif isinstance(value.value, str):
                raise value.refused(f"{value.shown} is no number")
        bound = self.constant(value, kind)
        if isinstance(bound, Constant) and bound.kind in ("int", "uint", "double"):
            return trees.binary(_NUMBERS[operator], operand, bound)
        raise spot.refused(f"`{operator}` compares numbers, and the column is {with_article(column.type)}")

    def date_test(self, column: Operand, operator: str, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return whether an instant lies after or before another."""
        value = _value(spot, entries)
        operand = column.tree
        if column.type in (STRING, DATE):
            operand = trees.call("timestamp", operand)
        elif column.type not in (None, TIMESTAMP):
            raise spot.refused(f"`{operator}` compares instants, and the column is {with_article(column.type)}")
        return trees.binary(_DATES[operator], operand, self.constant(value, TIMESTAMP))

    def version_test(self, column: Operand, operator: str, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return a comparison of versions."""
        value = _value(spot, entries)
        wanted = self.version(value.text("`value`"), value)
        return trees.binary(_VERSIONS[operator], trees.call("semver", self.string(column, spot)), wanted)

    def pattern_test(self, column: Operand, operator: str, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return whether a regular expression is found in a text."""
        value = _value(spot, entries)
        pattern = ("(?i)" if _is_folded(entries) else "") + value.text("`value`")
        return trees.method(self.string(column, spot), "matches", self.pattern(pattern, value))


def _is_folded(entries: Mapping[str, Spot]) -> bool:
    return "caseInsensitive" in entries and entries["caseInsensitive"].truth("`caseInsensitive`")


def _value(spot: Spot, entries: Mapping[str, Spot]) -> Spot:
    if "value" not in entries:
        raise spot.refused("this operator needs a `value`")
    if isinstance(entries["value"].value, bool | list | dict | None):
        raise entries["value"].refused(f"`value` must be a text or a number, not {entries['value'].kind}")
    return entries["value"]


def _values(spot: Spot, entries: Mapping[str, Spot]) -> list[Spot]:
    if "values" not in entries:
        raise spot.refused("this operator needs `values`")
    return entries["values"].items("`values`")
