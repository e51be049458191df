"""Registers 64 rows at a time, as LLVM vectors: what `elementwise`, `functions` and `clocks` write their code with.

The validity of 64 rows is one word. All rows of the last word are computed, those too that do not exist: nothing may
trap on garbage. Vectors of eight save a fifth of a second of compilation at most, and run a long chain of operations,
such as the month of an instant, at half the speed: each has to wait for the one before.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from fasttwitch.kernels.addresses import BIT, DOUBLE, WORD, constant_vector, load, store
from fasttwitch.kernels.registers import VALUE_BYTES

ROWS = 64
INTS = ir.VectorType(WORD, ROWS)
DOUBLES = ir.VectorType(DOUBLE, ROWS)
ONE_INT = ir.VectorType(WORD, 1)
BITS = ir.VectorType(BIT, ROWS)


def integer(value: int) -> Any:
    """Return 64 equal int64 or uint64 constants."""
    return constant_vector(WORD, [value] * ROWS)


def double(value: float) -> Any:
    """Return 64 equal constants."""
    return ir.Constant(DOUBLES, [value] * ROWS)


def as_doubles(builder: Any, values: Any) -> Any:
    """Return the doubles whose bits stand in 64 words."""
    return builder.bitcast(values, DOUBLES)


def as_words(builder: Any, values: Any) -> Any:
    """Return the bits of 64 doubles."""
    return builder.bitcast(values, INTS)


def by_doubles(builder: Any, name: str, *values: Any) -> Any:
    """Return what LLVM's intrinsic `name` makes of 64 doubles: floor, ceil, trunc, sqrt, fabs, copysign."""
    kind = ir.FunctionType(DOUBLES, [DOUBLES] * len(values))
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{ROWS}f64"), values)


def every_word(builder: Any, rows: Any, body: Callable[[Any], None]) -> None:
    """Emit `body` in a loop over the words of so many rows; it gets the word's number."""
    with cgutils.for_range(builder, _words(builder, rows)) as loop:
        body(loop.index)


def every_row(builder: Any, rows: Any, body: Callable[[Any], Any], after: Callable[[Any, Any], None]) -> None:
    """Emit `body` in a loop over rows: for what no processor does to many at once.

    body   gets the row's number, gives a vector of one bit
    after  gets the number of each word, and the bits of its rows
    """
    collected = cgutils.alloca_once(builder, WORD)

    def of_word(word: Any) -> None:
        builder.store(ir.Constant(WORD, 0), collected)
        begin = builder.mul(word, ir.Constant(WORD, ROWS))
        left = builder.sub(rows, begin)
        whole = builder.icmp_signed(">", left, ir.Constant(WORD, ROWS))
        with cgutils.for_range(builder, builder.select(whole, ir.Constant(WORD, ROWS), left)) as loop:
            bit = builder.zext(builder.bitcast(body(builder.add(begin, loop.index)), BIT), WORD)
            builder.store(builder.or_(builder.load(collected), builder.shl(bit, loop.index)), collected)
        after(word, builder.load(collected))

    every_word(builder, rows, of_word)


def values_of(builder: Any, register: Any, word: Any) -> Any:
    """Return the words of 64 rows."""
    return load(builder, _at(builder, register, word, 8 * ROWS), 0, INTS)


def bits_at(builder: Any, address: Any, word: Any) -> Any:
    """Return a word of bits that stand at an address."""
    return load(builder, _at(builder, address, word, 8), 0, WORD)


def value_of(builder: Any, register: Any, row: Any) -> Any:
    """Return the word of one row, as a vector.

    Before a lone word is divided, LLVM has it asked whether it is short; for words of either sign that takes longer.
    """
    return load(builder, _at(builder, register, row, 8), 0, ONE_INT)


def set_value(builder: Any, register: Any, row: Any, value: Any) -> None:
    """Store the word of one row."""
    store(builder, _at(builder, register, row, 8), 0, value)


def valid_in(builder: Any, registers: list[Any], word: Any) -> Any:
    """Return the word of rows in which all registers are valid."""
    valid = load(builder, _at(builder, registers[0], word, 8), VALUE_BYTES, WORD)
    for register in registers[1:]:
        valid = builder.and_(valid, load(builder, _at(builder, register, word, 8), VALUE_BYTES, WORD))
    return valid


def set_values(builder: Any, register: Any, word: Any, values: Any) -> None:
    """Store the words of 64 rows."""
    store(builder, _at(builder, register, word, 8 * ROWS), 0, values)


def set_bits(builder: Any, register: Any, word: Any, bits: Any) -> None:
    """Store 64 rows of a register of bits."""
    store(builder, _at(builder, register, word, 8), 0, builder.bitcast(bits, WORD))


def set_valid(builder: Any, register: Any, word: Any, valid: Any) -> None:
    """Store the word that says which of 64 rows are valid."""
    store(builder, _at(builder, register, word, 8), VALUE_BYTES, valid)


def _words(builder: Any, rows: Any) -> Any:
    return builder.lshr(builder.add(rows, ir.Constant(WORD, ROWS - 1)), ir.Constant(WORD, 6))


def _at(builder: Any, register: Any, word: Any, bytes_: int) -> Any:
    return builder.add(register, builder.mul(word, ir.Constant(WORD, bytes_)))
