"""Where the parts of a document stand, and where the characters of a rule's text stand in it.

Folding, escapes and doubled quotes move characters. Their places are worked out when a problem is rendered: a ruleset
without problems never pays for them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from fasttwitch.errors import Problem, Source

# The line ends of YAML 1.1, which the YAML reader counts lines by.
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_ESCAPE_DIGITS = {"x": 2, "u": 4, "U": 8}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "a": "\a", "v": "\v", "e": "\x1b"}


class Style(Enum):
    """How a scalar is written, as far as the places of its characters depend on it."""

    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    BLOCK = "block"
    VALUE = "value"  # a Python value: a text of its own, outside any document
    NOWHERE = "nowhere"  # a key or container of Python values: has a name and no text to show


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands.

    name            file name, or the path of keys that leads to a Python value
    lines           all lines of the document; empty for Python values
    line, column    of the node's first character, from 1
    end_line        of its last line, from 1
    end_column      past its last character, from 1
    """

    name: str
    lines: tuple[str, ...] = ()
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    style: Style = Style.NOWHERE


def problem_at(place: Place, text: str, message: str, fix: str = "") -> Problem:
    """Return a problem with all of a node; `text` is the node's text, "" for a mapping or a sequence."""
    if place.style is Style.NOWHERE and not place.lines:
        return Problem(message, None, fix, "", Source(place.name, ()))
    return Problem(message, (0, max(1, len(text.rstrip()))), fix, text, source_of(place, text))


def source_of(place: Place, text: str) -> Source:
    """Return the source that places the characters of a scalar's text."""
    if place.style is Style.VALUE:
        return Source.of_text(text, place.name)
    if place.style is Style.BLOCK:
        return _source_of_block(place, text)
    simple = place.line == place.end_line and (
        place.style is Style.PLAIN or place.end_column - place.column == len(text) + 2
    )
    column = place.column + (place.style in (Style.SINGLE, Style.DOUBLE))
    if simple or place.style is Style.NOWHERE or not text:
        return Source(place.name, place.lines, place.line, column)
    return Source(place.name, place.lines, place.line, column, _align(text, _characters(place)))


def _source_of_block(place: Place, text: str) -> Source:
    """Return the source of a `|` or `>` scalar, whose text begins on the line after the indicator."""
    first = place.line + 1
    shown = place.lines[first - 1 : place.end_line]
    text_lines = text.split("\n")
    literal = (
        all(line.endswith(of_text) for line, of_text in zip(shown, text_lines, strict=False))
        and len(text_lines) <= len(shown) + 1
    )
    if literal:
        indent = next(
            (len(line) - len(of_text) for line, of_text in zip(shown, text_lines, strict=False) if of_text), 0
        )
        return Source(place.name, place.lines, first, indent + 1)
    characters = ((c, line, column) for line, column, c in _raw(place.lines, first, 1, place.end_line, None))
    return Source(place.name, place.lines, first, 1, _align(text, characters))


def _raw(
    lines: tuple[str, ...], line: int, column: int, end_line: int, end_column: int | None
) -> Iterator[tuple[int, int, str]]:
    """Yield (line, column, character) of a stretch of the document; a line end counts as one character."""
    for number in range(line, min(end_line, len(lines)) + 1):
        shown = lines[number - 1]
        start = column if number == line else 1
        stop = end_column if end_column is not None and number == end_line else len(shown) + 1
        for at in range(start, min(stop, len(shown) + 1)):
            yield number, at, shown[at - 1]
        if number != end_line:
            yield number, len(shown) + 1, "\n"


def _characters(place: Place) -> Iterator[tuple[str, int, int]]:
    """Yield (character, line, column) of what a plain or quoted scalar says, escapes undone, line ends not folded."""
    quoted = 1 if place.style in (Style.SINGLE, Style.DOUBLE) else 0
    raw = list(_raw(place.lines, place.line, place.column + quoted, place.end_line, place.end_column - quoted))
    at = 0
    while at < len(raw):
        line, column, character = raw[at]
        following = raw[at + 1][2] if at + 1 < len(raw) else ""
        if place.style is Style.SINGLE and character == "'":
            yield "'", line, column
            at += 2
        elif place.style is Style.DOUBLE and character == "\\":
            length, said = _escape(following, [one[2] for one in raw[at + 2 : at + 12]])
            yield said, line, column
            at += length
        else:
            yield character, line, column
            at += 1


def _escape(letter: str, rest: list[str]) -> tuple[int, str]:
    """Return how many characters an escape takes, backslash included, and the character it stands for."""
    digits = _ESCAPE_DIGITS.get(letter)
    if digits is None:
        return 2, _ESCAPED.get(letter, letter)
    code = int("".join(rest[:digits]), 16)
    if letter == "u" and 0xD800 <= code < 0xDC00 and rest[4:6] == ["\\", "u"]:  # JSON writes two halves
        return 12, chr(0x10000 + ((code - 0xD800) << 10) + (int("".join(rest[6:10]), 16) - 0xDC00))
    return 2 + digits, chr(code)


def _align(text: str, characters: Iterator[tuple[str, int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the place of every character of a text whose white space was folded.

    Folding only ever shortens runs of white space, so every other character is found by going forward.
    """
    positions: list[tuple[int, int]] = []
    ahead = next(characters, None)
    for character in text:
        if not character.isspace():
            while ahead is not None and ahead[0] != character:
                ahead = next(characters, None)
        if ahead is None:
            last = positions[-1] if positions else (1, 1)
            positions.append((last[0], last[1] + 1))
            continue
        positions.append((ahead[1], ahead[2]))
        if character == ahead[0] or ahead[0].isspace():
            ahead = next(characters, None)
    return tuple(positions)
