"""Customers as Python mappings to values of the rule language, strictly: what `batch.profiles` says, in microseconds.

The short way takes values of just the expected Python types, many in each call that loops in C. Single values that do
not fit it are read by `batch.stored_values`; and where anything may be wrong, the long way finds what is, in the order
of the profiles.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from struct import Struct
from typing import Any, NamedTuple

import pyarrow as pa

from fasttwitch.batch.point.attributes import (
    ANY_VALUES,
    OTHER,
    SLOT,
    TEXT,
    Attribute,
    Place,
    attributes_of_schema,
    narrow_code,
)
from fasttwitch.batch.point.language_values import Irregular, Value, language_value
from fasttwitch.batch.profiles import stored_value
from fasttwitch.batch.stored_values import Reader
from fasttwitch.errors import DataError
from fasttwitch.logic.datatypes import BOOL, Type
from fasttwitch.logic.instants import Refusal
from fasttwitch.plan.sources import Path

READER = Reader(written=False)
# What the short ways raise where a value is not as expected, or does not fit.
UNFIT = (Irregular, struct.error, OverflowError, UnicodeEncodeError)


class Values(NamedTuple):
    """What rules see of some customers; column by column, never changed.

    rows    how many customers
    raw     int64[slots, rows]: ints, doubles, Booleans, instants, and 1 for structs and lists that are there; then
            uint8[slots, rows]: 1 where the value is known
    texts   str or None, of each text column all rows
    others  Decimal or None, of each decimal column all rows
    """

    rows: int
    raw: bytes
    texts: Sequence[str | None]
    others: Sequence[Decimal | None]


class ValuesReader:
    """Turns mappings into values; safe to share between threads.

    places  where the value of each path is kept
    slots, texts, others  how many columns there are of each
    """

    def __init__(self, paths: Sequence[tuple[Path, Type]], schema: pa.Schema) -> None:
        self._schema = schema
        self._known = frozenset(name for name in schema.names if schema.get_field_index(name) >= 0)
        attributes = attributes_of_schema([path for path, _ in paths], schema)
        self._attributes = attributes
        places = [place for attribute in attributes for place in attribute.places]
        self.places: Mapping[Path, Place] = {place.path: place for place in places}
        self.slots, self.texts, self.others = (sum(place.section == each for place in places) for each in range(3))
        self._codes = "".join(place.code for place in places if place.section == SLOT)
        self._names = tuple(attribute.name for attribute in attributes)
        self._read = frozenset(self._names)
        self._by_name = {attribute.name: attribute for attribute in attributes}
        self._all_of = _getter(self._names)
        self._types = [attribute.expected for attribute in attributes]
        # A row is [numbers, instants, texts, decimals, wholes], of which the last are structs, lists and maps.
        simple = [attribute for attribute in attributes if attribute.expected is not type(None)]
        sections = [attribute.places[0].section for attribute in simple]
        self._texts_begin = sections.count(SLOT)
        self._numbers_end = sum(
            section == SLOT and attribute.convert is None for attribute, section in zip(simple, sections, strict=True)
        )
        self._texts_end = self._texts_begin + sections.count(TEXT)
        self._simple_end = len(simple)
        self._instants = [_sure(one.convert) for one in simple[self._numbers_end : self._texts_begin]]
        self._decimals = [_sure(one.convert) for one in simple[self._texts_end :]]
        self._narrow = _narrow_runs(simple[: self._numbers_end])
        self._whole_slots = (0,) * (self.slots - self._texts_begin)
        self._whole_texts = (None,) * (self.texts - sections.count(TEXT))
        self._whole_others = (None,) * (self.others - sections.count(OTHER))
        self._any_values = [ANY_VALUES[attribute.expected] for attribute in attributes]
        self._pack = Struct(f"={self._codes}{self.slots}s").pack
        self._all_known = b"\1" * self._texts_begin + b"\0" * len(self._whole_slots)

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
            row = self._all_of(profile)
            is_rest = len(profile) != len(row)
        except KeyError:
            row = tuple(map(profile.get, self._names))
            is_rest = not profile.keys() <= self._read
        if is_rest and not self._is_rest_right(profile, extra):
            return self._slowly([profile], extra)
        try:
            full: Sequence[Any] = row  # without nulls
            known = self._all_known
            if list(map(type, row)) != self._types:
                full, known = self._without_nulls(row)
                if list(map(type, full)) != self._types and not self._take_whole_doubles(full):
                    return self._mended(row)
            numbers: Sequence[Any] = full[: self._numbers_end]
            if self._narrow:
                numbers = self._narrowed(numbers)
            instants = [
                convert(value)
                for convert, value in zip(self._instants, full[self._numbers_end : self._texts_begin], strict=True)
            ]
            joined = "".join(full[self._texts_begin : self._texts_end])
            if not joined.isascii():
                joined.encode()  # which refuses halves of surrogate pairs
            others: Sequence[Decimal | None] = self._whole_others
            if self._decimals:
                decimals = row[self._texts_end : self._simple_end]
                others = [
                    value if value is None else convert(value)
                    for convert, value in zip(self._decimals, decimals, strict=True)
                ]
                others += self._whole_others
            raw = self._pack(*numbers, *instants, *self._whole_slots, known)
            return Values(1, raw, row[self._texts_begin : self._texts_end] + self._whole_texts, others)
        except UNFIT:
            return self._slowly([profile], extra)

    def read_many(self, profiles: Sequence[Mapping[str, object]], extra: str = "error") -> Values:
        """Return the values of several customers; arguments and errors as `read`, which of them it was included."""
        _check_extra(extra)
        dicts = [profile if type(profile) is dict else _as_dict(profile) for profile in profiles]
        if len(dicts) == 1:
            return self.read(dicts[0], extra)
        try:
            rows = list(map(self._all_of, dicts))
            width = len(self._names)
            with_rest = [profile for profile in dicts if len(profile) != width]
        except KeyError:
            names, read = self._names, self._read
            rows = [tuple(map(profile.get, names)) for profile in dicts]
            with_rest = [profile for profile in dicts if not profile.keys() <= read]
        if not all(self._is_rest_right(profile, extra) for profile in with_rest):
            return self._slowly(dicts, extra)
        try:
            return self._of_columns(len(dicts), list(zip(*rows, strict=True)) or [()] * len(self._names))
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
        if place.section == OTHER:
            return lambda values: values.others[index]
        slot, first = Struct(f"={place.code}").unpack_from, 8 * index
        if place.type is BOOL:
            return lambda values: slot(values.raw, first)[0] == 1 if values.raw[known_at] else None
        return lambda values: slot(values.raw, first)[0] if values.raw[known_at] else None

    def _narrowed(self, numbers: Sequence[Any]) -> Sequence[Any]:
        """Return numbers as columns of few bits hold them."""
        numbers = list(numbers)
        for begin, end, run, rounds in self._narrow:
            packed = run.pack(*numbers[begin:end])
            if rounds:
                numbers[begin:end] = run.unpack(packed)
        return numbers

    def _without_nulls(self, row: Sequence[Any]) -> tuple[list[Any], bytes]:
        """Return a row with any value of the right type in the place of nulls, and which slots are known."""
        full = list(row)
        known = bytearray(self._all_known)
        for place in [place for place, value in enumerate(row) if value is None]:
            full[place] = self._any_values[place]
            if place < self._texts_begin:
                known[place] = 0
        return full, bytes(known)

    def _take_whole_doubles(self, full: list[Any]) -> bool:
        """Turn ints where doubles are expected into doubles; return whether now all types are right."""
        for place, expected in enumerate(self._types):
            value = full[place]
            if type(value) is not expected:
                if expected is not float or type(value) is not int or not -(2**53) <= value <= 2**53:
                    return False
                full[place] = float(value)
        return True

    def _mended(self, row: Sequence[Any]) -> Values:
        """Return the values of one customer of whom some are null, or of other types than the short way takes."""
        values = list(row)
        known = bytearray(self._all_known)
        slots, texts, others = list(self._whole_slots), list(self._whole_texts), list(self._whole_others)
        wholes = (slots, texts, others)
        for place, expected in enumerate(self._types):
            value = values[place]
            if type(value) is expected:
                continue
            if place >= self._simple_end:
                self._fill_whole(self._attributes[place], value, wholes, known)
            elif value is not None:
                values[place] = self._language_value(place, value)
            if values[place] is None and place < self._texts_begin:
                values[place] = known[place] = 0
        numbers = self._narrowed(values[: self._numbers_end])
        instants = [
            value if type(value) is int else convert(value)
            for convert, value in zip(self._instants, values[self._numbers_end : self._texts_begin], strict=True)
        ]
        own_texts = values[self._texts_begin : self._texts_end]
        "".join(filter(None, own_texts)).encode()
        decimals = [
            value if value is None else convert(value)
            for convert, value in zip(self._decimals, values[self._texts_end : self._simple_end], strict=True)
        ]
        raw = self._pack(*numbers, *instants, *slots, bytes(known))
        return Values(1, raw, (*own_texts, *texts), (*decimals, *others))

    def _fill_whole(
        self, attribute: Attribute, value: object, columns: tuple[list[Any], list[Any], list[Any]], known: bytearray
    ) -> None:
        """Write what a struct, list or map holds to the columns that come after those of simple attributes."""
        stored = READER.stored(value, attribute.arrow, attribute.name)
        if isinstance(stored, Refusal):
            raise Irregular
        begins = (self._texts_begin, self._texts_end - self._texts_begin, self._simple_end - self._texts_end)
        for place in attribute.places:
            found = _language_value_at(place, stored)
            if found is not None:
                columns[place.section][place.index - begins[place.section]] = found
                if place.section == SLOT:
                    known[place.index] = 1

    def _language_value(self, place: int, value: object) -> Value | None:
        """Return what rules see of a value of any type."""
        attribute = self._attributes[place]
        if attribute.expected is float and type(value) is int and -(2**53) <= value <= 2**53:
            return float(value)
        stored = READER.stored(value, attribute.arrow, attribute.name)
        if isinstance(stored, Refusal):
            raise Irregular
        return language_value(stored, attribute.arrow)

    def _of_columns(self, rows: int, columns: Sequence[Sequence[Any]]) -> Values:
        """Return the values of several customers, given their attributes one after the other."""
        parts: list[bytes] = []
        known: list[bytes] = []
        texts: list[str | None] = []
        others: list[Decimal | None] = []
        for place, attribute in enumerate(self._attributes[: self._simple_end]):
            column, expected = columns[place], attribute.expected
            kinds = set(map(type, column))
            if not kinds <= {expected, type(None)}:
                column = [
                    value if type(value) is expected or value is None else self._language_value(place, value)
                    for value in column
                ]
                kinds = set(map(type, column))
            if place >= self._texts_end:
                convert = _sure(attribute.convert)
                others += [None if value is None else convert(value) for value in column]
            elif place >= self._texts_begin:
                joined = "".join(filter(None, column))
                if not joined.isascii():
                    joined.encode()
                texts += column
            else:
                if type(None) in kinds:
                    known.append(bytes([value is not None for value in column]))
                    column = [0 if value is None else value for value in column]
                else:
                    known.append(b"\1" * rows)
                if attribute.convert is not None:
                    convert = attribute.convert
                    column = [value if type(value) is int else convert(value) for value in column]
                else:
                    column = _narrow_column(attribute, column)
                parts.append(struct.pack(f"={rows}{attribute.places[0].code}", *column))
        self._fill_whole_columns(rows, columns, parts, known, texts, others)
        return Values(rows, b"".join(parts + known), texts, others)

    def _fill_whole_columns(
        self,
        rows: int,
        columns: Sequence[Sequence[Any]],
        parts: list[bytes],
        known: list[bytes],
        texts: list[str | None],
        others: list[Decimal | None],
    ) -> None:
        """Append the columns of structs, lists and maps."""
        for number, attribute in enumerate(self._attributes[self._simple_end :], self._simple_end):
            stored = [READER.stored(value, attribute.arrow, attribute.name) for value in columns[number]]
            if any(isinstance(value, Refusal) for value in stored):
                raise Irregular
            for place in attribute.places:
                found: list[Any] = [_language_value_at(place, value) for value in stored]
                _append_column(place, rows, found, parts, known, texts, others)

    def _is_rest_right(self, profile: Mapping[str, object], extra: str) -> bool:
        """Return whether nothing is wrong with what no rule reads."""
        for name in profile.keys() - self._read:
            if name not in self._known:
                if extra == "error":
                    return False
            elif isinstance(stored_value(name, profile[name], self._schema, READER), Refusal):
                return False
        return True

    def _slowly(self, profiles: Sequence[Mapping[str, object]], extra: str) -> Values:
        """Return the values of several customers the long way, or raise the first error in their order."""
        rows = len(profiles)
        columns: dict[Path, list[Any]] = {path: [None] * rows for path in self.places}
        for row, profile in enumerate(profiles):
            for name, value in profile.items():
                if extra == "ignore" and name not in self._known:
                    continue
                stored = stored_value(name, value, self._schema, READER)
                if isinstance(stored, Refusal):
                    where = "" if rows == 1 else f" (profile {row + 1} of {rows})"
                    raise DataError(f"{stored.message}{where}", stored.fix)
                if name in self._read:
                    for place in self._by_name[name].places:
                        columns[place.path][row] = _language_value_at(place, stored)
        parts: list[bytes] = []
        known: list[bytes] = []
        texts: list[str | None] = []
        others: list[Decimal | None] = []
        for path, place in self.places.items():
            _append_column(place, rows, columns[path], parts, known, texts, others)
        return Values(rows, b"".join(parts + known), texts, others)


def _append_column(
    place: Place,
    rows: int,
    found: list[Any],
    parts: list[bytes],
    known: list[bytes],
    texts: list[str | None],
    others: list[Decimal | None],
) -> None:
    """Append a column of language values to its section."""
    if place.section == TEXT:
        texts += found
    elif place.section == OTHER:
        others += found
    else:
        known.append(bytes([value is not None for value in found]))
        parts.append(struct.pack(f"={rows}{place.code}", *[0 if value is None else value for value in found]))


def _language_value_at(place: Place, stored: Any) -> Value | None:
    """Return what rules see at a path of a stored value of its top-level attribute."""
    for name in place.path[1:]:
        if stored is None:
            return None
        stored = stored.get(name)
    return language_value(stored, place.arrow)


def _narrow_runs(numbers: Sequence[Attribute]) -> list[tuple[int, int, Struct, bool]]:
    """Return the runs of numbers of few bits: (begin, end, their form, whether that rounds)."""
    runs = []
    codes = [narrow_code(attribute.arrow) for attribute in numbers]
    begin = 0
    for end in range(1, len(codes) + 1):
        if end == len(codes) or codes[end] != codes[begin]:
            if codes[begin]:
                runs.append((begin, end, Struct(f"={end - begin}{codes[begin]}"), codes[begin] in "ef"))
            begin = end
    return runs


def _narrow_column(attribute: Attribute, column: Sequence[Any]) -> Sequence[Any]:
    """Return numbers as a column of few bits holds them."""
    code = narrow_code(attribute.arrow)
    if not code:
        return column
    form = f"={len(column)}{code}"
    packed = struct.pack(form, *column)
    return struct.unpack(form, packed) if code in "ef" else column


def _getter(names: Sequence[str]) -> Callable[[Mapping[str, object]], tuple[Any, ...]]:
    """Return what gives all attributes of a dict, or raises KeyError."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda profile: tuple(profile[name] for name in names)


def _sure(convert: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    assert convert is not None, "instants and decimals have one"
    return convert


def _as_dict(profile: object) -> dict[str, object]:
    """Return any mapping as a dict."""
    if not isinstance(profile, Mapping):
        raise DataError(
            f"a profile is a mapping from attributes to values, and this is a `{type(profile).__name__}`",
            'give a dict: `{"country": "DE", "age": 30}`',
        )
    return dict(profile.items())


def _check_extra(extra: str) -> None:
    if extra not in ("error", "ignore"):
        raise DataError(f"`extra` is `{extra}`", 'give "error", or "ignore" for names that the schema lacks')
