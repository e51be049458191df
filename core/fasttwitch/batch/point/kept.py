"""Customers of whom codes are kept for bulk runs: the same codes as dimensions of the point number them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.cuts import ALWAYS
from fasttwitch.batch.exact import as_language
from fasttwitch.batch.point.cut_keys import int_keys
from fasttwitch.logic.datatypes import TIMESTAMP
from fasttwitch.plan.codebooks import (
    NAMES_A_PLANE,
    TESTS_A_PLANE,
    THRESHOLDS_A_PLANE,
    Codebook,
    NamesCodebook,
    OrderedCodebook,
    Plane,
    TextTestsCodebook,
    TruthCodebook,
    thresholds_of,
)
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.dimensions import dimensions_of
from fasttwitch.plan.reads import reads_now
from fasttwitch.plan.sources import ColumnTest, Derived, Path, Recency

Bytes: TypeAlias = NDArray[np.uint8]
Int32s: TypeAlias = NDArray[np.int32]
Int64s: TypeAlias = NDArray[np.int64]

NO_INSTANT = -(2**63)  # as `kernels.point.gather` has it
ALL_CODES = np.arange(256)
NONE = np.zeros(0, np.int64)


class CoderTables:
    """What turns the planes of a plan into codes of the point, whatever array holds a plane.

    missing  dimensions of which nothing is kept
    """

    def __init__(self, plan: Plan, kept: Collection[int], least_codes: Mapping[int, Int64s]) -> None:
        """Work out what each plane says of each dimension.

        kept         planes of the plan; those of ages are not read
        least_codes  plane of the plan → `Coding.least_codes`
        """
        dimensions = dimensions_of(plan.codebooks)
        self.width = len(dimensions)
        first_of = {dimension.codebook: number - dimension.test for number, dimension in enumerate(dimensions)}
        self.shares: list[tuple[int, int, Int32s]] = []
        for number, plane in enumerate(plan.planes):
            codebook = plan.codebooks[plane.codebook]
            if number in kept and not is_age(codebook):
                for place, table in shares_of(codebook, plane.part, least_codes.get(number)):
                    self.shares.append((number, first_of[plane.codebook] + place, table))
        self.ages = [
            (path, first_of[number], int_keys(codebook.cuts))
            for number, codebook in enumerate(plan.codebooks)
            if isinstance(codebook, OrderedCodebook) and (path := _path_of_age(codebook)) is not None
        ]
        found = {dimension for _, dimension, _ in (*self.shares, *self.ages)}
        self.missing = tuple(number for number in range(self.width) if number not in found)


class KeptCoder:
    """Gives the codes of customers by their rows; safe to share between threads.

    missing  dimensions of which nothing is kept: their codes are 0 until somebody else writes them
    """

    def __init__(self, tables: CoderTables, planes: Mapping[int, Bytes], instants: Mapping[Path, Int64s]) -> None:
        """Take over what is kept.

        planes    plane of the plan → the code of each row
        instants  path → `instants_of` the column, for each age
        """
        from fasttwitch.kernels.point.entry import entry
        from fasttwitch.kernels.point.gather import gather_codes  # here, because Numba takes a second to import

        self._kernel = entry(gather_codes)
        self.missing = tables.missing
        self._width = tables.width
        shares = [(planes[number], dimension, table) for number, dimension, table in tables.shares]
        ages = [(instants[path], dimension, cuts) for path, dimension, cuts in tables.ages]
        self._alive = shares, ages
        self._shares = _table([(_at(codes), dimension, _at(table)) for codes, dimension, table in shares], 3)
        self._ages = _table([(_at(column), dimension, _at(cuts), cuts.size) for column, dimension, cuts in ages], 4)
        self._job = np.array([self._width, _at(self._shares), len(shares), _at(self._ages), len(ages)], np.int64)
        self._job_address = _at(self._job)

    def codes(self, numbers: Int64s, now: int) -> Int32s:
        """Return the codes of customers: int32[customers, dimensions].

        numbers  their rows
        now      µs since 1970 UTC
        """
        rows = np.ascontiguousarray(numbers, np.int64)
        codes = np.empty((rows.size, self._width), np.int32)
        self._kernel(self._job_address, _at(rows), 0, rows.size, now, _at(codes))
        return codes

    def write(self, number: int, now: int, address: int) -> None:
        """Write the codes of one customer to an address with room for them."""
        self._kernel(self._job_address, 0, number, 1, now, address)


def is_age(codebook: Codebook) -> bool:
    """Return whether a codebook tells instants apart by how long they lie after `now`."""
    return _path_of_age(codebook) is not None


def is_clocked(codebook: Codebook) -> bool:
    """Return whether a codebook's values are computed from the clock."""
    match codebook:
        case OrderedCodebook(Derived(expression)) | TruthCodebook(Derived(expression) | ColumnTest(expression)):
            return reads_now(expression)
    return False


