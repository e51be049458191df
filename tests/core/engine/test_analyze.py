"""Which rules are listed, and which stand in the flat table, follows the customers that a program has seen."""

import numpy as np
import pyarrow as pa

import fasttwitch as ft
from fasttwitch.kernels.point.index import Index

SCHEMA = pa.schema({"tier": pa.string(), "n": pa.int64()})
SEGMENTS = {f"s{i}": f'tier == "rare" && n > {i}' for i in range(3000)} | {"all": 'tier == "common" || n > 5'}
CUSTOMERS = pa.table(
    {"tier": ["rare" if i % 500 == 0 else "common" for i in range(5000)], "n": np.arange(5000) % 4000}, schema=SCHEMA
)


def compiled() -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": SEGMENTS}), SCHEMA)


def listed(program: ft.Program) -> int:
    index = program.matcher.point(0).parts[0].tables.index
    assert isinstance(index, Index)
    return index.listed.clauses


def answers(program: ft.Program) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    rows: list[dict[str, object]] = [
        {"tier": "rare", "n": 1700},
        {"tier": "common", "n": 9},
        {"n": 2},
        {},
        {"tier": "rare"},
    ]
    return [(match.segments, match.unknown) for match in (program.match(row) for row in rows)]


def test_without_data_the_classes_of_values_are_taken_to_be_equally_frequent() -> None:
    program = compiled()
    answers(program)
    assert listed(program) == 0


def test_rules_with_a_rare_condition_are_listed_once_data_shows_that_it_is_rare() -> None:
    program = compiled()
    before = answers(program)
    program.analyze(CUSTOMERS)
    assert listed(program) == 3000
    assert answers(program) == before


def test_a_base_that_was_encoded_before_the_first_match_counts_as_analyzed() -> None:
    program = compiled()
    base = program.encode(CUSTOMERS)
    assert program.match(base.row(0)).segments == ()
    assert listed(program) == 3000
    assert answers(program) == answers(compiled())


def test_no_customers_tell_nothing() -> None:
    program = compiled()
    program.analyze(CUSTOMERS.slice(0, 0))
    assert listed(program) == 0


def test_a_row_that_was_prepared_before_is_still_answered() -> None:
    program = compiled()
    row = program.row({"tier": "rare", "n": 3})
    before = program.match(row).segments
    program.analyze(CUSTOMERS)
    assert program.match(row).segments == before == ("s0", "s1", "s2", "all")[:3]


def test_why_can_be_asked_of_a_prepared_row() -> None:
    program = compiled()
    row = program.row({"tier": "rare", "n": 3, "unheard": 1}, extra="ignore")
    assert program.explain(row, "s2").answer == "true"
    assert program.explain(row, "s3").answer == "false"
