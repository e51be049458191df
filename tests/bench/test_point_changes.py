"""Changes that are timed are changes, and what is timed finds what they do."""

import numpy as np
import pytest

from bench.point.changes import CHANGES, ChangeTimer, changed
from bench.workloads.gates import gate_workload
from fasttwitch.kernels.point.flips import build_flips
from tests.oracle.gates import rows_that_hold


@pytest.mark.parametrize("change", CHANGES)
def test_each_customer_changes_in_one_attribute(change: str) -> None:
    drawn = gate_workload("u30", "non", 300, 100)
    after = changed(drawn.codes, drawn.gates, change)
    moved = (after != drawn.codes).sum(1)
    assert set(moved.tolist()) == {0 if change == "nothing" else 1}
    sizes = np.diff(drawn.gates.cells)
    assert np.all((after >= 0) & (after < sizes))
    if change == "step":
        assert np.abs(after - drawn.codes).max() == 1
    _, flipped = ChangeTimer(build_flips(drawn.gates), 300, drawn.codes, after).run()
    before, now = rows_that_hold(drawn.gates, drawn.codes), rows_that_hold(drawn.gates, after)
    assert flipped.tolist() == [len({*one} ^ {*other}) for one, other in zip(before, now, strict=True)]
