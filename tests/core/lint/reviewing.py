"""A schema to review rules over, and what a review says of a few rules."""

from collections.abc import Mapping

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.lint.findings import Finding

SCHEMA = pa.schema(
    [
        ("age", pa.int8()),
        ("orders", pa.int64()),
        ("visits", pa.uint16()),
        ("ltv", pa.float64()),
        ("score", pa.float32()),
        ("price", pa.decimal128(8, 2)),
        ("country", pa.string()),
        ("city", pa.string()),
        ("vip", pa.bool_()),
        ("opted_out", pa.bool_()),
        ("seen_at", pa.timestamp("us", "UTC")),
        ("bought_at", pa.timestamp("us")),
        ("shipped_at", pa.timestamp("ms")),
        ("born", pa.date32()),
        ("address", pa.struct([("city", pa.string()), ("since", pa.timestamp("us", "UTC"))])),
    ]
)


def findings(*rules: str, data: pa.Table | None = None, **segments: str) -> tuple[Finding, ...]:
    """Return what a review finds in rules, which are named r0, r1 and so on, and in named segments after them."""
    named = {f"r{number}": rule for number, rule in enumerate(rules)} | segments
    return reviewed({"segments": named}, data)


def reviewed(sections: Mapping[str, object], data: pa.Table | None = None) -> tuple[Finding, ...]:
    """Return what a review finds in a document of these sections."""
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", **sections})
    return ft.review(ruleset, SCHEMA if data is None else data.schema, data)


def told(*rules: str, data: pa.Table | None = None, **segments: str) -> list[str]:
    """Return the same as one line each: `kind: message; fix`."""
    return [f"{one.kind}: {one.message}; {one.fix}" for one in findings(*rules, data=data, **segments)]
