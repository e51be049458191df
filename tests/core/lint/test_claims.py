"""Random rules: whatever a review claims is true of every row, as the slow truth sees it."""

from random import Random

import pytest

from fasttwitch.lint.findings import KINDS
from tests.generators.trials import trial
from tests.sweeps.review_claims import PROVED, false_claims, findings_of
from tests.sweeps.sweep_review import sweep
from tests.sweeps.verdicts import case


@pytest.mark.parametrize("seed", range(6))
def test_no_row_refutes_a_finding(seed: int) -> None:
    drawn = trial(Random(seed), rules=40, rows=120, attributes=1 + seed % 4)
    findings = findings_of(drawn)
    assert [one.kind for one in findings if one.kind in PROVED], "a trial without a claim shows nothing"
    assert list(false_claims(case(drawn), findings)) == []


def test_what_is_proved_has_a_kind() -> None:
    assert set(PROVED) <= set(KINDS)


@pytest.mark.slow
def test_no_row_refutes_a_finding_about_thousands_of_rules() -> None:
    assert sweep(rules=3_000, rows=150, seed=3) == []
