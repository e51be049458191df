"""Text to tree and back: the only room that sees characters."""

from fasttwitch.syntax.json_reader import from_json
from fasttwitch.syntax.json_tree import to_json
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
    "from_json",
    "parse",
    "print_expression",
    "to_json",
]
