"""Eight bits of each code to eight masks at once, on processors with GFNI and VBMI.

The affine transform of GFNI, given the data as its matrix and the unit vectors as its data, transposes 8 by 8 bits;
permutations of bytes and words do the rest. Used twice: on the bits of the codes themselves, which makes bit slices
three times as fast as eight compares; and on a table look-up, code to the answers of eight tests, which makes eight
tests in 73 ns a block, where eight compares take 150.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels.addresses import BYTE, INT, WORD, constant_vector, load, splat, store
from fasttwitch.kernels.compare import run_tests
from fasttwitch.kernels.jit import PLANNED_TABLE, kernel
from fasttwitch.kernels.layout import (
    BLOCK_MASK_BYTES,
    EQUAL,
    TEST_CODE,
    TEST_FIELDS,
    TEST_KIND,
    TEST_SLOT,
)

BYTES = ir.VectorType(BYTE, 64)
WORDS = ir.VectorType(WORD, 8)
UNIT_ROWS = [1 << (byte % 8) for byte in range(64)]
ROWS_BACKWARDS = [byte // 8 * 8 + 7 - byte % 8 for byte in range(64)]  # the transform counts rows from the other end
BYTES_BY_SLICE = [byte % 8 * 8 + byte // 8 for byte in range(64)]

GROUP = 8
GROUP_PAYS_FROM = 5  # fewer tests are compared sooner
MOST_CODE = 62  # of a test that is looked up: codes from 63 on share the last entry of the table


def _spread(builder: Any, codes: Any, masks: list[Any], look_up: Callable[[Any], Any]) -> None:
    """Set mask b to bit b of look_up(code) for each of 2,048 codes."""
    for part in range(BLOCK_MASK_BYTES // 64):
        words = []
        for number in range(8):
            values = look_up(load(builder, codes, 64 * (8 * part + number), BYTES))
            words.append(_words_of_slices(builder, values))
        for mask, slice in zip(masks, _transpose_words(builder, words), strict=True):
            store(builder, mask, 64 * part, slice)


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _slice_codes(typing_context: Any, codes: Any, room: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        codes, room = arguments
        masks = [builder.add(room, ir.Constant(WORD, bit * BLOCK_MASK_BYTES)) for bit in range(8)]
        _spread(builder, codes, masks, lambda values: values)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), emit


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _look_up_group(typing_context: Any, tests: Any, count: Any, codes: Any, slots: Any) -> Any:
    """Run the `count` tests, up to eight, whose rows begin at the address `tests`; the last stands in for others."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        tests, count, codes, slots = arguments
        last_row = builder.sub(count, ir.Constant(WORD, 1))
        table = constant_vector(BYTE, [0] * 64)
        masks = []
        for number in range(GROUP):
            exists = builder.icmp_signed("<", ir.Constant(WORD, number), count)
            index = builder.select(exists, ir.Constant(WORD, number), last_row)
            row = builder.add(tests, builder.mul(index, ir.Constant(WORD, 8 * TEST_FIELDS)))
            kind, code, slot = (load(builder, row, 8 * field, WORD) for field in (TEST_KIND, TEST_CODE, TEST_SLOT))
            bit = constant_vector(BYTE, [1 << number] * 64)
            table = builder.or_(
                table, builder.select(_passing(builder, kind, code), bit, constant_vector(BYTE, [0] * 64))
            )
            masks.append(builder.add(slots, builder.mul(slot, ir.Constant(WORD, BLOCK_MASK_BYTES))))
        kind = ir.FunctionType(BYTES, [BYTES, BYTES])
        permute = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.avx512.permvar.qi.512")
        last = constant_vector(BYTE, [63] * 64)

        def look_up(values: Any) -> Any:
            index = builder.select(builder.icmp_unsigned("<", values, last), values, last)
            return builder.call(permute, [table, index])

        _spread(builder, codes, masks, look_up)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4), emit


def _passing(builder: Any, kind: Any, code: Any) -> Any:
    """Return which of the codes 0..63 pass a test: those from `code` on, or for EQUAL that one."""
    codes = constant_vector(BYTE, list(range(64)))
    is_equal = builder.icmp_unsigned("==", kind, ir.Constant(WORD, EQUAL))
    span = builder.select(is_equal, ir.Constant(WORD, 0), builder.sub(ir.Constant(WORD, 255), code))
    first, span = (splat(builder, builder.trunc(value, BYTE), 64) for value in (code, span))
    return builder.icmp_unsigned("<=", builder.sub(codes, first), span)


def _words_of_slices(builder: Any, codes: Any) -> Any:
    """Return 64 codes as eight words, one a bit of the code."""
    kind = ir.FunctionType(BYTES, [BYTES, BYTES, BYTE])
    transform = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.vgf2p8affineqb.512")
    backwards = builder.shuffle_vector(codes, codes, constant_vector(INT, ROWS_BACKWARDS))
    columns = builder.call(transform, [constant_vector(BYTE, UNIT_ROWS), backwards, ir.Constant(BYTE, 0)])
    slices = builder.shuffle_vector(columns, columns, constant_vector(INT, BYTES_BY_SLICE))
    return builder.bitcast(slices, WORDS)


def _transpose_words(builder: Any, rows: list[Any]) -> list[Any]:
    """Return the columns of eight vectors of eight words: three rounds that swap ever larger squares."""
    for distance in (1, 2, 4):
        first = [lane if not lane & distance else lane - distance + 8 for lane in range(8)]
        second = [index + distance for index in first]
        swapped = list(rows)
        for row in range(8):
            if not row & distance:
                pair = rows[row], rows[row + distance]
                swapped[row] = builder.shuffle_vector(*pair, constant_vector(INT, first))
                swapped[row + distance] = builder.shuffle_vector(*pair, constant_vector(INT, second))
        rows = swapped
    return rows


@kernel("void(int64, int64)")
def slice_codes(codes: int, room: int) -> None:
    """Set the first eight masks of `room` to the bits of 2,048 codes, the lowest first."""
    _slice_codes(codes, room)


@kernel(f"void({PLANNED_TABLE}, int64, int64, int64, int64)")
def look_up_tests(tests: Any, begin: int, end: int, codes: int, slots: int) -> None:
    """Set the slot of each test to its answer for a block; the same as `run_tests`.

    No test is ANY_BIT or has a code above MOST_CODE.
    """
    table = tests.ctypes.data
    for test in range(begin, end, GROUP):
        count = min(GROUP, end - test)
        if count >= GROUP_PAYS_FROM:
            _look_up_group(table + 8 * TEST_FIELDS * test, count, codes, slots)
        else:
            run_tests(tests, test, end, codes, slots)
