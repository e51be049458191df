"""Conditions that are evaluated customer by customer, in Python.

Most functions are judged once for each distinct string, or by kernels. What reads two columns and has neither a kernel
nor a counterpart in Arrow goes value by value: 0.6 to 3.5 µs a customer where `x > 50` takes 0.002 and a comparison of
two string columns 0.05 (200,000 rows, one thread of Zen 4).
"""

from collections.abc import Iterator

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Subject, walk
from fasttwitch.logic.datatypes import BOOL, DECIMAL, INT, STRING, UINT
from fasttwitch.logic.nodes import Apply, Compare, Constant, Expression, In, parts
from fasttwitch.plan.reads import only_text
from fasttwitch.plan.registers import REGISTER_TYPES, in_registers

# Functions that Arrow or the kernels have for whole columns (see `batch.arrow_forms`); the second list wants constants
# beside the first operand.
WHOLE_COLUMNS = frozenset(("lowerAscii", "upperAscii", "reverse", "trim", "size", "startsWith", "endsWith", "contains"))
WITH_CONSTANTS = frozenset(("matches", "replace", "bucket", "substring", "indexOf", "split", "[]"))


def costs(subject: Subject) -> Iterator[Finding]:
    """Yield the conditions of each rule that are computed row by row."""
    for rule in subject.rules.values():
        for leaf in _slow_leaves(rule.tree):
            message = f"`{rule.quote(leaf)}` is evaluated row by row: it takes up to a few microseconds a customer"
            fix = "if that is too slow, store the result with the customers, as an attribute of its own"
            yield rule.finding("row-by-row", message, leaf, fix)


def _slow_leaves(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Compare | In | Apply) and tree.type is BOOL and _is_row_by_row(tree):
        yield tree
    else:
        for part in parts(tree):
            yield from _slow_leaves(part)


def _is_row_by_row(value: Expression) -> bool:
    """Return whether a leaf, or a value inside it, goes value by value over all rows."""
    if only_text(value) or isinstance(value, Constant):
        return False
    if in_registers(value) if isinstance(value, Apply) else _has_registers(value):
        return any(map(_is_row_by_row, parts(value)))
    return any(isinstance(part, Apply) and not _is_in_arrow(part) for part in walk(value))


def _has_registers(value: Expression) -> bool:
    """Return whether the kernels compare such values, whatever those are computed from."""
    return all(part.type in (*REGISTER_TYPES, BOOL) for part in parts(value))


def _is_in_arrow(call: Apply) -> bool:
    name, (first, *rest) = call.function, call.arguments
    if name in WITH_CONSTANTS:
        return all(isinstance(one, Constant) for one in rest)
    return (
        name in WHOLE_COLUMNS
        or (name == "+" and call.type is STRING)
        or (name == "string" and first.type in (INT, UINT))
        or (name in ("int", "uint", "double") and first.type in (STRING, DECIMAL))
    )
