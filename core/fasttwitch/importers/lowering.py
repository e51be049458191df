"""What all importers of JSON do the same way: find columns, fit constants, take notes, finish."""

from collections.abc import Callable, Mapping

from fasttwitch.errors import ImporterError, Problem, RulesetError
from fasttwitch.importers import trees
from fasttwitch.importers.columns import Columns, Operand, Schema, columns_of, with_article
from fasttwitch.importers.constants import constant
from fasttwitch.importers.document import Spot
from fasttwitch.importers.imported import Imported, JsonValue, Note
from fasttwitch.logic.datatypes import (
    INT,
    SEMVER,
    STRING,
    ListType,
    MapType,
    Scalar,
    StructType,
    Type,
    Unsupported,
)
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.patterns import read_pattern
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.limits import excess
from fasttwitch.syntax.nodes import Constant, Expression

Fit = Callable[[object, Type | None], Expression | Refusal]


class Lowering:
    """One translation while it is made; what changes here are the notes and the lists."""

    __slots__ = ("columns", "fit", "lists", "notes")

    def __init__(self, schema: Schema, names: Mapping[str, str] | None, fit: Fit = constant) -> None:
        self.columns: Columns = columns_of(schema, names)
        self.fit = fit
        self.notes: list[Note] = []
        self.lists: dict[str, tuple[JsonValue, ...]] = {}

    def note(self, spot: Spot, message: str) -> None:
        """Take a note about a place."""
        self.notes.append(Note(spot.place, message))

    def column(self, source_field: str, spot: Spot) -> Operand:
        """Return the column for a field; raises where there is none, or none that a rule can compare."""
        operand = self.any_column(source_field, spot)
        match operand.type:
            case ListType():
                raise spot.refused(f"`{source_field}` is a list, and rules do not look into lists yet")
            case StructType() | MapType() | Unsupported():
                raise spot.refused(
                    f"`{source_field}` is {with_article(operand.type)}, not a single value", "name one of its fields"
                )
        return operand

    def any_column(self, source_field: str, spot: Spot) -> Operand:
        """Return the column for a field, of any type."""
        found = self.columns.find(source_field)
        if isinstance(found, Operand):
            return found
        raise spot.refused(*found)

    def string(self, operand: Operand, spot: Spot) -> Expression:
        """Return the column for a function of strings; raises if it is known to be something else."""
        if operand.type not in (None, STRING):
            raise spot.refused(f"this needs a text, and the column is {with_article(operand.type)}")
        return operand.tree

    def constant(self, spot: Spot, wanted: Type | None) -> Constant | Expression:
        """Return a value of the document as a constant beside something of type `wanted`."""
        if spot.value is None:
            raise spot.refused("null cannot be compared here", "test for it: is null, is not null")
        if isinstance(spot.value, list | dict):
            raise spot.refused(f"{spot.kind} cannot be compared with a single value")
        found = self.fit(spot.value, wanted)
        if isinstance(found, Refusal):
            raise spot.refused(found.message, found.fix)
        return found

    def constants(self, spots: list[Spot], wanted: Type | None) -> list[Constant]:
        """Return the values of an array as constants of one list."""
        kinds_found = {type(spot.value) for spot in spots}  # most lists are long and plain
        if kinds_found == {str} and wanted in (None, STRING):
            return [trees.text_constant(str(spot.value)) for spot in spots]
        if kinds_found == {int} and wanted in (None, INT) and all(-(2**63) <= spot.value < 2**63 for spot in spots):  # type: ignore[operator]
            return [trees.whole(spot.value) for spot in spots]  # type: ignore[arg-type]
        found = [self.constant(spot, wanted) for spot in spots]
        kinds = {one.kind if isinstance(one, Constant) else "" for one in found}
        if len(kinds) > 1 and kinds <= {"int", "double"}:
            found = [trees.double(float(one.value)) if _is_int(one) else one for one in found]  # type: ignore[union-attr, arg-type]
        elif len(kinds) > 1:
            raise spots[0].refused("the values of a list must be of one type", "split the list by type")
        return found  # type: ignore[return-value]  # calls such as timestamp("…") stand in lists, too

    def version(self, text: str, spot: Spot) -> Expression:
        """Return a version of the document as what is compared with `semver(…)`."""
        found = self.fit(text, SEMVER)
        if isinstance(found, Refusal):
            raise spot.refused(found.message, found.fix)
        return found

    def pattern(self, text: str, spot: Spot) -> Constant:
        """Return a regular expression that RE2 reads."""
        refusal = read_pattern(text)
        if refusal is not None:
            raise spot.refused(refusal.message, refusal.fix or "rules use RE2: no lookahead, no back references")
        return trees.text_constant(text)

    def finish(self, tree: Expression) -> Imported:
        """Return the rule with its canonical text; raises if it is too large for one rule."""
        too_large = excess(tree)  # before it is printed: printing goes down as many levels as the tree has
        if too_large is not None:
            raise ImporterError(Problem(f"too large for one rule: {too_large.message}", fix=too_large.fix), "$")
        text = print_expression(tree)
        try:
            parsed = parse(text)
        except RulesetError as error:
            first = error.problems[0]
            raise ImporterError(Problem(f"too large for one rule: {first.message}", fix=first.fix), "$") from None
        return Imported(parsed, text, tuple(dict.fromkeys(self.notes)), dict(self.lists))


def kind_name(kind: Type | None) -> str:
    """Return what JSON calls values of a type: "number", "string", "array"…; "" for what has fields."""
    match kind:
        case Scalar("int" | "uint" | "double" | "decimal"):
            return "number"
        case Scalar("bool"):
            return "boolean"
        case Scalar():
            return "string"
        case ListType():
            return "array"
    return ""


def _is_int(tree: Expression) -> bool:
    return isinstance(tree, Constant) and tree.kind == "int"
