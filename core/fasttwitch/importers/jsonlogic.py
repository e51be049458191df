"""Rules of JsonLogic (https://jsonlogic.com): one object of one key per operation.

JsonLogic knows two truth values and converts types as JavaScript does. Here negations are `!isTrue(…)`, and types are
never converted: a text beside a number is an error. Missing values are unknown (`mode="strict"`), or count as 0 and as
the empty text where JavaScript says so (`mode="compat"`).
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

from fasttwitch.importers import trees
from fasttwitch.importers.arithmetic import NUMBERS
from fasttwitch.importers.columns import Operand, Schema, with_article
from fasttwitch.importers.document import Spot, open_document, shortened
from fasttwitch.importers.imported import Imported
from fasttwitch.importers.logic_values import Values
from fasttwitch.logic.datatypes import BOOL, DOUBLE, STRING, ListType, Type
from fasttwitch.logic.names import nearest
from fasttwitch.syntax.nodes import Expression, Member, Name

_ORDERINGS = ("<", "<=", ">", ">=")
_EQUALITIES = ("==", "===", "!=", "!==")
_OF_LISTS = ("map", "filter", "reduce", "all", "some", "none", "merge")
_NEVER = {
    "log": "writing to a log is no part of a rule",
    "method": "calling methods of objects is no part of a rule",
}


def read(
    document: object, *, schema: Schema = None, names: Mapping[str, str] | None = None, mode: str = "strict"
) -> Imported:
    """Return the rule that is true where the JsonLogic is truthy.

    document  JSON text, or what a JSON reader makes of one
    schema    columns with their types
    names     variables to columns, where they differ
    mode      "strict" or "compat": see above

    Errors: ImporterError, with the path of what cannot be said.
    """
    root = open_document(document)
    if mode not in ("strict", "compat"):
        raise root.refused(f"`mode` is `{mode}`", 'give "strict" or "compat"')
    reader = Logic(schema, names, mode == "compat")
    return reader.finish(reader.truth(root))


class Logic(Values):
    """Reads what is true or false."""

    __slots__ = ()

    def __init__(self, schema: Schema, names: Mapping[str, str] | None, compat: bool) -> None:
        super().__init__(schema, names)
        self.compat = compat
        self.steps = 0

    def truth(self, spot: Spot) -> Expression:
        """Return what is true where the operation is truthy; unknown only where that makes no difference."""
        self.step(spot)
        if not isinstance(spot.value, dict):
            return trees.TRUE if spot.value else trees.FALSE
        name, arguments = self.operator_of(spot)
        reader = self.truth_readers().get(name)
        if reader is not None:
            return reader(spot, arguments)
        if name in self.value_readers():
            return self.truthy(spot)
        raise self.unknown_operation(name, spot)

    def truth_readers(self) -> Mapping[str, Callable[[Spot, list[Spot]], Expression]]:
        """Return the operations that give true or false, by name."""
        return {
            "and": lambda spot, arguments: trees.both(*self.truths(spot, arguments)),
            "or": lambda spot, arguments: trees.either(*self.truths(spot, arguments)),
            "!": lambda spot, arguments: trees.is_not_true(self.truth(_one(spot, arguments))),
            "!!": lambda spot, arguments: self.truth(_one(spot, arguments)),
            "if": self.branches,
            "?:": self.branches,
            "in": self.membership,
            "missing": self.missing,
            "missing_some": self.missing_some,
            **dict.fromkeys(_EQUALITIES, self.equality),
            **dict.fromkeys(_ORDERINGS, self.ordering),
        }

    def unknown_operation(self, name: str, spot: Spot) -> Exception:
        """Return the error for an operation that cannot be said."""
        if name in _OF_LISTS:
            return spot.refused(f"`{name}` looks into a list, which rules cannot do yet")
        if name in _NEVER:
            return spot.refused(_NEVER[name], "remove it")
        known = [*self.truth_readers(), *self.value_readers()]
        meant = nearest(name, known)
        fix = f"did you mean `{meant}`?" if meant else ""
        return spot.refused(f"there is no operation `{shortened(name)}`", fix)

    def truths(self, spot: Spot, arguments: list[Spot]) -> list[Expression]:
        """Return the operands of `and` or `or`."""
        if not arguments:
            raise spot.refused("this needs at least one argument")
        return [self.truth(each) for each in arguments]

    def truthy(self, spot: Spot) -> Expression:
        """Return where a value is truthy: neither missing, nor 0, nor the empty text."""
        operand = self.value(spot)
        if operand.type is BOOL:
            return operand.tree
        if operand.type is STRING:
            return trees.binary("!=", operand.tree, trees.text_constant(""))
        if operand.type in NUMBERS:
            return trees.binary("!=", operand.tree, _zero(operand.type))
        if operand.type is not None:
            raise spot.refused(f"{with_article(operand.type)} is neither true nor false", "compare it")
        raise spot.refused("whether this is truthy depends on its type", "give `schema=`, or compare it: `!=`")

    def branches(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return `if` between predicates; without an `else`, nothing is true there."""
        if not arguments:
            return trees.FALSE
        pairs, last = arguments[: len(arguments) // 2 * 2], arguments[len(arguments) // 2 * 2 :]
        tree = self.truth(last[0]) if last else trees.FALSE
        for index in range(len(pairs) - 2, -1, -2):
            tree = trees.choice(trees.is_true(self.truth(pairs[index])), self.truth(pairs[index + 1]), tree)
        return tree

    def equality(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return `==`, `!=` and their strict sisters, which are one here."""
        name, _ = self.operator_of(spot)
        if len(arguments) != 2:
            raise spot.refused(f"`{name}` takes two arguments, not {len(arguments)}")
        left, right = arguments
        tree = self.equal(left, right, spot)
        return trees.is_not_true(tree) if name.startswith("!") else tree

    def equal(self, left: Spot, right: Spot, spot: Spot) -> Expression:
        """Return where two values are equal."""
        for one, other in ((left, right), (right, left)):
            if other.value is None:
                return self.null_test(one)
        first, second = self.operands(left, right, spot)
        tree = trees.binary("==", first.tree, second.tree)
        if _is_column(first.tree) and _is_column(second.tree):
            if self.compat:
                neither = trees.both(trees.is_null(first.tree), trees.is_null(second.tree))
                return trees.either(trees.is_true(tree), neither)
            self.note(spot, 'two missing values are not equal here; in JsonLogic they are (`mode="compat"`)')
        return tree

    def null_test(self, spot: Spot) -> Expression:
        """Return where a value is missing."""
        if spot.value is None:
            return trees.TRUE
        if not isinstance(spot.value, dict):
            return trees.FALSE
        name, arguments = self.operator_of(spot)
        if name == "var" and len(arguments) == 1:
            return trees.is_null(self.any_column(arguments[0].text("the name of a variable"), spot).tree)
        raise spot.refused("only a variable can be missing", "test the variables themselves")

    def ordering(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return a comparison of sizes, or of one value with two bounds."""
        name, _ = self.operator_of(spot)
        if len(arguments) not in (2, 3) or (len(arguments) == 3 and name not in ("<", "<=")):
            raise spot.refused(f"`{name}` does not take {len(arguments)} arguments")
        pairs = pairwise(arguments)
        return trees.both(*(self.ordered(name, left, right, spot) for left, right in pairs))

    def ordered(self, operator: str, left: Spot, right: Spot, spot: Spot) -> Expression:
        """Return `left operator right`."""
        first, second = self.operands(left, right, spot)
        if BOOL in (first.type, second.type):
            raise spot.refused("true and false have no order", "use `==`")
        numbers = first.type in NUMBERS or second.type in NUMBERS
        first, second = (self.sized(one, numbers, spot) for one in (first, second))
        ordered = trees.binary(operator, first.tree, second.tree)
        strings = first.type is STRING and _is_column(first.tree) and _is_column(second.tree)
        if not (self.compat and strings and operator in ("<=", ">=")):
            return ordered
        # Two missing texts are both 0 there, and so as great as each other.
        return trees.either(ordered, trees.both(trees.is_null(first.tree), trees.is_null(second.tree)))

    def sized(self, operand: Operand, numbers: bool, spot: Spot) -> Operand:
        """Return an operand as it is compared by size: a missing number is 0 for those who ask for it."""
        if not _is_column(operand.tree) or operand.type is STRING:
            return operand
        if not numbers:
            if self.compat:
                self.note(spot, "a missing value is unknown here: only a schema says whether this compares numbers")
            return operand
        if self.compat:
            return Operand(trees.call("coalesce", operand.tree, _zero(operand.type)), operand.type)
        self.note(spot, 'a missing value is unknown here; JsonLogic counts it as 0 (`mode="compat"`)')
        return operand

    def operands(self, left: Spot, right: Spot, spot: Spot) -> tuple[Operand, Operand]:
        """Return two values of types that can be compared, constants as the other side needs them."""
        if isinstance(right.value, dict):
            second = self.value(right)
            first = self.value(left, second.type) if not isinstance(left.value, dict) else self.value(left)
        else:
            first = self.value(left)
            second = self.value(right, first.type if isinstance(left.value, dict) else None)
        if not _comparable(first.type, second.type):
            both = f"{with_article(first.type)} and {with_article(second.type)}"
            message = f"{both} cannot be compared, and types are not converted"
            raise spot.refused(message, "compare it with a value of its own type")
        return first, second

    def membership(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return `in`: one of several values, or a text within a text."""
        if len(arguments) != 2:
            raise spot.refused(f"`in` takes two arguments, not {len(arguments)}")
        wanted, place = arguments
        if isinstance(place.value, list):
            return self.one_of(wanted, place)
        if not isinstance(place.value, dict | str):
            raise place.refused(f"`in` looks into an array or a text, not into {place.kind}")
        if isinstance(place.value, dict):
            name, names = self.operator_of(place)
            if name == "var" and isinstance(self.any_column(names[0].text("a name"), place).type, ListType):
                raise place.refused("rules do not look into lists yet")
        part, text = self.value(wanted, STRING), self.value(place, STRING)
        for operand, each in ((part, wanted), (text, place)):
            self.string(operand, each)
        if text.type is None:
            self.note(place, "taken for a text; were it a list, `in` would ask for one of its members")
        return trees.method(text.tree, "contains", part.tree)

    def one_of(self, wanted: Spot, place: Spot) -> Expression:
        """Return where a value is one of several; null among them asks for a missing one."""
        spots = place.items("a list")
        values = [each for each in spots if each.value is not None]
        if any(isinstance(each.value, dict) for each in values):
            if isinstance(wanted.value, dict) and "var" not in wanted.value:
                raise wanted.refused("only a variable can be looked for among variables")
            return trees.either(*(self.equal(wanted, each, place) for each in spots))
        operand = self.value(wanted)
        tree = trees.listed(operand.tree, self.constants(values, operand.type))
        return tree if len(values) == len(spots) else trees.either(self.null_test(wanted), tree)

    def missing(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return where one of some variables is missing: then the list that `missing` gives is not empty."""
        return trees.either(*(self.is_missing(each) for each in arguments))

    def missing_some(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return where fewer than so many of some variables are there."""
        if len(arguments) != 2 or isinstance(arguments[0].value, bool) or not isinstance(arguments[0].value, int):
            raise spot.refused("`missing_some` takes a number and a list of names")
        least, some = arguments[0].value, arguments[1].items("the names")
        if least <= 0:
            return trees.FALSE
        if least == 1:
            return trees.both(*(self.is_missing(each) for each in some))
        if least == len(some):
            return trees.either(*(self.is_missing(each) for each in some))
        raise spot.refused("only 1 or all of the variables can be asked for", "combine several of these by `and`")

    def is_missing(self, spot: Spot) -> Expression:
        """Return where a variable is missing; the empty text counts as missing."""
        column = self.any_column(spot.text("the name of a variable"), spot)
        missing = trees.is_null(column.tree)
        if column.type is None:
            self.note(spot, "the empty text is not taken for missing: without a schema, nobody knows what is a text")
        if column.type is not STRING:
            return missing
        return trees.either(missing, trees.binary("==", column.tree, trees.text_constant("")))


def _one(spot: Spot, arguments: list[Spot]) -> Spot:
    if len(arguments) != 1:
        raise spot.refused(f"this takes one argument, not {len(arguments)}")
    return arguments[0]


def _is_column(tree: Expression) -> bool:
    return isinstance(tree, Name | Member)


def _zero(kind: Type | None) -> Expression:
    return trees.double(0.0) if kind is DOUBLE else trees.whole(0)


def _comparable(left: Type | None, right: Type | None) -> bool:
    return left is None or right is None or left == right or (left in NUMBERS and right in NUMBERS)
