"""One customer's workload is what the benchmarks say it is: 42 attributes, conditions of known selectivity."""

from random import Random

import pytest

from bench import ours
from bench.workloads import NOW
from bench.workloads.graded import CUTS
from bench.workloads.touchpoint import TOUCHPOINT, TOUCHPOINT_RULES, touchpoint_customers
from fasttwitch import syntax
from fasttwitch.syntax import nodes

ROWS = 4_000


def test_a_customer_has_42_attributes_of_every_plain_type() -> None:
    customers = touchpoint_customers(ROWS)
    types = {str(field.type) for field in customers.table.schema}
    assert types == {"double", "int32", "int64", "timestamp[us, tz=UTC]", "string", "bool"}
    assert len(TOUCHPOINT) == customers.table.num_columns == 42


def test_mappings_and_table_are_the_same_customers() -> None:
    customers = touchpoint_customers(50)
    assert list(customers.profiles) == customers.table.to_pylist()
    assert list(customers.first(7).profiles) == customers.first(7).table.to_pylist() == list(customers.profiles[:7])


def test_no_two_customers_are_the_same_and_the_same_seed_draws_them_again() -> None:
    """One customer asked about again and again would have all tables in the first-level cache."""
    customers = touchpoint_customers(ROWS)
    assert len({tuple(profile.values()) for profile in customers.profiles}) == ROWS
    touchpoint_customers.cache_clear()
    assert touchpoint_customers(ROWS).table.equals(customers.table)


def test_customers_are_complete_only_if_asked_for() -> None:
    assert all(column.null_count > 0 for column in touchpoint_customers(ROWS).table.columns)
    assert all(column.null_count == 0 for column in touchpoint_customers(ROWS, 0.0).table.columns)


def test_narrow_conditions_are_met_by_about_one_percent() -> None:
    narrow = {each.name: each.narrow for each in TOUCHPOINT if each.narrow is not None}
    assert len(narrow) == 41  # all but the Boolean
    for part in _parts({name: [write(Random(seed)) for seed in range(10)] for name, write in narrow.items()}).values():
        assert 0.005 < part < 0.017


@pytest.mark.parametrize("wanted", [0.3, 0.5, 0.7])
def test_wide_conditions_are_met_by_the_share_that_is_asked_for(wanted: float) -> None:
    graded = [each for each in TOUCHPOINT if each.constants in (50, CUTS)]
    parts = _parts({each.name: [each.wide(Random(seed), wanted) for seed in range(10)] for each in graded})
    assert parts == pytest.approx(dict.fromkeys(parts, wanted), abs=0.07)


@pytest.mark.parametrize(("kind", "least", "most"), [("plain", 0.7, 1.3), ("selective", 0.01, 0.05), ("nested", 1, 4)])
def test_about_as_many_rules_hold_as_the_workload_says(kind: str, least: float, most: float) -> None:
    customers = touchpoint_customers(ROWS)
    counts = ours.program(customers.table, TOUCHPOINT_RULES[kind](1_000)).count(customers.table, now=NOW)
    assert least < 100 * sum(counts.values()) / 1_000 / ROWS < most


def test_plain_rules_read_four_to_eight_attributes_and_name_nearly_all_constants() -> None:
    names: set[str] = set()
    constants: dict[str, set[str]] = {each.name: set() for each in TOUCHPOINT}
    for text in TOUCHPOINT_RULES["plain"](3_000).values():
        tree = syntax.parse(text)
        found = [each for each in _walk(tree) if isinstance(each, nodes.Name) and each.name != "now"]
        assert 4 <= len({each.name for each in found}) <= 8
        names |= {each.name for each in found}
        for word in (each for each in _walk(tree) if isinstance(each, nodes.Constant)):
            if isinstance(word.value, str):
                constants[word.value.rpartition("-")[0]].add(word.value)
    assert len(names) == 42
    assert len(constants["country"]) == 50
    assert len(constants["city"]) > 700


def test_nested_rules_have_choices_negations_and_alternatives() -> None:
    texts = TOUCHPOINT_RULES["nested"](100).values()
    for sign in (" ? ", " || ", "!("):
        assert sum(sign in text for text in texts) > 20


def _parts(conditions: dict[str, list[str]]) -> dict[str, float]:
    """Return the share of customers who meet the conditions on each attribute, on average."""
    table = touchpoint_customers(ROWS).table
    rules = {f"{name}_{number}": text for name, texts in conditions.items() for number, text in enumerate(texts)}
    counts = ours.program(table, rules).count(table, now=NOW)
    return {
        name: sum(counts[f"{name}_{number}"] for number in range(len(texts))) / len(texts) / ROWS
        for name, texts in conditions.items()
    }


def _walk(tree: nodes.Expression) -> list[nodes.Expression]:
    match tree:
        case nodes.Logical(_, operands):
            below = operands
        case nodes.Unary(_, operand):
            below = (operand,)
        case nodes.Binary(_, left, right):
            below = (left, right)
        case nodes.ListOf(items):
            below = tuple(items)
        case nodes.Call(_, receiver, arguments):
            below = (*((receiver,) if receiver else ()), *arguments)
        case _:
            below = ()
    return [tree, *(found for each in below for found in _walk(each))]
