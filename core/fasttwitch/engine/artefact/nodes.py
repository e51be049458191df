"""Typed nodes, sources and codebooks as values of JSON, and back: classes of ours alone, every field looked at.

A node is a list of its class's name and its fields in order; a constant is what JSON has for it, or a mapping with one
key that says what it is. No file can name a class that does not stand here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, TypeAlias

from fasttwitch.engine.artefact.sections import MalformedError
from fasttwitch.logic import datatypes, nodes
from fasttwitch.logic.datatypes import DECIMAL, DOUBLE, INT, ListType, MapType, Scalar, StructType, Type, Unsupported
from fasttwitch.plan import codebooks, sources

Json: TypeAlias = Any

FIRST_CUT, LAST_CUT = -(2**63), 2**64  # of whole numbers, signed or not

_SCALARS = {
    one.name: one
    for one in (
        datatypes.BOOL,
        datatypes.INT,
        datatypes.UINT,
        datatypes.DOUBLE,
        datatypes.DECIMAL,
        datatypes.STRING,
        datatypes.TIMESTAMP,
        datatypes.DATE,
        datatypes.DURATION,
        datatypes.SEMVER,
        datatypes.NULL,
    )
}


def _family(*classes: type) -> Mapping[str, type]:
    return {one.__name__: one for one in classes}


_EXPRESSIONS = _family(
    nodes.Constant,
    nodes.Attribute,
    nodes.Now,
    nodes.Apply,
    nodes.Compare,
    nodes.In,
    nodes.IsNull,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Conditional,
    nodes.Coalesce,
    nodes.IsTrue,
    nodes.IsKnown,
    nodes.ListOf,
)
_TEXT_TESTS = _family(sources.TextTest)
_SOURCES = _family(sources.Column, sources.Recency, sources.TextTest, sources.Derived, sources.ColumnTest)
_CODEBOOKS = _family(
    codebooks.OrderedCodebook, codebooks.TruthCodebook, codebooks.NamesCodebook, codebooks.TextTestsCodebook
)


def codebook_to_json(codebook: codebooks.Codebook) -> Json:
    """Return a codebook as a value of JSON."""
    return _node_to_json(codebook)


def codebook_from_json(value: Json) -> codebooks.Codebook:
    """Return the codebook that a value stands for.

    Errors: MalformedError if it stands for none.
    """
    codebook: codebooks.Codebook = _node(_CODEBOOKS, value)
    match codebook:
        case codebooks.OrderedCodebook(source, cuts, has_nan):
            type_ = getattr(source, "type", INT)
            _require(has_nan == (type_ is DOUBLE), "NaN where there is none")
            kind = float if has_nan else Decimal if type_ is DECIMAL else int
            _require(all(_kind_of(cut) is kind for cut in cuts), "cuts of another type")
            ascending: Iterable[tuple[Any, Any]] = pairwise(cuts)
            _require(all(one < other for one, other in ascending), "cuts that do not ascend")
        case codebooks.NamesCodebook(_, classes):
            names = [name for members in classes for name in members]
            _require(len(set(names)) == len(names) and all(classes), "names")
    return codebook


def type_to_json(type_: Type) -> Json:
    """Return a type of the language as a value of JSON."""
    match type_:
        case Scalar(name):
            return name
        case ListType(element):
            return {"list": type_to_json(element)}
        case MapType(value):
            return {"map": type_to_json(value)}
        case StructType(parts):
            return {"struct": [[name, type_to_json(part)] for name, part in parts]}
        case Unsupported(arrow):
            return {"arrow": arrow}


def type_from_json(value: Json) -> Type:
    """Return the type that a value stands for; errors as `codebook_from_json`."""
    match value:
        case str() if value in _SCALARS:
            return _SCALARS[value]
        case {"list": element, **rest} if not rest:
            return ListType(type_from_json(element))
        case {"map": inner, **rest} if not rest:
            return MapType(type_from_json(inner))
        case {"struct": [*parts], **rest} if not rest:
            return StructType(tuple((_text(name), type_from_json(part)) for name, part in parts))
        case {"arrow": str(arrow), **rest} if not rest:
            return Unsupported(arrow)
    raise MalformedError("a type that there is not")


def constant_to_json(value: object) -> Json:
    """Return a constant of a rule as a value of JSON."""
    match value:
        case bool() | int() | float() | str():
            return value
        case Decimal():
            return {"decimal": str(value)}
        case tuple():
            return [constant_to_json(part) for part in value]
    raise AssertionError(f"no constant: {value!r}")


def constant_from_json(value: Json) -> Any:
    """Return the constant that a value stands for; errors as `codebook_from_json`."""
    match value:
        case bool() | int() | float() | str():
            return value
        case {"decimal": str(text), **rest} if not rest:
            return _decimal(text)
        case [*parts]:
            return tuple([constant_from_json(part) for part in parts])
    raise MalformedError("a constant that there is not")


def _node_to_json(node: Any) -> Json:
    kind = type(node)
    return [kind.__name__, *(_WRITERS[one.name](getattr(node, one.name)) for one in fields(kind))]


def _node(family: Mapping[str, type], value: Json) -> Any:
    """Return the node of a family that a value stands for."""
    if not isinstance(value, list) or not value or not isinstance(value[0], str) or value[0] not in family:
        raise MalformedError("a node that there is not")
    kind = family[value[0]]
    names = [one.name for one in fields(kind)]
    _require(len(value) == len(names) + 1, "a node with other fields")
    return kind(*(_READERS[name](part) for name, part in zip(names, value[1:], strict=True)))


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise MalformedError(what)


def _kind_of(cut: object) -> object:
    return type(cut[0]) if isinstance(cut, tuple) else int


def _text(value: Json) -> str:
    _require(isinstance(value, str), "no text")
    return str(value)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise MalformedError("a decimal that there is not") from None


def _truth(value: Json) -> bool:
    _require(isinstance(value, bool), "no truth")
    return bool(value)


def _span(value: Json) -> tuple[int, int]:
    _require(isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value), "no span")
    return value[0], value[1]


def _cut(value: Json) -> Any:
    match value:
        case int() if type(value) is int and FIRST_CUT <= value <= LAST_CUT:
            return value
        case [float(place), (0 | 1) as side] if type(side) is int:
            return place, side
        case [{"decimal": str(text)}, (0 | 1) as side] if type(side) is int:
            return _decimal(text), side
    raise MalformedError("a cut that there is not")


def _tuple_of(read: Callable[[Json], Any]) -> Callable[[Json], tuple[Any, ...]]:
    def read_all(value: Json) -> tuple[Any, ...]:
        _require(isinstance(value, list), "no list")
        return tuple([read(one) for one in value])

    return read_all


def _list_by(write: Callable[[Any], Json]) -> Callable[[Any], Json]:
    return lambda values: [write(one) for one in values]


def _same(value: Any) -> Json:
    return value


def _fine_print(value: Json) -> float | str:
    if not isinstance(value, float | str):
        raise MalformedError("no fine print")
    return value


def _expression(value: Json) -> Any:
    return _node(_EXPRESSIONS, value)


# What the fields of all classes hold, by their names: each name means one thing.
_FIELDS: Mapping[str, tuple[Callable[[Any], Json], Callable[[Json], Any]]] = {
    "span": (list, _span),
    "type": (type_to_json, type_from_json),
    "value": (constant_to_json, constant_from_json),
    "constants": (_list_by(constant_to_json), _tuple_of(constant_from_json)),
    "path": (list, _tuple_of(_text)),
    **dict.fromkeys(("function", "operator", "list_name"), (_same, _text)),
    **dict.fromkeys(("operands", "arguments", "items"), (_list_by(_node_to_json), _tuple_of(_expression))),
    **dict.fromkeys(
        ("left", "right", "operand", "condition", "then", "otherwise", "test", "expression"),
        (_node_to_json, _expression),
    ),
    "fine_print": (list, _tuple_of(_fine_print)),
    "source": (_node_to_json, lambda value: _node(_SOURCES, value)),
    "cuts": (_list_by(constant_to_json), _tuple_of(_cut)),
    "has_nan": (_same, _truth),
    "classes": (_list_by(list), _tuple_of(_tuple_of(_text))),
    "tests": (_list_by(_node_to_json), _tuple_of(lambda value: _node(_TEXT_TESTS, value))),
}
_WRITERS = {name: write for name, (write, _) in _FIELDS.items()}
_READERS = {name: read for name, (_, read) in _FIELDS.items()}
