"""Two parsers on the same texts: where both accept one, their trees must be equal."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import parse
from tests.conformance import google
from tests.conformance.shapes import Shape, ours

OURS_ALONE = {
    "has() argument must be a field selection": "`has(name)` asks for a column too",
    "…() variable name must be a simple identifier": "macros are calls until the checker has looked at them",
    "invalid int literal": "of two signs before the smallest int, Google takes none for a part of it",
    "Invalid string literal: String must end with '": "a raw string may end in a backslash",
    'Invalid string literal: String must end with "': "a raw string may end in a backslash",
    "CANCELLED: Expression recursion limit exceeded. limit: 32 [CANCELLED]": "we go 100 levels deep",
    "invalid constant literal expression": "a uint with a sign is refused by the checker, in better words",
}
"""Why we read what Google's parser refuses."""

GOOGLE_ALONE = {
    "`…` begins with a dot": "there are no namespaces",
    "`…` is too large for a number": "Google reads it as infinity",
    "`…` is too close to 0 for a number": "Google reads it as 0",
    "`…` is neither a number nor a name": "Google reads `20uin [1]` as `20u in [1]`",
    "`…` is a reserved word, so it cannot be a name": "Google lets a type have a reserved name",
    "`…` is not a word of this language": "Google lets a type have a reserved name",
    "nothing stands before `…`": "Google reads `[,]` and `{,}`",
    "a field's name is missing here": "Google reads `T{,}`",
    "a comparison has two sides, and this one has three": "`a < b < c` never means what it says",
}
"""Why we refuse what Google's parser reads."""

TWO_SIGNS = re.compile(r"-\s*-\s*[.\d]")
"""`--5.f()` is `-((-5).f())` to us, and `5.f()` to Google, who first takes pairs of signs away."""

WORDS = re.compile(r"`[^`]*`")
MACRO = re.compile(r"^\w+(?=\(\) variable name)")


@dataclass(slots=True)
class Parsed:
    """What came of many texts.

    differing     texts that both read, and read differently
    ours_alone    kinds of texts that Google refuses, by its message, each with how many there were
    google_alone  kinds of texts that we refuse
    two_signs     texts that both read, and read differently because of `TWO_SIGNS`
    unexplained   texts of kinds that have no reason yet
    """

    both: int = 0
    neither: int = 0
    differing: list[str] = field(default_factory=list)
    ours_alone: Counter[str] = field(default_factory=Counter)
    google_alone: Counter[str] = field(default_factory=Counter)
    two_signs: int = 0
    unexplained: list[str] = field(default_factory=list)


def compare(texts: Iterable[str]) -> Parsed:
    """Return what both parsers make of the texts."""
    found = Parsed()
    for text in texts:
        shape, refused = read(text)
        try:
            other = google.parse(text)
        except RuntimeError as error:
            if shape is None:
                found.neither += 1
            else:
                kind = MACRO.sub("…", google.kind_of_refusal(error))
                found.ours_alone[kind] += 1
                if kind not in OURS_ALONE:
                    found.unexplained.append(f"only we read {text!r}; Google: {error}")
        else:
            judge(text, shape, refused, other, found)
    return found


def read(text: str) -> tuple[Shape | None, str]:
    """Return the shape of our tree and "", or None and the kind of mistake that we see."""
    try:
        return ours(parse(text)), ""
    except RulesetError as error:
        return None, WORDS.sub("`…`", error.problems[0].message)


def judge(text: str, shape: Shape | None, refused: str, other: Shape, found: Parsed) -> None:
    """Note what came of a text that Google reads."""
    if shape is None:
        found.google_alone[refused] += 1
        if refused not in GOOGLE_ALONE:
            found.unexplained.append(f"only Google reads {text!r}; we: {refused}")
    elif shape == other:
        found.both += 1
    elif TWO_SIGNS.search(text):
        found.two_signs += 1
    else:
        found.differing.append(f"{text!r}: ours {shape}, Google's {other}")
