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

from fasttwitch.kernels.addresses import load_byte, load_int, load_short, load_word, shorts_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import (
    BLOCK_ROWS,
    INPUT_DATA,
    INPUT_NAMES,
    INPUT_PHYSICAL,
    INPUT_VALUES,
    TEXT32,
    TEXT64,
)

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
    slots = max(4, 1 << (2 * len(names)).bit_length())
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
    """Return head and tail of a string, as `_number` reads them."""
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


@routine
def stage_names(inputs, input, row, rows, values):  # type: ignore[no-untyped-def]
    """Write int32 numbers of names for rows [row, row + rows) of a text input to `values`; return that address.

    Strings that are no name get the number of names; rows past `rows`, 0. A null row's number is arbitrary.
    """
    physical = inputs[input, INPUT_PHYSICAL]
    source = inputs[input, INPUT_VALUES]
    data = inputs[input, INPUT_DATA]
    table = inputs[input, INPUT_NAMES]
    header = load_int(table)
    mask = (header & 0xFFFFFFFF) - 1
    others = header >> 32
    out = shorts_at(values, BLOCK_ROWS)
    for i in range(rows):
        if physical == TEXT32:
            start = np.int64(np.int32(load_short(source + 4 * (row + i))))
            length = np.int64(np.int32(load_short(source + 4 * (row + i) + 4))) - start
            start += data
        elif physical == TEXT64:
            start = load_int(source + 8 * (row + i))
            length = load_int(source + 8 * (row + i) + 8) - start
            start += data
        else:
            view = source + 16 * (row + i)
            length = np.int64(load_short(view))
            start = view + 4
            if length > 12:
                start = load_int(data + 8 * np.int64(load_short(view + 8))) + np.int64(load_short(view + 12))
        out[i] = _number(start, length, table, mask, others)
    for i in range(rows, BLOCK_ROWS):
        out[i] = 0
    return values


@routine
def _number(start, length, table, mask, others):  # type: ignore[no-untyped-def]
    """Return the number of the name that the string of `length` bytes at `start` equals, or `others`."""
    head = np.uint64(0)
    tail = np.uint64(0)
    if length >= 8:
        head = load_word(start)
        tail = load_word(start + length - 8)
    elif length >= 4:
        head = np.uint64(load_short(start))
        tail = np.uint64(load_short(start + length - 4))
    elif length > 0:
        middle = np.uint64(load_byte(start + (length >> 1))) << np.uint64(8)
        last = np.uint64(load_byte(start + length - 1)) << np.uint64(16)
        head = np.uint64(load_byte(start)) | middle | last
    weighted = (tail + np.uint64(length) * np.uint64(LENGTH_FACTOR)) * np.uint64(TAIL_FACTOR)
    mixed = (head * np.uint64(HEAD_FACTOR)) ^ weighted
    mixed = ((mixed ^ (mixed >> np.uint64(32))) * np.uint64(HEAD_FACTOR)) >> np.uint64(32)
    slot = np.int64(mixed) & mask
    while True:
        entry = table + 8 + SLOT_BYTES * slot
        found = load_int(entry + 16)
        if found < 0:
            return others
        ends = found == length and load_word(entry) == head and load_word(entry + 8) == tail
        if ends and (length <= 16 or _same(start + 8, load_int(entry + 32) + 8, length - 16)):
            return load_int(entry + 24)
        slot = (slot + 1) & mask


@routine
def _same(left, right, length):  # type: ignore[no-untyped-def]
    """Return whether `length` bytes at two addresses are equal."""
    for i in range(length):  # noqa: SIM110 (a kernel has no generators)
        if load_byte(left + i) != load_byte(right + i):
            return False
    return True
