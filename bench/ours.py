"""Ourselves, as a contender: one shot from Arrow, on kept codes, and without what this processor does best."""

from collections.abc import Callable, Mapping

import pyarrow as pa

import fasttwitch as ft
from bench.workloads import NOW

THREADS = 2


def ruleset(segments: Mapping[str, str]) -> ft.Ruleset:
    """Return the segments as a ruleset."""
    return ft.load_ruleset({"version": 1, "language": "cel/1", "segments": dict(segments)})


def program(table: pa.Table, segments: Mapping[str, str]) -> ft.Program:
    """Return the segments, compiled for the table."""
    return ft.compile(ruleset(segments), table.schema)


def raw(table: pa.Table, segments: Mapping[str, str]) -> Callable[[], dict[str, int]]:
    """Return a function that counts each segment from the Arrow columns."""
    compiled = program(table, segments)
    return lambda: dict(compiled.count(table, now=NOW, threads=THREADS))


def kept(table: pa.Table, segments: Mapping[str, str]) -> Callable[[], dict[str, int]]:
    """Return a function that counts each segment from codes kept of an earlier run."""
    compiled = program(table, segments)
    base = compiled.encode(table)
    return lambda: dict(compiled.count(base, now=NOW, threads=THREADS))
