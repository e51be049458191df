"""Typed predicates and values: what the checker makes of a tree.

Names are settled, constants have their final type, every node knows its type and its place. Values of constants:

    bool → bool    int, uint → int    double → float    decimal → decimal.Decimal    string → str
    timestamp → int, microseconds since 1970 UTC    duration → int, microseconds    date → int, days since 1970
    semver → tuple that orders as versions do    list → tuple
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from fasttwitch.logic.datatypes import BOOL, TIMESTAMP, Type
from fasttwitch.syntax.nodes import Span

Value: TypeAlias = bool | int | float | Decimal | str | tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value of the rule's text."""

    value: Value
    type: Type
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column (`path` of one name) or a field of a struct column, at any depth."""

    path: tuple[str, ...]
    type: Type
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Now:
    """The instant of the run."""

    span: Span = field(compare=False)
    type: Type = field(default=TIMESTAMP, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """A strict function: unknown if any argument is unknown.

    function   "+", "-", "*", "/", "%", "negate", or a name of `logic.catalogue`: "substring", "math.abs", "int", …
    arguments  the receiver of a method first; their types say which overload is meant. A pattern, a zone, a salt and
               the like are Constants
    """

    function: str
    arguments: tuple["Expression", ...]
    type: Type
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`, the operator one of `< <= > >= == !=`.

    Both sides have one type, or are int, uint, double in any mix (then as LANGUAGE section 3 rule 2 says).
    If exactly one side is a Constant, it is the right one (the checker turns `5 < x` into `x > 5`).
    """

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`operand in [constants]`, or `operand in list("name")`, whose values stand here too.

    constants  of the operand's type where that holds them exactly; int and uint operands may meet float constants
    """

    operand: "Expression"
    constants: tuple[Value, ...]
    list_name: str
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class IsNull:
    """`operand == null`: true or false, never unknown."""

    operand: Attribute
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene `!`."""

    operand: "Expression"
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """Kleene `&&` of two operands or more."""

    operands: tuple["Expression", ...]
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene `||` of two operands or more."""

    operands: tuple["Expression", ...]
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`: unknown if the condition is, even if both branches agree."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    type: Type
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first operand that is not null.

    All operands but the last are Attributes; the last may be any expression (a constant, most often).
    """

    operands: tuple["Expression", ...]
    type: Type
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class IsTrue:
    """True if the operand is true, else false."""

    operand: "Expression"
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class IsKnown:
    """True if the operand is true or false, else false."""

    operand: "Expression"
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]` with something in it that varies; of constants alone it is a Constant whose value is a tuple."""

    items: tuple["Expression", ...]
    type: Type
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """`segment("name")`: exactly the value of that segment's text."""

    name: str
    span: Span = field(compare=False)
    type: Type = field(default=BOOL, compare=False)


Expression: TypeAlias = (
    Constant
    | Attribute
    | Now
    | Apply
    | Compare
    | In
    | IsNull
    | Not
    | And
    | Or
    | Conditional
    | Coalesce
    | IsTrue
    | IsKnown
    | ListOf
    | Segment
)

WHOLE = frozenset((Constant, Attribute, Now, Segment))


def parts(node: Expression) -> tuple[Expression, ...]:
    """Return what a node is made of, in the order of the text."""
    if type(node) in WHOLE:  # most are, and `match` would try all other classes first
        return ()
    match node:
        case Compare(_, left, right):
            return left, right
        case Apply(_, inner) | And(inner) | Or(inner) | Coalesce(inner) | ListOf(inner):
            return inner
        case In(operand) | Not(operand) | IsNull(operand) | IsTrue(operand) | IsKnown(operand):
            return (operand,)
        case Conditional(condition, then, otherwise):
            return condition, then, otherwise
    raise AssertionError(f"no node: {node}")
