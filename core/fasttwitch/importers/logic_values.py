"""Values of JsonLogic: variables, constants, arithmetic, texts."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from fasttwitch.importers import trees
from fasttwitch.importers.arithmetic import NUMBERS, as_double, calculated, part_of_text
from fasttwitch.importers.columns import Operand, with_article
from fasttwitch.importers.constants import spelled_number
from fasttwitch.importers.document import Spot
from fasttwitch.importers.lowering import Lowering
from fasttwitch.logic.datatypes import BOOL, DECIMAL, DOUBLE, INT, STRING, UINT, Type
from fasttwitch.syntax.nodes import Conditional, Constant, Expression, Member, Name

MOST_STEPS = 10_000  # a rule has at most 2,000 parts; references could ask for the same ones again and again
_OPERATORS = {"+": "+", "-": "-", "*": "*", "/": "/", "%": "%"}


class Values(Lowering):
    """Reads what is a value; what is true or false is left to `truth`."""

    __slots__ = ("compat", "steps")

    compat: bool
    steps: int

    def step(self, spot: Spot) -> None:
        """Count one more part; raises where no rule could have so many."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise spot.refused(f"the rule has more than {MOST_STEPS:,} parts", "split it into several rules")

    def truth(self, spot: Spot) -> Expression:
        """Return a part of the rule as a predicate."""
        raise NotImplementedError

    def operator_of(self, spot: Spot) -> tuple[str, list[Spot]]:
        """Return an operation and its arguments, of which one need not stand in an array."""
        entries = spot.entries("an operation")
        if len(entries) != 1:
            raise spot.refused(f"an operation is an object with one key, and this has {len(entries)}")
        (name, arguments), *_ = entries.items()
        return name, arguments.items("arguments") if isinstance(arguments.value, list) else [arguments]

    def value(self, spot: Spot, wanted: Type | None = None) -> Operand:
        """Return a value; a constant becomes one of type `wanted`."""
        self.step(spot)
        if isinstance(spot.value, dict):
            name, arguments = self.operator_of(spot)
            reader = self.value_readers().get(name)
            if reader is not None:
                return reader(spot, arguments)
            if not self.is_boolean(spot):
                raise spot.refused(
                    f"`{name}` gives one of its arguments here, not true or false", "compare each of them"
                )
            return Operand(trees.is_true(self.truth(spot)), BOOL)
        tree = self.constant(spot, wanted)
        return Operand(tree, wanted if wanted is not None else type_of_constant(tree))

    def value_readers(self) -> Mapping[str, Callable[[Spot, list[Spot]], Operand]]:
        """Return the operations that give values, by name."""
        return {
            "var": self.variable,
            "if": self.choice,
            "?:": self.choice,
            "cat": self.joined,
            "substr": self.part_of_text,
            "max": lambda spot, arguments: self.extreme("greatest", spot, arguments),
            "min": lambda spot, arguments: self.extreme("least", spot, arguments),
            **dict.fromkeys(_OPERATORS, self.arithmetic),
        }

    def is_boolean(self, spot: Spot) -> bool:
        """Return whether an operation surely gives true or false: `and` and `or` give one of their arguments."""
        if not isinstance(spot.value, dict):
            return isinstance(spot.value, bool)
        name, arguments = self.operator_of(spot)
        if name in ("and", "or"):
            return all(self.is_boolean(each) for each in arguments)
        return name not in self.value_readers() and name not in ("missing", "missing_some")

    def variable(self, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return a column; with a default, that in its place where it is missing."""
        if not 1 <= len(arguments) <= 2:
            raise spot.refused("`var` takes the name of a variable and perhaps a default")
        name = arguments[0].text("the name of a variable")
        if not name:
            raise spot.refused("the data as a whole is no value", "name one variable")
        column = self.column(name, spot)
        if len(arguments) == 1 or arguments[1].value is None:
            return column
        default = self.value(arguments[1], column.type)
        return Operand(trees.call("coalesce", column.tree, default.tree), column.type or default.type)

    def choice(self, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return `if` between values."""
        if len(arguments) < 3 or len(arguments) % 2 == 0:
            raise spot.refused("an `if` between values needs an `else`", "add a last argument")
        *before, last = arguments
        operand = self.value(last)
        for index in range(len(before) - 2, -1, -2):
            then = self.value(before[index + 1], None)
            condition = trees.is_true(self.truth(before[index]))
            operand = Operand(trees.choice(condition, then.tree, operand.tree), operand.type or then.type)
        return operand

    def arithmetic(self, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return a sum, a difference, a product, a quotient or a remainder."""
        name, _ = self.operator_of(spot)
        operands = [self.number(each, zero=name != "+") for each in arguments]
        if len(operands) == 1 and name in "+-":
            sign, operand = name, operands[0]
            return operand if sign == "+" else Operand(trees.minus(operand.tree), operand.type)
        if len(operands) < 2 or (len(operands) > 2 and name not in "+*"):
            raise spot.refused(f"`{name}` does not take {len(operands)} arguments")
        kinds = {operand.type for operand in operands}
        if name == "%" and (DOUBLE in kinds or DECIMAL in kinds):
            raise spot.refused("`%` is for whole numbers", "divide, or round first")
        return calculated(name, operands, fractions=name == "/")

    def number(self, spot: Spot, *, zero: bool) -> Operand:
        """Return an operand of arithmetic; a text that spells a number is one.

        zero  whether JavaScript takes a missing number for 0 here: it does, but for `+`, which JsonLogic parses
        """
        if isinstance(spot.value, str):
            number = spelled_number(spot.value)
            if number is None:
                raise spot.refused(f"{spot.shown} is no number")
            return _number(number, spot)
        operand = self.value(spot)
        if operand.type is STRING:
            return Operand(trees.call("double", operand.tree), DOUBLE)
        if operand.type is not None and operand.type not in NUMBERS:
            raise spot.refused(f"this needs a number, not {with_article(operand.type)}")
        if zero and self.compat and isinstance(operand.tree, Name | Member):
            nothing = trees.double(0.0) if operand.type is DOUBLE else trees.whole(0)
            return Operand(trees.call("coalesce", operand.tree, nothing), operand.type)
        return operand

    def extreme(self, function: str, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return the greatest or the least of some numbers."""
        if not arguments:
            raise spot.refused("this needs at least one number")
        operands = [self.number(each, zero=True) for each in arguments]
        kinds = {operand.type for operand in operands}
        if len(kinds) > 1:
            operands = [as_double(operand, certain=False) for operand in operands]
        if len(operands) == 1:
            return operands[0]
        return Operand(trees.math(function, *(operand.tree for operand in operands)), operands[0].type)

    def joined(self, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return texts one after another."""
        if not arguments:
            return Operand(trees.text_constant(""), STRING)
        parts = [self.as_text(each) for each in arguments]
        tree = parts[0]
        for part in parts[1:]:
            tree = trees.binary("+", tree, part)
        return Operand(tree, STRING)

    def as_text(self, spot: Spot) -> Expression:
        """Return a value as text."""
        if isinstance(spot.value, str):
            return trees.text_constant(spot.value)
        if isinstance(spot.value, bool):
            return trees.text_constant("true" if spot.value else "false")
        if isinstance(spot.value, int | float):
            return trees.text_constant(_javascript_number(spot.value))
        operand = self.value(spot)
        tree = operand.tree if operand.type is STRING else trees.call("string", operand.tree)
        if self.compat and isinstance(operand.tree, Name | Member):
            tree = Conditional(trees.is_null(operand.tree), trees.text_constant(""), tree, trees.NOWHERE)
        return tree

    def part_of_text(self, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return a part of a text; positions from the end are counted out, and none lies outside."""
        if not 2 <= len(arguments) <= 3:
            raise spot.refused("`substr` takes a text, a start and perhaps a length")
        operand = self.value(arguments[0], STRING)
        text = self.string(operand, arguments[0])
        if not isinstance(text, Name | Member | Constant):
            raise arguments[0].refused("`substr` takes a variable or a constant", "name a variable that is a text")
        start, *length = (_position(each) for each in arguments[1:])
        return Operand(part_of_text(text, start, length[0] if length else None), STRING)


def type_of_constant(tree: Expression) -> Type | None:
    """Return the type of a constant."""
    if not isinstance(tree, Constant):
        return None
    return {"bool": BOOL, "int": INT, "uint": UINT, "double": DOUBLE, "string": STRING}.get(tree.kind)


def _number(number: Decimal, spot: Spot) -> Operand:
    if number == number.to_integral_value() and abs(number) < 2**53:
        return Operand(trees.whole(int(number)), INT)
    return Operand(trees.double(float(number)), DOUBLE)


def _position(spot: Spot) -> int:
    if isinstance(spot.value, bool) or not isinstance(spot.value, int) or abs(spot.value) > 2**31:
        raise spot.refused("a position in a text must be a whole number, and a constant")
    return spot.value


def _javascript_number(value: int | float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e21 else repr(value)
