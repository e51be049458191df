"""The lines of an explanation in their colours."""

import re
from typing import TYPE_CHECKING

from fasttwitch.cli.screens import can_draw, paint

if TYPE_CHECKING:
    from fasttwitch.explanation.annotation import Line

_COLOURS = {"true": "green", "false": "red", "unknown": "yellow", "T": "green", "F": "red", "U": "yellow"}
_PLAIN = {"·": ".", "→": "->", "…": "..."}


def painted(line: "Line") -> str:
    """Return a line as a terminal shows it: in colours if it has some, in ASCII if it has nothing else."""
    text = line.text
    if not can_draw() and line.kind != "rule":
        text = "".join(_PLAIN.get(character, character) for character in text)
    match line.kind:
        case "heading":
            return "".join(paint(part, _COLOURS.get(part, ""), bold=True) for part in re.split(r"(\w+)", text) if part)
        case "marks":
            parts = re.findall(r"\^+|[^^]+", text)
            return "".join(
                paint(part, "", bold=True) if part[0] == "^" else paint(part, "bright_black") for part in parts
            )
        case "answers":
            return "".join(
                paint(part, _COLOURS[part]) if part in _COLOURS else part for part in re.split(r"(\w+)", text)
            )
        case "idle value" | "note":
            return paint(text, "bright_black")
    return text
