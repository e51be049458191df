"""The kernel's tables of a coder, but for the addresses of a frame's own memory."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.frames import Pattern
from fasttwitch.batch.point.tasks import DerivedTask, SlotTask, TextTask
from fasttwitch.batch.step_tables import StepTables
from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import DATE, DOUBLE, DURATION, TIMESTAMP, UINT, Type
from fasttwitch.plan.registers import Computed, LoadNow, Operand

PHYSICAL: dict[Type, int] = {DOUBLE: layout.FLOAT64, UINT: layout.UINT64}


class Layout:
    """Collects the tables; what their addresses point at lives as long as this."""

    def __init__(self) -> None:
        from fasttwitch.kernels.point import coding  # here, because Numba takes a second to import

        self._coding = coding
        self._alive: list[object] = []
        self._step_tables = StepTables()

    def pattern(
        self,
        dimensions: int,
        tasks: Sequence[tuple[SlotTask, int]],
        derived: Sequence[DerivedTask],
        operands: Mapping[Operand, int],
        texts: Sequence[TextTask],
        slots: int,
        extras: int,
    ) -> Pattern:
        """Return the tables.

        tasks     each with the number of its column; those that follow the clock last
        derived   those that follow the clock last
        operands  what register programs load → number of its column
        slots     columns that come from values; the numbers of extra columns begin there
        """
        coding = self._coding
        table = np.array([self._task(task, column) for task, column in tasks], np.int64)
        inputs, steps, now_steps = self._programs(derived, list(operands))
        numbers = [
            (task.kind, task.dimension, len(operands) + number, 0, self._address(task.cuts), task.cuts.size)
            for number, task in enumerate(derived)
        ]
        begins = np.cumsum([0] + [len(text.dimensions) for text in texts])
        targets = np.array([dimension for text in texts for dimension in text.dimensions], np.int64)
        job = np.zeros(coding.JOB_FIELDS, np.int64)
        for field, number in (
            (coding.JOB_DIMENSIONS, dimensions),
            (coding.JOB_TASK_COUNT, len(tasks)),
            (coding.JOB_TASK_CLOCKED, sum(not task.is_clocked for task, _ in tasks)),
            (coding.JOB_TEXT_COUNT, len(texts)),
            (coding.JOB_TEXTS, self._address(begins.astype(np.int64))),
            (coding.JOB_TARGETS, self._address(targets)),
            (coding.JOB_DERIVED_COUNT, len(derived)),
            (coding.JOB_DERIVED_CLOCKED, sum(not task.is_clocked for task in derived)),
            (coding.JOB_OPERAND_COUNT, len(operands)),
            (coding.JOB_NOW_STEPS, self._address(np.array(now_steps, np.int64))),
            (coding.JOB_NOW_COUNT, len(now_steps)),
        ):
            job[field] = number
        registers = max((len(task.steps) for task in derived), default=0)
        return Pattern(
            job,
            table.reshape(-1, coding.TASK_FIELDS),
            np.array(numbers, np.int64).reshape(-1, coding.TASK_FIELDS),
            inputs,
            np.array(list(operands.values()), np.int64),
            steps,
            slots,
            extras,
            len(texts),
            registers * coding.REGISTER_BYTES,
            (*self._alive, self._step_tables),
        )

    def _task(self, task: SlotTask, column: int) -> tuple[int, ...]:
        return task.kind, task.dimension, column, 0, self._address(task.cuts), task.cuts.size

    def _programs(
        self, derived: Sequence[DerivedTask], operands: Sequence[Operand]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[int]]:
        """Return inputs, steps, and which steps load the instant of the run."""
        inputs = np.zeros((len(operands) + len(derived), layout.INPUT_FIELDS), np.int64)
        numbers = {operand: number for number, operand in enumerate(operands)}
        for operand, number in numbers.items():
            kind = operand.expression.type if isinstance(operand, Computed) else operand.type
            inputs[number, layout.INPUT_PHYSICAL] = PHYSICAL.get(kind, layout.INT64)
            inputs[number, layout.INPUT_SCALE] = kind in (TIMESTAMP, DATE, DURATION)
        rows = [np.zeros((0, layout.STEP_FIELDS), np.int64)]
        now_steps: list[int] = []
        begin = 0
        for number, task in enumerate(derived, len(operands)):
            rows.append(self._step_tables.rows(task.steps, numbers, 0))
            now_steps += [begin + place for place, step in enumerate(task.steps) if isinstance(step, LoadNow)]
            inputs[number, layout.INPUT_PHYSICAL] = task.physical
            inputs[number, layout.INPUT_STEP_BEGIN] = begin
            begin += len(task.steps)
            inputs[number, layout.INPUT_STEP_END] = begin
        return inputs, np.concatenate(rows), now_steps

    def _address(self, array: NDArray[np.int64]) -> int:
        """Return the address of an array that lives as long as this."""
        self._alive.append(array)
        return int(array.ctypes.data)
