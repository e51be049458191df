"""Which column a field of the source means, and of which type it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pyarrow as pa

from fasttwitch.errors import DataError
from fasttwitch.importers.trees import NOWHERE
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
    Scalar,
    StructType,
    Type,
    language_type,
)
from fasttwitch.logic.names import nearest
from fasttwitch.syntax.nodes import Expression, Member, Name
from fasttwitch.syntax.words import ESCAPED_FIELD, KEYWORDS, RESERVED, is_name

Schema: TypeAlias = pa.Schema | Mapping[str, Type | str] | None

_BY_NAME: Mapping[str, Scalar] = {
    one.name: one for one in (BOOL, INT, UINT, DOUBLE, DECIMAL, STRING, TIMESTAMP, DATE, DURATION)
}
LONGEST_NAME = 1_000


@dataclass(frozen=True, slots=True)
class Operand:
    """A part of a rule with its type, as far as that is known.

    type  None where no schema was given, or where the source does not say
    """

    tree: Expression
    type: Type | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns at hand.

    types  of each column; None if no schema was given: then every name is believed
    names  what the source calls differently: its field to our column, dotted where that is a field of a struct
    """

    types: Mapping[str, Type] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def find(self, source_field: str) -> Operand | tuple[str, str]:
        """Return the column for a field of the source; else why there is none, and what to do about it."""
        words = self.names.get(source_field, source_field)
        if len(words) > LONGEST_NAME:
            return "this name is too long for a column", ""
        first, *steps = words.split(".")
        shown = first if len(first) <= 60 else f"{first[:57]}…"
        if first == "now":
            return "`now` is the instant of the run, not a column", _rename(source_field)
        if not is_name(first) or first in KEYWORDS or first in RESERVED:
            return f"`{shown}` cannot be the name of a column in a rule", _rename(source_field)
        tree: Expression = Name(first, NOWHERE)
        kind: Type | None = None
        if self.types is not None:
            if first not in self.types:
                meant = nearest(first, self.types)
                return f"there is no column `{shown}`", f"did you mean `{meant}`?" if meant else _rename(source_field)
            kind = self.types[first]
        for step in steps:
            if not is_name(step) and not ESCAPED_FIELD.fullmatch(f"`{step}`"):
                return f"`{step[:60]}` cannot be the name of a field", _rename(source_field)
            if self.types is not None:
                kind = dict(kind.fields).get(step) if isinstance(kind, StructType) else None
                if kind is None:
                    return f"`{shown}` has no field `{step[:60]}`", "compare it with the schema"
            tree = Member(tree, step, NOWHERE)
        return Operand(tree, kind)


def with_article(kind: Type | None) -> str:
    """Return a type with its article: "an int", "a string"."""
    return f"an {kind}" if str(kind) == "int" else f"a {kind}"


def columns_of(schema: Schema, names: Mapping[str, str] | None) -> Columns:
    """Return the columns that a reader's arguments describe.

    Errors: DataError for a type that the language does not have.
    """
    renamed = dict(names or {})
    if schema is None:
        return Columns(None, renamed)
    if isinstance(schema, pa.Schema):
        return Columns({column.name: language_type(column.type) for column in schema}, renamed)
    types: dict[str, Type] = {}
    for name, kind in schema.items():
        known = _BY_NAME.get(kind) if isinstance(kind, str) else kind
        if known is None:
            raise DataError(
                f"`{kind}`, the type of `{name}`, is no type of the language", f"one of {', '.join(_BY_NAME)}"
            )
        types[name] = known
    return Columns(types, renamed)


def _rename(source_field: str) -> str:
    shown = source_field if len(source_field) <= 40 else "…"
    return f'say which column is meant: `names={{"{shown}": "…"}}`'
