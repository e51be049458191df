"""Code columns to bitmasks: one compare of 64 bytes gives one word.

LLVM does not find this from a loop over bools, so the compare is written as generic vector code: `icmp <64 x i8>` and a
bitcast of the 64 results to one integer. It becomes vpcmpub + kmovq on AVX-512, vpmovmskb on AVX2, and is right on
every CPU that LLVM knows. On Zen 4 that is two cycles a word, which vpcmpub alone takes: holding the codes in registers
for two, four or eight tests was tried and gave nothing.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels.addresses import BYTE, INT, WORD, constant_vector, load, splat, store
from fasttwitch.kernels.jit import PLANNED_TABLE, kernel
from fasttwitch.kernels.layout import (
    AT_LEAST,
    BLOCK_MASK_BYTES,
    BLOCK_ROWS,
    BLOCK_WORDS,
    EQUAL,
    TEST_CODE,
    TEST_KIND,
    TEST_SLOT,
)


def _compare(operator: str) -> Callable[..., Any]:
    """Return the intrinsic that compares a block of codes with one code."""

    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def compare_block(typing_context: Any, codes: Any, code: Any, out: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            codes, code, out = arguments
            wanted = splat(builder, builder.trunc(code, BYTE), 64)
            for word in range(BLOCK_WORDS):
                values = load(builder, codes, 64 * word, ir.VectorType(BYTE, 64))
                if operator == "&":
                    bits = builder.icmp_unsigned("!=", builder.and_(values, wanted), constant_vector(BYTE, [0] * 64))
                else:
                    bits = builder.icmp_unsigned(operator, values, wanted)
                store(builder, out, 8 * word, builder.bitcast(bits, WORD))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, types.int64), emit

    return compare_block  # type: ignore[no-any-return, unused-ignore]


at_least_block = _compare(">=")
equal_block = _compare("==")
any_bit_block = _compare("&")


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def prefetch_codes(typing_context: Any, codes: Any) -> Any:
    """Ask for the 2,048 bytes at `codes`; an address that is not mapped does no harm."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = BYTE.as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, INT, INT, INT])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        to_read, second_level, data = (ir.Constant(INT, number) for number in (0, 2, 1))
        for line in range(BLOCK_ROWS // 64):
            place = builder.inttoptr(builder.add(arguments[0], ir.Constant(WORD, 64 * line)), pointer)
            builder.call(prefetch, [place, to_read, second_level, data])
        return context.get_dummy_value()

    return types.void(types.int64), emit


@kernel(f"void({PLANNED_TABLE}, int64, int64, int64, int64)")
def run_tests(tests: Any, begin: int, end: int, codes: int, slots: int) -> None:
    """Set the slot of each test to its answer for a block.

    tests       int64[n, TEST_FIELDS]; rows begin..end read the same plane
    codes       address of uint8[2048]
    slots       address of the slots, 256 bytes each
    """
    for test in range(begin, end):
        kind = tests[test, TEST_KIND]
        code = tests[test, TEST_CODE]
        out = slots + tests[test, TEST_SLOT] * BLOCK_MASK_BYTES
        if kind == AT_LEAST:
            at_least_block(codes, code, out)
        elif kind == EQUAL:
            equal_block(codes, code, out)
        else:
            any_bit_block(codes, code, out)
