"""The register program of derived columns: one step at a time over one block."""

from typing import Any

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import ints_at, shorts_at, table_at, words_at
from fasttwitch.kernels.elementwise import apply, compare
from fasttwitch.kernels.functions import apply_function
from fasttwitch.kernels.jit import kernel, linked, routine
from fasttwitch.kernels.kleene import choose, coalesce, combine_bits
from fasttwitch.kernels.lanes import I32 as NARROW_LANE
from fasttwitch.kernels.lanes import LANES
from fasttwitch.kernels.layout import (
    BLOCK_ROWS,
    BLOCK_WORDS,
    CHOOSE_BITS,
    COALESCE,
    COALESCE_BITS,
    COMPARE_INT,
    CONSTANT,
    CONSTANT_BITS,
    DERIVED_UINT,
    INPUT_FIELDS,
    INPUT_PHYSICAL,
    INPUT_SCALE,
    INPUT_STEP_BEGIN,
    INPUT_STEP_END,
    IS_TRUE,
    LOAD_BITS,
    LOAD_INSTANT,
    LOAD_UINT,
    LOCAL_TIME,
    MEMBER_INT,
    START_OF_DAY,
    STEP_EXTRA,
    STEP_FIELDS,
    STEP_LEFT,
    STEP_OPERATION,
    STEP_RESULT,
    STEP_RIGHT,
    UINT64,
)
from fasttwitch.kernels.probing import member
from fasttwitch.kernels.registers import (
    REGISTER_BYTES,
    VALUE_BYTES,
    convert_instants,
    copy_words,
    fill_words,
    range_high,
    range_low,
    words_of,
)
from fasttwitch.kernels.stage import stage_at
from fasttwitch.kernels.zones import consult_zone

TOP_BIT = np.uint64(1 << 63)
ALL_BITS = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@routine
def _load(inputs: Any, input: int, operation: int, extra: int, row: int, rows: int, values: int, result: int) -> None:
    """Set a register to rows of an input."""
    source = stage_at(inputs.ctypes.data, input, row, rows, rows, values, result + VALUE_BYTES)
    physical = inputs[input, INPUT_PHYSICAL]
    if operation == LOAD_BITS:
        copy_words(source, result, words_of(rows))
    elif LANES[physical] == NARROW_LANE:
        _widen(source, rows, result)
    else:
        copy_words(source, result, rows)
    if operation == LOAD_UINT and physical == UINT64:
        _flip_top_bits(result, rows)
    elif operation == LOAD_INSTANT:
        convert_instants(result, inputs[input, INPUT_SCALE], range_low(extra), range_high(extra), rows, result)


@routine
def _widen(source: int, rows: int, result: int) -> None:
    narrow = shorts_at(source, BLOCK_ROWS)
    wide = ints_at(result, BLOCK_ROWS)
    for i in range(rows):
        wide[i] = narrow[i]


@routine
def _flip_top_bits(result: int, rows: int) -> None:
    words = words_at(result, BLOCK_ROWS)
    for i in range(rows):
        words[i] ^= TOP_BIT


@routine
def _fill(operation: int, constant: int, present: int, rows: int, result: int) -> None:
    """Set a register to a constant, valid in the rows that exist."""
    if operation == CONSTANT:
        fill_words(np.uint64(constant), result, rows)
    else:
        fill_words(ALL_BITS if constant else np.uint64(0), result, words_of(rows))
    copy_words(present, result + VALUE_BYTES, words_of(rows))


@routine
def _compute(steps: Any, step: int, present: int, registers: int, rows: int, result: int) -> None:
    """Set a register to a function of others."""
    operation = steps[step, STEP_OPERATION]
    extra = steps[step, STEP_EXTRA]
    left = registers + steps[step, STEP_LEFT] * REGISTER_BYTES
    right = registers + steps[step, STEP_RIGHT] * REGISTER_BYTES
    if operation < COMPARE_INT:
        apply(operation, left, right, range_low(extra), range_high(extra), rows, result)
    elif operation < MEMBER_INT:
        compare(operation, left, right, extra, rows, result)
    elif operation < COALESCE:
        member(operation, left, steps[step, STEP_RIGHT], extra, rows, result)
    elif operation <= COALESCE_BITS:
        coalesce(operation == COALESCE_BITS, left, right, rows, result)
    elif operation <= CHOOSE_BITS:
        choose(operation == CHOOSE_BITS, left, right, registers + extra * REGISTER_BYTES, rows, result)
    elif operation <= IS_TRUE:
        combine_bits(operation, left, right, present, rows, result)
    elif operation in (LOCAL_TIME, START_OF_DAY):
        consult_zone(operation, left, steps[step, STEP_RIGHT], rows, result)
    else:
        apply_function(operation, left, right, extra, rows, result)


@linked("fasttwitch_derive", types.int64(*[types.int64] * 8))
def derive_at(
    inputs_table: int, input: int, steps_table: int, row: int, rows: int, present: int, values: int, registers: int
) -> int:
    """Do what `derive` does, for kernels, but for the words behind the rows: those are left as they are."""
    inputs = table_at(inputs_table, INPUT_FIELDS)
    steps = table_at(steps_table, STEP_FIELDS)
    result = registers
    for step in range(inputs[input, INPUT_STEP_BEGIN], inputs[input, INPUT_STEP_END]):
        operation = steps[step, STEP_OPERATION]
        result = registers + steps[step, STEP_RESULT] * REGISTER_BYTES
        if operation <= LOAD_INSTANT:
            _load(inputs, steps[step, STEP_LEFT], operation, steps[step, STEP_EXTRA], row, rows, values, result)
        elif operation <= CONSTANT_BITS:
            _fill(operation, steps[step, STEP_LEFT], present, rows, result)
        else:
            _compute(steps, step, present, registers, rows, result)
    if inputs[input, INPUT_PHYSICAL] == DERIVED_UINT:
        _flip_top_bits(result, rows)
    return result


@kernel(types.int64(*[types.int64] * 8))
def derive(inputs: int, input: int, steps: int, row: int, rows: int, present: int, values: int, registers: int) -> int:
    """Return the address of the register that holds rows row..row + rows of a derived input.

    inputs     address of int64[n, INPUT_FIELDS]
    steps      address of int64[n, STEP_FIELDS]
    row        a multiple of 64
    rows       1..2,048
    present    address of ceil(rows / 64) words: all rows below `rows`
    values     room for 16 KiB
    registers  room for the program's registers, REGISTER_BYTES each

    Rows past `rows` are invalid. Values of invalid rows are arbitrary. A DERIVED_UINT result comes with its top bit
    flipped, so that its order is that of int64.
    """
    result = derive_at(inputs, input, steps, row, rows, present, values, registers)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    for word in range(words_of(rows), BLOCK_WORDS):
        valid[word] = np.uint64(0)
    return result  # type: ignore[no-any-return, unused-ignore]