def clocked_plan(plan: Plan) -> Plan:
    """Return the codebooks of a plan that are computed from the clock, as a plan that evaluates nothing."""
    planes = [plane for plane in plan.planes if is_clocked(plan.codebooks[plane.codebook])]
    return coding_plan(plan, [(plan.codebooks[plane.codebook], plane.part) for plane in planes])


def coding_plan(plan: Plan, planes: Sequence[tuple[Codebook, int]]) -> Plan:
    """Return a plan that evaluates nothing, of these parts of codebooks in their order.

    plan  any, for all that a plan has besides
    """
    codebooks = {id(codebook): codebook for codebook, _ in planes}  # by identity: they are large, and hash slowly
    numbers = {key: number for number, key in enumerate(codebooks)}
    return replace(
        plan,
        names=(),
        codebooks=tuple(codebooks.values()),
        planes=tuple(Plane(numbers[id(codebook)], part) for codebook, part in planes),
        tests=plan.tests[:0],
        slots=0,
        runs=plan.runs[:0],
        operands=plan.operands[:0],
        roots=(),
        rows=0,
    )


def ages_of(plan: Plan) -> tuple[Path, ...]:
    """Return the columns of instants of which the plan's codebooks tell ages apart."""
    return tuple(path for path in map(_path_of_age, plan.codebooks) if path is not None)


def instants_of(column: pa.ChunkedArray) -> Int64s:
    """Return a column of instants as µs since 1970 UTC, held within the years 1 to 9999; NO_INSTANT for null."""
    found: Int64s = as_language(column, TIMESTAMP).fill_null(NO_INSTANT).to_numpy()
    return np.ascontiguousarray(found)


def shares_of(codebook: Codebook, part: int, least_codes: Int64s | None) -> Iterator[tuple[int, Int32s]]:
    """Yield (dimension of the codebook, int32[256]: the share in its code that each code of a plane stands for)."""
    known = (ALL_CODES > 0).astype(np.int64)
    match codebook:
        case OrderedCodebook(_, _, has_nan):
            own = _own_codes(codebook, part, NONE if least_codes is None else least_codes)
            reached = np.searchsorted(own[own >= 0], ALL_CODES, "right") + np.count_nonzero(own == ALWAYS)
            table = known * (reached + (1 + has_nan) * (part == 0))
            if has_nan:
                table[1] = part == 0
            yield 0, table.astype(np.int32)
        case NamesCodebook():
            table = np.where(ALL_CODES > 1, ALL_CODES - 1 + part * NAMES_A_PLANE, 0)
            yield 0, (table + known * (part == 0)).astype(np.int32)
        case TextTestsCodebook(_, tests):
            begin = part * TESTS_A_PLANE
            for bit in range(min(TESTS_A_PLANE, len(tests) - begin)):
                yield begin + bit, (known * (1 + (ALL_CODES >> bit & 1))).astype(np.int32)
        case _:
            yield 0, ALL_CODES.astype(np.int32)


def _own_codes(codebook: OrderedCodebook, part: int, least_codes: Int64s) -> Int64s:
    """Return the least code of what lies above each of the codebook's cuts in a plane."""
    if not codebook.has_nan:
        return least_codes
    # The plane tells both sides of a threshold apart, the codebook may have but one of them.
    first = part * THRESHOLDS_A_PLANE
    thresholds = thresholds_of(codebook.cuts)[first : first + THRESHOLDS_A_PLANE]
    sides = {(value, side): 2 * place + side for place, value in enumerate(thresholds) for side in (0, 1)}
    cuts = set(codebook.cuts)
    wanted = [place for cut, place in sides.items() if cut in cuts]
    return least_codes[np.array(wanted, np.int64)]


def reads_clock(codebook: Codebook) -> bool:
    """Return whether a codebook's codes change with the instant of the run."""
    return is_age(codebook) or is_clocked(codebook)


def _path_of_age(codebook: Codebook) -> Path | None:
    match codebook:
        case OrderedCodebook(Recency(path)):
            return path
    return None


def _table(rows: Sequence[tuple[int, ...]], fields: int) -> Int64s:
    return np.array(rows, np.int64).reshape(-1, fields)


def _at(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)
