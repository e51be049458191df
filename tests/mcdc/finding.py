"""Writes the table of pairs anew: `python -m tests.mcdc.finding`.

Which customers flip an outcome is found by chance, always the same chance, and judged by the interpreter of the tests,
never by the engine that the table is there to test.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    StructType,
    Type,
)
from fasttwitch.syntax import parse
from tests.cases.loading import array
from tests.mcdc.language import INNER, NAMED_LIST, Item, items
from tests.mcdc.table import FILE, NOW, Entry, Pair, stored
from tests.oracle.arrow import paths, rows
from tests.oracle.instants import microseconds
from tests.oracle.interpreter import Reader, reader
from tests.oracle.kinds import NamedValues, Row, Value, World, kind_of

BASES = 2_000
ATTEMPTS = 2_000
SECOND = 1_000_000
INSTANTS = (
    *("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.250Z", "2024-02-29T23:59:59Z", "2026-07-01T03:15:20Z"),
    *("1969-12-31T23:59:59Z", "2026-02-01T02:00:00Z", "2023-11-05T06:30:00Z"),
)
DAYS = ("2026-01-31", "2026-02-01", "2024-02-29", "1969-12-31", "2026-07-01")
VERSIONS = ("0.9.0", "1.2.3", "1.2.4", "1.10.0", "2.0.0-beta", "2.0.0")
SAMPLES: Mapping[Type, tuple[Any, ...]] = {
    BOOL: (True, False),
    INT: (-7, -3, -1, 0, 1, 2, 3, 4, 5, 7, 64, 100, 1_000_000_000, 2**53, -(2**62)),
    UINT: (0, 1, 2, 3, 4, 5, 7, 12, 64, 100, 2**53, 2**63),
    DOUBLE: (-2.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 100.25, float("inf"), float("nan")),
    DECIMAL: ("-1.5", "0", "0.5", "1", "1.5", "2", "3", "7", "100.25"),
    STRING: (
        *("ab", "abc", "aab", "b", "a", "", " ab ", "AB", "a,b", "b,ab,a", "ab-ab", "\u00fcb", "x", "1", "0", "2", "7"),
        *("-1", "1.5", "true", "false", "90s", "1h30m", "2m", "1.2", "01.2.3", *VERSIONS, *DAYS[:3], *INSTANTS[:3]),
    ),
    SEMVER: VERSIONS,
    TIMESTAMP: INSTANTS,
    DATE: DAYS,
    DURATION: tuple(int(SECOND * part) for part in (-90, -1, 0, 0.25, 1, 1.5, 90, 3_600, 5_430, 86_400)),
}


def found(item: Item) -> Entry | None:
    """Return a rule over an item and a pair for each of its operands; None if chance finds none."""
    random = Random(item.key)
    columns = {name: _column(name, kind) for name, kind in item.operands.items()}
    schema = pa.schema([(name, stored(kind)) for name, kind in item.operands.items()])
    named = {"named": NamedValues(STRING, NAMED_LIST)}
    world = World(paths(schema), {"inner": parse(INNER)}, named, microseconds(NOW))
    value = reader(parse(item.text), world)
    kind = kind_of(parse(item.text), world)
    if kind is BOOL:
        pairs = {name: _pair(random, name, columns, value, item.sees) for name in columns}
        return (
            None if None in pairs.values() else Entry(item.text, {name: pair for name, pair in pairs.items() if pair})
        )
    for _ in range(BASES):
        base = {name: random.choice(list(cells)) for name, cells in columns.items()}
        wanted = value(_row(columns, base))
        if wanted is None or wanted != wanted:
            continue
        # A version has many texts that are equal: it is written as the function `string` writes it.
        printed = reader(parse(f"string({item.text})"), world)(_row(columns, base)) if kind is SEMVER else wanted
        rule = f"{item.text} == {_written(printed or wanted, kind)}"
        truth = reader(parse(rule), world)
        pairs = {name: _pair(random, name, columns, truth, item.sees, base) for name in columns}
        entry = _entry(rule, pairs)
        if entry is not None:
            return entry
    return None


def _entry(rule: str, pairs: Mapping[str, Pair | None]) -> Entry | None:
    complete = {name: pair for name, pair in pairs.items() if pair is not None}
    return Entry(rule, complete) if len(complete) == len(pairs) else None


Cells = dict[int, tuple[Any, Row]]  # of a column: as written, and as the interpreter reads it; null is the last


def _column(name: str, kind: Type) -> Cells:
    samples = (
        tuple({field: cell} for field, child in kind.fields for cell in SAMPLES[child])
        if isinstance(kind, StructType)
        else SAMPLES[kind]
    )
    written = [*samples, None]
    read = rows(pa.table({name: array(written, stored(kind))}))
    return dict(enumerate(zip(written, read, strict=True)))


def _row(columns: Mapping[str, Cells], chosen: Mapping[str, int]) -> Row:
    return {path: cell for name, index in chosen.items() for path, cell in columns[name][index][1].items()}


def _pair(
    random: Random,
    operand: str,
    columns: Mapping[str, Cells],
    truth: Reader,
    sees: bool,
    base: Mapping[str, int] | None = None,
) -> Pair | None:
    """Return customers who differ in an operand and in the outcome; the first of them are `base`, if that is given."""
    own = columns[operand]
    null = len(own) - 1
    for attempt in range(ATTEMPTS):
        chosen = dict(base) if base and attempt == 0 else {name: random.choice(list(columns[name])) for name in columns}
        first = truth(_row(columns, chosen))
        if first is None or chosen[operand] == null:
            continue
        without = truth(_row(columns, {**chosen, operand: null}))
        if (without is None) == sees:
            continue
        row = {name: columns[name][index][0] for name, index in chosen.items() if columns[name][index][0] is not None}
        for other in random.sample(range(null), null):
            second = truth(_row(columns, {**chosen, operand: other}))
            if second is not None and second != first:
                return Pair(row, own[other][0], _letter(first) + _letter(second) + _letter(without))
        if sees and without != first:
            return Pair(row, None, _letter(first) + _letter(without))
    return None


def _letter(truth: Value | None) -> str:
    return "U" if truth is None else "T" if truth else "F"


def _written(value: Value, kind: Type) -> str:
    """Return a value as rules write it."""
    match value:
        case tuple():
            return f"[{', '.join(_text(str(part)) for part in value)}]"
        case str():
            return _text(value)
        case float():
            return repr(value) if value - value == 0 else f'double("{value}")'
        case int() if kind is TIMESTAMP:
            instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
            return f'timestamp("{instant.isoformat().replace("+00:00", "Z")}")'
        case int() if kind is DATE:
            return f'date("{date(1970, 1, 1) + timedelta(days=value)}")'
        case int() if kind is DURATION:
            return f'duration("{value}us")'
    return f"{value}u" if kind is UINT else str(value)


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _toml(value: object) -> str:
    """Return a value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}'" if '"' in value else f'"{value}"'
        case dict():
            return "{ " + ", ".join(f"{name} = {_toml(part)}" for name, part in value.items()) + " }"
    return str(value)


def main() -> None:
    """Write the table."""
    lines = [
        "# For each operator and function, and each of its operands: customers who differ in that operand alone, and",
        "# the outcomes of the rule: for `row`, for `instead` in the place of the operand, and for null in its place.",
        "# Written by `python -m tests.mcdc.finding`.",
    ]
    missing = []
    for item in items():
        entry = found(item)
        if entry is None:
            missing.append(item.key)
            continue
        lines += ["", f"['{item.key}']", f"rule = {_toml(entry.rule)}"]
        for name, pair in entry.pairs.items():
            told = {"row": dict(pair.row)} | ({} if pair.instead is None else {"instead": pair.instead})
            lines.append(f"{name} = {_toml({**told, 'outcomes': pair.outcomes})}")
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(missing)} without a pair:", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
