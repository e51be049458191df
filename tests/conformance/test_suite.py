"""CEL's official conformance tests: every case that is claimed passes, no case is skipped without need."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from fasttwitch.syntax import Call, Expression, parse, print_expression
from tests.conformance.parts import with_parts
from tests.conformance.suite import load_cases, load_skips
from tests.conformance.tally import claimed_failures, sentence, tally, unneeded_skips
from tests.conformance.ways import Result, run_all

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"<!-- conformance -->\n(.*?)\n<!-- end of conformance -->", re.DOTALL)


@pytest.fixture(scope="module")
def results() -> Mapping[str, Mapping[str, Result]]:
    return run_all(load_cases())


def test_every_skip_names_a_case() -> None:
    assert [name for name in load_skips() if name not in load_cases()] == []


def test_every_claimed_case_passes(results: Mapping[str, Mapping[str, Result]]) -> None:
    assert claimed_failures(results, load_skips()) == []


def test_no_case_is_skipped_that_would_pass(results: Mapping[str, Mapping[str, Result]]) -> None:
    """Else the list of skips would outlive its reasons."""
    assert unneeded_skips(results, load_skips()) == []


def test_the_readme_tells_what_passes(results: Mapping[str, Mapping[str, Result]]) -> None:
    block = BLOCK.search(README.read_text(encoding="utf-8"))
    assert block is not None
    assert " ".join(block[1].split()) == sentence(tally(results, load_skips()))


def test_most_of_the_suite_is_claimed(results: Mapping[str, Mapping[str, Result]]) -> None:
    """What speaks of scalars without `dyn`, `type` or bytes is little more."""
    counted = tally(results, load_skips())
    assert counted.passed == counted.claimed >= 850


def test_what_dyn_compares_holds_between_columns() -> None:
    """`dyn(1) == 1.0` is CEL's way to compare values of different types; this profile compares columns of them."""
    compared = {
        name: replace(case, text=print_expression(without_dyn(parse(case.text))))
        for name, case in load_cases().items()
        if name.startswith(("comparisons/", "lists/")) and "dyn(" in case.text and "null" not in case.text
    }
    found = run_all(compared)
    assert len(compared) > 100
    assert [(name, ways["lifted"]) for name, ways in found.items() if ways["lifted"].wrong or ways["nulls"].wrong] == []


def without_dyn(tree: Expression) -> Expression:
    match tree:
        case Call("dyn", None, (operand,)):
            return without_dyn(operand)
    return with_parts(tree, without_dyn)
