"""Rows behind bits."""

import numpy as np
import pytest

from fasttwitch.engine.words import first_rows_in, rows_in


@pytest.mark.parametrize("share", [0.0, 0.001, 0.02, 0.5, 1.0])
@pytest.mark.parametrize("most", [1, 5, 1_000])
def test_the_first_rows_are_the_first_of_all(share: float, most: int) -> None:
    bits = np.random.default_rng(3).random(64 * 200) < share
    words = np.packbits(bits, bitorder="little").view(np.uint64)
    assert rows_in(words).tolist() == np.flatnonzero(bits).tolist()
    assert first_rows_in(words, most).tolist() == np.flatnonzero(bits)[:most].tolist()
