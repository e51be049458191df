"""The rules that change with the codes of a customer: from the literals that flip, or by asking all of them twice."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.entry import entry
from fasttwitch.kernels.point.flips import build_flips
from fasttwitch.kernels.point.gates import Gates

# Gates that are looked at after a change: a gate takes 25 ns, and a rule 0.25 where all are asked, before and after.
FEW_GATES, ROWS_A_GATE = 16, 50
MANY_FLIPS = 1 << 16  # of several customers, in one room


class FlipRoom:
    """What one search for flips writes to; used by one thread at a time."""

    def __init__(self, scratch_bytes: int, rows: int) -> None:
        scratch, flips, marks = (
            np.zeros(scratch_bytes, np.uint8),
            np.zeros(rows + 1, np.int32),
            np.zeros(rows + 1, np.int64),
        )
        self.flips = flips.data.cast("B")
        self.scratch_address, self.flips_address, self.marks_address = (
            int(array.ctypes.data) for array in (scratch, flips, marks)
        )
        self._alive = scratch, marks


class Flips:
    """What finds the rows of answers that change with the codes of a customer; safe to share between threads."""

    def __init__(self, gates: Gates, answers: Callable[[int], bytes]) -> None:
        """Take over what the answers are found with otherwise.

        answers  gives the rows of answers that hold, int32, for the codes at an address
        """
        # Here, because kernels are compiled when they are imported, and not every program is asked what has changed.
        from fasttwitch.kernels.point.delta import find_flips, find_flips_of_many
        from fasttwitch.kernels.point.differing import find_differences

        self._answers = answers
        self._find, self._differ = entry(find_flips), entry(find_differences)
        self._find_many = entry(find_flips_of_many)
        self._index = build_flips(gates)
        self._rows = gates.roots.size
        self._most = FEW_GATES + self._rows // ROWS_A_GATE
        self._rooms: list[FlipRoom] = []

    def between(self, before: NDArray[np.int32], after: NDArray[np.int32]) -> bytes:
        """Return the bytes of int32s, in no order: 2 * row + 1 of what has become true, 2 * row of what was true.

        before, after  int32[dimensions], contiguous
        """
        try:
            room = self._rooms.pop()
        except IndexError:
            room = FlipRoom(self._index.scratch_bytes, self._rows)
        old, new = int(before.ctypes.data), int(after.ctypes.data)
        count = self._find(self._index.address, old, new, room.scratch_address, room.flips_address, self._most)
        if count < 0:  # all rules twice take less time than so many gates
            held, holds = (np.frombuffer(self._answers(codes), np.int32) for codes in (old, new))
            count = self._differ(
                int(held.ctypes.data),
                held.size,
                int(holds.ctypes.data),
                holds.size,
                room.marks_address,
                room.flips_address,
            )
        flips = room.flips[: 4 * count].tobytes()
        self._rooms.append(room)
        return flips

    def of_many(
        self, before: NDArray[np.int32], after: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the flips of customers one after the other, as `between` has them, and how many each has.

        before, after  int32[customers, dimensions]
        """
        customers = len(before)
        room = FlipRoom(self._index.scratch_bytes, self._rows)
        out = np.empty(MANY_FLIPS + self._rows, np.int32)
        ends = np.zeros(customers, np.int64)
        found: list[NDArray[np.int32]] = [out[:0]]
        counts: list[NDArray[np.int64]] = []
        done = 0
        while done < customers:
            count = self._find_many(
                self._index.address,
                int(before.ctypes.data) + done * before.strides[0],
                int(after.ctypes.data) + done * after.strides[0],
                customers - done,
                room.scratch_address,
                int(out.ctypes.data),
                out.size,
                int(ends.ctypes.data),
            )
            found.append(out[: ends[count - 1]].copy())
            counts.append(np.diff(ends[:count], prepend=0))
            done += count
        return np.concatenate(found), np.concatenate(counts) if counts else ends
