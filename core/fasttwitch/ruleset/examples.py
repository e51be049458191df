"""The section `tests`: people, and the segments they are expected in."""

from collections.abc import Collection

from fasttwitch.errors import Problem
from fasttwitch.logic.instants import Refusal, read_timestamp
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset.fields import (
    INTEGER,
    OLD_BOOLEANS,
    TRUE_WORDS,
    describe,
    entries_of,
    known_entries,
    report,
    scalar_kind,
    text_of,
)
from fasttwitch.ruleset.model import Example
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode, SequenceNode

_KEYS = ("name", "profile", "now", "in", "out", "unknown")


def read_examples(node: Node, segments: Collection[str], problems: list[Problem]) -> tuple[Example, ...]:
    """Return the examples of a section; `segments` are the names that they may mention."""
    if not isinstance(node, SequenceNode):
        if not isinstance(node, BrokenNode) and not (isinstance(node, ScalarNode) and not node.text):
            report(problems, node, f"`tests` must be a list, not {describe(node)}", "begin each with `- profile: {…}`")
        return ()
    return tuple(_read_example(item, segments, problems) for item in node.items)


def _read_example(node: Node, segments: Collection[str], problems: list[Problem]) -> Example:
    entries = known_entries(node, "a test", _KEYS, problems)
    if isinstance(node, MappingNode) and "profile" not in entries:
        report(problems, node, "a test needs a `profile`", "write `profile: {ltv: 900, tier: gold}`")
    name = text_of(entries["name"][1], "`name`", problems) if "name" in entries else ""
    profile, places = {}, {}
    if "profile" in entries:
        for attribute, (_, value) in entries_of(entries["profile"][1], "`profile`", problems).items():
            profile[attribute] = _value(value, problems)
            places[attribute] = value.place
    now = _instant(entries["now"][1], problems) if "now" in entries else None
    expected: dict[str, str] = {}
    named: dict[str, tuple[str, ...]] = {}
    for what in ("in", "out", "unknown"):
        found = _mentioned(entries[what][1], what, segments, problems) if what in entries else ()
        for segment in found:
            if expected.setdefault(segment, what) != what:
                message = f"segment `{segment}` is expected `{expected[segment]}` and `{what}`"
                report(problems, entries[what][1], message, "keep one of the two")
        named[what] = tuple(dict.fromkeys(found))
    return Example(profile, now, named["in"], named["out"], named["unknown"], name.strip(), node.place, places)


def _value(node: Node, problems: list[Problem]) -> object:
    """Return the Python value of part of a profile, by the core schema of YAML 1.2."""
    match node:
        case MappingNode():
            return {
                name: _value(value, problems) for name, (_, value) in entries_of(node, "a struct", problems).items()
            }
        case SequenceNode(items):
            return [_value(item, problems) for item in items]
        case ScalarNode(text, True) if text in OLD_BOOLEANS:
            fix = f'write `true` or `false` for a Boolean, `"{text}"` for the word'
            report(problems, node, f"`{text}` is a word here and a Boolean to many YAML readers", fix)
            return None
        case ScalarNode(text):
            match scalar_kind(node):
                case "text":
                    return text
                case "nothing":
                    return None
                case "a Boolean":
                    return text in TRUE_WORDS
                case _:
                    return _number(text)
        case _:
            return None


def _number(text: str) -> int | float:
    if INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _instant(node: Node, problems: list[Problem]) -> int | None:
    text = text_of(node, "`now`", problems)
    if not text:
        return None
    instant = read_timestamp(text)
    if isinstance(instant, Refusal):
        report(problems, node, instant.message, instant.fix)
        return None
    return instant


def _mentioned(node: Node, what: str, segments: Collection[str], problems: list[Problem]) -> tuple[str, ...]:
    """Return names of segments, after a look whether they exist."""
    items: tuple[Node, ...] = node.items if isinstance(node, SequenceNode) else (node,)
    names = []
    for item in items:
        name = text_of(item, f"each of `{what}`", problems)
        if name and name not in segments:
            meant = nearest(name, segments)
            fix = f"did you mean `{meant}`?" if meant else ""
            report(problems, item, f"there is no segment `{name}`", fix)
        elif name:
            names.append(name)
    return tuple(names)
