"""What YAML makes of rules that are written without quotes, and how to say so.

YAML gives `!`, `&`, `*`, `{`, `[`, quotes, `|`, `>`, `%`, `@` and backquotes at the start of a text a meaning of their
own; `: ` inside it, and ` #`, too. A rule may well have any of them. The cure is always the same: a block scalar.
"""

import re
from dataclasses import dataclass
from typing import Any

from fasttwitch.errors import Problem
from fasttwitch.ruleset.places import Place, problem_at

BLOCK_FIX = "write `|` after the colon and the rule on the next line, indented"

_OPENERS = {
    "!": "a tag",
    "&": "an anchor",
    "*": "an alias",
    "{": "a mapping",
    "[": "a list",
    '"': "a quoted text that ends with the second quote",
    "'": "a quoted text that ends with the second quote",
    "|": "the start of a block of text",
    ">": "the start of a block of text",
    "%": "a directive",
    "@": "a reserved sign",
    "`": "a reserved sign",
    "-": "a list item",
    "?": "a complex key",
}

_ENTRY = re.compile(r"""^(?P<indent> *)(?P<key>[\w.-]+|"[^"]*"|'[^']*')[ ]*:(?:[ \t]+(?P<value>\S.*?))?[ \t]*$""")
_FLOW_MAPPING = re.compile(r"\{\s*\w+\s*:")
_STRINGS = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")


@dataclass(frozen=True, slots=True)
class Repair:
    """What YAML stumbled over, and the document without it.

    lines    the document with the offending entry emptied, or its line mended
    shown    the document as problems are to quote it from now on
    emptied  number of the line of the emptied entry, from 1; 0 if there is none
    """

    problem: Problem
    lines: tuple[str, ...]
    shown: tuple[str, ...]
    emptied: int


def cut_short(text: str, place: Place) -> str:
    """Return the rest of the line if YAML took it for a comment although it belongs to the text, else ""."""
    if place.end_line > len(place.lines):
        return ""
    rest = place.lines[place.end_line - 1][place.end_column - 1 :].strip()
    if not rest.startswith("#"):
        return ""
    # `#` means something in a rule only inside a string, so a string left open is the sign; and a comment that goes
    # on with an operator is a part of the rule that somebody disabled, or believes to be enabled.
    left_open = _STRINGS.sub("", text).count('"') % 2 or _STRINGS.sub("", text).count("'") % 2
    goes_on = rest.lstrip("# ").startswith(("&&", "||", "?", "==", "!=", "<=", ">="))
    return rest if left_open or goes_on else ""


def hidden_by_yaml(place: Place) -> Problem:
    """Return the problem of a value that begins with a tag, an anchor or an alias."""
    sign = place.lines[place.line - 1][place.column - 1]
    here = Place(place.name, place.lines, place.line, place.column)
    meaning = _OPENERS.get(sign, "a sign of its own")
    return problem_at(here, sign, f"YAML takes `{sign}` at the start of a value for {meaning}", BLOCK_FIX)


def repair(error: Any, name: str, shown: tuple[str, ...], lines: tuple[str, ...]) -> Repair:
    """Return what the YAML reader could not read, in a rule author's words, and the document without it."""
    mark = error.problem_mark
    if shown[min(mark.line, len(shown) - 1)][mark.column : mark.column + 1] == "\t":
        return _tab(name, shown, lines, mark.line, mark.column)
    if error.context_mark is not None and str(error.context).startswith(("while scanning", "while parsing a flow")):
        mark = error.context_mark
    number = min(mark.line, len(lines) - 1)
    entry = _ENTRY.match(lines[number])
    colon_of_key = entry is not None and mark.column <= len(entry["indent"]) + len(entry["key"]) + 1
    if entry is not None and entry["value"] is not None and not colon_of_key:
        return _trapped_value(name, shown, lines, number, entry, mark.column, str(error.problem))
    if entry is not None and "mapping values" in str(error.problem):
        return _line_before(name, shown, lines, number)
    owner = _owner(lines, number)
    if owner is not None:
        return _trapped_continuation(name, shown, lines, owner, number, mark.column, str(error.problem))
    place = Place(name, shown, number + 1, mark.column + 1)
    if "expected ':'" in str(error.problem):
        problem = problem_at(place, lines[number].strip(), "this line has no `name:`", "write `name: rule`")
        return _without(problem, shown, lines, number, number)
    problem = problem_at(place, "", f"YAML cannot read this: {error.problem}", "check colons, quotes and indentation")
    return _without(problem, shown, lines, number, number)


