"""Functions of registers, row by row: arithmetic that notices overflow, comparisons, conversions, choices.

Written as vectors of 64 rows, so that what failed, and what a comparison says, is one word of bits at once, and so that
each operation is one line of a table. The vectors are generic LLVM code: any processor runs them.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels import layout
from fasttwitch.kernels.addresses import BIT, DOUBLE, WORD, constant_vector, load, splat, store
from fasttwitch.kernels.layout import BLOCK_WORDS
from fasttwitch.kernels.registers import VALUE_BYTES

INTS = ir.VectorType(WORD, 64)
DOUBLES = ir.VectorType(DOUBLE, 64)
BITS = ir.VectorType(BIT, 64)
LOWEST = -(2**63)

# (builder, left, right, low, high) → (result, the rows that failed, or None where nothing can)
Function: TypeAlias = Callable[[Any, Any, Any, Any, Any], tuple[Any, Any]]


def _integer(value: int) -> Any:
    return constant_vector(WORD, [value] * 64)


def _checked(name: str) -> Function:
    """Return integer arithmetic that fails where LLVM's `name`.with.overflow says so."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        kind = ir.FunctionType(ir.LiteralStructType([INTS, BITS]), [INTS, INTS])
        checked = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.with.overflow.v64i64")
        pair = builder.call(checked, [left, right])
        return builder.extract_value(pair, 0), builder.extract_value(pair, 1)

    return function


def _within(name: str) -> Function:
    """Return arithmetic on instants, which also fails outside low..high."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        result, failed = _checked(name)(builder, left, right, low, high)
        failed = builder.or_(failed, builder.icmp_signed("<", result, low))
        return result, builder.or_(failed, builder.icmp_signed(">", result, high))

    return function


def _division(method: str, signed: bool) -> Function:
    """Return a quotient (towards zero) or remainder (signed as the dividend) of integers."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        failed = builder.icmp_unsigned("==", right, _integer(0))
        if signed:
            lowest = builder.icmp_signed("==", left, _integer(LOWEST))
            failed = builder.or_(failed, builder.and_(lowest, builder.icmp_signed("==", right, _integer(-1))))
        # These divisions trap in hardware, so they are not made.
        return getattr(builder, method)(left, builder.select(failed, _integer(1), right)), failed

    return function


def _ieee(method: str) -> Function:
    """Return double arithmetic, which never fails: a division by zero is infinite or NaN."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        doubles = builder.bitcast(left, DOUBLES), builder.bitcast(right, DOUBLES)
        return builder.bitcast(getattr(builder, method)(*doubles), INTS), None

    return function


def _negate_int(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
    return builder.neg(left), builder.icmp_signed("==", left, _integer(LOWEST))


def _negate_double(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
    return builder.xor(left, _integer(LOWEST)), None  # flips the sign, of zeros and NaN too


def _to_double(method: str) -> Function:
    """Return the conversion of integers to the nearest double, ties to even."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        return builder.bitcast(getattr(builder, method)(left, DOUBLES), INTS), None

    return function


FUNCTIONS: dict[int, Function] = {
    layout.ADD_INT: _checked("sadd"),
    layout.SUBTRACT_INT: _checked("ssub"),
    layout.MULTIPLY_INT: _checked("smul"),
    layout.DIVIDE_INT: _division("sdiv", signed=True),
    layout.REMAINDER_INT: _division("srem", signed=True),
    layout.NEGATE_INT: _negate_int,
    layout.ADD_UINT: _checked("uadd"),
    layout.SUBTRACT_UINT: _checked("usub"),
    layout.MULTIPLY_UINT: _checked("umul"),
    layout.DIVIDE_UINT: _division("udiv", signed=False),
    layout.REMAINDER_UINT: _division("urem", signed=False),
    layout.ADD_DOUBLE: _ieee("fadd"),
    layout.SUBTRACT_DOUBLE: _ieee("fsub"),
    layout.MULTIPLY_DOUBLE: _ieee("fmul"),
    layout.DIVIDE_DOUBLE: _ieee("fdiv"),
    layout.NEGATE_DOUBLE: _negate_double,
    layout.ADD_INSTANT: _within("sadd"),
    layout.SUBTRACT_INSTANT: _within("ssub"),
    layout.MULTIPLY_INSTANT: _within("smul"),
    layout.INT_TO_DOUBLE: _to_double("sitofp"),
    layout.UINT_TO_DOUBLE: _to_double("uitofp"),
}
UNARY = {layout.NEGATE_INT, layout.NEGATE_DOUBLE, layout.INT_TO_DOUBLE, layout.UINT_TO_DOUBLE}


def _by_words(builder: Any, body: Callable[[Any], None]) -> None:
    """Emit `body` in a loop over the words of a block; it gets the word's number."""
    with cgutils.for_range(builder, ir.Constant(WORD, BLOCK_WORDS)) as loop:
        body(loop.index)


def _values(builder: Any, register: Any, word: Any, kind: Any = INTS) -> Any:
    return load(builder, builder.add(register, builder.mul(word, ir.Constant(WORD, 512))), 0, kind)


def _bits_of(builder: Any, register: Any, word: Any, offset: int = 0) -> Any:
    return load(builder, builder.add(register, builder.mul(word, ir.Constant(WORD, 8))), offset, WORD)


def _set_values(builder: Any, register: Any, word: Any, values: Any) -> None:
    store(builder, builder.add(register, builder.mul(word, ir.Constant(WORD, 512))), 0, values)


def _set_bits(builder: Any, register: Any, word: Any, bits: Any, offset: int = 0) -> None:
    store(builder, builder.add(register, builder.mul(word, ir.Constant(WORD, 8))), offset, bits)


