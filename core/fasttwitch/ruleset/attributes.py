"""The section `attributes`: types that the document promises, and whether a schema keeps the promise."""

import re
from collections.abc import Mapping

import pyarrow as pa

from fasttwitch.errors import Problem
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
    ListType,
    MapType,
    StructType,
    Type,
    language_type,
)
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset.fields import entries_of, is_nothing, known_entries, report, text_of
from fasttwitch.ruleset.model import AttributeDefinition
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode
from fasttwitch.ruleset.places import problem_at

SCALARS: Mapping[str, Type] = {
    one.name: one for one in (BOOL, INT, UINT, DOUBLE, DECIMAL, STRING, TIMESTAMP, DATE, DURATION)
}
# What people call these types elsewhere.
_ALIASES = {
    "boolean": "bool",
    "integer": "int",
    "int32": "int",
    "int64": "int",
    "long": "int",
    "number": "double",
    "float": "double",
    "float64": "double",
    "str": "string",
    "text": "string",
    "utf8": "string",
    "datetime": "timestamp",
    "day": "date",
    "numeric": "decimal",
}
_LIST = re.compile(r"list\((.+)\)")
_MAP = re.compile(r"map\(string, *(.+)\)")
_KEYS = ("type", "description", "unit")


def read_attributes(node: Node, problems: list[Problem]) -> dict[str, AttributeDefinition]:
    """Return the attributes of a section, without those that have problems."""
    attributes = {}
    for name, (key, value) in entries_of(node, "`attributes`", problems).items():
        type_node: Node = value
        words: dict[str, str] = {}
        if isinstance(value, MappingNode):
            entries = known_entries(value, f"attribute `{name}`", _KEYS, problems)
            if "type" not in entries:
                report(problems, key, f"attribute `{name}` has no `type`", f"one of {', '.join(SCALARS)}")
                continue
            type_node = entries["type"][1]
            words = {one: text_of(entries[one][1], f"`{one}`", problems) for one in entries if one != "type"}
        type_ = read_type(type_node, problems)
        if type_ is not None:
            description, unit = words.get("description", ""), words.get("unit", "")
            attributes[name] = AttributeDefinition(name, type_, description, unit, type_node.place)
    return attributes


def read_type(node: Node, problems: list[Problem]) -> Type | None:
    """Return the type that a text names, or None if it names none."""
    if isinstance(node, BrokenNode):
        return None
    if not isinstance(node, ScalarNode) or is_nothing(node):
        report(problems, node, "a type is a word", f"one of {', '.join(SCALARS)}")
        return None
    type_ = _type(node.text.strip())
    if type_ is None:
        meant = _ALIASES.get(node.text.strip().lower()) or nearest(node.text.strip(), SCALARS)
        fix = f"did you mean `{meant}`?" if meant else f"one of {', '.join(SCALARS)}, list(…), map(string, …)"
        report(problems, node, f"unknown type `{node.text}`", fix)
    return type_


def _type(text: str, depth: int = 0) -> Type | None:
    if text in SCALARS or depth > 8:
        return SCALARS.get(text)
    match = _LIST.fullmatch(text)
    if match is not None:
        element = _type(match[1], depth + 1)
        return ListType(element) if element is not None else None
    match = _MAP.fullmatch(text)
    if match is not None:
        value = _type(match[1], depth + 1)
        return MapType(value) if value is not None else None
    return StructType(()) if text == "struct" else None


def schema_problems(attributes: Mapping[str, AttributeDefinition], schema: pa.Schema) -> list[Problem]:
    """Return a problem for every attribute that the schema has with another type than the document says.

    An attribute that the schema lacks is no problem by itself: a rule that needs it will say so.
    """
    problems = []
    for definition in attributes.values():
        found = _find(definition.name.split("."), schema)
        if found is None or _fits(definition.type, found):
            continue
        message = f"attribute `{definition.name}` is {definition.type} in the ruleset and {found} in the data"
        fix = f"write `{found}` here, or convert the column"
        problems.append(problem_at(definition.place, str(definition.type), message, fix))
    return problems


def _find(path: list[str], schema: pa.Schema) -> Type | None:
    index = schema.get_field_index(path[0])
    if index < 0:
        return None
    found: Type = language_type(schema.field(index).type)
    for name in path[1:]:
        inside = dict(found.fields) if isinstance(found, StructType) else {}
        if name not in inside:
            return None
        found = inside[name]
    return found


def _fits(promised: Type, found: Type) -> bool:
    """Return whether types agree; the document does not list the fields of a struct."""
    return promised == found or (isinstance(promised, StructType) and isinstance(found, StructType))
