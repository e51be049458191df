"""Equality with numbers that a column cannot hold: 0.3 in single precision, 1.999 with two digits after the point."""

import math
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.stored import stored_type
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.logic.datatypes import DECIMAL, DOUBLE
from fasttwitch.logic.nodes import Attribute, Compare, Constant, In, Value


def unreachable(subject: Subject) -> Iterator[Finding]:
    """Yield constants beside `==`, `!=` and `in` that no value of the column equals."""
    for rule in subject.rules.values():
        for part in walk(rule.tree):
            match part:
                case Compare("==" | "!=", Attribute() as column, Constant(value)):
                    yield from _compared(subject, rule, part, column, value)
                case In(Attribute() as column, constants):
                    yield from _listed(subject, rule, part, column, constants)


def _compared(subject: Subject, rule: Rule, part: Compare, column: Attribute, value: Value) -> Iterator[Finding]:
    why = _why_not(subject, column, value)
    if why is None:
        return
    kind, reason, nearest = why
    ending = "is never true" if part.operator == "==" else "is true wherever it is known"
    name = ".".join(column.path)
    fix = f"`{name} {part.operator} {nearest}`" if nearest else f"compare with `<` or `>`, e.g. `{name} < {value}`"
    yield rule.finding(kind, f"`{rule.quote(part)}` {ending}: {reason}", part, fix)


def _listed(
    subject: Subject, rule: Rule, part: In, column: Attribute, constants: tuple[Value, ...]
) -> Iterator[Finding]:
    for value in constants:
        why = _why_not(subject, column, value)
        if why is not None:
            kind, reason, nearest = why
            fix = f"write `{nearest}` in its place" if nearest else "drop it"
            yield rule.finding(kind, f"`{value}` of this list is never found: {reason}", part, fix)
            return  # the first of a list is enough


def _why_not(subject: Subject, column: Attribute, value: Value) -> tuple[str, str, str] | None:
    """Return the kind of finding, why no value of the column equals `value`, and the nearest that one can."""
    stored = stored_type(subject.schema, column.path)
    name = ".".join(column.path)
    if column.type is DOUBLE and isinstance(value, float) and stored in (pa.float32(), pa.float16()):
        nearest = _rounded(value, stored)
        if nearest == value or not math.isfinite(nearest):
            return None
        reason = f"`{name}` is a {_precision(stored)} column, which holds {nearest!r} and not {value!r}"
        return "float32-equality", reason, repr(nearest)
    if column.type is DECIMAL and isinstance(value, Decimal) and value and stored is not None:
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > stored.scale:
            return "out-of-range", f"`{name}` {_digits(stored.scale)}", ""
    return None


def _digits(scale: int) -> str:
    if scale < 0:
        return f"holds multiples of {10**-scale:,}"
    return f"has {scale} digit{'' if scale == 1 else 's'} after the point" if scale else "holds whole numbers"


def _rounded(value: float, stored: pa.DataType) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(value)) if stored == pa.float32() else float(np.float16(value))


def _precision(stored: pa.DataType) -> str:
    return "float32" if stored == pa.float32() else "float16"
