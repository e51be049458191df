"""Customers as Python mappings to tables of Arrow, strictly: a value is what a bulk run would have read, or an error.

A profile holds what it says and nothing is guessed: what is absent is null, a name that the schema lacks is an error,
and so is a value of another type. A Boolean is no number, a number is no text, an int is a double where that is exact.
Where Arrow holds fewer digits (float32, timestamp[s]) a value is rounded or floored as if it had been stored.

Documents have no words for instants, days, lengths of time and exact decimals, so there texts stand for them; from
Python they are `datetime`, `date`, `timedelta` and `Decimal`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fasttwitch.batch.stored_values import Reader, told, visible
from fasttwitch.errors import DataError
from fasttwitch.logic.datatypes import StructType, language_type
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.names import nearest


@dataclass(frozen=True, slots=True)
class WrongValue:
    """What is wrong with one attribute of a profile, and how to mend it."""

    attribute: str
    message: str
    fix: str


def profile_table(profiles: Sequence[Mapping[str, object]], schema: pa.Schema, written: bool = False) -> pa.Table:
    """Return one row for each profile, with all columns of the schema in its Arrow types.

    written  the profiles come from a document, where texts stand for instants and the like

    Errors: DataError for the first value that does not fit.
    """
    reader = Reader(written)
    columns: dict[str, list[object]] = {name: [None] * len(profiles) for name in schema.names}
    for row, profile in enumerate(profiles):
        for name, value in profile.items():
            stored = stored_value(name, value, schema, reader)
            if isinstance(stored, Refusal):
                where = "" if len(profiles) == 1 else f" (profile {row + 1} of {len(profiles)})"
                raise DataError(f"{stored.message}{where}", stored.fix)
            columns[name][row] = stored
    arrays = [_array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def wrong_values(profile: Mapping[str, object], schema: pa.Schema, written: bool = False) -> list[WrongValue]:
    """Return all that is wrong with a profile, in its order; arguments as `profile_table`."""
    reader = Reader(written)
    wrong = []
    for name, value in profile.items():
        stored = stored_value(name, value, schema, reader)
        if isinstance(stored, Refusal):
            wrong.append(WrongValue(name, stored.message, stored.fix))
    return wrong


def stored_value(name: object, value: object, schema: pa.Schema, reader: Reader) -> object:
    """Return a value as Arrow stores it, or the refusal of the value or of its name."""
    if not isinstance(name, str) or not _is_attribute(name, schema):
        return _no_such_attribute(told(name), schema)
    return reader.stored(value, schema.field(name).type, name)


def _is_attribute(name: str, schema: pa.Schema) -> bool:
    try:
        return bool(schema.get_field_index(name) >= 0)
    except UnicodeEncodeError:  # half of a surrogate pair: no column is named so
        return False


def _no_such_attribute(name: str, schema: pa.Schema) -> Refusal:
    message = f"there is no attribute `{visible(name)}`"
    head, _, rest = name.partition(".")
    if rest and _is_attribute(head, schema) and isinstance(language_type(schema.field(head).type), StructType):
        return Refusal(message, f"write the field inside its struct: `{head}: {{{visible(rest)}: …}}`")
    meant = nearest(name, schema.names)
    return Refusal(message, f"did you mean `{meant}`?" if meant else f"attributes: {_listed(schema.names)}")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:8]) or "none"
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


def _array(values: list[object], type_: pa.DataType) -> pa.Array:
    if all(value is None for value in values):
        return pa.nulls(len(values), type_)
    return pa.array(values, type_)
