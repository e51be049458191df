"""Customers as Python dicts to slots: the one kernel that holds the interpreter, and knows its objects by address.

Most values are read here, in 10 to 25 ns each. Whatever is unusual (a subclass, a time zone, a decimal, a number that
does not fit) is left for Python, which is told which value of whom it is.
"""

from typing import Any

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import bytes_at, doubles_at, ints_at, load_byte, load_int, load_short, table_at
from fasttwitch.kernels.jit import interpreter_kernel, routine
from fasttwitch.kernels.point.objects import (
    HAS_ZONE_AT,
    LENGTH_DAYS_AT,
    LENGTH_FRACTION_AT,
    LENGTH_SECONDS_AT,
    PARTS_AT,
    TEXT_STATE_AT,
    TYPE_AT,
    ZONE_AT,
    double_of,
    error_occurred,
    forget_error,
    int_of,
    item_of_dict,
    item_of_list,
    one_more_reference,
    one_reference_less,
    put_into_list,
    size_of_dict,
    utf8_of,
)

# --- the head: int64[READ_FIELDS]
READ_ATTRIBUTES = 0  # address of int64[attributes, ATTRIBUTE_FIELDS]
READ_COUNT = 1
READ_SLOTS = 2  # the attributes that have slots come first
READ_NONE = 3  # addresses of None, True, and of the types of ints and floats
READ_TRUE = 4
READ_INT = 5
READ_FLOAT = 6
READ_ASCII = 7  # the bit of the state of a text that says that it is ASCII
READ_ZONES = 8  # address of int64[READ_ZONE_COUNT]: time zones that are UTC
READ_ZONE_COUNT = 9
READ_FIELDS = 10

# --- an attribute: what rules read at one key
ATTRIBUTE_KEY = 0  # address of the key
ATTRIBUTE_KIND = 1
ATTRIBUTE_TYPE = 2  # address of the type that is read here
ATTRIBUTE_PLACE = 3  # number of its slot, or of its column of texts
ATTRIBUTE_LOW = 4  # the least and the largest value that fit
ATTRIBUTE_HIGH = 5
ATTRIBUTE_UNIT = 6  # of instants and lengths of time, in µs
ATTRIBUTE_FIELDS = 7

# Kinds of attributes. What is LEFT is left for Python; SHORT_DOUBLE is rounded to 32 bits.
LEFT, DOUBLE, SHORT_DOUBLE, INTEGER, TRUTH, INSTANT, DAY, LENGTH, TEXT = range(9)
_WHOLE = np.int64(2**53)  # whole numbers up to this one are exact doubles
_SHORT_MOST = float(np.finfo(np.float32).max)
_DAY_SECONDS, _SECOND = 86_400, 1_000_000
_MOST_DAYS = 100_000_000  # of a length of time: 64 bits hold 106 million days of µs
_1970 = 719_468  # days since 1 March 0
_NOT_READ = np.int64(-1)
IRREGULAR = -1


