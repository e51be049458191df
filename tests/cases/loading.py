"""Cases as written: a few rows, and what each rule says of each of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.oracle.instants import parse_date, parse_timestamp

FOLDER = Path(__file__).parent
PLAIN = {
    **{
        name: getattr(pa, name)() for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
    },
    **{
        name: getattr(pa, name)() for name in ("float16", "float32", "float64", "string", "large_string", "string_view")
    },
    "bool": pa.bool_(),
    "date32": pa.date32(),
    "date64": pa.date64(),
}
TICKS_A_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Case:
    """Rules, a small table, and answers.

    segments  named rules that the others refer to
    lists     named lists, as a ruleset document has them
    answers   a letter for each row, T, F or U, under the text of each rule
    """

    title: str
    now: datetime
    table: pa.Table
    segments: Mapping[str, str]
    lists: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, str]

    @property
    def document(self) -> dict[str, Any]:
        """The ruleset: the named segments, then each rule under its number."""
        rules = {f"rule-{number}": text for number, text in enumerate(self.answers)}
        return {
            "version": 1,
            "language": "cel/1",
            "lists": {name: dict(values) for name, values in self.lists.items()},
            "segments": {**self.segments, **rules},
        }


def load(path: Path) -> Case:
    """Return the case that a file holds."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = {name: arrow_type(text) for name, text in written["columns"].items()}
    arrays = [array([row.get(name) for row in written["rows"]], stored) for name, stored in columns.items()]
    return Case(
        written["title"],
        datetime.fromisoformat(written.get("now", "2026-01-01T00:00:00Z")).astimezone(UTC),
        pa.table(arrays, names=list(columns)),
        written.get("segments", {}),
        written.get("lists", {}),
        written["rules"],
    )


def arrow_type(written: str | Mapping[str, Any]) -> pa.DataType:
    """Return the Arrow type of `int64`, `timestamp[us, UTC]`, `dictionary(int8, string)`, or of a table of fields."""
    if not isinstance(written, str):
        return pa.struct([(name, arrow_type(text)) for name, text in written.items()])
    if written in PLAIN:
        return PLAIN[written]
    name, *arguments = written.replace("[", "(").rstrip("])").replace("(", ",").split(",")
    arguments = [argument.strip() for argument in arguments]
    match name:
        case "decimal128":
            return pa.decimal128(int(arguments[0]), int(arguments[1]))
        case "dictionary":
            return pa.dictionary(PLAIN[arguments[0]], PLAIN[arguments[1]])
        case "timestamp":
            return pa.timestamp(*arguments)
        case "duration":
            return pa.duration(*arguments)
    raise AssertionError(f"no such type: {written}")


def array(values: list[Any], stored: pa.DataType) -> pa.Array:
    """Return the values as an Arrow array; instants and days are ISO texts or stored integers."""
    types = pa.types
    if types.is_struct(stored):
        children = [array([(value or {}).get(child.name) for value in values], child.type) for child in stored]
        missing = pa.array([value is None for value in values])
        return pa.StructArray.from_arrays(children, fields=list(stored), mask=missing)
    if types.is_dictionary(stored):
        return pa.array(values, type=stored.value_type).dictionary_encode().cast(stored)
    if types.is_decimal(stored):
        return pa.array([None if value is None else Decimal(value) for value in values], type=stored)
    if types.is_temporal(stored):
        counts = [ticks(value, stored) if isinstance(value, str) else value for value in values]
        return pa.array(counts, type=pa.int32() if stored.bit_width == 32 else pa.int64()).view(stored)
    return pa.array(values, type=stored)


def ticks(text: str, stored: pa.DataType) -> int:
    """Return the stored integer of an ISO date or instant."""
    if pa.types.is_date(stored):
        return parse_date(text) * (1 if pa.types.is_date32(stored) else 86_400_000)
    return parse_timestamp(text) * TICKS_A_SECOND[stored.unit] // 1_000_000


def load_all() -> dict[str, Case]:
    """Return all cases by the name of their file."""
    return {path.stem: load(path) for path in sorted(FOLDER.glob("*.toml"))}
