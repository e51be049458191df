"""`compile` and `inspect`: programs as files."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import fasttwitch as ft
from fasttwitch.cli.main import cli

RULES = """\
version: 1
language: cel/1
segments:
  abroad: country != "DE"
  rich: ltv > 500.0
"""
TABLE = pa.table({"customer_id": ["c1", "c2", "c3"], "country": ["DE", None, "AT"], "ltv": [1.0, 2.0, 3.0]})


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    pq.write_table(TABLE, tmp_path / "customers.parquet")
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments])


def compile_rules(*options: str) -> Result:
    return run("compile", "rules.yaml", "customers.parquet", "--out", "rules.ftp", *options)


def test_a_compiled_file_loads_and_says_what_is_in_it() -> None:
    result = compile_rules()
    assert result.exit_code == 0, result.output
    program = ft.load_program("rules.ftp")
    written = Path("rules.ftp").stat().st_size / 1000
    assert result.stdout == (
        "2 segments over 2 attributes, laid out for 3 customers\n"
        f"wrote rules.ftp ({written:.1f} kB)\n"
        f"  {program.digest}\n"
    )
    assert program.match({"country": "AT", "ltv": 501}).segments == ("abroad", "rich")
    shown = run("inspect", "rules.ftp")
    assert shown.exit_code == 0
    assert shown.stdout == (
        f"ok: 2 segments over 2 attributes ({written:.1f} kB)\n"
        f"  program {program.digest}\n"
        f"  rules.yaml {program.ruleset.digest}\n"
    )


def test_columns_are_enough() -> None:
    result = compile_rules("--columns-only", "--json")
    assert json.loads(result.stdout) == {
        "ok": True,
        "file": "rules.ftp",
        "bytes": Path("rules.ftp").stat().st_size,
        "digest": ft.load_program("rules.ftp").digest,
        "segments": 2,
        "attributes": ["country", "ltv"],
        "customers": 0,
    }
    assert compile_rules("--columns-only").stdout.startswith("2 segments over 2 attributes\nwrote rules.ftp (")


def test_what_is_in_a_file_is_told_to_programs() -> None:
    compile_rules()
    program = ft.load_program("rules.ftp")
    assert json.loads(run("inspect", "rules.ftp", "--json").stdout) == {
        "ok": True,
        "file": "rules.ftp",
        "bytes": Path("rules.ftp").stat().st_size,
        "digest": program.digest,
        "ruleset": {"name": "rules.yaml", "digest": program.ruleset.digest},
        "segments": ["abroad", "rich"],
        "attributes": ["country", "ltv"],
    }


def test_a_damaged_file_ends_with_three() -> None:
    compile_rules()
    data = bytearray(Path("rules.ftp").read_bytes())
    data[-1] ^= 1
    Path("rules.ftp").write_bytes(data)
    result = run("inspect", "rules.ftp")
    assert result.exit_code == 3
    assert result.stderr == (
        "error: rules.ftp is damaged: its checksum is not that of what was written\n"
        "  = fix: compile the rules anew, and save the program\n"
    )
    told = json.loads(run("inspect", "gone.ftp", "--json").stdout)
    assert told["error"]["message"] == "there is no file gone.ftp"


def test_rules_that_are_wrong_end_with_one_and_write_nothing() -> None:
    Path("rules.yaml").write_text(RULES.replace("ltv", "ltw"))
    result = compile_rules()
    assert result.exit_code == 1
    assert "did you mean `ltv`?" in result.stderr
    assert not Path("rules.ftp").exists()


def test_a_file_that_cannot_be_written_ends_with_four() -> None:
    result = run("compile", "rules.yaml", "customers.parquet", "--out", "no/rules.ftp")
    assert result.exit_code == 4
    assert result.stderr == (
        "error: cannot write to no/rules.ftp: there is no folder no\n  = fix: make the folder first\n"
    )
