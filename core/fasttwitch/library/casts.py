"""Conversions between scalar types: a function named `target_of_source` for each.

Instants are µs since 1970 UTC, durations µs, dates days since 1970. None: the value has no counterpart.
"""

import math
import re
from datetime import date
from decimal import Decimal

from fasttwitch.library.mathematics import INT_HIGH, INT_LOW, UINT_HIGH
from fasttwitch.library.versions import Version, text_of
from fasttwitch.library.zones import Zone, local_time

SECOND = 1_000_000
DAY = 86_400 * SECOND
FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01, 9999-12-31
FIRST_SECOND, LAST_SECOND = FIRST_DAY * 86_400, LAST_DAY * 86_400 + 86_399


def int_of_double(value: float) -> int | None:
    """Return the value without its fraction; both ends of the range are refused, as CEL demands."""
    return math.trunc(value) if -_TWO_TO_63 < value < _TWO_TO_63 else None


def int_of_string(text: str) -> int | None:
    """Return the int that ASCII digits name, a sign before them or not (Go's `ParseInt` of base 10)."""
    match = _INT.fullmatch(text)
    if match is None:
        return None
    value = int(match[2] or "0")
    if match[1] == "-":
        value = -value
    return value if INT_LOW <= value <= INT_HIGH else None


def int_of_timestamp(instant: int) -> int:
    """Return the whole seconds since 1970, downwards."""
    return instant // SECOND


def int_of_uint(value: int) -> int | None:
    """Return the same number."""
    return value if value <= INT_HIGH else None


def int_of_decimal(value: Decimal) -> int | None:
    """Return the value without its fraction."""
    whole = math.trunc(value)
    return whole if INT_LOW <= whole <= INT_HIGH else None


def uint_of_int(value: int) -> int | None:
    """Return the same number."""
    return value if value >= 0 else None


def uint_of_double(value: float) -> int | None:
    """Return the value without its fraction; whatever is below zero is refused."""
    return math.trunc(value) if 0.0 <= value < _TWO_TO_64 else None


def uint_of_string(text: str) -> int | None:
    """Return the uint that ASCII digits name; no sign (Go's `ParseUint` of base 10)."""
    match = _UINT.fullmatch(text)
    if match is None:
        return None
    value = int(match[1] or "0")
    return value if value <= UINT_HIGH else None


def uint_of_decimal(value: Decimal) -> int | None:
    """Return the value without its fraction; whatever is below zero is refused."""
    whole = math.trunc(value)
    return whole if value >= 0 and whole <= UINT_HIGH else None


def double_of_number(value: int) -> float:
    """Return the double nearest to an int or uint, the even one of two."""
    return float(value)


def double_of_string(text: str) -> float | None:
    """Return the double nearest to the number a text names: decimal, hexadecimal, inf or NaN (Go's `ParseFloat`).

    Neither spaces nor underscores; a number beyond the range of doubles is refused.
    """
    if _DOUBLE.fullmatch(text):
        value = float(text)
        return None if math.isinf(value) else value
    if _HEXADECIMAL.fullmatch(text):
        try:
            return float.fromhex(text)
        except OverflowError:
            return None
    return float(text) if _SPECIAL.fullmatch(text) else None


def double_of_decimal(value: Decimal) -> float:
    """Return the nearest double."""
    return float(value)


def string_of_int(value: int) -> str:
    """Return the decimal digits of an int or uint."""
    return str(value)


def string_of_double(value: float) -> str:
    """Return the shortest text that names this double, as Go's `%g` prints it: `1.5`, `1e+06`, `NaN`, `+Inf`."""
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    digits = repr(value)
    if "e" in digits:
        return digits
    if abs(value) < 1e6:
        return digits.removesuffix(".0")
    # Python keeps to plain digits up to 1e16. Formatting the value anew could round its shortest digits differently.
    whole, _, fraction = digits.lstrip("-").partition(".")
    rest = (whole[1:] + fraction).rstrip("0")
    return f"{'-' if value < 0 else ''}{whole[0]}{'.' if rest else ''}{rest}e+{len(whole) - 1:02}"


def string_of_bool(value: bool) -> str:
    """Return `true` or `false`."""
    return "true" if value else "false"


def string_of_timestamp(instant: int) -> str:
    """Return the instant as RFC 3339 in UTC, with as many digits of a fraction as it has: `2026-01-31T09:30:00.5Z`."""
    day, rest = divmod(instant, DAY)
    seconds, fraction = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{string_of_date(day)}T{minutes // 60:02}:{minutes % 60:02}:{second:02}{_fraction(fraction)}Z"


def string_of_duration(duration: int) -> str:
    """Return the duration in seconds, with as many digits of a fraction as it has: `90s`, `-1.5s`."""
    seconds, fraction = divmod(abs(duration), SECOND)
    return f"{'-' if duration < 0 else ''}{seconds}{_fraction(fraction)}s"


def string_of_date(day: int) -> str:
    """Return the day as ISO 8601 has it: `2026-01-31`."""
    return date.fromordinal(day - FIRST_DAY + 1).isoformat()


def string_of_decimal(value: Decimal) -> str:
    """Return plain digits, with as many after the point as the column's scale or the constant's text has."""
    return format(value, "f")


def string_of_semver(version: Version) -> str:
    """Return the version as it is written, without build metadata."""
    return text_of(version)


def bool_of_string(text: str) -> bool | None:
    """Return the truth value that CEL's ten words name."""
    return _TRUTH.get(text)


def timestamp_of_seconds(seconds: int) -> int | None:
    """Return the instant so many seconds after 1970 began in UTC; the years 1 to 9999 have instants."""
    return seconds * SECOND if FIRST_SECOND <= seconds <= LAST_SECOND else None


def timestamp_of_date(day: int) -> int | None:
    """Return the day's midnight in UTC."""
    return day * DAY if FIRST_DAY <= day <= LAST_DAY else None


def date_of_timestamp(instant: int, zone: Zone | None = None) -> int | None:
    """Return the day on the zone's calendar (default: UTC), if it lies in the years 1 to 9999."""
    day = (instant if zone is None else local_time(zone, instant)) // DAY
    return day if FIRST_DAY <= day <= LAST_DAY else None


_TWO_TO_63, _TWO_TO_64 = 2.0**63, 2.0**64
# Leading zeros do not count, and the longest int has nineteen digits, the longest uint twenty: `int()` never sees more.
_INT = re.compile(r"([+-]?)(?=[0-9])0*([1-9][0-9]{0,18})?")
_UINT = re.compile(r"(?=[0-9])0*([1-9][0-9]{0,19})?")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEXADECIMAL = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+")
_SPECIAL = re.compile(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE | re.ASCII)
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE", "t", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "0"), False),
}


def _fraction(microseconds: int) -> str:
    return f".{microseconds:06}".rstrip("0") if microseconds else ""
