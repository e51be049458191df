"""Queries of react-querybuilder: its own JSON, natively, and not through an export that quotes numbers.

Three-valued logic is kept: what negates a missing value is not true, unless `missing="match"` asks for it. See
https://react-querybuilder.js.org/docs/typescript#rulegrouptype for the format.
"""

from collections.abc import Mapping

from fasttwitch.importers import trees
from fasttwitch.importers.columns import Operand, Schema
from fasttwitch.importers.constants import lenient_constant, spelled_number
from fasttwitch.importers.document import Spot, open_document, shortened
from fasttwitch.importers.imported import Imported
from fasttwitch.importers.lowering import Lowering
from fasttwitch.syntax.nodes import Expression

_COMPARISONS = {"=": "==", "==": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_STRING_TESTS = {
    "contains": "contains",
    "beginsWith": "startsWith",
    "endsWith": "endsWith",
    "doesNotContain": "contains",
    "doesNotBeginWith": "startsWith",
    "doesNotEndWith": "endsWith",
}
_PLACEHOLDER = "~"
_GROUP_KEYS = {"combinator", "rules", "not", "muted", "id", "path", "disabled"}
_RULE_KEYS = {"field", "operator", "value", "valueSource", "muted", "id", "path", "disabled"}
# What a form keeps beside a rule for itself.
_FORM_KEYS = {"valueEditorType", "inputType", "type", "listsAsArrays"}
_OPERATORS = (*_COMPARISONS, *_STRING_TESTS, "null", "notNull", "in", "notIn", "between", "notBetween")


def read(
    document: object, *, schema: Schema = None, names: Mapping[str, str] | None = None, missing: str = "unknown"
) -> Imported:
    """Return the rule of a query.

    document  a rule group: JSON text, or what a JSON reader makes of one
    schema    columns with their types: values get the type of their column; else they keep that of the JSON
    names     the query's fields to columns, where they differ
    missing   "unknown": a customer without a value is in neither `notIn` nor `in`; "match": negated operators match

    Errors: ImporterError, with the path of what cannot be said.
    """
    root = open_document(document)
    if missing not in ("unknown", "match"):
        raise root.refused(f"`missing` is `{missing}`", 'give "unknown" or "match"')
    reader = _Reader(schema, names, missing == "match")
    tree = reader.group(root)
    if tree is None:
        raise root.refused("the query is empty, and would match everybody", "add a rule to it")
    return reader.finish(tree)


class _Reader(Lowering):
    __slots__ = ("missing_match",)

    def __init__(self, schema: Schema, names: Mapping[str, str] | None, missing_match: bool) -> None:
        super().__init__(schema, names, lenient_constant)
        self.missing_match = missing_match

    def group(self, spot: Spot) -> Expression | None:
        """Return a group of rules; None if it is muted."""
        entries = spot.entries("a rule group")
        if self.muted(entries, spot):
            return None
        self.check_keys(entries, _GROUP_KEYS)
        if "rules" not in entries:
            raise spot.refused("a rule group needs `rules`")
        rules = entries["rules"].items("`rules`")
        if not rules:
            raise spot.refused("an empty group would match everybody", "add a rule, or remove the group")
        if "combinator" in entries:
            combinator = _combinator(entries["combinator"])
            tree = _joined(combinator, [self.part(rule) for rule in rules])
        else:
            tree = self.interleaved(rules)
        if tree is not None and "not" in entries and entries["not"].truth("`not`"):
            return trees.negation(tree)
        return tree

    def interleaved(self, rules: list[Spot]) -> Expression | None:
        """Return rules with a combinator between any two; `and` binds tighter, as in SQL."""
        if len(rules) % 2 == 0:
            raise rules[-1].refused("a combinator must stand between two rules", "set `combinator` for the group")
        alternatives: list[list[Expression | None]] = [[self.part(rules[0])]]
        for index in range(1, len(rules), 2):
            if _combinator(rules[index]) == "or":
                alternatives.append([])
            alternatives[-1].append(self.part(rules[index + 1]))
        return _joined("or", [_joined("and", some) for some in alternatives])

    def part(self, spot: Spot) -> Expression | None:
        """Return a rule or a group within a group; None if it is muted."""
        entries = spot.entries("a rule")
        if "rules" in entries:
            return self.group(spot)
        if self.muted(entries, spot):
            return None
        if "match" in entries:
            raise entries["match"].refused("rules do not look into lists yet", "compare single values")
        self.check_keys(entries, _RULE_KEYS)
        for key in ("field", "operator"):
            if key not in entries:
                raise spot.refused(f"a rule needs `{key}`")
            if entries[key].value == _PLACEHOLDER:
                raise entries[key].refused("this rule is unfinished", "choose a field and an operator, or remove it")
        return self.rule(spot, entries)

    def muted(self, entries: Mapping[str, Spot], spot: Spot) -> bool:
        """Return whether a rule or group is switched off, and take a note of it."""
        if "muted" not in entries or not entries["muted"].truth("`muted`"):
            return False
        self.note(spot, "muted, so it was left out")
        return True

    def check_keys(self, entries: Mapping[str, Spot], known: set[str]) -> None:
        """Take a note of what is not read."""
        for key, spot in entries.items():
            if key not in known and key not in _FORM_KEYS:
                self.note(spot, "not a part of the format, so it was not read")

    def rule(self, spot: Spot, entries: Mapping[str, Spot]) -> Expression:
        """Return one rule."""
        column = self.column(entries["field"].text("`field`"), entries["field"])
        operator = entries["operator"].text("`operator`")
        source = entries["valueSource"].text("`valueSource`") if "valueSource" in entries else "value"
        if source not in ("value", "field"):
            raise entries["valueSource"].refused(f"`{shortened(source)}` is no source of values", "`value` or `field`")
        if operator in ("null", "notNull"):
            return trees.is_null(column.tree) if operator == "null" else trees.is_there(column.tree)
        if operator not in _OPERATORS:
            fix = f"one of {', '.join(_OPERATORS)}"
            raise entries["operator"].refused(f"there is no operator `{shortened(operator)}`", fix)
        if "value" not in entries:
            raise spot.refused(f"the operator `{operator}` needs a `value`")
        value, by_field = entries["value"], source == "field"
        if operator in _COMPARISONS:
            other = self.value(value, column, by_field)
            tree = trees.binary(_COMPARISONS[operator], column.tree, other)
            return self.negated(column, tree) if operator == "!=" else tree
        if operator in _STRING_TESTS:
            text = self.string(column, entries["field"])
            part = self.value(value, column, by_field)
            tree = trees.method(text, _STRING_TESTS[operator], part)
            return self.negated(column, trees.negation(tree)) if operator.startswith("doesNot") else tree
        tree = (
            self.range(value, column, by_field) if operator.endswith("etween") else self.listed(value, column, by_field)
        )
        return self.negated(column, trees.negation(tree)) if operator.startswith("not") else tree

    def value(self, spot: Spot, column: Operand, by_field: bool) -> Expression:
        """Return a value, or the column that is named instead."""
        if by_field:
            return self.column(spot.text("the name of a field"), spot).tree
        self.note_text(spot, column)
        return self.constant(spot, column.type)

    def note_text(self, spot: Spot, column: Operand) -> None:
        """Take a note of a text that may be a number: forms keep what was typed into them as texts."""
        if column.type is None and isinstance(spot.value, str) and spelled_number(spot.value) is not None:
            self.note(
                spot, f"{spot.shown} stays a text: with a schema, it becomes a number where the column holds some"
            )

    def listed(self, spot: Spot, column: Operand, by_field: bool) -> Expression:
        """Return `column in [values]`; of fields, an equality with one of them."""
        values = _several(spot)
        if by_field:
            fields = [self.column(each.text("the name of a field"), each).tree for each in values]
            return trees.either(*(trees.binary("==", column.tree, each) for each in fields))
        for each in values[:1]:  # once for a list
            self.note_text(each, column)
        return trees.listed(column.tree, self.constants(values, column.type))

    def range(self, spot: Spot, column: Operand, by_field: bool) -> Expression:
        """Return `low <= column <= high`."""
        values = _several(spot)
        if len(values) != 2:
            raise spot.refused(f"`between` needs two values, not {len(values)}", "write them as an array: `[1, 10]`")
        low, high = (self.value(each, column, by_field) for each in values)
        return trees.both(trees.binary(">=", column.tree, low), trees.binary("<=", column.tree, high))

    def negated(self, column: Operand, tree: Expression) -> Expression:
        """Return a negated test, which a missing value matches if that was asked for."""
        return trees.either(trees.is_null(column.tree), tree) if self.missing_match else tree


def _combinator(spot: Spot) -> str:
    word = spot.text("a combinator").lower()
    if word not in ("and", "or"):
        raise spot.refused(f"there is no combinator `{shortened(word)}` here", "`and` or `or`")
    return word


def _joined(combinator: str, parts: list[Expression | None]) -> Expression | None:
    """Return the parts that are not muted, joined."""
    there = [part for part in parts if part is not None]
    if not there:
        return None
    return trees.both(*there) if combinator == "and" else trees.either(*there)


def _several(spot: Spot) -> list[Spot]:
    """Return the values of an array, or of a text with commas between them."""
    if isinstance(spot.value, str):
        return [Spot(part.strip(), spot.place) for part in spot.value.split(",") if part.strip()]
    return spot.items("the values")
