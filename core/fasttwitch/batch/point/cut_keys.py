"""Cuts of ordered sources as the int64 keys that kernels search."""

import struct
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from fasttwitch.plan.value_sets import Cut

INT64_LOW, INT64_HIGH = -(2**63), 2**63 - 1


def int_keys(cuts: Sequence[Cut]) -> NDArray[np.int64]:
    """Return the keys of cuts of ints or instants."""
    return _held([cut for cut in cuts if isinstance(cut, int)])


def uint_keys(cuts: Sequence[Cut]) -> NDArray[np.int64]:
    """Return the keys of cuts of uints."""
    return _held([cut - 2**63 for cut in cuts if isinstance(cut, int)])


def double_keys(cuts: Sequence[Cut]) -> NDArray[np.int64]:
    """Return the keys of cuts of doubles: just above a value is at the next one."""
    keys = []
    for cut in cuts:
        assert isinstance(cut, tuple)
        value, side = cut
        keys.append(_double_key(float(value)) + side)
    return _held(keys)


def _double_key(value: float) -> int:
    bits = int(struct.unpack("=q", struct.pack("=d", value))[0])
    return bits if bits >= 0 else -(bits & INT64_HIGH)


def _held(keys: Sequence[int]) -> NDArray[np.int64]:
    """Return keys in int64: below it every value lies at or above them, above it none does, and they are not needed."""
    return np.array([max(key, INT64_LOW) for key in keys if key <= INT64_HIGH], np.int64)


class DecimalCuts:
    """The cuts of a decimal source, compared exactly."""

    def __init__(self, cuts: Sequence[Cut]) -> None:
        self._values: list[Decimal] = []
        self._below: list[int] = []  # code of what lies below value i and above the one before
        self._at: list[int] = []  # code of value i itself
        code = 1
        for cut in cuts:
            assert isinstance(cut, tuple)
            value, side = cut
            if not self._values or self._values[-1] != value:
                self._values.append(Decimal(value))
                self._below.append(code)
                self._at.append(code)
            code += 1
            if side == 0:
                self._at[-1] = code
        self._below.append(code)

    def code(self, value: Decimal | None) -> int:
        """Return the code of a value."""
        if value is None:
            return 0
        place = bisect_left(self._values, value)
        return self._at[place] if place < len(self._values) and self._values[place] == value else self._below[place]
