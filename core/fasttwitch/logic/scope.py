"""What a rule may name."""

from collections.abc import Mapping
from dataclasses import dataclass

from fasttwitch.logic.datatypes import Type
from fasttwitch.logic.nodes import Value


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list of the ruleset: its element type, and its values as constants of that type, distinct."""

    type: Type
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that has a name.

    attributes  columns of the schema, with their language types
    segments    names of all segments of the ruleset
    lists       named lists
    context     attributes of the request: known, but evaluated only by a later capability
    events      event streams: likewise
    """

    attributes: Mapping[str, Type]
    segments: frozenset[str]
    lists: Mapping[str, NamedList]
    context: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
