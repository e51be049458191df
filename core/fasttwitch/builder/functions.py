"""Functions of the language that are no methods."""

from collections.abc import Iterable
from dataclasses import dataclass

from fasttwitch.builder.built import Condition, Operand, called, tree_of
from fasttwitch.builder.constants import NOWHERE
from fasttwitch.builder.expression import Expr
from fasttwitch.builder.logical import joined
from fasttwitch.syntax.nodes import Conditional, Expression


def literal(value: Operand) -> Expr:
    """Return a constant, or a list, as an expression; operators and methods take Python's values as they are.

    >>> literal("vip-") + col("country")
    Expr("vip-" + country)
    >>> literal([col("first"), "and", col("second")]).join(" ")
    Expr([first, "and", second].join(" "))
    """
    return Expr(tree_of(value))


def all_of(*conditions: Condition) -> Expr:
    """Return whether all conditions hold: `&` for as many as there are.

    >>> all_of(*(col(name) > 0 for name in ("visits", "orders", "ltv")))
    Expr(visits > 0 && orders > 0 && ltv > 0)
    """
    return Expr(joined("&&", conditions))


def any_of(*conditions: Condition) -> Expr:
    """Return whether some condition holds: `|` for as many as there are.

    >>> any_of(*(col("email").ends_with(f"@{host}") for host in ("gmx.de", "web.de")))
    Expr(email.endsWith("@gmx.de") || email.endsWith("@web.de"))
    """
    return Expr(joined("||", conditions))


def coalesce(*values: Operand) -> Expr:
    """Return the first value that is not missing.

    >>> coalesce(col("nickname"), col("name"), "friend")
    Expr(coalesce(nickname, name, "friend"))
    """
    return Expr(called("coalesce", None, *values))


def is_true(condition: Condition) -> Expr:
    """Return true if a condition is true, else false, also if it is unknown.

    >>> ~is_true(segment("suppressed"))
    Expr(!isTrue(segment("suppressed")))
    """
    return Expr(called("isTrue", None, condition))


def is_known(condition: Condition) -> Expr:
    """Return whether a condition is true or false, and not unknown.

    >>> is_known(col("age") > 18)
    Expr(isKnown(age > 18))
    """
    return Expr(called("isKnown", None, condition))


def days(count: Operand) -> Expr:
    """Return a length of time of so many times 24 hours.

    >>> now - col("last_order_at") > days(90)
    Expr(now - last_order_at > days(90))
    """
    return Expr(called("days", None, count))


def hours(count: Operand) -> Expr:
    """Return a length of time in hours.

    >>> hours(12)
    Expr(hours(12))
    """
    return Expr(called("hours", None, count))


def minutes(count: Operand) -> Expr:
    """Return a length of time in minutes.

    >>> minutes(90)
    Expr(minutes(90))
    """
    return Expr(called("minutes", None, count))


def start_of_day(instant: Operand, zone: str) -> Expr:
    """Return the instant at which the day of another began in a time zone.

    >>> col("cart_at") >= start_of_day(now, "Europe/Berlin")
    Expr(cart_at >= startOfDay(now, "Europe/Berlin"))
    """
    return Expr(called("startOfDay", None, instant, zone))


def bucket(value: Operand, salt: str, count: int) -> Expr:
    """Return a number from 0 to `count` - 1 that a value and a salt always give again: for experiments.

    >>> bucket(col("customer_id"), "spring-sale", 100) < 10
    Expr(bucket(customer_id, "spring-sale", 100) < 10)
    """
    return Expr(called("bucket", None, value, salt, count))


def semver(version: Operand) -> Expr:
    """Return a text as a version, ordered as Semantic Versioning 2.0 says.

    >>> semver(col("app_version")) >= "2.10.0"
    Expr(semver(app_version) >= "2.10.0")
    """
    return Expr(called("semver", None, version))


def is_semver(text: Operand) -> Expr:
    """Return whether a text is a version.

    >>> is_semver(col("app_version"))
    Expr(isSemver(app_version))
    """
    return Expr(called("isSemver", None, text))


def if_else(condition: Condition, then: Operand, otherwise: Operand) -> Expr:
    """Return one value where a condition is true, another where it is false, and unknown where it is unknown.

    >>> if_else(col("tier") == "gold", 2, 1) * col("points") > 1000
    Expr((tier == "gold" ? 2 : 1) * points > 1000)
    """
    return _choice([(tree_of(condition), tree_of(then))], tree_of(otherwise))


def when(condition: Condition) -> "When":
    """Return the beginning of a choice: `when(a).then(x).when(b).then(y).otherwise(z)`.

    >>> when(col("tier") == "gold").then(3).when(col("tier") == "silver").then(2).otherwise(1)
    Expr(tier == "gold" ? 3 : tier == "silver" ? 2 : 1)
    """
    return When((), tree_of(condition))


@dataclass(frozen=True, slots=True)
class When:
    """A choice that lacks the value for its last condition."""

    _cases: tuple[tuple[Expression, Expression], ...]
    _condition: Expression

    def then(self, value: Operand) -> "Then":
        """Return the choice with the value for where its last condition is true."""
        return Then((*self._cases, (self._condition, tree_of(value))))


@dataclass(frozen=True, slots=True)
class Then:
    """A choice that lacks the value for where no condition is true."""

    _cases: tuple[tuple[Expression, Expression], ...]

    def when(self, condition: Condition) -> When:
        """Return the choice with one more condition, asked where all others are false."""
        return When(self._cases, tree_of(condition))

    def otherwise(self, value: Operand) -> Expr:
        """Return the whole choice."""
        return _choice(self._cases, tree_of(value))


def _choice(cases: Iterable[tuple[Expression, Expression]], otherwise: Expression) -> Expr:
    for condition, then in reversed(tuple(cases)):
        otherwise = Conditional(condition, then, otherwise, NOWHERE)
    return Expr(otherwise)
