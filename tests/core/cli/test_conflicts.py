"""`fasttwitch conflicts`: what it prints, and the codes it ends with."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fasttwitch.cli.conflicts import KINDS
from fasttwitch.cli.main import cli
from fasttwitch.lint import conflict_findings

RULES = """\
version: 1
language: cel/1
segments:
  high: ltv >= 500
  vip: segment("high") && tier == "gold"
  old: ltv > 1000
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    table = pa.table(
        {
            "customer_id": [f"c{number}" for number in range(100)],
            "number": range(100),
            "ltv": [number * 10.0 for number in range(100)],
            "tier": ["gold", "silver"] * 50,
            "age": [20 + number // 2 for number in range(100)],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def conflicts(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["conflicts", "rules.yaml", "c.parquet", *arguments, "--now", "2026-02-01"])


def test_all_segments_with_each_other() -> None:
    result = conflicts()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "3 segments, 100 customers, at 2026-02-01 00:00:00Z: 2 conflicts\n"
        "\n"
        "nobody is in\n"
        "  observed  `old`\n"
        "\n"
        "one inside the other\n"
        "  proved    `vip` inside `high`: 25 of 50 customers (c50 in both, c51 only in high)\n"
        "\n"
        "  proved: by the rules alone, whoever the customers are\n"
        "  observed: true of these customers\n"
    )


def test_a_draft_with_all_segments() -> None:
    """Also by an attribute that no segment reads."""
    result = conflicts("--draft", "young=age < 45", "--draft", "best = ltv >= 900.0", "--key", "number")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "2 drafts beside 3 segments, 100 customers, at 2026-02-01 00:00:00Z: 2 conflicts\n"
        "\n"
        "one inside the other\n"
        "  proved    `best` inside `high`: 10 of 50 customers (90 in both, 50 only in high)\n"
        "\n"
        "nobody in both\n"
        "  observed  `young` outside `high`: 50 and 50 customers (0 only in young, 50 only in high)\n"
        "\n"
        "  proved: by the rules alone, whoever the customers are\n"
        "  observed: true of these customers\n"
        "  left out, as they follow from these: 2 pairs\n"
    )


def test_json_holds_everything() -> None:
    told = json.loads(conflicts("--json", "--kind", "contained").stdout)
    assert told.pop("ruleset").startswith("sha256:")
    assert told == {
        "now": "2026-02-01T00:00:00Z",
        "customers": 100,
        "segments": 3,
        "drafts": [],
        "kinds": ["contained"],
        "compared": 1,
        "implied": 0,
        "by_chance": 0,
        "findings": [
            {
                "kind": "contained",
                "certainty": "proved",
                "segments": ["vip", "high"],
                "customers": [25, 50],
                "witnesses": [
                    {"inside": ["vip", "high"], "row": 50, "id": "c50"},
                    {"inside": ["high"], "row": 51, "id": "c51"},
                ],
            }
        ],
    }


@pytest.mark.parametrize("draft", ["adults", "age >= 18", "tier == 'gold'", "=age < 3", "young=", "young= "])
def test_a_draft_is_a_name_and_a_rule(draft: str) -> None:
    result = conflicts("--draft", draft)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(
        f"Error: Invalid value for '--draft': `{draft}` is no draft: write a name and a rule, like 'young=age < 30'\n"
    )


def test_two_drafts_of_one_name_are_refused() -> None:
    result = conflicts("--draft", "a=ltv > 1.0", "--draft", "a=ltv > 2.0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("Error: Invalid value for --draft: there are two drafts named `a`\n")


def test_a_wrong_draft_is_shown_like_a_wrong_rule() -> None:
    result = conflicts("--draft", "new=agee > 3 && ltv >")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: the rule ends after `>`\n"
        " --> segments.new:1:17\n"
        "1 | agee > 3 && ltv >\n"
        "  |                 ^\n"
        "  = fix: write a value after it, or remove it\n"
    )
    result = conflicts("--draft", "new=agee > 3", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["message"] == "unknown name `agee`"
    assert problem["fix"] == "did you mean `age`?"


def test_a_key_that_was_asked_for_must_be_there(folder: Path) -> None:
    result = conflicts("--key", "numbre")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == (
        "error: c.parquet has no column `numbre`, which is the key of the customers\n  = fix: did you mean `number`?\n"
    )
    pq.write_table(pq.read_table(folder / "c.parquet").drop_columns("customer_id"), folder / "c.parquet")
    assert "`high`: 25 of 50 customers (row 50 in both, row 51 only in high)" in conflicts().stdout


def test_data_that_lack_a_column_are_told_with_the_rule(folder: Path) -> None:
    pq.write_table(pq.read_table(folder / "c.parquet").drop_columns("tier"), folder / "c.parquet")
    result = conflicts()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: unknown name `tier`\n --> rules.yaml:5:")


def test_the_kinds_are_those_of_the_findings() -> None:
    assert KINDS == conflict_findings.KINDS
