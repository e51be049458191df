"""Functions of registers, row by row: arithmetic that notices overflow, comparisons, conversions, choices.

Written as vectors of 64 rows, so that what failed, and what a comparison says, is one word of bits at once, and so that
each operation is one line of a table. The vectors are generic LLVM code: any processor runs them. No processor divides
vectors of integers, or multiplies them and notices overflow: those go row by row, and a lone row pays for itself alone.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fasttwitch.kernels import layout
from fasttwitch.kernels.addresses import BIT, WORD, constant_vector, splat
from fasttwitch.kernels.rows import (
    BITS,
    DOUBLES,
    INTS,
    ROWS,
    bits_at,
    every_row,
    every_word,
    integer,
    set_bits,
    set_valid,
    set_value,
    set_values,
    valid_in,
    value_of,
    values_of,
)

LOWEST = -(2**63)

# (builder, left, right, low, high) → (result, the rows that failed, or None where nothing can)
Function: TypeAlias = Callable[[Any, Any, Any, Any, Any], tuple[Any, Any]]


def _equal_to(values: Any, number: int) -> Any:
    """Return as many equal constants as there are `values`."""
    return constant_vector(WORD, [number] * values.type.count)


def _checked(name: str) -> Function:
    """Return integer arithmetic that fails where LLVM's `name`.with.overflow says so."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        bits = ir.VectorType(BIT, left.type.count)
        kind = ir.FunctionType(ir.LiteralStructType([left.type, bits]), [left.type, left.type])
        called = f"llvm.{name}.with.overflow.v{left.type.count}i64"
        checked = cgutils.get_or_insert_function(builder.module, kind, called)
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
        failed = builder.icmp_unsigned("==", right, _equal_to(right, 0))
        if signed:
            lowest = builder.icmp_signed("==", left, _equal_to(left, LOWEST))
            failed = builder.or_(failed, builder.and_(lowest, builder.icmp_signed("==", right, _equal_to(right, -1))))
        # These divisions trap in hardware, so they are not made.
        return getattr(builder, method)(left, builder.select(failed, _equal_to(right, 1), right)), failed

    return function


def _ieee(method: str) -> Function:
    """Return double arithmetic, which never fails: a division by zero is infinite or NaN."""

    def function(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        doubles = builder.bitcast(left, DOUBLES), builder.bitcast(right, DOUBLES)
        return builder.bitcast(getattr(builder, method)(*doubles), INTS), None

    return function


def _negate_int(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
    return builder.neg(left), builder.icmp_signed("==", left, integer(LOWEST))


def _negate_double(builder: Any, left: Any, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
    return builder.xor(left, integer(LOWEST)), None  # flips the sign, of zeros and NaN too


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
# As vectors that LLVM takes apart and puts together again, a multiplication took 2.7 ns a row.
ROW_BY_ROW = {
    layout.MULTIPLY_INT,
    layout.DIVIDE_INT,
    layout.REMAINDER_INT,
    layout.MULTIPLY_UINT,
    layout.DIVIDE_UINT,
    layout.REMAINDER_UINT,
    layout.MULTIPLY_INSTANT,
}
UNARY = {layout.NEGATE_INT, layout.NEGATE_DOUBLE, layout.INT_TO_DOUBLE, layout.UINT_TO_DOUBLE}


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
def apply(
    typing_context: Any, operation: Any, left: Any, right: Any, low: Any, high: Any, rows: Any, result: Any
) -> Any:
    """Set the register `result` to a function of registers; low..high is the range of instants."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        operation, left, right, low, high, rows, result = arguments
        limits = [(splat(builder, low, lanes), splat(builder, high, lanes)) for lanes in (ROWS, 1)]

        def case(number: int, function: Function) -> Callable[[], None]:
            operands = [left] if number in UNARY else [left, right]

            def of_word(word: Any) -> None:
                values = [values_of(builder, operand, word) for operand in operands]
                valid = valid_in(builder, operands, word)
                answer, failed = function(builder, values[0], values[-1], *limits[0])
                set_values(builder, result, word, answer)
                if failed is not None:
                    valid = builder.and_(valid, builder.not_(builder.bitcast(failed, WORD)))
                set_valid(builder, result, word, valid)

            def of_row(row: Any) -> Any:
                values = [value_of(builder, operand, row) for operand in operands]
                answer, failed = function(builder, values[0], values[-1], *limits[1])
                set_value(builder, result, row, answer)
                return failed

            def after(word: Any, failed: Any) -> None:
                valid = valid_in(builder, operands, word)
                set_valid(builder, result, word, builder.and_(valid, builder.not_(failed)))

            if number in ROW_BY_ROW:
                return lambda: every_row(builder, rows, of_row, after)
            return lambda: every_word(builder, rows, of_word)

        _switch(builder, operation, {number: case(number, function) for number, function in FUNCTIONS.items()})
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7), emit


def _outcomes_signed(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
    return _words(builder, *(builder.icmp_signed(operator, left, right) for operator in ("<", "==", ">")))


def _outcomes_unsigned(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
    return _words(builder, *(builder.icmp_unsigned(operator, left, right) for operator in ("<", "==", ">")))


def _outcomes_int_uint(builder: Any, left: Any, right: Any) -> tuple[Any, Any, Any]:
    below, equal, above = _outcomes_unsigned(builder, left, right)
    negative = builder.bitcast(builder.icmp_signed("<", left, integer(0)), WORD)
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
def compare(typing_context: Any, operation: Any, left: Any, right: Any, wanted: Any, rows: Any, result: Any) -> Any:
    """Set the bits of `result` where the outcome of comparing two registers is in the set `wanted`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        operation, left, right, wanted, rows, result = arguments
        masks = []
        for outcome in (layout.LESS, layout.EQUAL_TO, layout.GREATER, layout.UNORDERED):
            one = builder.and_(builder.udiv(wanted, ir.Constant(WORD, outcome)), ir.Constant(WORD, 1))
            masks.append(builder.neg(one))  # all ones if that outcome is wanted

        def case(outcomes: Callable[[Any, Any, Any], tuple[Any, Any, Any]]) -> Callable[[], None]:
            def body(word: Any) -> None:
                below, equal, above = outcomes(builder, values_of(builder, left, word), values_of(builder, right, word))
                neither = builder.not_(builder.or_(builder.or_(below, equal), above))
                bits = ir.Constant(WORD, 0)
                for outcome, mask in zip((below, equal, above, neither), masks, strict=True):
                    bits = builder.or_(bits, builder.and_(outcome, mask))
                set_bits(builder, result, word, bits)
                set_valid(builder, result, word, valid_in(builder, [left, right], word))

            return lambda: every_word(builder, rows, body)

        _switch(builder, operation, {number: case(outcomes) for number, outcomes in COMPARISONS.items()})
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), emit


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def select_values(typing_context: Any, condition: Any, left: Any, right: Any, rows: Any, result: Any) -> Any:
    """Set the values of `result` to `left` where the bit at the address `condition` is 1, else to `right`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        condition, left, right, rows, result = arguments

        def body(word: Any) -> None:
            chosen = builder.bitcast(bits_at(builder, condition, word), BITS)
            values = builder.select(chosen, values_of(builder, left, word), values_of(builder, right, word))
            set_values(builder, result, word, values)

        every_word(builder, rows, body)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), emit
