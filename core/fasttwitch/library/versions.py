"""Versions as SemVer 2.0 orders them.

A version is (major, minor, patch, pre-release), and Python's comparison of such tuples is SemVer's precedence. An
identifier of the pre-release is (0, number) or (1, word): numbers come before words. A release has the one identifier
(2, 0), after all others: 1.0.0-rc.1 < 1.0.0. Build metadata has no part in precedence and is dropped, so equal versions
are equal tuples, and a version's text without it can be read off the tuple.
"""

import re
from typing import TypeAlias

Version: TypeAlias = tuple[int, int, int, tuple[tuple[int, int | str], ...]]

RELEASE: tuple[tuple[int, int | str], ...] = ((2, 0),)


def read_semver(text: str) -> Version | None:
    """Return the version that a text names, None when it is not written as SemVer 2.0 demands."""
    # Python reads no number of more than 4,300 digits, and would need quadratic time.
    match = _VERSION.fullmatch(text) if len(text) <= 4000 else None
    if match is None:
        return None
    major, minor, patch, pre_release = match.groups()
    identifiers = RELEASE if pre_release is None else tuple(map(_identifier, pre_release.split(".")))
    return int(major), int(minor), int(patch), identifiers


def is_semver(text: str) -> bool:
    """Return whether a text is a version."""
    return len(text) <= 4000 and _VERSION.fullmatch(text) is not None


def major(version: Version) -> int | None:
    """Return the first number, if it is an int of 64 bits."""
    return _as_int(version[0])


def minor(version: Version) -> int | None:
    """Return the second number, if it is an int of 64 bits."""
    return _as_int(version[1])


def patch(version: Version) -> int | None:
    """Return the third number, if it is an int of 64 bits."""
    return _as_int(version[2])


def text_of(version: Version) -> str:
    """Return the version's text, without build metadata."""
    numbers = f"{version[0]}.{version[1]}.{version[2]}"
    if version[3] == RELEASE:
        return numbers
    return f"{numbers}-{'.'.join(str(identifier) for _, identifier in version[3])}"


_NUMBER = r"(0|[1-9][0-9]*)"
_WORD = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_WORD}(?:\.{_WORD})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


def _identifier(text: str) -> tuple[int, int | str]:
    return (0, int(text)) if text.isdecimal() else (1, text)


def _as_int(number: int) -> int | None:
    return number if number < 2**63 else None
