"""Hypothesis strategies over the same vocabulary: Hypothesis owns the dice, so that what fails also shrinks."""

from random import Random

from hypothesis import strategies as st

from tests.generators.trials import Trial, trial


@st.composite
def trials(draw: st.DrawFn, most_rules: int = 3, most_rows: int = 6, most_attributes: int = 3) -> Trial:
    """Draw a few rules over a small table."""
    rules = draw(st.integers(1, most_rules))
    rows = draw(st.integers(0, most_rows))
    attributes = draw(st.integers(1, most_attributes))
    dice: Random = draw(st.randoms(use_true_random=False))
    return trial(dice, rules, rows, attributes)
