"""How the planes of a plan code columns of given types: built once a combination of types, reused by every run."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.columns import Physical
from fasttwitch.batch.cuts import ALWAYS, NEVER, CodedCuts, coded_cuts
from fasttwitch.batch.step_tables import StepTables
from fasttwitch.batch.wiring import DerivedInput, Wiring, input_of_operand
from fasttwitch.kernels import layout
from fasttwitch.kernels.tables import truth_plane
from fasttwitch.logic.datatypes import INT, TIMESTAMP
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
from fasttwitch.plan.registers import operands_of
from fasttwitch.plan.sources import Column, Derived, Recency, TextTest
from fasttwitch.plan.value_sets import Cut


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """The kernels' tables as far as they do not depend on the data itself.

    planes  int64[planes, PLANE_FIELDS], the look-ups of dictionaries and the addresses of kept codes still open
    tests   int64[tests, TEST_FIELDS]
    steps   int64[steps, STEP_FIELDS]
    step_ranges  input → its rows in `steps`
    alive   what the tables' addresses point at
    least_codes  plane of the plan → `CodedCuts.codes`, where it has cuts
    """

    planes: NDArray[np.int64]
    tests: NDArray[np.int64]
    steps: NDArray[np.int64]
    step_ranges: dict[int, tuple[int, int]]
    alive: list[object] = field(default_factory=list)
    least_codes: dict[int, NDArray[np.int64]] = field(default_factory=dict)


class Coder:
    """Makes the coding of a plan for columns stored as `forms`, at any instant.

    forms   one a column input of the wiring
    ranked  inputs whose decimals were replaced by their ranks
    """

    def __init__(self, plan: Plan, wiring: Wiring, forms: Sequence[Physical], ranked: frozenset[int]) -> None:
        self._plan = plan
        self._wiring = wiring
        self._ranked = ranked
        derived = [Physical(entry.physical) for entry in wiring.inputs if isinstance(entry, DerivedInput)]
        self._forms = [*forms, *derived]
        self._bounds = np.searchsorted(wiring.tests[:, PLANE], np.arange(len(wiring.plane_order) + 1)).tolist()
        self._step_tables = StepTables()
        self._clocked = [place for place in range(len(wiring.plane_order)) if self._is_clocked(place)]
        self._timeless = self._new()
        self._latest: tuple[int, Coding] | None = None

    def at(self, now: int) -> Coding:
        """Return the coding with the clock at `now` µs; the latest is kept, several questions share one instant."""
        timeless = self._timeless
        if not self._clocked and not timeless.step_ranges:
            return timeless
        latest = self._latest
        if latest is not None and latest[0] == now:
            return latest[1]
        coding = Coding(timeless.planes.copy(), timeless.tests.copy(), *self._steps(now), [timeless.alive])
        coding.least_codes.update(timeless.least_codes)
        for place in self._clocked:
            self._code(coding, place, now)
        self._latest = (now, coding)
        return coding

    def _new(self) -> Coding:
        wiring = self._wiring
        planes = np.zeros((len(wiring.plane_order), layout.PLANE_FIELDS), np.int64)
        planes[:, layout.PLANE_INPUT] = wiring.plane_input
        planes[:, layout.PLANE_TEST_BEGIN] = self._bounds[:-1]
        planes[:, layout.PLANE_TEST_END] = self._bounds[1:]
        coding = Coding(planes, uncut_tests(wiring.tests), *self._steps(0))
        clocked = set(self._clocked)
        for place in range(len(wiring.plane_order)):
            if place not in clocked:
                self._code(coding, place, 0)
        return coding

    def _is_clocked(self, place: int) -> bool:
        codebook = self._plan.codebooks[self._plan.planes[self._wiring.plane_order[place]].codebook]
        return isinstance(codebook, OrderedCodebook) and isinstance(codebook.source, Recency)

    def _code(self, coding: Coding, place: int, now: int) -> None:
        """Fill one plane's row and the codes of its tests."""
        coded = self._coded(place, now)
        if coded is None:
            return
        coded.table.fill(coding.planes[place])
        coding.alive.append(coded.table)
        coding.least_codes[self._wiring.plane_order[place]] = coded.codes
        tests = slice(self._bounds[place], self._bounds[place + 1])
        set_codes(coding.tests[tests], self._wiring.tests[tests, INDEX], coded.codes)

    def _coded(self, place: int, now: int) -> CodedCuts | None:
        """Return the table of a plane; None if it hangs on a dictionary, which may differ from span to span."""
        number = self._wiring.plane_input[place]
        plane = self._plan.planes[self._wiring.plane_order[place]]
        codebook = self._plan.codebooks[plane.codebook]
        form = self._forms[number]
        match codebook:
            case OrderedCodebook(source, cuts):
                part = _part(codebook, plane.part)
                if number in self._ranked:
                    first = cuts.index(part[0]) + 1 if part else 1
                    return coded_cuts(range(first, first + len(part)), INT, form)
                type_ = source.type if isinstance(source, Column | Derived) else TIMESTAMP
                return coded_cuts(part, type_, form, now if isinstance(source, Recency) else 0)
            case TruthCodebook(source) if form.kind != layout.ABSENT and not isinstance(source, TextTest):
                return CodedCuts(truth_plane(), np.empty(0, np.int64))
            case TruthCodebook() | NamesCodebook() | TextTestsCodebook() if form.kind == layout.ABSENT:
                return coded_cuts((), INT, form)
            case _:
                return None

    def _steps(self, now: int) -> tuple[NDArray[np.int64], dict[int, tuple[int, int]]]:
        """Return the step table of all derived inputs, and where each one's steps stand."""
        numbers = {entry: number for number, entry in enumerate(self._wiring.inputs)}
        rows: list[NDArray[np.int64]] = [np.zeros((0, layout.STEP_FIELDS), np.int64)]
        ranges: dict[int, tuple[int, int]] = {}
        begin = 0
        for entry, number in numbers.items():
            if isinstance(entry, DerivedInput):
                operands = {operand: numbers[input_of_operand(operand)] for operand in operands_of(entry.steps)}
                rows.append(self._step_tables.rows(entry.steps, operands, now))
                ranges[number] = (begin, begin + len(entry.steps))
                begin += len(entry.steps)
        return np.concatenate(rows), ranges


