"""`fasttwitch diff`: what it prints, and the codes it ends with."""

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
  high: ltv > 500
  vip: segment("high") && tier == "gold"
  lapsed: now - seen > days(90)
"""
TABLE = pa.table(
    {
        "customer_id": ["c1", "c2", "c3", "c4"],
        "ltv": [900.0, 480.0, 20.0, None],
        "tier": ["gold", "silver", "gold", None],
        "seen": pa.array([1_760_000_000] * 4, pa.timestamp("s", "UTC")),
    }
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "old.yaml").write_text(RULES)
    (tmp_path / "new.yaml").write_text(RULES.replace("500", "10").replace("lapsed: now", "gone: now"))
    (tmp_path / "wrong.yaml").write_text(RULES.replace("ltv", "lvt"))
    pq.write_table(TABLE, tmp_path / "c.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diff", *arguments, "--now", "2026-02-01"])


def test_who_enters_and_who_leaves() -> None:
    result = diff("old.yaml", "new.yaml", "c.parquet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "segments: 1 added, 1 removed, 1 rewritten, 1 asking for these",
        "  high               1 → 3             +2           -0",
        "    in:  c2, c3",
        "  vip                1 → 2             +1           -0",
        "    in:  c3",
        "  gone               0 → 4             +4           -0           new",
        "    in:  c1, c2, c3, c4",
        "  lapsed             4 → 0             +0           -4           removed",
        "    out: c1, c2, c3, c4",
    ]


def test_as_json() -> None:
    told = json.loads(diff("old.yaml", "new.yaml", "c.parquet", "--json").stdout)
    assert told["customers"] == 4
    assert [one["name"] for one in told["changes"]] == ["high", "vip", "gone", "lapsed"]
    assert told["changes"][0]["entering"] == ["c2", "c3"]


def test_the_same_rules_are_no_difference() -> None:
    assert diff("old.yaml", "old.yaml", "c.parquet").stdout.splitlines() == [
        "segments: none differ",
        "  nobody of 4 customers enters or leaves a segment",
    ]


def test_what_is_wrong_is_told_of_either_side() -> None:
    for rules in (("old.yaml", "wrong.yaml"), ("wrong.yaml", "old.yaml")):
        result = diff(*rules, "c.parquet")
        assert result.exit_code == 1
        assert "wrong.yaml:4:9" in result.stderr
        assert "did you mean `ltv`?" in result.stderr
    assert diff("old.yaml", "new.yaml", "nowhere.parquet").exit_code == 2
