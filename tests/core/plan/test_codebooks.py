"""Codebooks: how many planes of bytes they fill."""

import pytest

from fasttwitch.logic.datatypes import DOUBLE, INT, STRING
from fasttwitch.plan.codebooks import (
    Codebook,
    NamesCodebook,
    OrderedCodebook,
    TextTestsCodebook,
    TruthCodebook,
    names_codebook,
    ordered_codebook,
    planes_of,
)
from fasttwitch.plan.sources import Column, TextTest
from fasttwitch.plan.value_sets import Names, Ranges

NUMBER, REAL, WORD = Column(("n",), INT), Column(("x",), DOUBLE), Column(("w",), STRING)


def whole(count: int) -> Codebook:
    return OrderedCodebook(NUMBER, tuple(range(count)), False)


def real(count: int) -> Codebook:
    """Two cuts at each value: just below it and just above."""
    return OrderedCodebook(REAL, tuple((float(value), side) for value in range(count) for side in (0, 1)), True)


def names(count: int) -> Codebook:
    return NamesCodebook(WORD, tuple((str(value),) for value in range(count)))


def judged_texts(count: int) -> Codebook:
    from fasttwitch.logic.nodes import Constant

    tests = tuple(TextTest(("w",), Constant(str(value), STRING, (0, 0))) for value in range(count))
    return TextTestsCodebook(("w",), tests)


@pytest.mark.parametrize(
    ("codebook", "planes"),
    [
        (whole(0), 1),
        (whole(253), 1),
        (whole(254), 2),
        (whole(506), 2),
        (whole(507), 3),
        (real(126), 1),
        (real(127), 2),
        (names(254), 1),
        (names(255), 2),
        (judged_texts(7), 1),
        (judged_texts(8), 2),
        (TruthCodebook(NUMBER), 1),
    ],
)
def test_a_plane_is_filled_before_there_is_another(codebook: Codebook, planes: int) -> None:
    assert planes_of(codebook) == planes


def test_cuts_of_all_sets_stand_once_in_order() -> None:
    sets = [Ranges(False, False, True, (5, 9), False), Ranges(False, False, False, (1, 5), False)]
    assert ordered_codebook(NUMBER, sets) == OrderedCodebook(NUMBER, (1, 5, 9), False)


def test_names_that_no_rule_tells_apart_share_a_class() -> None:
    sets = [Names(frozenset("abc"), False, False), Names(frozenset("cd"), False, False)]
    assert names_codebook(WORD, sets) == NamesCodebook(WORD, (("a", "b"), ("c",), ("d",)))
