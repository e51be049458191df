"""What a plan's dimensions are coded from: settled once a plan, before any customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.cut_keys import double_keys, int_keys, uint_keys
from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import BOOL, DECIMAL, DOUBLE, STRING, UINT, Type
from fasttwitch.logic.nodes import Attribute, Expression
from fasttwitch.plan.codebooks import Codebook, NamesCodebook, OrderedCodebook, TextTestsCodebook
from fasttwitch.plan.dimensions import Dimension
from fasttwitch.plan.reads import reads_now
from fasttwitch.plan.registers import Computed, Operand, Step, operands_of, steps_of
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Path, Recency, TextTest

# Kinds of tasks, as `kernels.point` numbers them.
AS_INT, AS_UINT, AS_DOUBLE, AS_RECENCY, TRUTH, READY = 0, 1, 2, 3, 8, 9


@dataclass(frozen=True, slots=True, eq=False)
class SlotTask:
    """A dimension coded from a slot of the values, or from what Python has made ready.

    kind   as above
    path   of the slot; None where the code is made by Python
    cuts   the keys of the cuts, ascending
    """

    dimension: int
    kind: int
    path: Path | None
    cuts: NDArray[np.int64]
    is_clocked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DerivedTask:
    """A dimension coded from what the register program computes."""

    dimension: int
    kind: int
    steps: tuple[Step, ...]
    physical: int
    cuts: NDArray[np.int64]
    is_clocked: bool


@dataclass(frozen=True, slots=True)
class DecimalTask:
    """A dimension coded from a decimal column, in Python."""

    dimension: int
    codebook: OrderedCodebook


@dataclass(frozen=True, slots=True)
class TestTask:
    """A dimension that is a test of several columns, computed by value."""

    dimension: int
    test: Expression
    is_clocked: bool


@dataclass(slots=True)
class TextTask:
    """The dimensions of one string column: the codebooks of its names, then its tests.

    tests  (dimension, test, whether a string may make it unknown)
    """

    path: Path
    names: list[tuple[int, NamesCodebook]]
    tests: list[tuple[int, Expression, bool]]

    @property
    def dimensions(self) -> list[int]:
        """All of them, in order of the codes."""
        return [dimension for dimension, _ in self.names] + [dimension for dimension, _, _ in self.tests]


Task: TypeAlias = SlotTask | DerivedTask | DecimalTask | TestTask

NONE = np.zeros(0, np.int64)


def tasks_of(codebooks: Sequence[Codebook], dimensions: Sequence[Dimension]) -> tuple[list[Task], list[TextTask]]:
    """Return what to do for each dimension, the string columns apart."""
    tasks: list[Task] = []
    texts: dict[Path, TextTask] = {}
    for number, dimension in enumerate(dimensions):
        codebook = codebooks[dimension.codebook]
        match dimension.source:
            case TextTest(path, test):
                may_fail = not isinstance(codebook, TextTestsCodebook)
                texts.setdefault(path, TextTask(path, [], [])).tests.append((number, test, may_fail))
            case Column(path, type_) if type_ is STRING:
                assert isinstance(codebook, NamesCodebook)
                texts.setdefault(path, TextTask(path, [], [])).names.append((number, codebook))
            case source:
                tasks.append(_task(number, source, codebook))
    return tasks, list(texts.values())


def _task(number: int, source: Column | Recency | Derived | ColumnTest, codebook: Codebook) -> Task:
    match source, codebook:
        case Column(_, type_), OrderedCodebook() if type_ is DECIMAL:
            return DecimalTask(number, codebook)
        case Column(path, type_), _ if type_ is BOOL:
            return SlotTask(number, TRUTH, path, NONE)
        case Column(path, type_), OrderedCodebook():
            return SlotTask(number, *_ordered(codebook, type_, path))
        case Recency(path), OrderedCodebook(_, cuts):
            return SlotTask(number, AS_RECENCY, path, int_keys(cuts), True)
        case ColumnTest(test), _:
            return TestTask(number, test, reads_now(test))
        case Derived(expression, type_), _:
            clocked, steps = reads_now(expression), steps_of(expression)
            if not isinstance(codebook, OrderedCodebook):
                return DerivedTask(number, TRUTH, steps, layout.DERIVED_BITS, NONE, clocked)
            kind, _, keys = _ordered(codebook, type_, ())
            if type_ is UINT:
                kind = AS_INT  # the register's values come with the top bit flipped, as the keys have it
            return DerivedTask(number, kind, steps, PHYSICAL.get(type_, layout.DERIVED_INT), keys, clocked)
    raise AssertionError("a codebook of another family than its source")


PHYSICAL: dict[Type, int] = {DOUBLE: layout.DERIVED_DOUBLE, UINT: layout.DERIVED_UINT}


def _ordered(codebook: OrderedCodebook, type_: Type, path: Path) -> tuple[int, Path, NDArray[np.int64]]:
    """Return kind, path and keys of a task over ordered values."""
    if type_ is DOUBLE:
        return AS_DOUBLE, path, double_keys(codebook.cuts)
    if type_ is UINT:
        return AS_UINT, path, uint_keys(codebook.cuts)
    return AS_INT, path, int_keys(codebook.cuts)


def operands_in(tasks: Sequence[DerivedTask]) -> tuple[list[Attribute], list[Computed]]:
    """Return the columns and the computed values that register programs load."""
    operands: dict[Operand, None] = {}
    for task in tasks:
        operands.update(dict.fromkeys(operands_of(task.steps)))
    stored = [operand for operand in operands if isinstance(operand, Attribute)]
    return stored, [operand for operand in operands if isinstance(operand, Computed)]
