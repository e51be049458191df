"""Taking a document tree apart: fields by name, texts, numbers; what does not fit becomes a problem."""

import re
from collections.abc import Iterable, Mapping

from fasttwitch.errors import Problem
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode, SequenceNode
from fasttwitch.ruleset.places import problem_at

NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})
TRUE_WORDS = frozenset({"true", "True", "TRUE"})
FALSE_WORDS = frozenset({"false", "False", "FALSE"})
# Words that YAML 1.1, and with it most libraries still in use, takes for a Boolean. Those libraries leave out
# `y` and `n`, which it lists too.
OLD_BOOLEANS = frozenset(
    word for base in ("yes", "no", "on", "off") for word in (base, base.capitalize(), base.upper())
)
INTEGER = re.compile(r"[-+]?[0-9]{1,40}|0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}")
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def report(problems: list[Problem], node: Node, message: str, fix: str = "") -> None:
    """Add a problem that points at a whole node."""
    text = node.text if isinstance(node, ScalarNode) else ""
    problems.append(problem_at(node.place, text, message, fix))


def is_nothing(node: Node) -> bool:
    """Return whether a value is left out, as in `offers:`."""
    return isinstance(node, ScalarNode) and node.plain and node.text in NULL_WORDS


def is_empty(node: Node) -> bool:
    """Return whether a section says nothing."""
    match node:
        case MappingNode(entries=()) | SequenceNode(items=()):
            return True
        case _:
            return is_nothing(node)


def scalar_kind(node: ScalarNode) -> str:
    """Return what a scalar is by the core schema of YAML 1.2, in words for an author."""
    if not node.plain:
        return "text"
    if node.text in NULL_WORDS:
        return "nothing"
    if node.text in TRUE_WORDS or node.text in FALSE_WORDS:
        return "a Boolean"
    if INTEGER.fullmatch(node.text) or NUMBER.fullmatch(node.text) or NOT_FINITE.fullmatch(node.text):
        return "a number"
    return "text"


def describe(node: Node) -> str:
    """Return what a node is, in words for an author."""
    match node:
        case ScalarNode():
            return scalar_kind(node)
        case SequenceNode():
            return "a list"
        case _:
            return "a mapping"


def entries_of(node: Node, what: str, problems: list[Problem]) -> dict[str, tuple[ScalarNode, Node]]:
    """Return the entries of a mapping by key, with the key's node; reports duplicates and keys that are no names."""
    if not isinstance(node, MappingNode):
        if not isinstance(node, BrokenNode) and not is_nothing(node):
            fix = "write each as `name: value`, without dashes" if isinstance(node, SequenceNode) else ""
            report(problems, node, f"{what} must be a mapping of names to values, not {describe(node)}", fix)
        return {}
    entries: dict[str, tuple[ScalarNode, Node]] = {}
    for key, value in node.entries:
        if not isinstance(key, ScalarNode):
            if not isinstance(key, BrokenNode):
                report(problems, key, f"a key of {what} must be a name, not {describe(key)}")
        elif key.text in entries:
            report(problems, key, f"`{key.text}` is here twice", "keep one of the two, or give one another name")
        elif key.plain and _reads_as_other(key.text):
            other = "nothing" if key.text in NULL_WORDS else "a Boolean"
            message = f"many YAML readers take the name `{key.text}` for {other} unless it stands in quotes"
            report(problems, key, message, f'write `"{key.text}":`')
            entries[key.text] = (key, BrokenNode(value.place))
        else:
            entries[key.text] = (key, value)
    return entries


def _reads_as_other(text: str) -> bool:
    return text in OLD_BOOLEANS or text in NULL_WORDS or text in TRUE_WORDS or text in FALSE_WORDS


def known_entries(
    node: Node, what: str, known: Iterable[str], problems: list[Problem]
) -> Mapping[str, tuple[ScalarNode, Node]]:
    """Return the entries of a mapping whose keys are among `known`; reports all others."""
    known = tuple(known)
    entries = entries_of(node, what, problems)
    for name in [name for name in entries if name not in known]:
        key, _ = entries.pop(name)
        meant = nearest(name, known)
        fix = f"did you mean `{meant}`?" if meant else f"known here: {', '.join(f'`{one}`' for one in known)}"
        report(problems, key, f"unknown key `{name}` in {what}", fix)
    return entries


def text_of(node: Node, what: str, problems: list[Problem]) -> str:
    """Return a text; numbers and Booleans count as what they look like."""
    if isinstance(node, ScalarNode) and not is_nothing(node):
        return node.text
    if not isinstance(node, BrokenNode) and not is_nothing(node):
        report(problems, node, f"{what} must be text, not {describe(node)}")
    return ""


def texts_of(node: Node, what: str, problems: list[Problem]) -> tuple[str, ...]:
    """Return a list of texts; a single text is a list of one."""
    if isinstance(node, ScalarNode) and not is_nothing(node):
        return (node.text,)
    if isinstance(node, SequenceNode):
        return tuple(filter(None, (text_of(item, f"each of {what}", problems) for item in node.items)))
    if not isinstance(node, BrokenNode) and not is_nothing(node):
        report(problems, node, f"{what} must be a list of texts, not {describe(node)}")
    return ()
