"""What kernels of updates do, as dully as it can be written."""

import numpy as np
from numpy.typing import NDArray


def differences(
    before: NDArray[np.uint64], after: NDArray[np.uint64], names: list[int], customers: list[int]
) -> list[tuple[int, int]]:
    """Return (2 * name + whether it is set now, whose bit it is) for each bit that differs."""
    old, new = (
        np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=1, bitorder="little")
        for words in (before, after)
    )
    return [
        (2 * names[row] + int(new[row, bit]), customers[bit])
        for row in range(len(old))
        for bit in range(old.shape[1])
        if old[row, bit] != new[row, bit]
    ]


def rows_of(words: list[int], known: list[int], wanted: list[int], wanted_known: list[int]) -> list[int]:
    """Return the row of each word; -1 for those that there are not, or that are not known."""
    row_of = {word: row for row, word in enumerate(words) if known[row]}
    return [row_of.get(word, -1) if there else -1 for word, there in zip(wanted, wanted_known, strict=True)]
