"""JSON text to a document tree, with the same places and limits as YAML's."""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]

from fasttwitch.errors import Problem
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode, SequenceNode
from fasttwitch.ruleset.places import LINE_END, Place, Style, problem_at
from fasttwitch.ruleset.yaml_document import DEPTH_LIMIT

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")
_HALF = re.compile("[\ud800-\udfff]")

# What the standard library says about a text, in words that help.
_SAID = {
    "Unterminated string starting at": ("this text never ends", 'close it with `"`; a quote inside is written `\\"`'),
    "Invalid control character at": ("a text cannot hold a line break or a tab as such", "write `\\n` or `\\t`"),
    "Invalid \\escape": ("JSON does not know this escape", "write a backslash as `\\\\`"),
    "Invalid \\uXXXX escape": ("`\\u` needs four hexadecimal digits", ""),
}


def read_json(text: str, name: str, problems: list[Problem]) -> Node:
    """Return the tree of a JSON document, adding what is wrong with it to `problems`."""
    reader = _Reader(text, name)
    try:
        node, end = reader.value(reader.skip(0), 1)
        end = reader.skip(end)
        if end < len(text):
            raise _StopError("something follows after the end of the document", "keep one ruleset a file", end)
    except _StopError as stop:
        problems.append(problem_at(reader.place(stop.at, stop.at + 1, Style.NOWHERE), "", stop.message, stop.fix))
        return BrokenNode(Place(name, reader.lines))
    return node


class _StopError(Exception):
    """JSON has one way to be right, so reading stops at the first mistake."""

    def __init__(self, message: str, fix: str, at: int) -> None:
        self.message = message
        self.fix = fix
        self.at = at


class _Reader:
    """Reads values from a position, giving a node and the position after it."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.lines = tuple(LINE_END.split(text))
        self.line_starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        self.line = 0  # positions are asked for in ascending order, nearly: the search starts where the last one ended

    def skip(self, at: int) -> int:
        """Return the position after white space."""
        match = _SPACE.match(self.text, at)
        assert match is not None
        return match.end()

    def place(self, start: int, end: int, style: Style) -> Place:
        """Return the place of a stretch of the text."""
        line, column = self._locate(start)
        end_line, end_column = self._locate(end)
        return Place(self.name, self.lines, line, column, end_line, end_column, style)

    def _locate(self, at: int) -> tuple[int, int]:
        while self.line > 0 and self.line_starts[self.line] > at:
            self.line -= 1
        while self.line + 1 < len(self.line_starts) and self.line_starts[self.line + 1] <= at:
            self.line += 1
        return self.line + 1, at - self.line_starts[self.line] + 1

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        """Return the value that begins at `at`."""
        if depth > DEPTH_LIMIT:
            raise _StopError(f"the document nests deeper than {DEPTH_LIMIT} levels", "", at)
        first = self.text[at : at + 1]
        if first == '"':
            return self._string(at)
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._array(at, depth)
        word = _WORD.match(self.text, at)
        if word is None:
            raise _StopError("JSON expects a value here", 'texts stand in double quotes: `"…"`', at)
        return ScalarNode(word.group(), True, self.place(at, word.end(), Style.PLAIN)), word.end()

    def _string(self, at: int) -> tuple[ScalarNode, int]:
        try:
            text, end = scanstring(self.text, at + 1)
        except json.JSONDecodeError as error:
            raise _StopError(*_SAID.get(error.msg, ("JSON cannot read this text", "")), error.pos) from None
        if not text.isprintable() and _HALF.search(text):
            raise _StopError("this text has half of a surrogate pair", "write both halves, or the character", at)
        return ScalarNode(text, False, self.place(at, end, Style.DOUBLE)), end

    def _array(self, at: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        end = self.skip(at + 1)
        while self.text[end : end + 1] != "]":
            if items:
                end = self.skip(self._comma(end, "]"))
            item, end = self.value(end, depth + 1)
            items.append(item)
            end = self.skip(end)
        return SequenceNode(tuple(items), self.place(at, end + 1, Style.NOWHERE)), end + 1

    def _object(self, at: int, depth: int) -> tuple[Node, int]:
        entries: list[tuple[Node, Node]] = []
        end = self.skip(at + 1)
        while self.text[end : end + 1] != "}":
            if entries:
                end = self.skip(self._comma(end, "}"))
            if self.text[end : end + 1] != '"':
                raise _StopError("JSON expects a key in double quotes here", "drop a comma after the last entry", end)
            key, end = self._string(end)
            end = self.skip(end)
            if self.text[end : end + 1] != ":":
                raise _StopError("JSON expects `:` here", "", end)
            value, end = self.value(self.skip(end + 1), depth + 1)
            entries.append((key, value))
            end = self.skip(end)
        return MappingNode(tuple(entries), self.place(at, end + 1, Style.NOWHERE)), end + 1

    def _comma(self, at: int, closer: str) -> int:
        if self.text[at : at + 1] != ",":
            raise _StopError(f"JSON expects `,` or `{closer}` here", "", len(self.text[:at].rstrip()))
        return at + 1
