"""A ruleset as a value of JSON: its texts and words; rules are parsed again when somebody asks for them.

Not kept are places in the document, the folder that lists were read from, and the path of the document but for its
last part: problems show a rule's own text, and the same rules have the same file wherever it was made.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import PurePath
from typing import Any

import pyarrow as pa

from fasttwitch.engine.artefact.late import Late
from fasttwitch.engine.artefact.nodes import (
    Json,
    constant_from_json,
    constant_to_json,
    type_from_json,
    type_to_json,
)
from fasttwitch.engine.artefact.sections import WRONG, Array, MalformedError, as_json, no_version_of_ours
from fasttwitch.errors import ProgramError
from fasttwitch.logic.check import check
from fasttwitch.logic.nodes import Expression
from fasttwitch.logic.scope import NamedList
from fasttwitch.ruleset import AttributeDefinition, Example, Ruleset, SegmentDefinition, parse_rule
from fasttwitch.ruleset.places import Place, Style


class Origin:
    """What a program was compiled from, as a section of a file; read when somebody asks for it."""

    def __init__(self, section: Array, subject: str) -> None:
        self.section = section
        self._subject = subject

    @cached_property
    def ruleset(self) -> Ruleset:
        """The ruleset; its rules are parsed one by one.

        Errors: ProgramError for what no version of ours has written.
        """
        try:
            return ruleset_from_json(self._said["ruleset"])
        except WRONG as error:
            raise no_version_of_ours(self._subject, error) from error

    def trees(self, schema: pa.Schema) -> Mapping[str, Expression]:
        """Return the typed trees of all rules that the program needs, checked one by one; errors as `ruleset`."""
        from fasttwitch.engine.compile import scope_of

        segments, order = self.ruleset.segments, self._said.get("order")
        if not isinstance(order, list) or not all(isinstance(name, str) and name in segments for name in order):
            raise no_version_of_ours(self._subject, MalformedError("rules that are not there"))
        scope = scope_of(self.ruleset, schema)
        return Late(tuple(order), lambda name: check(segments[name].tree, scope, segments[name].when))

    @cached_property
    def _said(self) -> Json:
        try:
            return json.loads(self.section.tobytes())
        except WRONG as error:
            raise no_version_of_ours(self._subject, error) from error


def origin_of(ruleset: Ruleset, order: Iterable[str]) -> Origin:
    """Return the origin of a program that is to be saved.

    order  the rules that it needs, each after those that it names
    """
    return Origin(as_json({"ruleset": ruleset_to_json(ruleset), "order": list(order)}), ruleset.name)


def ruleset_to_json(ruleset: Ruleset) -> Json:
    """Return what a ruleset says."""
    segments = ruleset.segments.values()
    return {
        "version": ruleset.version,
        "language": ruleset.language,
        "key": ruleset.key,
        "name": PurePath(ruleset.name).name,
        "digest": ruleset.digest,
        "attributes": [
            [one.name, type_to_json(one.type), one.description, one.unit] for one in ruleset.attributes.values()
        ],
        "lists": [
            [name, type_to_json(one.type), [constant_to_json(value) for value in one.values]]
            for name, one in ruleset.lists.items()
        ],
        "segments": [[one.name, one.when, one.description, one.owner, list(one.tags)] for one in segments],
        "tests": [_example_to_json(one) for one in ruleset.tests],
    }


def ruleset_from_json(value: Json) -> Ruleset:
    """Return the ruleset that a value of `ruleset_to_json` says.

    Errors: MalformedError, TypeError, ValueError or KeyError for any other value.
    """
    segments = {name: words for name, *words in value["segments"]}
    if not all(isinstance(one, str) for name, words in segments.items() for one in (name, *words[:3], *words[3])):
        raise MalformedError("a segment that is no text")

    def definition(name: str) -> SegmentDefinition:
        when, description, owner, tags = segments[name]
        place = Place(f"segments.{name}", style=Style.VALUE)
        return SegmentDefinition(name, when, parse_rule(when), description, owner, tuple(tags), place)

    ruleset = Ruleset(
        value["version"],
        value["language"],
        value["key"],
        {one.name: one for one in map(_attribute_from_json, value["attributes"])},
        {name: _list_from_json(*words) for name, *words in value["lists"]},
        Late(tuple(segments), definition),
        tuple(_example_from_json(*words) for words in value["tests"]),
        value["name"],
    )
    vars(ruleset)["digest"] = value["digest"]  # which would parse all rules
    return ruleset


def _attribute_from_json(value: Json) -> AttributeDefinition:
    name, type_, description, unit = value
    return AttributeDefinition(name, type_from_json(type_), description, unit, Place(f"attributes.{name}"))


def _list_from_json(type_: Json, values: Json) -> NamedList:
    return NamedList(type_from_json(type_), tuple([constant_from_json(one) for one in values]))


def _example_to_json(example: Example) -> Json:
    parts = (example.inside, example.outside, example.unknown)
    return [_profile_to_json(example.profile), example.now, *map(list, parts), example.name]


def _example_from_json(profile: Json, now: Json, inside: Json, outside: Json, unknown: Json, name: Json) -> Example:
    found: Any = _profile_from_json(profile)
    return Example(found, now, tuple(inside), tuple(outside), tuple(unknown), name)


def _profile_to_json(value: object) -> Json:
    """Return part of a test's profile, mappings being lists of pairs under a name of their own."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [_profile_to_json(one) for one in value]
        case Mapping():
            return {"mapping": [[name, _profile_to_json(inner)] for name, inner in value.items()]}
    raise ProgramError(f"a test of the ruleset holds a `{type(value).__name__}`, which no file can", "write it as text")


def _profile_from_json(value: Json) -> object:
    match value:
        case [*parts]:
            return [_profile_from_json(one) for one in parts]
        case {"mapping": [*pairs]}:
            return {name: _profile_from_json(inner) for name, inner in pairs}
    return value
