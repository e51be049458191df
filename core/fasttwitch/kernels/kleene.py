"""Bits of three values in registers: Kleene logic, null tests, and choices between registers."""

from typing import Any

import numpy as np

from fasttwitch.kernels.addresses import words_at
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import AND_BITS, BLOCK_ROWS, BLOCK_WORDS, OR_BITS
from fasttwitch.kernels.registers import VALUE_BYTES


@routine
def combine_bits(operation: int, left: int, right: int, result: int) -> None:
    """Set `result` to the Kleene AND, OR or (of `left` alone) NOT."""
    a = words_at(left, BLOCK_WORDS)
    a_valid = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    b = words_at(right, BLOCK_WORDS)
    b_valid = words_at(right + VALUE_BYTES, BLOCK_WORDS)
    bits = words_at(result, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    for word in range(BLOCK_WORDS):
        a_true, a_false = a[word] & a_valid[word], ~a[word] & a_valid[word]
        b_true, b_false = b[word] & b_valid[word], ~b[word] & b_valid[word]
        true, false = a_false, a_true
        if operation == AND_BITS:
            true, false = a_true & b_true, a_false | b_false
        elif operation == OR_BITS:
            true, false = a_true | b_true, a_false & b_false
        bits[word] = true
        valid[word] = true | false


@routine
def is_known(left: int, present: int, result: int) -> None:
    """Set `result` to where `left` is valid."""
    known = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    rows = words_at(present, BLOCK_WORDS)
    bits = words_at(result, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    for word in range(BLOCK_WORDS):
        bits[word] = known[word]
        valid[word] = rows[word]


@routine
def is_true(left: int, present: int, result: int) -> None:
    """Set `result` to where `left` is valid and true."""
    truth = words_at(left, BLOCK_WORDS)
    known = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    rows = words_at(present, BLOCK_WORDS)
    bits = words_at(result, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    for word in range(BLOCK_WORDS):
        bits[word] = truth[word] & known[word]
        valid[word] = rows[word]


@routine
def select_values(bits: Any, left: int, right: int, result: int) -> None:
    """Set the values of `result` to `left` where the bit is 1, else to `right`."""
    a = words_at(left, BLOCK_ROWS)
    b = words_at(right, BLOCK_ROWS)
    out = words_at(result, BLOCK_ROWS)
    one = np.uint64(1)
    for word in range(BLOCK_WORDS):
        choice = bits[word]
        for lane in range(64):
            i = word * 64 + lane
            out[i] = a[i] if (choice >> np.uint64(lane)) & one else b[i]


@routine
def select_bits(bits: Any, left: int, right: int, result: int) -> None:
    """Set the words of `result` to `left` where the bit is 1, else to `right`."""
    a = words_at(left, BLOCK_WORDS)
    b = words_at(right, BLOCK_WORDS)
    out = words_at(result, BLOCK_WORDS)
    for word in range(BLOCK_WORDS):
        out[word] = (a[word] & bits[word]) | (b[word] & ~bits[word])


@routine
def coalesce(of_bits: bool, left: int, right: int, result: int) -> None:
    """Set `result` to `left` where that is valid, else to `right`; `result` is neither of the two."""
    left_valid = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    right_valid = words_at(right + VALUE_BYTES, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    if of_bits:
        select_bits(left_valid, left, right, result)
    else:
        select_values(left_valid, left, right, result)
    for word in range(BLOCK_WORDS):
        valid[word] = left_valid[word] | right_valid[word]


@routine
def choose(of_bits: bool, condition: int, then: int, otherwise: int, result: int) -> None:
    """Set `result` to `then` where the condition is true, to `otherwise` where it is false; else it is invalid.

    `result` is none of the three.
    """
    bits = words_at(condition, BLOCK_WORDS)
    known = words_at(condition + VALUE_BYTES, BLOCK_WORDS)
    then_valid = words_at(then + VALUE_BYTES, BLOCK_WORDS)
    otherwise_valid = words_at(otherwise + VALUE_BYTES, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    if of_bits:
        select_bits(bits, then, otherwise, result)
    else:
        select_values(bits, then, otherwise, result)
    for word in range(BLOCK_WORDS):
        chosen = (then_valid[word] & bits[word]) | (otherwise_valid[word] & ~bits[word])
        valid[word] = known[word] & chosen
