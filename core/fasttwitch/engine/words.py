"""Customers as bits, 64 to a word: row r is bit r % 64 of word r // 64, and bits past the last row are 0."""

import numpy as np
from numpy.typing import NDArray

from fasttwitch.plan.schedule import NOBODY

Words = NDArray[np.uint64]


def words_of(masks: NDArray[np.uint64], root: int, rows: int) -> Words:
    """Return the customers of a plan's root, uint64[ceil(rows / 64)].

    masks  uint64[plan.rows, words], of a run over so many rows
    """
    words = -(-rows // 64)
    if root >= 0:
        return masks[root, :words]
    mask = np.full(words, 0 if root == NOBODY else 2**64 - 1, np.uint64)
    if words and rows % 64:
        mask[-1] &= np.uint64(2 ** (rows % 64) - 1)
    return mask


def rows_in(words: Words) -> NDArray[np.int64]:
    """Return the rows of the customers, ascending."""
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little")).astype(np.int64)


def first_rows_in(words: Words, most: int) -> NDArray[np.int64]:
    """Return the rows of the first customers, ascending: a look at some words in place of all bits."""
    places = np.flatnonzero(words)[:most]
    found = rows_in(words[places])
    return (64 * places[found // 64] + found % 64)[:most]
