"""The chance that segments are related which have nothing to do with each other."""

import math

import numpy as np
import pytest

from fasttwitch.lint.chance import log_chance_inside


def test_it_is_that_of_drawing_without_putting_back() -> None:
    for customers in (1, 2, 7, 300, 1_000):
        pairs = [(inner, outer) for outer in range(0, customers + 1, 1 + customers // 9) for inner in range(outer + 1)]
        inner, outer = np.array(pairs).T
        expected = [math.log(math.comb(o, i)) - math.log(math.comb(customers, i)) for i, o in pairs]
        np.testing.assert_allclose(log_chance_inside(inner, outer, customers), expected, atol=1e-9)


def test_it_is_right_for_many_customers() -> None:
    """One customer of ten million lies in the half by half a chance, two by a quarter."""
    found = log_chance_inside(np.array([1, 2, 3]), np.array([5_000_000] * 3), 10_000_000)
    assert np.exp(found).tolist() == pytest.approx([0.5, 0.25, 0.125], rel=1e-5)


def test_of_no_pairs_there_is_none() -> None:
    assert log_chance_inside(np.zeros(0, np.int64), np.zeros(0, np.int64), 5).tolist() == []
