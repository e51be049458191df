"""The tables of the kernel that reads customers: which attribute is read how, and the objects that it compares with."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from fasttwitch.batch.point.attributes import Attribute, plain_type
from fasttwitch.batch.point.language_values import UNITS, duration_bounds, instant_bounds
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Scalar, language_type

if TYPE_CHECKING:
    from fasttwitch.kernels.point.objects import ObjectLayout

MOST_ZONES = 8
FIXED_ZONES = (timezone, ZoneInfo)  # which say for themselves whether they are UTC


class ReadingTables:
    """The kernel's tables; what they point at lives as long as this.

    head  their address
    """

    def __init__(self, attributes: Sequence[Attribute], slots: int) -> None:
        from fasttwitch.kernels.point import objects, reading  # here, because Numba takes a second to import

        layout = objects.object_layout()
        table = np.zeros((len(attributes), reading.ATTRIBUTE_FIELDS), np.int64)
        for row, attribute in zip(table, attributes, strict=True):
            kind, low, high, unit = _way(attribute.arrow, layout)
            row[reading.ATTRIBUTE_KEY] = id(attribute.key)
            row[reading.ATTRIBUTE_KIND] = kind
            row[reading.ATTRIBUTE_TYPE] = id(attribute.expected)
            row[reading.ATTRIBUTE_PLACE] = attribute.place.index
            row[reading.ATTRIBUTE_LOW : reading.ATTRIBUTE_UNIT + 1] = low, high, unit
        self._zones = np.zeros(MOST_ZONES, np.int64)
        self._known_zones: list[tzinfo] = []
        self._lock = threading.Lock()
        self._learn(UTC)
        self._number_of = {attribute.key: number for number, attribute in enumerate(attributes)}
        self._order = np.zeros(2, np.int64)
        self._order_keys: Sequence[object] = ()
        self._learn_at = 1  # dicts of another order, before one is learnt
        self._fields = (reading.READ_ORDER, reading.READ_LOOKED_UP)
        head = np.zeros(reading.READ_FIELDS, np.int64)
        for field, number in (
            (reading.READ_ATTRIBUTES, table.ctypes.data),
            (reading.READ_COUNT, len(attributes)),
            (reading.READ_SLOTS, slots),
            (reading.READ_NONE, id(None)),
            (reading.READ_TRUE, id(True)),
            (reading.READ_INT, id(int)),
            (reading.READ_FLOAT, id(float)),
            (reading.READ_ASCII, layout.ascii_bit),
            (reading.READ_ZONES, self._zones.ctypes.data),
            (reading.READ_ORDER, self._order.ctypes.data),
            (reading.READ_ZONE_COUNT, MOST_ZONES),
        ):
            head[field] = number
        self.head, self._head = int(head.ctypes.data), head.data
        self._alive = (head, table, attributes)

    def learn_order(self, profile: Mapping[Any, object]) -> None:
        """Let dicts be read without being searched that have the keys of this one: the same objects, in its order.

        Where others keep coming, more and more of them come before another order is learnt.
        """
        place, looked_up = self._fields
        if self._head[looked_up] < self._learn_at or not {*map(type, profile)} <= {str, tuple}:
            return
        with self._lock:
            if self._head[looked_up] < self._learn_at:
                return
            self._learn_at = 2 * self._head[looked_up]
            keys = list(profile)
            numbers = [self._number_of.get(key, -1) for key in keys]
            is_partial = len(keys) != len(self._number_of) or -1 in numbers
            pairs = [part for key, number in zip(keys, numbers, strict=True) for part in (id(key), number)]
            order = np.array([len(keys), is_partial, *pairs], np.int64)
            # One write, and what was there before is let go of after it: a kernel holds the interpreter.
            self._head[place] = int(order.ctypes.data)
            self._order, self._order_keys = order, keys

    def learn_zone(self, moment: datetime) -> None:
        """Let the kernel read instants of this one's time zone from now on, if that is UTC by another name."""
        zone = moment.tzinfo
        if type(zone) in FIXED_ZONES and zone.utcoffset(None) == timedelta(0):  # type: ignore[union-attr]
            self._learn(zone)  # type: ignore[arg-type]

    def _learn(self, zone: tzinfo) -> None:
        with self._lock:
            count = len(self._known_zones)
            if count < MOST_ZONES and id(zone) not in self._zones:
                self._known_zones.append(zone)  # so that no other object ever has its address
                self._zones[count] = id(zone)


def _way(arrow: pa.DataType, layout: "ObjectLayout") -> tuple[int, int, int, int]:
    """Return how values of an attribute are read: kind, the least and the largest value, unit in µs."""
    from fasttwitch.kernels.point import reading

    kind, arrow = language_type(arrow), plain_type(arrow)
    left = reading.LEFT, 0, 0, 1
    if not layout.types:
        return left
    if kind is DOUBLE:
        ways = {64: reading.DOUBLE, 32: reading.SHORT_DOUBLE}
        return ways.get(arrow.bit_width, reading.LEFT), 0, 0, 1
    if kind is INT:
        return reading.INTEGER, -(2 ** (arrow.bit_width - 1)), 2 ** (arrow.bit_width - 1) - 1, 1
    if kind is UINT:
        return reading.INTEGER, 0, min(2**arrow.bit_width, 2**63) - 1, 1
    if kind is TIMESTAMP and layout.datetimes:
        return reading.INSTANT, *instant_bounds(arrow), UNITS[arrow.unit]
    if kind is DURATION and layout.timedeltas:
        return reading.LENGTH, *duration_bounds(arrow), UNITS[arrow.unit]
    if kind is DATE and layout.dates:
        return reading.DAY, -(2**62), 2**62, 1
    if kind is STRING:
        return reading.TEXT, 0, 0, 1
    if kind is BOOL or not isinstance(kind, Scalar):  # structs, lists and maps are True where they are there
        return reading.TRUTH, 0, 1, 1
    return left
