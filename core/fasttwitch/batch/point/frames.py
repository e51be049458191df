"""The memory of one call of the coding kernel: its tables, filled with addresses of this memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS_BYTES = 256  # the validity of a block as bits


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """What the tables of all frames of a coder have in common; all int64.

    job        JOB_FIELDS: numbers, addresses of what never changes
    tasks      [tasks, TASK_FIELDS]: TASK_VALUES is the number of a column
    derived    [derived, TASK_FIELDS]
    inputs     [inputs, INPUT_FIELDS]: INPUT_VALUES of operands is the number of a column
    operands   of each operand the number of its column
    steps      [steps, STEP_FIELDS]
    slots      columns that come from the values
    extras     columns that Python fills in beside them
    texts      string columns
    registers  bytes
    alive      what the addresses point at
    """

    job: NDArray[np.int64]
    tasks: NDArray[np.int64]
    derived: NDArray[np.int64]
    inputs: NDArray[np.int64]
    operands: NDArray[np.int64]
    steps: NDArray[np.int64]
    slots: int
    extras: int
    texts: int
    registers: int
    alive: Sequence[object]


class Frame:
    """Room for some customers: what Python writes, and the kernel's job.

    values     bytes like `Values.raw`
    extras     bytes like it, of the extra columns
    addresses  int64[texts * rows + 1]; the last is scratch
    job        address of the job
    codes      int32[rows, dimensions], where nobody gives another place
    """

    def __init__(self, pattern: Pattern, rows: int) -> None:
        from fasttwitch.kernels import layout
        from fasttwitch.kernels.point import coding  # here, because Numba takes a second to import

        self.rows = rows
        values = np.zeros(9 * pattern.slots * rows, np.uint8)
        extras = np.zeros(9 * pattern.extras * rows, np.uint8)
        addresses = np.zeros(pattern.texts * rows + 1, np.int64)
        bits = np.zeros((len(pattern.operands), BITS_BYTES), np.uint8)
        job, tasks, inputs = pattern.job.copy(), pattern.tasks.copy(), pattern.inputs.copy()
        derived, steps = pattern.derived.copy(), pattern.steps.copy()
        scratch = np.zeros((BITS_BYTES + 16_384 + pattern.registers) if len(derived) else 0, np.uint8)

        def places(columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            """Return the addresses of values and of validity of some columns."""
            own = columns < pattern.slots
            place = np.where(own, columns, columns - pattern.slots)
            base = np.where(own, values.ctypes.data, extras.ctypes.data)
            return base + 8 * rows * place, base + rows * (8 * np.where(own, pattern.slots, pattern.extras) + place)

        tasks[:, coding.TASK_VALUES], tasks[:, coding.TASK_KNOWN] = places(pattern.tasks[:, coding.TASK_VALUES])
        operands = np.zeros((len(pattern.operands), 2), np.int64)
        inputs[: len(operands), layout.INPUT_VALUES], operands[:, 0] = places(pattern.operands)
        operands[:, 1] = bits.ctypes.data + BITS_BYTES * np.arange(len(operands))
        inputs[: len(operands), layout.INPUT_VALIDITY] = operands[:, 1]
        job[coding.JOB_ROWS] = rows
        for field, array in (
            (coding.JOB_TASKS, tasks),
            (coding.JOB_ADDRESSES, addresses),
            (coding.JOB_DERIVED, derived),
            (coding.JOB_OPERANDS, operands),
            (coding.JOB_INPUTS, inputs),
            (coding.JOB_STEPS, steps),
            (coding.JOB_PRESENT, scratch),
        ):
            job[field] = array.ctypes.data
        job[coding.JOB_ROOM] = scratch.ctypes.data + BITS_BYTES
        job[coding.JOB_REGISTERS] = scratch.ctypes.data + BITS_BYTES + 16_384
        self.values, self.extras = values.data, extras.data
        self.addresses, self.addresses_at = addresses.data, int(addresses.ctypes.data)
        self.job = int(job.ctypes.data)
        self._alive: Sequence[object] = (job, tasks, inputs, derived, steps, operands, bits, scratch, pattern)
