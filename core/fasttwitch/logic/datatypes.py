"""The types of the rule language, and which Arrow type is read as which."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar type, named as authors write it; there is one object of each, so `is` compares them."""

    name: str

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Callable[[str], "Scalar"], tuple[str]]:
        return _scalar, (self.name,)  # a program that was pickled must find the same objects again


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of elements of one type."""

    element: "Type"

    def __str__(self) -> str:
        return f"list({self.element})"


@dataclass(frozen=True, slots=True)
class StructType:
    """Named fields, each with its type."""

    fields: tuple[tuple[str, "Type"], ...]

    def __str__(self) -> str:
        return "struct"


@dataclass(frozen=True, slots=True)
class MapType:
    """String keys to values of one type."""

    value: "Type"

    def __str__(self) -> str:
        return f"map(string, {self.value})"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """An Arrow type that the language has no word for: a column may have it, a rule may not name the column."""

    arrow: str

    def __str__(self) -> str:
        return self.arrow


Type: TypeAlias = Scalar | ListType | StructType | MapType | Unsupported

BOOL = Scalar("bool")
INT = Scalar("int")
UINT = Scalar("uint")
DOUBLE = Scalar("double")
DECIMAL = Scalar("decimal")
STRING = Scalar("string")
TIMESTAMP = Scalar("timestamp")  # int64 microseconds since 1970-01-01 UTC
DATE = Scalar("date")  # days since 1970-01-01
DURATION = Scalar("duration")  # int64 microseconds
SEMVER = Scalar("semver")  # a version such as 2.10.0, ordered by precedence; no column has this type
NULL = Scalar("null")

_SCALARS = {
    scalar.name: scalar
    for scalar in (BOOL, INT, UINT, DOUBLE, DECIMAL, STRING, TIMESTAMP, DATE, DURATION, SEMVER, NULL)
}

NUMERIC = (INT, UINT, DOUBLE, DECIMAL)


def _scalar(name: str) -> Scalar:
    return _SCALARS.get(name) or Scalar(name)


def language_type(arrow: pa.DataType) -> Type:
    """Return the language type under which a column of this Arrow type is read."""
    types = pa.types
    if types.is_dictionary(arrow):
        return language_type(arrow.value_type)
    if types.is_boolean(arrow):
        return BOOL
    if types.is_signed_integer(arrow):
        return INT
    if types.is_unsigned_integer(arrow):
        return UINT
    if types.is_floating(arrow):
        return DOUBLE
    if types.is_decimal(arrow) and arrow.precision <= 38:
        return DECIMAL
    if types.is_string(arrow) or types.is_large_string(arrow) or types.is_string_view(arrow):
        return STRING
    if types.is_timestamp(arrow):
        return TIMESTAMP
    if types.is_date(arrow):
        return DATE
    if types.is_duration(arrow):
        return DURATION
    if types.is_struct(arrow):
        return StructType(tuple((child.name, language_type(child.type)) for child in arrow))
    if types.is_map(arrow) and language_type(arrow.key_type) == STRING:
        return MapType(language_type(arrow.item_type))
    if types.is_list(arrow) or types.is_large_list(arrow) or types.is_fixed_size_list(arrow):
        return ListType(language_type(arrow.value_type))
    return Unsupported(str(arrow))
