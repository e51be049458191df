"""One Python value to what Arrow stores for it, or to the reason why there is no such thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation, localcontext
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from fasttwitch.logic.datatypes import language_type
from fasttwitch.logic.instants import DAY, LONGEST_DURATION, Refusal, read_date, read_duration, read_timestamp
from fasttwitch.logic.names import nearest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_SIGNED = range(-(2**63), 2**63)
_FLOATS: Mapping[int, Callable[[float], Any]] = {16: np.float16, 32: np.float32, 64: np.float64}
_EXACT_DIGITS = 80  # more than any decimal of Arrow has
_SHOWN = 61  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns values into stored ones.

    written  they come from a document, where texts stand for instants, days, lengths of time and decimals
    """

    written: bool

    def stored(self, value: object, type_: pa.DataType, path: str) -> object:
        """Return what `pa.array` takes for the value of an attribute, or a Refusal that names it by `path`."""
        value = _plain(value)
        if value is None:
            return None
        types = pa.types
        if types.is_dictionary(type_):
            return self.stored(value, type_.value_type, path)
        if types.is_struct(type_):
            return self._struct(value, type_, path)
        if types.is_list(type_) or types.is_large_list(type_) or types.is_fixed_size_list(type_):
            return self._list(value, type_, path)
        if types.is_map(type_):
            return self._map(value, type_, path)
        if types.is_boolean(type_):
            return value if isinstance(value, bool) else self._wrong(value, type_, path)
        if types.is_integer(type_):
            return self._integer(value, type_, path)
        if types.is_floating(type_):
            return self._floating(value, type_, path)
        if types.is_decimal(type_):
            return self._decimal(value, type_, path)
        if str(language_type(type_)) == "string":
            return self._text(value, type_, path)
        if types.is_timestamp(type_):
            return self._timestamp(value, type_, path)
        if types.is_date(type_):
            return self._date(value, type_, path)
        if types.is_duration(type_):
            return self._duration(value, type_, path)
        return Refusal(f"attribute `{path}` is of the Arrow type {type_}, which rules cannot read", "leave it out")

    def _wrong(self, value: object, type_: pa.DataType, path: str, fix: str = "") -> Refusal:
        kind = str(language_type(type_))
        article = "an" if kind == "int" else "a"
        if isinstance(value, float) and value != value:
            fix = "where a value is missing, give `None` or leave the attribute out: NaN is a number"
        elif not fix:
            shape = kind.partition("(")[0]
            fix = f"write it like `{path}: {_EXAMPLES[shape]}`" if self.written else f"give {_PYTHON[shape]}"
        return Refusal(f"attribute `{path}` is {article} {kind}, and {words_of(value)} is {_kind_of(value)}", fix)

    def _misread(self, why: Refusal, text: str, type_: pa.DataType, path: str) -> Refusal:
        """Return the refusal of a text that should have been an instant, a day or a length of time."""
        if len(text) >= _SHOWN:
            return self._wrong(text, type_, path)
        return Refusal(f"attribute `{path}` is a {language_type(type_)}, and {visible(why.message)}", visible(why.fix))

    def _too_large(self, value: object, type_: pa.DataType, path: str) -> Refusal:
        return Refusal(f"{words_of(value)} does not fit attribute `{path}`, which is stored as {type_}")

    def _integer(self, value: object, type_: pa.DataType, path: str) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
            fix = f"write `{int(value)}`" if whole else ""  # type: ignore[call-overload]  # `whole` knows it is a float
            return self._wrong(value, type_, path, fix)
        bits = type_.bit_width
        low, high = (0, 2**bits) if pa.types.is_unsigned_integer(type_) else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        return value if low <= value < high else self._too_large(value, type_, path)

    def _floating(self, value: object, type_: pa.DataType, path: str) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            if abs(value) > 2**1000 or int(float(value)) != value:
                return Refusal(
                    f"{words_of(value)} is no exact double, and attribute `{path}` is one", "write it with a fraction"
                )
            value = float(value)
        if not isinstance(value, float):
            return self._wrong(value, type_, path)
        bits = type_.bit_width
        with np.errstate(over="ignore"):
            rounded = _FLOATS[bits](value)
        if np.isinf(rounded) and not np.isinf(value):
            return self._too_large(value, type_, path)
        return rounded if bits == 16 else float(rounded)

    def _decimal(self, value: object, type_: pa.DataType, path: str) -> object:
        if self.written and isinstance(value, (float, str)):
            try:
                value = Decimal(repr(value) if isinstance(value, float) else value)
            except InvalidOperation:
                return self._wrong(value, type_, path)
        elif isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            return self._wrong(value, type_, path)
        if not value.is_finite():
            return Refusal(
                f"attribute `{path}` is a decimal, and {value} is no number", "leave it out: null is unknown"
            )
        with localcontext() as context:
            context.prec = _EXACT_DIGITS
            try:
                scaled = value.quantize(Decimal(1).scaleb(-type_.scale))
            except InvalidOperation:
                return self._too_large(value, type_, path)
            if scaled != value:
                return Refusal(
                    f"{words_of(value)} has more digits after the point than attribute `{path}`, stored as {type_}"
                )
        digits = len(scaled.as_tuple().digits)
        return scaled if digits <= type_.precision else self._too_large(value, type_, path)

    def _text(self, value: object, type_: pa.DataType, path: str) -> object:
        if not isinstance(value, str):
            scalar = self.written and isinstance(value, (bool, int, float))
            return self._wrong(value, type_, path, f'put it in quotes: `"{words_of(value)}"`' if scalar else "")
        if not _is_text(value):
            return Refusal(f"the text of attribute `{path}` has half of a surrogate pair", "repair it where it is made")
        return value

    def _timestamp(self, value: object, type_: pa.DataType, path: str) -> object:
        instant: int | Refusal
        if self.written and isinstance(value, str):
            instant = read_timestamp(value)
            if isinstance(instant, Refusal):
                return self._misread(instant, value, type_, path)
        elif isinstance(value, datetime):
            moment = value if value.utcoffset() is not None else value.replace(tzinfo=UTC)
            instant = _microseconds(moment - _EPOCH)
        elif isinstance(value, np.datetime64):  # one that Python's calendar lacks
            return self._too_large(value, type_, path)
        else:
            return self._wrong(value, type_, path)
        return self._in_unit(instant, value, type_, path)

    def _date(self, value: object, type_: pa.DataType, path: str) -> object:
        day: int | Refusal
        if self.written and isinstance(value, str):
            day = read_date(value)
            if isinstance(day, Refusal):
                return self._misread(day, value, type_, path)
        elif isinstance(value, date) and not isinstance(value, datetime):
            day = value.toordinal() - _FIRST_DAY
        else:
            return self._wrong(value, type_, path)
        return day if pa.types.is_date32(type_) else day * (DAY // 1000)

    def _duration(self, value: object, type_: pa.DataType, path: str) -> object:
        length: int | Refusal
        if self.written and isinstance(value, str):
            length = read_duration(value)
            if isinstance(length, Refusal):
                return self._misread(Refusal(length.message, 'write it like `"1h30m"`'), value, type_, path)
        elif isinstance(value, timedelta):
            length = _microseconds(value)
            if abs(length) > LONGEST_DURATION:
                return self._too_large(value, type_, path)
        elif isinstance(value, np.timedelta64):
            return self._too_large(value, type_, path)
        else:
            return self._wrong(value, type_, path)
        return self._in_unit(length, value, type_, path)

    def _in_unit(self, microseconds: int, value: object, type_: pa.DataType, path: str) -> object:
        """Return µs in the unit of a column, finer digits floored as they are when they are read."""
        match type_.unit:
            case "s":
                return microseconds // 1_000_000
            case "ms":
                return microseconds // 1_000
            case "us":
                return microseconds
            case _:
                nanoseconds = microseconds * 1_000
                return nanoseconds if nanoseconds in _SIGNED else self._too_large(value, type_, path)

    def _struct(self, value: object, type_: pa.DataType, path: str) -> object:
        if not isinstance(value, Mapping):
            return self._wrong(value, type_, path)
        known = [field.name for field in type_]
        fields: dict[str, object] = {}
        for name, part in value.items():
            if name not in known:
                name = told(name)
                meant = nearest(name, known)
                fix = f"did you mean `{meant}`?" if meant else f"its fields: {', '.join(f'`{one}`' for one in known)}"
                return Refusal(f"attribute `{path}` has no field `{visible(name)}`", fix)
            stored = self.stored(part, type_.field(name).type, f"{path}.{name}")
            if isinstance(stored, Refusal):
                return stored
            fields[name] = stored
        return fields

    def _list(self, value: object, type_: pa.DataType, path: str) -> object:
        if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
            return self._wrong(value, type_, path)
        if pa.types.is_fixed_size_list(type_) and len(value) != type_.list_size:
            return Refusal(f"attribute `{path}` holds {type_.list_size} values, and these are {len(value)}")
        items = []
        for number, item in enumerate(value):
            stored = self.stored(item, type_.value_type, f"{path}[{number}]")
            if isinstance(stored, Refusal):
                return stored
            items.append(stored)
        return items

    def _map(self, value: object, type_: pa.DataType, path: str) -> object:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            return self._wrong(value, type_, path)
        pairs = []
        for key, part in value.items():
            if not _is_text(key):
                return Refusal(
                    f"a key of attribute `{path}` has half of a surrogate pair", "repair it where it is made"
                )
            stored = self.stored(part, type_.item_type, f"{path}.{visible(key)}")
            if isinstance(stored, Refusal):
                return stored
            pairs.append((key, stored))
        return pairs


_EXAMPLES = {
    "bool": "true",
    "int": "42",
    "uint": "42",
    "double": "49.90",
    "decimal": "49.90",
    "string": '"gold"',
    "timestamp": '"2026-01-31T09:30:00Z"',
    "date": '"2026-01-31"',
    "duration": '"1h30m"',
    "struct": "{field: value}",
    "list": "[value, value]",
    "map": "{key: value}",
}
_PYTHON = {
    "bool": "`True` or `False`",
    "int": "an `int`",
    "uint": "an `int`",
    "double": "a `float`",
    "decimal": "a `decimal.Decimal`",
    "string": "a `str`",
    "timestamp": "a `datetime`; naive means UTC",
    "date": "a `date`",
    "duration": "a `timedelta`",
    "struct": "a mapping of its fields",
    "list": "a list",
    "map": "a mapping",
}


def _plain(value: object) -> object:
    """Return a value without NumPy's or pandas' clothes; their missing instants are null."""
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return _plain_instant(value)
    if isinstance(value, np.generic):
        value = value.item()
    elif isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (datetime, timedelta)) and value != value:
        return None
    return None if type(value).__name__ == "NAType" else value  # pandas' own null; NaN is a double like any other


