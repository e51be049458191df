"""The workloads are what the benchmarks say they are: the same for everybody, and hard in the ways that bases are."""

from collections.abc import Sequence

import pyarrow as pa
import pytest

from bench import ours
from bench.workloads import (
    FUNCTION_COLUMNS,
    FUNCTIONS_AND_OWN,
    MIXED,
    OWN,
    PLAIN,
    SHARED,
    Attribute,
    Question,
    alike,
    conjunctions,
    customers,
    nested,
    segments,
)
from bench.workloads.texts import Text
from fasttwitch import syntax
from fasttwitch.syntax import nodes

ROWS = 2_000


@pytest.mark.parametrize("attributes", [MIXED, PLAIN, FUNCTION_COLUMNS], ids=["mixed", "plain", "functions"])
def test_the_same_seed_draws_the_same_customers(attributes: Sequence[Attribute | Text]) -> None:
    assert customers(ROWS, 3, attributes).equals(customers(ROWS, 3, attributes))
    assert not customers(ROWS, 3, attributes).equals(customers(ROWS, 4, attributes))


def test_the_mixed_base_has_every_type_that_a_rule_can_name() -> None:
    table = customers(ROWS)
    types = {str(field.type) for field in table.schema}
    assert len(MIXED) >= 42
    assert types >= {
        "double",
        "float",
        "int64",
        "int32",
        "int16",
        "uint16",
        "bool",
        "string",
        "date32[day]",
        "decimal128(12, 2)",
        "timestamp[us, tz=UTC]",
        "timestamp[ms, tz=UTC]",
        "dictionary<values=string, indices=int32, ordered=0>",
    }
    words = {len(column.chunk(0).dictionary) for column in table.columns if pa.types.is_dictionary(column.type)}
    assert words == {4, 30, 50, 2_000}


def test_most_attributes_are_missing_for_somebody() -> None:
    """Rules over complete data are easy; nobody has complete data."""
    table = customers(ROWS)
    assert sum(column.null_count > 0 for column in table.columns) >= 35


def test_the_plain_base_has_five_types_only() -> None:
    types = {str(field.type).partition("<")[0] for field in customers(ROWS, 0, PLAIN).schema}
    assert types == {"double", "int32", "int64", "bool", "dictionary"}
    assert len(PLAIN) == 43


@pytest.mark.parametrize("count", [10, 100, 1_000])
def test_as_many_segments_as_asked_for(count: int) -> None:
    assert len(segments(count)) == count
    assert len(nested(count)) == count
    assert len(conjunctions(count)) == count
    assert segments(count, 1) == segments(count, 1)
    assert segments(count, 1) != segments(count, 2)


def test_segments_use_only_segments_above_them() -> None:
    for rules in (segments(300), nested(300)):
        above: set[str] = set()
        for name, text in rules.items():
            assert used(syntax.parse(text)) <= above
            above.add(name)


def test_some_segments_of_the_mixed_workload_build_upon_others_and_none_of_the_plain_one_does() -> None:
    assert 200 < sum("segment(" in text for text in segments(1_000).values()) < 500
    assert not any("segment(" in text for text in segments(1_000, 1, PLAIN).values())


def test_conjunctions_are_ands_of_six_conditions() -> None:
    for text in conjunctions(200).values():
        tree = syntax.parse(text)
        assert isinstance(tree, nodes.Logical)
        assert (tree.operator, len(tree.operands)) == ("&&", 6)


@pytest.mark.parametrize("question", [*SHARED, *OWN], ids=lambda question: question.kind)
def test_each_kind_of_function_is_asked_in_ten_ways(question: Question) -> None:
    assert len(set(alike(question, 10).values())) == 10


def test_functions_are_asked_of_columns_that_are_there() -> None:
    table = customers(ROWS, 1, FUNCTION_COLUMNS)
    rules = segments(100, 1, FUNCTIONS_AND_OWN)
    counts = ours.raw(table, rules)()
    assert sum(0 < count < ROWS for count in counts.values()) > 70
    assert {str(field.type) for field in table.schema} >= {"string", "decimal128(12, 2)", "date32[day]", "double"}


def used(tree: nodes.Expression) -> set[str]:
    """Return the names of the segments that a rule uses."""
    match tree:
        case nodes.Call("segment", None, (nodes.Constant(value=str(name)),)):
            return {name}
        case nodes.Logical(operands=operands):
            return set().union(*map(used, operands))
        case nodes.Unary(operand=operand):
            return used(operand)
        case _:
            return set()
