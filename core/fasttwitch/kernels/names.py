"""Which of the names that rules mention does a string equal?

Columns of plain strings are not dictionary-encoded first: each string is hashed once a row, by its first and last eight
bytes and its length. For up to 16 bytes those decide equality; longer ones are compared with the name itself.

The table is int64[1 + slots * 5]: the number of slots (a power of two, at most half of them taken) with the number of
names above its low 32 bits, then for each slot head, tail, length (-1: empty), number of the name, address of bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEAD_FACTOR = 0x9E3779B97F4A7C15  # odd numbers with bits spread evenly: 2**64 / golden ratio, and two primes of xxHash
TAIL_FACTOR = 0xC2B2AE3D27D4EB4F
LENGTH_FACTOR = 0x165667B19E3779F9
SLOT_BYTES = 40


@dataclass(frozen=True, slots=True, eq=False)
class NamesTable:
    """A table of names for the kernels; owns the bytes that it points at."""

    table: NDArray[np.int64]
    characters: NDArray[np.uint8]

    @property
    def address(self) -> int:
        """The address that INPUT_NAMES holds."""
        return int(self.table.ctypes.data)


def names_table(names: Sequence[str]) -> NamesTable:
    """Return the table of distinct names; name i has number i."""
    encoded = [name.encode() for name in names]
    characters = np.frombuffer(b"".join(encoded) + b"\0", np.uint8)
    slots = _slots(len(names))
    table = np.zeros(1 + 5 * slots, np.int64)
    table[0] = slots | len(names) << 32
    rows = table[1:].reshape(slots, 5)
    rows[:, 2] = -1
    start = int(characters.ctypes.data)
    for number, name in enumerate(encoded):
        head, tail = _ends_of(name)
        slot = _hash_of(head, tail, len(name)) & (slots - 1)
        while rows[slot, 2] >= 0:
            slot = (slot + 1) & (slots - 1)
        rows[slot] = _signed(head), _signed(tail), len(name), number, start
        start += len(name)
    return NamesTable(table, characters)


def _ends_of(name: bytes) -> tuple[int, int]:
    """Return head and tail of a string, as kernels read them."""
    length = len(name)
    if length >= 8:
        return int.from_bytes(name[:8], "little"), int.from_bytes(name[-8:], "little")
    if length >= 4:
        return int.from_bytes(name[:4], "little"), int.from_bytes(name[-4:], "little")
    if length:
        return name[0] | name[length >> 1] << 8 | name[-1] << 16, 0
    return 0, 0


def _hash_of(head: int, tail: int, length: int) -> int:
    mixed = (head * HEAD_FACTOR ^ (tail + length * LENGTH_FACTOR) * TAIL_FACTOR) % 2**64
    return (mixed ^ mixed >> 32) * HEAD_FACTOR % 2**64 >> 32


def _signed(word: int) -> int:
    return word - 2**64 if word >= 2**63 else word


def _slots(names: int) -> int:
    """Return the size of a table: at most an eighth full where it is small, for every collision is a branch missed."""
    return max(4, 1 << ((8 if names <= 8192 else 2) * names).bit_length())


def interning_table(capacity: int) -> NDArray[np.int64]:
    """Return an empty table with room for `capacity` names, for `intern`."""
    slots = max(4, 1 << (2 * capacity - 1).bit_length())
    table = np.zeros(1 + 5 * slots, np.int64)
    table[0] = slots
    table[3::5] = -1
    return table
