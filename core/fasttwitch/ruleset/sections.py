"""The document as a whole: its sections, each read by the room that knows it."""

from collections.abc import Mapping
from pathlib import Path

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.logic.scope import NamedList
from fasttwitch.ruleset.attributes import read_attributes
from fasttwitch.ruleset.examples import read_examples
from fasttwitch.ruleset.fields import describe, entries_of, is_empty, is_nothing, known_entries, report, text_of
from fasttwitch.ruleset.lists import read_lists
from fasttwitch.ruleset.model import Ruleset, SegmentDefinition
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode
from fasttwitch.ruleset.order import dependency_order
from fasttwitch.ruleset.places import Place, problem_at
from fasttwitch.ruleset.segments import read_segments
from fasttwitch.ruleset.value_document import read_value

VERSION = 1
LANGUAGE = "cel/1"
DEFAULT_KEY = "customer_id"

# Reserved: their shape is settled, and this version evaluates none of them.
LATER = ("context", "events", "offers", "placements", "ranking")
_SECTIONS = ("version", "language", "key", "attributes", *LATER, "lists", "segments", "tests")


def read_document(node: Node, name: str, base: Path, problems: list[Problem]) -> Ruleset | None:
    """Return what can be read of a document tree, None if nothing can; `problems` says what is wrong with the rest."""
    if isinstance(node, BrokenNode):
        return None
    nowhere = Place(name)
    if not isinstance(node, MappingNode):
        message = (
            "the document is empty" if is_nothing(node) else f"a ruleset is a mapping of sections, not {describe(node)}"
        )
        problems.append(problem_at(nowhere, "", message, "begin with `version: 1`"))
        return None
    for required, example in (
        ("version", "version: 1"),
        ("language", f"language: {LANGUAGE}"),
        ("segments", "segments:"),
    ):
        if not any(isinstance(key, ScalarNode) and key.text == required for key, _ in node.entries):
            problems.append(problem_at(nowhere, "", f"the ruleset has no `{required}`", f"add `{example}`"))
    sections = known_entries(node, "the ruleset", _SECTIONS, problems)
    key = DEFAULT_KEY
    attributes, lists, segments = {}, {}, {}
    examples: Node | None = None
    for section, (section_key, value) in sections.items():
        match section:
            case "version":
                _check_version(value, problems)
            case "language":
                _check_language(value, problems)
            case "key":
                key = text_of(value, "`key`", problems) or DEFAULT_KEY
            case "attributes":
                attributes = read_attributes(value, problems)
            case "lists":
                lists = read_lists(value, base, problems)
            case "segments":
                segments = _segments(section_key, value, problems)
            case "tests":
                examples = value
            case _ if not is_empty(value):
                message = f"`{section}` is part of the document, but this version does not evaluate it yet"
                report(problems, section_key, message, f"empty it: `{section}: {{}}`")
    tests = read_examples(examples, _names(sections), problems) if examples is not None else ()
    _check_circles(segments, problems)
    return Ruleset(VERSION, LANGUAGE, key, attributes, lists, segments, tests, name, base)


def read_changes(
    segments: Mapping[str, object], lists: Mapping[str, object], base: Path, problems: list[Problem]
) -> tuple[dict[str, SegmentDefinition], dict[str, NamedList]]:
    """Return segments and lists that a caller gives as values, adding what is wrong with them to `problems`."""
    segments_node = read_value(segments, "segments", problems)
    lists_node = read_value(lists, "lists", problems)
    return read_segments(segments_node, problems), read_lists(lists_node, base, problems)


def _check_version(node: Node, problems: list[Problem]) -> None:
    if isinstance(node, BrokenNode) or node == ScalarNode(str(VERSION), True, node.place):
        return
    fix = f"write `version: {VERSION}`"
    if isinstance(node, ScalarNode) and node.plain and node.text:
        report(problems, node, f"version `{node.text}` of the document is not known here", fix)
    else:
        report(problems, node, f"the version is a number, not {describe(node)}", fix)


def _check_language(node: Node, problems: list[Problem]) -> None:
    if isinstance(node, BrokenNode) or (isinstance(node, ScalarNode) and node.text == LANGUAGE):
        return
    said = f"language `{node.text}`" if isinstance(node, ScalarNode) and node.text else "such a language"
    report(problems, node, f"{said} is not known here", f"write `language: {LANGUAGE}`")


def _segments(key: ScalarNode, node: Node, problems: list[Problem]) -> dict[str, SegmentDefinition]:
    if is_empty(node):
        report(problems, key, "the ruleset has no segments", "write at least one, like `vip: ltv > 500`")
        return {}
    return read_segments(node, problems)


def declared_names(node: Node, section: str) -> frozenset[str]:
    """Return the names in a section of a document tree, also of entries that are wrong."""
    if not isinstance(node, MappingNode):
        return frozenset()
    found = [value for key, value in node.entries if isinstance(key, ScalarNode) and key.text == section]
    return frozenset(entries_of(found[0], f"`{section}`", [])) if found else frozenset()


def _names(sections: Mapping[str, tuple[ScalarNode, Node]]) -> frozenset[str]:
    """Return the names of all segments, also of those whose rules are wrong."""
    if "segments" not in sections:
        return frozenset()
    return frozenset(entries_of(sections["segments"][1], "`segments`", []))


def _check_circles(segments: Mapping[str, SegmentDefinition], problems: list[Problem]) -> None:
    try:
        dependency_order(segments)
    except RulesetError as error:
        problems.extend(error.problems)
