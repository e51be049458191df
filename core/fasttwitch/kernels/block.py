"""The driver: for each block of rows, columns to codes, codes to slots, slots to counts and masks."""

from collections.abc import Callable
from typing import Any

import numpy as np

from fasttwitch.kernels.addresses import words_at
from fasttwitch.kernels.combine import run_program, run_program_on_last_block
from fasttwitch.kernels.compare import prefetch_codes, run_tests
from fasttwitch.kernels.derive import derive
from fasttwitch.kernels.jit import BOUND_TABLE, PLANNED_STREAM, PLANNED_TABLE, kernel, rebound, routine
from fasttwitch.kernels.lanes import LANES
from fasttwitch.kernels.layout import (
    BLOCK_MASK_BYTES,
    BLOCK_ROWS,
    BLOCK_WORDS,
    DERIVED_BITS,
    DERIVED_INT,
    INPUT_PHYSICAL,
    KEPT,
    PLANE_CODES,
    PLANE_INPUT,
    PLANE_STATE,
    PLANE_TEST_BEGIN,
    PLANE_TEST_END,
    SCRATCH,
)
from fasttwitch.kernels.registers import REGISTER_BYTES, VALUE_BYTES
from fasttwitch.kernels.slices import ROOM_BYTES as SLICES_BYTES
from fasttwitch.kernels.slices import needs, run_sliced_tests
from fasttwitch.kernels.stage import stage

# Room for one thread: codes of a block; staged values, and as much behind them as `stage` may touch; three masks and a
# line that are no slots; bit slices; then the slots, then the registers of derived columns.
CODES = 0
VALUES = CODES + BLOCK_ROWS
VALIDITY = VALUES + BLOCK_ROWS * 8 + 64
PRESENT = VALIDITY + BLOCK_MASK_BYTES
BITS_ROOM = PRESENT + BLOCK_MASK_BYTES
SLICES = BITS_ROOM + BLOCK_MASK_BYTES + 64
SLOTS = SLICES + SLICES_BYTES

SIGNATURE = (
    f"void(int64, int64, int64, {BOUND_TABLE}, {BOUND_TABLE}, {PLANNED_TABLE}, {PLANNED_TABLE}, {PLANNED_TABLE}, "
    f"{PLANNED_STREAM}, int64, int64, {BOUND_TABLE}, int64, int64, int64)"
)

ALL_BITS = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def scratch_bytes(slots: int, registers: int) -> int:
    """Return how many bytes, 64-byte aligned, one thread of `run_blocks` needs."""
    return SLOTS + slots * BLOCK_MASK_BYTES + registers * REGISTER_BYTES


# What the variants put in their place: from how many tests of one plane on it pays to look them up, and to slice.
LOOKED_UP_FROM = LOOKED_UP_TO = MOST_CODE = 0
SLICED_FROM = 0


def slice_codes(codes: int, room: int) -> None:
    """Stand in for the sibling that `compile_for` is given."""
    raise NotImplementedError


def look_up_tests(tests: Any, begin: int, end: int, codes: int, slots: int) -> None:
    """Stand in for the sibling that `compile_for` is given."""
    raise NotImplementedError


def encode(planes: Any, plane: int, lane: int, values: int, validity: int, codes: int) -> None:
    """Stand in for the sibling that `compile_for` is given."""
    raise NotImplementedError


