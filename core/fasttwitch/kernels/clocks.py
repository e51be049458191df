"""Units and parts of time, 64 rows at a time.

Vectors of 64-bit integers have no division. Quotients of instants are guessed in doubles and then set right. Those of
smaller integers are exact at once: `floor((a + 0.5) * (1 / b))` is the true quotient, because (a + 0.5) / b lies at
least 0.5 / b from any integer, and the two roundings move it by less as long as a is below 2**50.
"""

from typing import Any

from fasttwitch.kernels.addresses import BIT
from fasttwitch.kernels.layout import DATE_OF_MONTH, DAY_OF_YEAR, MONTH, YEAR
from fasttwitch.kernels.rows import DOUBLES, INTS, by_doubles, double, integer

DAY_MICROSECONDS = 86_400_000_000
# Years are counted from 1 March, so that the day of 29 February is the last one (E. G. Richards, "Calendars", in the
# Explanatory Supplement to the Astronomical Almanac, 3rd edition, 2013, section 15.11).
DAYS_TO_MARCH_OF_YEAR_0 = 719_468  # from there to 1970-01-01
DAYS_OF_400_YEARS = 146_097
DAYS_OF_4_YEARS = 1_461
DAYS_FROM_MARCH_TO_JANUARY = 153  # of five months: 31 + 30 + 31 + 30 + 31, again and again


def whole_units_below(builder: Any, values: Any, unit: Any) -> Any:
    """Return int64 quotients of instants or durations by a unit of at least 1,000 µs, rounded downwards.

    The guess is off by one at the most: dividend, reciprocal and product are rounded once each, by at most 2**-53 of
    themselves, and a quotient is below 2**49. Whatever lies under a null gives some int64.
    """
    reciprocal = builder.fdiv(double(1), builder.sitofp(unit, DOUBLES))  # LLVM takes it out of the loop
    guess = by_doubles(builder, "floor", builder.fmul(builder.sitofp(values, DOUBLES), reciprocal))
    quotient = builder.fptosi(guess, INTS)
    rest = builder.sub(values, builder.mul(quotient, unit))
    above = builder.sext(builder.icmp_signed(">=", rest, unit), INTS)
    below = builder.sext(builder.icmp_signed("<", rest, integer(0)), INTS)
    return builder.add(builder.sub(quotient, above), below)  # a true comparison is -1


def whole_units(builder: Any, values: Any, unit: Any) -> Any:
    """Return int64 quotients by such a unit, rounded towards zero."""
    below = whole_units_below(builder, values, unit)
    exact = builder.icmp_signed("==", builder.mul(below, unit), values)
    up = builder.and_(builder.icmp_signed("<", values, integer(0)), builder.not_(exact))
    return builder.sub(below, builder.sext(up, INTS))


def cyclic_part(builder: Any, values: Any, unit: Any, cycle: Any, first: Any) -> Any:
    """Return how many units µs of a clock are past the last multiple of `cycle` units; 1970 began with the `first`."""
    units = builder.sitofp(builder.add(whole_units_below(builder, values, unit), first), DOUBLES)
    length = builder.sitofp(cycle, DOUBLES)
    whole = _floor_of_product(builder, units, builder.fdiv(double(1), length))
    return builder.fptosi(builder.fsub(units, builder.fmul(whole, length)), INTS)


def calendar_part(builder: Any, values: Any, day: Any, part: Any) -> Any:
    """Return year, month, day of month or day of year of µs of a clock.

    part  an LLVM int64: all parts come from one loop, because they share its work
    """
    days = builder.sitofp(whole_units_below(builder, values, day), DOUBLES)
    since_march = builder.fadd(days, double(DAYS_TO_MARCH_OF_YEAR_0))
    four_times = builder.fadd(builder.fmul(since_march, double(4)), double(3))
    century = _quotient(builder, four_times, DAYS_OF_400_YEARS)
    in_century = builder.fsub(since_march, _floor_of_quarter(builder, century, DAYS_OF_400_YEARS))
    four_times = builder.fadd(builder.fmul(in_century, double(4)), double(3))
    year_of_century = _quotient(builder, four_times, DAYS_OF_4_YEARS)
    in_year = builder.fsub(in_century, _floor_of_quarter(builder, year_of_century, DAYS_OF_4_YEARS))
    march_year = builder.fadd(builder.fmul(century, double(100)), year_of_century)

    five_times = builder.fadd(builder.fmul(in_year, double(5)), double(2))
    march_month = _quotient(builder, five_times, DAYS_FROM_MARCH_TO_JANUARY)
    begin = builder.fadd(builder.fmul(march_month, double(DAYS_FROM_MARCH_TO_JANUARY)), double(2))
    in_month = builder.fsub(in_year, _quotient(builder, begin, 5))
    next_year = builder.fcmp_ordered(">=", march_month, double(10))  # January and February
    month = builder.fsub(builder.fadd(march_month, double(2)), builder.select(next_year, double(12), double(0)))
    year = builder.fadd(march_year, builder.select(next_year, double(1), double(0)))

    result = builder.select(_is(builder, part, YEAR), year, in_month)
    result = builder.select(_is(builder, part, MONTH), month, result)
    result = builder.select(_is(builder, part, DATE_OF_MONTH), builder.fadd(in_month, double(1)), result)
    day_of_year = builder.fsub(days, _days_before_year(builder, year))
    return builder.fptosi(builder.select(_is(builder, part, DAY_OF_YEAR), day_of_year, result), INTS)


def _days_before_year(builder: Any, year: Any) -> Any:
    """Return the days from 1970-01-01 to the year's first of January."""
    before = builder.fsub(year, double(1))
    leaps = builder.fsub(_quotient(builder, before, 4), _quotient(builder, before, 100))
    leaps = builder.fadd(leaps, _quotient(builder, before, 400))
    return builder.fadd(builder.fmul(before, double(365)), builder.fsub(leaps, double(719_162)))


def _quotient(builder: Any, values: Any, divisor: int) -> Any:
    return _floor_of_product(builder, values, double(1 / divisor))


def _floor_of_product(builder: Any, values: Any, reciprocal: Any) -> Any:
    # With divisions in place of products a year cost half as much again.
    return by_doubles(builder, "floor", builder.fmul(builder.fadd(values, double(0.5)), reciprocal))


def _floor_of_quarter(builder: Any, count: Any, days: int) -> Any:
    return by_doubles(builder, "floor", builder.fmul(builder.fmul(count, double(days)), double(0.25)))


def _is(builder: Any, part: Any, number: int) -> Any:
    """Return whether `part` is `number`, as LLVM's bit."""
    bit = builder.icmp_signed("==", part, part.type(number))
    assert bit.type == BIT
    return bit
