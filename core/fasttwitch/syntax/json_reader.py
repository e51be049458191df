"""JSON to tree: what `json_tree` writes, or another program after its example, with every mistake told by its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fasttwitch.syntax import limits
from fasttwitch.syntax.json_constants import read_constant
from fasttwitch.syntax.json_places import Place, shown
from fasttwitch.syntax.json_tree import VERSION
from fasttwitch.syntax.nodes import (
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
    Span,
    Unary,
)
from fasttwitch.syntax.printer import print_expression
from fasttwitch.syntax.words import ESCAPED_FIELD, KEYWORDS, POWERS, RELATION, RESERVED, is_name


def from_json(document: object) -> Expression:
    """Return the tree of a JSON document as `json.loads` gives it; its text parses to that tree.

    Raises RulesetError with the first problem found; its source is the path of the value: `tree.operands[1].left`.
    """
    top = Place(document, "the document")
    fields = top.fields(("version", "tree"), (), "the document")
    version = fields["version"].value
    if type(version) is not int or version != VERSION:
        fields["version"].refuse(
            f"version {shown(version)} of the tree is not known here", f'write `"version": {VERSION}`'
        )
    tree = _Reader().node(fields["tree"], 1)
    if (problem := limits.excess(tree)) is not None:
        fields["tree"].refuse(problem.message, problem.fix)
    size_bytes = len(print_expression(tree).encode())
    if size_bytes > limits.MAXIMUM_BYTES:
        problem = limits.too_many_bytes(size_bytes)
        fields["tree"].refuse(problem.message, problem.fix)
    return tree


class _Reader:
    """Reads nodes, and stops at one too many: a document may be far larger than a rule."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        self.nodes = 0

    def node(self, place: Place, depth: int) -> Expression:
        """Return the tree at a place, which stands so many levels deep."""
        value = place.mapping("a node")
        known = tuple(_SHAPES)
        if "node" not in value:
            place.refuse("a node has no `node`", f"known here: {', '.join(f'`{each}`' for each in known)}")
        kind = Place(value["node"], f"{place.path}.node").one_of(known, "node")
        shape = _SHAPES[kind]
        fields = place.fields(("node", *shape.needed), ("span", "type", *shape.optional), f"a `{kind}`")
        if "type" in fields:
            fields["type"].string()
        if kind != "constant":
            self.count(place, depth)
        return shape.read(self, fields, _span(fields, "span"), depth + 1)

    def count(self, place: Place, depth: int) -> None:
        """Refuse a node that is one too many, or too deep."""
        self.nodes += 1
        problem = None
        if depth > limits.MAXIMUM_DEPTH:
            problem = limits.too_deep((0, 0))
        elif self.nodes > limits.MAXIMUM_NODES:
            problem = limits.too_many_nodes((0, 0))
        if problem is not None:
            place.refuse(problem.message, problem.fix)

    def nodes_of(self, place: Place, depth: int) -> tuple[Expression, ...]:
        """Return the trees of an array."""
        return tuple([self.node(item, depth) for item in place.items()])

    def constant(self, fields: Mapping[str, Place], span: Span, depth: int) -> Constant:
        """Return a constant."""
        return read_constant(fields, span)

    def name(self, fields: Mapping[str, Place], span: Span, depth: int) -> Name:
        """Return a name."""
        return Name(_name(fields["name"]), span)

    def member(self, fields: Mapping[str, Place], span: Span, depth: int) -> Member:
        """Return `operand.field`."""
        return Member(self.node(fields["operand"], depth), _field(fields["field"]), span)

    def index(self, fields: Mapping[str, Place], span: Span, depth: int) -> Index:
        """Return `operand[index]`."""
        return Index(self.node(fields["operand"], depth), self.node(fields["index"], depth), span)

    def call(self, fields: Mapping[str, Place], span: Span, depth: int) -> Call:
        """Return a call, with a receiver or without."""
        receiver = None
        if "receiver" in fields and fields["receiver"].value is not None:
            receiver = self.node(fields["receiver"], depth)
        function = _name(fields["function"]) if receiver is None else _method(fields["function"])
        arguments = self.nodes_of(fields["arguments"], depth)
        return Call(function, receiver, arguments, span, _span(fields, "name_span"))

    def unary(self, fields: Mapping[str, Place], span: Span, depth: int) -> Unary:
        """Return `!operand` or `-operand`."""
        return Unary(fields["operator"].one_of(("!", "-"), "operator"), self.node(fields["operand"], depth), span)

    def binary(self, fields: Mapping[str, Place], span: Span, depth: int) -> Binary:
        """Return `left operator right`."""
        operator = fields["operator"].one_of(_BINARY, "operator")
        left, right = self.node(fields["left"], depth), self.node(fields["right"], depth)
        return Binary(operator, left, right, span, _span(fields, "operator_span"))

    def logical(self, fields: Mapping[str, Place], span: Span, depth: int) -> Logical:
        """Return a chain."""
        operator = fields["operator"].one_of(("&&", "||"), "operator")
        operands = self.nodes_of(fields["operands"], depth)
        if len(operands) < 2:
            fields["operands"].refuse("a chain has at least two operands")
        for number, operand in enumerate(operands):
            if isinstance(operand, Logical) and operand.operator == operator:
                place = fields["operands"].items()[number]
                place.refuse(f"a chain of `{operator}` stands in another", "put its operands into the outer one")
        return Logical(operator, operands, span)

    def conditional(self, fields: Mapping[str, Place], span: Span, depth: int) -> Conditional:
        """Return `condition ? then : otherwise`."""
        parts = [self.node(fields[part], depth) for part in ("condition", "then", "otherwise")]
        return Conditional(parts[0], parts[1], parts[2], span)

    def list_of(self, fields: Mapping[str, Place], span: Span, depth: int) -> ListOf:
        """Return `[a, b, …]`."""
        return ListOf(self.nodes_of(fields["items"], depth), span)

    def map_of(self, fields: Mapping[str, Place], span: Span, depth: int) -> MapOf:
        """Return `{key: value, …}`."""
        entries = [entry.fields(("key", "value"), (), "an entry") for entry in fields["entries"].items()]
        return MapOf(tuple([(self.node(one["key"], depth), self.node(one["value"], depth)) for one in entries]), span)

    def message(self, fields: Mapping[str, Place], span: Span, depth: int) -> Message:
        """Return `a.b.Type{field: value, …}`."""
        type_name = fields["type_name"].string()
        first, *others = type_name.split(".")
        if not _is_free(first) or not all(is_name(word) and word not in KEYWORDS for word in others):
            fields["type_name"].refuse(f"{shown(type_name)} cannot name a type")
        entries = [entry.fields(("name", "value"), (), "a field") for entry in fields["fields"].items()]
        pairs = [(_field(entry["name"]), self.node(entry["value"], depth)) for entry in entries]
        return Message(type_name, tuple(pairs), span)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The fields of one kind of node, and who reads them."""

    read: Callable[[_Reader, Mapping[str, Place], Span, int], Expression]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


_SHAPES: Mapping[str, _Shape] = {
    "constant": _Shape(_Reader.constant, ("kind", "value"), ("text",)),
    "name": _Shape(_Reader.name, ("name",)),
    "member": _Shape(_Reader.member, ("operand", "field")),
    "index": _Shape(_Reader.index, ("operand", "index")),
    "call": _Shape(_Reader.call, ("function", "arguments"), ("receiver", "name_span")),
    "unary": _Shape(_Reader.unary, ("operator", "operand")),
    "binary": _Shape(_Reader.binary, ("operator", "left", "right"), ("operator_span",)),
    "logical": _Shape(_Reader.logical, ("operator", "operands")),
    "conditional": _Shape(_Reader.conditional, ("condition", "then", "otherwise")),
    "list": _Shape(_Reader.list_of, ("items",)),
    "map": _Shape(_Reader.map_of, ("entries",)),
    "message": _Shape(_Reader.message, ("type_name", "fields")),
}

_BINARY = tuple(operator for operator, power in POWERS.items() if power >= RELATION)


def _span(fields: Mapping[str, Place], key: str) -> Span:
    return fields[key].span() if key in fields else (0, 0)


# --- words


def _is_free(word: str) -> bool:
    """Return whether a word can be a name that stands alone."""
    return is_name(word) and word not in KEYWORDS and word not in RESERVED


def _name(place: Place) -> str:
    word = place.string()
    if not _is_free(word):
        place.refuse(f"{shown(word)} cannot be a name")
    return word


def _method(place: Place) -> str:
    word = place.string()
    if not is_name(word) or word in KEYWORDS:
        place.refuse(f"{shown(word)} cannot name a method")
    return word


def _field(place: Place) -> str:
    word = place.string()
    if not is_name(word) and not ESCAPED_FIELD.fullmatch(f"`{word}`"):
        place.refuse(f"{shown(word)} cannot name a field")
    return word
