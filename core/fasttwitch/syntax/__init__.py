"""Text to tree and back: the only room that sees characters."""

from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    MapOf,
    Member,
    Message,
    Name,
    Span,
    Unary,
)
from fasttwitch.syntax.parser import parse
from fasttwitch.syntax.printer import print_expression

__all__ = [
    "Binary",
    "Call",
    "Conditional",
    "Constant",
    "Expression",
    "Index",
    "ListOf",
    "Logical",
    "MapOf",
    "Member",
    "Message",
    "Name",
    "Span",
    "Unary",
    "parse",
    "print_expression",
]
