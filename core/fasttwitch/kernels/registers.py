"""Registers of the program that computes derived columns, and the loops that fill them from inputs and constants.

A register is 2,048 values of 8 bytes, then 32 words of validity. Bits stand in the first 32 words of the values. Values
where validity is 0 are arbitrary. A program runs over as many
rows as there are, all of their words: what lies behind those is nobody's.
"""

from typing import Any

from fasttwitch.kernels.addresses import ints_at, words_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import (
    BLOCK_MASK_BYTES,
    BLOCK_ROWS,
    DATE_HIGH,
    DATE_LOW,
    DATE_RANGE,
    DURATION_HIGH,
    DURATION_LOW,
    DURATION_RANGE,
    TIMESTAMP_HIGH,
    TIMESTAMP_LOW,
)

VALUE_BYTES = BLOCK_ROWS * 8
NANOSECONDS = -1_000  # the INPUT_SCALE of ns
REGISTER_BYTES = VALUE_BYTES + BLOCK_MASK_BYTES


@routine
def copy_words(source: int, result: int, count: int) -> None:
    """Copy `count` words."""
    old = words_at(source, count)
    new = words_at(result, count)
    for word in range(count):
        new[word] = old[word]


@routine
def fill_words(value: Any, result: int, count: int) -> None:
    """Set `count` words to `value`."""
    words = words_at(result, count)
    for word in range(count):
        words[word] = value


@routine
def words_of(rows: int) -> int:
    """Return how many words hold so many bits."""
    return (rows + 63) >> 6


@routine
def range_low(bounds: int) -> int:
    """Return the lowest instant of a range."""
    if bounds == DATE_RANGE:
        return DATE_LOW
    return DURATION_LOW if bounds == DURATION_RANGE else TIMESTAMP_LOW


@routine
def range_high(bounds: int) -> int:
    """Return the highest instant of a range."""
    if bounds == DATE_RANGE:
        return DATE_HIGH
    return DURATION_HIGH if bounds == DURATION_RANGE else TIMESTAMP_HIGH


@routine
def convert_instants(source: int, scale: int, low: int, high: int, rows: int, result: int) -> None:
    """Convert stored units: multiply by `scale` or floor-divide by its negative, then clamp to low..high."""
    stored = ints_at(source, BLOCK_ROWS)
    instants = ints_at(result, BLOCK_ROWS)
    if scale == NANOSECONDS:  # a constant divisor becomes a multiplication: three times as fast
        for i in range(rows):
            instants[i] = min(max(stored[i] // 1_000, low), high)
    elif scale < 0:
        for i in range(rows):
            instants[i] = min(max(stored[i] // -scale, low), high)
    else:
        factor = max(scale, 1)
        # Clamped before they are multiplied, so that nothing overflows: the two ends are set by hand.
        first = -(-low // factor)
        last = high // factor
        for i in range(rows):
            value = stored[i]
            inside = min(max(value, first), last) * factor
            instants[i] = low if value < first else (high if value > last else inside)
