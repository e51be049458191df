"""Codes of some customers, plane by plane, brought together."""

from numba import types

from fasttwitch.kernels.addresses import bytes_at, ints_at
from fasttwitch.kernels.jit import kernel
from fasttwitch.kernels.vectors import prefetch

ANY = 1 << 40
AHEAD = 24  # customers whose codes are asked for while others are read: each lies in a line of its own


@kernel(types.void(*[types.int64] * 6))
def gather_planes(planes_at: int, planes: int, rows_at: int, rows: int, out: int, stride: int) -> None:
    """Copy the codes of some rows from each plane.

    planes_at  address of int64[planes]: the address of row 0's code in each
    rows_at    address of int64[rows]: which rows
    out        address of uint8[planes, rows], the planes `stride` bytes apart
    """
    sources, numbers = ints_at(planes_at, ANY), ints_at(rows_at, ANY)
    for plane in range(planes):
        source, room = bytes_at(sources[plane], ANY), bytes_at(out + plane * stride, ANY)
        for row in range(rows):
            if row + AHEAD < rows:
                prefetch(sources[plane] + numbers[row + AHEAD])
            room[row] = source[numbers[row]]