def _valid(builder: Any, registers: list[Any], word: Any) -> Any:
    """Return the rows in which all registers are valid."""
    valid = _bits_of(builder, registers[0], word, VALUE_BYTES)
    for register in registers[1:]:
        valid = builder.and_(valid, _bits_of(builder, register, word, VALUE_BYTES))
    return valid


def _switch(builder: Any, operation: Any, cases: dict[int, Callable[[], None]]) -> None:
    """Emit a jump to the case of `operation`."""
    done = builder.append_basic_block("done")
    jump = builder.switch(operation, done)
    for number, case in cases.items():
        block = builder.append_basic_block(f"operation.{number}")
        jump.add_case(ir.Constant(WORD, number), block)
        builder.position_at_end(block)
        case()
        builder.branch(done)
    builder.position_at_end(done)


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def apply(typing_context: Any, operation: Any, left: Any, right: Any, low: Any, high: Any, result: Any) -> Any:
    """Set the register `result` to a function of registers; low..high is the range of instants."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        operation, left, right, low, high, result = arguments
        limits = splat(builder, low, 64), splat(builder, high, 64)

        def case(number: int, function: Function) -> Callable[[], None]:
            operands = [left] if number in UNARY else [left, right]

            def body(word: Any) -> None:
                values = [_values(builder, operand, word) for operand in operands]
                valid = _valid(builder, operands, word)
                answer, failed = function(builder, values[0], values[-1], *limits)
                _set_values(builder, result, word, answer)
                if failed is not None:
                    valid = builder.and_(valid, builder.not_(builder.bitcast(failed, WORD)))
                _set_bits(builder, result, word, valid, VALUE_BYTES)

            return lambda: _by_words(builder, body)

        _switch(builder, operation, {number: case(number, function) for number, function in FUNCTIONS.items()})
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), emit


def _outcomes_signed(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
    return _words(builder, *(builder.icmp_signed(operator, left, right) for operator in ("<", "==", ">")))


def _outcomes_unsigned(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
    return _words(builder, *(builder.icmp_unsigned(operator, left, right) for operator in ("<", "==", ">")))


def _outcomes_int_uint(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
    below, equal, above = _outcomes_unsigned(builder, left, right)
    negative = builder.bitcast(builder.icmp_signed("<", left, _integer(0)), WORD)
    natural = builder.not_(negative)
    return builder.or_(below, negative), builder.and_(equal, natural), builder.and_(above, natural)


def _outcomes_doubles(convert: str) -> Callable[[Any, Any, Any], tuple[Any, Any, Any]]:
    def outcomes(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
        left, right = getattr(builder, convert)(left, DOUBLES), builder.bitcast(right, DOUBLES)
        return _words(builder, *(builder.fcmp_ordered(operator, left, right) for operator in ("<", "==", ">")))

    return outcomes


def _words(builder: Any, below: Any, equal: Any, above: Any) -> tuple[Any, Any, Any]:
    return builder.bitcast(below, WORD), builder.bitcast(equal, WORD), builder.bitcast(above, WORD)


COMPARISONS: dict[int, Callable[[Any, Any, Any], tuple[Any, Any, Any]]] = {
    layout.COMPARE_INT: _outcomes_signed,
    layout.COMPARE_UINT: _outcomes_unsigned,
    layout.COMPARE_DOUBLE: _outcomes_doubles("bitcast"),
    layout.COMPARE_INT_UINT: _outcomes_int_uint,
    layout.COMPARE_INT_DOUBLE: _outcomes_doubles("sitofp"),
    layout.COMPARE_UINT_DOUBLE: _outcomes_doubles("uitofp"),
}


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def compare(typing_context: Any, operation: Any, left: Any, right: Any, wanted: Any, result: Any) -> Any:
    """Set the bits of `result` where the outcome of comparing two registers is in the set `wanted`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        operation, left, right, wanted, result = arguments
        masks = []
        for outcome in (layout.LESS, layout.EQUAL_TO, layout.GREATER, layout.UNORDERED):
            one = builder.and_(builder.udiv(wanted, ir.Constant(WORD, outcome)), ir.Constant(WORD, 1))
            masks.append(builder.neg(one))  # all ones if that outcome is wanted

        def case(outcomes: Callable[[Any, Any, Any], tuple[Any, Any, Any]]) -> Callable[[], None]:
            def body(word: Any) -> None:
                below, equal, above = outcomes(builder, _values(builder, left, word), _values(builder, right, word))
                neither = builder.not_(builder.or_(builder.or_(below, equal), above))
                bits = ir.Constant(WORD, 0)
                for rows, mask in zip((below, equal, above, neither), masks, strict=True):
                    bits = builder.or_(bits, builder.and_(rows, mask))
                valid = _valid(builder, [left, right], word)
                _set_bits(builder, result, word, bits)
                _set_bits(builder, result, word, valid, VALUE_BYTES)

            return lambda: _by_words(builder, body)

        _switch(builder, operation, {number: case(outcomes) for number, outcomes in COMPARISONS.items()})
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), emit


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def select_values(typing_context: Any, condition: Any, left: Any, right: Any, result: Any) -> Any:
    """Set the values of `result` to `left` where the bit at the address `condition` is 1, else to `right`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        condition, left, right, result = arguments

        def body(word: Any) -> None:
            chosen = builder.bitcast(_bits_of(builder, condition, word), BITS)
            values = builder.select(chosen, _values(builder, left, word), _values(builder, right, word))
            _set_values(builder, result, word, values)

        _by_words(builder, body)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4), emit
