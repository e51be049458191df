"""The attributes that rules read, in the order in which values are kept: groups that are read in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fasttwitch.batch.point.language_values import days_of, decimals_of, durations_of, instants_of
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    Type,
    language_type,
)
from fasttwitch.plan.sources import Path

# Where a value is kept: a slot of 8 bytes, among the texts, among the decimals.
SLOT, TEXT, OTHER = range(3)
CODES: dict[Type, str] = {DOUBLE: "d", UINT: "Q"}  # of `struct`, for slots; all else is "q"
PYTHON: dict[Type, type] = {
    DOUBLE: float,
    INT: int,
    UINT: int,
    BOOL: bool,
    TIMESTAMP: datetime,
    DATE: date,
    DURATION: timedelta,
    STRING: str,
    DECIMAL: Decimal,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the value of a path is kept.

    section  SLOT, TEXT or OTHER
    index    within the section
    """

    path: Path
    arrow: pa.DataType
    type: Type
    section: int
    index: int

    @property
    def code(self) -> str:
        """How `struct` writes a slot."""
        return CODES.get(self.type, "q")


@dataclass(frozen=True, slots=True)
class Attribute:
    """What rules read at one path.

    key       of its value in a flat profile: its name, or the path of a field of a struct (`batch.point.wholes`)
    expected  the Python type that the short way takes; bool for structs, lists and maps, which are there or not
    convert   from that to the language's value, None where they are the same
    """

    key: str | Path
    arrow: pa.DataType
    expected: type
    convert: Callable[[Any], Any] | None
    place: Place


def attributes_of_schema(paths: Sequence[Path], schema: pa.Schema) -> tuple[Attribute, ...]:
    """Return the attributes in the order of their groups: numbers and Booleans, instants, texts, decimals.

    Slots, texts and decimals are numbered in that order.
    """
    arrows = {path: arrow_at(path, schema) for path in paths}
    counts = [0, 0, 0]
    found = []
    for path in sorted(arrows, key=lambda path: _group(arrows[path])):  # stable
        arrow = arrows[path]
        kind = language_type(arrow)
        section = TEXT if kind is STRING else OTHER if kind is DECIMAL else SLOT
        place = Place(path, arrow, kind, section, counts[section])
        counts[section] += 1
        key = path[0] if len(path) == 1 else path
        found.append(Attribute(key, arrow, PYTHON.get(kind, bool), _convert(kind, plain_type(arrow)), place))
    return tuple(found)


def arrow_at(path: Path, schema: pa.Schema) -> pa.DataType:
    """Return the Arrow type of a column, or of a field of a struct."""
    arrow = schema.field(path[0]).type
    for name in path[1:]:
        arrow = arrow.field(name).type
    return arrow


GROUPS = (DOUBLE, INT, UINT, BOOL, None, TIMESTAMP, DATE, DURATION, STRING, DECIMAL)


def _group(arrow: pa.DataType) -> int:
    kind = language_type(arrow)
    return GROUPS.index(kind if kind in PYTHON else None)


def plain_type(arrow: pa.DataType) -> pa.DataType:
    """Return the type of the values of a column, whether it has a dictionary or not."""
    return arrow.value_type if pa.types.is_dictionary(arrow) else arrow


def _convert(kind: Type, arrow: pa.DataType) -> Callable[[Any], Any] | None:
    if kind is TIMESTAMP:
        return instants_of(arrow)
    if kind is DATE:
        return days_of(arrow)
    if kind is DURATION:
        return durations_of(arrow)
    return decimals_of(arrow) if kind is DECIMAL else None
