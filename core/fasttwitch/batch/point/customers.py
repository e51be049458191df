"""What rules see of customers, as it is kept."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

import numpy as np


class Values(NamedTuple):
    """What rules see of some customers; column by column, never changed.

    rows    how many customers
    raw     int64[slots, rows]: ints, doubles, Booleans, instants, and 1 for structs and lists that are there; then
            uint8[slots, rows]: 1 where the value is known
    texts   str or None, of each text column all rows
    others  Decimal or None, of each decimal column all rows
    """

    rows: int
    raw: bytes
    texts: Sequence[str | None]
    others: Sequence[Decimal | None]


def together(customers: Sequence[Values]) -> Values:
    """Return what is kept of single customers as one, in their order; there is at least one."""
    rows = len(customers)
    each = np.frombuffer(b"".join([values.raw for values in customers]), np.uint8).reshape(rows, -1)
    slots = each.shape[1] // 9
    words, known = each[:, : 8 * slots].reshape(rows, slots, 8), each[:, 8 * slots :]
    raw = np.ascontiguousarray(words.transpose(1, 0, 2)).tobytes() + np.ascontiguousarray(known.T).tobytes()
    texts, others = (zip(*[values[place] for values in customers], strict=True) for place in (2, 3))
    return Values(rows, raw, list(chain.from_iterable(texts)), list(chain.from_iterable(others)))
