"""The section `lists`: named lists, written in the document or in a file beside it."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

from fasttwitch.errors import Problem
from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, INT, STRING, TIMESTAMP, UINT, Scalar
from fasttwitch.logic.instants import Refusal, read_date, read_timestamp
from fasttwitch.logic.nodes import Value
from fasttwitch.logic.scope import NamedList
from fasttwitch.ruleset.attributes import read_type
from fasttwitch.ruleset.fields import (
    FALSE_WORDS,
    INTEGER,
    NUMBER,
    OLD_BOOLEANS,
    TRUE_WORDS,
    describe,
    entries_of,
    is_nothing,
    known_entries,
    report,
    scalar_kind,
    text_of,
)
from fasttwitch.ruleset.list_files import FileValues, read_values
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode, SequenceNode

TYPES = (STRING, INT, UINT, DOUBLE, DECIMAL, BOOL, DATE, TIMESTAMP)

_KEYS = ("type", "values", "file", "column")
_SHOWN = 5  # faulty values of one list that are worth showing


def read_lists(node: Node, base: Path, problems: list[Problem]) -> dict[str, NamedList]:
    """Return the named lists of a section, without those that have problems; `base` is where files are looked for."""
    lists = {}
    for name, (key, value) in entries_of(node, "`lists`", problems).items():
        named = _read_list(name, key, value, base, problems)
        if named is not None:
            lists[name] = named
    return lists


def _read_list(name: str, key: ScalarNode, node: Node, base: Path, problems: list[Problem]) -> NamedList | None:
    if isinstance(node, SequenceNode):
        return _inline(name, node, _guess_type(node), problems)
    if not isinstance(node, MappingNode):
        if not isinstance(node, BrokenNode):
            fix = "write `{values: […], type: string}` or `{file: name.csv, type: string}`"
            report(problems, key, f"list `{name}` has neither values nor a file", fix)
        return None
    before = len(problems)
    entries = known_entries(node, f"list `{name}`", _KEYS, problems)
    type_ = read_type(entries["type"][1], problems) if "type" in entries else STRING
    if type_ not in TYPES:
        if type_ is not None:
            report(problems, entries["type"][1], f"a list cannot hold {type_}", f"one of {', '.join(map(str, TYPES))}")
        return None
    assert isinstance(type_, Scalar)
    if ("values" in entries) == ("file" in entries):
        which = "both values and a file" if "file" in entries else "neither values nor a file"
        report(problems, key, f"list `{name}` has {which}", "give it either `values: […]` or `file: name.csv`")
        return None
    if len(problems) > before:
        return None
    if "values" in entries:
        return _inline(name, entries["values"][1], type_, problems)
    column = text_of(entries["column"][1], "`column`", problems) if "column" in entries else ""
    return _from_file(name, entries["file"][1], column, type_, base, problems)


def _guess_type(node: SequenceNode) -> Scalar:
    """Return the type of a list that does not say: int if all values are whole numbers, else string."""
    whole = all(isinstance(item, ScalarNode) and item.plain and INTEGER.fullmatch(item.text) for item in node.items)
    return INT if whole and node.items else STRING


def _inline(name: str, node: Node, type_: Scalar, problems: list[Problem]) -> NamedList | None:
    if not isinstance(node, SequenceNode):
        if not isinstance(node, BrokenNode):
            report(
                problems, node, f"the values of list `{name}` must be a list, not {describe(node)}", "write `[a, b]`"
            )
        return None
    before = len(problems)
    values: list[Value] = []
    for item in node.items:
        value = _inline_value(item, type_, problems)
        if value is not None:
            values.append(value)
        if len(problems) - before >= _SHOWN:
            break
    return NamedList(type_, tuple(dict.fromkeys(values))) if len(problems) == before else None


def _inline_value(item: Node, type_: Scalar, problems: list[Problem]) -> Value | None:
    if not isinstance(item, ScalarNode):
        if not isinstance(item, BrokenNode):
            report(problems, item, f"a list of {type_} cannot hold {describe(item)}")
        return None
    if is_nothing(item):
        report(problems, item, "a list cannot hold null: nothing equals it", "drop it; test for null with `x == null`")
        return None
    if type_ is STRING and item.plain and (scalar_kind(item) != "text" or item.text in OLD_BOOLEANS):
        report(problems, item, f"`{item.text}` is not text unless it stands in quotes", f'write `"{item.text}"`')
        return None
    value = read_constant(item.text, type_)
    if isinstance(value, Refusal):
        report(problems, item, value.message, value.fix)
        return None
    return value


def _from_file(
    name: str, node: Node, column: str, type_: Scalar, base: Path, problems: list[Problem]
) -> NamedList | None:
    file = text_of(node, "`file`", problems)
    if not file:
        return None
    path = base / file
    if not path.resolve().is_relative_to(base.resolve()):
        fix = "keep list files beside the document, or in a folder below it"
        report(problems, node, f"list `{name}` names a file outside the folder of the ruleset", fix)
        return None
    found = read_values(path, column)
    if isinstance(found, Refusal):
        report(problems, node, f"list `{name}` cannot be read: {found.message}", found.fix)
        return None
    values, refusals = _convert(found, type_)
    for number, refusal in refusals[:_SHOWN]:
        fix = refusal.fix
        if number == 1 and found.unit == "line" and found.texts[0]:
            fix = f"if line 1 is a header, name it: `column: {found.texts[0]}`"
        report(problems, node, f"list `{name}`, {found.unit} {number} of {file}: {refusal.message}", fix)
    return NamedList(type_, tuple(dict.fromkeys(values))) if not refusals else None


def _convert(found: FileValues, type_: Scalar) -> tuple[list[Value], list[tuple[int, Refusal]]]:
    """Return the values, and where there is none and why."""
    values: list[Value] = []
    if type_ is STRING and "" not in found.texts:  # the common case of a million ids
        values.extend(found.texts)
        return values, []
    refusals: list[tuple[int, Refusal]] = []
    for number, text in enumerate(found.texts, found.first):
        value = read_constant(text, type_) if text else Refusal(f"this {found.unit} is empty", "drop it")
        if isinstance(value, Refusal):
            refusals.append((number, value))
        else:
            values.append(value)
    return values, refusals


def read_constant(text: str, type_: Scalar) -> Value | Refusal:
    """Return the constant of a type that a text stands for, or why it stands for none."""
    if type_ is STRING:
        return text
    text = text.strip()
    refusal = Refusal(f"`{text}` is not {'an' if type_.name[0] in 'aeiou' else 'a'} {type_}")
    match type_.name:
        case "int" | "uint" if INTEGER.fullmatch(text):
            number = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            low, high = (0, 2**64) if type_ is UINT else (-(2**63), 2**63)
            return number if low <= number < high else Refusal(f"`{text}` does not fit {type_}")
        case "double" if NUMBER.fullmatch(text):
            return float(text)
        case "decimal" if NUMBER.fullmatch(text):
            try:
                return Decimal(text)
            except InvalidOperation:
                return refusal
        case "bool" if text in TRUE_WORDS or text in FALSE_WORDS:
            return text in TRUE_WORDS
        case "date":
            return read_date(text)
        case "timestamp":
            return read_timestamp(text)
    return refusal
