"""How likely is it that two segments which have nothing to do with each other are related by chance?"""

import math

import numpy as np
from numpy.typing import NDArray

_log_gamma = np.vectorize(math.lgamma, [np.float64])


def log_chance_inside(inner: NDArray[np.int64], outer: NDArray[np.int64], customers: int) -> NDArray[np.float64]:
    """Return the logarithm of the chance that so many customers, drawn at random, all lie in another segment.

    inner, outer  int64[n]: customers in each segment, of `customers` in all; inner <= outer

    The hypergeometric distribution: C(outer, inner) / C(customers, inner). Two segments are disjoint if one lies
    outside the other, which is a segment of `customers - outer`.
    """
    if not inner.size:  # which `np.vectorize` refuses
        return np.zeros(0)
    everybody = np.array([customers])
    return (
        _log_factorial(outer)
        - _log_factorial(outer - inner)
        + _log_factorial(customers - inner)
        - _log_factorial(everybody)
    )


def _log_factorial(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    logarithms: NDArray[np.float64] = _log_gamma(numbers + 1.0)
    return logarithms
