"""Laws over random trees and random rules: nothing is lost by text, by JSON or through the builder."""

from random import Random

import pytest

from fasttwitch.logic.catalogue import CATALOGUE
from fasttwitch.logic.functions import FUNCTIONS
from fasttwitch.syntax import parse
from tests.generators.rebuilding import rebuilt
from tests.generators.trees import TreeWriter
from tests.generators.trials import trial
from tests.sweeps.round_trips import TRIPS, failure
from tests.sweeps.sweep_round_trips import failures

TREES = 3_000  # `python tests/sweeps/sweep_round_trips.py` takes as many as there is time for


def test_text_json_and_the_builder_give_back_every_tree() -> None:
    assert list(failures(TREES, seed=1)) == []


def test_the_builder_has_a_word_for_all_that_rules_are_made_of() -> None:
    """Bytes, maps and messages are left to the parser, for the checker refuses them."""
    for number in range(500):
        tree = TreeWriter(Random(number), known=True).tree()
        assert rebuilt(tree)[1] == 0


@pytest.mark.parametrize("name", [*FUNCTIONS, *CATALOGUE])
def test_the_builder_has_a_word_for_every_function(name: str) -> None:
    """A function that the checker learns has to find its way into the builder."""
    usage = (FUNCTIONS.get(name) or CATALOGUE[name]).usage
    tree = parse("x.size()" if usage == "size(x)" else usage)  # both are the language's, and one is the builder's
    built, foreign = rebuilt(tree)
    assert foreign == 0
    assert built.tree == tree


def test_rules_as_people_write_them_can_all_be_built() -> None:
    rules = [text for seed in range(20) for text in trial(Random(seed), 10, 3).rules.values()]
    assert len(rules) == 200
    for text in rules:
        assert [failure(parse(text), trip) for trip in TRIPS] == [""] * len(TRIPS)
