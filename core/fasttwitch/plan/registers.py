"""Derived values as register programs: one straight line of typed steps for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from fasttwitch.library.zones import Zone, read_zone
from fasttwitch.logic.datatypes import DATE, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type
from fasttwitch.logic.instants import DAY
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, Now
from fasttwitch.plan.reads import fine_print

REGISTER_TYPES = (INT, UINT, DOUBLE, TIMESTAMP, DATE, DURATION)


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that has no steps, and is computed before the kernels run: the size of a string, say.

    fine_print  see `plan.sources.Derived`
    """

    expression: Expression
    fine_print: tuple[float | str, ...]


Operand: TypeAlias = Attribute | Computed


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


@dataclass(frozen=True, slots=True)
class InZone:
    """`result` becomes `operation` of register `left` on the clocks of a zone."""

    operation: int
    result: int
    left: int
    zone: Zone


Step: TypeAlias = Load | LoadNow | Compute | Member | InZone

RANGES: dict[Type, int] = {TIMESTAMP: layout.TIMESTAMP_RANGE, DURATION: layout.DURATION_RANGE, DATE: layout.DATE_RANGE}
SUFFIXES: dict[Type, str] = {
    INT: "INT",
    UINT: "UINT",
    DOUBLE: "DOUBLE",
    TIMESTAMP: "INSTANT",
    DURATION: "INSTANT",
    DATE: "INSTANT",
}
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
PARTS = {
    "getFullYear": layout.YEAR,
    "getMonth": layout.MONTH,
    "getDayOfMonth": layout.DAY_OF_MONTH,
    "getDate": layout.DATE_OF_MONTH,
    "getDayOfWeek": layout.DAY_OF_WEEK,
    "getDayOfYear": layout.DAY_OF_YEAR,
    "getHours": layout.HOURS,
    "getMinutes": layout.MINUTES,
    "getSeconds": layout.SECONDS,
    "getMilliseconds": layout.MILLISECONDS,
}
UNITS = {"getHours": 3_600_000_000, "getMinutes": 60_000_000, "getSeconds": 1_000_000}
# The operation of a function of arguments of these types; a fold over them where there are more than two.
OPERATIONS: dict[tuple[object, ...], int | None] = {
    ("int", UINT): layout.UINT_TO_INT,
    ("int", DOUBLE): layout.DOUBLE_TO_INT,
    ("int", TIMESTAMP): layout.INSTANT_TO_SECONDS,
    ("uint", INT): layout.INT_TO_UINT,
    ("uint", DOUBLE): layout.DOUBLE_TO_UINT,
    ("double", INT): layout.INT_TO_DOUBLE,
    ("double", UINT): layout.UINT_TO_DOUBLE,
    ("timestamp", INT): layout.SECONDS_TO_INSTANT,
    ("timestamp", DATE): layout.DATE_TO_INSTANT,
    ("date", TIMESTAMP): layout.INSTANT_TO_DATE,
    ("math.abs", INT): layout.ABSOLUTE_INT,
    ("math.abs", UINT): None,
    ("math.abs", DOUBLE): layout.ABSOLUTE_DOUBLE,
    ("math.sign", INT): layout.SIGN_INT,
    ("math.sign", UINT): layout.SIGN_UINT,
    ("math.sign", DOUBLE): layout.SIGN_DOUBLE,
    ("math.ceil", DOUBLE): layout.CEILING,
    ("math.floor", DOUBLE): layout.FLOOR,
    ("math.round", DOUBLE): layout.ROUND,
    ("math.trunc", DOUBLE): layout.TRUNCATE,
    ("math.sqrt", DOUBLE): layout.SQUARE_ROOT,
    ("math.isNaN", DOUBLE): layout.IS_NAN,
    ("math.isInf", DOUBLE): layout.IS_INFINITE,
    ("math.isFinite", DOUBLE): layout.IS_FINITE,
    ("math.bitNot", INT): layout.BIT_NOT,
    ("math.bitNot", UINT): layout.BIT_NOT,
    **{
        (f"math.{name}", kind, kind): operation
        for name, operation in (("bitAnd", layout.BIT_AND), ("bitOr", layout.BIT_OR), ("bitXor", layout.BIT_XOR))
        for kind in (INT, UINT)
    },
    **{
        (f"math.{name}", kind, INT): operation
        for name, operation in (("bitShiftLeft", layout.SHIFT_LEFT), ("bitShiftRight", layout.SHIFT_RIGHT))
        for kind in (INT, UINT)
    },
    **{
        (f"math.{name}", *kinds): getattr(layout, f"{word}_{SUFFIXES[kind]}") if len(kinds) > 1 else None
        for name, word in (("greatest", "GREATEST"), ("least", "LEAST"))
        for kind in (INT, UINT, DOUBLE)
        for kinds in ((kind,), (kind, kind))
    },
}


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
            case Apply() if not in_registers(expression):
                return self._load(Computed(expression, fine_print(expression)), expression.type)
            case Apply(function) if function in NAMES:
                return self._arithmetic(expression)
            case Apply():
                return self._function(expression)
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
        raise AssertionError(f"no registers hold {expression}")

    def _load(self, operand: Operand, type_: Type) -> int:
        match type_:
            case t if t is INT:
                operation = layout.LOAD_INT
            case t if t is UINT:
                operation = layout.LOAD_UINT
            case t if t is DOUBLE:
                operation = layout.LOAD_DOUBLE
            case _:
                return self._append(Load(layout.LOAD_INSTANT, len(self.steps), operand, RANGES[type_]))
        return self._append(Load(operation, len(self.steps), operand))

    def _constant(self, value: object, type_: Type) -> int:
        if type_ is DOUBLE:
            assert isinstance(value, int | float)
            bits = int(np.float64(value).view(np.int64))
        else:
            assert isinstance(value, int)
            bits = value - 2**64 if value >= 2**63 else value
        return self._compute(layout.CONSTANT, bits)

    def _arithmetic(self, expression: Apply) -> int:
        types = [argument.type for argument in expression.arguments]
        registers = [self.value(argument) for argument in expression.arguments]
        suffix = SUFFIXES[expression.type]
        if suffix == "INSTANT":
            return self._instant(expression, types, registers)
        return self._compute(getattr(layout, f"{NAMES[expression.function]}_{suffix}"), *registers)

    def _function(self, expression: Apply) -> int:
        """Append a function of the catalogue."""
        function, arguments = expression.function, expression.arguments
        types = tuple(argument.type for argument in arguments)
        match arguments:
            case (instant, Constant(str(zone))):
                known = read_zone(zone)
                assert known is not None, "the checker has looked the zone up"
                clock = self.value(instant)
                operation = layout.START_OF_DAY if function == "startOfDay" else layout.LOCAL_TIME
                clock = self._append(InZone(operation, len(self.steps), clock, known))
                if function == "startOfDay":
                    return clock
                part = self._part(function, TIMESTAMP, clock)
                if function != "date":
                    return part
                zero = self._compute(layout.CONSTANT, 0)  # a zone's clocks may show a day beyond the calendar
                return self._compute(layout.ADD_INSTANT, part, zero, layout.DATE_RANGE)
            case (operand,) if function in PARTS:
                return self._part(function, operand.type, self.value(operand))
            case (number,) if function == "math.sqrt" and number.type is not DOUBLE:
                double = self._compute(
                    layout.UINT_TO_DOUBLE if number.type is UINT else layout.INT_TO_DOUBLE, self.value(number)
                )
                return self._compute(layout.SQUARE_ROOT, double)
            case _:
                registers = [self.value(argument) for argument in arguments]
                step = OPERATIONS[function, *types[:2]]
                if step is None:  # the value itself
                    return registers[0]
                if len(registers) == 1:
                    return self._compute(step, registers[0], 0, RANGES.get(expression.type, 0))
                result = registers[0]
                for register in registers[1:]:
                    result = self._compute(step, result, register)
                return result

    def _part(self, function: str, type_: Type, clock: int) -> int:
        """Append a part of a clock's time, of a day or of a duration."""
        if function == "date":
            return self._compute(layout.INSTANT_TO_DATE, clock)
        if type_ is DURATION:
            if function == "getMilliseconds":
                return self._compute(layout.DURATION_MILLISECONDS, clock)
            return self._compute(layout.DURATION_PART, clock, 0, UNITS[function])
        if type_ is DATE:
            clock = self._compute(layout.DATE_TO_INSTANT, clock)
        return self._compute(layout.CALENDAR_PART, clock, 0, PARTS[function])

    def _instant(self, expression: Apply, types: list[Type], registers: list[int]) -> int:
        """Append arithmetic of instants; a date moves by whole days, which the checker has made sure of."""
        operation = getattr(layout, f"{NAMES[expression.function]}_INSTANT")
        if expression.type is DATE:
            registers = [
                self._compute(layout.DIVIDE_INT, register, self._compute(layout.CONSTANT, DAY))
                if type_ is DURATION
                else register
                for register, type_ in zip(registers, types, strict=True)
            ]
        extra = RANGES[expression.type]
        return self._compute(operation, registers[0], registers[1], extra)

    def _compare(self, expression: Compare) -> int:
        left, right, operator = expression.left, expression.right, expression.operator
        # Kernels have one order for each mix: int before uint before double.
        if _rank(left.type) > _rank(right.type):
            left, right, operator = right, left, MIRRORED[operator]
        registers = self.value(left), self.value(right)
        kinds = SUFFIXES[left.type].replace("INSTANT", "INT"), SUFFIXES[right.type].replace("INSTANT", "INT")
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
    zones: Mapping[Zone, int],
) -> NDArray[np.int64]:
    """Return int64[steps, STEP_FIELDS] for the kernel.

    inputs  number of the physical input of each operand
    now     µs since 1970 UTC
    tables  address and number of slots of each membership table
    zones   address of each zone's table
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
            case _:
                row[:] = (step.operation, step.result, step.left, zones[step.zone], 0)
    return rows


def _rank(type_: Type) -> int:
    return 2 if type_ is DOUBLE else 1 if type_ is UINT else 0


def in_registers(expression: Apply) -> bool:
    """Return whether the kernels have steps for a function of these types."""
    types = tuple(argument.type for argument in expression.arguments)
    function = expression.function
    if function in NAMES:
        return expression.type in REGISTER_TYPES
    if function in PARTS or types == (TIMESTAMP, STRING):  # in a zone
        return True
    return (function, *types[:2]) in OPERATIONS or function == "math.sqrt"
