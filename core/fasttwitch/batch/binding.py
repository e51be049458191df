"""A plan bound to one table: the kernels' tables, filled with this data's addresses."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch import text
from fasttwitch.batch.columns import Physical, column_at, fill_input, normalised, physical, spans
from fasttwitch.batch.cuts import ALWAYS, NEVER, CodedCuts, coded_cuts
from fasttwitch.batch.decimals import fits_64_bits, ranks
from fasttwitch.batch.lookups import Lookups
from fasttwitch.batch.wiring import ComputedInput, DerivedInput, StoredInput, Wiring, input_of_operand
from fasttwitch.kernels import layout
from fasttwitch.kernels.membership import membership_table
from fasttwitch.kernels.tables import PlaneTable, truth_plane
from fasttwitch.logic.types import INT, TIMESTAMP
from fasttwitch.plan.codebooks import (
    CUTS_A_PLANE,
    THRESHOLDS_A_PLANE,
    NamesCodebook,
    OrderedCodebook,
    TextTestsCodebook,
    TruthCodebook,
    thresholds_of,
)
from fasttwitch.plan.compiler import INDEX, KIND, PLANE, SLOT, Plan
from fasttwitch.plan.registers import Member, operands_of, step_rows
from fasttwitch.plan.sources import Column, Derived, Recency
from fasttwitch.plan.value_sets import Cut


@dataclass(slots=True)
class Span:
    """A run of rows in which every column is contiguous, ready for `run_blocks`.

    first   number of its first row in the table
    rows    how many
    inputs, planes  the kernels' tables; `alive` keeps what they point at
    """

    first: int
    rows: int
    inputs: NDArray[np.int64]
    planes: NDArray[np.int64]
    alive: list[object] = field(default_factory=list)


class Binding:
    """The tables of one run over one table.

    rows    of the table
    tests   int64[tests, TEST_FIELDS]
    steps   int64[steps, STEP_FIELDS]
    """

    def __init__(self, plan: Plan, wiring: Wiring, lookups: Lookups, table: pa.Table, now: int) -> None:
        self.rows = table.num_rows
        self._plan = plan
        self._wiring = wiring
        self._lookups = lookups
        self._now = now
        self._alive: list[object] = []
        self._ranked: set[int] = set()
        self._columns = [self._column(table, number) for number in range(self._column_inputs())]
        self._forms = [physical(column.type) for column in self._columns]
        self._forms += [Physical(entry.physical) for entry in wiring.inputs if isinstance(entry, DerivedInput)]
        self.steps, self._step_ranges = self._bind_steps()
        self._planes = np.zeros((len(wiring.plane_order), layout.PLANE_FIELDS), np.int64)
        self.tests = self._bind_tests()

    def spans(self, aligned: bool) -> Iterator[Span]:
        """Yield the spans of the table; `aligned` ones begin at multiples of 64 rows."""
        for first, arrays in spans(self._columns, self.rows, aligned):
            rows = len(arrays[0]) if arrays else self.rows
            inputs = np.zeros((len(self._forms), layout.INPUT_FIELDS), np.int64)
            for row, form, array in zip(inputs, self._forms, arrays, strict=False):
                fill_input(row, array, form)
            for number, (begin, end) in self._step_ranges.items():
                inputs[number, layout.INPUT_PHYSICAL] = self._forms[number].kind
                inputs[number, layout.INPUT_STEP_BEGIN] = begin
                inputs[number, layout.INPUT_STEP_END] = end
            planes = self._planes.copy()
            alive: list[object] = [self._alive, arrays]
            for row, number, plane in zip(planes, self._wiring.plane_input, self._wiring.plane_order, strict=True):
                if number < len(arrays) and pa.types.is_dictionary(arrays[number].type):
                    entry = self._plan.planes[plane]
                    look_up = self._lookups.plane(entry.codebook, entry.part, arrays[number].dictionary)
                    look_up.fill(row)
                    alive.append(look_up)
            yield Span(first, rows, inputs, planes, alive)

    def _column_inputs(self) -> int:
        return sum(not isinstance(entry, DerivedInput) for entry in self._wiring.inputs)

    def _column(self, table: pa.Table, number: int) -> pa.ChunkedArray:
        match self._wiring.inputs[number]:
            case StoredInput(path, type_):
                column = normalised(column_at(table, path, type_))
                if pa.types.is_decimal(column.type) and not fits_64_bits(column):
                    self._ranked.add(number)
                    column = ranks(column, self._cuts_of_input(number))
                return column
            case ComputedInput(expression):
                return normalised(text.evaluate(expression, lambda path: column_at(table, path, None)))
        raise AssertionError("a derived input is no column")

    def _cuts_of_input(self, number: int) -> tuple[Cut, ...]:
        place = self._wiring.plane_input.index(number)
        codebook = self._plan.codebooks[self._plan.planes[self._wiring.plane_order[place]].codebook]
        assert isinstance(codebook, OrderedCodebook)
        return codebook.cuts

    def _bind_steps(self) -> tuple[NDArray[np.int64], dict[int, tuple[int, int]]]:
        """Return the step table of all derived inputs, and where each one's steps stand."""
        numbers = {entry: number for number, entry in enumerate(self._wiring.inputs)}
        rows: list[NDArray[np.int64]] = [np.zeros((0, layout.STEP_FIELDS), np.int64)]
        ranges: dict[int, tuple[int, int]] = {}
        begin = 0
        for entry, number in numbers.items():
            if isinstance(entry, DerivedInput):
                operands = {operand: numbers[input_of_operand(operand)] for operand in operands_of(entry.steps)}
                tables = {step: self._member_table(step) for step in entry.steps if isinstance(step, Member)}
                rows.append(step_rows(entry.steps, operands, self._now, tables))
                ranges[number] = (begin, begin + len(entry.steps))
                begin += len(entry.steps)
        return np.concatenate(rows), ranges

    def _member_table(self, step: Member) -> tuple[int, int]:
        dtype = np.float64 if step.operation == layout.MEMBER_DOUBLE else np.int64
        table = membership_table(np.array(step.constants, dtype))
        self._alive.append(table)
        return table.ctypes.data, table.size - 1

    def _bind_tests(self) -> NDArray[np.int64]:
        """Fill the planes' rows as far as they do not depend on a span; return the tests with their codes."""
        wiring = self._wiring
        tests = np.zeros((len(wiring.tests), layout.TEST_FIELDS), np.int64)
        tests[:, layout.TEST_KIND] = wiring.tests[:, KIND]
        tests[:, layout.TEST_SLOT] = wiring.tests[:, SLOT]
        # KNOWN and ORDINARY are codes 1 and 2 of every plane; EQUAL and ANY_BIT hold their code already.
        index = wiring.tests[:, INDEX]
        tests[:, layout.TEST_CODE] = np.where(index < 0, -index, index)
        bounds = np.searchsorted(wiring.tests[:, PLANE], np.arange(len(wiring.plane_order) + 1))
        for place, (plane, number) in enumerate(zip(wiring.plane_order, wiring.plane_input, strict=True)):
            row = self._planes[place]
            begin, end = int(bounds[place]), int(bounds[place + 1])
            row[layout.PLANE_INPUT] = number
            row[layout.PLANE_TEST_BEGIN], row[layout.PLANE_TEST_END] = begin, end
            coded = self._coded(plane, number)
            if coded is not None:
                coded.table.fill(row)
                self._alive.append(coded.table)
                _set_codes(tests[begin:end], index[begin:end], coded.codes)
        return tests

    def _coded(self, plane: int, number: int) -> CodedCuts | None:
        """Return the table of a plane; None if it hangs on a dictionary, which may differ from span to span."""
        entry = self._plan.planes[plane]
        codebook = self._plan.codebooks[entry.codebook]
        form = self._forms[number]
        match codebook:
            case OrderedCodebook(source, cuts):
                part = _part(codebook, entry.part)
                if number in self._ranked:
                    first = cuts.index(part[0]) + 1 if part else 1
                    return coded_cuts(range(first, first + len(part)), INT, form)
                shift = self._now if isinstance(source, Recency) else 0
                type_ = source.type if isinstance(source, Column | Derived) else TIMESTAMP
                return coded_cuts(part, type_, form, shift)
            case TruthCodebook():
                return CodedCuts(_truth(form), np.empty(0, np.int64))
            case NamesCodebook() | TextTestsCodebook() if form.kind == layout.ABSENT:
                return coded_cuts((), INT, form)
            case _:
                return None