def run_blocks(
    block_begin: int,
    block_end: int,
    rows: int,
    inputs: Any,
    planes: Any,
    tests: Any,
    steps: Any,
    runs: Any,
    operands: Any,
    scratch: int,
    slots: int,
    counts: Any,
    masks: int,
    masks_stride: int,
    streaming: int,
) -> None:
    """Encode and evaluate blocks block_begin..block_end of a span of `rows` rows; add to `counts`, write masks.

    inputs        int64[n, INPUT_FIELDS]
    planes        int64[n, PLANE_FIELDS], sorted by PLANE_INPUT, so that each input is staged once
    tests         int64[n, TEST_FIELDS]
    steps         int64[n, STEP_FIELDS]
    runs          int64[n, RUN_FIELDS]
    operands      int32[…]
    scratch       address of `scratch_bytes(slots, registers)` bytes, 64-byte aligned, of this thread alone
    slots         how many
    counts        int64[segments, 8], added to: a segment's count is the sum of its row
    masks         address of the span's first word in the mask of segment 0; 0 = counts only
    masks_stride  bytes between the masks of two segments
    streaming     1: write masks past the caches; `masks` and `masks_stride` must be multiples of 64

    Of the last block only the words that hold rows are written, their bits past the last row 0.
    """
    slots_at = scratch + SLOTS
    needed = np.zeros(planes.shape[0], np.int64)  # the one allocation: once a call, not once a block
    for plane in range(planes.shape[0]):
        needed[plane] = needs(tests, planes[plane, PLANE_TEST_BEGIN], planes[plane, PLANE_TEST_END])
    for block in range(block_begin, block_end):
        row = block * BLOCK_ROWS
        here = min(BLOCK_ROWS, rows - row)
        _mark_present(scratch + PRESENT, here)
        staged, lane, values, validity = -1, 0, 0, 0
        for plane in range(planes.shape[0]):
            state = planes[plane, PLANE_STATE]
            codes = scratch + CODES if state == SCRATCH else planes[plane, PLANE_CODES] + row
            if state == KEPT:
                prefetch_codes(
                    codes + BLOCK_ROWS
                )  # of the next block: its planes are too many streams for the hardware
            else:
                input = planes[plane, PLANE_INPUT]
                if input != staged:
                    staged = input
                    physical = inputs[input, INPUT_PHYSICAL]
                    lane = LANES[physical]
                    if DERIVED_INT <= physical <= DERIVED_BITS:
                        values = derive(
                            inputs.ctypes.data,
                            input,
                            steps.ctypes.data,
                            row,
                            here,
                            scratch + PRESENT,
                            scratch + VALUES,
                            slots_at + slots * BLOCK_MASK_BYTES,
                        )
                        validity = values + VALUE_BYTES
                    else:
                        validity = scratch + VALIDITY
                        values = stage(inputs, input, row, here, scratch + VALUES, validity)
                encode(planes, plane, lane, values, validity, codes)
            begin, end = planes[plane, PLANE_TEST_BEGIN], planes[plane, PLANE_TEST_END]
            count, need = end - begin, needed[plane]
            if LOOKED_UP_FROM <= count < LOOKED_UP_TO and need & 4 == 0 and need >> 4 <= MOST_CODE:
                look_up_tests(tests, begin, end, codes, slots_at)
            elif count < SLICED_FROM:
                run_tests(tests, begin, end, codes, slots_at)
            else:
                slice_codes(codes, scratch + SLICES)
                run_sliced_tests(tests, begin, end, need, codes, slots_at, scratch + SLICES)
        block_masks = masks + block * BLOCK_MASK_BYTES if masks else 0
        if here == BLOCK_ROWS:
            run_program(runs, operands, slots_at, counts.ctypes.data, block_masks, masks_stride, streaming)
        else:
            present, room = scratch + PRESENT, scratch + BITS_ROOM
            run_program_on_last_block(runs, operands, slots_at, present, counts, block_masks, masks_stride, room)


@routine
def _mark_present(address: int, rows: int) -> None:
    """Set the first `rows` bits of 32 words, clear the others."""
    words = words_at(address, BLOCK_WORDS)
    whole = rows >> 6
    for word in range(BLOCK_WORDS):
        words[word] = ALL_BITS if word < whole else np.uint64(0)
    if rows & 63:
        words[whole] = (np.uint64(1) << np.uint64(rows & 63)) - np.uint64(1)


def compile_for(variant: str, **siblings: Any) -> Callable[..., None]:
    """Return `run_blocks` compiled around siblings: functions and numbers that take the place of those above."""
    return kernel(SIGNATURE)(rebound(run_blocks, variant, **siblings))
