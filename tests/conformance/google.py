"""Google's evaluator of CEL, in C++, asked about one row at a time.

A null cell is an absent variable, and every error counts as unknown. What only this profile has is said in standard
CEL: `x == null` as `!has(present.x)`, where `present` is a map of the cells that are there.
"""

import os
import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pyarrow as pa

# Both evaluators shall know the same time zones.
os.environ.setdefault("TZDIR", str(files("tzdata") / "zoneinfo"))

from cel_expr_python import cel
from cel_expr_python.ext import ext_math, ext_strings

from fasttwitch.syntax import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    ListOf,
    Logical,
    Member,
    Name,
    Unary,
    print_expression,
)
from tests.conformance.parts import with_parts
from tests.conformance.shapes import Shape, googles

PRESENT = "present"
PLACE = re.compile(r".*?ERROR: <input>:\d+:\d+: ", re.DOTALL)
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\{.*\}|\"[^\"]*\"")
NOWHERE = (0, 0)

_bare = cel.NewEnv()


def parse(text: str) -> Shape:
    """Return the shape of the tree that Google's parser makes.

    Errors: RuntimeError with its message.
    """
    return googles(_bare.compile(text, disable_check=True).serialize())


def kind_of_refusal(error: RuntimeError) -> str:
    """Return the message of Google's parser without its place, and without the author's words."""
    return QUOTED.sub("…", PLACE.sub("", str(error), count=1).split("\n")[0])


class Evaluator:
    """Evaluates rules over the rows of one table."""

    def __init__(self, table: pa.Table) -> None:
        types = {field.name: _type(field.type) for field in table.schema}
        self._env = cel.NewEnv(
            variables={**types, PRESENT: cel.Type.Map(cel.Type.STRING, cel.Type.BOOL)},
            extensions=[ext_math.ExtMath(), ext_strings.ExtStrings()],
            functions=[_length("days", 86_400), _length("hours", 3_600), _length("minutes", 60)],
        )
        self._rows = []
        for cells in table.to_pylist():
            there = {name: value for name, value in cells.items() if value is not None}
            self._rows.append(self._env.Activation({**there, PRESENT: dict.fromkeys(there, True)}))

    def answers(self, rule: Expression) -> tuple[str, list[str]]:
        """Return a letter a row, T, F or U, and the error of each U."""
        expression = self._env.compile(print_expression(standard(rule)), disable_check=True)
        letters, errors = "", []
        for row in self._rows:
            value = expression.eval(row)
            if value.type() == cel.Type.BOOL:
                letters += "T" if value.value() else "F"
            else:
                letters += "U"
                errors.append(str(value.value()))
        return letters, errors


def standard(rule: Expression) -> Expression:
    """Return the rule in standard CEL."""
    match rule:
        case Binary("==" | "!=" as operator, Name(name), Constant("null")):
            return _absent(name) if operator == "==" else _there(name)
        case Call("coalesce", None, (Name(name), *rest)):
            otherwise = rest[0] if len(rest) == 1 else Call("coalesce", None, tuple(rest), NOWHERE, NOWHERE)
            return Conditional(_there(name), Name(name, NOWHERE), standard(otherwise), NOWHERE)
        case Call("substring", text, (_, end)) if text is not None:
            # Google takes an end at the end of the text for one beyond it.
            until_end = standard(replace(rule, arguments=rule.arguments[:1]))
            at_end = Binary(
                "==", standard(end), Call("size", None, (standard(text),), NOWHERE, NOWHERE), NOWHERE, NOWHERE
            )
            return Conditional(at_end, until_end, with_parts(rule, standard), NOWHERE)
        case Call("split", text, (separator, *_)) if text is not None:
            # Nothing split into characters is one empty string there, and none in Go, which says what CEL's `split` is.
            empty = Constant("string", "", NOWHERE)
            nothing = [Binary("==", standard(each), empty, NOWHERE, NOWHERE) for each in (text, separator)]
            whole = Logical("&&", tuple(nothing), NOWHERE)
            return Conditional(whole, ListOf((), NOWHERE), with_parts(rule, standard), NOWHERE)
        case _:
            return with_parts(rule, standard)


def _there(name: str) -> Expression:
    return Call("has", None, (Member(Name(PRESENT, NOWHERE), name, NOWHERE),), NOWHERE, NOWHERE)


def _absent(name: str) -> Expression:
    return Unary("!", _there(name), NOWHERE)


def _type(stored: pa.DataType) -> cel.Type:
    types = pa.types
    for fits, kind in (
        (types.is_boolean, cel.Type.BOOL),
        (types.is_signed_integer, cel.Type.INT),
        (types.is_unsigned_integer, cel.Type.UINT),
        (types.is_floating, cel.Type.DOUBLE),
        (types.is_string, cel.Type.STRING),
        (types.is_timestamp, cel.Type.TIMESTAMP),
        (types.is_duration, cel.Type.DURATION),
    ):
        if fits(stored):
            return kind
    raise AssertionError(f"Google has no {stored}")


def _length(name: str, seconds: int) -> cel.FunctionDecl:
    """Return our `days(n)` and its like as a function of Google's evaluator."""

    def length(count: int) -> timedelta:
        return timedelta(seconds=count * seconds)

    overload = cel.Overload(f"{name}_int", return_type=cel.Type.DURATION, parameters=[cel.Type.INT], impl=length)
    return cel.FunctionDecl(name, [overload])
