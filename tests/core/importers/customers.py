"""Customers on whom imported rules are tried, and how."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.importers import Imported

NOW = datetime(2026, 1, 1, tzinfo=UTC)

SCHEMA = pa.schema(
    [
        ("age", pa.int64()),
        ("score", pa.int64()),
        ("ltv", pa.float64()),
        ("country", pa.string()),
        ("city", pa.string()),
        ("email", pa.string()),
        ("version", pa.string()),
        ("vip", pa.bool_()),
        ("seen", pa.timestamp("us", "UTC")),
        ("born", pa.date32()),
        ("price", pa.decimal128(12, 2)),
        ("user_id", pa.string()),
        ("session_id", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("address", pa.struct([("city", pa.string()), ("zip", pa.int64())])),
    ]
)

Row = Mapping[str, object]


def selected(imported: Imported, *rows: Row, schema: pa.Schema = SCHEMA) -> list[bool]:
    """Return which rows an imported rule selects; columns that a row leaves out are null."""
    return selections([imported], rows, schema)[0]


def selections(imported: Sequence[Imported], rows: Sequence[Row], schema: pa.Schema = SCHEMA) -> list[list[bool]]:
    """Return which rows each of some imported rules selects."""
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    segments = {f"s{number}": one.text for number, one in enumerate(imported)}
    lists = {name: values for one in imported for name, values in one.lists.items()}
    document: dict[str, object] = {"version": 1, "language": "cel/1", "segments": segments}
    if lists:
        document["lists"] = {
            name: {"type": "string" if isinstance(values[0], str) else "int", "values": list(values)}
            for name, values in lists.items()
        }
    audiences = ft.compile(ft.load_ruleset(document), schema).select(table, now=NOW, threads=1)
    return [audiences.mask(name).to_pylist() for name in segments]
