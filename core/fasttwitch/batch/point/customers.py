"""What rules see of customers, as it is kept."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


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
