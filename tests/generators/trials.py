"""A whole trial: a schema, a table, named lists, and rules over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pyarrow as pa

from fasttwitch.logic.datatypes import DATE, DECIMAL, DOUBLE, INT, STRING, TIMESTAMP, UINT
from fasttwitch.syntax import parse
from tests.generators.batches import Leaf, Shape, shape, table
from tests.generators.constants import near
from tests.generators.rules import RuleWriter
from tests.generators.samples import samples
from tests.oracle.arrow import paths
from tests.oracle.instants import DAY, FIRST_DATE, FIRST_TIMESTAMP, LAST_DATE, LAST_TIMESTAMP, clamp, moment
from tests.oracle.kinds import NamedValues, Value, World

LISTED = (STRING, INT, UINT, DOUBLE, DECIMAL, DATE, TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Trial:
    """Rules and a table to try them on.

    rules  text of each segment; each refers only to earlier ones
    lists  named lists
    """

    shape: Shape
    table: pa.Table
    rules: Mapping[str, str]
    lists: Mapping[str, NamedValues]

    @property
    def document(self) -> dict[str, Any]:
        """The ruleset document."""
        lists = {
            name: {"type": str(values.kind), "values": [plain(values, value) for value in values.values]}
            for name, values in self.lists.items()
        }
        return {"version": 1, "language": "cel/1", "lists": lists, "segments": dict(self.rules)}

    @property
    def world(self) -> World:
        """What the slow truth needs."""
        trees = {name: parse(text) for name, text in self.rules.items()}
        return World(paths(self.shape.schema), trees, self.lists, self.shape.now)


def trial(random: Random, rules: int, rows: int, attributes: int | None = None) -> Trial:
    """Return so many distinct rules over a random schema, and a table of so many rows."""
    drawn = shape(random, attributes)
    leaves = drawn.leaves
    lists = named_lists(random, leaves)
    tried = samples(random, drawn, lists)
    texts: dict[str, str] = {}
    seen: set[str] = set()
    while len(texts) < rules:
        text = RuleWriter(random, leaves, tried, tuple(texts), lists).rule()
        if text not in seen:
            seen.add(text)
            texts[f"r{len(texts)}"] = text
    return Trial(drawn, table(random, drawn, rows), texts, lists)


def named_lists(random: Random, leaves: tuple[Leaf, ...]) -> dict[str, NamedValues]:
    """Return a named list for some of the columns, near their values, and an empty one."""
    lists: dict[str, NamedValues] = {}
    for leaf in leaves:
        if leaf.kind in LISTED and random.random() < 0.3:
            size = random.choice((1, 3, 40, 700))
            values = [storable(leaf, near(random, leaf.kind, leaf.values)) for _ in range(size)]
            lists[f"l{len(lists)}"] = NamedValues(leaf.kind, tuple(dict.fromkeys(values)))
    return lists


def storable(leaf: Leaf, value: Value) -> Value:
    """Return the value, or the nearest that a document can hold as a value of this type."""
    match leaf.kind, value:
        case _, float():
            return value if abs(value) < float("inf") else 0.5
        case k, int() if k == INT:
            return clamp(value, -(2**63), 2**63 - 1)
        case k, int() if k == UINT:
            return clamp(value, 0, 2**64 - 1)
        case k, int() if k == TIMESTAMP:
            return clamp(value, FIRST_TIMESTAMP, LAST_TIMESTAMP)
        case k, int() if k == DATE:
            return clamp(value, FIRST_DATE, LAST_DATE)
    return value


def plain(values: NamedValues, value: Value) -> bool | int | float | str:
    """Return a value of a list as a document writes it."""
    if values.kind == TIMESTAMP:
        assert isinstance(value, int)
        return moment(value).replace(tzinfo=None).isoformat() + "Z"
    if values.kind == DATE:
        assert isinstance(value, int)
        return moment(value * DAY).date().isoformat()
    return format(value, "f") if values.kind == DECIMAL else value  # type: ignore[return-value]
