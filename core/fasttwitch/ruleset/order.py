"""The order in which segments can be evaluated: each after those it names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Protocol, TypeAlias

from fasttwitch.errors import Problem, RulesetError, Source
from fasttwitch.syntax import nodes
from fasttwitch.syntax.nodes import Expression, Span

Reference: TypeAlias = tuple[str, Span]


class Definition(Protocol):
    """What an order needs to know about a segment."""

    @property
    def when(self) -> str:
        """The rule's text."""

    @property
    def source(self) -> Source:
        """Where the text stands."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The segments that the rule names."""


def references(text: str, tree: Expression) -> tuple[Reference, ...]:
    """Return the segments that a rule names by `segment("…")`, each with the span of the call."""
    if "segment" not in text:  # most rules name none, and looking is far cheaper than walking
        return ()
    found = []
    for node in walk(tree):
        match node:
            case nodes.Call("segment", None, (nodes.Constant("string", str(name)),), span):
                found.append((name, span))
    return tuple(sorted(found, key=lambda one: one[1]))


def dependency_order(segments: Mapping[str, Definition], of: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return all names, each after the segments it names; otherwise in the order of the document.

    of  return these names alone, and those that they need

    Unknown names are passed over: the checker reports them, with the rest of what it knows about the rule.
    Raises RulesetError with one problem for each circle of segments.
    """
    order: list[str] = []
    done: set[str] = set()
    problems: list[Problem] = []
    for name in segments if of is None else of:
        if name not in done:
            _visit(name, segments, done, order, problems)
    if problems:
        raise RulesetError(problems)
    return tuple(order)


def _visit(
    start: str, segments: Mapping[str, Definition], done: set[str], order: list[str], problems: list[Problem]
) -> None:
    """Add `start`, and before it all it needs. A stack of our own: a chain may be 100,000 segments long."""
    path = [start]
    on_path = {start: 0}
    ahead: list[Iterator[Reference]] = [iter(segments[start].references)]
    while path:
        reference = next(ahead[-1], None)
        if reference is None:
            ahead.pop()
            finished = path.pop()
            del on_path[finished]
            done.add(finished)
            order.append(finished)
            continue
        name, span = reference
        if name in on_path:
            problems.append(_circle([*path[on_path[name] :], name], span, segments[path[-1]]))
        elif name in segments and name not in done:
            on_path[name] = len(path)
            path.append(name)
            ahead.append(iter(segments[name].references))


def _circle(names: list[str], span: Span, last: Definition) -> Problem:
    if len(names) == 2:
        message = f"segment `{names[0]}` needs itself"
    else:
        shown = names if len(names) <= 8 else [*names[:4], "…", *names[-3:]]
        message = "segments need each other in a circle: " + " → ".join(
            name if name == "…" else f"`{name}`" for name in shown
        )
    return Problem(message, span, "say in one of them what it means without the others", last.when, last.source)


def walk(tree: Expression) -> Iterator[object]:
    """Yield every node of a tree, each before those inside it; otherwise in no particular order."""
    ahead: list[object] = [tree]
    while ahead:
        node = ahead.pop()
        if isinstance(node, tuple):
            ahead.extend(node)
        elif type(node) in _CHILDREN:
            yield node
            ahead.extend(getattr(node, name) for name in _CHILDREN[type(node)])


# Which fields of a node hold nodes, or tuples of them (and of names, which the walk steps over).
_CHILDREN: dict[type, tuple[str, ...]] = {
    kind: tuple(
        one.name for one in fields(kind) if one.name not in ("span", "name_span", "operator_span", "value", "kind")
    )
    for kind in (
        nodes.Constant,
        nodes.Name,
        nodes.Member,
        nodes.Index,
        nodes.Call,
        nodes.Unary,
        nodes.Binary,
        nodes.Logical,
        nodes.Conditional,
        nodes.ListOf,
        nodes.MapOf,
        nodes.Message,
    )
}
