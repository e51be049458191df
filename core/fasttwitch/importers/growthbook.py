"""Targeting conditions of GrowthBook: a MongoDB-like object per condition.

GrowthBook knows two truth values. So every negation here is `!isTrue(…)`, and a missing number counts as 0 where sizes
are compared, as it does in JavaScript. See https://docs.growthbook.io/features/targeting for the format.
"""

from collections.abc import Mapping

from fasttwitch.importers import trees
from fasttwitch.importers.columns import Operand, Schema, with_article
from fasttwitch.importers.document import Spot, open_document, shortened
from fasttwitch.importers.imported import Imported, JsonValue
from fasttwitch.importers.lowering import Lowering, kind_name
from fasttwitch.importers.versions import comparable, missing_is
from fasttwitch.logic.datatypes import DOUBLE
from fasttwitch.logic.names import nearest
from fasttwitch.syntax.nodes import Expression

_ORDERINGS = {"$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}
_VERSIONS = {"$veq": "==", "$vne": "!=", "$vlt": "<", "$vlte": "<=", "$vgt": ">", "$vgte": ">="}
_OF_LISTS = ("$elemMatch", "$size", "$all", "$alli")
_OPERATORS = (
    *("$eq", "$ne", *_ORDERINGS, "$in", "$nin", "$ini", "$nini", "$exists", "$type", "$not", "$regex", "$regexi"),
    *("$inGroup", "$notInGroup", *_VERSIONS),
)


def read(
    document: object,
    *,
    schema: Schema = None,
    names: Mapping[str, str] | None = None,
    saved_groups: Mapping[str, object] | None = None,
) -> Imported:
    """Return the rule of a condition.

    document      a condition: JSON text, or what a JSON reader makes of one
    schema        columns with their types
    names         attributes of GrowthBook to columns, where they differ
    saved_groups  the values of each group that `$inGroup` names; they become named lists

    Errors: ImporterError, with the path of what cannot be said.
    """
    reader = _Reader(schema, names)
    groups = open_document(dict(saved_groups or {}))
    reader.groups = {name: Spot(one.value, f"savedGroups.{name}") for name, one in groups.entries("groups").items()}
    return reader.finish(reader.condition(open_document(document)))


class _Reader(Lowering):
    __slots__ = ("groups",)

    groups: Mapping[str, Spot]

    def condition(self, spot: Spot) -> Expression:
        """Return an object of conditions, all of which must hold."""
        entries = spot.entries("a condition")
        if not entries:
            self.note(spot, "an empty condition matches everybody")
        return trees.both(*(self.member(key, value) for key, value in entries.items()))

    def member(self, key: str, spot: Spot) -> Expression:
        """Return one member of a condition: a connective, or an attribute with what it must be."""
        match key:
            case "$and":
                return trees.both(*(self.condition(each) for each in spot.items("`$and`")))
            case "$or":
                return self.any_of(spot)
            case "$nor":
                return trees.is_not_true(self.any_of(spot))
            case "$not":
                return trees.is_not_true(self.condition(spot))
        if key.startswith("$"):
            raise spot.refused(f"`{shortened(key)}` cannot stand here", "write it below an attribute")
        return self.attribute(key, spot)

    def any_of(self, spot: Spot) -> Expression:
        """Return a disjunction; GrowthBook takes one of nothing to hold."""
        items = spot.items("`$or`")
        if not items:
            self.note(spot, "GrowthBook takes an empty `$or` for true")
            return trees.TRUE
        return trees.either(*(self.condition(each) for each in items))

    def attribute(self, name: str, spot: Spot) -> Expression:
        """Return what an attribute must be."""
        value = spot.value
        if value is None:
            return trees.is_null(self.any_column(name, spot).tree)
        if isinstance(value, dict):
            return self.object(name, spot)
        if isinstance(value, list):
            raise spot.refused("a list cannot be compared as a whole", "one of several values is `$in`")
        return self.equality(self.column(name, spot), spot)

    def object(self, name: str, spot: Spot) -> Expression:
        """Return operators on an attribute, or the fields that a nested object must have."""
        entries = spot.entries("a condition")
        operators = [key for key in entries if key.startswith("$")]
        if operators and len(operators) == len(entries):
            return trees.both(*(self.operator(name, key, value, spot) for key, value in entries.items()))
        if operators or not entries:
            raise spot.refused("operators and fields cannot be mixed, nor can both be missing", "name fields by dots")
        self.note(
            spot, "GrowthBook wants exactly this object; here its fields are compared, further fields may be there"
        )
        parts = []
        for key, value in entries.items():
            inner = value.value
            if isinstance(inner, dict) and any(one.startswith("$") for one in inner):
                raise value.refused("operators inside an object never match", f"name the field by dots: `{name}.{key}`")
            parts.append(self.attribute(f"{name}.{key}", value))
        return trees.both(*parts)

    def equality(self, column: Operand, spot: Spot) -> Expression:
        """Return `column == value`, or the null test."""
        if spot.value is None:
            return trees.is_null(column.tree)
        if isinstance(spot.value, int | float) and not isinstance(spot.value, bool) and spot.value == 0:
            self.note(spot, "a missing value is not 0 here; GrowthBook's JavaScript SDK says it is")
        return trees.binary("==", column.tree, self.constant(spot, column.type))

    def operator(self, name: str, operator: str, spot: Spot, whole: Spot) -> Expression:
        """Return one operator on an attribute."""
        if operator in _OF_LISTS:
            raise spot.refused(f"`{operator}` looks into a list, which rules cannot do yet")
        if operator == "$exists":
            column = self.any_column(name, spot)
            return trees.is_there(column.tree) if spot.truth("`$exists`") else trees.is_null(column.tree)
        if operator == "$type":
            return self.type_test(self.any_column(name, spot), spot)
        if operator not in _OPERATORS:
            meant = nearest(operator, _OPERATORS)
            raise spot.refused(
                f"there is no operator `{shortened(operator)}`", f"did you mean `{meant}`?" if meant else ""
            )
        if operator == "$not":
            return trees.is_not_true(self.attribute(name, spot))
        column = self.column(name, whole)
        match operator:
            case "$eq":
                return self.equality(column, spot)
            case "$ne":
                return trees.is_not_true(self.equality(column, spot))
            case "$in" | "$ini":
                return self.membership(column, spot, operator == "$ini")
            case "$nin" | "$nini":
                return trees.is_not_true(self.membership(column, spot, operator == "$nini"))
            case "$inGroup":
                return self.group(column, spot)
            case "$notInGroup":
                return trees.is_not_true(self.group(column, spot))
            case "$regex" | "$regexi":
                pattern = ("(?i)" if operator == "$regexi" else "") + spot.text(f"`{operator}`")
                return trees.method(self.string(column, whole), "matches", self.pattern(pattern, spot))
        return (
            self.version_test(column, operator, spot)
            if operator in _VERSIONS
            else self.ordering(column, operator, spot)
        )

    def ordering(self, column: Operand, operator: str, spot: Spot) -> Expression:
        """Return a comparison of sizes, in which a missing number counts as 0."""
        if isinstance(spot.value, bool):
            raise spot.refused("true and false have no order", "use `$eq` or `$ne`")
        bound = self.constant(spot, column.type)
        operand = column.tree
        if isinstance(spot.value, int | float):
            operand = trees.call("coalesce", operand, trees.double(0.0) if column.type is DOUBLE else trees.whole(0))
        return trees.binary(_ORDERINGS[operator], operand, bound)

    def membership(self, column: Operand, spot: Spot, folded: bool) -> Expression:
        """Return `column in [values]`; null among them asks for missing values."""
        items = spot.items("`$in` and `$nin`")
        values = [each for each in items if each.value is not None]
        operand = column.tree
        if folded:
            operand = trees.method(self.string(column, spot), "lowerAscii")
            self.note(spot, "only the letters A to Z match in both cases")
            values = [Spot(_lower(each.text("a value")), each.place) for each in values]
        tree = trees.listed(operand, self.constants(values, column.type))
        if len(values) == len(items):
            return tree
        return trees.either(trees.is_null(column.tree), tree) if values else trees.is_null(column.tree)

    def group(self, column: Operand, spot: Spot) -> Expression:
        """Return `column in list("group")`."""
        name = spot.text("the name of a group")
        if name not in self.groups:
            meant = nearest(name, self.groups)
            fix = f"did you mean `{meant}`?" if meant else 'hand it over: `saved_groups={"…": […]}`'
            raise spot.refused(f"there is no saved group `{shortened(name)}`", fix)
        values: list[JsonValue] = []
        for each in self.groups[name].items("a saved group"):
            self.constant(each, column.type)  # to be told here what does not fit the column
            assert isinstance(each.value, bool | int | float | str)
            values.append(each.value)
        if len({kind_of(value) for value in values}) > 1:
            raise self.groups[name].refused("the values of a group must be of one type")
        self.lists[name] = tuple(dict.fromkeys(values))
        return trees.binary("in", column.tree, trees.call("list", trees.text_constant(name)))

    def version_test(self, column: Operand, operator: str, spot: Spot) -> Expression:
        """Return a comparison of versions, in which a missing one counts as version 0."""
        text = comparable(spot.text(f"`{operator}`"))
        relation = _VERSIONS[operator]
        operand = trees.call("semver", self.string(column, spot))
        wanted = self.version(text, spot)
        self.note(spot, "versions are compared as SemVer: what is no version of three numbers matches nothing")
        if relation == "!=":
            return trees.is_not_true(trees.binary("==", operand, wanted))
        tree = trees.binary(relation, operand, wanted)
        return trees.either(trees.is_null(column.tree), tree) if missing_is(relation, text) else tree

    def type_test(self, column: Operand, spot: Spot) -> Expression:
        """Return whether there is a value, where the column's type is the one that is asked for."""
        wanted = spot.text("`$type`")
        if wanted == "null":
            return trees.is_null(column.tree)
        if column.type is None:
            raise spot.refused("the type of a column is known only from a schema", "give `schema=`")
        if wanted == (kind_name(column.type) or "object"):
            return trees.is_there(column.tree)
        self.note(spot, f"the column is {with_article(column.type)}, never a {shortened(wanted)}: this is always false")
        return trees.FALSE


def kind_of(value: JsonValue) -> str:
    """Return what JSON calls the type of a value."""
    return "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"


def _lower(text: str) -> str:
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)
