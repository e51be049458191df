"""A tree once more, made by the builder as a person would call it."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce

import numpy as np

import fasttwitch as ft
from fasttwitch.builder import Expr, math
from fasttwitch.builder.constants import PythonValue
from fasttwitch.syntax import (
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
    Unary,
)

OPERATORS: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
FUNCTIONS: Mapping[str, Callable[..., Expr]] = {
    "has": ft.has,
    "coalesce": ft.coalesce,
    "isTrue": ft.is_true,
    "isKnown": ft.is_known,
    "days": ft.days,
    "hours": ft.hours,
    "minutes": ft.minutes,
    "int": Expr.to_int,
    "uint": Expr.to_uint,
    "double": Expr.to_double,
    "string": Expr.to_string,
    "bool": Expr.to_bool,
    "timestamp": Expr.to_timestamp,
    "date": Expr.to_date,
    "duration": Expr.to_duration,
    "startOfDay": ft.start_of_day,
    "semver": ft.semver,
    "isSemver": ft.is_semver,
    "bucket": ft.bucket,
}
METHODS: Mapping[str, Callable[..., Expr]] = {
    re.sub("_([a-z])", lambda match: match[1].upper(), name): getattr(Expr, name)
    for name in dir(Expr)
    if name.startswith(("get_", "char_", "index_", "last_", "lower_", "upper_", "starts_", "ends_", "major", "minor"))
    or name in ("contains", "matches", "size", "substring", "replace", "split", "join", "trim", "reverse", "patch")
}
MATH: Mapping[str, Callable[..., Expr]] = {
    "isNaN": math.is_nan,
    **{
        re.sub("_([a-z])", lambda match: match[1].upper(), name): function
        for name, function in vars(math).items()
        if callable(function) and getattr(function, "__module__", "") == math.__name__ and name != "is_nan"
    },
}


def rebuilt(tree: Expression) -> tuple[Expr, int]:
    """Return a tree as the builder makes it, and how many of its nodes the builder has no word for."""
    rebuilder = _Rebuilder()
    return rebuilder.node(tree), rebuilder.foreign


@dataclass(slots=True)
class _Rebuilder:
    foreign: int = field(default=0)

    def node(self, tree: Expression) -> Expr:
        """Return a node through the public API."""
        match tree:
            case Constant(kind="bytes") | MapOf() | Message():
                return self.raw(tree)
            case Constant():
                return ft.literal(value_of(tree))
            case Name("now"):
                return ft.now
            case Name(name):
                return ft.col(name)
            case Member(operand, field_name):
                return self.member(operand, field_name)
            case Index(operand, index):
                return self.node(operand)[self.node(index)]
            case Unary("-", operand):
                return -self.node(operand)
            case Unary(_, operand):
                return ~self.node(operand)
            case Logical(sign, operands):
                return reduce(operator.and_ if sign == "&&" else operator.or_, map(self.node, operands))
            case Conditional():
                return self.conditional(tree)
            case ListOf(items):
                return ft.literal([self.node(item) for item in items])
            case Binary():
                return self.binary(tree)
            case Call():
                return self.call(tree)

    def member(self, operand: Expression, name: str) -> Expr:
        """Return a field, by a dot wherever Python allows one."""
        inner = self.node(operand)
        plain = name.isidentifier() and not name.startswith("_") and not hasattr(Expr, name) and name != "tree"
        return getattr(inner, name) if plain else inner.field(name)

    def conditional(self, tree: Conditional) -> Expr:
        """Return a choice, as one chain of `when` and `then`."""
        choice = ft.when(self.node(tree.condition)).then(self.node(tree.then))
        while isinstance(tree.otherwise, Conditional):
            tree = tree.otherwise
            choice = choice.when(self.node(tree.condition)).then(self.node(tree.then))
        return choice.otherwise(self.node(tree.otherwise))

    def binary(self, tree: Binary) -> Expr:
        """Return an operator, with Python's own values beside it where that gives the same tree."""
        left = self.node(tree.left)
        match tree:
            case Binary("in", _, ListOf(items)):
                return left.is_in([self.node(item) for item in items])
            case Binary("in"):
                return left.is_in(self.node(tree.right))
            case Binary("==", _, Constant("null")):
                return left.is_null()
            case Binary("!=", _, Constant("null")):
                return left.is_not_null()
        apply: Callable[..., Expr] = OPERATORS[tree.operator]
        if isinstance(tree.right, Constant) and tree.right.kind != "bytes":
            return apply(left, value_of(tree.right))
        constant = tree.left if isinstance(tree.left, Constant) else None
        # Python turns `5 < x` around, and `"…" % x` is its own.
        if constant and tree.operator in "+-*/%" and constant.kind not in ("bytes", "string"):
            return apply(value_of(constant), self.node(tree.right))
        return apply(left, self.node(tree.right))

    def call(self, tree: Call) -> Expr:
        """Return a call of a function that the builder has, or a raw one."""
        match tree:
            case Call("segment", None, (Constant("string", str(name)),)):
                return ft.segment(name)
            case Call("list", None, (Constant("string", str(name)),)):
                return ft.lists(name)
            case Call("quote", Name("strings"), (text,)):
                return self.node(text).quote()
            case Call("format", pattern, (ListOf(items),)) if pattern is not None:
                return self.node(pattern).format([self.node(item) for item in items])
            case Call(function, None, arguments) if function in FUNCTIONS:
                made = FUNCTIONS[function]
            case Call(function, Name("math"), arguments) if function in MATH:
                made = MATH[function]
            case Call(function, receiver, arguments) if receiver is not None and function in METHODS:
                made, arguments = METHODS[function], (receiver, *arguments)
            case _:
                return self.raw(tree)
        try:
            return made(*map(self.node, arguments))
        except TypeError:  # more arguments than the function takes, or fewer
            return self.raw(tree)

    def raw(self, tree: Expression) -> Expr:
        """Return a node that the builder has no word for, its children rebuilt."""
        self.foreign += 1
        match tree:
            case MapOf(entries):
                pairs = tuple((self.node(key).tree, self.node(value).tree) for key, value in entries)
                return Expr(replace(tree, entries=pairs))
            case Message(_, fields):
                return Expr(replace(tree, fields=tuple((name, self.node(value).tree) for name, value in fields)))
            case Call(_, receiver, arguments):
                before = None if receiver is None else self.node(receiver).tree
                return Expr(replace(tree, receiver=before, arguments=tuple(self.node(one).tree for one in arguments)))
            case _:
                return Expr(tree)


def value_of(constant: Constant) -> PythonValue:
    """Return the value that a Python program would write for a constant."""
    if constant.kind == "uint":
        return np.uint64(constant.value)  # type: ignore[arg-type]
    if constant.kind == "double" and len(constant.text) > 16:
        return Decimal(constant.text)
    return constant.value  # type: ignore[return-value]
