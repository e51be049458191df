"""Values of customers to their codes, one for each dimension: what bulk runs do to columns, for a few rows.

All that a call needs is one table of addresses, a *job*; whoever fills it owns what it points at and gives it to one
call at a time. Values lie column by column: 8 bytes for each row, and one byte for each row that says whether it is
known. Codes lie row by row, int32.
"""

from typing import Any

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import bytes_at, ints_at, load_int, shorts_at, table_at, words_at
from fasttwitch.kernels.derive import derive_at
from fasttwitch.kernels.jit import interpreter_kernel, routine
from fasttwitch.kernels.layout import BLOCK_WORDS, STEP_FIELDS, STEP_LEFT
from fasttwitch.kernels.point.searching import (
    AS_DOUBLE,
    AS_RECENCY,
    NULL_CODE,
    cuts_reached,
    double_code,
    flipped_bits,
    is_known,
    ordered_code,
)
from fasttwitch.kernels.registers import REGISTER_BYTES, VALUE_BYTES

__all__ = ["REGISTER_BYTES", "code_rows"]

# --- the job: int64[JOB_FIELDS]
JOB_ROWS = 0  # 1 to 2,048
JOB_DIMENSIONS = 1
JOB_TASKS = 2  # address of the tasks; those that follow the clock come last
JOB_TASK_COUNT = 3
JOB_TASK_CLOCKED = 4  # number of the first task that follows the clock
JOB_TEXTS = 5  # address of int64[texts + 1]: where the targets of each string column begin
JOB_TEXT_COUNT = 6
JOB_TARGETS = 7  # address of int64: the dimensions of all string columns
JOB_ADDRESSES = 8  # address of int64[texts, rows]: where the int32 codes of each string stand, in order of the targets
JOB_DERIVED = 9  # address of int64[derived, TASK_FIELDS], TASK_VALUES being the derived input; clocked ones last
JOB_DERIVED_COUNT = 10
JOB_DERIVED_CLOCKED = 11
JOB_OPERANDS = 12  # address of int64[operands, 2]: bytes of validity, and the 32 words that they become
JOB_OPERAND_COUNT = 13
JOB_INPUTS = 14  # tables of the register program, see `kernels.layout`
JOB_STEPS = 15
JOB_NOW_STEPS = 16  # address of int64: the steps that load the instant of the run
JOB_NOW_COUNT = 17
JOB_PRESENT = 18  # 32 words: which rows exist
JOB_ROOM = 19  # 16 KiB
JOB_REGISTERS = 20
JOB_FIELDS = 21

# --- tasks: int64[tasks, TASK_FIELDS]: one dimension that is coded from a column of values
TASK_KIND = 0  # AS_INT and so on (`kernels.point.searching`), or one of the two below
TASK_DIMENSION = 1
TASK_VALUES = 2  # address of row 0's value
TASK_KNOWN = 3  # address of row 0's byte of validity
TASK_CUTS = 4  # address of the keys of the cuts, ascending
TASK_COUNT = 5
TASK_FIELDS = 6
TRUTH, READY = 8, 9  # 0 or 1 becomes code 1 or 2; a code already


@routine
def _code_texts(job: Any, codes: int) -> None:
    """Copy the codes that are known for each string."""
    rows, width, columns = job[JOB_ROWS], job[JOB_DIMENSIONS], job[JOB_TEXT_COUNT]
    begins = ints_at(job[JOB_TEXTS], columns + 1)
    targets = ints_at(job[JOB_TARGETS], begins[columns])
    for column in range(columns):
        begin, end = begins[column], begins[column + 1]
        for row in range(rows):
            known = shorts_at(load_int(job[JOB_ADDRESSES] + 8 * (column * rows + row)), end - begin)
            own = shorts_at(codes + 4 * row * width, width)
            for place in range(begin, end):
                own[targets[place]] = known[place - begin]


