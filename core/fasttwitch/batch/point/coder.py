"""Values of customers to their codes: what bulk runs do to columns, for one customer or a few thousand."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.extras import Extras
from fasttwitch.batch.point.frames import Frame, Pattern
from fasttwitch.batch.point.layouts import Layout
from fasttwitch.batch.point.signatures import Signatures, TextCoder
from fasttwitch.batch.point.tasks import (
    NONE,
    READY,
    DecimalTask,
    DerivedTask,
    SlotTask,
    Task,
    TestTask,
    TextTask,
    operands_in,
    tasks_of,
)
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.plan.codebooks import Codebook
from fasttwitch.plan.dimensions import Dimension, dimensions_of
from fasttwitch.plan.registers import Operand, operands_of

ROWS_AT_ONCE = 2_048  # the most that the kernel takes


class RowCoder:
    """Turns values into codes, one for each dimension of codebooks; safe to share between threads.

    dimensions     what is coded, in order
    follows_clock  whether some codes change with the instant of the run
    """

    def __init__(self, codebooks: Sequence[Codebook], reader: ValuesReader) -> None:
        from fasttwitch.kernels.point.coding import code_rows  # here, because Numba takes a second to import
        from fasttwitch.kernels.point.entry import entry

        self._kernel = entry(code_rows)
        self._reader = reader
        self.dimensions: tuple[Dimension, ...] = dimensions_of(codebooks)
        tasks, texts = tasks_of(codebooks, self.dimensions)
        self.follows_clock = any(not isinstance(task, DecimalTask) and task.is_clocked for task in tasks)
        self._signatures = Signatures(
            [_text_coder(text) for text in texts], [reader.places[text.path].index for text in texts]
        )
        self._has_texts = bool(texts)
        self._extras, self._pattern = _tables(tasks, texts, len(self.dimensions), reader)
        self._frames: list[Frame] = []

    def codes(self, values: Values, now: int) -> NDArray[np.int32]:
        """Return the codes of customers: int32[customers, dimensions].

        now  µs since 1970 UTC
        """
        codes = np.empty((values.rows, len(self.dimensions)), np.int32)
        if values.rows == 1:
            self.write(values, now, int(codes.ctypes.data))
        else:
            self._run(codes, values, now, only_clocked=False)
        return codes

    def recode(self, codes: NDArray[np.int32], values: Values, now: int) -> None:
        """Write anew those codes that follow the clock; all else as `codes`."""
        if values.rows == 1:
            self.rewrite(values, now, int(codes.ctypes.data))
        elif self.follows_clock:
            self._run(codes, values, now, only_clocked=True)

    def write(self, values: Values, now: int, address: int) -> None:
        """Write the codes of one customer to an address with room for them, as few steps of Python as there can be."""
        frame = self._frame_of_one()
        frame.values[:] = values.raw
        held: object = None
        if self._has_texts:
            held = self._signatures.find(values.texts, 1, 0, 1, frame.addresses, frame.addresses_at)
        if self._extras.count:
            frame.extras[:] = self._extras.of_one(values, now)
        self._kernel(frame.job, now, address, 0)
        del held  # what the addresses point at
        self._frames.append(frame)

    def rewrite(self, values: Values, now: int, address: int) -> None:
        """Write anew those codes of one customer that follow the clock."""
        if not self.follows_clock:
            return
        frame = self._frame_of_one()
        frame.values[:] = values.raw
        if self._extras.follows_clock:
            frame.extras[:] = self._extras.columns(values, 0, 1, now, only_clocked=True)
        self._kernel(frame.job, now, address, 1)
        self._frames.append(frame)

    def _frame_of_one(self) -> Frame:
        """Return a frame that nobody else has; whoever takes it puts it back."""
        try:
            return self._frames.pop()  # atomic, as is `append`: nobody ever waits
        except IndexError:
            return Frame(self._pattern, 1)

    def _run(self, codes: NDArray[np.int32], values: Values, now: int, only_clocked: bool) -> None:
        """Write the codes of customers, or only those that follow the clock."""
        assert codes.flags.c_contiguous, "rows of codes lie side by side"
        slots = self._reader.slots
        words = np.frombuffer(values.raw, np.int64, slots * values.rows).reshape(slots, values.rows)
        known = np.frombuffer(values.raw, np.uint8, offset=8 * words.size).reshape(slots, values.rows)
        held: object = None
        for begin in range(0, values.rows, ROWS_AT_ONCE):
            rows = min(ROWS_AT_ONCE, values.rows - begin)
            frame = Frame(self._pattern, rows)
            some = slice(begin, begin + rows)
            frame.values[:] = words[:, some].tobytes() + known[:, some].tobytes()
            if self._has_texts and not only_clocked:
                held = self._signatures.find(
                    values.texts, values.rows, begin, rows, frame.addresses, frame.addresses_at
                )
            if self._extras.count:
                frame.extras[:] = self._extras.columns(values, begin, rows, now, only_clocked)
            self._kernel(frame.job, now, int(codes.ctypes.data) + begin * codes.strides[0], int(only_clocked))
        del held


def _text_coder(text: TextTask) -> TextCoder:
    names = [
        {name: 2 + number for number, members in enumerate(codebook.classes) for name in members}
        for _, codebook in text.names
    ]
    return TextCoder(names, [(test, may_fail) for _, test, may_fail in text.tests])


def _tables(
    tasks: Sequence[Task], texts: Sequence[TextTask], dimensions: int, reader: ValuesReader
) -> tuple[Extras, Pattern]:
    """Return what Python fills in, and the kernel's tables."""
    decimals = [task for task in tasks if isinstance(task, DecimalTask)]
    tests = [task for task in tasks if isinstance(task, TestTask)]
    derived = sorted((task for task in tasks if isinstance(task, DerivedTask)), key=lambda task: task.is_clocked)
    stored, computed = operands_in(derived)
    clocked = {operand for task in derived if task.is_clocked for operand in operands_of(task.steps)}
    extras = Extras(decimals, tests, [(operand, operand in clocked) for operand in computed], reader)
    slot_tasks = [
        (task, reader.places[task.path].index) for task in tasks if isinstance(task, SlotTask) and task.path is not None
    ]
    ready = [SlotTask(task.dimension, READY, None, NONE) for task in decimals]
    ready += [SlotTask(task.dimension, READY, None, NONE, task.is_clocked) for task in tests]
    slot_tasks += [(task, reader.slots + number) for number, task in enumerate(ready)]
    slot_tasks.sort(key=lambda task: task[0].is_clocked)
    operands: dict[Operand, int] = {operand: reader.places[operand.path].index for operand in stored}
    first = reader.slots + len(ready)
    operands |= {operand: first + number for number, operand in enumerate(computed)}
    pattern = Layout().pattern(dimensions, slot_tasks, derived, operands, texts, reader.slots, extras.count)
    return extras, pattern
