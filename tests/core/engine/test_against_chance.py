"""Small random tables and rules that Hypothesis chooses, and makes smaller when bulk evaluation is wrong."""

from hypothesis import HealthCheck, given, settings

from tests.generators.strategies import trials
from tests.generators.trials import Trial
from tests.sweeps.verdicts import accepted, case, check_once


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawn=trials())
def test_bulk_agrees_with_the_slow_truth(drawn: Trial) -> None:
    """One run each: shrinking asks hundreds of times. Rules that are refused for their size are left out."""
    kept, wrong = accepted(case(drawn))
    assert wrong + check_once(kept) == []
