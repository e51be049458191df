"""How other systems write versions: with a leading `v`, build metadata, or too few numbers."""

import re

_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,2})(-[0-9A-Za-z.-]+)?(?:\+.*)?", re.ASCII)
_LONGEST = 200


def comparable(text: str) -> str:
    """Return a version without the leading `v` and what stands behind `+`, neither of which counts."""
    match = _VERSION.fullmatch(text) if len(text) <= _LONGEST else None
    return text if match is None else match[1] + (match[2] or "")


def completed(text: str) -> str:
    """Return a version with three numbers: `v1.2` is `1.2.0`."""
    match = _VERSION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return text
    numbers = match[1].split(".")
    return ".".join([*numbers, *["0"] * (3 - len(numbers))]) + (match[2] or "")


def missing_is(relation: str, text: str) -> bool:
    """Return whether GrowthBook takes a missing version, which it reads as "0", to stand so to a version.

    It compares texts in which every number is padded to five places: "0" is the beginning of all of 0.… , or smaller.
    """
    return relation in ("<", "<=") and _VERSION.fullmatch(text) is not None
