"""One half of a program at the point: the rules of one part, or of several, and their names.

A program that came out of a change has two parts: that of the program it was made from, in which the rules that have
changed have no name any more, and a small one for these. Codes of the parts stand side by side, and rows of answers
are numbered through.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.coder import RowCoder
from fasttwitch.batch.point.values import Values
from fasttwitch.engine.flips import Flips
from fasttwitch.engine.part import Part
from fasttwitch.engine.parted import PartedCoder, PartedFlips
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.plan.codebooks import Codebook
from fasttwitch.plan.dimensions import Dimension
from fasttwitch.plan.schedule import EVERYBODY

CODE_BYTES = 4


class Point:
    """Rules by name, ready to be asked about single customers; safe to share between threads.

    Rows of answers are told as `Part` tells them; there may be rows without a name.

    parts  the rules
    roots  int64: for each name its row of answers, or NOBODY, or EVERYBODY
    coder  makes the codes: int32[customers, dimensions of all parts]
    """

    def __init__(self, parts: Sequence[Part], roots: NDArray[np.int64]) -> None:
        self.parts = tuple(parts)
        self.roots = roots
        self._first = parts[0]
        self._first_rows = list(accumulate((part.rows for part in parts), initial=0))
        self._first_dimensions = list(accumulate((len(part.plan.dimensions) for part in parts), initial=0))
        self._rest = list(zip(parts[1:], self._first_rows[1:-1], self._first_dimensions[1:-1], strict=True))
        self.coder: RowCoder | PartedCoder = (
            PartedCoder([part.coder for part in parts], self._first_dimensions) if self._rest else parts[0].coder
        )
        # Places of names by row, and where each row's begin: no lists, which would wake the garbage collector.
        self._always = np.flatnonzero(roots == EVERYBODY).tolist()
        by_root = np.argsort(roots, kind="stable")
        self._places = by_root[np.count_nonzero(roots < 0) :]
        names_a_row = np.bincount(roots[self._places], minlength=self.rows)
        self._begins = np.append(0, np.cumsum(names_a_row))
        self._is_named = names_a_row > 0
        self._has_twins = bool((names_a_row > 1).any())
        self._place_of_row = np.full(self.rows, -1)
        self._place_of_row[roots[self._places]] = self._places

    @property
    def rows(self) -> int:
        """Rows of answers, those without a name included."""
        return self._first_rows[-1]

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What is coded, in the order of the codes."""
        return tuple(dimension for part in self.parts for dimension in part.plan.dimensions)

    @cached_property
    def codebooks(self) -> tuple[Codebook, ...]:
        """What tells the values of each dimension apart."""
        return tuple(part.codebook(dimension) for part in self.parts for dimension in part.plan.dimensions)

    @cached_property
    def read_dimensions(self) -> frozenset[int]:
        """The dimensions that rules with names read."""
        if not self._rest:
            return frozenset(range(len(self.dimensions)))
        found: set[int] = set()
        for part, first_row, first_dimension in zip(self.parts, self._first_rows, self._first_dimensions, strict=False):
            rows = np.flatnonzero(self._is_named[first_row : first_row + part.rows]).tolist()
            found |= {first_dimension + number for number, _ in part.plan.gates.literals_below(rows)}
        return frozenset(found)

    @cached_property
    def flips(self) -> Flips | PartedFlips:
        """What finds changes."""
        if not self._rest:
            return self._first.flips
        return PartedFlips(
            [part.flips for part in self.parts], self._first_dimensions, self._first_rows, self._is_named
        )

    def home(self, row: int) -> tuple[Part, int, int]:
        """Return the part that answers with a row, the row's number there, and the part's first dimension."""
        number = int(np.searchsorted(self._first_rows, row, "right")) - 1
        return self.parts[number], row - self._first_rows[number], self._first_dimensions[number]

    def of_codes(self, codes_address: int) -> bytes:
        """Return the rows of the rules that hold for a customer whose codes lie at an address."""
        rows = self._first.of_codes(codes_address)
        for part, first_row, first_dimension in self._rest:
            rows += shifted(part.of_codes(codes_address + CODE_BYTES * first_dimension), first_row)
        return rows

    def of_values(self, values: Values, now: int) -> bytes:
        """Return the rows of the rules that hold for the one customer of `values`, the clock at `now` µs."""
        rows = self._first.of_values(values, now)
        for part, first_row, _ in self._rest:
            rows += shifted(part.of_values(values, now), first_row)
        return rows

    def of_prepared(self, codes: bytes, values: Values, now: int) -> bytes:
        """Return the rows of the rules that hold for a customer of whom only codes that follow the clock are open.

        codes  the bytes of int32[dimensions]
        """
        if not self._rest:
            return self._first.of_prepared(codes, values, now)
        ends = [CODE_BYTES * first for first in self._first_dimensions]
        found = [
            shifted(part.of_prepared(codes[begin:end], values, now), first_row)
            for part, first_row, begin, end in zip(self.parts, self._first_rows, ends, ends[1:], strict=False)
        ]
        return b"".join(found)

    def of_kept(self, base: Snapshot, number: int, now: int) -> bytes:
        """Return the rows of the rules that hold for a customer of an encoded base, the clock at `now` µs."""
        rows = self._first.of_kept(base, number, now)
        for part, first_row, _ in self._rest:
            rows += shifted(part.of_kept(base, number, now), first_row)
        return rows

    def of_many(self, codes: Callable[[slice], NDArray[np.int32]], customers: int, threads: int) -> list[bytes]:
        """Return the rows of the rules that hold for each customer.

        codes  gives int32[customers, dimensions] of some of the customers; all threads ask it
        """
        if not self._rest:
            return self._first.of_many(codes, customers, threads)
        whole = codes(slice(0, customers))
        found = [
            part.of_many(whole[:, begin:end].__getitem__, customers, threads)
            for part, begin, end in zip(self.parts, self._first_dimensions, self._first_dimensions[1:], strict=False)
        ]
        return [b"".join(map(shifted, rows, self._first_rows)) for rows in zip(*found, strict=True)]

    def kept_codes(self, base: Snapshot, numbers: NDArray[np.int64], now: int) -> NDArray[np.int32]:
        """Return the codes of customers of an encoded base, the clock at `now` µs: int32[customers, dimensions].

        numbers  their rows
        """
        found = [base.point_codes(part.half, numbers, now) for part in self.parts]
        return np.concatenate(found, axis=1) if self._rest else found[0]

    def holds(self, place: int, rows: bytes) -> bool:
        """Return whether the rule at a place of the names is among those that hold."""
        root = self.roots[place]
        return bool(root == EVERYBODY or (root >= 0 and (np.frombuffer(rows, np.int32) == root).any()))

    def places(self, rows: bytes, always: bool = True) -> Sequence[int]:
        """Return the places, among the names, of the rules with these rows, ascending.

        always  those that hold for everybody, too
        """
        numbers = np.frombuffer(rows, np.int32)
        if self._has_twins:
            begins = self._begins
            found = {place for row in numbers for place in self._places[begins[row] : begins[row + 1]].tolist()}
        else:
            found = set(self._place_of_row[numbers].tolist())
            found.discard(-1)
        if always:
            found.update(self._always)
        return sorted(found)


def shifted(rows: bytes, by: int) -> bytes:
    """Return rows of answers of a part as the point numbers them."""
    return (np.frombuffer(rows, np.int32) + np.int32(by)).tobytes() if by and rows else rows
