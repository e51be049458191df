"""Versions by Semantic Versioning 2.0.0, as values that Python orders by precedence.

A version is `(major, minor, patch, release, identifiers)`: release is 1 and identifiers are empty without pre-release;
else release is 0. A numeric identifier is `(0, number, "")`, another one `(1, 0, text)`.
"""

import re
from typing import TypeAlias

Version: TypeAlias = tuple[object, ...]

NUMBER = r"(?:0|[1-9][0-9]*)"
WORD = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
IDENTIFIER = rf"(?:{WORD}|{NUMBER})"
SHAPE = re.compile(
    rf"({NUMBER})\.({NUMBER})\.({NUMBER})"
    rf"(?:-({IDENTIFIER}(?:\.{IDENTIFIER})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
MOST = 2**63 - 1


def read(text: str) -> Version | None:
    """Return the version that a text writes, or None where it writes none."""
    found = SHAPE.fullmatch(text)
    if found is None:
        return None
    numbers = tuple(int(part) for part in found.groups()[:3])
    if found[4] is None:
        return (*numbers, 1, ())
    return (*numbers, 0, tuple(identifier(part) for part in found[4].split(".")))


def identifier(text: str) -> tuple[int, int, str]:
    """Return one part of a pre-release: numbers come before words."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


def is_version(text: str) -> bool:
    """Return whether the text writes a version."""
    return SHAPE.fullmatch(text) is not None


def number(version: Version, place: int) -> int | None:
    """Return major (0), minor (1) or patch (2), where an int can hold it."""
    value = version[place]
    assert isinstance(value, int)
    return value if value <= MOST else None


def text(version: Version) -> str:
    """Return the version as it is written, without build metadata."""
    identifiers = version[4]
    assert isinstance(identifiers, tuple)
    words = [str(whole) if kind == 0 else word for kind, whole, word in identifiers]
    core = ".".join(str(part) for part in version[:3])
    return f"{core}-{'.'.join(words)}" if words else core
