"""Some rules of one half of a program at the point: the codes of customers to the rules that hold for them."""

import threading
from collections.abc import Callable
from copy import copy
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.coder import RowCoder
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.engine.flips import Flips
from fasttwitch.engine.half import Half
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.entry import entry
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import Index
from fasttwitch.kernels.point.load import load_point
from fasttwitch.plan.codebooks import Codebook
from fasttwitch.plan.dimensions import Dimension
from fasttwitch.plan.gates import PointPlan
from fasttwitch.pool import run_together

if TYPE_CHECKING:
    from fasttwitch.kernels.point.few import FewIndex

Kernel: TypeAlias = Callable[..., int]

# Answers of many customers are written one after the other into a room of so many numbers at least.
ROOM_OF_MANY = 1 << 16
# Threads take so many customers at a time: some 300 us, enough to make up for waking a thread.
CUSTOMERS_A_TURN = 128
# Rules for which one customer holds the interpreter: some 50 us at most.
MOST_RULES_HELD = 100_000


class Room:
    """What one call of the kernels writes to; used by one thread at a time.

    codes    int32[dimensions], where codes are made
    answers  bytes of int32: rows of answers
    """

    def __init__(self, index: "Index | FewIndex") -> None:
        codes, answers = np.zeros(max(index.dimensions, 1), np.int32), np.zeros(index.most_ids, np.int32)
        scratch = np.zeros(index.scratch_bytes + 64, np.uint8)
        self.codes = codes.data.cast("B")[: codes.itemsize * index.dimensions]
        self.answers = answers.data.cast("B")
        self.codes_address = int(codes.ctypes.data)
        self.answers_address = int(answers.ctypes.data)
        self.scratch_address = int(scratch.ctypes.data) + -int(scratch.ctypes.data) % 64
        self._alive = scratch


class Tables:
    """An index, what reads it, and the rooms of its readers: replaced as a whole, so that nobody sees parts of two.

    match, match_many  as `kernels.point.driver` has them
    rooms              a room is popped and appended again: both are atomic, so nobody ever waits
    """

    def __init__(self, index: "Index | FewIndex", match: Kernel, match_many: Kernel) -> None:
        self.index = index
        self.address = index.address
        self.match, self.match_many = match, match_many
        self.rooms: list[Room] = []

    def take(self) -> Room:
        """Return a room that nobody else has; whoever takes it appends it to `rooms` again."""
        try:
            return self.rooms.pop()
        except IndexError:
            return Room(self.index)


def laid_out(gates: Gates, shares: NDArray[np.float64] | None = None, only: str | None = None) -> Tables:
    """Return gates laid out for customers of whom each code has this share; arguments as `build_index`."""
    return over(build_index(gates, shares, only))


def over(index: Index) -> Tables:
    """Return what asks gates that are laid out already."""
    kernels = load_point()
    match = kernels.match if index.rows <= MOST_RULES_HELD else kernels.match_apart
    return Tables(index, entry(match), entry(kernels.match_many))


def one_by_one(gates: Gates) -> Tables:
    """Return few gates, laid out in no way: each customer asks all of them."""
    from fasttwitch.kernels.point.few import few_index, match_few, match_few_of_many  # compiled when imported

    return Tables(few_index(gates), entry(match_few), entry(match_few_of_many))


