"""The engine keeps the laws of Kleene's logic over random rules and data; and a law that is none is noticed."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.nodes import Call, Expression, Logical
from tests.generators.trials import Trial, trial
from tests.laws.laws import (
    LAWS,
    OTHER,
    PLACE,
    Trees,
    breaches,
    de_morgan,
    double_negation,
    inlined,
    not_partitioned,
    nulling_breaches,
    permutation,
    rebuilt,
    sees_nulls,
    with_nulled_cells,
)

SEEDS = range(200, 204)


def drawn(seed: int, rules: int = 25, rows: int = 150) -> Trial:
    return trial(Random(seed), rules=rules, rows=rows, attributes=8)


@pytest.mark.parametrize("seed", SEEDS)
def test_rewriting_by_a_law_changes_no_answer(seed: int) -> None:
    """De Morgan, double negation, the order of operands, a segment for its text; and no row is left out."""
    assert breaches(drawn(seed), Random(seed), LAWS) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_null_only_makes_unknown(seed: int) -> None:
    """Nothing becomes true or false because a cell is missing; tests for null aside."""
    assert nulling_breaches(drawn(seed, rules=60), Random(seed)) == []


@pytest.mark.parametrize(
    ("rewriting", "before", "after"),
    [
        (de_morgan, "a && b", "!(!a || !b)"),
        (de_morgan, "!(a || b)", "!!(!a && !b)"),
        (double_negation, "a && x < 1", "!!!!(a && !!(x < 1))"),
        (permutation, "a && b && c", "a && c && b"),
        (inlined, 'a && segment("s")', "a && (b || c)"),
    ],
)
def test_a_law_rewrites(rewriting: object, before: str, after: str) -> None:
    """An identity would hold of any engine."""
    trees = {"s": parse("b || c")}
    assert callable(rewriting)
    assert print_expression(rewriting(parse(before), trees, Random(1))) == after


def swapped(tree: Expression, trees: Trees, random: Random) -> Expression:
    """A false law: AND is OR."""
    return rebuilt(
        tree, lambda node: replace(node, operator=OTHER[node.operator]) if isinstance(node, Logical) else node
    )


def collapsed(tree: Expression, trees: Trees, random: Random) -> Expression:
    """A false law: unknown is false."""
    return Call("isTrue", None, (tree,), PLACE, PLACE)


@pytest.mark.parametrize("false_law", [swapped, collapsed])
def test_a_false_law_is_noticed(false_law: object) -> None:
    assert callable(false_law)
    found = [breach for seed in SEEDS for breach in breaches(drawn(seed), Random(seed), {"false": false_law})]
    assert found
    assert {breach.law for breach in found} == {"false"}


def test_a_rule_that_sees_nulls_is_no_rule_for_nulling() -> None:
    """Else the law would fail: `x == null` is true because a cell is missing."""
    for text in ("x == null", "a || null != x", "has(x)", "isTrue(a)", "coalesce(x, 1) > 2", "!isKnown(a)"):
        assert sees_nulls(parse(text)), text
    assert not sees_nulls(parse('a && x in [1] && s.startsWith("null")'))


@pytest.mark.parametrize("rule", ["{0} == null", "!has({0})", "coalesce({0} == {0}, true)", "!isKnown({0} == {0})"])
def test_nulling_would_be_noticed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same check on rules that it must leave out."""
    monkeypatch.setattr("tests.laws.laws.sees_nulls", lambda tree: False)
    shown = drawn(200)
    column = next(leaf.path for leaf in shown.shape.leaves if leaf.kind.name != "struct" and "." not in leaf.path)
    if "coalesce" in rule:
        rule = "isTrue({0} == {0}) == false"
    found = nulling_breaches(replace(shown, rules={"rule": rule.format(column)}), Random(0))
    assert [breach.law for breach in found] == ["a null only makes unknown"]


def test_nulling_makes_one_cell_null_in_each_row() -> None:
    table = drawn(200).table
    nulled = with_nulled_cells(table, Random(0))
    validities = [np.array([column.is_valid() for column in each.columns]) for each in (table, nulled)]
    made_null = validities[0] & ~validities[1]
    assert made_null.sum(axis=0).max() == 1
    assert made_null.sum() > table.num_rows / 4
    assert not (validities[1] & ~validities[0]).any()


@pytest.mark.parametrize("answers", [{"": [True], "not-": [True]}, {"": [False], "not-": [False]}])
def test_rows_that_are_left_out_or_come_twice_are_noticed(answers: Mapping[str, list[bool]]) -> None:
    masks = {f"{prefix}r0": np.array(answers.get(prefix, [False])) for prefix in ("", "not-", "unknown-")}
    assert [breach.row for breach in not_partitioned(drawn(200, rules=1), masks)] == [0]
