"""What the functions named after types do; None where a value has no counterpart in the other type."""

import math
import re
from decimal import ROUND_DOWN, Context, Decimal

from tests.oracle.instants import DAY, FIRST_DATE, LAST_DATE, SECOND, moment

EXACT = Context(prec=400)
INTEGER = re.compile(r"[+-]?[0-9]+")
NATURAL = re.compile(r"[0-9]+")
DECIMAL_DOUBLE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?", re.IGNORECASE)
HEXADECIMAL_DOUBLE = re.compile(r"[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?[0-9]+", re.IGNORECASE)
NAMED_DOUBLE = re.compile(r"[+-]?(?:inf|infinity)|nan", re.IGNORECASE)
TRUTHS = dict.fromkeys(("1", "t", "true", "TRUE", "True"), True) | dict.fromkeys(
    ("0", "f", "false", "FALSE", "False"), False
)
LONGEST_FIXED = 6  # digits before the point; Go's `FormatFloat(x, 'g', -1, 64)` writes longer ones with an exponent


def in_int(number: int) -> int | None:
    """Return the number if an int can hold it."""
    return number if -(2**63) <= number < 2**63 else None


def in_uint(number: int) -> int | None:
    """Return the number if a uint can hold it."""
    return number if 0 <= number < 2**64 else None


def int_of_double(number: float) -> int | None:
    """Return the double without its fraction; the ends of int64 themselves are out of reach, as CEL has it."""
    return int(number) if -(2.0**63) < number < 2.0**63 else None


def uint_of_double(number: float) -> int | None:
    """Return the double without its fraction; nothing below zero."""
    return int(number) if 0.0 <= number < 2.0**64 else None


def int_of_decimal(number: Decimal) -> int | None:
    """Return the decimal without its fraction."""
    return in_int(int(number.to_integral_value(ROUND_DOWN, EXACT)))


def uint_of_decimal(number: Decimal) -> int | None:
    """Return the decimal without its fraction; nothing below zero, as with doubles."""
    return in_uint(int(number.to_integral_value(ROUND_DOWN, EXACT))) if number >= 0 else None


def int_of_string(text: str) -> int | None:
    """Return the int that plain digits write, a sign before them or none."""
    return in_int(int(text)) if INTEGER.fullmatch(text) and len(text) < 4000 else None


def uint_of_string(text: str) -> int | None:
    """Return the uint that plain digits write, without a sign."""
    return in_uint(int(text)) if NATURAL.fullmatch(text) and len(text) < 4000 else None


def double_of_string(text: str) -> float | None:
    """Return the double nearest to what the text writes; what is too big for a finite one is unknown."""
    if NAMED_DOUBLE.fullmatch(text):
        return float(text)
    if DECIMAL_DOUBLE.fullmatch(text):
        number = float(text)
    elif HEXADECIMAL_DOUBLE.fullmatch(text):
        try:
            number = float.fromhex(text)
        except OverflowError:
            return None
    else:
        return None
    return number if math.isfinite(number) else None


def bool_of_string(text: str) -> bool | None:
    """Return what the word says."""
    return TRUTHS.get(text)


def string_of_bool(truth: bool) -> str:
    """Return `true` or `false`."""
    return "true" if truth else "false"


def string_of_double(number: float) -> str:
    """Return the fewest digits that name the double, as Go prints it: an exponent below 1e-04 and from 1e+06 on."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
    shortest = Decimal(repr(number)).normalize(EXACT)
    if number == 0.0 or -4 <= shortest.adjusted() < LONGEST_FIXED:
        return format(shortest, "f")
    sign, digits, _ = shortest.as_tuple()
    fraction = "".join(map(str, digits[1:]))
    return f"{'-' * sign}{digits[0]}{'.' * bool(fraction)}{fraction}e{shortest.adjusted():+03d}"


def plain_double(number: float) -> str:
    """Return the fewest digits that name the double, never with an exponent, as `format` prints it."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    return format(Decimal(repr(number)).normalize(EXACT), "f")


def string_of_decimal(number: Decimal) -> str:
    """Return all digits of a decimal, without an exponent."""
    return format(number, "f")


def string_of_timestamp(instant: int) -> str:
    """Return an instant in UTC as RFC 3339 writes it, with as much of a fraction as there is."""
    seconds, fraction = divmod(instant, SECOND)
    return f"{moment(seconds * SECOND).replace(tzinfo=None).isoformat()}{fractional(fraction)}Z"


def fractional(microseconds: int) -> str:
    """Return a part of a second as `.5`, or nothing of zero."""
    return f".{microseconds:06d}".rstrip("0") if microseconds else ""


def string_of_duration(length: int) -> str:
    """Return a duration in seconds, with as much of a fraction as there is."""
    seconds, fraction = divmod(abs(length), SECOND)
    return f"{'-' if length < 0 else ''}{seconds}{fractional(fraction)}s"


def string_of_date(day: int) -> str:
    """Return a day as ISO 8601 writes it."""
    return moment(day * DAY).date().isoformat()


def in_calendar(day: int) -> int | None:
    """Return the day if it lies in the years 1 to 9999."""
    return day if FIRST_DATE <= day <= LAST_DATE else None
