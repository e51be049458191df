"""Single customers against the slow truth: every shape of ruleset, every way to ask."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from tests.generators.rulesets import FLAVOURS, ruleset_trial
from tests.generators.strategies import trials
from tests.generators.trials import Trial
from tests.sweeps.point_reproductions import reproduction
from tests.sweeps.point_verdicts import Compared, check_point, point_case
from tests.sweeps.sweep_point import parsed, sweep


def differences(trial: Trial, random: Random) -> list[str]:
    tried, _ = point_case(trial, random)
    found = check_point(tried, random, Compared())
    return [reproduction(tried, mismatch) for mismatch in found[:3]]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_customer_has_the_segments_that_the_slow_truth_says(flavour: str) -> None:
    random = Random(flavour)
    rules, customers = (200, 5) if flavour == "crowd" else (20, 15)
    assert differences(ruleset_trial(random, flavour, rules, customers), random) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawn=trials(most_rules=3, most_rows=3))
def test_a_small_ruleset_agrees_with_the_slow_truth(drawn: Trial) -> None:
    """Hypothesis makes smaller what is wrong."""
    tried, _ = point_case(drawn, Random(0))
    assert check_point(tried, Random(0), Compared()) == []


@pytest.mark.slow
def test_millions_of_pairs_agree() -> None:
    assert sweep(parsed(["--schemas", "100", "--seed", "1"])).mismatches == 0