class Part:
    """Rules that share codebooks, ready to be asked about single customers; safe to share between threads.

    Rows of answers are told as the bytes of int32s, in no order; a row may stand there twice.

    half   where the rules come from
    plan   the rules as gates over codes
    coder  makes the codes
    """

    def __init__(self, half: Half, reader: ValuesReader, make_tables: Callable[[Gates], Tables] = laid_out) -> None:
        self.half = half
        self.plan: PointPlan = half.point_plan
        self.coder = RowCoder(half.codebooks, reader)
        self.tables = make_tables(self.plan.gates)
        self._lock = threading.Lock()
        self._flips: Flips | None = None

    def reading(self, reader: ValuesReader) -> "Part":
        """Return the same rules for what another reader reads."""
        part = copy(self)
        part.coder = RowCoder(self.half.codebooks, reader)
        return part

    @property
    def rows(self) -> int:
        """Rows of answers."""
        return int(self.plan.gates.roots.size)

    def codebook(self, dimension: Dimension) -> Codebook:
        """Return what tells the values of a dimension apart."""
        return self.half.codebooks[dimension.codebook]

    @property
    def flips(self) -> Flips:
        """What finds changes; made when it is first asked for."""
        flips = self._flips
        if flips is None:
            with self._lock:
                flips = self._flips = self._flips or Flips(self.plan.gates, self.of_codes)
        return flips

    def plan_for(self, shares: NDArray[np.float64]) -> None:
        """Lay the rules out anew for customers of whom each code has this share; answers stay the same."""
        self.tables = laid_out(self.plan.gates, shares)

    def of_codes(self, codes_address: int) -> bytes:
        """Return the rows of the rules that hold for a customer whose codes lie at an address."""
        tables = self.tables
        return self._rows(tables, tables.take(), codes_address)

    def of_values(self, values: Values, now: int) -> bytes:
        """Return the rows of the rules that hold for the one customer of `values`, the clock at `now` µs."""
        tables = self.tables
        room = tables.take()
        self.coder.write(values, now, room.codes_address)
        return self._rows(tables, room, room.codes_address)

    def of_prepared(self, codes: bytes, values: Values, now: int) -> bytes:
        """Return the rows of the rules that hold for a customer of whom only codes that follow the clock are open.

        codes  the bytes of int32[dimensions]
        """
        tables = self.tables
        room = tables.take()
        room.codes[:] = codes
        self.coder.rewrite(values, now, room.codes_address)
        return self._rows(tables, room, room.codes_address)

    def of_kept(self, base: Snapshot, number: int, now: int) -> bytes:
        """Return the rows of the rules that hold for a customer of an encoded base, the clock at `now` µs."""
        tables = self.tables
        room = tables.take()
        base.write_codes(self.half, number, now, room.codes_address)
        return self._rows(tables, room, room.codes_address)

    def _rows(self, tables: Tables, room: Room, codes_address: int) -> bytes:
        """Return the rows of the rules that hold, and give the room back."""
        count = tables.match(tables.address, codes_address, room.scratch_address, room.answers_address)
        rows = room.answers[: 4 * count].tobytes()
        tables.rooms.append(room)
        return rows

    def of_many(self, codes: Callable[[slice], NDArray[np.int32]], customers: int, threads: int) -> list[bytes]:
        """Return the rows of the rules that hold for each customer.

        codes  gives int32[customers, dimensions] of some of the customers; all threads ask it
        """
        tables = self.tables
        found: list[bytes] = [b""] * customers
        turns = count()

        def work() -> None:
            room = tables.take()
            while (begin := next(turns) * CUSTOMERS_A_TURN) < customers:
                end = min(begin + CUSTOMERS_A_TURN, customers)
                found[begin:end] = self._rows_of_many(tables, room, np.ascontiguousarray(codes(slice(begin, end))))
            tables.rooms.append(room)

        run_together(min(threads, -(-customers // CUSTOMERS_A_TURN)), work)
        return found

    def _rows_of_many(self, tables: Tables, room: Room, codes: NDArray[np.int32]) -> list[bytes]:
        """Return the rows of the rules that hold for each of some customers."""
        customers, address, stride = len(codes), int(codes.ctypes.data), codes.strides[0]
        ends = np.zeros(customers, np.int64)
        answers = np.empty(max(ROOM_OF_MANY, 2 * tables.index.most_ids), np.int32)
        found: list[bytes] = []
        while len(found) < customers:
            done = len(found)
            count = tables.match_many(
                tables.address,
                address + done * stride,
                customers - done,
                room.scratch_address,
                int(answers.ctypes.data),
                answers.size,
                int(ends.ctypes.data) + done * ends.itemsize,
            )
            last = answers.itemsize * ends[done : done + count]
            rows = answers.data.cast("B")[: int(last[-1])].tobytes()
            found += [rows[begin:end] for begin, end in zip([0, *last[:-1].tolist()], last.tolist(), strict=True)]
        return found
