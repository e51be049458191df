"""From gates to their index."""

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.flat import build_flat
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.homes import choose_homes
from fasttwitch.kernels.point.index import Index, assemble
from fasttwitch.kernels.point.lists import build_lists
from fasttwitch.kernels.point.literals import facts_of


def build_index(gates: Gates, shares: NDArray[np.float64] | None = None, only: str | None = None) -> Index:
    """Return the index of some gates.

    shares  float64[cells]: of customers that have each code, for each dimension 1 in sum; None for a guess
    only    "flat", or "listed" (whatever can be), in place of what is fastest: for tests
    """
    facts = facts_of(gates, shares)
    flat_rows, clauses = choose_homes(gates, facts, only)
    listed, exact = build_lists(gates, facts, clauses)
    flat = build_flat(gates, facts, flat_rows)
    return assemble(gates.roots.size, gates.cells.size - 1, flat, listed, exact)
