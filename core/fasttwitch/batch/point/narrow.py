"""Numbers of fewer than 64 bits: whether they fit, and how columns of them round, as `struct` knows both."""

import struct
from collections.abc import Sequence
from struct import Struct
from typing import Any

from fasttwitch.batch.point.attributes import Attribute, narrow_code

ROUNDING = "ef"  # float16 and float32; what does not fit makes `struct` raise, for all of them


def narrow_runs(numbers: Sequence[Attribute]) -> list[tuple[int, int, Struct, bool]]:
    """Return the runs of numbers of few bits: (begin, end, their form, whether that rounds)."""
    runs = []
    codes = [narrow_code(attribute.arrow) for attribute in numbers]
    begin = 0
    for end in range(1, len(codes) + 1):
        if end == len(codes) or codes[end] != codes[begin]:
            if codes[begin]:
                runs.append((begin, end, Struct(f"={end - begin}{codes[begin]}"), codes[begin] in ROUNDING))
            begin = end
    return runs


def narrow_column(attribute: Attribute, column: Sequence[Any]) -> Sequence[Any]:
    """Return numbers as a column of few bits holds them.

    Errors: struct.error or OverflowError where one does not fit.
    """
    code = narrow_code(attribute.arrow)
    if not code:
        return column
    form = f"={len(column)}{code}"
    packed = struct.pack(form, *column)
    return struct.unpack(form, packed) if code in ROUNDING else column
