"""Customers as Python mappings to values of the rule language, strictly: what `batch.profiles` says, in microseconds.

The kernel reads values of just the expected Python types. What it leaves is read by `batch.stored_values`, one value at
a time; and where anything may be wrong, the long way finds what is, in the order of the profiles.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from struct import Struct
from typing import Any

import numpy as np
import pyarrow as pa

from fasttwitch.batch.point.attributes import OTHER, SLOT, TEXT, Attribute, Place, attributes_of_schema
from fasttwitch.batch.point.customers import Values
from fasttwitch.batch.point.language_values import Irregular, Value, language_value
from fasttwitch.batch.point.long_way import READER, long_way
from fasttwitch.batch.point.reading_tables import ReadingTables
from fasttwitch.batch.point.rest import Rest
from fasttwitch.batch.point.wholes import Wholes
from fasttwitch.errors import DataError
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.logic.instants import Refusal
from fasttwitch.plan.sources import Path

__all__ = ["Values", "ValuesReader"]

# What the short way raises where a value is not as expected, or does not fit.
UNFIT = (Irregular, struct.error, OverflowError, TypeError)

Profile = Mapping[Any, object]


class Room:
    """What one call of the kernel writes to, for so many customers; used by one thread at a time.

    raw   uint8[9 * slots * rows], as `Values.raw`
    left  int64[rows * (attributes + 1)]
    """

    def __init__(self, slots: int, attributes: int, rows: int) -> None:
        raw, left = np.zeros(9 * slots * rows, np.uint8), np.zeros(rows * (attributes + 1), np.int64)
        scratch = np.zeros(2 * attributes + 3, np.int64)
        self.raw, self.left, self._scratch = raw.data, left.data, scratch
        self.raw_address, self.left_address, self.scratch_address = (
            int(array.ctypes.data) for array in (raw, left, scratch)
        )


class ValuesReader:
    """Turns mappings into values; safe to share between threads.

    places  where the value of each path is kept
    slots, texts  how many columns there are of each
    """

    def __init__(self, paths: Iterable[Path], schema: pa.Schema) -> None:
        from fasttwitch.kernels.point.entry import entry  # here, because Numba takes a second to import
        from fasttwitch.kernels.point.reading import read_rows

        distinct = tuple(dict.fromkeys(paths))
        self._schema = schema
        self._known = frozenset(name for name in schema.names if schema.get_field_index(name) >= 0)
        self._attributes = attributes = attributes_of_schema(distinct, schema)
        self.places: Mapping[Path, Place] = {attribute.place.path: attribute.place for attribute in attributes}
        self._places_of: dict[str, list[Place]] = {}
        for attribute in attributes:
            self._places_of.setdefault(attribute.place.path[0], []).append(attribute.place)
        sections = [attribute.place.section for attribute in attributes]
        self.slots, self.texts, self._others = (sections.count(each) for each in (SLOT, TEXT, OTHER))
        self._wholes = Wholes(distinct, schema)
        self._has_wholes = bool(self._wholes)
        self._rest = Rest(schema, frozenset(path[0] for path in distinct))
        self._kernel = entry(read_rows)
        self._tables = ReadingTables(attributes, self.slots)
        self._rooms: list[Room] = []

    def read(self, profile: Mapping[str, object], extra: str = "error") -> Values:
        """Return the values of one customer.

        extra  "error": a name that the schema lacks is an error; "ignore": it is as if it were not there

        Errors: DataError as `batch.profiles.profile_table`, for the first value that does not fit.
        """
        if extra != "error":
            _check_extra(extra)
        profiles = [profile if type(profile) is dict else _as_dict(profile)]
        try:
            room = self._rooms.pop()  # atomic, as is `append`: nobody ever waits
        except IndexError:
            room = Room(self.slots, len(self._attributes), 1)
        try:
            return self._read(profiles, extra, room)
        except UNFIT:
            return self._slowly(profiles, extra)
        finally:
            self._rooms.append(room)

    def read_many(self, profiles: Sequence[Mapping[str, object]], extra: str = "error") -> Values:
        """Return the values of several customers; arguments and errors as `read`, which of them it was included."""
        _check_extra(extra)
        dicts: list[Any] = profiles if _are_dicts(profiles) else _as_dicts(profiles)  # type: ignore[assignment]
        try:
            return self._read(dicts, extra, Room(self.slots, len(self._attributes), len(dicts)))
        except UNFIT:
            return self._slowly(dicts, extra)

    def changed(self, values: Values, changes: Mapping[str, object], extra: str = "error") -> Values:
        """Return the values of one customer after some changes.

        changes  attributes with what they are now; None where nothing is known any more

        Errors: as `read`.
        """
        news = self.read(changes, extra)
        raw, texts, others = bytearray(values.raw), list(values.texts), list(values.others)
        for name in changes:
            for place in self._places_of.get(name, ()):
                index = place.index
                if place.section == SLOT:
                    slot, known = slice(8 * index, 8 * index + 8), 8 * self.slots + index
                    raw[slot], raw[known] = news.raw[slot], news.raw[known]
                elif place.section == TEXT:
                    texts[index] = news.texts[index]
                else:
                    others[index] = news.others[index]
        return Values(1, bytes(raw), texts, others)

    def changed_paths(self, before: Values, after: Values) -> Iterator[Path]:
        """Yield the paths at which the values of two customers differ."""
        for path, place in self.places.items():
            index = place.index
            if place.section == SLOT:
                slot, known = slice(8 * index, 8 * index + 8), 8 * self.slots + index
                if before.raw[slot] != after.raw[slot] or before.raw[known] != after.raw[known]:
                    yield path
            elif place.section == TEXT:
                if before.texts[index] != after.texts[index]:
                    yield path
            elif before.others[index] != after.others[index]:
                yield path

    def column(self, values: Values, path: Path) -> Sequence[Value | None]:
        """Return what rules see of one path, row by row."""
        place, rows = self.places[path], values.rows
        begin, end = place.index * rows, place.index * rows + rows
        if place.section != SLOT:
            return (values.texts if place.section == TEXT else values.others)[begin:end]
        found = struct.unpack_from(f"={rows}{place.code}", values.raw, 8 * begin)
        first = 8 * self.slots * rows
        known = values.raw[first + begin : first + end]
        if place.type is BOOL:
            found = tuple(map(bool, found))
        if 0 not in known:
            return found
        return [value if is_known else None for value, is_known in zip(found, known, strict=True)]

    def getter(self, path: Path) -> Callable[[Values], Value | None]:
        """Return what gives the value of one path of one customer."""
        place = self.places[path]
        index, known_at = place.index, 8 * self.slots + place.index
        if place.section == TEXT:
            return lambda values: values.texts[index]
        if place.section != SLOT:
            return lambda values: values.others[index]
        slot, first = Struct(f"={place.code}").unpack_from, 8 * index
        if place.type is BOOL:
            return lambda values: slot(values.raw, first)[0] == 1 if values.raw[known_at] else None
        return lambda values: slot(values.raw, first)[0] if values.raw[known_at] else None

    def _read(self, profiles: list[dict[Any, object]], extra: str, room: Room) -> Values:
        """Return the values of some customers the short way.

        Errors: Irregular where anything may be wrong.
        """
        rows = len(profiles)
        flat = list(map(self._wholes.flat, profiles)) if self._has_wholes else profiles
        texts: list[str | None] = [None] * (self.texts * rows)
        others: list[Decimal | None] = [None] * (self._others * rows)
        left = self._kernel(
            self._tables.head, id(flat), rows, room.raw_address, id(texts), room.left_address, room.scratch_address
        )
        if flat:
            self._tables.learn_order(flat[0])
        if left:
            if left < 0:
                raise Irregular
            self._read_left(room.left[:left], profiles, flat, extra, room.raw, texts, others)
        return Values(rows, room.raw.tobytes(), texts, others)

    def _read_left(
        self,
        left: Iterable[int],
        profiles: Sequence[Profile],
        flat: Sequence[Profile],
        extra: str,
        raw: memoryview,
        texts: list[Any],
        others: list[Any],
    ) -> None:
        """Read what the kernel has left, and look at what no rule reads.

        left  row * (attributes + 1) + number of the attribute; the number after the last one stands for the rest
        """
        rows, count = len(profiles), len(self._attributes)
        for row, number in (divmod(each, count + 1) for each in left):
            if number == count:
                if not self._rest.is_right(profiles[row], extra):
                    raise Irregular
                continue
            attribute = self._attributes[number]
            value = self._language_value(attribute, flat[row][attribute.key])
            if value is None:
                continue
            place = attribute.place.index * rows + row
            if attribute.place.section == SLOT:
                struct.pack_into(attribute.place.code, raw, 8 * place, value)
                raw[8 * self.slots * rows + place] = 1
            elif attribute.place.section == TEXT:
                texts[place] = value
            else:
                others[place] = value

    def _language_value(self, attribute: Attribute, value: Any) -> Value | None:
        """Return what rules see of a value of any type.

        Errors: Irregular where it does not fit.
        """
        if attribute.convert is not None and type(value) is attribute.expected:
            if isinstance(value, datetime):
                self._tables.learn_zone(value)
            converted: Value = attribute.convert(value)
            return converted
        stored = READER.stored(value, attribute.arrow, "")
        if isinstance(stored, Refusal):
            raise Irregular
        return language_value(stored, attribute.arrow)

    def _slowly(self, profiles: Sequence[Mapping[str, object]], extra: str) -> Values:
        """Return the values of several customers the long way, or raise the first error in their order."""
        known = self._known if extra == "ignore" else None
        return long_way(profiles, self._schema, tuple(self.places.values()), known)


def _are_dicts(profiles: Sequence[object]) -> bool:
    return type(profiles) is list and set(map(type, profiles)) == {dict}


def _as_dicts(profiles: Sequence[object]) -> list[dict[str, object]]:
    """Return any mappings as dicts."""
    many = len(profiles) > 1
    return [
        _as_dict(profile, f" (profile {row + 1} of {len(profiles)})" if many else "")
        for row, profile in enumerate(profiles)
    ]


def _as_dict(profile: object, where: str = "") -> dict[str, object]:
    """Return any mapping as a dict.

    where  which one of several it is
    """
    if not isinstance(profile, Mapping):
        raise DataError(
            f"a profile is a mapping from attributes to values, and this is a `{type(profile).__name__}`{where}",
            'give a dict: `{"country": "DE", "age": 30}`',
        )
    return dict(profile.items())


def _check_extra(extra: str) -> None:
    if extra not in ("error", "ignore"):
        raise DataError(f"`extra` is `{extra}`", 'give "error", or "ignore" for names that the schema lacks')
