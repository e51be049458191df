"""What no rule reads is checked all the same: whether it is right, in as little time as can be."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeAlias

import pyarrow as pa

from fasttwitch.batch.point.long_way import READER
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, STRING, TIMESTAMP, language_type
from fasttwitch.logic.instants import Refusal

Fit: TypeAlias = Callable[[object], bool]

# Of these types every value fits where Arrow has room for all of them.
ANY_VALUE: Mapping[object, type] = {DOUBLE: float, BOOL: bool, TIMESTAMP: datetime, DATE: date}


class Rest:
    """The attributes that a schema has and no rule reads."""

    def __init__(self, schema: pa.Schema, read: frozenset[str]) -> None:
        self._read = read
        names = {name for name in schema.names if schema.get_field_index(name) >= 0} - read
        self._fits = {name: fit_of(schema.field(name).type, name) for name in names}

    def is_right(self, profile: Mapping[str, object], extra: str) -> bool:
        """Return whether there is nothing wrong with what no rule reads.

        extra  "ignore": names that the schema lacks are not wrong
        """
        fits = self._fits
        for name in profile.keys() - self._read:
            fit = fits.get(name)
            if fit is None:
                if extra == "error":
                    return False
            elif not fit(profile[name]):
                return False
        return True


def fit_of(arrow: pa.DataType, path: str) -> Fit:
    """Return whether a value fits a column or a field."""
    kind = language_type(arrow)
    expected = ANY_VALUE.get(kind)
    if arrow in (pa.float16(), pa.float32()) or (expected is datetime and getattr(arrow, "unit", "ns") == "ns"):
        expected = None

    def fits(value: object) -> bool:
        return value is None or not isinstance(READER.stored(value, arrow, path), Refusal)

    if kind is STRING:
        return lambda value: (type(value) is str and value.isascii()) or fits(value)
    if pa.types.is_integer(arrow):
        bits = arrow.bit_width
        low, high = (0, 2**bits) if pa.types.is_unsigned_integer(arrow) else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        return lambda value: (type(value) is int and low <= value < high) or fits(value)
    if expected is None:
        return fits
    return lambda value: type(value) is expected or fits(value)