def _truth(form: Physical) -> PlaneTable:
    return truth_plane() if form.kind != layout.ABSENT else coded_cuts((), INT, form).table


def _part(codebook: OrderedCodebook, part: int) -> tuple[Cut, ...]:
    """Return the cuts of one plane of a codebook."""
    if not codebook.has_nan:
        return codebook.cuts[part * CUTS_A_PLANE : (part + 1) * CUTS_A_PLANE]
    values = thresholds_of(codebook.cuts)[part * THRESHOLDS_A_PLANE : (part + 1) * THRESHOLDS_A_PLANE]
    return tuple((value, 0) for value in values)


def _set_codes(tests: NDArray[np.int64], index: NDArray[np.int64], codes: NDArray[np.int64]) -> None:
    """Write the codes of tests on cuts; a cut that every value, or none, reaches becomes a test that says so."""
    on_cuts = index >= 0
    if not on_cuts.any() or not codes.size:
        return
    found = codes[index[on_cuts]]
    kinds = tests[on_cuts, layout.TEST_KIND]
    kinds[found == NEVER] = layout.ANY_BIT
    tests[on_cuts, layout.TEST_KIND] = kinds
    tests[on_cuts, layout.TEST_CODE] = np.where(found == ALWAYS, 1, np.where(found == NEVER, 0, found))
