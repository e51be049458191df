"""What stands around a token: its brackets, and the author's own words for use in advice.

The tokens before a problem have been parsed, so their brackets are balanced; those after it may be anything.
"""

from fasttwitch.syntax.lexer import Tokens
from fasttwitch.syntax.words import POWERS, is_name

JOINING = ("", "&&", "||", "?", ":", ",", ")", "]", "}", ";")
CLOSERS = {"(": ")", "[": "]", "{": "}"}


def open_brackets(tokens: Tokens, position: int) -> list[int]:
    """Return the positions of the brackets that are open before `position`, outermost first."""
    openers: list[int] = []
    for at, token in enumerate(tokens.texts[:position]):
        if token in CLOSERS:
            openers.append(at)
        elif token in (")", "]", "}"):
            openers.pop()
    return openers


def closer_of(tokens: Tokens, opener: int) -> int | None:
    """Return where the bracket at `opener` is closed, or None."""
    inside = 0
    for at in range(opener, len(tokens.texts)):
        token = tokens.texts[at]
        inside += (token in CLOSERS) - (token in (")", "]", "}"))
        if not inside:
            return at
    return None


def opener_of(tokens: Tokens, closer: int) -> int:
    """Return where the bracket that is closed at `closer` was opened."""
    inside = 0
    for at in range(closer, -1, -1):
        token = tokens.texts[at]
        inside += (token in (")", "]", "}")) - (token in CLOSERS)
        if not inside:
            return at
    raise AssertionError(closer)


def subject_before(text: str, tokens: Tokens, position: int) -> str:
    """Return the value that ends before `position`, as written: `customer.age` before `BETWEEN`."""
    start = position - 1
    while True:
        if tokens.texts[start] in (")", "]"):
            start = opener_of(tokens, start)
            if start and (is_name(tokens.texts[start - 1]) or tokens.texts[start - 1] in (")", "]")):
                start -= 1
                continue
        if start < 2 or tokens.texts[start - 1] != ".":
            break
        start -= 2
    return shortened(text[tokens.starts[start] : tokens.ends[position - 1]])


def value_at(text: str, tokens: Tokens, position: int) -> str:
    """Return the value that begins at `position` as written, or `…` if it is no plain one."""
    token = tokens.texts[position] if position < len(tokens.texts) else ""
    if token[:1].isalnum() or token[:1] in ('"', "'", "_"):
        return shortened(token)
    if token == "-" and tokens.texts[position + 1][:1].isdigit():
        return f"-{tokens.texts[position + 1]}"
    return "…"


def operand_after(text: str, tokens: Tokens, position: int) -> str:
    """Return what stands from `position` to the next word or sign that joins conditions, as written; `…` if nothing."""
    end = operand_end(tokens, position)
    if end > position and tokens.texts[end - 1] in POWERS:
        return "…"
    return shortened(text[tokens.starts[position] : tokens.ends[end - 1]]) if end > position else "…"


def operand_end(tokens: Tokens, position: int) -> int:
    """Return the position after the operand that begins at `position`; `position` itself if none does."""
    inside = 0
    for at in range(position, len(tokens.texts)):
        token = tokens.texts[at]
        if not inside and (token in JOINING or token.lower() in ("and", "or")):
            return at
        inside += (token in CLOSERS) - (token in (")", "]", "}"))
    return position  # a bracket is open to the end: nothing here is an operand


def list_at(text: str, tokens: Tokens, position: int) -> str:
    """Return the list that begins at `position`, in square brackets whatever the author's are."""
    if tokens.texts[position] in ("(", "["):
        return as_list(text, tokens, position)
    return value_at(text, tokens, position)


def as_list(text: str, tokens: Tokens, opener: int) -> str:
    """Return what stands in the brackets that open at `opener`, in square ones."""
    end = closer_of(tokens, opener)
    if end is None:
        return "[…]"
    return f"[{shortened(text[tokens.ends[opener] : tokens.starts[end]])}]"


def shortened(written: str) -> str:
    """Return one line of at most 40 characters."""
    written = " ".join(written.split())
    return written if len(written) <= 40 else f"{written[:30]}…"
