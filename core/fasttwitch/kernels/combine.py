"""The AND/OR program of a block: bitmask slots in, slots and counts out.

An instruction is AND(positives) & ~OR(negatives), complemented if its run says so; an OR is a complemented AND of
negatives. Each of the 24 shapes is straight-line code over 512-bit vectors, and a run of equal shapes is dispatched
once, through one jump table. The vectors are generic LLVM code, which every CPU can run: AVX-512 and VPOPCNTDQ are used
where they exist, four 128-bit halves where not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels.addresses import BIT, INT, WORD, load, splat, store, words_at
from fasttwitch.kernels.jit import BOUND_TABLE, PLANNED_STREAM, PLANNED_TABLE, kernel
from fasttwitch.kernels.layout import (
    BLOCK_MASK_BYTES,
    BLOCK_WORDS,
    RUN_BEGIN,
    RUN_COUNT,
    RUN_INVERT,
    RUN_SHAPE,
    RUN_SINK,
    STORE,
)

LANES = 8
VECTOR = ir.VectorType(WORD, LANES)
PARTS = BLOCK_MASK_BYTES // 64  # a slot is four vectors
SHAPES = [(positives, negatives) for positives in range(5) for negatives in range(5) if positives + negatives > 0]


@dataclass(frozen=True, slots=True)
class Place:
    """Where results go, as LLVM values; a sink uses what it needs.

    slots      address of the slots
    counts     address of int64[segments, 8]
    masks      address of the block's first word in the mask of segment 0
    stride     bytes between the masks of two segments
    streaming  0, or 1 to write masks past the caches
    """

    slots: Any
    counts: Any
    masks: Any
    stride: Any
    streaming: Any


Sink: TypeAlias = Callable[[Any, Any, list[Any], Place], None]


def _runner(sink: Sink) -> Callable[..., Any]:
    """Return the intrinsic that runs `count` instructions of one shape and hands each result to `sink`."""

    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def run(
        typing_context: Any,
        shape: Any,
        instructions: Any,
        count: Any,
        invert: Any,
        slots: Any,
        counts: Any,
        masks: Any,
        stride: Any,
        streaming: Any,
    ) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            shape, instructions, count, invert, *places = arguments
            place = Place(*places)
            flip = splat(builder, builder.neg(invert), LANES)
            done = builder.append_basic_block("done")
            jump = builder.switch(shape, done)
            for positives, negatives in SHAPES:
                block = builder.append_basic_block(f"shape.{positives}.{negatives}")
                jump.add_case(ir.Constant(WORD, positives * 5 + negatives), block)
                builder.position_at_end(block)
                with cgutils.for_range(builder, count) as loop:
                    width = 1 + positives + negatives
                    instruction = _element(builder, instructions, loop.index, 4 * width)
                    target, *operands = (
                        builder.zext(load(builder, instruction, 4 * i, INT), WORD) for i in range(width)
                    )
                    slot_addresses = [_element(builder, place.slots, slot, BLOCK_MASK_BYTES) for slot in operands]
                    results = [_part(builder, slot_addresses, positives, 64 * part, flip) for part in range(PARTS)]
                    sink(builder, target, results, place)
                builder.branch(done)
            builder.position_at_end(done)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 9), emit

    return run  # type: ignore[no-any-return, unused-ignore]


def _element(builder: Any, base: Any, index: Any, size: int) -> Any:
    return builder.add(base, builder.mul(index, ir.Constant(WORD, size)))


def _part(builder: Any, slot_addresses: list[Any], positives: int, offset: int, flip: Any) -> Any:
    """Return 512 bits of an instruction's result."""
    result = None
    for number, address in enumerate(slot_addresses):
        value = load(builder, address, offset, VECTOR)
        if number >= positives:
            value = builder.not_(value)
        result = value if result is None else builder.and_(result, value)
    return builder.xor(result, flip)


def _store(builder: Any, target: Any, results: list[Any], place: Place) -> None:
    for part, value in enumerate(results):
        store(builder, _element(builder, place.slots, target, BLOCK_MASK_BYTES), 64 * part, value)


