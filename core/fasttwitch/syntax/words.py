"""The operators and reserved words of the language, for those who read it and those who print it."""

import re

CONDITIONAL, OR, AND, RELATION, ADDITION, MULTIPLICATION, SIGN, VALUE = range(8)
"""How tightly a form binds, loosest first."""

POWERS = (
    {"?": CONDITIONAL, "||": OR, "&&": AND}
    | dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in"), RELATION)
    | dict.fromkeys(("+", "-"), ADDITION)
    | dict.fromkeys(("*", "/", "%"), MULTIPLICATION)
)
"""Binding power of each binary operator, and of the `?` of a conditional."""

ORDERINGS = frozenset(("<", "<=", ">", ">="))

KEYWORDS = frozenset(("true", "false", "null", "in"))
"""Words that can be neither a name nor, without backticks, a field."""

RESERVED = frozenset(
    "as break const continue else for function if import let loop package namespace return var void while".split()  # noqa: SIM905
)
"""Words that CEL keeps for other languages around it: they can be a field, but not a name."""

ESCAPED_FIELD = re.compile(r"`[A-Za-z0-9_.\-/ ]+`")
"""A field whose name is no name: `` customer.`zip-code` ``."""


def is_name(token: str) -> bool:
    """Return whether a token is a word: Python's identifiers less those that CEL has no letters for."""
    return token.isidentifier() and token.isascii()
