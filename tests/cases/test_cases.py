"""Readable cases, each through every evaluator: all of them must give the answers that a person wrote down."""

from collections.abc import Callable

import pytest

import fasttwitch as ft
from fasttwitch.logic.datatypes import INT, STRING
from fasttwitch.syntax import parse
from tests.cases.loading import Case, load_all
from tests.oracle.arrow import paths, rows
from tests.oracle.instants import microseconds
from tests.oracle.interpreter import answers
from tests.oracle.kinds import NamedValues, World

CASES = load_all()
LETTERS = {True: "T", False: "F", None: "U"}
LIST_TYPES = {"string": STRING, "int": INT}


def by_interpreter(case: Case) -> dict[str, str]:
    """Return the letters of the slow truth."""
    document = case.document
    trees = {name: parse(text) for name, text in document["segments"].items()}
    lists = {
        name: NamedValues(LIST_TYPES[written["type"]], tuple(written["values"])) for name, written in case.lists.items()
    }
    found = answers(World(paths(case.table.schema), trees, lists, microseconds(case.now)), rows(case.table))
    return {name: "".join(LETTERS[truth] for truth in truths) for name, truths in found.items()}


def by_bulk(case: Case) -> dict[str, str]:
    """Return the letters of bulk evaluation: T where the rule selects, F where its negation does."""
    document = case.document
    names = list(document["segments"])
    document["segments"] |= {f"not-{name}": f'!segment("{name}")' for name in names}
    program = ft.compile(ft.load_ruleset(document), case.table.schema)
    found = program.select(case.table, now=case.now, threads=2)
    letters = {}
    for name in names:
        chosen, refused = found.mask(name).to_pylist(), found.mask(f"not-{name}").to_pylist()
        pairs = zip(chosen, refused, strict=True)
        letters[name] = "".join("T" if yes else "F" if no else "U" for yes, no in pairs)
        assert found.unknown[name] == letters[name].count("U"), name
    return letters


EVALUATORS: dict[str, Callable[[Case], dict[str, str]]] = {"interpreter": by_interpreter, "bulk": by_bulk}


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("name", CASES)
def test_case_has_the_answers_that_are_written_down(name: str, evaluator: str) -> None:
    case = CASES[name]
    letters = EVALUATORS[evaluator](case)
    found = {text: letters[f"rule-{number}"] for number, text in enumerate(case.answers)}
    assert found == dict(case.answers)
