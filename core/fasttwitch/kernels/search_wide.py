"""LLVM code for AVX-512: find the places of vectors of 32-bit images among up to 255 cuts, without a load per value.

A step is a permute of the level's pivots (by pairs of registers above 16), a compare, a masked OR. Measured on Zen 4: a
permute takes a cycle for 16 lanes, a gather 17; a step is a chain of 12 cycles, which four vectors side by side do not
fill (12 cycles a step), eight nearly do (8 cycles for each four). The number of levels is known at run time only: one
piece of code serves every depth, where code for each would have to be compiled 24 times.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from fasttwitch.kernels.addresses import BYTE, INT, SHORT, WORD, constant_vector, load, splat
from fasttwitch.kernels.vectors import number
from fasttwitch.kernels.wide_tables import LEVEL_ROWS, NEXT_ROW, ROW_BYTES

SINGLE = ir.FloatType()
INTS = ir.VectorType(INT, 16)
SHORTS = ir.VectorType(SHORT, 32)
CODES = ir.VectorType(BYTE, 64)

_ROW_LEVELS = 5  # so many levels fit a row each
_MOST_LEVELS = 8


def call(builder: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    """Return the result of an LLVM intrinsic."""
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


def concatenate(builder: Any, vectors: list[Any]) -> Any:
    """Return one vector of the lanes of 2, 4, 8, … vectors."""
    while len(vectors) > 1:
        lanes = constant_vector(INT, list(range(2 * vectors[0].type.count)))
        vectors = [builder.shuffle_vector(a, b, lanes) for a, b in zip(vectors[::2], vectors[1::2], strict=True)]
    return vectors[0]


def search(builder: Any, images: list[Any], table: Any, levels: Any, greater: Callable[[Any, Any], Any]) -> list[Any]:
    """Return the places of vectors of 16 images: which pivots of the tree each met and was greater than."""
    places = [cgutils.alloca_once_value(builder, _ints(0)) for _ in images]
    step = cgutils.alloca_once_value(builder, _ints(1))
    element = images[0].type.element

    def descend(start: Any, row: int, rows: int) -> None:
        bit = builder.load(step)
        olds = [builder.load(place) for place in places]
        pivots = [_permuted(builder, start, row, rows, old, element) for old in olds]
        for image, place, old, pivot in zip(images, places, olds, pivots, strict=True):
            builder.store(builder.select(greater(image, pivot), builder.or_(old, bit), old), place)
        builder.store(builder.add(bit, bit), step)

    def descend_deeper(level: int) -> None:
        if level < _MOST_LEVELS:
            with builder.if_then(builder.icmp_signed(">", levels, number(level))):
                descend(table, LEVEL_ROWS[level], _rows(level))
                descend_deeper(level + 1)

    shallow = builder.select(builder.icmp_signed("<", levels, number(_ROW_LEVELS)), levels, number(_ROW_LEVELS))
    with cgutils.for_range(builder, shallow) as loop:
        descend(builder.add(table, builder.mul(loop.index, number(ROW_BYTES))), 0, 1)
    descend_deeper(_ROW_LEVELS)
    return [builder.load(place) for place in places]


def next_images(builder: Any, table: Any, levels: Any, places: list[Any], element: Any, use: Callable[..., Any]) -> Any:
    """Return the word that `use` makes of the images of the cuts next to each place."""
    result = cgutils.alloca_once(builder, WORD)

    def look(level: int) -> None:
        if level == _MOST_LEVELS:
            rows = _rows(level)
            images = [_permuted(builder, table, NEXT_ROW, rows, place, element) for place in places]
            builder.store(use(images), result)
            return
        with builder.if_else(builder.icmp_signed("<=", levels, number(level))) as (within, deeper):
            with within:
                rows = _rows(level)
                images = [_permuted(builder, table, NEXT_ROW, rows, place, element) for place in places]
                builder.store(use(images), result)
            with deeper:
                look(level + 1)

    look(_ROW_LEVELS - 1)
    return builder.load(result)


def ranks(builder: Any, places: list[Any], levels: Any) -> list[Any]:
    """Return for each four vectors of places 64 bytes: how many cuts the search passed."""
    return [_straightened(builder, pack(builder, places[i : i + 4]), levels) for i in range(0, len(places), 4)]


# Packing works on the four quarters of its operands side by side; one permute puts the quarters' quarters in order.
_IN_ORDER = constant_vector(INT, [4 * part + quarter for quarter in range(4) for part in range(4)])


def pack(builder: Any, vectors: list[Any]) -> Any:
    """Return four vectors of 16 numbers below 256 as 64 bytes: three packs and a permute, half of four truncations."""
    shorts = [
        call(builder, "llvm.x86.avx512.packusdw.512", SHORTS, [vectors[0], vectors[1]]),
        call(builder, "llvm.x86.avx512.packusdw.512", SHORTS, [vectors[2], vectors[3]]),
    ]
    mixed = builder.bitcast(call(builder, "llvm.x86.avx512.packuswb.512", CODES, shorts), INTS)
    return builder.bitcast(call(builder, "llvm.x86.avx512.permvar.si.512", INTS, [mixed, _IN_ORDER]), CODES)


def _rows(level: int) -> int:
    """Return how many rows a level's 2**level entries take."""
    return max(1, (1 << level) // 16)


def _ints(value: int) -> Any:
    return constant_vector(INT, [value] * 16)


def _permuted(builder: Any, table: Any, row: int, rows: int, places: Any, element: Any) -> Any:
    """Return for each lane of `places` its entry of `rows` rows of the table."""
    kind = ir.VectorType(element, 16)
    one, two = ("permvar.sf", "vpermi2var.ps") if element is SINGLE else ("permvar.si", "vpermi2var.d")
    loaded = [load(builder, table, ROW_BYTES * (row + i), kind) for i in range(rows)]
    if rows == 1:
        return call(builder, f"llvm.x86.avx512.{one}.512", kind, [loaded[0], places])
    name = f"llvm.x86.avx512.{two}.512"
    found = [call(builder, name, kind, [loaded[i], places, loaded[i + 1]]) for i in range(0, rows, 2)]
    bit = 32
    while len(found) > 1:
        upper = builder.icmp_signed("!=", builder.and_(places, _ints(bit)), _ints(0))
        found = [builder.select(upper, b, a) for a, b in zip(found[::2], found[1::2], strict=True)]
        bit *= 2
    return found[0]


_NIBBLES = [sum((value >> bit & 1) << (3 - bit) for bit in range(4)) for value in range(16)]


def _straightened(builder: Any, places: Any, levels: Any) -> Any:
    """Return 64 places with their bits in the usual order: ranks."""
    nibble = constant_vector(BYTE, [15] * 64)
    upper_of = constant_vector(BYTE, [16 * value for value in _NIBBLES] * 4)
    lower_of = constant_vector(BYTE, _NIBBLES * 4)
    high = builder.bitcast(builder.lshr(builder.bitcast(places, SHORTS), constant_vector(SHORT, [4] * 32)), CODES)
    name = "llvm.x86.avx512.pshuf.b.512"
    upper = call(builder, name, CODES, [upper_of, builder.and_(places, nibble)])
    lower = call(builder, name, CODES, [lower_of, builder.and_(high, nibble)])
    # There is no shift of bytes: 16-bit ones shift, and what comes over from the neighbour is masked away.
    unused = splat(builder, builder.trunc(builder.sub(number(8), levels), SHORT), 32)
    shifted = builder.bitcast(builder.lshr(builder.bitcast(builder.or_(upper, lower), SHORTS), unused), CODES)
    used = builder.sub(builder.shl(number(1), levels), number(1))
    return builder.and_(shifted, splat(builder, builder.trunc(used, BYTE), 64))
