"""Eight listed clauses against a customer's bytes, with AVX2: a look-up in 16 bytes at a time."""

from typing import Any

from llvmlite import ir
from numba import types

from fasttwitch.kernels.addresses import BYTE, INT, WORD, constant_vector, load
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.search_wide import call
from fasttwitch.kernels.vectors import emitted

_TABLE = ir.VectorType(BYTE, 16)
_BYTES = ir.VectorType(BYTE, 32)
_CLAUSES = ir.VectorType(WORD, 4)
_TABLES = 8


def _same(byte: int) -> Any:
    return ir.Constant(_BYTES, [byte] * 32)


def _found(builder: Any, values: Any, index: Any, tables: range) -> Any:
    """Return the bytes of a customer at some numbers, 0 where they stand in no table.

    A look-up takes the low four bits of a number, and gives 0 where its highest bit is set: a saturating addition sets
    it in all numbers but those that begin where the table does.
    """
    found = _same(0)
    for number in tables:
        table = load(builder, values, 16 * number, _TABLE)
        twice = builder.shuffle_vector(table, table, constant_vector(INT, [*range(16)] * 2))
        inside = builder.sub(index, _same(16 * number))
        place = call(builder, "llvm.uadd.sat.v32i8", _BYTES, [inside, _same(0x70)])
        found = builder.or_(found, call(builder, "llvm.x86.avx2.pshuf.b", _BYTES, [twice, place]))
    return found


def _verify(tables: range) -> Any:
    def verify(builder: Any, values: Any, slots: Any, firsts: Any, spans: Any) -> Any:
        passed = ir.Constant(WORD, 0)
        for half in range(2):
            index, first, span = (load(builder, address, 32 * half, _BYTES) for address in (slots, firsts, spans))
            found = _found(builder, values, index, tables)
            # What is left of a span that is too short: 0 in all eight lanes of a clause that passes.
            excess = call(builder, "llvm.usub.sat.v32i8", _BYTES, [builder.sub(found, first), span])
            clauses = builder.bitcast(excess, _CLAUSES)
            passes = builder.icmp_unsigned("==", clauses, ir.Constant(_CLAUSES, [0] * 4))
            bits = builder.zext(builder.bitcast(passes, ir.IntType(4)), WORD)
            passed = builder.or_(passed, builder.shl(bits, ir.Constant(WORD, 4 * half)))
        return passed

    return emitted(types.int64(*[types.int64] * 4), verify)


_verify_few, _verify_all = _verify(range(_TABLES // 2)), _verify(range(_TABLES))


@routine
def verify(values: int, slots: int, firsts: int, spans: int, count: int) -> Any:
    """Return which of eight clauses pass; see the portable sibling."""
    # The slot that is always 0 is the last: where it stands in no table, 0 is found for it all the same.
    if count <= 16 * _TABLES // 2:
        return _verify_few(values, slots, firsts, spans)
    return _verify_all(values, slots, firsts, spans)
