"""Strings that were met before to where their codes stand: a kernel that holds the interpreter, and asks its dicts."""

from numba import types

from fasttwitch.kernels.addresses import ints_at
from fasttwitch.kernels.jit import interpreter_kernel
from fasttwitch.kernels.point.objects import int_of, item_of_dict, item_of_list, item_of_tuple


@interpreter_kernel(types.int64(*[types.int64] * 9))
def look_up(
    dicts: int, columns: int, places: int, texts: int, stride: int, begin: int, rows: int, done: int, out: int
) -> int:
    """Write the numbers of texts column by column, up to the first that its dict lacks; return which one that is.

    dicts    address of a tuple of dicts from text to int, one a column
    columns  how many there are
    places   address of int64[columns]: which columns of the texts they are
    texts    address of a list of [any columns, stride] texts, or None
    begin    the first row
    rows     how many
    done     how many are written already
    out      address of int64[columns, rows], and 8 bytes more
    """
    found, own = ints_at(out, columns * rows), ints_at(places, columns)
    room = out + 8 * columns * rows
    for number in range(done, columns * rows):
        column = number // rows
        text = item_of_list(texts, own[column] * stride + begin + number - column * rows)
        known = item_of_dict(item_of_tuple(dicts, column), text)
        if known == 0:
            return number
        found[number] = int_of(known, room)
    return columns * rows
