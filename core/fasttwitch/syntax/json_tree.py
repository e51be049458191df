"""Trees as JSON, for those who store rules or draw them: a shape that stays, with a version at its top.

    {"version": 1, "tree": {"node": "binary", "operator": ">", "left": …, "right": …, "span": [0, 8], …}}

    node         beside it
    constant     kind ("bool", "int", "uint", "double", "string", "bytes", "null"), value, text
    name         name
    member       operand, field
    index        operand, index
    call         function, receiver (a node or null), arguments, name_span
    unary        operator (`!` or `-`), operand
    binary       operator (`< <= > >= == != in + - * / %`), left, right, operator_span
    logical      operator (`&&` or `||`), operands: two or more, none a chain of the same operator
    conditional  condition, then, otherwise
    list         items
    map          entries: each {"key": …, "value": …}
    message      type_name, fields: each {"name": …, "value": …}

Every node has a `span`, the offsets `[start, end]` of its characters in the rule's text, and may have a `type`: the
name of its type, if whoever wrote the tree knew it. Numbers are strings ("18446744073709551615", "-0.0"), because many
readers of JSON keep 53 bits; `text` is a number as its author wrote it, or "". Bytes are hexadecimal. What a reader may
find left out: `type`, every span (it is then `[0, 0]`), the `text` of a constant, the `receiver` of a call.
"""

from collections.abc import Mapping
from typing import TypeAlias

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import limits
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
    Name,
    Span,
    Unary,
)

VERSION = 1

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


def to_json(tree: Expression, types: Mapping[Span, str] | None = None) -> dict[str, Json]:
    """Return a tree as values that `json.dumps` takes.

    types  names of types, by the span of the node that has it

    Raises RulesetError for a tree larger than a rule may be.
    """
    if (problem := limits.excess(tree)) is not None:
        raise RulesetError([problem])
    return {"version": VERSION, "tree": _node(tree, types or {})}


def _node(node: Expression, types: Mapping[Span, str]) -> dict[str, Json]:
    written = _parts(node, types)
    written["span"] = list(node.span)
    if (kind := types.get(node.span)) is not None:
        written["type"] = kind
    return written


def _parts(node: Expression, types: Mapping[Span, str]) -> dict[str, Json]:
    """Return what a node says, without what all nodes have."""

    def each(trees: tuple[Expression, ...]) -> list[Json]:
        return [_node(tree, types) for tree in trees]

    def one(tree: Expression) -> Json:
        return _node(tree, types)

    match node:
        case Constant(kind, _, _, text):
            return {"node": "constant", "kind": kind, "value": _value(node), "text": text}
        case Name(name):
            return {"node": "name", "name": name}
        case Member(operand, field):
            return {"node": "member", "operand": one(operand), "field": field}
        case Index(operand, index):
            return {"node": "index", "operand": one(operand), "index": one(index)}
        case Call(function, receiver, arguments):
            return {
                "node": "call",
                "function": function,
                "receiver": None if receiver is None else one(receiver),
                "arguments": each(arguments),
                "name_span": list(node.name_span),
            }
        case Unary(operator, operand):
            return {"node": "unary", "operator": operator, "operand": one(operand)}
        case Binary(operator, left, right):
            return {
                "node": "binary",
                "operator": operator,
                "left": one(left),
                "right": one(right),
                "operator_span": list(node.operator_span),
            }
        case Logical(operator, operands):
            return {"node": "logical", "operator": operator, "operands": each(operands)}
        case Conditional(condition, then, otherwise):
            return {
                "node": "conditional",
                "condition": one(condition),
                "then": one(then),
                "otherwise": one(otherwise),
            }
        case ListOf(items):
            return {"node": "list", "items": each(items)}
        case MapOf(entries):
            pairs: list[Json] = [{"key": one(key), "value": one(value)} for key, value in entries]
            return {"node": "map", "entries": pairs}
        case _:
            named: list[Json] = [{"name": name, "value": one(value)} for name, value in node.fields]
            return {"node": "message", "type_name": node.type_name, "fields": named}


def _value(constant: Constant) -> Json:
    value = constant.value
    match value:
        case None | bool() | str():
            return value
        case bytes():
            return value.hex()
        case _:
            return repr(value)