def _trapped_value(
    name: str, shown: tuple[str, ...], lines: tuple[str, ...], number: int, entry: re.Match[str], column: int, said: str
) -> Repair:
    """Return the repair of `key: value` on one line."""
    value, start = entry["value"], entry.start("value")
    sign, fix = value[0], BLOCK_FIX
    if _FLOW_MAPPING.match(value):
        message = "inside `{ … }` YAML ends a text at each of `,` `[` `]` `{` `}`"
        fix = "write one key a line, and " + BLOCK_FIX.replace("colon", "colon of `when:`")
    elif sign in _OPENERS and (sign not in "-?" or value[1:2] in ("", " ")):
        message = f"YAML takes `{sign}` at the start of a value for {_OPENERS[sign]}"
    elif "mapping values" in said:
        message, sign, start = "YAML takes `: ` inside a value for the end of a key", ":", column
    else:
        message, sign, start = f"YAML cannot read this: {said}", "", column
    problem = problem_at(Place(name, shown, number + 1, start + 1), sign, message, fix)
    return _without(problem, shown, lines, number, _last_line(lines, number))


def _tab(name: str, shown: tuple[str, ...], lines: tuple[str, ...], number: int, column: int) -> Repair:
    """Return the repair of a line that a tab indents."""
    place = Place(name, shown, number + 1, column + 1)
    problem = problem_at(place, "", "a tab indents this line, which YAML does not allow", "indent with spaces")
    # With spaces the line is most often right, and worth reading. It is quoted so, too, or carets would be off.
    spaced = lines[number].replace("\t", "  ")
    mended, shown = ((*each[:number], spaced, *each[number + 1 :]) for each in (lines, shown))
    return Repair(problem, mended, shown, 0)


def _line_before(name: str, shown: tuple[str, ...], lines: tuple[str, ...], number: int) -> Repair:
    """Return the repair of a line that YAML joined with the `key:` after it."""
    previous = number - 1
    while previous > 0 and not lines[previous].strip():
        previous -= 1
    before = lines[previous]
    if _indent(lines[number]) > _indent(before) and _ENTRY.match(before):
        place = Place(name, shown, number + 1, _indent(lines[number]) + 1)
        message, fix = "this line is indented deeper than the one above it", "begin both in the same column"
        problem = problem_at(place, lines[number].strip(), message, fix)
        last = _last_line(lines, number)
        emptied = (*lines[:number], *[""] * (last - number + 1), *lines[last + 1 :])
        return Repair(problem, emptied, shown, number + 1)
    place = Place(name, shown, previous + 1, _indent(before) + 1)
    problem = problem_at(place, before.strip(), "this line has no `name:`", "write `name: rule`")
    return _without(problem, shown, lines, previous, previous)


def _trapped_continuation(
    name: str, shown: tuple[str, ...], lines: tuple[str, ...], owner: int, number: int, column: int, said: str
) -> Repair:
    """Return the repair of a value that goes on over several lines."""
    if "mapping values" in said:
        message, fix = "YAML takes `: ` inside a value for the end of a key", BLOCK_FIX
    else:
        message, fix = f"YAML cannot read this: {said}", BLOCK_FIX
    problem = problem_at(Place(name, shown, number + 1, column + 1), "", message, fix)
    return _without(problem, shown, lines, owner, _last_line(lines, owner))


def _owner(lines: tuple[str, ...], number: int) -> int | None:
    """Return the number of the `key:` line above `number` whose value it goes on with, if that is a rule's."""
    indent = _indent(lines[number])
    for above in range(number - 1, -1, -1):
        if lines[above].strip() and _indent(lines[above]) < indent:
            return above if _ENTRY.match(lines[above]) and _indent(lines[above]) > 0 else None
    return None


def _last_line(lines: tuple[str, ...], number: int) -> int:
    """Return the number of the last line of the entry that begins at `number`: all that are indented deeper."""
    last = number
    while last + 1 < len(lines) and (not lines[last + 1].strip() or _indent(lines[last + 1]) > _indent(lines[number])):
        last += 1
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without(problem: Problem, shown: tuple[str, ...], lines: tuple[str, ...], first: int, last: int) -> Repair:
    """Return the document with one entry emptied: its key stays, so that other rules may still refer to it."""
    entry = _ENTRY.match(lines[first])
    kept = f"{entry['indent']}{entry['key']}: ''" if entry is not None else ""
    emptied = (*lines[:first], kept, *[""] * (last - first), *lines[last + 1 :])
    return Repair(problem, emptied, shown, first + 1)
