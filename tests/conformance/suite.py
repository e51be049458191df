"""The official conformance tests of CEL, as far as they speak of scalars, strings and mathematics.

`cases.jsonl` holds them, one JSON object a line: what the project cel-spec (Apache License 2.0, see LICENSE beside it)
publishes as text protobufs in `tests/simple/testdata`, shortened here to the fields below and otherwise unchanged.

    name       file/section/name
    expr       the expression
    value      what it gives: {"int": 2}; doubles that JSON cannot write are strings
    error      or the error that it ends in
    bindings   variables, each with its value
    container  namespace in which names are looked up

`skipped.toml` holds the reasons why a case is not claimed, each with the names of the cases.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fasttwitch.syntax import Constant, print_expression

FOLDER = Path(__file__).parent
Plain = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Known:
    """A value of the suite with its type: "bool", "int", "uint", "double", "string", "null", or one we have not."""

    kind: str
    value: Plain

    @property
    def text(self) -> str:
        """The value as a rule writes it."""
        match self.value:
            case float(value) if value != value:
                return "0.0 / 0.0"
            case float(value) if value in (float("inf"), float("-inf")):
                return f"{'-' if value < 0 else ''}1.0 / 0.0"
            case value:
                return print_expression(Constant(self.kind, value, (0, 0)))


@dataclass(frozen=True, slots=True)
class Case:
    """One test.

    expected  None where an error is expected
    """

    name: str
    text: str
    expected: Known | None
    bindings: Mapping[str, Known]
    container: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a case is not claimed, or not in some of the ways to run it.

    ways  the ways meant; all of them where it is empty
    """

    reason: str
    ways: frozenset[str]


def load_cases() -> dict[str, Case]:
    """Return every case by its name."""
    lines = (FOLDER / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [_case(json.loads(line)) for line in lines]
    found = {case.name: case for case in cases}
    assert len(found) == len(cases), "two cases have one name"
    return found


def load_skips() -> dict[str, Skip]:
    """Return the skipped cases by name."""
    found: dict[str, Skip] = {}
    for group in tomllib.loads((FOLDER / "skipped.toml").read_text(encoding="utf-8"))["group"]:
        skip = Skip(group["reason"], frozenset(group.get("ways", ())))
        for name in group["cases"]:
            assert name not in found, f"{name} is skipped twice"
            found[name] = skip
    return found


def _case(written: Mapping[str, object]) -> Case:
    value, bindings = written.get("value"), written.get("bindings", {})
    assert isinstance(bindings, dict)
    return Case(
        str(written["name"]),
        str(written["expr"]),
        None if value is None else _known(value),
        {name: _known(bound) for name, bound in bindings.items()},
        str(written.get("container", "")),
    )


def _known(written: object) -> Known:
    assert isinstance(written, dict)
    ((kind, value),) = written.items()
    return Known(kind, float(value) if kind == "double" else value)
