"""Profiles made flat: structs by their fields, of lists and maps only whether they are there.

A flat profile is a dict in which the value of a struct, a list or a map is True, and each field that rules read has a
key of its own: its path. So the quick ways of `batch.point.values` read fields as they read attributes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa

from fasttwitch.batch.point.attributes import arrow_at
from fasttwitch.batch.point.language_values import Irregular
from fasttwitch.batch.point.long_way import READER
from fasttwitch.batch.point.rest import Fit, fit_of
from fasttwitch.logic.datatypes import Scalar, StructType, language_type
from fasttwitch.logic.instants import Refusal
from fasttwitch.plan.sources import Path


@dataclass(frozen=True, slots=True)
class Struct:
    """A struct of which rules read fields, or whether it is there."""

    key: str | Path
    fields: Mapping[str, "Part"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that the quick ways read."""

    key: Path


@dataclass(frozen=True, slots=True)
class Whole:
    """A list or a map, of which rules ask whether it is there."""

    key: str | Path
    arrow: pa.DataType


@dataclass(frozen=True, slots=True)
class Unread:
    """A field that no rule reads, and what is right there."""

    fit: Fit


Part: TypeAlias = Struct | Leaf | Whole | Unread


class Wholes:
    """The structs, lists and maps among what rules read."""

    def __init__(self, paths: Sequence[Path], schema: pa.Schema) -> None:
        self._blank: dict[str | Path, object] = {path: None for path in paths if len(path) > 1}
        names = dict.fromkeys(path[0] for path in paths)
        tops = {name: arrow_at((name,), schema) for name in names}
        self._parts = {
            name: _part((name,), arrow, frozenset(paths))
            for name, arrow in tops.items()
            if not isinstance(language_type(arrow), Scalar)
        }

    def __bool__(self) -> bool:
        return bool(self._parts)

    def flat(self, profile: Mapping[Any, object]) -> dict[str | Path, object]:
        """Return a flat profile.

        Errors: Irregular where anything may be wrong.
        """
        flat: dict[str | Path, object] = {**self._blank, **profile}
        for name, part in self._parts.items():
            value = profile.get(name)
            if value is not None:
                _flatten(part, value, flat)
        return flat


def _part(path: Path, arrow: pa.DataType, read: frozenset[Path]) -> Part:
    kind = language_type(arrow)
    key = path[0] if len(path) == 1 else path
    if isinstance(kind, StructType) and any(other[: len(path)] == path for other in read):
        return Struct(key, {field.name: _part((*path, field.name), field.type, read) for field in arrow})
    if path not in read:
        return Unread(fit_of(arrow, ".".join(path)))
    return Leaf(path) if isinstance(kind, Scalar) else Whole(key, arrow)


def _flatten(part: Part, value: object, flat: dict[str | Path, object]) -> None:
    """Write a value that is not null, with what is in it."""
    match part:
        case Leaf(key):
            flat[key] = value
        case Struct(key, fields):
            if type(value) is not dict:
                raise Irregular
            flat[key] = True
            for name, inner in value.items():
                field = fields.get(name)
                if field is None:
                    raise Irregular
                if inner is not None:
                    _flatten(field, inner, flat)
        case Whole(key, arrow):
            stored = READER.stored(value, arrow, "")
            if isinstance(stored, Refusal):
                raise Irregular
            flat[key] = None if stored is None else True
        case Unread(fit):
            if not fit(value):
                raise Irregular
