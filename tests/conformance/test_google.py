"""Our trees and answers beside those of Google's library; `tests/sweeps/sweep_google.py` does the same at length."""

from itertools import islice
from random import Random

import pyarrow as pa

from fasttwitch.syntax import parse, print_expression
from tests.conformance import evaluating, google, parsing
from tests.conformance.mutations import mutations
from tests.conformance.suite import load_cases


def test_both_parsers_make_the_same_trees_of_the_suite() -> None:
    found = parsing.compare(case.text for case in load_cases().values())
    assert (found.differing, found.unexplained) == ([], [])
    assert found.both > 1_100


def test_google_reads_our_canonical_print_as_what_was_written() -> None:
    """A rule can be pasted into another tool after `fmt` too; rules that are an error to everybody may stay one."""
    texts = [case.text for case in load_cases().values() if case.expected is not None and case.text[0] != "."]
    assert [text for text in texts if google.parse(print_expression(parse(text))) != google.parse(text)] == []


def test_both_parsers_make_the_same_trees_of_mistaken_texts() -> None:
    texts = [case.text for case in load_cases().values()]
    found = parsing.compare(islice(mutations(texts, Random("mistakes")), 3_000))
    assert (found.differing, found.unexplained) == ([], [])
    assert found.both > 500
    assert found.neither > 1_000


def test_a_null_cell_is_an_absent_variable_to_google() -> None:
    """What every comparison below rests on: Google takes the rows as it would take requests, and we as a table."""
    table = pa.table({"i0": pa.array([3, None]), "i1": pa.array([None, 4])})
    letters, errors = google.Evaluator(table).answers(parse("i0 == null || i1 > 3"))
    assert letters == "UT"
    assert errors == ['UNKNOWN: No value with name "i1" found in Activation']


def test_both_evaluators_give_the_same_answers() -> None:
    found = evaluating.compare(Random("answers"), expressions=300, rows=16)
    assert found.differing == []
    assert found.expressions > 250
    assert min(found.letters.values()) > 500
