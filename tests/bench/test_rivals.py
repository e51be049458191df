"""A rival answers the same question, or its time says nothing."""

import pytest

from bench.rivals import FUNCTION_RIVALS, RIVALS
from bench.rivals.conditions import Flag, Not, OneOf, conditions
from bench.workloads import (
    FUNCTION_COLUMNS,
    FUNCTIONS,
    NOW,
    SHAPES,
    SHARED,
    alike,
    customers,
    segments,
)
from fasttwitch import syntax
from tests.oracle import arrow, interpreter
from tests.oracle.kinds import World

ROWS = 400


@pytest.mark.parametrize("shape", SHAPES)
def test_all_rivals_count_what_the_interpreter_counts(shape: str) -> None:
    table = customers(ROWS, 11, SHAPES[shape])
    rules = segments(40, 12, SHAPES[shape])
    trees = {name: syntax.parse(text) for name, text in rules.items()}
    world = World(arrow.paths(table.schema), trees, {}, int(NOW.timestamp()) * 1_000_000)
    truths = interpreter.answers(world, arrow.rows(table))
    expected = {name: answers.count(True) for name, answers in truths.items()}
    translated = conditions(rules, table.schema, NOW)
    assert {name: rival(table, translated)() for name, rival in RIVALS.items()} == dict.fromkeys(RIVALS, expected)


@pytest.mark.parametrize("rules", [segments(30, 4, FUNCTIONS), *(alike(kind, 12) for kind in SHARED)])
def test_all_rivals_count_what_the_interpreter_counts_of_functions(rules: dict[str, str]) -> None:
    table = customers(ROWS, 13, FUNCTION_COLUMNS)
    trees = {name: syntax.parse(text) for name, text in rules.items()}
    world = World(arrow.paths(table.schema), trees, {}, int(NOW.timestamp()) * 1_000_000)
    truths = interpreter.answers(world, arrow.rows(table))
    expected = {name: answers.count(True) for name, answers in truths.items()}
    assert sum(expected.values()) > 0
    found = {name: rival(table, rules)() for name, rival in FUNCTION_RIVALS.items()}
    assert found == dict.fromkeys(FUNCTION_RIVALS, expected)


def test_recency_becomes_a_comparison_with_an_instant() -> None:
    """To the rivals' advantage: none of them has to subtract."""
    schema = customers(1).schema
    (condition,) = conditions({"recent": "now - last_order_at < days(1)"}, schema, NOW).values()
    assert repr(condition) == (
        "Compare(column='last_order_at', operator='>', "
        "constant=datetime.datetime(2025, 12, 31, 0, 0, tzinfo=datetime.timezone.utc))"
    )


def test_segments_are_written_out() -> None:
    rules = {"app": "has_app", "web": 'device in ["desktop"] && !segment("app")'}
    found = conditions(rules, customers(1).schema, NOW)
    assert found["web"].parts == (OneOf("device", ("desktop",)), Not(Flag("has_app")))  # type: ignore[union-attr]


def test_constants_take_the_type_of_their_column() -> None:
    (condition,) = conditions({"rich": "wallet_balance >= 600.50"}, customers(1).schema, NOW).values()
    assert repr(condition) == "Compare(column='wallet_balance', operator='>=', constant=Decimal('600.50'))"
