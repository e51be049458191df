"""Numbers of bits that are set, with AVX-512 (VBMI2): a compression of the numbers 0 to 63 for each word."""

from typing import Any

from llvmlite import ir
from numba import types

from fasttwitch.kernels.addresses import BIT, BYTE, INT, WORD, constant_vector, load, load_word, splat, store
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.search_wide import INTS, call
from fasttwitch.kernels.vectors import emitted, number

_BYTES = ir.VectorType(BYTE, 64)
_WORDS = ir.VectorType(WORD, 8)
_NUMBERS = constant_vector(BYTE, list(range(64)))


def _write_word(builder: Any, word: Any, first: Any, out: Any) -> Any:
    """Write `first` plus the number of each bit of a word, and up to 64 more of anything; return how many there are."""
    mask = builder.bitcast(word, ir.VectorType(BIT, 64))
    packed = call(builder, "llvm.x86.avx512.mask.compress.v64i8", _BYTES, [_NUMBERS, _NUMBERS, mask])
    count = call(builder, "llvm.ctpop.i64", WORD, [word])
    base = splat(builder, builder.trunc(first, INT), 16)

    def write(part: int) -> None:
        lanes = constant_vector(INT, list(range(16 * part, 16 * part + 16)))
        numbers = builder.zext(builder.shuffle_vector(packed, packed, lanes), INTS)
        store(builder, out, 64 * part, builder.add(numbers, base))

    write(0)
    with builder.if_then(builder.icmp_signed(">", count, number(16)), likely=False):
        for part in (1, 2, 3):
            write(part)
    return count


def _is_uniform(builder: Any, address: Any, word: Any) -> Any:
    """Return whether eight words at an address are all the same as one."""
    same = builder.icmp_unsigned("==", load(builder, address, 0, _WORDS), splat(builder, word, 8))
    return builder.icmp_unsigned("==", builder.bitcast(same, BYTE), ir.Constant(BYTE, 255))


_write = emitted(types.int64(types.uint64, types.int64, types.int64), _write_word)
_uniform = emitted(types.boolean(types.int64, types.uint64), _is_uniform)


@routine
def write_bits(alive: int, begin: int, end: int, flip: Any, out: int, count: int) -> int:
    """Append the numbers of bits that differ from those of `flip`; see the portable sibling."""
    for line in range(begin, end, 8):
        last = min(line + 8, end)
        if last < line + 8 or not _uniform(alive + 8 * line, flip):
            for word in range(line, last):
                count += _write(load_word(alive + 8 * word) ^ flip, 64 * word, out + 4 * count)
    return count
