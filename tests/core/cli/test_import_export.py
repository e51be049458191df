"""Rules of other systems on the command line, and back."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import fasttwitch as ft
from fasttwitch.cli.main import cli

TABLE = pa.table({"customer_id": ["c1", "c2"], "age": [18, None], "tier": ["gold", "blue"]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pq.write_table(TABLE, tmp_path / "customers.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_an_imported_rule_is_a_ruleset_and_its_notes_go_elsewhere(folder: Path) -> None:
    (folder / "rule.json").write_text('{"<": [{"var": "age"}, 18]}')
    result = run("import", "jsonlogic", "rule.json", "--schema", "customers.parquet", "--segment", "minors")
    assert result.exit_code == 0
    assert result.stdout == 'version: 1\nlanguage: cel/1\nsegments:\n  "minors": |\n    age < 18\n'
    assert result.stderr == ('note: $: a missing value is unknown here; JsonLogic counts it as 0 (`mode="compat"`)\n')
    assert ft.load_ruleset(result.stdout).segments["minors"].tree is not None


IMPORTS = [
    (("jsonlogic", "--compat"), '{"<": [{"var": "age"}, 18]}', "coalesce(age, 0) < 18"),
    (("sql",), "WHERE age >= 18 AND tier = 'gold'", 'age >= 18 && tier == "gold"'),
    (("sql", "--dialect", "postgres"), "tier ~ '^g'", 'tier.matches("^g")'),
    (
        ("rqb", "--missing-match"),
        '{"combinator": "and", "rules": [{"field": "tier", "operator": "!=", "value": "gold"}]}',
        'tier == null || tier != "gold"',
    ),
    (("growthbook", "--column", "years=age"), '{"years": {"$gt": 17}}', "coalesce(age, 0) > 17"),
    (
        ("growthbook", "--saved-groups", "groups.json"),
        '{"tier": {"$inGroup": "best"}}',
        'tier in list("best")',
    ),
    (
        ("unleash", "--column", "userId=customer_id", "--feature", "new"),
        '{"name": "flexibleRollout", "parameters": {"rollout": 5, "stickiness": "userId"}}',
        'bucket(customer_id, "new", 100) < 5',
    ),
    (
        ("flagd", "--flag", "f", "--variant", "on"),
        '{"flags": {"f": {"state": "ENABLED", "variants": {"on": 1, "off": 0}, "defaultVariant": "off",'
        ' "targeting": {"if": [{"==": [{"var": "tier"}, "gold"]}, "on"]}}}}',
        'isTrue(tier == "gold")',
    ),
]


@pytest.mark.parametrize(("arguments", "text", "rule"), IMPORTS, ids=[" ".join(one[0]) for one in IMPORTS])
def test_every_format_can_be_imported(folder: Path, arguments: tuple[str, ...], text: str, rule: str) -> None:
    (folder / "source").write_text(text)
    (folder / "groups.json").write_text('{"best": ["gold"]}')
    name, *options = arguments
    result = run("import", name, "source", "--schema", "customers.parquet", "--json", *options)
    assert result.exit_code == 0, result.stdout
    found = json.loads(result.stdout)
    assert found["rule"] == rule
    assert ft.compile(ft.load_ruleset(found["document"]), TABLE.schema).names == ("imported",)


def test_a_named_list_stands_in_the_document(folder: Path) -> None:
    (folder / "source").write_text('{"tier": {"$inGroup": "best"}}')
    (folder / "groups.json").write_text('{"best": ["gold"]}')
    result = run("import", "growthbook", "source", "--saved-groups", "groups.json")
    ruleset = ft.load_ruleset(result.stdout)
    assert ruleset.lists["best"].values == ("gold",)


def test_what_cannot_be_imported_ends_with_one_and_says_why(folder: Path) -> None:
    (folder / "rule.json").write_text('{"agee": 3}')
    result = run("import", "growthbook", "rule.json", "--schema", "customers.parquet")
    assert result.exit_code == 1
    assert result.stderr == "error: there is no column `agee`\n --> $.agee\n  = fix: did you mean `age`?\n"
    result = run("import", "growthbook", "rule.json", "--schema", "customers.parquet", "--json")
    assert json.loads(result.stdout)["problems"] == [
        {
            "message": "there is no column `agee`",
            "fix": "did you mean `age`?",
            "file": None,
            "line": None,
            "column": None,
            "place": "$.agee",
        }
    ]


def test_a_column_that_is_no_pair_is_a_usage_error(folder: Path) -> None:
    (folder / "rule.json").write_text("{}")
    assert run("import", "growthbook", "rule.json", "--column", "age").exit_code == 2


RULES = """\
version: 1
language: cel/1
segments:
  adults: age >= 18
  best: segment("adults") && tier == "gold"
  sample: bucket(customer_id, "salt", 10) < 1
