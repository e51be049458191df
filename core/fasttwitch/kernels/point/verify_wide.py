"""Eight listed clauses against a customer's bytes, in one step of AVX-512 with VBMI."""

from typing import Any

from llvmlite import ir
from numba import types

from fasttwitch.kernels.addresses import BYTE, WORD, load
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.search_wide import call
from fasttwitch.kernels.vectors import emitted

_BYTES = ir.VectorType(BYTE, 64)


def _verify(builder: Any, values: Any, slots: Any, firsts: Any, spans: Any) -> Any:
    low, high = (load(builder, values, offset, _BYTES) for offset in (0, 64))
    index, first, span = (load(builder, address, 0, _BYTES) for address in (slots, firsts, spans))
    found = call(builder, "llvm.x86.avx512.vpermi2var.qi.512", _BYTES, [low, index, high])
    # What is left of a span that is too short: 0 in all eight lanes of a clause that passes.
    excess = call(builder, "llvm.usub.sat.v64i8", _BYTES, [builder.sub(found, first), span])
    clauses = builder.bitcast(excess, ir.VectorType(WORD, 8))
    passed = builder.icmp_unsigned("==", clauses, ir.Constant(clauses.type, [0] * 8))
    return builder.zext(builder.bitcast(passed, BYTE), WORD)


_verify_eight = emitted(types.int64(*[types.int64] * 4), _verify)


@routine
def verify(values: int, slots: int, firsts: int, spans: int, count: int) -> Any:
    """Return which of eight clauses pass; see the portable sibling."""
    return _verify_eight(values, slots, firsts, spans)
