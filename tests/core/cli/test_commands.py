"""What the commands print, and the codes they end with."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fasttwitch.cli.main import cli

RULES = """\
version: 1
language: cel/1
lists: {blocked: [c9]}
segments:
  high: ltv > 100.0
  vip: segment("high") && tier == "gold"
"""
TABLE = pa.table({"customer_id": ["c1", "c2", "c3", "c4"], "ltv": [150.0, 50.0, 300.0, None], "tier": ["gold"] * 4})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    pq.write_table(TABLE, tmp_path / "customers.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """Return what a command did; output that goes to a pipe, so no colours and no progress."""
    return CliRunner().invoke(cli, arguments)


def audience(*options: str) -> Result:
    return run("audience", "rules.yaml", "customers.parquet", "--now", "2026-01-01", *options)


def test_an_audience_prints_a_table_and_writes_its_folder(folder: Path) -> None:
    result = audience("--out", "out")
    assert result.exit_code == 0
    table, start, times = result.stdout.rstrip("\n").partition("\nstart ")
    assert table == (
        "4 customers, 2 segments, at 2026-01-01 00:00:00Z\n"
        "\n"
        "  segment  customers    share                                            unknown\n"
        "  high             2   50.0 %  ███████████████████                             1\n"
        "  vip              2   50.0 %  ███████████████████                             1\n"
        "\n"
        "wrote 2 parquet files and summary.json to out/"
    )
    assert start
    steps = re.split(r" · |\n", times)
    assert [one.rsplit(" ", 2)[0] for one in steps[1:]] == ["compile", "read", "check ids", "evaluate", "write"]
    assert result.stderr == ""
    assert sorted(one.name for one in (folder / "out").iterdir()) == ["high.parquet", "summary.json", "vip.parquet"]


@pytest.mark.usefixtures("folder")
def test_no_screen_is_wider_than_eighty_columns() -> None:
    for result in (audience("--out", "out"), run("check", "rules.yaml"), run("--help"), run("audience", "--help")):
        assert result.exit_code == 0
        assert max(map(len, result.stdout.split("\n"))) <= 80


@pytest.mark.usefixtures("folder")
def test_json_is_what_the_summary_holds() -> None:
    result = audience("--out", "out", "--json", "--format", "csv", "--segments", "vip, high")
    assert json.loads(result.stdout) == json.loads(Path("out/summary.json").read_text())
    assert [one["file"] for one in json.loads(result.stdout)["segments"]] == ["vip.csv", "high.csv"]
    assert Path("out/high.csv").read_text() == '"customer_id"\n"c1"\n"c3"\n'


@pytest.mark.usefixtures("folder")
def test_warnings_stand_below_the_table() -> None:
    pq.write_table(TABLE.set_column(0, "customer_id", pa.array(["c1", "c1", "c1", None])), "customers.parquet")
    assert (
        "warning: 1 customer without `customer_id`: counted, but missing from the files\n"
        "warning: `customer_id` is not unique: 2 rows repeat an id\n"
    ) in audience("--out", "out").stdout


@pytest.mark.usefixtures("folder")
def test_wrong_rules_end_with_one() -> None:
    Path("rules.yaml").write_text(RULES + '  gold: tier = "gold"\n  none:\n')
    result = audience("--out", "out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: `=` is not an operator here\n"
        " --> rules.yaml:7:14\n"
        '7 |   gold: tier = "gold"\n'
        "  |              ^\n"
        "  = fix: write `==` to compare\n"
        "\n"
        "an empty condition would match everybody\n"
        " --> rules.yaml:8:3\n"
        "8 |   none:\n"
        "  |   ^^^^\n"
        "  = fix: write the condition, or remove the segment\n"
        "\n"
        "2 problems\n"
    )
    assert not Path("out").exists()


@pytest.mark.usefixtures("folder")
def test_wrong_rules_come_as_json_too() -> None:
    Path("rules.yaml").write_text(RULES + '  gold: tier = "gold"\n')
    result = run("check", "rules.yaml", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "ok": False,
        "problems": [
            {
                "message": "`=` is not an operator here",
                "fix": "write `==` to compare",
                "file": "rules.yaml",
                "line": 7,
                "column": 14,
            }
        ],
    }


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audience", "rules.yaml"], "Missing argument 'DATA'."),
        (["audience", "rules.yaml", "customers.parquet"], "Missing option '--out'."),
        (["audience", "ruels.yaml", "customers.parquet", "--out", "x"], "File 'ruels.yaml' does not exist."),
        (["audience", "rules.yaml", "gone.parquet", "--out", "x"], "Path 'gone.parquet' does not exist."),
        (["audience", "rules.yaml", "customers.parquet", "--out", "x", "--now", "soon"], "`soon` is not an instant"),
        (["audience", "rules.yaml", "customers.parquet", "--out", "x", "--threads", "0"], "0 is not in the range"),
        (
            ["audience", "rules.yaml", "customers.parquet", "--out", "x", "--segments", "vpi"],
            "there is no segment `vpi`",
        ),
        (["audience", "rules.yaml", "customers.parquet", "--out", "x", "--format", "xls"], "'xls' is not one of"),
        (["audeince"], "No such command 'audeince'."),
        (["demo", "--customers", "0"], "0 is not in the range"),
    ],
)
def test_wrong_command_lines_end_with_two(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"PAR1",
            "error: customers.parquet is no Parquet file, or not all of one\n"
            "  = fix: copy or write it again; the reader says: "
            "Parquet file size is 4 bytes, smaller than the minimum file footer (8 bytes)\n",
        ),
        (b"", "error: customers.parquet is empty: not even a header\n  = fix: write it again\n"),
    ],
)
def test_data_that_cannot_be_read_end_with_three(content: bytes, said: str) -> None:
    Path("customers.parquet").write_bytes(content)
    result = audience("--out", "out")
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", said)


@pytest.mark.usefixtures("folder")
def test_a_key_that_is_not_there_ends_with_three() -> None:
    result = audience("--out", "out", "--key", "customerid")
    assert (result.exit_code, result.stderr) == (
        3,
        "error: customers.parquet has no column `customerid`, which is the key of the customers\n"
        "  = fix: did you mean `customer_id`?\n",
    )
    result = audience("--out", "out", "--key", "customerid", "--json")
    assert (result.exit_code, result.stderr) == (3, "")
    assert json.loads(result.stdout) == {
        "ok": False,
        "error": {
            "message": "customers.parquet has no column `customerid`, which is the key of the customers",
            "fix": "did you mean `customer_id`?",
        },
    }


def test_a_folder_that_cannot_be_written_ends_with_four(folder: Path) -> None:
    (folder / "out").write_text("")
    result = audience("--out", "out")
    assert (result.exit_code, result.stderr) == (
        4,
        f"error: {folder}/out is a file\n  = fix: choose a folder for the results\n",
    )


@pytest.mark.usefixtures("folder")
def test_check_without_data_looks_at_syntax_alone() -> None:
    Path("rules.yaml").write_text(RULES + "  odd: no_such_column > 3\n")
    result = run("check", "rules.yaml")
    assert result.exit_code == 0
    text, digest = result.stdout.rstrip("\n").rsplit("\n", 1)
    assert text == (
        "ok: 3 segments, 1 list\n"
        "  checked the document and the syntax of all rules\n"
        "  names and types need data to look at: add --schema DATA"
    )
    assert re.fullmatch(r"  sha256:[0-9a-f]{64}", digest)


@pytest.mark.usefixtures("folder")
def test_check_with_data_looks_at_names_and_types() -> None:
    result = run("check", "rules.yaml", "--schema", "customers.parquet", "--ignore", "unused-list")
    assert result.exit_code == 0
    assert result.stdout.split("\n")[:2] == [
        "ok: 2 segments, 1 list",
        "  checked names and types against customers.parquet: 2 attributes used",
    ]
    document = json.loads(run("check", "rules.yaml", "--schema", "customers.parquet", "--json").stdout)
    assert document.pop("digest").startswith("sha256:")
    assert [one["kind"] for one in document.pop("warnings")] == ["unused-list"]
    assert document == {
        "ok": True,
        "segments": 2,
        "lists": 1,
        "checked": "names and types",
        "attributes": ["ltv", "tier"],
    }
    Path("rules.yaml").write_text(RULES + "  odd: lvt > 3\n")
    result = run("check", "rules.yaml", "--schema", "customers.parquet")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: unknown name `lvt`\n"
        " --> rules.yaml:7:8\n"
        "7 |   odd: lvt > 3\n"
        "  |        ^^^\n"
        "  = fix: did you mean `ltv`?\n",
    )


def test_doctor_finds_this_installation_fit() -> None:
    result = run("doctor")
    assert result.exit_code == 0
    lines = result.stdout.rstrip("\n").split("\n")
    assert lines[-1] == "this installation is fit to run"
    assert "ok    answers     4 segments of 10,007 customers agree with NumPy" in lines
    assert not any(line.startswith("fail") for line in lines)
    # Kernels are hundreds of KiB, in a folder of their own: whoever counts no more than locks says nothing.
    cache = next(line for line in lines if " cache " in line)
    assert " 0.0 MiB " not in cache, cache


def test_doctor_ends_with_one_if_something_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTTWITCH_KERNELS", "tall")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["ok"] is False
    assert [one for one in document["findings"] if one["what"] in ("kernels", "answers")] == [
        {
            "what": "kernels",
            "state": "fail",
            "found": 'unknown kernels `tall` (FASTTWITCH_KERNELS): use "wide", "avx2" or "portable"',
            "fix": "unset FASTTWITCH_KERNELS",
        },
        {"what": "answers", "state": "warn", "found": "not compared: mend the above first", "fix": ""},
    ]
