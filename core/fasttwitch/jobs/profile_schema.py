"""Which types the attributes of a document's tests have, where no file of customers says so.

The section `attributes` decides; what it leaves out is told from the profiles of the tests. A text that is an instant
with its zone is a timestamp there, one that is a day a date.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from fasttwitch.errors import Problem
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    Scalar,
    StructType,
    Type,
)
from fasttwitch.logic.instants import read_date, read_timestamp
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset import Ruleset, SegmentDefinition
from fasttwitch.ruleset.model import Example
from fasttwitch.ruleset.naming import attribute_names
from fasttwitch.ruleset.places import Style, problem_at

_ARROW: Mapping[Scalar, pa.DataType] = {
    BOOL: pa.bool_(),
    INT: pa.int64(),
    UINT: pa.uint64(),
    DOUBLE: pa.float64(),
    STRING: pa.string(),
    TIMESTAMP: pa.timestamp("us", "UTC"),
    DATE: pa.date32(),
    DURATION: pa.duration("us"),
}


@dataclass(frozen=True, slots=True)
class ProfileSchema:
    """What is known of the attributes of a document's tests.

    schema   those that have a type
    guessed  those whose types were told from profiles
    named    all that a rule or `attributes` names, and the key
    """

    schema: pa.Schema
    guessed: tuple[str, ...]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """How to say that nothing tells a type: nobody does, several are told, and what to do."""

    nobody: str
    several: str
    advice: str


OF_TESTS = Wording(
    "neither `attributes` nor a test says",
    "the tests give it values of several types",
    "or take the types from a file of customers with --data",
)


def schema_of_profiles(
    ruleset: Ruleset, tested: Ruleset, problems: list[Problem], wording: Wording = OF_TESTS
) -> ProfileSchema:
    """Return the types that the document gives to its attributes, adding to `problems` where it gives none.

    tested  the segments that are tested, and those they need: no other has to have types
    """
    declared = _declared(ruleset)
    named = {name for one in ruleset.segments.values() for name, _ in attribute_names(one.tree)}
    named |= {*declared, ruleset.key}
    values: dict[str, list[object]] = {}
    for example in ruleset.tests:
        for name, value in example.profile.items():
            values.setdefault(name, []).append(value)
    columns: dict[str, pa.DataType] = {}
    guessed = []
    for name in dict.fromkeys((*declared, *values)):
        if name in declared:
            columns[name] = _arrow(declared[name], values.get(name, []))
            continue
        if name not in named:
            continue  # unknown: told where it stands in a profile
        kind = _told(values[name])
        if kind is not None:
            columns[name] = kind
            guessed.append(name)
    for definition in tested.segments.values():
        problems += _untold(definition, columns, values, wording)
    return ProfileSchema(pa.schema(list(columns.items())), tuple(guessed), frozenset(named))


def _untold(
    definition: SegmentDefinition,
    columns: Mapping[str, pa.DataType],
    values: Mapping[str, list[object]],
    wording: Wording,
) -> Iterator[Problem]:
    """Yield a problem for each attribute of a rule whose type nothing tells."""
    for name, span in attribute_names(definition.tree):
        if name in columns or (name not in values and nearest(name, columns)):
            continue  # a misspelt name: the checker says it better
        known = [value for value in values.get(name, []) if value is not None]
        why = wording.several if known else wording.nobody
        message = f"what type does `{name}` have? {why}"
        fix = f"declare it: `attributes: {{{name}: …}}`, {wording.advice}"
        yield Problem(message, span, fix, definition.when, definition.source)


def add_misspelt(example: Example, named: frozenset[str], problems: list[Problem]) -> None:
    """Add a problem for every name in a profile that no attribute has."""
    for name in example.profile:
        if name not in named:
            meant = nearest(name, sorted(named))
            fix = f"did you mean `{meant}`?" if meant else "remove it, or declare it under `attributes`"
            problems.append(problem_in(example, name, f"neither a rule nor `attributes` knows `{name}`", fix))


def problem_in(example: Example, name: str, message: str, fix: str) -> Problem:
    """Return a problem with one value of a profile."""
    place = example.places.get(name, example.place)
    shown = ""
    if place.lines and place.line == place.end_line:
        quotes = place.style in (Style.SINGLE, Style.DOUBLE)
        shown = place.lines[place.line - 1][place.column - 1 + quotes : place.end_column - 1 - quotes]
    return problem_at(place, shown, message, fix)


def _declared(ruleset: Ruleset) -> dict[str, Type]:
    """Return the declared types by column: dotted names are fields of structs."""
    tree: dict[str, object] = {}
    for definition in ruleset.attributes.values():
        *path, last = definition.name.split(".")
        inside = tree
        for name in path:
            found = inside.get(name)
            if not isinstance(found, dict):
                found = inside[name] = {}
            inside = found
        if not isinstance(inside.get(last), dict):
            inside[last] = definition.type if definition.type != StructType(()) else {}
    return {name: _typed(part) for name, part in tree.items()}


def _typed(part: object) -> Type:
    if isinstance(part, dict):
        return StructType(tuple((name, _typed(inside)) for name, inside in part.items()))
    assert isinstance(part, (Scalar, ListType, MapType, StructType))
    return part


def _arrow(type_: Type, values: Sequence[object]) -> pa.DataType:
    """Return the Arrow type to store a declared type in; what the declaration leaves open is told from values."""
    match type_:
        case ListType(element):
            return pa.list_(_arrow(element, _inside(values)))
        case MapType(value):
            return pa.map_(pa.string(), _arrow(value, _inside(values)))
        case StructType(fields):
            known = dict(fields)
            parts = {name: _fields(values, name) for name in dict.fromkeys((*known, *_keys(values)))}
            found = [
                (name, _arrow(known[name], part) if name in known else _told(part)) for name, part in parts.items()
            ]
            return pa.struct([(name, kind) for name, kind in found if kind is not None])
        case _ if type_ is DECIMAL:
            return pa.decimal128(38, max([_digits_after_the_point(value) for value in values], default=0))
        case _:
            assert isinstance(type_, Scalar)
            return _ARROW[type_]


def _told(values: Iterable[object]) -> pa.DataType | None:
    """Return the type that values have in common, None if there is none or there are no values."""
    known = [value for value in values if value is not None]
    kinds = {type(value) for value in known}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds and kinds <= {int, float}:
        return pa.float64()
    if kinds == {str}:
        texts = [str(value) for value in known]
        if all(isinstance(read_date(text), int) for text in texts):
            return pa.date32()
        return _ARROW[TIMESTAMP if all(isinstance(read_timestamp(text), int) for text in texts) else STRING]
    if kinds == {list}:
        element = _told(_inside(known))
        return pa.list_(element) if element is not None else None
    if kinds == {dict}:
        fields = {name: _told(_fields(known, name)) for name in _keys(known)}
        return pa.struct([(name, kind) for name, kind in fields.items() if kind is not None])
    return None


def _inside(values: Iterable[object]) -> list[object]:
    """Return the elements of all lists and the values of all mappings."""
    found: list[object] = []
    for value in values:
        found += value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return found


def _keys(values: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(name for value in values if isinstance(value, dict) for name in value))


def _fields(values: Iterable[object], name: str) -> list[object]:
    return [value.get(name) for value in values if isinstance(value, dict)]


def _digits_after_the_point(value: object) -> int:
    try:
        exponent = Decimal(str(value)).as_tuple().exponent
    except InvalidOperation:
        return 0
    return min(max(-exponent, 0), 30) if isinstance(exponent, int) else 0
