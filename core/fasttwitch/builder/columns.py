"""What a rule names: attributes, segments, lists, the instant."""

from typing import Final

from fasttwitch.builder.built import called
from fasttwitch.builder.constants import NOWHERE
from fasttwitch.builder.expression import Expr
from fasttwitch.syntax.nodes import Name
from fasttwitch.syntax.words import KEYWORDS, RESERVED, is_name

now: Final = Expr(Name("now", NOWHERE))
"""The instant of the run, one value for all customers."""


def col(path: str) -> Expr:
    """Return an attribute, or a field of one: `col("address.city")` is `col("address").city`.

    >>> col("address.city") == "Berlin"
    Expr(address.city == "Berlin")
    """
    first, *fields = _name(path, "an attribute").split(".")
    if not is_name(first):
        raise ValueError(f"{first!r} cannot name an attribute: letters, digits and `_` can, and no digit comes first")
    if first in KEYWORDS or first in RESERVED:
        raise ValueError(f"`{first}` is a word of the language and cannot name an attribute")
    found = Expr(Name(first, NOWHERE))
    for name in fields:
        found = found.field(name)
    return found


def segment(name: str) -> Expr:
    """Return another segment's answer.

    >>> segment("vip") & ~segment("suppressed")
    Expr(segment("vip") && !segment("suppressed"))
    """
    return Expr(called("segment", None, _name(name, "a segment")))


def lists(name: str) -> Expr:
    """Return a named list of the ruleset, for `.is_in(…)`.

    >>> col("country").is_in(lists("eu"))
    Expr(country in list("eu"))
    """
    return Expr(called("list", None, _name(name, "a list")))


def has(attribute: Expr) -> Expr:
    """Return whether an attribute or a field is there, as `.is_not_null()` does.

    >>> has(col("address.city"))
    Expr(has(address.city))
    """
    return Expr(called("has", None, attribute))


def _name(name: str, what: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the name of {what} is a string, not {name!r}")
    return name
