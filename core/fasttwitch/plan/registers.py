"""Derived values as register programs: one straight line of typed steps for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, DURATION, INT, TIMESTAMP, UINT, Type
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, Now

# What a step loads: an Attribute, or a value of a string column that Arrow computes (its size, say).
Operand: TypeAlias = Expression


@dataclass(frozen=True, slots=True)
class Load:
    """`result` becomes a column's values."""

    operation: int
    result: int
    operand: Operand
    range: int = 0


@dataclass(frozen=True, slots=True)
class LoadNow:
    """`result` becomes the instant of the run."""

    result: int


@dataclass(frozen=True, slots=True)
class Compute:
    """`result` becomes `operation` of other registers, or a constant's bits in `left`."""

    operation: int
    result: int
    left: int = 0
    right: int = 0
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """`result` becomes whether register `left` is one of `constants` (int64, uint64 as bits, or float64)."""

    operation: int
    result: int
    left: int
    constants: tuple[int | float, ...]


Step: TypeAlias = Load | LoadNow | Compute | Member

RANGES = {TIMESTAMP: layout.TIMESTAMP_RANGE, DURATION: layout.DURATION_RANGE, DATE: layout.DATE_RANGE}
SUFFIXES = {INT: "INT", UINT: "UINT", DOUBLE: "DOUBLE", TIMESTAMP: "INSTANT", DURATION: "INSTANT", DATE: "INSTANT"}
NAMES = {"+": "ADD", "-": "SUBTRACT", "*": "MULTIPLY", "/": "DIVIDE", "%": "REMAINDER", "negate": "NEGATE"}
OUTCOMES = {
    "<": layout.LESS,
    "<=": layout.LESS | layout.EQUAL_TO,
    ">": layout.GREATER,
    ">=": layout.GREATER | layout.EQUAL_TO,
    "==": layout.EQUAL_TO,
    "!=": layout.LESS | layout.GREATER | layout.UNORDERED,
}
# The outcome seen from the other side: operands swapped.
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
MICROSECONDS_A_DAY = 86_400_000_000


def steps_of(expression: Expression) -> tuple[Step, ...]:
    """Return the steps whose last result is `expression`, register i being the result of step i."""
    builder = _Builder()
    builder.value(expression)
    return tuple(builder.steps)


def operands_of(steps: tuple[Step, ...]) -> tuple[Operand, ...]:
    """Return the distinct operands that the steps load, in order."""
    return tuple(dict.fromkeys(step.operand for step in steps if isinstance(step, Load)))


