"""What may lie where, and what no file may say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "RULES.md",
    "bench",
    "constraints.txt",
    "core",
    "proto",
    "pyproject.toml",
    "server",
    "tests",
}

# Each with a class of one letter, so that this file does not say what it forbids.
PACKAGE_HOSTS = re.compile("|".join((r"py[p]i\.org", r"python[h]osted", r"[a]naconda\.", r"registry\.n[p]mjs")))
MACHINE_PATHS = re.compile(r"(?<![\w.~])/(?:h[o]me|r[o]ot|w[o]rk|U[s]ers|t[m]p)/\w")
NOWHERE_NAMES = ("utils.py", "helpers.py", "common.py", "misc.py")


def committed() -> list[Path]:
    """Return the files that git knows, or would on the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    """Return the committed files that are text, each with what it says."""
    found = []
    for path in committed():
        data = path.read_bytes()
        if b"\0" not in data:
            found.append((path.relative_to(ROOT), data.decode()))
    return found


def test_the_top_level_is_fixed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in committed()} == TOP_LEVEL


def test_no_file_names_a_package_host() -> None:
    """Where packages come from is a matter of each machine's settings."""
    assert [str(path) for path, text in texts() if PACKAGE_HOSTS.search(text)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert [(str(path), found[0]) for path, text in texts() if (found := MACHINE_PATHS.search(text))] == []


def test_no_module_hides_one_of_the_standard_library() -> None:
    """A file named `time.py` is found in place of `time` by whoever runs a script beside it."""
    modules = [path for path in committed() if path.suffix == ".py"]
    assert [str(path) for path in modules if path.stem in sys.stdlib_module_names] == []


def test_no_module_is_called_after_nothing() -> None:
    assert [str(path) for path in committed() if path.name in NOWHERE_NAMES] == []


def test_no_file_is_longer_than_two_screens_of_ideas() -> None:
    """Past 400 lines two ideas share a room; tables of cases may be longer."""
    modules = [path for path in committed() if path.suffix == ".py" and path.is_relative_to(ROOT / "core")]
    assert [(str(path), lines) for path in modules if (lines := path.read_text().count("\n")) > 450] == []
