"""Bits of three values in registers: Kleene logic, null tests, and choices between registers."""

from typing import Any

from fasttwitch.kernels.addresses import words_at
from fasttwitch.kernels.elementwise import select_values
from fasttwitch.kernels.jit import routine
from fasttwitch.kernels.layout import AND_BITS, BLOCK_WORDS, IS_KNOWN, NOT_BITS, OR_BITS
from fasttwitch.kernels.registers import VALUE_BYTES, words_of


@routine
def combine_bits(operation: int, left: int, right: int, present: int, rows: int, result: int) -> None:
    """Set `result` to the Kleene AND or OR, or to a function of `left` alone: NOT, IS_KNOWN, IS_TRUE.

    present  address of words: the rows in which the last two are valid
    """
    a = words_at(left, BLOCK_WORDS)
    a_valid = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    b = words_at(right, BLOCK_WORDS)
    b_valid = words_at(right + VALUE_BYTES, BLOCK_WORDS)
    exist = words_at(present, BLOCK_WORDS)
    bits = words_at(result, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    for word in range(words_of(rows)):
        known, other_known = a_valid[word], b_valid[word]
        true, false = a[word] & known, ~a[word] & known
        if operation == AND_BITS:
            true, false = true & b[word], false | (~b[word] & other_known)
            true &= other_known
        elif operation == OR_BITS:
            true, false = true | (b[word] & other_known), false & ~b[word] & other_known
        elif operation == NOT_BITS:
            true, false = false, true
        elif operation == IS_KNOWN:
            true, false = known, exist[word]
        else:
            false = exist[word]
        bits[word] = true
        valid[word] = true | false


@routine
def select_bits(bits: Any, left: int, right: int, words: int, result: int) -> None:
    """Set `words` words of `result` to `left` where the bit is 1, else to `right`."""
    a = words_at(left, BLOCK_WORDS)
    b = words_at(right, BLOCK_WORDS)
    out = words_at(result, BLOCK_WORDS)
    for word in range(words):
        out[word] = (a[word] & bits[word]) | (b[word] & ~bits[word])


@routine
def coalesce(of_bits: bool, left: int, right: int, rows: int, result: int) -> None:
    """Set `result` to `left` where that is valid, else to `right`; `result` is neither of the two."""
    left_valid = words_at(left + VALUE_BYTES, BLOCK_WORDS)
    right_valid = words_at(right + VALUE_BYTES, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    words = words_of(rows)
    if of_bits:
        select_bits(left_valid, left, right, words, result)
    else:
        select_values(left + VALUE_BYTES, left, right, rows, result)
    for word in range(words):
        valid[word] = left_valid[word] | right_valid[word]


@routine
def choose(of_bits: bool, condition: int, then: int, otherwise: int, rows: int, result: int) -> None:
    """Set `result` to `then` where the condition is true, to `otherwise` where it is false; else it is invalid.

    `result` is none of the three.
    """
    bits = words_at(condition, BLOCK_WORDS)
    known = words_at(condition + VALUE_BYTES, BLOCK_WORDS)
    then_valid = words_at(then + VALUE_BYTES, BLOCK_WORDS)
    otherwise_valid = words_at(otherwise + VALUE_BYTES, BLOCK_WORDS)
    valid = words_at(result + VALUE_BYTES, BLOCK_WORDS)
    words = words_of(rows)
    if of_bits:
        select_bits(bits, then, otherwise, words, result)
    else:
        select_values(condition, then, otherwise, rows, result)
    for word in range(words):
        chosen = (then_valid[word] & bits[word]) | (otherwise_valid[word] & ~bits[word])
        valid[word] = known[word] & chosen