@routine
def _days_since_1970(year, month, day):  # type: ignore[no-untyped-def]
    """Return the number of a day; years begin in March, so that leap days come last."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (9 if month <= 2 else -3)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _1970


@routine
def _day_of(value):  # type: ignore[no-untyped-def]
    parts = bytes_at(value + PARTS_AT, 4)
    return _days_since_1970(np.int64(parts[0]) * 256 + np.int64(parts[1]), np.int64(parts[2]), np.int64(parts[3]))


@routine
def _microseconds_of(value):  # type: ignore[no-untyped-def]
    """Return the µs since 1970 of a datetime, its zone aside."""
    parts = bytes_at(value + PARTS_AT, 10)
    seconds = (np.int64(parts[4]) * 60 + np.int64(parts[5])) * 60 + np.int64(parts[6])
    fraction = np.int64(parts[7]) << 16 | np.int64(parts[8]) << 8 | np.int64(parts[9])
    return (_day_of(value) * _DAY_SECONDS + seconds) * _SECOND + fraction


@routine
def _is_utc(value, head):  # type: ignore[no-untyped-def]
    """Return whether a datetime has no zone, or one that is known to be UTC."""
    if load_byte(value + HAS_ZONE_AT) == 0:
        return True
    zone = load_int(value + ZONE_AT)
    zones = ints_at(head[READ_ZONES], head[READ_ZONE_COUNT])
    for place in range(head[READ_ZONE_COUNT]):  # noqa: SIM110 - Numba has no generators
        if zones[place] == zone:
            return True
    return False


@routine
def _part(value, place):  # type: ignore[no-untyped-def]
    return np.int64(np.int32(load_short(value + place)))


@routine
def _in_unit(microseconds, attribute):  # type: ignore[no-untyped-def]
    """Return µs since 1970 as a column of coarser instants holds them: rounded down."""
    unit = attribute[ATTRIBUTE_UNIT]
    return microseconds if unit == 1 else microseconds // unit * unit


@routine
def _read_number(head, attribute, value, slot, room):  # type: ignore[no-untyped-def]
    """Write what a slot holds; return whether the value is one that is read here.

    room  address of 4 bytes
    """
    kind, type_ = attribute[ATTRIBUTE_KIND], load_int(value + TYPE_AT)
    low, high = attribute[ATTRIBUTE_LOW], attribute[ATTRIBUTE_HIGH]
    own = ints_at(slot, 1)
    if kind in (DOUBLE, SHORT_DOUBLE):
        number = 0.0
        if type_ == head[READ_FLOAT]:
            number = double_of(value)
        elif type_ == head[READ_INT]:
            whole = int_of(value, room)
            if load_short(room) != 0 or whole < -_WHOLE or whole > _WHOLE:
                return False
            number = float(whole)
        else:
            return False
        if kind == SHORT_DOUBLE:
            short = np.float64(np.float32(number))
            if abs(short) > _SHORT_MOST and abs(number) <= 1.7976931348623157e308:  # finite until it was rounded
                return False
            number = short
        doubles_at(slot, 1)[0] = number
        return True
    if type_ != attribute[ATTRIBUTE_TYPE]:
        return False
    found = np.int64(0)
    if kind == INTEGER:
        found = int_of(value, room)
        if load_short(room) != 0:
            return False
    elif kind == TRUTH:
        found = np.int64(value == head[READ_TRUE])
    elif kind == INSTANT:
        if not _is_utc(value, head):
            return False
        found = _microseconds_of(value)
    elif kind == DAY:
        found = _day_of(value)
    elif kind == LENGTH:
        days = _part(value, LENGTH_DAYS_AT)
        if days < -_MOST_DAYS or days > _MOST_DAYS:
            return False
        seconds = days * _DAY_SECONDS + _part(value, LENGTH_SECONDS_AT)
        found = seconds * _SECOND + _part(value, LENGTH_FRACTION_AT)
    else:
        return False
    if found < low or found > high:
        return False
    own[0] = _in_unit(found, attribute)
    return True


@routine
def _is_text(head, attribute, value):  # type: ignore[no-untyped-def]
    """Return 1 for a text, 0 for what is left to Python, -1 for half of a surrogate pair."""
    if load_int(value + TYPE_AT) != attribute[ATTRIBUTE_TYPE]:
        return 0
    if np.int64(load_short(value + TEXT_STATE_AT)) & head[READ_ASCII]:
        return 1
    encoded = utf8_of(value)
    if encoded == 0:
        forget_error()
        return IRREGULAR
    one_reference_less(encoded)
    return 1


@interpreter_kernel(types.int64(*[types.int64] * 6))
def read_rows(head: int, profiles: int, rows: int, raw: int, texts: int, left: int) -> int:
    """Read what rules see of customers; return how many numbers `left` has then, or IRREGULAR if an error occurred.

    head      address of the head
    profiles  address of a list of dicts
    rows      how many there are
    raw       address of int64[slots, rows], then uint8[slots, rows]: values, and 1 where they are known
    texts     address of a list of [texts, rows], all of it None
    left      address of int64[rows, attributes + 1]: row * (attributes + 1) + number of an attribute that is left for
              Python; with the number of the attributes itself where a customer has other keys than those that were read
    """
    fields = ints_at(head, READ_FIELDS)
    count, slots, none = fields[READ_COUNT], fields[READ_SLOTS], fields[READ_NONE]
    attributes = table_at(fields[READ_ATTRIBUTES], ATTRIBUTE_FIELDS)
    known_at = raw + 8 * slots * rows
    known, lefts = bytes_at(known_at, slots * rows), ints_at(left, rows * (count + 1))
    room: Any = left + 8 * rows * (count + 1) - 8  # the last number is written last
    written = 0
    for row in range(rows):
        profile = item_of_list(profiles, row)
        found = 0
        for number in range(count):
            attribute = attributes[number]
            value = item_of_dict(profile, attribute[ATTRIBUTE_KEY])
            place = attribute[ATTRIBUTE_PLACE] * rows + row
            is_left = False
            if number < slots:
                known[place] = 0
                ints_at(raw + 8 * place, 1)[0] = 0
            if value == 0:
                if error_occurred() != 0:
                    forget_error()
                    return IRREGULAR
                continue
            found += 1
            if value == none:
                continue
            kind = attribute[ATTRIBUTE_KIND]
            if kind == TEXT:
                outcome = _is_text(fields, attribute, value)
                if outcome == IRREGULAR:
                    return IRREGULAR
                is_left = outcome == 0
                if not is_left:
                    one_more_reference(value)
                    put_into_list(texts, place, value)
            elif kind == LEFT:
                is_left = True
            elif _read_number(fields, attribute, value, raw + 8 * place, room):
                known[place] = 1
            else:
                is_left = True
            if is_left:
                lefts[written] = row * (count + 1) + number
                written += 1
        if found != size_of_dict(profile):
            lefts[written] = row * (count + 1) + count
            written += 1
    return written
