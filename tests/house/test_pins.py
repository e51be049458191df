"""The pinned versions are versions that pyproject.toml allows, of everything that it asks for."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(text) for text in (*project["dependencies"], *(text for extra in extras for text in extra))]


def pinned() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.lstrip().startswith("#")]


def test_each_line_of_the_constraints_pins_one_version() -> None:
    assert [str(pin) for pin in pinned() if [each.operator for each in pin.specifier] != ["=="]] == []


def test_everything_asked_for_is_pinned_to_a_version_allowed() -> None:
    """Else `make` on another day installs another thing, or nothing at all."""
    versions: dict[str, list[str]] = {}
    for pin in pinned():
        versions.setdefault(canonicalize_name(pin.name), []).extend(each.version for each in pin.specifier)
    for requirement in asked_for():
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement} is not pinned: run `make constraints`"
        for version in found:
            assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}"
