"""A document with its rules laid out, and every other character as it was.

A rule keeps the kind of quotes it has where they can still hold it. In YAML, a rule of several lines becomes a block
after `|`; inside braces and in JSON, where there are no blocks, a rule stays on one line unless it has comments.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fasttwitch.errors import Problem
from fasttwitch.ruleset.load import read_tree
from fasttwitch.ruleset.nodes import MappingNode, Node, ScalarNode, SequenceNode
from fasttwitch.ruleset.places import LINE_END, Style
from fasttwitch.ruleset.yaml_document import read_yaml
from fasttwitch.syntax.layout import ONE_LINE, WIDTH, lay_out


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that is written anew: its segment, the line of the document it begins on, and its text."""

    segment: str
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A document's new text, and what is different in it, in the order of the document."""

    text: str
    changes: tuple[Change, ...]


def rewrite_rules(text: str, name: str) -> Rewriting:
    """Return a document with its rules laid out; `text` has been read without problems, `name` as it was read with."""
    document = read_tree(text, name, [])
    lines = _Lines(text)
    changes, edits = [], []
    for rule in _rules(document):
        before = rule.value.text.rstrip("\n")
        after = lay_out(before, ONE_LINE if rule.inline else WIDTH)
        if after != before:
            changes.append(Change(rule.segment, rule.key.place.line, before, after))
            edits += _edits(rule, after, lines)
    pieces, end = [], 0
    for start, stop, piece in sorted(edits):
        pieces += [text[end:start], piece]
        end = stop
    rewritten = "".join([*pieces, text[end:]])
    _check(rewritten, name, document, changes)
    return Rewriting(rewritten, tuple(changes))


def _check(rewritten: str, name: str, before: Node, changes: list[Change]) -> None:
    """Make sure that the document says what it said: a file of somebody's is about to be replaced."""
    problems: list[Problem] = []
    after = read_tree(rewritten, name, problems)
    assert not problems, problems
    expected = {rule.segment: rule.value.text.rstrip("\n") for rule in _rules(before)}
    expected |= {change.segment: change.after for change in changes}
    assert {rule.segment: rule.value.text.rstrip("\n") for rule in _rules(after)} == expected
    assert _others(after) == _others(before)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of the document.

    inline  it stands inside braces, or where no block can begin
    """

    segment: str
    key: ScalarNode
    value: ScalarNode
    inline: bool


def _rules(document: Node) -> Iterator[_Rule]:
    assert isinstance(document, MappingNode)
    flow = _is_flow(document)
    for section, segments in document.entries:
        if not (isinstance(section, ScalarNode) and section.text == "segments" and isinstance(segments, MappingNode)):
            continue
        inside = flow or _is_flow(segments)
        for name, value in segments.entries:
            assert isinstance(name, ScalarNode)
            if isinstance(value, ScalarNode):
                yield _Rule(name.text, name, value, inside or not _begins_its_line(name))
            elif isinstance(value, MappingNode):
                for key, part in value.entries:
                    if isinstance(key, ScalarNode) and key.text == "when" and isinstance(part, ScalarNode):
                        inline = inside or _is_flow(value) or not _begins_its_line(key)
                        yield _Rule(name.text, key, part, inline)


def _is_flow(node: MappingNode) -> bool:
    """Return whether a mapping is written in braces."""
    place = node.place
    return place.lines[place.line - 1][place.column - 1 : place.column] == "{"


def _begins_its_line(key: ScalarNode) -> bool:
    """Return whether only blanks stand before a key: a block after it can be indented by its column."""
    return not key.place.lines[key.place.line - 1][: key.place.column - 1].strip(" ")


def _others(node: Node) -> list[object]:
    """Return all that a document says beside its rules."""
    rules = {id(rule.value) for rule in _rules(node)}
    said: list[object] = []
    ahead: list[Node] = [node]
    while ahead:
        one = ahead.pop()
        match one:
            case MappingNode(entries):
                said.append(("mapping", len(entries)))
                ahead += [part for entry in entries for part in entry]
            case SequenceNode(items):
                said.append(("sequence", len(items)))
                ahead += items
            case ScalarNode(text, plain) if id(one) not in rules:
                said.append((text, plain))
            case _:
                said.append(type(one))
    return said


class _Lines:
    """Where the lines of a document begin, and what they end with."""

    def __init__(self, text: str) -> None:
        ends = list(LINE_END.finditer(text))
        self.text = text
        self.starts = [0, *(end.end() for end in ends)]
        self.stops = [*(end.start() for end in ends), len(text)]
        found = [end[0] for end in ends if end[0] in ("\n", "\r\n", "\r")]
        self.end = found[0] if found else "\n"

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a character; both count from 1."""
        return self.starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """Return a line without its end; "" past the last one."""
        return self.text[self.starts[number - 1] : self.stops[number - 1]] if number <= len(self.starts) else ""


