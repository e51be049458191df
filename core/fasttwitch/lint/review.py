"""A review of a ruleset: the list of what is looked for."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import pyarrow as pa

from fasttwitch.batch.columns import ArrowStream, as_table
from fasttwitch.engine.compile import check_segments, scope_of
from fasttwitch.garbage import without_collector
from fasttwitch.lint.constancy import settled
from fasttwitch.lint.containment import contained
from fasttwitch.lint.costs import costs
from fasttwitch.lint.date_parts import zero_based
from fasttwitch.lint.division import divisions
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.letters import impossible_letters
from fasttwitch.lint.lists import lists
from fasttwitch.lint.nulls import negations
from fasttwitch.lint.precision import unreachable
from fasttwitch.lint.shares import bucket_shares
from fasttwitch.lint.spellings import spellings
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.lint.unused import unused_attributes, unused_lists
from fasttwitch.lint.zones import naive
from fasttwitch.logic.nodes import Attribute
from fasttwitch.ruleset import Ruleset, dependency_order, schema_problems

Look: TypeAlias = Callable[[Subject], Iterator[Finding]]

LOOKS: tuple[Look, ...] = (
    settled,
    zero_based,
    impossible_letters,
    bucket_shares,
    unreachable,
    negations,
    spellings,
    divisions,
    lists,
    contained,
    costs,
    naive,
    unused_attributes,
    unused_lists,
)


def review(
    ruleset: Ruleset,
    schema: pa.Schema,
    data: ArrowStream | pa.Table | pa.RecordBatch | None = None,
    ignore: Iterable[str] = (),
) -> tuple[Finding, ...]:
    """Return what is hardly meant in the rules, in the order of the document.

    data    the customers at hand: some findings need to know what is missing in them, or how words are spelt
    ignore  kinds of findings to leave out

    Errors: RulesetError if the rules are wrong; DataError if the data lack a column that rules read.
    """
    with without_collector():
        scope = scope_of(ruleset, schema)
        trees = check_segments(ruleset.segments.values(), scope, schema_problems(ruleset.attributes, schema))
        rules = {name: Rule(ruleset.segments[name], trees[name]) for name in dependency_order(ruleset.segments)}
        table = None
        if data is not None:
            attributes = (part for tree in trees.values() for part in walk(tree) if isinstance(part, Attribute))
            table = as_table(data, sorted({one.path[0] for one in attributes}))
        subject = Subject(ruleset, schema, scope, rules, table)
        unwanted = frozenset(ignore)
        found = [one for look in LOOKS for one in look(subject) if one.kind not in unwanted]
    return tuple(_in_order(found, list(ruleset.segments)))


def _in_order(found: list[Finding], segments: list[str]) -> list[Finding]:
    """Return findings segment by segment, each from left to right; those about the document last."""
    positions = {name: position for position, name in enumerate(segments)}
    return sorted(found, key=lambda one: (positions.get(one.segment, len(segments)), one.place))