def _count(builder: Any, target: Any, results: list[Any], place: Place) -> None:
    """Add the result's bits to the eight partial counts of segment `target`: no horizontal sum in the loop."""
    popcount = cgutils.get_or_insert_function(builder.module, ir.FunctionType(VECTOR, [VECTOR]), "llvm.ctpop.v8i64")
    address = _element(builder, place.counts, target, 8 * LANES)
    total = load(builder, address, 0, VECTOR)
    for value in results:
        total = builder.add(total, builder.call(popcount, [value]))
    store(builder, address, 0, total)


def _count_and_write(builder: Any, target: Any, results: list[Any], place: Place) -> None:
    _count(builder, target, results, place)
    address = builder.add(place.masks, builder.mul(target, place.stride))
    with builder.if_else(builder.trunc(place.streaming, BIT)) as (past_caches, through_caches):
        with past_caches:
            for part, value in enumerate(results):
                store(builder, address, 64 * part, value, streaming=True)
        with through_caches:
            for part, value in enumerate(results):
                store(builder, address, 64 * part, value)


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _popcount(typing_context: Any, word: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), emit


_store_run = _runner(_store)
_count_run = _runner(_count)
_write_run = _runner(_count_and_write)


@kernel(f"void({PLANNED_TABLE}, {PLANNED_STREAM}, int64, int64, int64, int64, int64)")
def run_program(
    runs: Any,
    operands: Any,
    slots: int,
    counts: int,
    masks: int,
    stride: int,
    streaming: int,
) -> None:
    """Run the program over a whole block: fill slots, add to counts, write masks if `masks` is not 0.

    runs       int64[n, RUN_FIELDS]
    operands   int32[…], the operand stream
    others     addresses and sizes as in `Place`; masks, where wanted, take 256 bytes a segment
    """
    stream = operands.ctypes.data
    for run in range(runs.shape[0]):
        shape = runs[run, RUN_SHAPE]
        instructions = stream + 4 * runs[run, RUN_BEGIN]
        count = runs[run, RUN_COUNT]
        invert = runs[run, RUN_INVERT]
        if runs[run, RUN_SINK] == STORE:
            _store_run(shape, instructions, count, invert, slots, counts, masks, stride, streaming)
        elif masks == 0:
            _count_run(shape, instructions, count, invert, slots, counts, masks, stride, streaming)
        else:
            _write_run(shape, instructions, count, invert, slots, counts, masks, stride, streaming)


@kernel(f"void({PLANNED_TABLE}, {PLANNED_STREAM}, int64, int64, {BOUND_TABLE}, int64, int64, int64)")
def run_program_on_last_block(
    runs: Any,
    operands: Any,
    slots: int,
    present: int,
    counts: Any,
    masks: int,
    stride: int,
    room: int,
) -> None:
    """Do the same for a block that is not full: nothing is counted or written that is not there.

    present  address of 32 words: which rows of the block exist
    counts   int64[segments, 8]
    room     256 bytes for one answer, and 64 more
    """
    stream = operands.ctypes.data
    rows = words_at(present, BLOCK_WORDS)
    answer = words_at(room, BLOCK_WORDS)
    for run in range(runs.shape[0]):
        shape = runs[run, RUN_SHAPE]
        width = 1 + shape // 5 + shape % 5
        invert = runs[run, RUN_INVERT]
        for first in range(runs[run, RUN_BEGIN], runs[run, RUN_BEGIN] + runs[run, RUN_COUNT] * width, width):
            instruction = stream + 4 * first
            if runs[run, RUN_SINK] == STORE:
                _store_run(shape, instruction, 1, invert, slots, 0, 0, 0, 0)
                continue
            segment = operands[first]
            # The answer goes to `room`, and the count of its absent rows too, behind it, where nobody reads that.
            uncounted = room + BLOCK_MASK_BYTES - segment * 8 * LANES
            _write_run(shape, instruction, 1, invert, slots, uncounted, room - segment * stride, stride, 0)
            mask = words_at(masks + segment * stride, BLOCK_WORDS)
            for word in range(BLOCK_WORDS):
                if rows[word] == 0:
                    break
                answer[word] &= rows[word]
                counts[segment, 0] += _popcount(answer[word])
                if masks != 0:
                    mask[word] = answer[word]
