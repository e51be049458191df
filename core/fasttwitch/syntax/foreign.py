"""Signs and words of other languages, and of office software, with what this language has instead."""

import re
import unicodedata

from fasttwitch.errors import Problem
from fasttwitch.syntax.nodes import Span

SIGNS = {
    "=": "write `==` to compare",
    "===": "write `==`",
    "!==": "write `!=`",
    "<>": "write `!=`",
    "=!": "write `!=`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "&": "write `&&`",
    "|": "write `||`",
    "^": "write `(a || b) && !(a && b)` for one of two, `x * x` for a square",
    "~": 'write `x.matches("…")` for a pattern, `!` for not',
    "=~": 'write `x.matches("…")`',
    "**": "write the product: `x * x`",
    "++": "write `+`",
    "??": "write `coalesce(x, y)`",
    ".?": "write `.`: a field of nothing is unknown, and `coalesce(x, y)` gives it a value",
    ";": "leave it out: a rule is one condition",
    "#": "begin a comment with `//`",
    "$": "write the name alone",
    "@": "write the name alone",
    "≥": "write `>=`",
    "≤": "write `<=`",
    "≠": "write `!=`",
    "×": "write `*`",
    "÷": "write `/`",
    "−": "write `-`",
    "–": "write `-`",
    "—": "write `-`",
    "¬": "write `!`",
    "∧": "write `&&`",
    "∨": "write `||`",
    "∈": "write `in`",
    "…": "write it out",
}

OPERATORS = {
    "and": "&&",
    "or": "||",
    "eq": "==",
    "equals": "==",
    "equal": "==",
    "ne": "!=",
    "neq": "!=",
    "gt": ">",
    "ge": ">=",
    "gte": ">=",
    "lt": "<",
    "le": "<=",
    "lte": "<=",
    "mod": "%",
    "div": "/",
}
"""Words that stand between two operands elsewhere, in small letters."""

METHODS = {
    "contains": "contains",
    "includes": "contains",
    "startswith": "startsWith",
    "endswith": "endsWith",
    "matches": "matches",
    "rlike": "matches",
    "regexp": "matches",
}
"""Words that stand between two strings elsewhere, and the function that does the same here."""

CASTS = {
    "integer": "int",
    "bigint": "int",
    "signed": "int",
    "float": "double",
    "real": "double",
    "decimal": "double",
    "numeric": "double",
    "text": "string",
    "char": "string",
    "varchar": "string",
    "boolean": "bool",
    "datetime": "timestamp",
}
"""Types of SQL, in small letters, and the function that converts to what they are here."""

DURATIONS = {
    "d": "days({})",
    "day": "days({})",
    "days": "days({})",
    "w": "days(7 * {})",
    "week": "days(7 * {})",
    "weeks": "days(7 * {})",
    "h": "hours({})",
    "hr": "hours({})",
    "hrs": "hours({})",
    "hour": "hours({})",
    "hours": "hours({})",
    "m": "minutes({})",
    "min": "minutes({})",
    "mins": "minutes({})",
    "minute": "minutes({})",
    "minutes": "minutes({})",
    "s": 'duration("{}s")',
    "sec": 'duration("{}s")',
    "second": 'duration("{}s")',
    "seconds": 'duration("{}s")',
    "ms": 'duration("{}ms")',
}
"""Units of time after a number, in small letters."""

_QUOTES = "“”„‟«»‘’‚‛′″´"
_QUOTED = re.compile(f"[{_QUOTES}]([^{_QUOTES}\"'\\n]*)[{_QUOTES}\"']")
_WORD = re.compile(r"\w+")


def strange(text: str, token: str, span: Span) -> Problem | None:
    """Return what is wrong with a token that no text of this language has, or None if it is a token like others."""
    if token in SIGNS:
        if token == "$" and text[span[1] : span[1] + 1].isdigit():
            return Problem("`$` has no meaning here", span, "leave it out: a number stands alone")
        meaning = "has no meaning" if token in ";#$@…" else "is not an operator"
        return Problem(f"`{token}` {meaning} here", span, SIGNS[token])
    if token[:1] == "`":
        return Problem("backticks stand only around a field, after a dot", span, "leave them out")
    if token == "\\":
        return Problem("`\\` has no meaning outside a string", span, "leave it out")
    if len(token) != 1 or (token.isascii() and token.isprintable()):
        return None
    if token in _QUOTES:
        if match := _QUOTED.match(text, span[0]):
            fix = f'write straight quotes: `"{match[1]}"`'
            return Problem("these quotes are typographic", match.span(), fix)
        return Problem(f"`{token}` is a typographic quote", span, 'write a straight one: `"`')
    if token.isalnum():
        match = next(match for match in _WORD.finditer(text) if match.start() <= span[0] < match.end())
        word = match[0][:40]
        fix = f'names have letters from a to z, digits and `_`; a string needs quotes: `"{word}"`'
        return Problem(f"`{word}` is not a name", match.span(), fix)
    if not token.isprintable():
        name = unicodedata.name(token, "a control character").lower()
        fix = "replace it by a blank" if token.isspace() else "delete it"
        return Problem(f"an invisible character stands here: U+{ord(token):04X}, {name}", span, fix)
    if unicodedata.category(token) == "Sc":
        return Problem(f"`{token}` has no meaning here", span, "leave it out: a number stands alone")
    return Problem(f"`{token}` has no meaning here", span, 'leave it out, or put it into a string: `"…"`')
