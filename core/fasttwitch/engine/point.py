"""One half of a program at the point: the codes of customers to the rules that hold for them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.coder import RowCoder
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.half import Half
from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.index import Index
from fasttwitch.kernels.point.load import load_point
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.gates import PointPlan, point_plan
from fasttwitch.plan.schedule import EVERYBODY

# Answers of many customers are written one after the other into a room of so many numbers at least.
ROOM_OF_MANY = 1 << 16

Rows = NDArray[np.int32]


class Room:
    """What one call of the kernels writes to; used by one thread at a time.

    codes    int32[dimensions], where the codes of a mapping are made
    answers  int32: rows of answers
    """

    def __init__(self, index: Index) -> None:
        self.codes = np.zeros(max(index.dimensions, 1), np.int32)
        self.answers = np.zeros(index.most_ids, np.int32)
        self._scratch = np.zeros(index.scratch_bytes + 64, np.uint8)
        self.codes_address = int(self.codes.ctypes.data)
        self.answers_address = int(self.answers.ctypes.data)
        scratch = int(self._scratch.ctypes.data)
        self.scratch_address = scratch + -scratch % 64


class Tables:
    """An index and the rooms of its readers: replaced as a whole, so that a reader never sees parts of two.

    A room is taken from the list and put back: both are atomic, so nobody ever waits.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.address = index.address
        self._rooms: list[Room] = []

    def take(self) -> Room:
        """Return a room that nobody else has."""
        try:
            return self._rooms.pop()
        except IndexError:
            return Room(self.index)

    def give(self, room: Room) -> None:
        """Take back a room."""
        self._rooms.append(room)


class Point:
    """One half of a program, ready to be asked about single customers; safe to share between threads.

    plan    the rules as gates over codes
    coder   makes the codes
    shares  of customers by cell, or None where nobody knows
    """

    def __init__(self, plan: Plan, reader: ValuesReader, shares: NDArray[np.float64] | None = None) -> None:
        self.plan: PointPlan = point_plan(plan)
        self.coder = RowCoder(plan, reader)
        kernels = load_point()
        self._match, self._match_many = kernels.match, kernels.match_many
        self.tables = Tables(build_index(self.plan.gates, shares))
        # Places of names by row, and where each row's begin: no lists, which would wake the garbage collector.
        roots = np.array(self.plan.roots, np.int64)
        self._always = np.flatnonzero(roots == EVERYBODY).tolist()
        by_root = np.argsort(roots, kind="stable")
        self._places = by_root[np.count_nonzero(roots < 0) :]
        self._begins = np.searchsorted(roots[self._places], np.arange(self.plan.gates.roots.size + 1))
        self._is_one_each = self._places.size == self.plan.gates.roots.size

    def plan_for(self, shares: NDArray[np.float64]) -> None:
        """Lay the rules out anew for customers of whom each code has this share; answers stay the same."""
        self.tables = Tables(build_index(self.plan.gates, shares))

    def rows(self, codes_address: int) -> Rows:
        """Return the rows of the rules that hold for a customer whose codes lie at an address."""
        tables = self.tables
        room = tables.take()
        return self._rows(tables, room, codes_address)

    def rows_of_values(self, values: Values, now: int) -> Rows:
        """Return the rows of the rules that hold for the one customer of `values`, the clock at `now` µs."""
        tables = self.tables
        room = tables.take()
        self.coder.write(values, now, room.codes_address)
        return self._rows(tables, room, room.codes_address)

    def rows_of_prepared(self, codes: NDArray[np.int32], values: Values, now: int) -> Rows:
        """Return the rows of the rules that hold for a customer of whom only codes that follow the clock are open.

        codes  int32[dimensions]; stays as it is
        """
        tables = self.tables
        room = tables.take()
        room.codes[: codes.size] = codes
        self.coder.rewrite(values, now, room.codes_address)
        return self._rows(tables, room, room.codes_address)

    def rows_of_kept(self, base: EncodedBase, half: Half, number: int, now: int) -> Rows:
        """Return the rows of the rules that hold for a customer of an encoded base, the clock at `now` µs.

        half  the half of the program that this is
        """
        tables = self.tables
        room = tables.take()
        base.write_codes(half, number, now, room.codes_address)
        return self._rows(tables, room, room.codes_address)

    def _rows(self, tables: Tables, room: Room, codes_address: int) -> Rows:
        """Return the rows of the rules that hold, and give the room back."""
        count = self._match(tables.address, codes_address, room.scratch_address, room.answers_address)
        rows = room.answers[:count].copy()
        tables.give(room)
        return rows

    def rows_of_many(self, codes: NDArray[np.int32]) -> tuple[Rows, NDArray[np.int64]]:
        """Return the rows of all customers one after the other, and where each customer's end.

        codes  int32[customers, dimensions]
        """
        tables = self.tables
        customers = len(codes)
        codes = np.ascontiguousarray(codes, np.int32)
        address, stride = int(codes.ctypes.data), codes.strides[0] if customers else 0
        ends = np.zeros(customers, np.int64)
        room = tables.take()
        answers = np.empty(max(ROOM_OF_MANY, 2 * tables.index.most_ids), np.int32)
        parts: list[Rows] = []
        done = found = 0
        while done < customers:
            count = self._match_many(
                tables.address,
                address + done * stride,
                customers - done,
                room.scratch_address,
                int(answers.ctypes.data),
                answers.size,
                int(ends.ctypes.data) + done * ends.itemsize,
            )
            ends[done : done + count] += found
            parts.append(answers[: ends[done + count - 1] - found].copy())
            done, found = done + count, int(ends[done + count - 1])
        tables.give(room)
        return np.concatenate(parts) if parts else np.zeros(0, np.int32), ends

    def places(self, rows: Rows) -> Sequence[int]:
        """Return the places, among the names of the plan, of the rules that hold, ascending."""
        if self._is_one_each:
            found = set(self._places[rows].tolist())
        else:
            begins = self._begins
            found = {place for row in rows for place in self._places[begins[row] : begins[row + 1]].tolist()}
        found.update(self._always)
        return sorted(found)
