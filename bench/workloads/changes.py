"""Changes of customers, batch by batch: each of one to three attributes, to what other customers have there."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

STOCK = 200_000  # customers of whom values are taken
ATTRIBUTES = (1, 1, 1, 2, 1, 2, 3, 3)  # how many change, batch after batch


def batches(base: pa.Table, others: pa.Table, key: str, rows: int, seed: int = 0) -> Iterator[pa.Table]:
    """Yield endlessly changes of so many customers: `key` and the attributes that change.

    others  has the columns of the base besides the key, STOCK rows in one chunk each
    """
    random = np.random.default_rng(seed)
    names = [name for name in base.schema.names if name != key]
    ids = base.column(key).combine_chunks()
    # The same eight sets of attributes again and again: streams of events have few kinds.
    sets: list[Sequence[str]] = [random.choice(names, count, replace=False).tolist() for count in ATTRIBUTES]
    while True:
        for some in sets:
            who = ids.take(pa.array(random.choice(base.num_rows, rows, replace=False)))
            begin = int(random.integers(0, STOCK - rows))
            columns = {name: pa.concat_arrays(others.column(name).slice(begin, rows).chunks) for name in some}
            yield pa.table({key: who, **columns})
