"""DuckDB against the slow truth: somebody else's reading of the same rules, so that the truth itself is on trial."""

from random import Random

import duckdb
import pytest

from tests.generators.trials import trial
from tests.sweeps.verdicts import case, check_duckdb


@pytest.mark.parametrize("seed", range(100, 106))
def test_duckdb_agrees_with_the_slow_truth(seed: int) -> None:
    drawn = case(trial(Random(seed), rules=40, rows=100))
    said, mismatches = check_duckdb(drawn, duckdb.connect(config={"threads": 1}))
    assert mismatches == []
    assert said >= 8, "a good part of the rules can be said in SQL"
