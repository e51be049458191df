"""The command that lays rules out: its screens, its codes, and what it leaves alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import fasttwitch.demo
from fasttwitch.cli.main import cli

PATIENCE_SECONDS = 120
BEFORE = """\
version: 1
language: cel/1
segments:
  high: ltv>100   # the upper tenth
  vip: segment("high") && tier == "gold"
  lapsed: 'now-last_order_at>days(90)'
"""
AFTER = """\
version: 1
language: cel/1
segments:
  high: ltv > 100   # the upper tenth
  vip: segment("high") && tier == "gold"
  lapsed: 'now - last_order_at > days(90)'
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rules.yaml"
    path.write_text(BEFORE)
    return path


def fmt(*options: str) -> Result:
    return CliRunner().invoke(cli, ["fmt", "rules.yaml", *options])


def test_rules_are_laid_out_in_place_and_once_is_enough(rules: Path) -> None:
    result = fmt()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "formatted 2 of 3 rules in rules.yaml\n  line 4: high\n  line 6: lapsed\n"
    assert rules.read_text() == AFTER
    moment = rules.stat().st_mtime_ns
    result = fmt()
    assert (result.exit_code, result.stdout) == (0, "ok: 3 rules in rules.yaml are laid out already\n")
    assert rules.stat().st_mtime_ns == moment


def test_check_names_what_would_change_and_ends_with_one(rules: Path) -> None:
    result = fmt("--check")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == "would change 2 of 3 rules in rules.yaml\n  line 4: high\n  line 6: lapsed\n"
    assert rules.read_text() == BEFORE
    rules.write_text(AFTER)
    assert fmt("--check").exit_code == 0


def test_diff_shows_what_would_change_and_changes_nothing(rules: Path) -> None:
    result = fmt("--diff")
    assert (result.exit_code, result.stderr) == (0, "would change 2 of 3 rules in rules.yaml\n")
    assert result.stdout == (
        "--- rules.yaml\n"
        "+++ rules.yaml (formatted)\n"
        "@@ -1,6 +1,6 @@\n"
        " version: 1\n"
        " language: cel/1\n"
        " segments:\n"
        "-  high: ltv>100   # the upper tenth\n"
        "+  high: ltv > 100   # the upper tenth\n"
        '   vip: segment("high") && tier == "gold"\n'
        "-  lapsed: 'now-last_order_at>days(90)'\n"
        "+  lapsed: 'now - last_order_at > days(90)'\n"
    )
    assert rules.read_text() == BEFORE
    assert fmt("--diff", "--check").exit_code == 1


def test_json_tells_each_change(rules: Path) -> None:
    assert json.loads(fmt("--check", "--json").stdout) == {
        "ok": False,
        "file": "rules.yaml",
        "rules": 3,
        "written": False,
        "changes": [
            {"segment": "high", "line": 4, "before": "ltv>100", "after": "ltv > 100"},
            {
                "segment": "lapsed",
                "line": 6,
                "before": "now-last_order_at>days(90)",
                "after": "now - last_order_at > days(90)",
            },
        ],
    }
    document = json.loads(fmt("--json").stdout)
    assert (document["ok"], document["written"]) == (True, True)
    assert rules.read_text() == AFTER
    document = json.loads(fmt("--json", "--diff").stdout)
    assert (document["written"], document["changes"], document["diff"]) == (False, [], "")


def test_a_document_with_problems_is_told_as_check_does_and_left_alone(rules: Path) -> None:
    rules.write_text(BEFORE + '  gold: tier = "gold"\n')
    told = fmt()
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == CliRunner().invoke(cli, ["check", "rules.yaml"]).stderr
    assert told.stderr.startswith("error: `=` is not an operator here\n --> rules.yaml:7:14\n")
    assert rules.read_text() == BEFORE + '  gold: tier = "gold"\n'


def test_the_mark_at_the_start_of_a_file_from_windows_stays(rules: Path) -> None:
    rules.write_bytes(b"\xef\xbb\xbf" + BEFORE.replace("\n", "\r\n").encode())
    assert fmt().exit_code == 0
    assert rules.read_bytes() == b"\xef\xbb\xbf" + AFTER.replace("\n", "\r\n").encode()


def test_a_read_only_file_ends_with_four(rules: Path) -> None:
    rules.chmod(0o444)
    result = fmt()
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr == (
        "error: rules.yaml is read-only\n  = fix: make it writable, or use --diff to see what would change\n"
    )
    assert fmt("--diff").exit_code == 0


SLOW = """
import sys, time
from fasttwitch.cli.main import main
from fasttwitch import whole_file
write = whole_file._write
whole_file._write = lambda *arguments: (write(*arguments), time.sleep(600))
main()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_cut_off_leaves_the_old_file_whole(rules: Path, number: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "fmt", "rules.yaml"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not [one for one in rules.parent.glob(".rules.yaml.*.partial") if one.read_text() == AFTER]:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(number)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert rules.read_text() == BEFORE
    assert len(os.listdir(rules.parent)) == (2 if number == signal.SIGKILL else 1)
    assert fmt().exit_code == 0
    assert os.listdir(rules.parent) == ["rules.yaml"]
    assert rules.read_text() == AFTER


def test_our_own_rules_are_laid_out() -> None:
    path = Path(fasttwitch.demo.__file__).with_name("rules.yaml")
    result = CliRunner().invoke(cli, ["fmt", "--check", str(path)])
    assert (result.exit_code, result.stdout) == (0, f"ok: 24 rules in {path} are laid out already\n")
