"""Which inputs a plan reads, and which plane hangs on which input: settled once a plan, before any data."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import BOOL, DOUBLE, STRING, TIMESTAMP, UINT, Type
from fasttwitch.logic.nodes import Attribute, Expression
from fasttwitch.plan.codebooks import (
    Codebook,
    NamesCodebook,
    OrderedCodebook,
    TextTestsCodebook,
    TruthCodebook,
)
from fasttwitch.plan.compiler import PLANE, Plan
from fasttwitch.plan.registers import Operand, Step, operands_of, steps_of
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Path, Recency, Source, TextTest


@dataclass(frozen=True, slots=True)
class StoredInput:
    """A column of the data, or a field of a struct column."""

    path: Path
    type: Type


@dataclass(frozen=True, slots=True)
class ComputedInput:
    """A column that is computed from others before the kernels run.

    fine_print  see `plan.sources.Derived`
    """

    expression: Expression
    type: Type
    fine_print: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class DerivedInput:
    """A value that the kernels compute."""

    steps: tuple[Step, ...]
    physical: int


Input: TypeAlias = StoredInput | ComputedInput | DerivedInput


@dataclass(frozen=True, slots=True)
class Wiring:
    """The inputs of a plan and its planes in input order.

    inputs       columns first, derived ones after them
    plane_order  plan's plane numbers, ascending by input
    plane_input  the input of each plane in that order
    tests        int64[tests, 4] as Plan.tests, the plane's place in `plane_order` in column PLANE, ascending by it
    registers    how many registers the widest derived input needs
    """

    inputs: tuple[Input, ...]
    plane_order: tuple[int, ...]
    plane_input: tuple[int, ...]
    tests: NDArray[np.int64]
    registers: int


def wire(plan: Plan) -> Wiring:
    """Return the wiring of a plan."""
    wanted = [_input_of(codebook) for codebook in plan.codebooks]
    columns: dict[Input, int] = {}
    for entry in wanted:
        if isinstance(entry, DerivedInput):
            for operand in operands_of(entry.steps):
                columns.setdefault(input_of_operand(operand), 0)
        else:
            columns.setdefault(entry, 0)
    inputs: list[Input] = [*columns]
    inputs += dict.fromkeys(entry for entry in wanted if isinstance(entry, DerivedInput))
    numbers = {entry: number for number, entry in enumerate(inputs)}
    by_input = sorted((numbers[wanted[plane.codebook]], number) for number, plane in enumerate(plan.planes))
    order = tuple(number for _, number in by_input)
    place = np.argsort(np.array(order, np.int64)) if order else np.empty(0, np.int64)
    tests = plan.tests.copy()
    tests[:, PLANE] = place[tests[:, PLANE]]
    tests = tests[np.argsort(tests[:, PLANE], kind="stable")]
    registers = max((len(entry.steps) for entry in inputs if isinstance(entry, DerivedInput)), default=0)
    return Wiring(tuple(inputs), order, tuple(number for number, _ in by_input), tests, registers)


def input_of_operand(operand: Operand) -> Input:
    """Return the input behind an operand of register steps."""
    if isinstance(operand, Attribute):
        return StoredInput(operand.path, operand.type)
    return ComputedInput(operand.expression, operand.expression.type, operand.fine_print)


def _input_of(codebook: Codebook) -> Input:
    match codebook:
        case TextTestsCodebook(path):
            return StoredInput(path, STRING)
        case OrderedCodebook(source) | TruthCodebook(source) | NamesCodebook(source):
            return _input_of_source(source)


def _input_of_source(source: Source) -> Input:
    match source:
        case Column(path, type_):
            return StoredInput(path, type_)
        case Recency(path):
            return StoredInput(path, TIMESTAMP)
        case ColumnTest(test, fine_print):
            return ComputedInput(test, BOOL, fine_print)
        case Derived(expression, type_):
            return DerivedInput(steps_of(expression), _physical(type_))
        case TextTest(path):
            return StoredInput(path, STRING)


def _physical(type_: Type) -> int:
    if type_ is BOOL:
        return layout.DERIVED_BITS
    if type_ is DOUBLE:
        return layout.DERIVED_DOUBLE
    return layout.DERIVED_UINT if type_ is UINT else layout.DERIVED_INT