def _edits(rule: _Rule, text: str, lines: _Lines) -> list[tuple[int, int, str]]:
    """Return what to replace: pairs of offsets, and the new characters between them."""
    place = rule.value.place
    if place.style is Style.BLOCK:
        return _block_edits(rule, text, lines)
    start = lines.offset(place.line, place.column)
    end = lines.offset(place.end_line, place.end_column)
    if "\n" in text and not rule.inline:
        gap = start - len(lines.text[:start].rstrip())
        # A rule that began on the line after its key, with nothing but blanks between: the block begins at the key.
        marker = "|"
        if place.line > rule.key.place.line and lines.text[start - gap - 1 : start - gap] == ":":
            start, marker = start - gap, " |"
        indent = " " * (rule.key.place.column + 1)
        content = "".join(f"{lines.end}{indent}{line}" for line in text.split("\n"))
        stop = lines.stops[place.end_line - 1]
        return [(start, end, marker), (stop, stop, content)]
    return [(start, end, _quoted(text, place.style, rule.inline))]


def _quoted(text: str, style: Style, inline: bool) -> str:
    """Return a scalar that says `text`, in the style that is asked for or the nearest that can hold it."""
    if style is Style.PLAIN and _reads_as(text, text, inline):
        return text
    single = "'" + text.replace("'", "''") + "'"
    if style is not Style.DOUBLE and _reads_as(single, text, inline):
        return single
    return _escaped(text)


def _escaped(text: str) -> str:
    """Return a text in double quotes, as both YAML and JSON read it."""
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    # Beyond U+FFFF the two have no escape in common, and both take the characters as they are.
    return "".join(one if one.isprintable() or one > "\uffff" else f"\\u{ord(one):04x}" for one in quoted)


def _reads_as(scalar: str, text: str, inline: bool) -> bool:
    """Return whether a YAML reader takes `scalar` for `text`, as a value of one line."""
    problems: list[Problem] = []
    node = read_yaml(f"{{rule: {scalar}}}" if inline else f"rule: {scalar}", "", problems)
    match node:
        case MappingNode(((ScalarNode("rule"), ScalarNode(said)),)) if not problems:
            return said == text and "\n" not in text
        case _:
            return False


_HEADER = re.compile(r"[|>](?P<marks>[-+0-9]*)")


def _block_edits(rule: _Rule, text: str, lines: _Lines) -> list[tuple[int, int, str]]:
    """Return how to replace the lines of a block; its indentation stays."""
    place = rule.value.place
    start = lines.offset(place.line, place.column)
    header = _HEADER.match(lines.text, start)
    assert header is not None
    digits = re.sub(r"[-+]", "", header["marks"])
    first = place.line + 1
    indent = rule.key.place.column - 1 + int(digits) if digits else 0
    last = first
    for number in range(first, len(lines.starts) + 1):
        line = lines.line(number)
        if not line.strip():
            continue
        found = len(line) - len(line.lstrip(" "))
        indent = indent or found
        if found < indent:
            break
        last = number
    kind = "|" if "\n" in text else header[0][0]
    marks = re.sub(r"[0-9]", "", header["marks"])
    content = lines.end.join(" " * indent + line for line in text.split("\n"))
    begin, stop = lines.starts[first - 1], lines.stops[last - 1]
    return [(start, header.end(), kind + marks), (begin, stop, content)]
