"""Which rules get bits and which are listed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.homes import MOST_ACCESS_CODES, MOST_OPERANDS

CODES = 100
Int64s = NDArray[np.int64]


def gates_of(runs: list[list[tuple[int, int]]], wires: list[list[int]], roots: list[int]) -> Gates:
    """Return gates with a literal on dimension 0 each, or none where there are no runs, and wires."""
    has_literal = np.array([bool(part) for part in runs])
    return Gates(
        np.array([0, CODES]),
        np.zeros(has_literal.sum(), np.int32),
        np.concatenate(([0], np.cumsum([len(part) for part in runs if part]))),
        np.array([run for part in runs for run in part], np.int32).reshape(-1, 2),
        np.concatenate(([0], np.cumsum(has_literal))),
        np.arange(has_literal.sum(), dtype=np.int32),
        np.concatenate(([0], np.cumsum([len(part) for part in wires]))),
        np.array([wire for part in wires for wire in part], np.int32),
        np.array(roots, np.int32),
    )


def equalities(rules: int) -> Gates:
    return gates_of(
        [[(rule % CODES, rule % CODES)] for rule in range(rules)], [[]] * rules, list(range(0, 2 * rules, 2))
    )


def test_a_few_selective_rules_are_bits() -> None:
    """Looking for lists takes longer than a thousand bits."""
    assert build_index(equalities(500)).flat.gates == 500


def test_many_selective_rules_are_listed_once() -> None:
    index = build_index(equalities(5_000))
    assert index.flat.gates == 0
    assert index.listed.clauses == 5_000
    assert (
        np.count_nonzero(index.listed.lanes[0, : index.listed.ids.size] != 127) == 0
    )  # the literal that they are listed under is all
    assert index.nbytes < 35 * 5_000


def test_rules_for_half_of_all_customers_are_bits() -> None:
    wide = gates_of([[(0, 49)]] * 5_000, [[]] * 5_000, list(range(0, 10_000, 2)))
    assert build_index(wide).flat.gates == 5_000


def test_shares_decide_not_the_number_of_codes() -> None:
    """A code that half of all customers have is not selective."""
    gates = equalities(5_000)
    shares = np.full(CODES, 0.5 / (CODES - 1))
    shares[7] = 0.5
    assert build_index(gates, shares).flat.gates == 50


@pytest.mark.parametrize(("codes", "listed"), [(MOST_ACCESS_CODES, 5_000), (MOST_ACCESS_CODES + 1, 0)])
def test_a_rule_is_not_listed_under_many_codes(codes: int, listed: int) -> None:
    """However rare they are: each place takes as many bytes as a rule."""
    gates = gates_of([[(1, codes)]] * 5_000, [[]] * 5_000, list(range(0, 10_000, 2)))
    shares = np.full(CODES, 1e-6)
    shares[0] = 1 - shares[1:].sum()
    assert build_index(gates, shares).listed.clauses == listed


@pytest.mark.parametrize(("operands", "listed"), [(3, 2_000), (MOST_OPERANDS, 0)])
def test_an_or_of_selective_parts_is_a_clause_for_each(operands: int, listed: int) -> None:
    """Not of so many that together they hold for many customers."""
    inner = [[(code, code)] for code in range(1, operands + 1)]  # 0 is null, of which there are more
    gates = gates_of(
        inner + [[]] * 2_000,
        [[]] * operands + [list(range(operands))] * 2_000,
        [2 * (operands + rule) + 1 for rule in range(2_000)],
    )
    index = build_index(gates)
    assert index.listed.clauses == listed * operands
    assert index.flat.gates == (0 if listed else 2_000 + operands)


def test_gates_that_only_lists_need_have_no_bits() -> None:
    """A wire of a listed rule is followed by itself, for the customers whose code the rule is listed under."""
    gates = gates_of([[(0, 49)]] + [[(7, 7)]] * 2_000, [[]] + [[0]] * 2_000, [2 * rule for rule in range(1, 2_001)])
    index = build_index(gates, only="listed")
    assert index.flat.gates == 0
    assert index.exact.gates.shape[0] - 1 == 2_001


def test_rules_that_would_have_to_be_evaluated_one_by_one_are_bits() -> None:
    """The same ones: for a customer in a hundred, 2,000 evaluations take longer than 2,000 bits for all of them."""
    gates = gates_of([[(0, 49)]] + [[(7, 7)]] * 2_000, [[]] + [[0]] * 2_000, [2 * rule for rule in range(1, 2_001)])
    assert build_index(gates).listed.clauses == 0


def test_only_may_overrule() -> None:
    gates = equalities(20)
    assert build_index(gates, only="listed").listed.clauses == 20
    assert build_index(equalities(5_000), only="flat").flat.gates == 5_000
