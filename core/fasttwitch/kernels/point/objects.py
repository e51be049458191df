"""What kernels may ask of Python's objects, which they know by address: functions of CPython's stable interface.

Where an object keeps its type, the parts of an instant or whether a text is ASCII is not promised to anybody. It is
looked up at fixed places all the same, since calling a method takes ten times as long; and each such place is tried on
objects whose content is known before it is believed. An interpreter that keeps things elsewhere is asked the long way.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from numba import types

_object = _int = types.int64  # an address, a number


def _function(name: str, result: Any, *arguments: Any) -> Any:
    return types.ExternalFunction(name, result(*arguments))


# Of these, results are borrowed, errors are left to `error_occurred`, and the caller holds the interpreter.
item_of_dict = _function("PyDict_GetItemWithError", _object, _object, _object)  # 0 if there is none
next_of_dict = _function("PyDict_Next", types.int32, _object, _object, _object, _object)  # where, key, value: addresses
size_of_dict = _function("PyDict_Size", _int, _object)
item_of_list = _function("PyList_GetItem", _object, _object, _int)
item_of_tuple = _function("PyTuple_GetItem", _object, _object, _int)
put_into_list = _function("PyList_SetItem", types.int32, _object, _int, _object)  # takes the reference over
one_more_reference = _function("Py_IncRef", types.void, _object)
one_reference_less = _function("Py_DecRef", types.void, _object)
double_of = _function("PyFloat_AsDouble", types.float64, _object)
int_of = _function("PyLong_AsLongLongAndOverflow", _int, _object, _object)  # and whether it does not fit, an int32
utf8_of = _function("PyUnicode_AsUTF8String", _object, _object)  # a new object; 0 for halves of surrogate pairs
error_occurred = _function("PyErr_Occurred", _object)
forget_error = _function("PyErr_Clear", types.void)

# --- where things are in an object, in bytes
TYPE_AT = 8
TEXT_STATE_AT = 32
HAS_ZONE_AT, PARTS_AT, ZONE_AT = 24, 25, 40  # of a datetime: a byte, ten bytes, an address; of a date four bytes
LENGTH_DAYS_AT, LENGTH_SECONDS_AT, LENGTH_FRACTION_AT = 24, 28, 32  # int32 each


@dataclass(frozen=True, slots=True)
class ObjectLayout:
    """Which of the places above hold what they should in this interpreter.

    types      types; without these nothing is read by a kernel
    datetimes, dates, timedeltas  their parts
    ascii_bit  of the 32 bits at TEXT_STATE_AT: set where a text is ASCII; 0 if that is not to be seen
    """

    types: bool
    datetimes: bool
    dates: bool
    timedeltas: bool
    ascii_bit: int


@cache
def object_layout() -> ObjectLayout:
    """Return what this interpreter's objects look like."""
    return ObjectLayout(
        types=all(_address_at(value, TYPE_AT) == id(type(value)) for value in _VALUES),
        datetimes=all(map(_is_datetime, (_MOMENT, _MOMENT.replace(tzinfo=None, fold=1), datetime.min, datetime.max))),
        dates=all(_bytes_at(day, PARTS_AT, 4) == bytes([*divmod(day.year, 256), day.month, day.day]) for day in _DAYS),
        timedeltas=all(map(_is_timedelta, (_LENGTH, -_LENGTH, timedelta.min, timedelta.max))),
        ascii_bit=_ascii_bit(),
    )


_MOMENT = datetime(2026, 11, 30, 23, 58, 59, 987_654, UTC)
_DAY = date(1999, 12, 31)
_DAYS = (_DAY, date.min, date.max)
_VALUES: tuple[object, ...] = (1.5, 1 << 70, True, "a", {}, _DAY)
_LENGTH = timedelta(days=70_000, seconds=86_399, microseconds=999_999)


def _bytes_at(value: object, place: int, count: int) -> bytes:
    return ctypes.string_at(id(value) + place, count)


def _address_at(value: object, place: int) -> int:
    return int.from_bytes(_bytes_at(value, place, 8), "little")


def _is_datetime(value: datetime) -> bool:
    parts = [*divmod(value.year, 256), value.month, value.day, value.hour, value.minute, value.second]
    has_zone = value.tzinfo is not None
    return (
        _bytes_at(value, PARTS_AT, 10) == bytes(parts) + value.microsecond.to_bytes(3, "big")
        and _bytes_at(value, HAS_ZONE_AT, 1) == bytes([has_zone])
        and (not has_zone or _address_at(value, ZONE_AT) == id(value.tzinfo))
    )


def _is_timedelta(value: timedelta) -> bool:
    parts = (value.days, value.seconds, value.microseconds)
    return _bytes_at(value, LENGTH_DAYS_AT, 12) == b"".join(part.to_bytes(4, "little", signed=True) for part in parts)


def _ascii_bit() -> int:
    """Return the bit that all texts of ASCII have, however they were made, and no others do."""
    state: Callable[[str], int] = lambda text: _address_at(text, TEXT_STATE_AT) & 0xFFFF_FFFF  # noqa: E731
    ascii_only, others = 0xFFFF_FFFF, 0
    for text in ("", "a", "ascii", "x" * 1_000, "".join(["not", " interned"]), str(10**20)):
        ascii_only &= state(text)
    for text in ("é", "Zürich", "ü" * 1_000, "\u20ac", "Łódź", "\U0001f600", "\ud800", "".join(["ü", "ber"])):
        others |= state(text)
    bits = ascii_only & ~others
    return bits & -bits
