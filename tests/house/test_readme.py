"""The README's Python runs, and prints what the README shows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()

# A block of Python, and the block of plain text right below it, if any, which is its output.
EXAMPLES = re.compile(r"```python\n(?P<code>.*?)```\n(?:\s*```text\n(?P<output>.*?)```)?", re.DOTALL)


def test_the_readme_has_examples() -> None:
    """Else the next test would pass by running nothing."""
    assert len(EXAMPLES.findall(README)) >= 1


@pytest.mark.parametrize("example", list(EXAMPLES.finditer(README)), ids=lambda example: example["code"].split("\n")[0])
def test_an_example_prints_what_the_readme_shows(example: re.Match[str], tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", example["code"]], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert finished.stderr == ""
    assert finished.stdout == (example["output"] or "")


def test_every_file_that_the_readme_points_to_exists() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README) + re.findall(r'src="(?!https?:)([^"]+)', README)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) - targets == set()
