"""The command that runs a document's own tests: its screens, its codes, and what build servers get."""

import json
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fasttwitch.cli.main import cli

PATIENCE_SECONDS = 300
RULES = """\
version: 1
language: cel/1
attributes: {ltv: double}
segments:
  high: ltv > 100.0   # the upper tenth
  vip: segment("high") && tier == "gold"
  lapsed: now - last_order_at > days(90)
tests:
  - name: gold without a value
    profile: {tier: gold}
    in: vip
  - profile: {ltv: 200, tier: gold}
    in: [high, vip]
  - name: one of last year
    profile: {last_order_at: "2025-03-01T00:00:00Z"}
    now: 2026-01-01T00:00:00Z
    in: lapsed
    out: [high]
    unknown: vip
"""
RIGHT = RULES.replace("    in: vip\n", "    unknown: vip\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*options: str) -> Result:
    return CliRunner().invoke(cli, ["test", "rules.yaml", *options])


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d+ (?:ms|s)\b", "TIME", text)


@pytest.mark.usefixtures("folder")
def test_a_failed_test_shows_the_rule_its_conditions_and_the_values() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (1, "")
    assert without_times(result.stdout) == (
        "failed: gold without a value\n"
        " --> rules.yaml:9\n"
        "  expected in `vip`, but its rule is unknown\n"
        "\n"
        '    segment("high") && tier == "gold"\n'
        "    ^^^^^^^^^^^^^^^    ··············\n"
        "    unknown            true\n"
        "\n"
        "  high:\n"
        "    ltv > 100.0\n"
        "    ^^^^^^^^^^^\n"
        "    unknown\n"
        "\n"
        '    tier  "gold"\n'
        "    ltv   null\n"
        "\n"
        "1 test failed, 2 passed: 6 expectations, TIME\n"
        "  1 expectation of `out` holds because a rule is unknown, not false\n"
        "  types of attributes from the ruleset's `attributes` and the tests' profiles\n"
    )


def test_tests_that_pass_are_counted(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RIGHT)
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert without_times(result.stdout) == (
        "3 tests passed: 6 expectations, TIME\n"
        "  1 expectation of `out` holds because a rule is unknown, not false\n"
        "  types of attributes from the ruleset's `attributes` and the tests' profiles\n"
    )
    assert without_times(run("-k", "LAST").stdout).startswith("1 test passed: 3 expectations, TIME\n")


def test_types_can_come_from_a_file_of_customers(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RIGHT)
    schema = {"ltv": pa.float64(), "tier": pa.string(), "last_order_at": pa.timestamp("ms")}
    pq.write_table(pa.table({name: pa.array([], kind) for name, kind in schema.items()}), folder / "base.parquet")
    result = run("--data", "base.parquet")
    assert result.exit_code == 0
    assert result.stdout.endswith("  types of attributes from base.parquet\n")
    (folder / "rules.yaml").write_text(RIGHT.replace("{tier: gold}", "{teir: gold}"))
    result = run("--data", "base.parquet")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: there is no attribute `teir`\n"
        " --> rules.yaml:10:21\n"
        "10 |     profile: {teir: gold}\n"
        "   |                     ^^^^\n"
        "  = fix: did you mean `tier`?\n".replace("\n --> ", "\n  --> "),
    )


def test_json_tells_everything(folder: Path) -> None:
    result = run("--json")
    assert (result.exit_code, result.stderr) == (1, "")
    document = json.loads(result.stdout)
    assert document.pop("seconds") > 0
    results = document.pop("results")
    assert document == {
        "ok": False,
        "file": "rules.yaml",
        "tests": 3,
        "failed": 1,
        "expectations": 6,
        "out_unknown": 1,
        "types": "the ruleset's `attributes` and the tests' profiles",
        "warnings": [],
    }
    assert results[1] == {
        "test": 2,
        "name": "",
        "line": 12,
        "ok": True,
        "answers": {"high": "true", "vip": "true"},
        "failures": [],
    }
    assert results[0]["failures"] == [
        {
            "segment": "vip",
            "expected": "in",
            "got": "unknown",
            "rules": [
                {
                    "segment": "vip",
                    "rule": 'segment("high") && tier == "gold"',
                    "answer": "unknown",
                    "conditions": [
                        {"text": 'segment("high")', "span": [0, 15], "answer": "unknown", "decided": True},
                        {"text": 'tier == "gold"', "span": [19, 33], "answer": "true", "decided": False},
                    ],
                },
                {
                    "segment": "high",
                    "rule": "ltv > 100.0",
                    "answer": "unknown",
                    "conditions": [{"text": "ltv > 100.0", "span": [0, 11], "answer": "unknown", "decided": True}],
                },
            ],
            "values": {"tier": '"gold"', "ltv": "null"},
        }
    ]
    (folder / "rules.yaml").write_text(RIGHT)
    assert json.loads(run("--json").stdout)["ok"] is True


