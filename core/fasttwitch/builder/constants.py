"""Python values as constants of the rule language."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from fasttwitch.syntax.literals import MAXIMUM_INT, MAXIMUM_UINT, MINIMUM_INT
from fasttwitch.syntax.nodes import Call, Constant, Expression

PythonValue: TypeAlias = bool | int | float | Decimal | str | date | timedelta | np.generic | None
"""What can be written as one constant; a datetime is a date, too."""

NOWHERE = (0, 0)  # the span of what stands in no text

_MICROSECOND = timedelta(microseconds=1)
_UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))


def constant(value: PythonValue) -> Expression:
    """Return the tree of a value; instants, days and lengths of time are calls of a constant: `days(30)`.

    An int past the largest signed one is a uint; a NumPy number keeps its type. A Decimal keeps its digits. A datetime
    without a time zone is read as UTC. Raises TypeError for other types and ValueError for what no text can say.
    """
    match value:
        case None:
            return Constant("null", None, NOWHERE)
        case bool() | np.bool_():
            return Constant("bool", bool(value), NOWHERE)
        case timedelta() | np.timedelta64():  # before NumPy's integers, which it counts this among
            return _length(value)
        case np.unsignedinteger():
            return Constant("uint", int(value), NOWHERE, f"{value}u")
        case int() | np.signedinteger():
            return _whole(int(value))
        case float() | np.floating():
            return _double(value)
        case Decimal():
            return _decimal(value)
        case str():
            return _text(value)
        case datetime() | np.datetime64():
            return _instant(value)
        case date():
            return _called("date", value.isoformat())
        case _:
            raise TypeError(_unknown(value))


def _unknown(value: object) -> str:
    kind = type(value).__name__
    if isinstance(value, bytes):
        return f"{value!r} is bytes, and rules know text alone: decode it first"
    if hasattr(value, "as_py") or hasattr(value, "to_pylist"):
        return f"an Arrow `{kind}` cannot stand in a rule: convert it with `.as_py()` or `.to_pylist()`"
    return f"a `{kind}` cannot stand in a rule: give text, a number, a bool, a date, a datetime or a timedelta"


def _text(value: str) -> Constant:
    plain = str.__str__(value)  # of a subclass (an Enum's member, NumPy's str) the letters alone
    try:
        plain.encode()
    except UnicodeEncodeError:
        raise ValueError(f"half of a character stands in {plain!r}") from None
    return Constant("string", plain, NOWHERE)


def _whole(value: int) -> Constant:
    if MINIMUM_INT <= value <= MAXIMUM_INT:
        return Constant("int", value, NOWHERE, str(value))
    if 0 <= value <= MAXIMUM_UINT:
        return Constant("uint", value, NOWHERE, f"{value}u")
    shown = value if abs(value) < 10**40 else "this number"  # a number of 5,000 digits cannot even be printed
    raise ValueError(f"{shown} is out of range: an int has 64 bits")


def _double(value: "float | np.floating") -> Constant:
    double = float(value)  # a float32 is widened, as a column of that type is
    if double != double:
        raise ValueError("NaN equals nothing, not even itself: use `math.is_nan(x)`")
    if double in (float("inf"), float("-inf")):
        raise ValueError(f"{double} cannot be written as a number: use `math.is_inf(x)`, or a bound that is finite")
    return Constant("double", double, NOWHERE, repr(double))


def _decimal(value: Decimal) -> Constant:
    """Return a double whose digits are kept: beside a decimal column they count, not the nearest double."""
    if not value.is_finite():
        raise ValueError(f"{value} cannot be written as a number")
    written = str(value)
    if written.lstrip("-").isdigit():
        written += ".0"
    double = float(written)
    if double in (float("inf"), float("-inf")):
        raise ValueError(f"{value} is too large for a number: the largest double is about 1.8e+308")
    return Constant("double", double, NOWHERE, written)


def _called(function: str, argument: str) -> Call:
    return Call(function, None, (Constant("string", argument, NOWHERE),), NOWHERE, NOWHERE)


def _instant(value: "datetime | np.datetime64") -> Call:
    if isinstance(value, np.datetime64):
        unit = np.datetime_data(value.dtype)[0]
        known = value.astype("datetime64[D]" if unit in ("Y", "M", "W", "D") else "datetime64[us]").item()
        if not isinstance(known, date):
            raise ValueError(f"{value} is no instant between the years 1 and 9999")
        return _instant(known) if isinstance(known, datetime) else _called("date", known.isoformat())
    if value != value:  # NaT, which pandas makes a datetime
        raise ValueError("NaT is no instant: use `.is_null()`")
    try:
        known = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{value} lies outside the years 1 to 9999 in UTC") from None
    written = known.replace(tzinfo=None).isoformat()
    if "." in written:
        written = written.rstrip("0")
    return _called("timestamp", f"{written}Z")


def _length(value: "timedelta | np.timedelta64") -> Call:
    """Return `days(n)`, `hours(n)` or `minutes(n)`, whichever is the largest unit that is exact, or a duration."""
    if isinstance(value, np.timedelta64):
        known = value.astype("timedelta64[us]").item()
        if not isinstance(known, timedelta):
            raise ValueError(f"{value} is no length of time that a rule can hold")
        value = known
    if value != value:
        raise ValueError("NaT is no length of time: use `.is_null()`")
    for unit, length in _UNITS:
        if not value % length:
            return Call(unit, None, (_whole(value // length),), NOWHERE, NOWHERE)
    microseconds = abs(value) // _MICROSECOND
    whole, rest = divmod(microseconds, 1_000_000)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return _called("duration", f"{'-' if value < timedelta(0) else ''}{whole}{fraction}s")
