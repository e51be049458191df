"""Eight listed clauses against a customer's bytes, in one step of AVX-512 with VBMI."""

from typing import Any

from llvmlite import ir
from numba import types

from fasttwitch.kernels.addresses import BYTE, WORD, load
from fasttwitch.kernels.search_wide import call, concatenate
from fasttwitch.kernels.vectors import emitted

_BYTES = ir.VectorType(BYTE, 64)
_HALF = ir.VectorType(BYTE, 32)


def _verify(builder: Any, slots: Any, record: Any) -> Any:
    low, high = (load(builder, slots, offset, _BYTES) for offset in (0, 64))
    index, first, span = (
        concatenate(builder, [load(builder, record, offset, _HALF), load(builder, record, 96 + offset, _HALF)])
        for offset in (0, 32, 64)
    )
    values = call(builder, "llvm.x86.avx512.vpermi2var.qi.512", _BYTES, [low, index, high])
    # What is left of a span that is too short: 0 in all eight lanes of a clause that passes.
    excess = call(builder, "llvm.usub.sat.v64i8", _BYTES, [builder.sub(values, first), span])
    clauses = builder.bitcast(excess, ir.VectorType(WORD, 8))
    passed = builder.icmp_unsigned("==", clauses, ir.Constant(clauses.type, [0] * 8))
    return builder.zext(builder.bitcast(passed, BYTE), WORD)


verify = emitted(types.int64(types.int64, types.int64), _verify)  # the same as its portable sibling
