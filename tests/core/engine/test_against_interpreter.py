"""Bulk evaluation against the slow truth: every cell, every thread count, every way to cut the table."""

from random import Random

import pytest

from tests.generators.trials import trial
from tests.sweeps.sweep_bulk import sweep
from tests.sweeps.verdicts import case, check_bulk, reproduction


@pytest.mark.parametrize("seed", range(8))
def test_bulk_agrees_with_the_slow_truth(seed: int) -> None:
    drawn = trial(Random(seed), rules=40, rows=150)
    assert [reproduction(drawn, mismatch) for mismatch in check_bulk(case(drawn), Random(seed))] == []


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 2047, 2048, 2049, 4200])
def test_no_length_of_table_changes_an_answer(rows: int) -> None:
    """Words have 64 rows and blocks 2,048."""
    drawn = trial(Random(rows), rules=12, rows=rows, attributes=5)
    assert [reproduction(drawn, mismatch) for mismatch in check_bulk(case(drawn), Random(rows))] == []


@pytest.mark.slow
def test_bulk_agrees_over_twenty_thousand_rules() -> None:
    assert sweep(rules=20_000, schemas=200, rows=500, seed=1).mismatches == 0
