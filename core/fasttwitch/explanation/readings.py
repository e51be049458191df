"""What a customer's attributes hold, as numbers of the language and in the words of a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import pyarrow as pa

from fasttwitch.batch.stored_values import words_of
from fasttwitch.logic.datatypes import DATE, DECIMAL, DURATION, TIMESTAMP, Type, language_type
from fasttwitch.logic.instants import (
    DAY,
    FIRST_DAY,
    FIRST_INSTANT,
    HOUR,
    LAST_DAY,
    LAST_INSTANT,
    LONGEST_DURATION,
    MINUTE,
    SECOND,
)

Path: TypeAlias = tuple[str, ...]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_ORDINAL = date(1970, 1, 1).toordinal()
_UNITS = {"s": SECOND, "ms": 1_000, "us": 1}


@dataclass(frozen=True, slots=True)
class Reading:
    """What an attribute holds.

    attribute  dotted where it is a field
    value      as JSON holds it: instants, days, durations and decimals are texts, and so are NaN and infinities
    words      as a document writes it
    age        how long ago an instant is, in words; "" for anything else, and where no rule asks
    decided    a condition that decided the answer reads it
    """

    attribute: str
    value: object
    words: str
    age: str = ""
    decided: bool = False

    @property
    def missing(self) -> bool:
        """Whether there is no value."""
        return self.value is None

    @property
    def in_full(self) -> str:
        """The words, with the age behind them."""
        return f"{self.words}, {self.age}" if self.age else self.words


def scalar_at(table: pa.Table, path: Path, row: int = 0) -> pa.Scalar:
    """Return what a table holds under a path; null inside a struct that is null."""
    scalar = table.column(path[0])[row]
    for name in path[1:]:
        scalar = scalar[name] if scalar.is_valid else pa.scalar(None, scalar.type.field(name).type)
    return scalar


def value_of(scalar: pa.Scalar) -> Any:
    """Return a stored value as the language reads it: µs, days, numbers, str, bool; None for null.

    Structs come as mappings, lists and maps as lists.
    """
    while isinstance(scalar, pa.DictionaryScalar):
        scalar = scalar.value
    if not scalar.is_valid:
        return None
    stored = scalar.type
    kind = language_type(stored)
    if kind is TIMESTAMP:
        return max(FIRST_INSTANT, min(_microseconds(scalar.value, stored.unit), LAST_INSTANT))
    if kind is DURATION:
        return max(-LONGEST_DURATION, min(_microseconds(scalar.value, stored.unit), LONGEST_DURATION))
    if kind is DATE:
        day = scalar.value if pa.types.is_date32(stored) else scalar.value // (DAY // 1000)
        return max(FIRST_DAY, min(day, LAST_DAY))
    if pa.types.is_floating(stored):
        return float(scalar.as_py())  # all digits: a float32 that was written 0.3 is more than 0.3
    return _nested(scalar) if pa.types.is_nested(stored) else scalar.as_py()


def _microseconds(value: int, unit: str) -> int:
    return value // 1_000 if unit == "ns" else value * _UNITS[unit]


def _nested(scalar: pa.Scalar) -> object:
    """Return a struct as a mapping and a list or a map as a list, what is inside as JSON holds it."""
    if isinstance(scalar, pa.StructScalar):
        return {field.name: _inside(scalar[field.name]) for field in scalar.type}
    return [_inside(one) for one in scalar.values]


def _inside(scalar: pa.Scalar) -> object:
    return json_value(value_of(scalar), language_type(scalar.type))


def reading(path: Path, scalar: pa.Scalar, now: int | None, decided: bool = False) -> Reading:
    """Return what a stored value says; its age at `now` µs unless that is None."""
    value, kind = value_of(scalar), language_type(scalar.type)
    age = "" if now is None or value is None else age_in_words(value, kind, now)
    return Reading(".".join(path), json_value(value, kind), words(value, kind), age, decided)


def python_value(value: Any, kind: Type) -> object:
    """Return a value of the language as `program.match` takes it from Python."""
    if value is None:
        return None
    if kind is TIMESTAMP:
        return _EPOCH + timedelta(microseconds=value)
    if kind is DURATION:
        return timedelta(microseconds=value)
    if kind is DATE:
        return date.fromordinal(value + _FIRST_ORDINAL)
    return value


def words(value: Any, kind: Type) -> str:
    """Return a value of the language as a document writes it; long ones are cut short."""
    found = json_value(value, kind)
    if kind is DECIMAL and value is not None:
        return str(found)
    return str(found) if isinstance(value, float) else words_of(found)


def json_value(value: Any, kind: Type) -> object:
    """Return a value of the language as JSON holds it."""
    match value:
        case None:
            return None
        case float() if value != value or abs(value) == float("inf"):
            return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
        case Decimal():
            return format(value, "f")
        case int() if kind is TIMESTAMP:
            return instant_words(value)
        case int() if kind is DATE:
            return str(python_value(value, kind))
        case int() if kind is DURATION:
            return _duration_words(value)
        case bool() | int() | float() | str():
            return value
        case _:
            return words_of(value)


def instant_words(microseconds: int) -> str:
    """Return an instant as rules and documents write it, digits of seconds only where there are some."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _duration_words(microseconds: int) -> str:
    """Return a duration such as `1h30m`."""
    rest = abs(microseconds)
    told = ""
    for size, unit in ((HOUR, "h"), (MINUTE, "m")):
        count, rest = divmod(rest, size)
        told += f"{count}{unit}" if count else ""
    if rest or not told:
        told += f"{Decimal(rest) / SECOND:f}s"
    return f"-{told}" if microseconds < 0 else told


_SIZES: Sequence[tuple[int, str]] = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second"))


def age_in_words(value: Any, kind: Type, now: int) -> str:
    """Return how long before `now` an instant or a day is: "12 days ago", "in 3 hours"; "" for anything else."""
    if kind is TIMESTAMP:
        difference = now - value
    elif kind is DATE:
        difference = (now // DAY - value) * DAY
        if not difference:
            return "today"
    else:
        return ""
    length = length_in_words(abs(difference))
    if not length:
        return "now"
    return f"{length} ago" if difference > 0 else f"in {length}"


def length_in_words(microseconds: int) -> str:
    """Return a length in days, hours, minutes or seconds; the next smaller unit too where days are few."""
    for place, (size, unit) in enumerate(_SIZES):
        count, rest = divmod(microseconds, size)
        if not count:
            continue
        told = _counted(count, unit)
        smaller = rest // _SIZES[place + 1][0] if place + 1 < len(_SIZES) else 0
        return f"{told} {_counted(smaller, _SIZES[place + 1][1])}" if smaller and count < 100 else told
    return "less than a second" if microseconds else ""


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
