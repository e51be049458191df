"""Strings to the codes of all that rules ask of a string column; what was met before is one look-up.

A reader takes the present *epoch*, a dict from string to the address of its codes, and asks it; nothing is ever locked
for that. An epoch that has grown to its bound is replaced by an empty one and lives as long as somebody reads it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.by_value import ByValue
from fasttwitch.logic.nodes import Expression

# An epoch of short strings takes some 10 MB. Most columns have fewer distinct strings than that; of those that have
# more (ids, search terms) most strings come once.
MOST_STRINGS = 65_536
MOST_CHARACTERS = 4_194_304
# Longer strings rarely come again, and looking one up means reading all of it.
LONGEST_KEPT = 256
ROWS_A_CHUNK = 256


class TextCoder:
    """How strings of one column are coded.

    names  string → its class's code in each codebook of names; mostly there is one
    tests  each test with whether a string may make it unknown
    """

    def __init__(self, names: Sequence[Mapping[str, int]], tests: Sequence[tuple[Expression, bool]]) -> None:
        self._names = names
        self._judge = ByValue(test for test, _ in tests) if tests else None
        self._may_fail = [may_fail for _, may_fail in tests]
        self.width = len(names) + len(tests)

    def codes(self, text: str) -> list[int]:
        """Return the codes of a string: of names, then of tests."""
        codes = [names.get(text, 1) for names in self._names]
        if self._judge is not None:
            for outcome, may_fail in zip(self._judge((text,)), self._may_fail, strict=True):
                codes.append(2 if outcome else 0 if outcome is None and may_fail else 1)
        return codes


class Epoch(dict[str | None, int]):
    """The address of the int32 codes of each string; a string that is missing is judged when it is asked for.

    Equal codes stand in memory once.
    """

    def __init__(self, coder: TextCoder, replace: Callable[["Epoch"], None]) -> None:
        super().__init__()
        self._coder = coder
        self._replace = replace
        self._lock = threading.Lock()  # of writers
        self._addresses: dict[bytes, int] = {}
        self._chunks: list[NDArray[np.int32]] = []
        self._used = ROWS_A_CHUNK
        self._characters = 0
        self[None] = self._address(np.zeros(coder.width, np.int32))

    def __missing__(self, text: str) -> int:
        codes = np.array(self._coder.codes(text), np.int32)
        with self._lock:
            address = self._address(codes)
            if len(text) <= LONGEST_KEPT:
                self._characters += len(text)
                self[text] = address
            is_full = (
                len(self) > MOST_STRINGS or self._characters > MOST_CHARACTERS or len(self._addresses) > MOST_STRINGS
            )
        if is_full:
            self._replace(self)
        return address

    def _address(self, codes: NDArray[np.int32]) -> int:
        """Return where such codes stand, after writing them if they are new."""
        key = codes.tobytes()
        address = self._addresses.get(key)
        if address is None:
            if self._used == ROWS_A_CHUNK:
                self._chunks.append(np.zeros((ROWS_A_CHUNK, self._coder.width), np.int32))
                self._used = 0
            chunk = self._chunks[-1]
            chunk[self._used] = codes
            address = self._addresses[key] = int(chunk.ctypes.data) + self._used * chunk.strides[0]
            self._used += 1
        return address


class Signatures:
    """The epochs of the string columns of a coder.

    coders  one a column
    places  which columns of the texts of customers these are
    epochs  one a column; taken as a whole, and held for as long as addresses out of them are used
    """

    def __init__(self, coders: Sequence[TextCoder], places: Sequence[int]) -> None:
        from fasttwitch.kernels.point.entry import entry  # here, because Numba takes a second to import
        from fasttwitch.kernels.point.lookup import look_up

        self._coders = tuple(coders)
        self._lock = threading.Lock()
        self._places = np.array(places, np.int64)
        self._places_at = int(self._places.ctypes.data)
        self._look_up = entry(look_up)
        self.epochs: tuple[Epoch, ...] = tuple(Epoch(coder, self._replace) for coder in coders)

    def find(
        self, texts: Sequence[str | None], stride: int, begin: int, rows: int, out: memoryview, out_at: int
    ) -> tuple[Epoch, ...]:
        """Write where the codes of strings stand; return what to hold for as long as these addresses are used.

        texts   a list of [columns of texts, stride]
        begin   the first row
        rows    how many
        out     int64[columns, rows], and one more
        out_at  its address
        """
        epochs = self.epochs
        columns, done = len(epochs), 0
        while True:
            done = self._look_up(id(epochs), columns, self._places_at, id(texts), stride, begin, rows, done, out_at)
            if done == columns * rows:
                return epochs
            column, row = divmod(done, rows)
            out[done] = epochs[column][texts[int(self._places[column]) * stride + begin + row]]  # which is judged now
            done += 1

    def _replace(self, full: Epoch) -> None:
        """Put an empty epoch in the place of one that is full, unless another thread has."""
        with self._lock:
            self.epochs = tuple(
                Epoch(coder, self._replace) if epoch is full else epoch
                for coder, epoch in zip(self._coders, self.epochs, strict=True)
            )
