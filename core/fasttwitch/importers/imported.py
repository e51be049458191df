"""What an importer hands over: a rule of this language, and all that a person should know about the translation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fasttwitch.syntax.nodes import Expression

JsonValue = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Note:
    """One decision of the translation that a person should know about.

    place    where in the source: a path such as `$.rules[2]`, or "line 1, column 8"
    message  what was decided, and why
    """

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Imported:
    """A rule that came from another system.

    tree   its syntax tree, whose spans count in `text`
    text   its canonical text
    notes  decisions to look at, in the order of the source
    lists  the named lists that the rule uses, as a ruleset document holds them
    """

    tree: Expression
    text: str
    notes: tuple[Note, ...] = ()
    lists: Mapping[str, tuple[JsonValue, ...]] = field(default_factory=dict)

    def document(self, name: str = "imported") -> dict[str, object]:
        """Return a ruleset document with this rule as its one segment."""
        lists = {one: {"type": _list_type(values), "values": list(values)} for one, values in self.lists.items()}
        return {"version": 1, "language": "cel/1", **({"lists": lists} if lists else {}), "segments": {name: self.text}}


def _list_type(values: tuple[JsonValue, ...]) -> str:
    kinds = {type(value) for value in values}
    if kinds <= {int}:
        return "int" if kinds else "string"
    names = {bool: "bool", int: "double", float: "double", str: "string"}
    return names[kinds.pop()] if len(kinds) == 1 else "double"