def _part(codebook: OrderedCodebook, part: int) -> tuple[Cut, ...]:
    """Return the cuts of one plane of a codebook."""
    if not codebook.has_nan:
        return codebook.cuts[part * CUTS_A_PLANE : (part + 1) * CUTS_A_PLANE]
    values = thresholds_of(codebook.cuts)[part * THRESHOLDS_A_PLANE : (part + 1) * THRESHOLDS_A_PLANE]
    return tuple((value, 0) for value in values)


def uncut_tests(wired: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the kernels' tests, those on cuts still without their codes.

    wired  int64[tests, 4] as `Wiring.tests`
    """
    tests = np.zeros((len(wired), layout.TEST_FIELDS), np.int64)
    tests[:, layout.TEST_KIND] = wired[:, KIND]
    tests[:, layout.TEST_SLOT] = wired[:, SLOT]
    # KNOWN (-1) and ORDINARY (-2) are codes 1 and 2 of every plane; EQUAL and ANY_BIT hold their code already.
    index = wired[:, INDEX]
    tests[:, layout.TEST_CODE] = np.where(index < 0, -index, index)
    return tests


def set_codes(tests: NDArray[np.int64], index: NDArray[np.int64], codes: NDArray[np.int64]) -> None:
    """Write the codes of tests on cuts; a cut that every value, or none, reaches becomes a test that says so."""
    on_cuts = index >= 0
    if not on_cuts.any() or not codes.size:
        return
    found = codes[index[on_cuts]]
    kinds = tests[on_cuts, layout.TEST_KIND]
    kinds[found == NEVER] = layout.ANY_BIT
    tests[on_cuts, layout.TEST_KIND] = kinds
    tests[on_cuts, layout.TEST_CODE] = np.where(found == ALWAYS, 1, np.where(found == NEVER, 0, found))
