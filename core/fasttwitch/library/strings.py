"""Functions over strings and lists of strings.

Positions count code points, from 0. A position outside the string makes the result unknown: None.
"""


def char_at(text: str, position: int) -> str | None:
    """Return the character at a position; the empty string just past the last one, as CEL has it."""
    return text[position : position + 1] if 0 <= position <= len(text) else None


def index_of(text: str, part: str, start: int = 0) -> int | None:
    """Return where `part` first begins at or after `start`, -1 where nowhere."""
    return text.find(part, start) if 0 <= start <= len(text) else None


def last_index_of(text: str, part: str, start: int | None = None) -> int | None:
    """Return where `part` last begins at or before `start` (default: the end), -1 where nowhere."""
    if start is None:
        return text.rfind(part)
    return text.rfind(part, 0, start + len(part)) if 0 <= start <= len(text) else None


def substring(text: str, begin: int, end: int | None = None) -> str | None:
    """Return the characters from `begin` up to, not with, `end` (default: the end)."""
    if end is None:
        end = len(text)
    return text[begin:end] if 0 <= begin <= end <= len(text) else None


def replace(text: str, old: str, new: str, limit: int = -1) -> str:
    """Return the text with the first `limit` occurrences of `old` replaced, with all where it is negative.

    An empty `old` occurs before every character and at the end.
    """
    return text.replace(old, new, limit)


def split(text: str, separator: str, limit: int = -1) -> tuple[str, ...]:
    """Return the parts between separators: at most `limit` (the last holds the rest), all where it is negative.

    An empty separator separates every two characters; then the empty string has no parts, as in Go.
    """
    if limit == 0:
        return ()
    if separator:
        return tuple(text.split(separator, limit - 1 if limit > 0 else -1))
    if limit < 0 or limit >= len(text):
        return tuple(text)
    return (*text[: limit - 1], text[limit - 1 :])


def join(parts: tuple[str, ...], separator: str = "") -> str:
    """Return the parts one after the other, with the separator between them."""
    return separator.join(parts)


def lower_ascii(text: str) -> str:
    """Return the text with A to Z made small; other letters stay as they are."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def upper_ascii(text: str) -> str:
    """Return the text with a to z made capital; other letters stay as they are."""
    return text.upper() if text.isascii() else text.translate(_UPPER)


def trim(text: str) -> str:
    """Return the text without Unicode's white space (as of its property `White_Space`) at both ends."""
    return text.strip(WHITE_SPACE)


def reverse(text: str) -> str:
    """Return the characters in reverse order."""
    return text[::-1]


def quote(text: str) -> str:
    """Return the text between double quotes, escaped so that it can stand in a rule."""
    return f'"{text.translate(_ESCAPES)}"'


def element(values: tuple[str, ...], position: int) -> str | None:
    """Return the element at a position, from 0."""
    return values[position] if 0 <= position < len(values) else None


_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
_UPPER = {small: capital for capital, small in _LOWER.items()}
# `str.strip()` by itself also takes U+001C to U+001F, which Unicode does not call white space.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_ESCAPES = str.maketrans(
    {
        "\a": r"\a",
        "\b": r"\b",
        "\f": r"\f",
        "\n": r"\n",
        "\r": r"\r",
        "\t": r"\t",
        "\v": r"\v",
        "\\": r"\\",
        '"': r"\"",
    }
)
