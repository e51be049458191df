"""LLVM code for AVX-512: the exact ranks of 64 rows, some of whose images equal a cut's.

All 64 rows are done again: a gather of 8 cuts takes 9 cycles on Zen 4. Data that lies on its cuts (prices, whole
numbers) costs 0.9 ns a value more, however much of it does.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils

from fasttwitch.kernels.addresses import BIT, BYTE, DOUBLE, INT, WORD, constant_vector, load, splat
from fasttwitch.kernels.search_wide import call, concatenate

DOUBLES = ir.VectorType(DOUBLE, 8)
WORDS = ir.VectorType(WORD, 8)

_INTS = ir.VectorType(INT, 8)
_BYTES = ir.VectorType(BYTE, 8)


def settled_int64(builder: Any, values: Any, ranks: Any, table: Any, cuts: Any, most: Any) -> Any:
    """Return 64 ranks: the given ones, plus how many of the next `most` cuts are not above the value.

    values  address of 64 int64
    ranks   vector of 64 bytes: number of cuts whose images are below the value's
    table   address of the sorted cuts, padded with the greatest int64
    """
    limit = splat(builder, builder.trunc(cuts, INT), 8)
    settled = []
    for part, value in enumerate(_loaded_again(builder, values, WORDS)):
        rank = _widened(builder, ranks, part)
        total = cgutils.alloca_once_value(builder, rank)
        place = cgutils.alloca_once_value(builder, rank)
        with cgutils.for_range(builder, most):
            cut = _gathered(builder, WORDS, table, builder.load(place))
            passed = builder.zext(builder.icmp_signed("<=", cut, value), _INTS)
            builder.store(builder.add(builder.load(total), passed), total)
            builder.store(builder.add(builder.load(place), _ints(1)), place)
        found = builder.load(total)  # the greatest int64 passes the padding too
        settled.append(builder.select(builder.icmp_signed("<", found, limit), found, limit))
    return concatenate(builder, [builder.trunc(part, _BYTES) for part in settled])


def settled_doubles(builder: Any, values: Any, ranks: Any, table: Any, most: Any) -> Any:
    """Return the 64 codes of a FLOAT plane.

    values  address of 64 doubles
    ranks   vector of 64 bytes: number of thresholds whose images are below the value's
    table   address of the sorted thresholds, padded with NaN
    """
    settled = []
    for part, value in enumerate(_loaded_again(builder, values, DOUBLES)):
        rank = _widened(builder, ranks, part)
        total = cgutils.alloca_once_value(builder, builder.add(builder.add(rank, rank), _ints(2)))
        place = cgutils.alloca_once_value(builder, rank)
        with cgutils.for_range(builder, most):
            threshold = _gathered(builder, DOUBLES, table, builder.load(place))
            below = builder.zext(builder.fcmp_ordered("<", threshold, value), _INTS)
            reached = builder.zext(builder.fcmp_ordered("<=", threshold, value), _INTS)
            builder.store(builder.add(builder.load(total), builder.add(below, reached)), total)
            builder.store(builder.add(builder.load(place), _ints(1)), place)
        is_nan = builder.fcmp_unordered("uno", value, value)
        settled.append(builder.select(is_nan, _ints(1), builder.load(total)))
    return concatenate(builder, [builder.trunc(part, _BYTES) for part in settled])


def _loaded_again(builder: Any, address: Any, kind: Any) -> list[Any]:
    """Return 8 vectors at an address of which LLVM cannot know that it has loaded from it before.

    Else it would keep all values in registers for this rare case, and spill what the search needs: 0.4 in place of
    0.2 ns an int64.
    """
    same = ir.FunctionType(WORD, [WORD])
    fresh = builder.asm(same, "", "=r,0", [address], side_effect=True)
    return [load(builder, fresh, 64 * part, kind) for part in range(8)]


def _widened(builder: Any, ranks: Any, part: int) -> Any:
    lanes = constant_vector(INT, list(range(8 * part, 8 * part + 8)))
    return builder.zext(builder.shuffle_vector(ranks, ranks, lanes), _INTS)


def _gathered(builder: Any, kind: Any, table: Any, index: Any) -> Any:
    name = f"llvm.x86.avx512.mask.gather.{'dpd' if kind is DOUBLES else 'dpq'}.512"
    everywhere = ir.Constant(ir.VectorType(BIT, 8), [1] * 8)
    base = builder.inttoptr(table, BYTE.as_pointer())
    return call(builder, name, kind, [ir.Constant(kind, [0] * 8), base, index, everywhere, ir.Constant(INT, 8)])


def _ints(value: int) -> Any:
    return constant_vector(INT, [value] * 8)
