"""Typed loads, stores and array views at integer addresses.

Tables hold addresses of buffers of ten types as int64, so kernels reach memory through these few primitives. Nothing is
checked: whoever builds a table answers for it.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import carray, njit, types
from numba.extending import intrinsic

BIT = ir.IntType(1)
BYTE = ir.IntType(8)
SHORT = ir.IntType(16)
INT = ir.IntType(32)
WORD = ir.IntType(64)
DOUBLE = ir.DoubleType()


def constant_vector(element: Any, values: list[int]) -> Any:
    """Return an LLVM vector constant."""
    return ir.Constant(ir.VectorType(element, len(values)), values)


def splat(builder: Any, scalar: Any, lanes: int) -> Any:
    """Return a vector whose lanes all hold `scalar`."""
    vector = ir.VectorType(scalar.type, lanes)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(INT, 0))
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), constant_vector(INT, [0] * lanes))


def load(builder: Any, address: Any, offset: int, kind: Any) -> Any:
    """Return the value of LLVM type `kind` at `address + offset`, whatever its alignment."""
    pointer = builder.inttoptr(builder.add(address, ir.Constant(WORD, offset)), kind.as_pointer())
    value = builder.load(pointer)
    value.align = 1
    return value


def store(builder: Any, address: Any, offset: int, value: Any, streaming: bool = False) -> None:
    """Store `value` at `address + offset`; streaming stores go past the caches and need an aligned address."""
    pointer = builder.inttoptr(builder.add(address, ir.Constant(WORD, offset)), value.type.as_pointer())
    instruction = builder.store(value, pointer)
    instruction.align = 1
    if streaming:
        instruction.align = 64
        instruction.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(INT, 1)]))


def _loader(result: Any, kind: Any) -> Callable[..., Any]:
    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def load_at(typing_context: Any, address: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return load(builder, arguments[0], 0, kind)

        return result(types.int64), emit

    return load_at  # type: ignore[no-any-return, unused-ignore]


def _storer(argument: Any) -> Callable[..., Any]:
    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def store_at(typing_context: Any, address: Any, value: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            store(builder, arguments[0], 0, arguments[1])
            return context.get_dummy_value()

        return types.void(types.int64, argument), emit

    return store_at  # type: ignore[no-any-return, unused-ignore]


load_word = _loader(types.uint64, WORD)
load_int = _loader(types.int64, WORD)
load_short = _loader(types.uint32, INT)
load_byte = _loader(types.uint8, BYTE)
store_word = _storer(types.uint64)


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _pointer(typing_context: Any, address: Any, like: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(like.dtype)(address, like), emit


def _viewer(kind: Any) -> Callable[..., Any]:
    @njit  # type: ignore[untyped-decorator, unused-ignore]
    def view(address: int, size: int) -> Any:
        return carray(_pointer(address, kind), (size,))

    return view  # type: ignore[no-any-return, unused-ignore]


# Views become plain array loops, which LLVM vectorises; loops over `load_…` at computed addresses it does not.
bytes_at = _viewer(types.uint8)
halves_at = _viewer(types.uint16)
shorts_at = _viewer(types.int32)
ints_at = _viewer(types.int64)
words_at = _viewer(types.uint64)
doubles_at = _viewer(types.float64)


@njit  # type: ignore[untyped-decorator, unused-ignore]
def table_at(address: int, fields: int) -> Any:
    """Return the table of int64 at an address, of as many rows as anybody asks for."""
    return carray(_pointer(address, types.int64), (1 << 40, fields))
