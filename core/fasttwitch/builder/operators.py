"""Operators of rules as operators of Python."""

from typing import NoReturn, Self

import numpy as np

from fasttwitch.builder.built import Built, Condition, Operand, Operands, list_of, tree_of
from fasttwitch.builder.constants import NOWHERE, constant
from fasttwitch.builder.logical import joined
from fasttwitch.syntax import nodes as syntax

NO_TRUTH = (
    "a rule is neither true nor false before it meets a customer: write `&`, `|`, `~` for `and`, `or`, `not`, with "
    "parentheses around each comparison; `.between(a, b)` for `a <= x <= b`; `.is_in([…])` for `in`"
)


class Operators(Built):
    """Comparisons, arithmetic and logic."""

    __slots__ = ()
    __array_ufunc__ = None  # else `np.int64(3) < col("x")` makes an array of it
    __iter__ = None  # else Python tries `x[0]`, `x[1]`, … without end

    def _binary(self, operator: str, other: Operand) -> Self:
        return self._made(syntax.Binary(operator, self.tree, tree_of(other), NOWHERE, NOWHERE))

    def _mirrored(self, operator: str, other: Operand) -> Self:
        return self._made(syntax.Binary(operator, tree_of(other), self.tree, NOWHERE, NOWHERE))

    def __lt__(self, other: Operand) -> Self:
        return self._binary("<", other)

    def __le__(self, other: Operand) -> Self:
        return self._binary("<=", other)

    def __gt__(self, other: Operand) -> Self:
        return self._binary(">", other)

    def __ge__(self, other: Operand) -> Self:
        return self._binary(">=", other)

    def __eq__(self, other: Operand) -> Self:  # type: ignore[override]
        return self._binary("==", other)

    def __ne__(self, other: Operand) -> Self:  # type: ignore[override]
        return self._binary("!=", other)

    __hash__ = None  # type: ignore[assignment]  # two of them cannot be compared, so no set can hold them

    def __add__(self, other: Operand) -> Self:
        return self._binary("+", other)

    def __radd__(self, other: Operand) -> Self:
        return self._mirrored("+", other)

    def __sub__(self, other: Operand) -> Self:
        return self._binary("-", other)

    def __rsub__(self, other: Operand) -> Self:
        return self._mirrored("-", other)

    def __mul__(self, other: Operand) -> Self:
        return self._binary("*", other)

    def __rmul__(self, other: Operand) -> Self:
        return self._mirrored("*", other)

    def __truediv__(self, other: Operand) -> Self:
        return self._binary("/", other)

    def __rtruediv__(self, other: Operand) -> Self:
        return self._mirrored("/", other)

    def __mod__(self, other: Operand) -> Self:
        return self._binary("%", other)

    def __rmod__(self, other: Operand) -> Self:
        return self._mirrored("%", other)

    def __neg__(self) -> Self:
        return self._made(syntax.Unary("-", self.tree, NOWHERE))

    def __invert__(self) -> Self:
        return self._made(syntax.Unary("!", self.tree, NOWHERE))

    def __and__(self, other: Condition) -> Self:
        return self._made(joined("&&", (self, other)))

    def __rand__(self, other: bool | np.bool_) -> Self:
        return self._made(joined("&&", (other, self)))

    def __or__(self, other: Condition) -> Self:
        return self._made(joined("||", (self, other)))

    def __ror__(self, other: bool | np.bool_) -> Self:
        return self._made(joined("||", (other, self)))

    def __getitem__(self, index: Operand) -> Self:
        """Return one item of a list, counted from 0.

        >>> col("email").split("@")[1] == "example.com"
        Expr(email.split("@")[1] == "example.com")
        """
        return self._made(syntax.Index(self.tree, tree_of(index), NOWHERE))

    def __bool__(self) -> NoReturn:
        raise TypeError(NO_TRUTH)

    def __contains__(self, item: object) -> NoReturn:
        raise TypeError("Python's `in` cannot make a rule: write `x.is_in(…)`, or `x.contains(…)` for a part of a text")

    def is_in(self, values: Operands) -> Self:
        """Return whether this is one of some values: a list, a set, an array, or a named list.

        >>> col("country").is_in(["DE", "AT"])
        Expr(country in ["DE", "AT"])
        >>> col("customer_id").is_in(lists("vip_ids"))
        Expr(customer_id in list("vip_ids"))
        """
        return self._made(syntax.Binary("in", self.tree, list_of(values), NOWHERE, NOWHERE))

    def is_null(self) -> Self:
        """Return whether an attribute is missing: true or false, never unknown.

        >>> col("country").is_null()
        Expr(country == null)
        """
        return self._made(syntax.Binary("==", self.tree, constant(None), NOWHERE, NOWHERE))

    def is_not_null(self) -> Self:
        """Return whether an attribute is there: true or false, never unknown.

        >>> col("country").is_not_null()
        Expr(country != null)
        """
        return self._made(syntax.Binary("!=", self.tree, constant(None), NOWHERE, NOWHERE))

    def ne_or_missing(self, other: Operand) -> Self:
        """Return whether this is something else, or missing; `!=` alone leaves out whom nothing is known about.

        >>> col("country").ne_or_missing("DE")
        Expr(country != "DE" || country == null)
        """
        return (self != other) | self.is_null()

    def between(self, least: Operand, most: Operand) -> Self:
        """Return whether this lies between two values, both of them included.

        >>> col("age").between(18, 65)
        Expr(age >= 18 && age <= 65)
        """
        return (self >= least) & (self <= most)
