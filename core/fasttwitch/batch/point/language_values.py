"""What rules see of a value that Arrow stores, and the short ways there for values of just the expected Python type.

Rules see ints, floats and Booleans, texts and exact decimals; instants as µs, held within the years 1 to 9999, days as
their number since 1970. Of structs, lists and maps they see whether there is one.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Any, TypeAlias

import pyarrow as pa

from fasttwitch.kernels import layout
from fasttwitch.logic.datatypes import DATE, DECIMAL, DURATION, STRING, TIMESTAMP, Type, language_type

Value: TypeAlias = int | float | bool | str | Decimal

BOUNDS: dict[Type, tuple[int, int]] = {
    TIMESTAMP: (layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH),
    DURATION: (layout.DURATION_LOW, layout.DURATION_HIGH),
    DATE: (layout.DATE_LOW, layout.DATE_HIGH),
}
UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}
_SHORT = Context(prec=80, traps=[InvalidOperation])  # as `batch.stored_values` rounds decimals: not at all
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_NANOSECONDS_END = (2**63 - 1) // 1_000  # the last µs that int64 holds in nanoseconds, and without its sign the first


class Irregular(Exception):  # noqa: N818  # nothing is wrong yet
    """A value that the short way does not know: the long one tells whether it is wrong."""


def language_value(stored: Any, type_: pa.DataType) -> Value | None:
    """Return what rules see of a value in the form that `batch.stored_values` gives it."""
    if stored is None:
        return None
    if pa.types.is_dictionary(type_):
        return language_value(stored, type_.value_type)
    types, kind = pa.types, language_type(type_)
    if kind is TIMESTAMP or kind is DURATION:
        return held(stored // 1_000 if type_.unit == "ns" else stored * UNITS[type_.unit], kind)
    if kind is DATE:
        return held(stored if types.is_date32(type_) else stored // 86_400_000, kind)
    if kind is STRING:
        return str.__str__(stored)  # a subclass may have an order of its own
    if kind is DECIMAL:
        return unsigned_zero(stored)
    if types.is_integer(type_):
        return int.__int__(stored)
    if types.is_floating(type_):
        return float(stored)
    return True if not types.is_boolean(type_) else bool(stored)


def held(instant: int, kind: Type) -> int:
    """Return an instant, a length of time or a day within what the language knows of these."""
    low, high = BOUNDS[kind]
    return min(max(instant, low), high)


def unsigned_zero(value: Decimal) -> Decimal:
    """Return a decimal as Arrow keeps it: zero has no sign."""
    return value if value else value.copy_abs()


def instants_of(type_: pa.DataType) -> Callable[[datetime], int]:
    """Return what turns a `datetime` into µs as a column of this type would hold them."""
    unit = UNITS[type_.unit]
    low, high = instant_bounds(type_)

    def convert(value: datetime) -> int:
        since = value - (EPOCH if value.tzinfo is not None else _NAIVE_EPOCH)
        microseconds = since // _MICROSECOND
        if not low <= microseconds <= high:
            raise Irregular
        return microseconds if unit == 1 else microseconds - microseconds % unit

    return convert


def instant_bounds(type_: pa.DataType) -> tuple[int, int]:
    """Return the first and the last µs that a column of instants holds and rules know."""
    if type_.unit == "ns":
        return -_NANOSECONDS_END, _NANOSECONDS_END
    return layout.TIMESTAMP_LOW, layout.TIMESTAMP_HIGH


def duration_bounds(type_: pa.DataType) -> tuple[int, int]:
    """Return the least and the largest µs that a column of lengths of time holds and rules know."""
    high = min(layout.DURATION_HIGH, _NANOSECONDS_END) if type_.unit == "ns" else layout.DURATION_HIGH
    return -high, high


def durations_of(type_: pa.DataType) -> Callable[[timedelta], int]:
    """Return what turns a `timedelta` into µs as a column of this type would hold them."""
    unit = UNITS[type_.unit]
    low, high = duration_bounds(type_)

    def convert(value: timedelta) -> int:
        microseconds = value // _MICROSECOND
        if not low <= microseconds <= high:
            raise Irregular
        return microseconds if unit == 1 else microseconds - microseconds % unit

    return convert


def days_of(type_: pa.DataType) -> Callable[[date], int]:
    """Return what turns a `date` into days since 1970."""
    return lambda value: value.toordinal() - _FIRST_DAY


def decimals_of(type_: pa.DataType) -> Callable[[Decimal], Decimal]:
    """Return what turns a `Decimal` into one with the digits of a column of this type."""
    last_digit, most = Decimal(1).scaleb(-type_.scale), type_.precision - type_.scale

    def convert(value: Decimal) -> Decimal:
        try:
            scaled = value.quantize(last_digit, None, _SHORT)
        except InvalidOperation:
            raise Irregular from None
        if scaled != value or (scaled and scaled.adjusted() >= most) or not scaled.is_finite():
            raise Irregular
        return scaled if scaled else scaled.copy_abs()

    return convert
