"""Instants without a time zone: they are read as UTC, whatever clock they were written by."""

from collections.abc import Iterator

import pyarrow as pa

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.stored import stored_type
from fasttwitch.lint.subject import Subject
from fasttwitch.logic.datatypes import TIMESTAMP
from fasttwitch.logic.nodes import Apply, Attribute, Compare, Expression, IsNull, parts
from fasttwitch.plan.sources import Path


def naive(subject: Subject) -> Iterator[Finding]:
    """Yield each naive column once, where a rule first compares it with something that has a zone."""
    told: set[Path] = set()
    for name in subject.ruleset.segments:
        rule = subject.rules[name]
        for column in _placed(subject, rule.tree):
            if column.path not in told:
                told.add(column.path)
                words = ".".join(column.path)
                message = f"`{words}` has no time zone, so its times are read as UTC"
                fix = "give the column the zone UTC if that is right; convert it to UTC if its times are local"
                yield rule.finding("naive-timestamp", message, column, fix)


def _placed(subject: Subject, tree: Expression) -> Iterator[Attribute]:
    """Yield naive attributes whose place in time matters: not two of them side by side, not null tests."""
    match tree:
        case IsNull():
            return
        case Attribute() if _is_naive(subject, tree):
            yield tree
        case Compare(_, left, right) | Apply("-", (left, right)) if _is_naive(subject, left, right):
            return
        case _:
            for part in parts(tree):
                yield from _placed(subject, part)


def _is_naive(subject: Subject, *values: Expression) -> bool:
    for value in values:
        if not isinstance(value, Attribute) or value.type is not TIMESTAMP:
            return False
        stored = stored_type(subject.schema, value.path)
        if stored is None or not pa.types.is_timestamp(stored) or stored.tz is not None:
            return False
    return True
