"""The functions of the namespace `math`: `math.abs(x)` here is `math.abs(x)` in a rule."""

from fasttwitch.builder.built import Operand, called
from fasttwitch.builder.constants import NOWHERE
from fasttwitch.builder.expression import Expr
from fasttwitch.syntax.nodes import Name


def _math(name: str, *arguments: Operand) -> Expr:
    return Expr(called(name, Name("math", NOWHERE), *arguments))


def greatest(*values: Operand) -> Expr:
    """Return the largest of some numbers of one type, or of a list of them.

    >>> math.greatest(col("web_visits"), col("app_visits"), 1)
    Expr(math.greatest(web_visits, app_visits, 1))
    """
    return _math("greatest", *values)


def least(*values: Operand) -> Expr:
    """Return the smallest of some numbers of one type, or of a list of them.

    >>> math.least([col("a"), col("b")])
    Expr(math.least([a, b]))
    """
    return _math("least", *values)


def abs(number: Operand) -> Expr:
    """Return a number without its sign.

    >>> math.abs(col("balance")) > 100
    Expr(math.abs(balance) > 100)
    """
    return _math("abs", number)


def sign(number: Operand) -> Expr:
    """Return -1, 0 or 1.

    >>> math.sign(col("balance"))
    Expr(math.sign(balance))
    """
    return _math("sign", number)


def ceil(number: Operand) -> Expr:
    """Return the next whole number up, as a double.

    >>> math.ceil(col("ltv"))
    Expr(math.ceil(ltv))
    """
    return _math("ceil", number)


def floor(number: Operand) -> Expr:
    """Return the next whole number down, as a double.

    >>> math.floor(col("ltv"))
    Expr(math.floor(ltv))
    """
    return _math("floor", number)


def round(number: Operand) -> Expr:
    """Return the nearest whole number, as a double; halves go away from zero.

    >>> math.round(col("ltv"))
    Expr(math.round(ltv))
    """
    return _math("round", number)


def trunc(number: Operand) -> Expr:
    """Return a double without its fraction.

    >>> math.trunc(col("ltv"))
    Expr(math.trunc(ltv))
    """
    return _math("trunc", number)


def sqrt(number: Operand) -> Expr:
    """Return the square root.

    >>> math.sqrt(col("area"))
    Expr(math.sqrt(area))
    """
    return _math("sqrt", number)


def is_nan(number: Operand) -> Expr:
    """Return whether a double is NaN.

    >>> math.is_nan(col("score"))
    Expr(math.isNaN(score))
    """
    return _math("isNaN", number)


def is_inf(number: Operand) -> Expr:
    """Return whether a double is infinite.

    >>> math.is_inf(col("score"))
    Expr(math.isInf(score))
    """
    return _math("isInf", number)


def is_finite(number: Operand) -> Expr:
    """Return whether a double is neither NaN nor infinite.

    >>> math.is_finite(col("score"))
    Expr(math.isFinite(score))
    """
    return _math("isFinite", number)


def bit_and(left: Operand, right: Operand) -> Expr:
    """Return the bits that two whole numbers share.

    >>> math.bit_and(col("flags"), 4) != 0
    Expr(math.bitAnd(flags, 4) != 0)
    """
    return _math("bitAnd", left, right)


def bit_or(left: Operand, right: Operand) -> Expr:
    """Return the bits that one of two whole numbers has, or both.

    >>> math.bit_or(col("flags"), 4)
    Expr(math.bitOr(flags, 4))
    """
    return _math("bitOr", left, right)


def bit_xor(left: Operand, right: Operand) -> Expr:
    """Return the bits that just one of two whole numbers has.

    >>> math.bit_xor(col("flags"), 4)
    Expr(math.bitXor(flags, 4))
    """
    return _math("bitXor", left, right)


def bit_not(number: Operand) -> Expr:
    """Return a whole number with every bit turned over.

    >>> math.bit_not(col("flags"))
    Expr(math.bitNot(flags))
    """
    return _math("bitNot", number)


def bit_shift_left(number: Operand, places: Operand) -> Expr:
    """Return a whole number with its bits moved up; 0 from 64 places on.

    >>> math.bit_shift_left(1, col("level"))
    Expr(math.bitShiftLeft(1, level))
    """
    return _math("bitShiftLeft", number, places)


def bit_shift_right(number: Operand, places: Operand) -> Expr:
    """Return a whole number with its bits moved down, zeros coming in at the top.

    >>> math.bit_shift_right(col("flags"), 2)
    Expr(math.bitShiftRight(flags, 2))
    """
    return _math("bitShiftRight", number, places)
