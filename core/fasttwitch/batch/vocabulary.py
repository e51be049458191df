"""Strings that a column of plain text is known to hold.

Rules may ask of a string more than which name it equals. Once its distinct strings have been judged, the next run looks
each row's string up among them, inside the kernels, instead of interning the column first. Should a string be missing,
the run says so and is done again the long way: an answer never depends on what was seen before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.batch.text import LARGE, plain
from fasttwitch.kernels.names import NamesTable, names_table

MOST_STRINGS = 16_384  # more would not stay in the second-level cache
MOST_JUDGED = 8 * MOST_STRINGS  # a dictionary that long is not looked through for equal strings
MOST_MISSES = 4  # a column that keeps bringing new strings is interned every time


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Distinct strings, and the kernels' table of them: string i has number i."""

    strings: pa.Array
    table: NamesTable


class Vocabularies:
    """The vocabularies of the text inputs of a plan, by number of input. Bounded; safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[int, Vocabulary] = {}
        self._misses: dict[int, int] = {}

    def get(self, number: int) -> Vocabulary | None:
        """Return the vocabulary of an input, if one is worth using."""
        return self._known.get(number)

    def learn(self, number: int, dictionaries: Sequence[pa.Array]) -> None:
        """Take in the dictionaries of a column that had to be interned."""
        if self._misses.get(number, 0) > MOST_MISSES:
            return
        self._misses[number] = self._misses.get(number, 0) + 1
        known = self._known.pop(number, None)
        if max(map(len, dictionaries), default=0) > MOST_JUDGED:
            return
        parts = [plain(dictionary) for dictionary in dictionaries]
        strings = pc.unique(pa.chunked_array([known.strings, *parts] if known else parts, type=LARGE)).drop_null()
        if len(strings) <= MOST_STRINGS and self._misses[number] <= MOST_MISSES:
            self._known[number] = Vocabulary(strings, names_table(strings.to_pylist()))
