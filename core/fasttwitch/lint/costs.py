"""Conditions that are evaluated customer by customer, and not once for each class of values."""

from collections.abc import Iterator

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Subject, walk
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.logic.nodes import Apply, Coalesce, Compare, Expression, In
from fasttwitch.plan.atoms import Atom, resolve
from fasttwitch.plan.sources import ColumnTest


def costs(subject: Subject) -> Iterator[Finding]:
    """Yield the conditions of each rule that are computed row by row."""
    for rule in subject.rules.values():
        for leaf in walk(rule.tree):
            if isinstance(leaf, Compare | In | Apply) and leaf.type is BOOL and _is_row_by_row(leaf):
                message = f"`{rule.quote(leaf)}` is evaluated row by row, which takes far longer than other conditions"
                fix = "store what it compares as an attribute of its own, if many rules or customers need it"
                yield rule.finding("row-by-row", message, leaf, fix)


def _is_row_by_row(leaf: Expression) -> bool:
    found = resolve(leaf)
    if isinstance(found, Atom):
        return isinstance(found.source, ColumnTest)
    inner = (part for part in walk(found) if isinstance(part, Compare | In | Apply | Coalesce) and part.type is BOOL)
    return any(part != leaf and _is_row_by_row(part) for part in inner)
