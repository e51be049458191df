"""What a rule names: attributes with the places of their names, the clock, other segments."""

from collections.abc import Iterator, Mapping

from fasttwitch.ruleset.model import SegmentDefinition
from fasttwitch.ruleset.order import walk
from fasttwitch.syntax import nodes
from fasttwitch.syntax.nodes import Expression, Span

# Calls whose first argument gives a name to each element: the name is none of the data's.
_MACROS = frozenset(("all", "exists", "exists_one", "filter", "map"))
# What stands before the dot of `math.abs(x)` is none either.
_NAMESPACES = frozenset(("math", "strings"))


def attribute_names(tree: Expression) -> list[tuple[str, Span]]:
    """Return the top-level attributes that a rule names, in its order, each with the place of its first mention."""
    found: dict[str, Span] = {}
    for name in _names(tree):
        if name.name != "now":
            found.setdefault(name.name, name.span)
    return list(found.items())


def attribute_paths(tree: Expression) -> list[str]:
    """Return the attributes that a rule reads, dotted where they are fields, in its order."""
    own = {id(name) for name in _names(tree)}
    found: dict[str, Span] = {}
    inner: set[int] = set()
    for node in walk(tree):  # a node is met before what is inside it
        if id(node) in inner or not isinstance(node, (nodes.Member, nodes.Name)):
            continue
        fields: list[str] = []
        base: Expression = node
        while isinstance(base, nodes.Member):
            inner.add(id(base))
            fields.append(base.field_name)
            base = base.operand
        inner.add(id(base))
        if isinstance(base, nodes.Name) and id(base) in own and base.name != "now":
            path = ".".join([base.name, *reversed(fields)])
            found[path] = min(found.get(path, node.span), node.span)
    return sorted(found, key=lambda path: found[path])


def reads_the_clock(name: str, segments: Mapping[str, SegmentDefinition]) -> bool:
    """Return whether a segment's answer depends on `now`, its own or that of a segment it names."""
    ahead, seen = [name], {name}
    while ahead:
        definition = segments.get(ahead.pop())
        if definition is None:
            continue
        if "now" in definition.when and any(one.name == "now" for one in _names(definition.tree)):
            return True
        new = [one for one, _ in definition.references if one not in seen]
        seen.update(new)
        ahead += new
    return False


def _names(tree: Expression) -> Iterator[nodes.Name]:
    """Yield the names in a rule that stand for attributes or for the clock, in the order of the text."""
    found: list[nodes.Name] = []
    variables: set[str] = set()
    spaces: set[int] = set()
    for node in walk(tree):
        match node:
            case nodes.Name():
                found.append(node)
            case nodes.Call(function, _, (nodes.Name(variable), _, *_)) if function in _MACROS:
                variables.add(variable)
            case nodes.Call(_, nodes.Name(space) as receiver) if space in _NAMESPACES:
                spaces.add(id(receiver))
    kept = [one for one in found if one.name not in variables and id(one) not in spaces]
    yield from sorted(kept, key=lambda one: one.span)
