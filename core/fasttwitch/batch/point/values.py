"""Customers as Python mappings to values of the rule language, strictly: what `batch.profiles` says, in microseconds.

The short way takes values of just the expected Python types, many in each call that loops in C. Single values that do
not fit it are read by `batch.stored_values`; and where anything may be wrong, the long way finds what is, in the order
of the profiles.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from operator import itemgetter
from struct import Struct
from typing import Any

import pyarrow as pa

from fasttwitch.batch.point.attributes import ANY_VALUES, SLOT, TEXT, Attribute, Place, attributes_of_schema, plain_type
from fasttwitch.batch.point.customers import Values
from fasttwitch.batch.point.language_values import EPOCH, Irregular, Value, instants_at_once, language_value
from fasttwitch.batch.point.long_way import READER, long_way
from fasttwitch.batch.point.narrow import narrow_column, narrow_runs
from fasttwitch.batch.point.rest import Rest
from fasttwitch.batch.point.wholes import Wholes
from fasttwitch.errors import DataError
from fasttwitch.logic.datatypes import BOOL, Type
from fasttwitch.logic.instants import Refusal
from fasttwitch.plan.sources import Path

__all__ = ["Values", "ValuesReader"]

# What the short ways raise where a value is not as expected, or does not fit.
UNFIT = (Irregular, struct.error, OverflowError, UnicodeEncodeError, TypeError)


class ValuesReader:
    """Turns mappings into values; safe to share between threads.

    places  where the value of each path is kept
    slots, texts  how many columns there are of each
    """

    def __init__(self, paths: Sequence[tuple[Path, Type]], schema: pa.Schema) -> None:
        distinct = tuple(dict.fromkeys(path for path, _ in paths))
        self._schema = schema
        self._known = frozenset(name for name in schema.names if schema.get_field_index(name) >= 0)
        self._attributes = attributes = attributes_of_schema(distinct, schema)
        self.places: Mapping[Path, Place] = {attribute.place.path: attribute.place for attribute in attributes}
        sections = [attribute.place.section for attribute in attributes]
        self.slots, self.texts = sections.count(SLOT), sections.count(TEXT)
        # A row is [numbers, instants, texts, decimals].
        self._instants_begin = sum(not one.convert for one in attributes[: self.slots])
        self._texts_begin, self._texts_end = self.slots, self.slots + self.texts
        self._keys = tuple(attribute.key for attribute in attributes)
        self._read = frozenset(path[0] for path in distinct)
        self._row_of = _getter(self._keys)
        self._wholes = Wholes(distinct, schema)
        self._rest = Rest(schema, self._read)
        self._types = [attribute.expected for attribute in attributes]
        self._any_values = [ANY_VALUES[attribute.expected] for attribute in attributes]
        self._instants = [_sure(one.convert) for one in attributes[self._instants_begin : self._texts_begin]]
        self._decimals = [_sure(one.convert) for one in attributes[self._texts_end :]]
        self._narrow = narrow_runs(attributes[: self._instants_begin])
        codes = "".join(attribute.place.code for attribute in attributes[: self.slots])
        self._pack = Struct(f"={codes}{self.slots}s").pack
        self._all_known = b"\1" * self.slots

    def read(self, profile: Mapping[str, object], extra: str = "error") -> Values:
        """Return the values of one customer.

        extra  "error": a name that the schema lacks is an error; "ignore": it is as if it were not there

        Errors: DataError as `batch.profiles.profile_table`, for the first value that does not fit.
        """
        if extra != "error":
            _check_extra(extra)
        if type(profile) is not dict:
            profile = _as_dict(profile)
        try:
            row, is_rest = self._row(profile)
            if is_rest and not self._rest.is_right(profile, extra):
                return self._slowly([profile], extra)
            full: Sequence[Any] = row  # with some value in the place of each null
            known = self._all_known
            types = list(map(type, row))
            if types != self._types:
                full, known = self._without_nulls(row, types)
                if types != self._types and not self._take_whole_doubles(full, types):
                    return self._mended(row)
            numbers: Sequence[Any] = full[: self._instants_begin]
            if self._narrow:
                numbers = self._narrowed(numbers)
            instants = [
                convert(value)
                for convert, value in zip(self._instants, full[self._instants_begin : self._texts_begin], strict=True)
            ]
            joined = "".join(full[self._texts_begin : self._texts_end])
            if not joined.isascii():
                joined.encode()  # which refuses halves of surrogate pairs
            others = self._converted_decimals(row) if self._decimals else ()
            raw = self._pack(*numbers, *instants, known)
            return Values(1, raw, row[self._texts_begin : self._texts_end], others)
        except UNFIT:
            return self._slowly([profile], extra)

    def read_many(self, profiles: Sequence[Mapping[str, object]], extra: str = "error") -> Values:
        """Return the values of several customers; arguments and errors as `read`, which of them it was included."""
        _check_extra(extra)
        dicts = profiles if set(map(type, profiles)) == {dict} else _as_dicts(profiles)
        if len(dicts) == 1:
            return self.read(dicts[0], extra)
        try:
            rows = self._rows(dicts, extra)
            columns = zip(*rows, strict=True) if rows else [()] * len(self._keys)
            return self._of_columns(len(dicts), columns)
        except UNFIT:
            return self._slowly(dicts, extra)

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

    # --- one customer

    def _row(self, profile: Mapping[Any, object]) -> tuple[tuple[Any, ...], bool]:
        """Return the values that rules read, as they are, and whether the profile may hold more than those."""
        if self._wholes:
            flat = self._wholes.flat(profile)
            return tuple(map(flat.get, self._keys)), not profile.keys() <= self._read
        if len(profile) < len(self._keys):
            return self._sparse_row(profile)
        try:
            return self._row_of(profile), len(profile) != len(self._keys)
        except KeyError:
            return self._sparse_row(profile)

    def _sparse_row(self, profile: Mapping[Any, object]) -> tuple[tuple[Any, ...], bool]:
        """Return the same of a profile that lacks some of the attributes."""
        return tuple(map(profile.get, self._keys)), not profile.keys() <= self._read

    def _without_nulls(self, row: Sequence[Any], types: list[type]) -> tuple[list[Any], bytes]:
        """Return a row with any value of the right type in the place of nulls, and which slots are known.

        types  of the row; those of nulls become the right ones
        """
        full = list(row)
        known = bytearray(self._all_known)
        for place in [place for place, value in enumerate(row) if value is None]:
            full[place] = self._any_values[place]
            types[place] = self._types[place]
            if place < self._texts_begin:
                known[place] = 0
        return full, bytes(known)

    def _take_whole_doubles(self, full: Any, types: Sequence[type]) -> bool:
        """Turn ints where doubles are expected into doubles; return whether now all types are right."""
        for place, (found, expected) in enumerate(zip(types, self._types, strict=True)):
            if found is not expected:
                if expected is not float or found is not int or not -(2**53) <= full[place] <= 2**53:
                    return False
                full[place] = float(full[place])
        return True

    def _narrowed(self, numbers: Sequence[Any]) -> Sequence[Any]:
        """Return numbers as columns of few bits hold them."""
        numbers = list(numbers)
        for begin, end, run, rounds in self._narrow:
            packed = run.pack(*numbers[begin:end])
            if rounds:
                numbers[begin:end] = run.unpack(packed)
        return numbers

    def _converted_decimals(self, row: Sequence[Any]) -> list[Any]:
        return [
            None if value is None else convert(value)
            for convert, value in zip(self._decimals, row[self._texts_end :], strict=True)
        ]

    def _mended(self, row: Sequence[Any]) -> Values:
        """Return the values of one customer of whom some are of other types than the short way takes."""
        values: list[Any] = [
            value if value is None or type(value) is attribute.expected else _language_value(attribute, value)
            for attribute, value in zip(self._attributes, row, strict=True)
        ]
        known = bytes([value is not None for value in values[: self.slots]])
        slots = [0 if value is None else value for value in values[: self.slots]]
        numbers = self._narrowed(slots[: self._instants_begin])
        instants = [
            value if type(value) is int else convert(value)
            for convert, value in zip(self._instants, slots[self._instants_begin :], strict=True)
        ]
        texts = values[self._texts_begin : self._texts_end]
        "".join(filter(None, texts)).encode()
        return Values(1, self._pack(*numbers, *instants, known), texts, self._converted_decimals(values))

    # --- several customers

    def _rows(self, profiles: Sequence[Mapping[Any, object]], extra: str) -> Sequence[tuple[Any, ...]]:
        """Return the values that rules read of each customer, as they are."""
        keys, read = self._keys, self._read
        flat: Sequence[Mapping[Any, object]] = list(map(self._wholes.flat, profiles)) if self._wholes else profiles
        try:
            rows = list(map(self._row_of, flat))
        except KeyError:
            rows = [tuple(map(profile.get, keys)) for profile in flat]
            more = [profile for profile in profiles if not profile.keys() <= read]
        else:
            more = [profile for profile in profiles if len(profile) != len(read) or self._wholes]
        if not all(self._rest.is_right(profile, extra) for profile in more):
            raise Irregular
        return rows

    def _of_columns(self, rows: int, columns: "zip[tuple[Any, ...]] | list[tuple[()]]") -> Values:
        """Return the values of several customers, given their attributes one after the other."""
        slots: list[bytes] = []
        known: list[bytes] = []
        texts: list[Any] = []
        others: list[Any] = []
        for attribute, whole_column in zip(self._attributes, columns, strict=True):
            column: Sequence[Any] = whole_column
            kinds = set(map(type, column))
            has_nulls = type(None) in kinds
            if not kinds <= {attribute.expected, type(None)}:
                column = [
                    value if value is None or type(value) is attribute.expected else _language_value(attribute, value)
                    for value in column
                ]
                has_nulls = None in column
            if attribute.place.section == TEXT:
                joined = "".join(filter(None, column) if has_nulls else column)
                if not joined.isascii():
                    joined.encode()
                texts += column
            elif attribute.place.section == SLOT:
                known.append(bytes([value is not None for value in column]) if has_nulls else b"\1" * rows)
                if has_nulls:
                    some = _any_value(attribute, column)
                    column = [some if value is None else value for value in column]
                slots.append(_slots(attribute, column))
            else:
                convert = _sure(attribute.convert)
                others += [None if value is None else convert(value) for value in column]
        return Values(rows, b"".join(slots + known), texts, others)

    def _slowly(self, profiles: Sequence[Mapping[str, object]], extra: str) -> Values:
        """Return the values of several customers the long way, or raise the first error in their order."""
        known = self._known if extra == "ignore" else None
        return long_way(profiles, self._schema, tuple(self.places.values()), known)


def _any_value(attribute: Attribute, column: Sequence[Any]) -> object:
    """Return a value for the places of nulls, which becomes 0: with a time zone where the others have one."""
    if attribute.expected is datetime:
        known = next((value for value in column if type(value) is datetime), None)
        if known is not None and known.tzinfo is not None:
            return EPOCH
    return ANY_VALUES[attribute.expected]


def _slots(attribute: Attribute, column: Sequence[Any]) -> bytes:
    """Return a column of numbers or instants without nulls as slots."""
    convert = attribute.convert
    if convert is None:
        column = narrow_column(attribute, column)
    else:
        if set(map(type, column)) == {datetime}:
            with suppress(TypeError):  # with and without time zones
                return instants_at_once(column, plain_type(attribute.arrow))
        column = [value if type(value) is int else convert(value) for value in column]
    return struct.pack(f"={len(column)}{attribute.place.code}", *column)


def _language_value(attribute: Attribute, value: object) -> Value | None:
    """Return what rules see of a value of any type.

    Errors: Irregular where it does not fit.
    """
    if attribute.expected is float and type(value) is int and -(2**53) <= value <= 2**53:
        return float(value)
    stored = READER.stored(value, attribute.arrow, "")
    if isinstance(stored, Refusal):
        raise Irregular
    return language_value(stored, attribute.arrow)


def _getter(keys: Sequence[str | Path]) -> Callable[[Mapping[Any, object]], tuple[Any, ...]]:
    """Return what gives the values of all keys of a dict, or raises KeyError."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda profile: tuple([profile[key] for key in keys])


def _sure(convert: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    assert convert is not None, "instants and decimals have one"
    return convert


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
