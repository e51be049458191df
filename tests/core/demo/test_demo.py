"""The demo's rules, and the race."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

import fasttwitch as ft
from fasttwitch.cli.demo import rules_path
from fasttwitch.cli.main import cli
from fasttwitch.demo.base import NOW, customers
from fasttwitch.demo.race import race


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return customers(30_000)


@pytest.fixture(scope="module")
def program(table: pa.Table) -> ft.Program:
    return ft.compile(ft.load_ruleset(rules_path()), table.schema)


def test_every_segment_finds_somebody_and_nobody_finds_all(program: ft.Program, table: pa.Table) -> None:
    counts = program.count(table, now=NOW)
    assert len(counts) == 24
    assert all(0 < count < 0.7 * table.num_rows for count in counts.values()), counts


def test_who_may_not_be_contacted_is_not_contacted(program: ft.Program, table: pa.Table) -> None:
    names = ["do_not_contact", "mailable", "callable", "welcome", "win_back", "birthday_week"]
    assert program.select(table, now=NOW).overlap(names)[0, 1:].tolist() == [0, 0, 0, 0, 0]


def test_polars_counts_the_same(program: ft.Program, table: pa.Table) -> None:
    pytest.importorskip("polars")
    result = race(program, table, NOW)
    assert result is not None
    assert result.differing == ()


def test_the_demo_fits_one_screen_and_writes_what_it_shows(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["demo", "--customers", "5000", "--out", str(tmp_path / "demo")])
    assert result.exit_code == 0, result.output
    lines = result.stdout.split("\n")
    screen = lines[
        : lines.index(f"wrote {tmp_path}/demo/customers.parquet, rules.yaml and audiences/; to do it again:")
    ]
    assert len(screen) <= 45
    assert max(map(len, screen)) <= 80
    assert lines[0] == "5,000 customers × 49 attributes, on 2026-01-15 at 09:00 UTC"
    summary = json.loads((tmp_path / "demo" / "audiences" / "summary.json").read_text())
    shown = {line.split()[0]: line.split()[1] for line in lines[3:27]}
    assert shown == {one["name"]: f"{one['customers']:,}" for one in summary["segments"]}


def test_the_demo_speaks_json() -> None:
    result = CliRunner().invoke(cli, ["demo", "--customers", "3000", "--json"])
    document = json.loads(result.stdout)
    assert document["rows"] == 3_000
    assert document["race"]["counts_differ"] == []
    assert [one["name"] for one in document["segments"]][:2] == ["do_not_contact", "mailable"]
