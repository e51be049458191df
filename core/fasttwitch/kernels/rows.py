"""Registers eight rows at a time, as LLVM vectors: what `functions` and `clocks` write their code with.

Eight rows are one byte of validity and, where they fit, one processor register. Vectors of 64, as `elementwise` has
them, run as fast but take twice as long to compile.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from fasttwitch.kernels.addresses import BIT, BYTE, DOUBLE, WORD, constant_vector, load, store
from fasttwitch.kernels.layout import BLOCK_ROWS
from fasttwitch.kernels.registers import VALUE_BYTES

ROWS = 8
INTS = ir.VectorType(WORD, ROWS)
DOUBLES = ir.VectorType(DOUBLE, ROWS)
BITS = ir.VectorType(BIT, ROWS)


def integer(value: int) -> Any:
    """Return eight equal int64 or uint64 constants."""
    return constant_vector(WORD, [value] * ROWS)


def double(value: float) -> Any:
    """Return eight equal constants."""
    return ir.Constant(DOUBLES, [value] * ROWS)


def as_doubles(builder: Any, values: Any) -> Any:
    """Return the doubles whose bits stand in eight words."""
    return builder.bitcast(values, DOUBLES)


def as_words(builder: Any, values: Any) -> Any:
    """Return the bits of eight doubles."""
    return builder.bitcast(values, INTS)


def by_doubles(builder: Any, name: str, *values: Any) -> Any:
    """Return what LLVM's intrinsic `name` makes of eight doubles: floor, ceil, trunc, sqrt, fabs, copysign."""
    kind = ir.FunctionType(DOUBLES, [DOUBLES] * len(values))
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{ROWS}f64"), values)


def every_eight(builder: Any, body: Callable[[Any], None]) -> None:
    """Emit `body` in a loop over the rows of a block; it gets the number of the eight."""
    with cgutils.for_range(builder, ir.Constant(WORD, BLOCK_ROWS // ROWS)) as loop:
        body(loop.index)


def values_of(builder: Any, register: Any, eight: Any) -> Any:
    """Return the words of eight rows."""
    return load(builder, builder.add(register, builder.mul(eight, ir.Constant(WORD, 8 * ROWS))), 0, INTS)


def valid_in(builder: Any, registers: list[Any], eight: Any) -> Any:
    """Return the byte of rows in which all registers are valid."""
    valid = load(builder, builder.add(registers[0], eight), VALUE_BYTES, BYTE)
    for register in registers[1:]:
        valid = builder.and_(valid, load(builder, builder.add(register, eight), VALUE_BYTES, BYTE))
    return valid


def set_values(builder: Any, register: Any, eight: Any, values: Any) -> None:
    """Store the words of eight rows."""
    store(builder, builder.add(register, builder.mul(eight, ir.Constant(WORD, 8 * ROWS))), 0, values)


def set_bits(builder: Any, register: Any, eight: Any, bits: Any) -> None:
    """Store eight rows of a register of bits."""
    store(builder, builder.add(register, eight), 0, builder.bitcast(bits, BYTE))


def set_valid(builder: Any, register: Any, eight: Any, valid: Any) -> None:
    """Store the byte that says which of eight rows are valid."""
    store(builder, builder.add(register, eight), VALUE_BYTES, valid)
