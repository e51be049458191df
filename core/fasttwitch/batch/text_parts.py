"""Functions of strings by Arrow: parts, places, numbers.

Positions count code points. Where all bytes are ASCII they are bytes, for which Arrow is faster, or has the function at
all.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.library.strings import WHITE_SPACE
from fasttwitch.logic.nodes import Value

# Digits that fit into 64 bits whatever they are, and what doubles are read from alike everywhere.
MOST_DIGITS = 18
PLAIN_DOUBLE = r"\A-?[0-9]{1,15}(\.[0-9]{1,15})?\z"


def is_ascii(strings: pa.Array) -> bool:
    """Return whether all bytes of large strings are ASCII; may say no where it is those under nulls that are not."""
    data = strings.buffers()[2]
    return data is None or data.size == 0 or int(np.frombuffer(data, np.uint8).max()) < 128


def lengths(strings: pa.Array) -> pa.Array:
    """Return the number of code points of each string."""
    length = pc.binary_length(strings) if is_ascii(strings) else pc.utf8_length(strings)
    return length.cast(pa.int64())


def trimmed(strings: pa.Array) -> pa.Array:
    """Return the strings without white space at both ends."""
    return pc.utf8_trim(strings, characters=WHITE_SPACE)


def substring(strings: pa.Array, begin: int, end: int | None) -> pa.Array:
    """Return the code points from `begin` up to, not with, `end`; null where the string ends before."""
    if begin < 0 or (end is not None and end < begin):
        return pa.nulls(len(strings), strings.type)
    parts = pc.utf8_slice_codeunits(strings, begin, end)
    reaches = pc.greater_equal(lengths(strings), begin if end is None else end)
    return pc.if_else(reaches, parts, pa.scalar(None, strings.type))


def element(lists: pa.ListArray, position: int) -> pa.Array:
    """Return the element at a position of each list, null where it has none there."""
    offsets = lists.offsets.to_numpy().astype(np.int64)
    present = (np.diff(offsets) > position) & (position >= 0)
    if lists.null_count:
        present &= lists.is_valid().to_numpy(zero_copy_only=False)
    return lists.values.take(pa.array(offsets[:-1] + position, mask=~present))


def numbers(strings: pa.Array, kind: pa.DataType, define: Callable[[str], Value | None]) -> pa.Array:
    """Return the number that each string names, null where it names none.

    Arrow reads strings that are written plainly, `define` all others.
    """
    if pa.types.is_floating(kind):
        plainly = pc.match_substring_regex(strings, pattern=PLAIN_DOUBLE)
    else:
        plainly = pc.and_(pc.ascii_is_decimal(strings), pc.less_equal(pc.binary_length(strings), MOST_DIGITS))
    read = pc.if_else(plainly, strings, pa.scalar(None, strings.type)).cast(kind)
    others = pc.and_(strings.is_valid(), pc.invert(plainly)).fill_null(False)
    if not pc.any(others).as_py():
        return read
    known: dict[str, Value | None] = {}
    values = []
    for text in strings.filter(others).to_pylist():
        if text not in known:
            known[text] = define(text)
        values.append(known[text])
    return pc.replace_with_mask(read, others, pa.array(values, kind))
