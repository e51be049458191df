"""Codes that are kept for all customers, as planes of bytes, to the point codes of some of them.

A codebook of many codes lies in several planes, and a plane may hold several tests of strings. So each of a customer's
bytes is looked up in a table of 256 shares, one for each dimension that the plane belongs to, and the shares of a
dimension add up to its code. Null has no share in any plane.
"""

from typing import Any

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import ints_at, load_byte, load_int, shorts_at, table_at
from fasttwitch.kernels.jit import interpreter_kernel, routine
from fasttwitch.kernels.point.searching import cuts_reached
from fasttwitch.kernels.vectors import prefetch

# --- the job: int64[GATHER_FIELDS]
GATHER_DIMENSIONS = 0
GATHER_SHARES = 1  # address of int64[shares, SHARE_FIELDS]
GATHER_SHARE_COUNT = 2
GATHER_AGES = 3  # address of int64[ages, AGE_FIELDS]
GATHER_AGE_COUNT = 4
GATHER_FIELDS = 5

# --- shares: a plane's part in a dimension
SHARE_CODES = 0  # address of row 0's byte
SHARE_DIMENSION = 1
SHARE_TABLE = 2  # address of int32[256]
SHARE_FIELDS = 3

# --- ages: a dimension that tells instants apart by how long they lie after `now`; no code of those can be kept
AGE_INSTANTS = 0  # address of row 0's int64: µs since 1970 UTC within the years 1 to 9999, or NO_INSTANT
AGE_DIMENSION = 1
AGE_CUTS = 2  # address of the cuts, int64 µs, ascending
AGE_COUNT = 3
AGE_FIELDS = 4
NO_INSTANT = -(2**63)


@routine
def _row_of(rows: int, first: int, customer: int) -> Any:
    return load_int(rows + 8 * customer) if rows != 0 else first + customer


@routine
def _ask_for(of_planes: Any, shares: int, row: int) -> None:
    """Ask for the bytes of a customer, which lie in as many places of memory as there are planes."""
    for share in range(shares):
        prefetch(of_planes[share, SHARE_CODES] + row)


@interpreter_kernel(types.void(*[types.int64] * 6))
def gather_codes(job: int, rows: int, first: int, count: int, now: int, codes: int) -> None:
    """Write the codes of customers.

    job    address of a job
    rows   address of int64[count], the customers' rows; 0: they are `first` and those after it
    count  how many customers
    now    µs since 1970 UTC
    codes  address of int32[count, dimensions], overwritten
    """
    fields = ints_at(job, GATHER_FIELDS)
    width, shares, ages = fields[GATHER_DIMENSIONS], fields[GATHER_SHARE_COUNT], fields[GATHER_AGE_COUNT]
    of_planes, of_instants = table_at(fields[GATHER_SHARES], SHARE_FIELDS), table_at(fields[GATHER_AGES], AGE_FIELDS)
    _ask_for(of_planes, shares, _row_of(rows, first, 0))
    for customer in range(count):
        row = _row_of(rows, first, customer)
        if customer + 1 < count:
            _ask_for(of_planes, shares, _row_of(rows, first, customer + 1))
        own = shorts_at(codes + 4 * width * customer, width)
        for dimension in range(width):
            own[dimension] = 0
        for share in range(shares):
            code = np.int64(load_byte(of_planes[share, SHARE_CODES] + row))
            own[of_planes[share, SHARE_DIMENSION]] += shorts_at(of_planes[share, SHARE_TABLE], 256)[code]
        for age in range(ages):
            instant = load_int(of_instants[age, AGE_INSTANTS] + 8 * row)
            if instant != NO_INSTANT:
                cuts, cut_count = of_instants[age, AGE_CUTS], of_instants[age, AGE_COUNT]
                own[of_instants[age, AGE_DIMENSION]] = 1 + cuts_reached(cuts, cut_count, instant - now)
