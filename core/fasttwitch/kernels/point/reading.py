"""Customers as Python dicts to slots: the one kernel that holds the interpreter, and knows its objects by address.

Most values are read here, in 10 to 25 ns each. Whatever is unusual (a subclass, a time zone, a decimal, a number that
does not fit) is left for Python, which is told which value of whom it is.
"""

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
    next_of_dict,
    one_more_reference,
    one_reference_less,
    put_into_list,
    size_of_dict,
    utf8_of,
)
from fasttwitch.kernels.vectors import prefetch

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
READ_ORDER = (
    10  # address of the order in which keys were met: how many, 1 if some read here are absent or others there,
)
# then for each the address of the key and the number of its attribute, -1 for none
READ_LOOKED_UP = 11  # how many dicts had another order
READ_FIELDS = 12

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


@routine
def _in_order(head, profile, values, room):  # type: ignore[no-untyped-def]
    """Write the values of a dict whose keys are the objects that were met before, in their order; return whether it is.

    No code of anybody else's runs here, and what is found is asked for, so this may be done ahead of its use.

    values  address of int64[attributes]: objects, 0 where there is none
    room    address of 24 bytes
    """
    order = ints_at(head[READ_ORDER], 1 << 40)
    count, places = order[0], ints_at(values, 1 << 40)
    if count == 0 or size_of_dict(profile) != count:
        return False
    if order[1] != 0:
        for number in range(head[READ_COUNT]):
            places[number] = 0
    where = ints_at(room, 3)
    where[0] = 0
    for place in range(count):
        next_of_dict(profile, room, room + 8, room + 16)
        if where[1] != order[2 + 2 * place]:
            return False
        number = order[3 + 2 * place]
        if number >= 0:
            places[number] = where[2]
            prefetch(where[2])
    return True


@routine
def _take(head, number, value, row, rows, raw, texts, left, written, small):  # type: ignore[no-untyped-def]
    """Read one value; return how many numbers `left` has then, or IRREGULAR."""
    attribute = ints_at(head[READ_ATTRIBUTES] + 8 * ATTRIBUTE_FIELDS * number, ATTRIBUTE_FIELDS)
    place = attribute[ATTRIBUTE_PLACE] * rows + row
    known = bytes_at(raw + 8 * head[READ_SLOTS] * rows + place, 1)
    if number < head[READ_SLOTS]:
        known[0] = 0
        ints_at(raw + 8 * place, 1)[0] = 0
    if value == 0 or value == head[READ_NONE]:
        return written
    kind = attribute[ATTRIBUTE_KIND]
    if kind == TEXT:
        outcome = _is_text(head, attribute, value)
        if outcome == IRREGULAR:
            return IRREGULAR
        if outcome != 0:
            one_more_reference(value)
            put_into_list(texts, place, value)
            return written
    elif kind != LEFT and _read_number(head, attribute, value, raw + 8 * place, small):
        known[0] = 1
        return written
    ints_at(left, 1 << 40)[written] = row * (head[READ_COUNT] + 1) + number
    return written + 1


@interpreter_kernel(types.int64(*[types.int64] * 7))
def read_rows(head: int, profiles: int, rows: int, raw: int, texts: int, left: int, room: int) -> int:
    """Read what rules see of customers; return how many numbers `left` has then, or IRREGULAR if an error occurred.

    head      address of the head
    profiles  address of a list of dicts
    rows      how many there are
    raw       address of int64[slots, rows], then uint8[slots, rows]: values, and 1 where they are known
    texts     address of a list of [texts, rows], all of it None
    left      address of int64[rows, attributes + 1]: row * (attributes + 1) + number of an attribute that is left for
              Python; with the number of the attributes itself where a customer has other keys than those that were read
    room      address of int64[2 * attributes + 3]
    """
    fields = ints_at(head, READ_FIELDS)
    count = fields[READ_COUNT]
    attributes, order = table_at(fields[READ_ATTRIBUTES], ATTRIBUTE_FIELDS), ints_at(fields[READ_ORDER], 2)
    values, others, small = room, room + 8 * count, room + 16 * count
    written = 0
    is_ordered = False
    for row in range(rows):
        profile = item_of_list(profiles, row)
        if row == 0:
            is_ordered = _in_order(fields, profile, values, small)
        following = item_of_list(profiles, row + 1) if row + 1 < rows else 0
        is_next_ordered = is_ordered and following != 0 and _in_order(fields, following, others, small)
        has_more = is_ordered and order[1] != 0
        if is_ordered:
            for number in range(count):
                value = ints_at(values, count)[number]
                written = _take(fields, number, value, row, rows, raw, texts, left, written, small)
                if written == IRREGULAR:
                    return IRREGULAR
        else:
            # Keys may be compared by code of somebody else's: each value is read before the next one is looked up.
            fields[READ_LOOKED_UP] += 1
            found = 0
            for number in range(count):
                value = item_of_dict(profile, attributes[number, ATTRIBUTE_KEY])
                if value == 0 and error_occurred() != 0:
                    forget_error()
                    return IRREGULAR
                found += value != 0
                written = _take(fields, number, value, row, rows, raw, texts, left, written, small)
                if written == IRREGULAR:
                    return IRREGULAR
            has_more = found != size_of_dict(profile)
            is_next_ordered = following != 0 and _in_order(fields, following, others, small)
        if has_more:
            ints_at(left, 1 << 40)[written] = row * (count + 1) + count
            written += 1
        is_ordered = is_next_ordered
        values, others = others, values
    return written
