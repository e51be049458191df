"""Warnings of `check`: how they look, how they are silenced, and when they count."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fasttwitch.cli.main import cli

RULES = """\
version: 1
language: cel/1
segments:
  abroad: country != "DE"
  nobody: ltv > 5.0 && ltv < 3.0
"""
TABLE = pa.table({"customer_id": ["c1", "c2", "c3"], "country": ["DE", None, "AT"], "ltv": [1.0, 2.0, 3.0]})


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    pq.write_table(TABLE, tmp_path / "customers.parquet")
    monkeypatch.chdir(tmp_path)


def check(*options: str) -> Result:
    """Return what a check over the data printed."""
    return CliRunner().invoke(cli, ["check", "rules.yaml", "--schema", "customers.parquet", *options])


def test_warnings_stand_above_the_result_and_do_not_count() -> None:
    result = check()
    assert result.exit_code == 0
    assert result.stdout.split("\n")[:18] == [
        'warning: `country != "DE"` leaves out the 1 customer whose `country` is unknown (33 %)',
        " --> rules.yaml:4:11",
        '4 |   abroad: country != "DE"',
        "  |           ^^^^^^^^^^^^^^^",
        '  = fix: `country != "DE" || country == null`',
        "  = kind: null-under-negation, in segment `abroad`",
        "",
        "warning: segment `nobody` is empty: `ltv > 5.0` and `ltv < 3.0` are never true together",
        " --> rules.yaml:5:11",
        "5 |   nobody: ltv > 5.0 && ltv < 3.0",
        "  |           ^^^^^^^^^    ^^^^^^^^^",
        "  = fix: `ltv > 5.0 || ltv < 3.0` if either is enough",
        "  = kind: empty-segment, in segment `nobody`",
        "",
        "ok: 2 segments, 2 warnings",
        "  checked names and types against customers.parquet: 2 attributes used",
        result.stdout.split("\n")[16],
        "",
    ]


def test_strict_ends_with_one_if_anything_is_warned_of() -> None:
    assert check("--strict").exit_code == 1
    assert check("--strict", "--json").exit_code == 1
    assert check("--strict", "--ignore", "empty-segment", "--ignore", "null-under-negation").exit_code == 0


def test_a_kind_that_is_ignored_is_left_out() -> None:
    result = check("--ignore", "empty-segment")
    assert result.stdout.count("warning:") == 1
    assert "ok: 2 segments, 1 warning\n" in result.stdout


def test_a_kind_that_there_is_not_is_refused() -> None:
    result = check("--ignore", "empty-segments")
    assert result.exit_code == 2
    assert "there is no kind of warning `empty-segments`: did you mean `empty-segment`?" in result.stderr


def test_json_holds_the_warnings() -> None:
    found = json.loads(check("--json", "--ignore", "null-under-negation").stdout)
    assert found["ok"] is True
    assert found["warnings"] == [
        {
            "kind": "empty-segment",
            "severity": "warning",
            "segment": "nobody",
            "message": "segment `nobody` is empty: `ltv > 5.0` and `ltv < 3.0` are never true together",
            "fix": "`ltv > 5.0 || ltv < 3.0` if either is enough",
            "file": "rules.yaml",
            "line": 5,
            "column": 11,
        }
    ]


def test_without_data_there_is_nothing_to_warn_of() -> None:
    result = CliRunner().invoke(cli, ["check", "rules.yaml", "--strict", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["warnings"] == []
