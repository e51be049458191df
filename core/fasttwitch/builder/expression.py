"""The expression that people build rules of."""

from typing import TYPE_CHECKING, Self, final

from fasttwitch.builder.casts import Casts
from fasttwitch.builder.constants import NOWHERE
from fasttwitch.builder.dates import Dates
from fasttwitch.builder.operators import Operators
from fasttwitch.builder.strings import Strings
from fasttwitch.errors import RulesetError
from fasttwitch.logic.names import nearest
from fasttwitch.syntax import limits, parse, print_expression
from fasttwitch.syntax.nodes import Expression, Member, Name
from fasttwitch.syntax.words import ESCAPED_FIELD, KEYWORDS, is_name


@final
class Expr(Operators, Strings, Dates, Casts):
    """A rule or a part of one, made in Python; `str()` is its text.

    >>> (col("age") >= 18) & (col("address").city == "Berlin")
    Expr(age >= 18 && address.city == "Berlin")
    """

    __slots__ = ()

    @classmethod
    def from_cel(cls, text: str) -> Self:
        """Return the expression that a rule's text says; raises RulesetError if it does not parse.

        >>> Expr.from_cel("age>=18") & col("email_opt_in")
        Expr(age >= 18 && email_opt_in)
        """
        return cls(parse(text))

    def to_cel(self) -> str:
        """Return the canonical text; raises RulesetError if the expression is larger than a rule may be.

        >>> (col("ltv") > 500).to_cel()
        'ltv > 500'
        """
        if (problem := limits.excess(self.tree)) is not None:
            raise RulesetError([problem])
        return print_expression(self.tree)

    def field(self, name: str) -> Self:
        """Return a field of a struct, whatever its name: also one that is no Python name, or that a method has.

        >>> col("address").field("zip-code") == "10115"
        Expr(address.`zip-code` == "10115")
        """
        if not (is_name(name) and name not in KEYWORDS) and not ESCAPED_FIELD.fullmatch(f"`{name}`"):
            raise ValueError(f"{name!r} cannot name a field: letters, digits, blanks and any of `_ . - /` can")
        return self._made(Member(self.tree, name, NOWHERE))

    def __getattr__(self, name: str) -> Self:
        """Return a field of a struct by its name."""
        if name.startswith("_"):
            raise AttributeError(f"a field that begins with `_` is written `.field({name!r})`")
        return self.field(name)

    if not TYPE_CHECKING:  # a type checker knows that this cannot be called, and says so earlier

        def __call__(self, *arguments: object, **named: object) -> None:
            """Raise TypeError: whoever calls a field meant a method."""
            raise TypeError(_not_a_method(self.tree))

    def __str__(self) -> str:
        return self.to_cel()

    def __repr__(self) -> str:
        try:
            return f"Expr({self.to_cel()})"
        except RulesetError as error:
            return f"Expr(…: {error.problems[0].message})"


def _not_a_method(tree: Expression) -> str:
    """Return why something is not to be called: most often it is a misspelt method, which is read as a field."""
    match tree:
        case Member(_, name):
            methods = [each for each in dir(Expr) if not each.startswith("_")]
            meant = nearest(name, methods)
            return f"there is no method `.{name}()`" + (f": did you mean `.{meant}()`?" if meant else "")
        case Name("now"):
            return "`now` is a value: write it without parentheses"
        case _:
            return "an expression is no function: it cannot be called"