def test_a_document_without_tests_says_how_to_have_some(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULES.partition("tests:")[0])
    result = run()
    assert (result.exit_code, result.stdout) == (
        0,
        "rules.yaml has no tests\n  add some: fasttwitch test --help shows how\n",
    )
    assert json.loads(run("--json").stdout)["tests"] == 0


@pytest.mark.usefixtures("folder")
def test_a_name_that_no_test_has_is_a_mistake_on_the_command_line() -> None:
    result = run("-k", "platinum")
    assert result.exit_code == 2
    assert "no test has `platinum` in its name or segments" in result.stderr


def test_wrong_documents_and_wrong_rules_end_with_one(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULES.replace("in: lapsed", "in: lapesd\n    nwo: 2026-01-01"))
    result = run()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: there is no segment `lapesd`\n"
        "  --> rules.yaml:17:9\n"
        "17 |     in: lapesd\n"
        "   |         ^^^^^^\n"
        "  = fix: did you mean `lapsed`?\n"
        "\n"
        "unknown key `nwo` in a test\n"
        "  --> rules.yaml:18:5\n"
        "18 |     nwo: 2026-01-01\n"
        "   |     ^^^\n"
        "  = fix: did you mean `now`?\n"
        "\n"
        "2 problems\n"
    )
    (folder / "rules.yaml").write_text(RULES.replace('tier == "gold"', "tier == 5"))
    result = run("--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["message"] == "cannot compare `tier` (string) with the int `5`"


def test_build_servers_get_what_pytest_would_give_them(folder: Path) -> None:
    """Same elements, same attributes: what reads the one reads the other."""
    assert run("--junit", "reports/ours.xml").exit_code == 1
    (folder / "test_them.py").write_text("def test_bad():\n    assert False\n\ndef test_good():\n    pass\n")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml", "theirs.xml", "test_them.py"],
        cwd=folder,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    ours, theirs = (ElementTree.parse(folder / name).getroot() for name in ("reports/ours.xml", "theirs.xml"))

    def shapes(root: ElementTree.Element) -> dict[str, set[str]]:
        return {one.tag: set(one.attrib) for one in root.iter()}

    assert shapes(ours) == shapes(theirs)
    suite = ours.find("testsuite")
    assert suite is not None
    assert {name: suite.get(name) for name in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "rules.yaml",
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }
    cases = suite.findall("testcase")
    assert [(one.get("classname"), one.get("name"), len(one)) for one in cases] == [
        ("rules", "gold without a value", 1),
        ("rules", "test 2", 0),
        ("rules", "one of last year", 0),
    ]
    assert cases[0][0].get("message") == "expected in `vip`, but its rule is unknown"
    assert (cases[0][0].text or "").startswith(
        "rules.yaml:9\n\nexpected in `vip`, but its rule is unknown\n\n  segment("
    )


def test_a_ruleset_that_cannot_be_tested_is_an_error_to_build_servers(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULES.replace('tier == "gold"', 'tier = "\x7fgold"'))
    assert run("--junit", "ours.xml").exit_code == 1
    suite = ElementTree.parse(folder / "ours.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("1", "1", "0")
    assert suite[0][0].tag == "error"


@pytest.mark.usefixtures("folder")
def test_a_report_that_cannot_be_written_ends_with_four() -> None:
    Path("file").write_text("")
    result = run("--junit", "file/ours.xml")
    assert result.exit_code == 4
    assert result.stderr.startswith("error: cannot write to file/ours.xml: ")


def test_a_narrow_terminal_gets_narrow_lines_in_colours(folder: Path) -> None:
    rule = "'" + RULES.split("vip: ")[1].split("\n")[0] + " && (ltv > 500.0 || last_order_at > now - days(9))'"
    (folder / "rules.yaml").write_text(RULES.replace('segment("high") && tier == "gold"', rule))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fasttwitch.cli.main", "test", "rules.yaml"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": "60", "TERM": "xterm"},
    )
    os.close(theirs)
    said: list[bytes] = []

    def listen() -> None:
        try:
            while part := os.read(ours, 65_536):
                said.append(part)
        except OSError:  # how Linux says that the other end is closed
            pass

    listener = threading.Thread(target=listen)
    listener.start()
    assert process.wait(timeout=PATIENCE_SECONDS) == 1
    listener.join(timeout=PATIENCE_SECONDS)
    os.close(ours)
    text = b"".join(said).decode().replace("\r", "")
    assert "\x1b[33munknown\x1b[0m" in text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert (
        '    segment("high")\n'
        "    ^^^^^^^^^^^^^^^\n"
        "    unknown\n"
        '    && tier == "gold"\n'
        "       ··············\n"
        "       true\n"
    ) in plain
    assert max(map(len, plain.split("\n"))) <= 60