@routine
def _code_values(job: Any, tasks: Any, task: int, now: int, codes: int) -> None:
    """Write the codes of one dimension."""
    rows, width = job[JOB_ROWS], job[JOB_DIMENSIONS]
    values, known = ints_at(tasks[task, TASK_VALUES], rows), bytes_at(tasks[task, TASK_KNOWN], rows)
    target = shorts_at(codes + 4 * tasks[task, TASK_DIMENSION], rows * width)
    kind, cuts, count = tasks[task, TASK_KIND], tasks[task, TASK_CUTS], tasks[task, TASK_COUNT]
    if kind in (TRUTH, READY):
        for row in range(rows):
            target[row * width] = (values[row] + np.int64(kind == TRUTH)) * np.int64(known[row] != 0)
    elif kind == AS_DOUBLE:
        for row in range(rows):
            code = double_code(values[row], cuts, count)
            target[row * width] = code if known[row] != 0 else NULL_CODE
    else:
        flipped, zero = flipped_bits(kind), now if kind == AS_RECENCY else 0
        for row in range(rows):
            code = 1 + cuts_reached(cuts, count, (values[row] ^ flipped) - zero)
            target[row * width] = code if known[row] != 0 else NULL_CODE


@routine
def _prepare_derived(job: Any, now: int) -> None:
    """Bring what the register programs read into their form."""
    rows = job[JOB_ROWS]
    present = words_at(job[JOB_PRESENT], BLOCK_WORDS)
    for word in range(BLOCK_WORDS):
        present[word] = np.uint64(0)
    for row in range(rows):
        present[row >> 6] |= np.uint64(1) << np.uint64(row & 63)
    operands = table_at(job[JOB_OPERANDS], 2)
    for operand in range(job[JOB_OPERAND_COUNT]):
        known, mask = bytes_at(operands[operand, 0], rows), words_at(operands[operand, 1], BLOCK_WORDS)
        for word in range((rows + 63) >> 6):
            mask[word] = np.uint64(0)
        for row in range(rows):
            mask[row >> 6] |= np.uint64(known[row] != 0) << np.uint64(row & 63)
    steps = table_at(job[JOB_STEPS], STEP_FIELDS)
    changing = ints_at(job[JOB_NOW_STEPS], job[JOB_NOW_COUNT])
    for place in range(job[JOB_NOW_COUNT]):
        steps[changing[place], STEP_LEFT] = now


@routine
def _code_derived(job: Any, derived: Any, task: int, codes: int) -> None:
    """Compute a value by its register program and write its codes."""
    rows, width = job[JOB_ROWS], job[JOB_DIMENSIONS]
    register = derive_at(
        job[JOB_INPUTS],
        derived[task, TASK_VALUES],
        job[JOB_STEPS],
        0,
        rows,
        job[JOB_PRESENT],
        job[JOB_ROOM],
        job[JOB_REGISTERS],
    )
    target = shorts_at(codes + 4 * derived[task, TASK_DIMENSION], rows * width)
    kind, cuts, count = derived[task, TASK_KIND], derived[task, TASK_CUTS], derived[task, TASK_COUNT]
    values = ints_at(register, rows)
    for row in range(rows):
        code = np.int64(NULL_CODE)
        if is_known(register + VALUE_BYTES, row):
            code = 1 + is_known(register, row) if kind == TRUTH else ordered_code(kind, values[row], cuts, count, 0)
        target[row * width] = code


@interpreter_kernel(types.void(types.int64, types.int64, types.int64, types.int64))
def code_rows(job: int, now: int, codes: int, only_clocked: int) -> None:
    """Write the codes of a job's rows.

    job           address of a job
    now           µs since 1970 UTC
    codes         address of int32[rows, dimensions]; each is written, or with
    only_clocked  those alone that follow the clock
    """
    fields = ints_at(job, JOB_FIELDS)
    tasks, derived = table_at(fields[JOB_TASKS], TASK_FIELDS), table_at(fields[JOB_DERIVED], TASK_FIELDS)
    if only_clocked == 0:
        _code_texts(fields, codes)
    for task in range(fields[JOB_TASK_CLOCKED] if only_clocked else 0, fields[JOB_TASK_COUNT]):
        _code_values(fields, tasks, task, now, codes)
    begin = fields[JOB_DERIVED_CLOCKED] if only_clocked else 0
    if begin < fields[JOB_DERIVED_COUNT]:
        _prepare_derived(fields, now)
        for task in range(begin, fields[JOB_DERIVED_COUNT]):
            _code_derived(fields, derived, task, codes)
