"""The tree that the parser makes: what the author wrote, with the place of every part.

A span is a pair of offsets `(start, end)` into the rule's text, in characters. Spans take no part in equality, so equal
rules have equal trees wherever they stand. `&&` and `||` hold all operands of a chain in one node: a chain of 500
conditions is one level deep.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant in the rule's text.

    kind   "bool", "int", "uint", "double", "string", "bytes" or "null"
    value  bool, int (also for uint), float, str, bytes or None; `-5` is one constant, so that -2**63 can be written
    text   the number as written (`"1.10"`), so that a decimal keeps its digits; "" for other kinds
    """

    kind: str
    value: bool | int | float | str | bytes | None
    span: Span = field(compare=False)
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: an attribute, `now`, or the variable of a macro."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Member:
    """`operand.field`."""

    operand: "Expression"
    field_name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`operand[index]`."""

    operand: "Expression"
    index: "Expression"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`function(…)`, or `receiver.function(…)`; macros (`has`, `exists`, `filter`, …) are calls like any other."""

    function: str
    receiver: "Expression | None"
    arguments: tuple["Expression", ...]
    span: Span = field(compare=False)
    name_span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`!operand` or `-operand`."""

    operator: str
    operand: "Expression"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`, the operator one of `< <= > >= == != in + - * / %`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = field(compare=False)
    operator_span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Logical:
    """A chain of `&&` or of `||`: at least two operands, none of which is a chain of the same operator."""

    operator: str
    operands: tuple["Expression", ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b, …]`."""

    items: tuple["Expression", ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{key: value, …}`."""

    entries: tuple[tuple["Expression", "Expression"], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """`a.b.Type{field: value, …}`: parsed, so that the checker can say that messages are not in this profile."""

    type_name: str
    fields: tuple[tuple[str, "Expression"], ...]
    span: Span = field(compare=False)


Expression: TypeAlias = (
    Constant | Name | Member | Index | Call | Unary | Binary | Logical | Conditional | ListOf | MapOf | Message
)
