"""How frequent the codes of customers are: what decides how rules are laid out."""

import numpy as np
from numpy.typing import NDArray

from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.clock import moment
from fasttwitch.engine.half import Half
from fasttwitch.plan.dimensions import dimensions_of

SAMPLE = 20_000  # customers of whom codes are counted


def shares_in(base: EncodedBase | None, half: Half) -> NDArray[np.float64] | None:
    """Return the share of customers that have each code, for each dimension 1 in sum; None if nobody is there."""
    if base is None or not base.num_rows:
        return None
    numbers = np.linspace(0, base.num_rows - 1, min(SAMPLE, base.num_rows)).astype(np.int64)
    codes = base.point_codes(half, numbers, moment(None))
    shares = []
    for dimension, found in zip(dimensions_of(half.codebooks), codes.T, strict=True):
        # As if one more customer were spread over all codes: what a sample lacks may still come.
        counts = np.bincount(found, minlength=dimension.codes) + 1 / dimension.codes
        shares.append(counts / counts.sum())
    return np.concatenate(shares) if shares else np.zeros(0)