class _Builder:
    """Appends steps; a step's number is its register."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def value(self, expression: Expression) -> int:
        """Append the steps of a value and return its register."""
        match expression:
            case Attribute(_, type_):
                return self._load(expression, type_)
            case Constant(value, type_):
                return self._constant(value, type_)
            case Now():
                return self._append(LoadNow(len(self.steps)))
            case Apply("size"):
                return self._append(Load(layout.LOAD_INT, len(self.steps), expression))
            case Apply():
                return self._apply(expression)
            case Coalesce(operands, type_):
                registers = [self.value(operand) for operand in operands]
                result = registers[-1]
                for register in reversed(registers[:-1]):
                    result = self._compute(layout.COALESCE, register, result)
                return result
            case Compare():
                return self._compare(expression)
            case In(operand, constants):
                return self._member(self.value(operand), operand.type, constants)
        raise _not_yet(expression)

    def _load(self, operand: Attribute, type_: Type) -> int:
        match type_:
            case t if t is INT:
                operation = layout.LOAD_INT
            case t if t is UINT:
                operation = layout.LOAD_UINT
            case t if t is DOUBLE:
                operation = layout.LOAD_DOUBLE
            case t if t is BOOL:
                operation = layout.LOAD_BITS
            case _:
                return self._append(Load(layout.LOAD_INSTANT, len(self.steps), operand, RANGES[type_]))  # type: ignore[index]
        return self._append(Load(operation, len(self.steps), operand))

    def _constant(self, value: object, type_: Type) -> int:
        if type_ is BOOL:
            return self._compute(layout.CONSTANT_BITS, int(bool(value)))
        if type_ is DOUBLE:
            assert isinstance(value, int | float)
            bits = int(np.float64(value).view(np.int64))
        else:
            assert isinstance(value, int)
            bits = value - 2**64 if value >= 2**63 else value
        return self._compute(layout.CONSTANT, bits)

    def _apply(self, expression: Apply) -> int:
        if expression.function not in NAMES or expression.type not in SUFFIXES:
            raise _not_yet(expression)
        types = [argument.type for argument in expression.arguments]
        registers = [self.value(argument) for argument in expression.arguments]
        suffix = SUFFIXES[expression.type]
        if suffix == "INSTANT":
            return self._instant(expression, types, registers)
        operation = getattr(layout, f"{NAMES[expression.function]}_{suffix}", None)
        if operation is None:
            raise _not_yet(expression)
        return self._compute(operation, *registers)

    def _instant(self, expression: Apply, types: list[Type], registers: list[int]) -> int:
        """Append arithmetic of instants; a date moves by whole days, which the checker has made sure of."""
        if expression.function == "negate":
            registers = [self._compute(layout.CONSTANT, 0), *registers]
            operation = layout.SUBTRACT_INSTANT
        else:
            operation = getattr(layout, f"{NAMES[expression.function]}_INSTANT")
        if expression.type is DATE:
            registers = [
                self._compute(layout.DIVIDE_INT, register, self._compute(layout.CONSTANT, MICROSECONDS_A_DAY))
                if type_ is DURATION
                else register
                for register, type_ in zip(registers, types, strict=True)
            ]
        extra = RANGES[expression.type]  # type: ignore[index]
        return self._compute(operation, registers[0], registers[1], extra)

    def _compare(self, expression: Compare) -> int:
        left, right, operator = expression.left, expression.right, expression.operator
        # Kernels have one order for each mix: int before uint before double.
        if _rank(left.type) > _rank(right.type):
            left, right, operator = right, left, MIRRORED[operator]
        registers = self.value(left), self.value(right)
        kinds = SUFFIXES[left.type].replace("INSTANT", "INT"), SUFFIXES[right.type].replace("INSTANT", "INT")  # type: ignore[index]
        name = kinds[0] if kinds[0] == kinds[1] else "_".join(kinds)
        return self._compute(getattr(layout, f"COMPARE_{name}"), *registers, OUTCOMES[operator])

    def _member(self, register: int, type_: Type, constants: tuple[object, ...]) -> int:
        if type_ is DOUBLE:
            doubles = tuple(float(value) for value in constants)  # type: ignore[arg-type]
            return self._append(Member(layout.MEMBER_DOUBLE, len(self.steps), register, doubles))
        if any(isinstance(value, float) for value in constants):  # integers meet doubles as doubles
            converted = self._compute(layout.UINT_TO_DOUBLE if type_ is UINT else layout.INT_TO_DOUBLE, register)
            return self._member(converted, DOUBLE, constants)
        integers = []
        for value in constants:
            number = int(value)  # type: ignore[call-overload]
            integers.append(number - 2**64 if number >= 2**63 else number)
        return self._append(Member(layout.MEMBER_INT, len(self.steps), register, tuple(integers)))

    def _compute(self, operation: int, left: int, right: int = 0, extra: int = 0) -> int:
        return self._append(Compute(operation, len(self.steps), left, right, extra))

    def _append(self, step: Step) -> int:
        self.steps.append(step)
        return len(self.steps) - 1


def step_rows(
    steps: tuple[Step, ...],
    inputs: Mapping[Operand, int],
    now: int,
    tables: Mapping[Member, tuple[int, int]],
) -> NDArray[np.int64]:
    """Return int64[steps, STEP_FIELDS] for the kernel.

    inputs  number of the physical input of each operand
    now     µs since 1970 UTC
    tables  address and number of slots of each membership table
    """
    rows = np.zeros((len(steps), layout.STEP_FIELDS), np.int64)
    for row, step in zip(rows, steps, strict=True):
        match step:
            case Load(operation, result, operand, range_):
                row[:] = (operation, result, inputs[operand], 0, range_)
            case LoadNow(result):
                row[:] = (layout.CONSTANT, result, now, 0, 0)
            case Compute(operation, result, left, right, extra):
                row[:] = (operation, result, left, right, extra)
            case Member(operation, result, left):
                row[:] = (operation, result, left, *tables[step])
    return rows


def _rank(type_: Type) -> int:
    return 2 if type_ is DOUBLE else 1 if type_ is UINT else 0


def _not_yet(expression: Expression) -> RulesetError:
    message = "this is part of the language, but this version does not evaluate it yet"
    return RulesetError((Problem(message, expression.span),))
