"""Memory at an address, and 64 rows at once, as functions that kernels may call.

Addresses are int64: forty columns of ten types cannot be one typed array. A pointer made here goes through
`numba.carray`, so that loops over it are loops over an array, which LLVM can vectorise; vectors of fixed width are
LLVM's own generic ones, which every CPU runs.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels.addresses import BIT, BYTE, INT, WORD, load, store
from fasttwitch.kernels.jit import routine

_CODES = ir.VectorType(BYTE, 64)

# One thread on Zen 4, 12 interleaved columns of doubles from memory, GB/s: no prefetch 14; 4 KiB ahead into the
# first-level cache 11; into the second 14, 13, 17, 20, 22, 20 from 1, 2, 4, 8, 16, 32 KiB ahead. It is the beginning of
# the column's next block that must be asked for: the hardware would have to start anew there. 43 columns, each ahead by
# 8 KiB, leave two thirds of the second level to the slots.
AHEAD_BYTES = 8192


def emitted(signature: Any, emit: Callable[..., Any]) -> Any:
    """Return a function, callable from kernels, whose body is the LLVM code that `emit(builder, *arguments)` writes.

    signature  the Numba signature; a void function's `emit` returns None
    """

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        result = emit(builder, *arguments)
        return context.get_dummy_value() if result is None else result

    def definition(_context: Any, *_arguments: Any) -> Any:
        return signature, generate

    # Numba folds calls by the parameters it sees: without names of their own they would arrive as one tuple.
    names = ["context", *(f"argument{number}" for number in range(len(signature.args)))]
    definition.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    )
    definition.__name__ = emit.__name__
    return intrinsic(definition)


def number(value: int) -> Any:
    """Return an int64 constant."""
    return ir.Constant(WORD, value)


def all_codes(code: int) -> Any:
    """Return a vector constant of 64 equal codes."""
    return ir.Constant(_CODES, [code] * 64)


def select_rows(builder: Any, word: Any, codes: Any) -> Any:
    """Return 64 codes with 0 where the word's bit is 0."""
    return builder.select(builder.bitcast(word, ir.VectorType(BIT, 64)), codes, all_codes(0))


def _pointers_to(kind: Any) -> Any:
    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def pointer(_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(kind)(types.int64), generate

    return pointer


int8s, int16s, int32s, int64s = map(_pointers_to, (types.int8, types.int16, types.int32, types.int64))
uint8s, uint16s, uint32s, uint64s = map(_pointers_to, (types.uint8, types.uint16, types.uint32, types.uint64))
float32s, float64s = map(_pointers_to, (types.float32, types.float64))


def _drop_nulls(builder: Any, address: Any, validity: Any) -> None:
    store(builder, address, 0, select_rows(builder, validity, load(builder, address, 0, _CODES)))


def _truths(builder: Any, address: Any, bits: Any, validity: Any) -> None:
    truth = builder.select(builder.bitcast(bits, ir.VectorType(BIT, 64)), all_codes(2), all_codes(1))
    store(builder, address, 0, select_rows(builder, validity, truth))


drop_nulls = emitted(types.void(types.int64, types.uint64), _drop_nulls)  # 64 codes at an address: 0 where the bit is 0
truths = emitted(types.void(types.int64, types.uint64, types.uint64), _truths)  # address of 64 codes, bits, validity


def fetch_ahead(builder: Any, address: Any) -> None:
    """Ask for the cache line of an address that will be read soon; any address may be asked for.

    Into the second-level cache (prefetcht1): the first is too small for what many columns ask for ahead.
    """
    pointer = BYTE.as_pointer()
    hints = [ir.Constant(INT, hint) for hint in (0, 2, 1)]  # for reading, second level, data
    kind = ir.FunctionType(ir.VoidType(), [pointer, *(hint.type for hint in hints)])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(function, [builder.inttoptr(address, pointer), *hints])


prefetch = emitted(types.void(types.int64), fetch_ahead)


@routine
def prefetch_values(source: int, lines: int) -> None:
    """Ask for what stands AHEAD_BYTES after `lines` * 64 bytes of values.

    To be called for every few lines that are read: asking for a whole block at once was no better than not asking.
    """
    for line in range(lines):
        prefetch(source + AHEAD_BYTES + 64 * line)


def _scratch_words(builder: Any) -> Any:
    # In the entry block: an alloca inside a loop would grow the stack at every turn.
    with builder.goto_entry_block():
        return builder.ptrtoint(builder.alloca(ir.ArrayType(WORD, 512)), WORD)


scratch_words = emitted(types.int64(), _scratch_words)  # 4 KiB of the calling kernel's stack
