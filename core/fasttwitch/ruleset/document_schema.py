"""The shape of a document as a JSON Schema: what an editor needs to complete keys and to underline mistakes.

The schema knows the shape alone. What rules mean, whether lists hold what they say, whether names exist: that is for
the readers of the sections, whose word is final.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from fasttwitch.ruleset.attributes import SCALARS
from fasttwitch.ruleset.lists import TYPES
from fasttwitch.ruleset.sections import DEFAULT_KEY, LANGUAGE, LATER, VERSION

Schema: TypeAlias = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPE_PATTERN = r"^\s*(list\(.+\)|map\(string, *.+\))\s*$"
# Letters, digits and `_`, then `.` and `-` too. Said by what it excludes, because readers of schemas differ in what
# they take for a letter beyond ASCII.
_NAME_PATTERN = r"^[^\x00-/:-@\[-^`{-\x7f][^\x00-,/:-@\[-^`{-\x7f]{0,119}$"
_LATER = {
    "context": "Attributes of the request. Reserved: leave it out or empty.",
    "events": "Streams of events. Reserved: leave it out or empty.",
    "offers": "What can be shown. Reserved: leave it out or empty.",
    "placements": "Where a decision is asked for. Reserved: leave it out or empty.",
    "ranking": "How offers are ordered. Reserved: leave it out or empty.",
}
assert tuple(_LATER) == LATER


def document_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a ruleset document."""
    sections: dict[str, Schema] = {
        "version": {"const": VERSION, "description": "The version of the document's form.", "examples": [VERSION]},
        "language": {"const": LANGUAGE, "description": "The rules' language.", "examples": [LANGUAGE]},
        "key": {
            **_text("The column that holds the customers' ids.", DEFAULT_KEY, "email_sha256"),
            "default": DEFAULT_KEY,
        },
        "attributes": _attributes(),
        **{name: _nothing(description) for name, description in _LATER.items()},
        "lists": _lists(),
        "segments": _segments(),
        "tests": _tests(),
    }
    return {
        "$schema": DIALECT,
        "title": "fasttwitch ruleset",
        "description": "Segments of customers, and what they need: attributes, lists, tests.",
        **_mapping(sections, required=("version", "language", "segments")),
    }


def _mapping(properties: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _text(description: str, *examples: str) -> Schema:
    # A number or a Boolean where text is wanted counts as what it looks like.
    return {
        "type": ["string", "number", "boolean", "null"],
        "description": description,
        "examples": list(examples),
    }


def _texts(description: str, *examples: object) -> Schema:
    one = {"type": ["string", "number", "boolean", "null"]}
    return {"anyOf": [one, {"type": "array", "items": one}], "description": description, "examples": list(examples)}


def _nothing(description: str) -> Schema:
    empty: list[Schema] = [{"type": "null"}, {"type": "object", "maxProperties": 0}, {"type": "array", "maxItems": 0}]
    return {"anyOf": empty, "description": description, "examples": [{}]}


def _type(description: str) -> Schema:
    words: list[Schema] = [{"enum": [*SCALARS, "struct"]}, {"type": "string", "pattern": _TYPE_PATTERN}]
    return {"anyOf": words, "description": description, "examples": ["int", "timestamp", "list(string)"]}


def _attributes() -> Schema:
    spelled_out = _mapping(
        {
            "type": _type("The type of its values."),
            "description": _text("What it says about a customer.", "lifetime value"),
            "unit": _text("What its numbers count.", "EUR"),
        },
        required=("type",),
    )
    return {
        "type": ["object", "null"],
        "additionalProperties": {"anyOf": [_type("The type of an attribute."), spelled_out]},
        "description": "Types that the data must have; a field of a struct is named with a dot: `address.city`.",
        "examples": [{"age": "int", "ltv": {"type": "double", "description": "lifetime value", "unit": "EUR"}}],
    }


def _lists() -> Schema:
    values: Schema = {
        "type": "array",
        "items": {"type": ["string", "number", "boolean"]},
        "description": "The values.",
        "examples": [["DE", "AT"]],
    }
    of_type: Schema = {
        "enum": [kind.name for kind in TYPES],
        "description": "The type of the values.",
        "examples": ["string", "int"],
    }
    written = _mapping({"type": of_type, "values": values}, required=("values",))
    from_file = _mapping(
        {
            "type": of_type,
            "file": _text("A CSV or text file beside the document, or below it.", "lists/suppressed.csv"),
            "column": _text("The column of a CSV file.", "customer_id"),
        },
        required=("file",),
    )
    return {
        "type": ["object", "null"],
        "additionalProperties": {"anyOf": [values, written, from_file]},
        "description": 'Named lists; a rule asks them with `x in list("name")`.',
        "examples": [{"dach": ["DE", "AT", "CH"], "suppressed": {"file": "suppressed.csv", "type": "string"}}],
    }


def _segments() -> Schema:
    rule: Schema = {
        "type": "string",
        "pattern": r"\S",
        "description": "The condition. Several lines go after `|`; `//` begins a comment.",
        "examples": ["ltv > 500", 'country in ["DE", "AT"] && now - last_order_at > days(90)'],
    }
    spelled_out = _mapping(
        {
            "when": rule,
            "description": _text("Who these customers are.", "has not bought for a quarter"),
            "owner": _text("Who looks after this segment.", "crm"),
            "tags": _texts("Words to find it by.", ["retention", "core"]),
        },
        required=("when",),
    )
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _NAME_PATTERN},
        "additionalProperties": {"anyOf": [rule, spelled_out]},
        "description": 'Segments by name, each a rule; one may ask another with `segment("name")`.',
        "examples": [{"vip": "ltv > 500", "lapsed": {"when": "now - last_order_at > days(90)", "owner": "crm"}}],
    }


def _tests() -> Schema:
    person: Schema = {
        "type": ["object", "null"],
        "description": "The customer: values by attribute. What is left out is null.",
        "examples": [{"ltv": 900, "country": "DE", "last_order_at": "2026-01-31T09:30:00Z"}],
    }
    test = _mapping(
        {
            "name": _text("What the test shows.", "a customer of last year has lapsed"),
            "profile": person,
            "now": _text("The instant of the test.", "2026-06-01T00:00:00Z"),
            "in": _texts("Segments that the customer is in: their rules are true.", ["vip"]),
            "out": _texts("Segments that the customer is not in: their rules are false or unknown.", ["lapsed"]),
            "unknown": _texts("Segments whose rules are neither true nor false for the customer.", ["lapsed"]),
        },
        required=("profile",),
    )
    return {
        "type": ["array", "null"],
        "items": test,
        "description": "Customers, and the segments they belong into: run by `fasttwitch test`.",
        "examples": [[{"profile": {"ltv": 900}, "in": ["vip"]}]],
    }
