"""The language's functions of one or two registers: conversions, mathematics, bits, units and parts of time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fasttwitch.kernels import layout
from fasttwitch.kernels.addresses import WORD, splat
from fasttwitch.kernels.clocks import DAY_MICROSECONDS, calendar_part, cyclic_part, whole_units, whole_units_below
from fasttwitch.kernels.jit import linked, routine
from fasttwitch.kernels.rows import (
    INTS,
    ROWS,
    as_doubles,
    as_words,
    by_doubles,
    double,
    every_word,
    integer,
    set_bits,
    set_valid,
    set_values,
    valid_in,
    values_of,
)

LOWEST = -(2**63)
INFINITE_BITS = 0x7FF0_0000_0000_0000
SECOND_MICROSECONDS, MILLISECOND_MICROSECONDS = 1_000_000, 1_000


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a step says beside its registers, as LLVM int64s; each kind of function reads them as it needs.

    unit   microseconds of a unit
    low    lowest operand, or the cycle's length in units
    high   highest operand, or where in the cycle 1970 began
    extra  STEP_EXTRA
    """

    unit: Any
    low: Any
    high: Any
    extra: Any


# (builder, left, right, parameters) → (result, the rows that failed, or None where nothing can)
Emit = Callable[[Any, Any, Any, Parameters], tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Function:
    """How to compute an operation, or several that differ in their parameters only."""

    operations: tuple[int, ...]
    emit: Emit
    operands: int = 1
    gives_bits: bool = False


def _to_other_sign(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return left, builder.icmp_signed("<", left, integer(0))


def _double_to_int(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    # Both ends are out: the conformance suite wants int(-2.0**63) to fail, although an int64 holds it.
    value = as_doubles(builder, left)
    inside = builder.and_(
        builder.fcmp_ordered(">", value, double(-(2.0**63))), builder.fcmp_ordered("<", value, double(2.0**63))
    )
    return builder.fptosi(builder.select(inside, value, double(0.0)), INTS), builder.not_(inside)


def _double_to_uint(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    value = as_doubles(builder, left)
    inside = builder.and_(
        builder.fcmp_ordered(">=", value, double(0.0)), builder.fcmp_ordered("<", value, double(2.0**64))
    )
    return builder.fptoui(builder.select(inside, value, double(0.0)), INTS), builder.not_(inside)


def _units(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return whole_units_below(builder, left, splat(builder, given.unit, ROWS)), None


def _from_units(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    failed = builder.or_(
        builder.icmp_signed("<", left, splat(builder, given.low, ROWS)),
        builder.icmp_signed(">", left, splat(builder, given.high, ROWS)),
    )
    return builder.mul(left, splat(builder, given.unit, ROWS)), failed


def _cyclic_part(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    unit, cycle, first = (splat(builder, number, ROWS) for number in (given.unit, given.low, given.high))
    return cyclic_part(builder, left, unit, cycle, first), None


def _calendar_part(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return calendar_part(builder, left, integer(DAY_MICROSECONDS), given.extra), None


def _duration_part(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return whole_units(builder, left, splat(builder, given.unit, ROWS)), None


def _duration_milliseconds(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    seconds = whole_units(builder, left, integer(SECOND_MICROSECONDS))
    rest = builder.sub(left, builder.mul(seconds, integer(SECOND_MICROSECONDS)))
    return whole_units(builder, rest, integer(MILLISECOND_MICROSECONDS)), None


def _absolute_int(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    negative = builder.icmp_signed("<", left, integer(0))
    return builder.select(negative, builder.neg(left), left), builder.icmp_signed("==", left, integer(LOWEST))


def _absolute_double(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return builder.and_(left, integer(2**63 - 1)), None


def _sign_int(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    positive = builder.zext(builder.icmp_signed(">", left, integer(0)), INTS)
    return builder.or_(builder.ashr(left, integer(63)), positive), None


def _sign_uint(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return builder.zext(builder.icmp_unsigned("!=", left, integer(0)), INTS), None


def _sign_double(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    value = as_doubles(builder, left)
    sign = builder.select(builder.fcmp_ordered(">", value, double(0.0)), double(1.0), double(0.0))
    sign = builder.select(builder.fcmp_ordered("<", value, double(0.0)), double(-1.0), sign)
    nan = builder.fcmp_unordered("uno", value, value)
    return as_words(builder, builder.select(nan, value, sign)), None


def _by_intrinsic(name: str) -> Emit:
    """Return an operation that is one instruction of IEEE."""

    def emit(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
        return as_words(builder, by_doubles(builder, name, as_doubles(builder, left))), None

    return emit


def _round(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    # The fraction is exact, `floor(x + 0.5)` is not: it rounds 0.49999999999999994 and 2**52 + 1 up.
    value = as_doubles(builder, left)
    whole = by_doubles(builder, "trunc", value)
    fraction = by_doubles(builder, "fabs", builder.fsub(value, whole))  # NaN of an infinite value
    away = builder.fadd(whole, by_doubles(builder, "copysign", double(1.0), value))
    return as_words(builder, builder.select(builder.fcmp_ordered(">=", fraction, double(0.5)), away, whole)), None


def _right_if(compare: str, operator: str) -> Emit:
    """Return the choice of the right operand where `right operator left`."""

    def emit(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
        doubles = compare == "fcmp_ordered"
        sides = [as_doubles(builder, side) if doubles else side for side in (right, left)]
        return builder.select(getattr(builder, compare)(operator, *sides), right, left), None

    return emit


def _bitwise(method: str) -> Emit:
    def emit(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
        return getattr(builder, method)(left, right), None

    return emit


def _bit_not(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    return builder.not_(left), None


def _shift(method: str) -> Emit:
    def emit(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
        shifted = getattr(builder, method)(left, builder.and_(right, integer(63)))  # more is undefined in LLVM
        far = builder.icmp_unsigned(">", right, integer(63))
        return builder.select(far, integer(0), shifted), builder.icmp_signed("<", right, integer(0))

    return emit


def _is_nan(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
    value = as_doubles(builder, left)
    return builder.fcmp_unordered("uno", value, value), None


def _has_exponent(operator: str, mask: int) -> Emit:
    """Return the comparison of some bits with those of infinity."""

    def emit(builder: Any, left: Any, right: Any, given: Parameters) -> tuple[Any, Any]:
        return builder.icmp_unsigned(operator, builder.and_(left, integer(mask)), integer(INFINITE_BITS)), None

    return emit


# Operations of this file alone: CALENDAR_PART is two of them.
CYCLIC_PART = -1

FUNCTIONS = (
    Function((layout.INT_TO_UINT, layout.UINT_TO_INT), _to_other_sign),
    Function((layout.DOUBLE_TO_INT,), _double_to_int),
    Function((layout.DOUBLE_TO_UINT,), _double_to_uint),
    Function((layout.INSTANT_TO_SECONDS, layout.INSTANT_TO_DATE), _units),
    Function((layout.SECONDS_TO_INSTANT, layout.DATE_TO_INSTANT), _from_units),
    Function((layout.CALENDAR_PART,), _calendar_part),
    Function((CYCLIC_PART,), _cyclic_part),
    Function((layout.DURATION_PART,), _duration_part),
    Function((layout.DURATION_MILLISECONDS,), _duration_milliseconds),
    Function((layout.ABSOLUTE_INT,), _absolute_int),
    Function((layout.ABSOLUTE_DOUBLE,), _absolute_double),
    Function((layout.SIGN_INT,), _sign_int),
    Function((layout.SIGN_UINT,), _sign_uint),
    Function((layout.SIGN_DOUBLE,), _sign_double),
    Function((layout.CEILING,), _by_intrinsic("ceil")),
    Function((layout.FLOOR,), _by_intrinsic("floor")),
    Function((layout.ROUND,), _round),
    Function((layout.TRUNCATE,), _by_intrinsic("trunc")),
    Function((layout.SQUARE_ROOT,), _by_intrinsic("sqrt")),
    Function((layout.LEAST_INT,), _right_if("icmp_signed", "<"), operands=2),
    Function((layout.LEAST_UINT,), _right_if("icmp_unsigned", "<"), operands=2),
    Function((layout.LEAST_DOUBLE,), _right_if("fcmp_ordered", "<"), operands=2),
    Function((layout.GREATEST_INT,), _right_if("icmp_signed", ">"), operands=2),
    Function((layout.GREATEST_UINT,), _right_if("icmp_unsigned", ">"), operands=2),
    Function((layout.GREATEST_DOUBLE,), _right_if("fcmp_ordered", ">"), operands=2),
    Function((layout.BIT_AND,), _bitwise("and_"), operands=2),
    Function((layout.BIT_OR,), _bitwise("or_"), operands=2),
    Function((layout.BIT_XOR,), _bitwise("xor"), operands=2),
    Function((layout.BIT_NOT,), _bit_not),
    Function((layout.SHIFT_LEFT,), _shift("shl"), operands=2),
    Function((layout.SHIFT_RIGHT,), _shift("lshr"), operands=2),
    Function((layout.IS_NAN,), _is_nan, gives_bits=True),
    Function((layout.IS_INFINITE,), _has_exponent("==", 2**63 - 1), gives_bits=True),
    Function((layout.IS_FINITE,), _has_exponent("!=", INFINITE_BITS), gives_bits=True),
)


@routine
def _unit_of(operation: int, extra: int) -> Any:
    """Return the µs of an operation's unit."""
    if operation == layout.DURATION_PART:
        return extra
    if operation == layout.CALENDAR_PART and extra != layout.DAY_OF_WEEK:
        return _unit_of_clock(extra)
    if operation in (layout.INSTANT_TO_SECONDS, layout.SECONDS_TO_INSTANT):
        return SECOND_MICROSECONDS
    return DAY_MICROSECONDS


@routine
def _unit_of_clock(part: int) -> int:
    if part == layout.HOURS:
        return 3600 * SECOND_MICROSECONDS
    if part == layout.MINUTES:
        return 60 * SECOND_MICROSECONDS
    return SECOND_MICROSECONDS if part == layout.SECONDS else MILLISECOND_MICROSECONDS


@routine
def _low_of(operation: int, extra: int) -> int:
    """Return the lowest operand, or the length of a part's cycle."""
    if operation == layout.SECONDS_TO_INSTANT:
        return layout.TIMESTAMP_LOW // SECOND_MICROSECONDS
    if operation == layout.DATE_TO_INSTANT:
        return layout.DATE_LOW
    if extra == layout.DAY_OF_WEEK:
        return 7
    if extra == layout.HOURS:
        return 24
    return 1000 if extra == layout.MILLISECONDS else 60


@routine
def _high_of(operation: int, extra: int) -> int:
    """Return the highest operand, or where in its cycle a part began in 1970."""
    if operation == layout.SECONDS_TO_INSTANT:
        return layout.TIMESTAMP_HIGH // SECOND_MICROSECONDS
    if operation == layout.DATE_TO_INSTANT:
        return layout.DATE_HIGH
    return 4 if extra == layout.DAY_OF_WEEK else 0  # a Thursday


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _emitted(
    typing_context: Any,
    operation: Any,
    left: Any,
    right: Any,
    unit: Any,
    low: Any,
    high: Any,
    extra: Any,
    rows: Any,
    result: Any,
) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        operation, left, right, *parameters, rows, result = arguments
        given = Parameters(*parameters)
        done = builder.append_basic_block("done")
        jump = builder.switch(operation, done)
        for function in FUNCTIONS:
            block = builder.append_basic_block("function")
            for number in function.operations:
                jump.add_case(ir.Constant(WORD, number), block)
            builder.position_at_end(block)
            _emit_loop(builder, function, [left, right][: function.operands], given, rows, result)
            builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 9), emit


def _emit_loop(
    builder: Any, function: Function, operands: list[Any], given: Parameters, rows: Any, result: Any
) -> None:
    """Emit a function's loop over rows."""

    def body(word: Any) -> None:
        values = [values_of(builder, operand, word) for operand in operands]
        valid = valid_in(builder, operands, word)
        answer, failed = function.emit(builder, values[0], values[-1], given)
        (set_bits if function.gives_bits else set_values)(builder, result, word, answer)
        if failed is not None:
            valid = builder.and_(valid, builder.not_(builder.bitcast(failed, WORD)))
        set_valid(builder, result, word, valid)

    every_word(builder, rows, body)


@linked("fasttwitch_apply_function", types.void(*[types.int64] * 6))
def apply_function(operation: int, left: int, right: int, extra: int, rows: int, result: int) -> None:
    """Set the register `result` to a function of registers; `result` may be one of them where it is no bits."""
    cyclic = operation == layout.CALENDAR_PART and (extra == layout.DAY_OF_WEEK or extra >= layout.HOURS)
    _emitted(
        CYCLIC_PART if cyclic else operation,
        left,
        right,
        _unit_of(operation, extra),
        _low_of(operation, extra),
        _high_of(operation, extra),
        extra,
        rows,
        result,
    )
