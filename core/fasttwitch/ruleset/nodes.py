"""A document as a tree of texts, whatever it was written in: YAML, JSON or Python values.

Scalars stay text until a section says what it wants: `1.10`, `no` and `2026-01-01` are not worth guessing about.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from fasttwitch.ruleset.places import Place


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A text, a number, a Boolean or nothing.

    text   what it says: quotes and escapes undone
    plain  written without quotes, so that `true`, `12` and nothing at all have a meaning of their own
    """

    text: str
    plain: bool
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """`[a, b]`, or lines that start with a dash."""

    items: tuple["Node", ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with values, in the order of the document, duplicates included."""

    entries: tuple[tuple["Node", "Node"], ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BrokenNode:
    """Something whose problem has been reported: readers pass it over in silence."""

    place: Place = field(compare=False, repr=False)


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode | BrokenNode
