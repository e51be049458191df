"""What the functions of registers must do, one row at a time: Python's integers, `math` and calendar arithmetic."""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from fasttwitch.kernels import layout

Value: TypeAlias = bool | int | float | None  # None: invalid

INT_LOW, INT_HIGH, UINT_HIGH = -(2**63), 2**63 - 1, 2**64 - 1
DAY, SECOND = 86_400_000_000, 1_000_000


def to_int(value: float) -> Value:
    """Return a double as int: both ends of the range are out."""
    return int(value) if -(2.0**63) < value < 2.0**63 else None


def to_uint(value: float) -> Value:
    """Return a double as uint; what is below zero fails, even where truncation would give 0."""
    return int(value) if 0.0 <= value < 2.0**64 else None


def sign(value: float) -> float:
    """Return -1, 0 or 1; NaN of NaN."""
    return value if math.isnan(value) else float((value > 0) - (value < 0))


def whole(function: Callable[[float], int]) -> Callable[[float, int], Value]:
    """Return a rounding of doubles that leaves what is not finite, and the sign of zero."""
    return lambda a, extra: math.copysign(function(a), a) if math.isfinite(a) else a


def half_away(value: float) -> int:
    """Return the nearest integer, halves away from zero, without rounding on the way."""
    numerator, denominator = abs(value).as_integer_ratio()
    size = (2 * numerator + denominator) // (2 * denominator)
    return size if value >= 0 else -size


def square_root(value: float) -> float:
    """Return the root; NaN of what has none."""
    return math.nan if value < 0 else math.sqrt(value)


def shifted(shift: Callable[[int, int], int]) -> Callable[[int, int, int], Value]:
    """Return a shift of 64 bits, given as int or uint, with the result in the sign of the operand."""

    def function(a: int, b: int, extra: int) -> Value:
        if b < 0:
            return None
        bits = 0 if b > 63 else shift(a % 2**64, b) % 2**64
        return as_signed(bits) if extra else bits

    return function


def as_signed(bits: int) -> int:
    """Return 64 bits as int64."""
    return bits - 2**64 if bits >= 2**63 else bits


def truncated(value: int, unit: int) -> int:
    """Return whole units, towards zero."""
    return value // unit if value >= 0 else -(-value // unit)


def calendar_part(clock: int, part: int) -> int:
    """Return a part of µs of a clock, which may stand a day outside the years 1 to 9999."""
    days, rest = divmod(clock, DAY)
    if part == layout.HOURS:
        return rest // (3600 * SECOND)
    if part == layout.MINUTES:
        return rest // (60 * SECOND) % 60
    if part == layout.SECONDS:
        return rest // SECOND % 60
    if part == layout.MILLISECONDS:
        return rest // 1000 % 1000
    if part == layout.DAY_OF_WEEK:
        return (days + 4) % 7
    cycles = 0 if layout.DATE_LOW <= days <= layout.DATE_HIGH else (1 if days < 0 else -1)
    day = date(1970, 1, 1) + timedelta(days + cycles * 146_097)
    return {
        layout.YEAR: day.year - 400 * cycles,
        layout.MONTH: day.month - 1,
        layout.DAY_OF_MONTH: day.day - 1,
        layout.DATE_OF_MONTH: day.day,
        layout.DAY_OF_YEAR: day.timetuple().tm_yday - 1,
    }[part]


