"""The table of pairs as written, and what the engine says of them."""

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

import fasttwitch as ft
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
from tests.cases.loading import array
from tests.mcdc.language import INNER, NAMED_LIST

FILE = Path(__file__).with_name("pairs.toml")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORED: Mapping[Type, pa.DataType] = {
    BOOL: pa.bool_(),
    INT: pa.int64(),
    UINT: pa.uint64(),
    DOUBLE: pa.float64(),
    DECIMAL: pa.decimal128(20, 4),
    STRING: pa.string(),
    SEMVER: pa.string(),
    TIMESTAMP: pa.timestamp("us", "UTC"),
    DATE: pa.date32(),
    DURATION: pa.duration("us"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Customers that differ in one operand.

    row       the first, column by column; what is not named is null
    instead   the operand's value for the second; None where only null flips the outcome
    outcomes  T, F or U of the first, of the second if there is one, and of one whose operand is null
    """

    row: Mapping[str, Any]
    instead: Any
    outcomes: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule and a pair for each of its operands."""

    rule: str
    pairs: Mapping[str, Pair]


def load_pairs() -> dict[str, Entry]:
    """Return the table by keys of the language's items."""
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        key: Entry(
            entry["rule"],
            {
                name: Pair(pair["row"], pair.get("instead"), pair["outcomes"])
                for name, pair in entry.items()
                if name != "rule"
            },
        )
        for key, entry in written.items()
    }


def stored(kind: Type) -> pa.DataType:
    """Return the Arrow type in which operands of a type are stored."""
    if isinstance(kind, StructType):
        return pa.struct([(name, stored(child)) for name, child in kind.fields])
    return STORED[kind]


def customers(pair: Pair, operand: str, operands: Mapping[str, Type]) -> pa.Table:
    """Return the customers of a pair: the first, the second if there is one, and the one without the operand."""
    rows = [dict(pair.row), {**pair.row, operand: pair.instead}, {**pair.row, operand: None}]
    if pair.instead is None:
        del rows[1]
    columns = {name: array([row.get(name) for row in rows], stored(kind)) for name, kind in operands.items()}
    return pa.table(columns)


def document(rule: str) -> dict[str, Any]:
    """Return a ruleset of a rule, its negation, and what a rule may name."""
    return {
        "version": 1,
        "language": "cel/1",
        "lists": {"named": {"type": "string", "values": list(NAMED_LIST)}},
        "segments": {
            **({"inner": INNER} if "segment(" in rule else {}),
            "rule": rule,
            "negated": '!segment("rule")',
        },
    }


def outcomes(rule: str, table: pa.Table) -> str:
    """Return T, F or U for each customer, as the engine selects them."""
    program = ft.compile(ft.load_ruleset(document(rule)), table.schema)
    found = program.select(table, now=NOW, threads=1)
    pairs = zip(found.mask("rule").to_pylist(), found.mask("negated").to_pylist(), strict=True)
    return "".join("T" if yes else "F" if no else "U" for yes, no in pairs)


def constant(value: Any, kind: Type) -> str:
    """Return a value of the table as rules write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value) if math.isfinite(value) else f'double("{value}")'
        case int() if kind is DURATION:
            return f'duration("{value}us")'
        case int():
            return f"{value}u" if kind is UINT else str(value)
        case str() if kind in (TIMESTAMP, DATE, DECIMAL):
            return value if kind is DECIMAL else f'{kind}("{value}")'
    return json.dumps(value)