"""


def test_exported_segments_are_conditions_and_what_cannot_be_said_is_told(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULES)
    result = run("export", "rules.yaml", "--to", "duckdb", "--schema", "customers.parquet")
    assert result.exit_code == 1
    assert result.stdout == ('-- adults\n("age" >= 18)\n\n-- best\n(("age" >= 18) AND ("tier" = \'gold\'))\n\n')
    assert result.stderr.startswith("error: DuckDB has nothing that is exactly `bucket` of string, string, int\n")
    assert "rules.yaml:6:11" in result.stderr
    assert result.stderr.endswith("\n\nprinted 2 of 3 segments; DuckDB cannot say the others\n")


def test_now_can_be_an_instant_of_the_export(folder: Path) -> None:
    """So that counts can be compared with those of an audience."""
    rules = 'version: 1\nlanguage: cel/1\nsegments:\n  young: now < timestamp("2027-01-01T00:00:00Z") && age > 3\n'
    (folder / "rules.yaml").write_text(rules)
    exported = ("export", "rules.yaml", "--to", "duckdb", "--schema", "customers.parquet")
    assert "1768435200000000" in run(*exported, "--now", "2026-01-15").stdout
    assert "now()" in run(*exported).stdout


def test_types_guessed_from_csv_are_told_to_be_guesses(folder: Path) -> None:
    (folder / "rules.yaml").write_text("version: 1\nlanguage: cel/1\nsegments:\n  adults: age >= 18\n")
    (folder / "customers.csv").write_text("customer_id,age\nc1,18\nc2,n/a\n")
    note = (
        "note: CSV has no types, so those of customers.csv are guesses: `age` (string)\n"
        "  = fix: if one is wrong, say it in the ruleset: `attributes: {age: int}`"
    )
    for command in (
        ("export", "rules.yaml", "--to", "duckdb", "--schema", "customers.csv"),
        ("check", "rules.yaml", "--schema", "customers.csv"),
        ("audience", "rules.yaml", "customers.csv", "--out", "out"),
    ):
        result = run(*command)
        assert result.exit_code == 1
        assert result.stderr.startswith("error: cannot compare `age` (string) with the int `18`\n")
        assert result.stderr.endswith(f"\n\n{note}\n")
    told = json.loads(run("check", "rules.yaml", "--schema", "customers.csv", "--json").stdout)
    assert (len(told["problems"]), told["notes"]) == (1, [note])


def test_one_segment_can_be_exported_alone(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULES)
    result = run(
        "export", "rules.yaml", "--to", "duckdb", "--schema", "customers.parquet", "--segment", "adults", "--json"
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"ok": True, "segments": {"adults": '("age" >= 18)'}, "problems": []}


def test_long_imported_rules_are_laid_out(folder: Path) -> None:
    """As `fmt` would write them."""
    (folder / "rule.sql").write_text(" AND ".join(f"tier <> 'a tier of the name {number}'" for number in range(4)))
    result = run("import", "sql", "rule.sql", "--schema", "customers.parquet")
    assert result.stdout.split("\n")[4:7] == [
        '    tier != "a tier of the name 0"',
        '    && tier != "a tier of the name 1"',
        '    && tier != "a tier of the name 2"',
    ]
    assert len(ft.load_ruleset(result.stdout).segments) == 1