# As `kernels_evaluate.FUNCTIONS`: of one register (a, extra), of two (a, b, extra).
FUNCTIONS: dict[int, Callable[..., Value]] = {
    layout.INT_TO_UINT: lambda a, extra: a if a >= 0 else None,
    layout.UINT_TO_INT: lambda a, extra: a if a <= INT_HIGH else None,
    layout.DOUBLE_TO_INT: lambda a, extra: to_int(a),
    layout.DOUBLE_TO_UINT: lambda a, extra: to_uint(a),
    layout.INSTANT_TO_SECONDS: lambda a, extra: a // SECOND,
    layout.SECONDS_TO_INSTANT: lambda a, extra: (
        a * SECOND if layout.TIMESTAMP_LOW <= a * SECOND <= layout.TIMESTAMP_HIGH else None
    ),
    layout.INSTANT_TO_DATE: lambda a, extra: a // DAY,
    layout.DATE_TO_INSTANT: lambda a, extra: a * DAY,
    layout.ABSOLUTE_INT: lambda a, extra: abs(a) if a > INT_LOW else None,
    layout.ABSOLUTE_DOUBLE: lambda a, extra: abs(a),
    layout.SIGN_INT: lambda a, extra: (a > 0) - (a < 0),
    layout.SIGN_UINT: lambda a, extra: int(a > 0),
    layout.SIGN_DOUBLE: lambda a, extra: sign(a),
    layout.CEILING: whole(math.ceil),
    layout.FLOOR: whole(math.floor),
    layout.ROUND: whole(half_away),
    layout.TRUNCATE: whole(math.trunc),
    layout.SQUARE_ROOT: lambda a, extra: square_root(a),
    layout.LEAST_INT: lambda a, b, extra: b if b < a else a,
    layout.LEAST_UINT: lambda a, b, extra: b if b < a else a,
    layout.LEAST_DOUBLE: lambda a, b, extra: b if b < a else a,
    layout.GREATEST_INT: lambda a, b, extra: b if b > a else a,
    layout.GREATEST_UINT: lambda a, b, extra: b if b > a else a,
    layout.GREATEST_DOUBLE: lambda a, b, extra: b if b > a else a,
    layout.BIT_AND: lambda a, b, extra: a & b,
    layout.BIT_OR: lambda a, b, extra: a | b,
    layout.BIT_XOR: lambda a, b, extra: a ^ b,
    layout.BIT_NOT: lambda a, extra: ~a if extra else UINT_HIGH - a,
    # The kernel has one set of bits for int and uint; here EXTRA = 1 says int.
    layout.SHIFT_LEFT: shifted(lambda a, b: a << b),
    layout.SHIFT_RIGHT: shifted(lambda a, b: a >> b),
    layout.IS_NAN: lambda a, extra: math.isnan(a),
    layout.IS_INFINITE: lambda a, extra: math.isinf(a),
    layout.IS_FINITE: lambda a, extra: math.isfinite(a),
    layout.CALENDAR_PART: calendar_part,
    layout.DURATION_PART: truncated,
    layout.DURATION_MILLISECONDS: lambda a, extra: truncated(a - truncated(a, SECOND) * SECOND, 1000),
}


def offset_at(transitions: Sequence[int], offsets: Sequence[int], start: int, cycle: int, instant: int) -> int:
    """Return a zone's offset at an instant, by asking every transition."""
    while cycle and instant >= start + cycle:
        instant -= cycle
    return offsets[sum(transition <= instant for transition in transitions)]


def local_date(transitions: Sequence[int], offsets: Sequence[int], start: int, cycle: int, instant: int) -> int:
    """Return the local date at an instant, as days."""
    return (instant + offset_at(transitions, offsets, start, cycle, instant)) // DAY


def start_of_day(transitions: Sequence[int], offsets: Sequence[int], start: int, cycle: int, instant: int) -> Value:
    """Return the earliest instant of the same local date: one of few at which a date can begin."""
    day = local_date(transitions, offsets, start, cycle, instant)
    turns = [
        transition + turn * cycle
        for transition in [*transitions, start + cycle]
        for turn in (range(26) if cycle and transition >= start else [0])
    ]
    near = [turn for turn in turns if abs(turn - instant) < 4 * DAY]
    begins = [day * DAY - offset for offset in set(offsets)]
    same = [i for i in near + begins if local_date(transitions, offsets, start, cycle, i) == day]
    earliest = min(same)
    return earliest if earliest >= layout.TIMESTAMP_LOW else None
