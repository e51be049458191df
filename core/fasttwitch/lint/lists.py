"""Lists in rules: constants that stand twice, lists of one, and lists that have a name already."""

import re
from collections.abc import Iterator
from dataclasses import fields

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Rule, Subject, one_line, walk
from fasttwitch.logic.nodes import In
from fasttwitch.syntax import nodes as syntax

LONGEST_FIX = 100
_IN = re.compile(r"\bin\b")


def lists(subject: Subject) -> Iterator[Finding]:
    """Yield what is odd about the lists that stand in rules."""
    for rule in subject.rules.values():
        if _IN.search(rule.definition.when) is None:  # most rules have no list, and looking is cheap
            continue
        for tree in _memberships(rule.definition.tree):
            yield from _written(subject, rule, tree)
        for part in walk(rule.tree):
            if isinstance(part, In) and not part.list_name and len(part.constants) > 1:
                yield from _copied(subject, rule, part)


def _memberships(tree: object) -> Iterator[syntax.Binary]:
    """Yield every `x in […]` of a syntax tree."""
    ahead = [tree]
    while ahead:
        node = ahead.pop()
        if isinstance(node, tuple):
            ahead += reversed(node)
        elif isinstance(node, syntax.Constant):
            continue
        elif isinstance(node, syntax.Binary) and node.operator == "in" and isinstance(node.right, syntax.ListOf):
            yield node
            ahead.append(node.left)
        elif hasattr(node, "__dataclass_fields__"):
            ahead += [getattr(node, one.name) for one in fields(node) if one.compare]  # type: ignore[arg-type]


def _written(subject: Subject, rule: Rule, tree: syntax.Binary) -> Iterator[Finding]:
    assert isinstance(tree.right, syntax.ListOf)
    items = tree.right.items
    when = rule.definition.when
    first: dict[syntax.Expression, syntax.Expression] = {}
    twice: list[tuple[syntax.Expression, syntax.Expression]] = []
    for item in items:
        key = item
        if key in first:
            twice.append((first[key], item))
        first.setdefault(key, item)
    left = one_line(when[slice(*tree.left.span)])
    if twice:
        one, again = twice[0]
        more = f", and {len(twice) - 1} more like it" if len(twice) > 1 else ""
        message = f"`{when[slice(*again.span)]}` stands in this list already{more}"
        kept = ", ".join(when[slice(*item.span)] for item in first)
        fix = f"`{left} in [{kept}]`" if len(first) > 1 else f"`{left} == {kept}`"
        fix = fix if len(fix) <= LONGEST_FIX else "drop what stands twice"
        yield _finding(rule, "repeated-constant", message, again.span, fix, (one.span,))
    elif len(items) == 1:
        words = when[slice(*items[0].span)]
        fix = f"{left} == {words}"
        if subject.accepts(rule.replaced(tree.span, fix)):
            shown = one_line(when[slice(*tree.span)])
            message = f"`{shown}` looks for one constant only"
            yield _finding(rule, "short-list", message, tree.span, f"`{fix}`")


def _copied(subject: Subject, rule: Rule, part: In) -> Iterator[Finding]:
    wanted = frozenset(part.constants)
    for name, named in subject.ruleset.lists.items():
        if named.type is part.operand.type and len(named.values) == len(wanted) and frozenset(named.values) == wanted:
            message = f'these are the constants of `list("{name}")`'
            yield rule.finding("copied-list", message, part, f'`{rule.words(part.operand)} in list("{name}")`')
            return


def _finding(
    rule: Rule, kind: str, message: str, span: syntax.Span, fix: str, others: tuple[syntax.Span, ...] = ()
) -> Finding:
    definition = rule.definition
    return Finding(kind, rule.name, message, fix, span, others, definition.when, definition.source)
