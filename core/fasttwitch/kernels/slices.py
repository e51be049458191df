"""Many tests of one plane at once, by bit slices: about 4 ns a test and block, where a compare takes 17.

A plane's 2,048 codes are cut into eight bitmasks, one for each bit of the code. From these come, for each value of the
high four bits, the masks "above" and "equal", and for each value of the low four, "at least" and "equal". Then every
test is one line over 512-bit vectors: above[high] | (equal[high] & low[low]). Cutting and tabulating cost as much as
eleven compares, so planes with fewer tests are compared directly.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels.addresses import BIT, WORD, load, splat, store
from fasttwitch.kernels.compare import any_bit_block
from fasttwitch.kernels.jit import PLANNED_TABLE, kernel
from fasttwitch.kernels.layout import ANY_BIT, BLOCK_MASK_BYTES, EQUAL, TEST_CODE, TEST_FIELDS, TEST_KIND, TEST_SLOT

VECTOR = ir.VectorType(WORD, 8)
PARTS = BLOCK_MASK_BYTES // 64
FAMILY = 16 * BLOCK_MASK_BYTES

# The room: eight slices, four families of sixteen masks, and a mask of zeros. The two low families stand one after the
# other, so that the kind of a test (AT_LEAST 0, EQUAL 1) chooses between them.
LOW_AT_LEAST = 8 * BLOCK_MASK_BYTES
LOW_EQUAL = LOW_AT_LEAST + FAMILY
HIGH_ABOVE = LOW_EQUAL + FAMILY
HIGH_EQUAL = HIGH_ABOVE + FAMILY
ROOM_BYTES = HIGH_EQUAL + FAMILY


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _run_group(typing_context: Any, table: Any, count: Any, high: Any, low: Any, slots: Any) -> Any:
    """Run `count` tests, rows of the table from the address `table` on, whose codes have the same high bits.

    high  address of the mask "equal" of these high bits
    low   address of the first low mask
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table, count, high, low, slots = arguments
        equal = [load(builder, high, HIGH_EQUAL + 64 * part, VECTOR) for part in range(PARTS)]
        above = [load(builder, high, HIGH_ABOVE + 64 * part, VECTOR) for part in range(PARTS)]
        with cgutils.for_range(builder, count) as loop:
            test = builder.add(table, builder.mul(loop.index, ir.Constant(WORD, 8 * TEST_FIELDS)))
            kind, code, slot = (load(builder, test, 8 * field, WORD) for field in (TEST_KIND, TEST_CODE, TEST_SLOT))
            place = builder.add(builder.mul(kind, ir.Constant(WORD, 16)), builder.and_(code, ir.Constant(WORD, 15)))
            source = builder.add(low, builder.mul(place, ir.Constant(WORD, BLOCK_MASK_BYTES)))
            out = builder.add(slots, builder.mul(slot, ir.Constant(WORD, BLOCK_MASK_BYTES)))
            at_least = splat(builder, builder.sub(kind, ir.Constant(WORD, EQUAL)), 8)  # all ones, or for EQUAL zeros
            for part in range(PARTS):
                here = builder.and_(equal[part], load(builder, source, 64 * part, VECTOR))
                store(builder, out, 64 * part, builder.or_(here, builder.and_(above[part], at_least)))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), emit


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _tabulate(typing_context: Any, room: Any, highest: Any, families: Any) -> Any:
    """Fill the families from the slices: the high ones up to `highest`, the low ones whose bit `families` has."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        room, highest, families = arguments
        wants_at_least = builder.trunc(families, BIT)
        wants_equal = builder.trunc(builder.lshr(families, ir.Constant(WORD, 1)), BIT)
        with cgutils.for_range(builder, ir.Constant(WORD, PARTS)) as loop:
            part = builder.add(room, builder.mul(loop.index, ir.Constant(WORD, 64)))
            slices = [load(builder, part, bit * BLOCK_MASK_BYTES, VECTOR) for bit in range(8)]
            _low_families(builder, part, slices[:4], wants_at_least, wants_equal)
            _high_families(builder, part, slices[4:], highest)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), emit


def _low_families(builder: Any, part: Any, slices: list[Any], wants_at_least: Any, wants_equal: Any) -> None:
    fours = _decode(builder, slices[2], slices[3])
    ones = _decode(builder, slices[0], slices[1])
    equal = [builder.and_(fours[value >> 2], ones[value & 3]) for value in range(16)]
    with builder.if_then(wants_equal):
        for value in range(16):
            store(builder, part, LOW_EQUAL + value * BLOCK_MASK_BYTES, equal[value])
    with builder.if_then(wants_at_least):
        at_least = equal[15]
        store(builder, part, LOW_AT_LEAST + 15 * BLOCK_MASK_BYTES, at_least)
        for value in range(14, -1, -1):
            at_least = builder.or_(at_least, equal[value])
            store(builder, part, LOW_AT_LEAST + value * BLOCK_MASK_BYTES, at_least)


def _high_families(builder: Any, part: Any, slices: list[Any], highest: Any) -> None:
    """Store both families value by value, and stop after `highest`."""
    done = builder.append_basic_block("high.done")
    fours, fours_above = _decode(builder, slices[2], slices[3]), _decode_above(builder, slices[2], slices[3])
    ones, ones_above = _decode(builder, slices[0], slices[1]), _decode_above(builder, slices[0], slices[1])
    for value in range(16):
        four, one = value >> 2, value & 3
        above = builder.or_(fours_above[four], builder.and_(fours[four], ones_above[one]))
        store(builder, part, HIGH_EQUAL + value * BLOCK_MASK_BYTES, builder.and_(fours[four], ones[one]))
        store(builder, part, HIGH_ABOVE + value * BLOCK_MASK_BYTES, above)
        if value < 15:
            more = builder.append_basic_block(f"high.{value + 1}")
            builder.cbranch(builder.icmp_signed(">", highest, ir.Constant(WORD, value)), more, done)
            builder.position_at_end(more)
    builder.branch(done)
    builder.position_at_end(done)


def _decode(builder: Any, low: Any, high: Any) -> list[Any]:
    """Return, for each value of two bits, the mask of rows that have it."""
    no_low, no_high = builder.not_(low), builder.not_(high)
    return [builder.and_(a, b) for b in (no_high, high) for a in (no_low, low)]


def _decode_above(builder: Any, low: Any, high: Any) -> list[Any]:
    """Return, for each value of two bits, the mask of rows that have a greater one."""
    return [builder.or_(low, high), high, builder.and_(low, high), ir.Constant(VECTOR, [0] * 8)]


@kernel("void(int64, int64)")
def slice_codes(codes: int, room: int) -> None:
    """Set the first eight masks of `room` to the bits of 2,048 codes, the lowest first."""
    for bit in range(8):
        any_bit_block(codes, 1 << bit, room + bit * BLOCK_MASK_BYTES)


@kernel(f"int64({PLANNED_TABLE}, int64, int64)")
def needs(tests: Any, begin: int, end: int) -> int:
    """Return what the tests begin..end look into: 1 for AT_LEAST, 2 for EQUAL, 4 for ANY_BIT, 16 * the highest code."""
    kinds = 0
    highest = 0
    for test in range(begin, end):
        kinds |= 1 << tests[test, TEST_KIND]
        highest = max(highest, tests[test, TEST_CODE])
    return kinds | highest << 4


@kernel(f"void({PLANNED_TABLE}, int64, int64, int64, int64, int64, int64)")
def run_sliced_tests(tests: Any, begin: int, end: int, needed: int, codes: int, slots: int, room: int) -> None:
    """Set the slot of each test to its answer for a block; the same as `run_tests`.

    tests   int64[n, TEST_FIELDS]; rows begin..end read the same plane
    needed  what `needs` says of them
    codes   address of uint8[2048]
    slots   address of the slots
    room    address of ROOM_BYTES whose slices are filled; the rest is overwritten

    Quickest where the tests stand in the order of their codes: those with equal high bits share two masks.
    """
    _tabulate(room, needed >> 8, needed)
    test = begin
    while test < end:
        code = tests[test, TEST_CODE]
        if tests[test, TEST_KIND] == ANY_BIT:
            any_bit_block(codes, code, slots + tests[test, TEST_SLOT] * BLOCK_MASK_BYTES)
            test += 1
            continue
        last = test + 1
        while last < end and tests[last, TEST_CODE] >> 4 == code >> 4 and tests[last, TEST_KIND] != ANY_BIT:
            last += 1
        high = room + (code >> 4) * BLOCK_MASK_BYTES
        table = tests.ctypes.data + test * TEST_FIELDS * 8
        _run_group(table, last - test, high, room + LOW_AT_LEAST, slots)
        test = last
