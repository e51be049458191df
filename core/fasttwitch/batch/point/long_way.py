"""Values the long way: one after the other, through `batch.stored_values`, in the order of the profiles."""

import struct
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fasttwitch.batch.point.attributes import OTHER, TEXT, Place
from fasttwitch.batch.point.customers import Values
from fasttwitch.batch.point.language_values import Value, language_value
from fasttwitch.batch.profiles import stored_value
from fasttwitch.batch.stored_values import Reader
from fasttwitch.errors import DataError
from fasttwitch.logic.instants import Refusal
from fasttwitch.plan.sources import Path

READER = Reader(written=False)


def long_way(
    profiles: Sequence[Mapping[str, object]], schema: pa.Schema, places: Sequence[Place], known: frozenset[str] | None
) -> Values:
    """Return the values of several customers.

    places  the paths to read, in order of their sections
    known   the names that the schema has, where others are to be ignored; None where they are errors

    Errors: DataError for the first value that does not fit.
    """
    rows = len(profiles)
    columns: dict[Path, list[Any]] = {place.path: [None] * rows for place in places}
    of_name: dict[str, list[Place]] = {}
    for place in places:
        of_name.setdefault(place.path[0], []).append(place)
    for row, profile in enumerate(profiles):
        for name, value in profile.items():
            if known is not None and name not in known:
                continue
            stored = stored_value(name, value, schema, READER)
            if isinstance(stored, Refusal):
                where = "" if rows == 1 else f" (profile {row + 1} of {rows})"
                raise DataError(f"{stored.message}{where}", stored.fix)
            for place in of_name.get(name, ()):
                columns[place.path][row] = _value_at(place, stored)
    return _kept(rows, places, columns)


def _value_at(place: Place, stored: Any) -> Value | None:
    """Return what rules see at a path of a stored value of its top-level attribute."""
    for name in place.path[1:]:
        if stored is None:
            return None
        stored = stored.get(name)
    return language_value(stored, place.arrow)


def _kept(rows: int, places: Sequence[Place], columns: Mapping[Path, Sequence[Any]]) -> Values:
    slots: list[bytes] = []
    known: list[bytes] = []
    texts: list[str | None] = []
    others: list[Decimal | None] = []
    for place in places:
        column = columns[place.path]
        if place.section == TEXT:
            texts += column
        elif place.section == OTHER:
            others += column
        else:
            known.append(bytes([value is not None for value in column]))
            slots.append(struct.pack(f"={rows}{place.code}", *[0 if value is None else value for value in column]))
    return Values(rows, b"".join(slots + known), texts, others)