def _plain_instant(value: "np.datetime64 | np.timedelta64") -> object:
    """Return NumPy's instant or length of time as Python's, null for NaT; as it is where Python's cannot say it."""
    if np.isnat(value):
        return None
    whole = value.astype(f"{value.dtype.str[1:2]}8[us]")
    # NumPy wraps around where µs overflow: then the way back ends elsewhere. Finer units cannot overflow.
    is_finer = np.datetime_data(value.dtype)[0] in ("ns", "ps", "fs", "as")
    if not is_finer and whole.astype(value.dtype) != value:
        return value
    plain = whole.item()
    return value if isinstance(plain, int) else plain


def _is_text(value: str) -> bool:
    """Return whether a string can be stored: it has no half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _microseconds(length: timedelta) -> int:
    return (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds


def words_of(value: object, depth: int = 3) -> str:
    """Return a value as a document would write it; long ones are cut short.

    depth  values within values are shown so many levels deep
    """
    words: str
    match value:
        case None:
            words = "null"
        case bool():
            words = str(value).lower()
        case int() if value.bit_length() > 10_000:  # Python refuses to write out more than 4,300 digits
            words = f"{Decimal(value):.3e}"
        case str():
            words = '"' + visible(value[:_SHOWN].replace("\\", "\\\\").replace('"', '\\"')) + '"'
        case datetime() | date():
            words = value.isoformat()
        case Mapping() | list() | tuple() if depth == 0:
            words = "…"
        case Mapping():
            some = islice(value.items(), _SHOWN)
            words = "{" + ", ".join(f"{visible(told(name))}: {words_of(part, depth - 1)}" for name, part in some) + "}"
        case list() | tuple():
            words = "[" + ", ".join(words_of(part, depth - 1) for part in value[:_SHOWN]) + "]"
        case _:
            words = visible(told(value))
    return words if len(words) < _SHOWN else words[: _SHOWN - 2] + "…"


def visible(text: str) -> str:
    """Return a text with escapes for what cannot be seen, or does more to a terminal than to be seen."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def told(value: object) -> str:
    """Return what a value says of itself, if it can."""
    try:
        return str(value)
    except Exception:
        return "something that cannot be told"


def _kind_of(value: object) -> str:
    """Return what a value is, in the words of the language."""
    match value:
        case bool():
            return "a bool"
        case int():
            return "an int"
        case float():
            return "a double"
        case Decimal():
            return "a decimal"
        case str():
            return "a string"
        case datetime():
            return "a timestamp"
        case date():
            return "a date"
        case timedelta():
            return "a duration"
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return f"a `{type(value).__name__}`"
