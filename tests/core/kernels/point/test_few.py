"""Rules that are laid out in no way give the answers of the definition."""

import pytest

from fasttwitch.kernels.point.few import few_index, match_few, match_few_of_many
from fasttwitch.kernels.point.load import PointKernels
from tests.core.kernels.point.circuits import matches, matches_together
from tests.core.kernels.point.shapes import SHAPES, example

FEW = PointKernels("portable", match_few, match_few, match_few_of_many)


@pytest.mark.parametrize("name", SHAPES)
def test_gates_one_by_one_agree_with_the_definition(name: str) -> None:
    gates, codes, expected = example(name)
    index = few_index(gates)
    assert matches(index, FEW, codes) == expected
    for capacity in (index.most_ids, 3 * index.most_ids, 100 * index.most_ids):
        assert matches_together(index, FEW, codes, capacity) == expected
