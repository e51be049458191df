"""Code tables of dictionaries: each distinct string is judged once, whatever the number of rows."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.evaluation import judged
from fasttwitch.batch.outline import Outline, outline
from fasttwitch.batch.text import plain
from fasttwitch.kernels.names import NamesTable, names_table
from fasttwitch.kernels.tables import PlaneTable, lookup_plane
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.codebooks import (
    NAMES_A_PLANE,
    TESTS_A_PLANE,
    Codebook,
    NamesCodebook,
    Plane,
    TextTestsCodebook,
    TruthCodebook,
)
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.sources import TextTest

TABLES_KEPT = 512
OUTLINES_KEPT = 64


class Lookups:
    """Builds and keeps the code tables of a plan's string codebooks.

    A kept table holds its dictionary, so that an address found again is the same dictionary and not a new one in its
    place. Bounded; safe to share between threads.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tables: OrderedDict[tuple[int, ...], tuple[pa.Array, PlaneTable]] = OrderedDict()
        self._outlines: dict[tuple[Plane, ...], Outline] = {}
        self._lock = Lock()
        self._names: dict[int, tuple[pa.Array, NDArray[np.int64]]] = {}
        self._plain: dict[tuple[int, int], PlaneTable] = {}
        self._tables_of_names: dict[int, NamesTable] = {}

    def planes(self, planes: Sequence[Plane], dictionary: pa.Array, threads: int, keep: bool) -> list[PlaneTable]:
        """Return the table index → code for each of some planes over one dictionary.

        keep  for a dictionary that may be met again
        """
        addresses = (0 if buffer is None else buffer.address for buffer in dictionary.buffers())
        identity = (dictionary.offset, len(dictionary), *addresses)
        found: dict[Plane, PlaneTable] = {}
        with self._lock:
            for plane in planes:
                key = (plane.codebook, plane.part, *identity)
                if key in self._tables:
                    self._tables.move_to_end(key)
                    found[plane] = self._tables[key][1]
        fresh = tuple(plane for plane in planes if plane not in found)
        if fresh:
            tables = map(lookup_plane, self._codes(fresh, dictionary, threads))
            found |= zip(fresh, tables, strict=True)
        if fresh and keep:
            with self._lock:
                for plane in fresh:
                    self._tables[plane.codebook, plane.part, *identity] = (dictionary, found[plane])
                while len(self._tables) > TABLES_KEPT:
                    self._tables.popitem(last=False)
        return [found[plane] for plane in planes]

    def plain_plane(self, codebook: int, part: int) -> PlaneTable:
        """Return the table number of a name → code for one plane over plain strings."""
        with self._lock:
            if (codebook, part) not in self._plain:
                _, classes = self._named(codebook)
                self._plain[codebook, part] = lookup_plane(_codes_of(np.append(classes, -1), part))
            return self._plain[codebook, part]

    def names_table(self, codebook: int) -> NamesTable:
        """Return the kernels' table of the names of a codebook."""
        with self._lock:
            if codebook not in self._tables_of_names:
                self._tables_of_names[codebook] = names_table(self._named(codebook)[0].to_pylist())
            return self._tables_of_names[codebook]

    def _codes(self, planes: tuple[Plane, ...], dictionary: pa.Array, threads: int) -> Iterator[NDArray[np.uint8]]:
        """Yield uint8[dictionary] for each plane: the code of each entry, 0 for null."""
        tests, outlined = self._tests_of(planes)
        outcomes = iter(judged(outlined, dictionary, threads))
        values = plain(dictionary)
        valid = _mask(pc.is_valid(values)) if values.null_count else True
        for plane, count in zip(planes, tests, strict=True):
            match self._plan.codebooks[plane.codebook]:
                case NamesCodebook():
                    names, classes = self._named(plane.codebook)
                    found = pc.index_in(values, value_set=names).fill_null(-1).to_numpy(zero_copy_only=False)
                    codes = _codes_of(np.append(classes, -1)[found], plane.part)  # -1 takes the last, no class
                    yield np.where(valid, codes, np.uint8(0))
                case TextTestsCodebook():
                    codes = np.full(len(values), 128, np.uint8)
                    for bit in range(count):
                        codes |= _mask(next(outcomes)) << np.uint8(bit)
                    yield np.where(valid, codes, np.uint8(0))
                case TruthCodebook():
                    outcome = next(outcomes)
                    known = _bits(outcome, 0) if outcome.null_count else np.uint8(1)
                    yield _mask(outcome) + known
                case _:
                    raise AssertionError("only strings have dictionaries here")

    def _tests_of(self, planes: tuple[Plane, ...]) -> tuple[list[int], Outline]:
        """Return how many tests each plane asks of a string, and all of them."""
        tests = [self._tests_of_plane(plane) for plane in planes]
        with self._lock:
            outlined = self._outlines.get(planes)
        if outlined is None:
            outlined = outline(test for some in tests for test in some)
            with self._lock:
                if len(self._outlines) >= OUTLINES_KEPT:
                    self._outlines.clear()
                self._outlines[planes] = outlined
        return list(map(len, tests)), outlined

    def _tests_of_plane(self, plane: Plane) -> Sequence[Expression]:
        tests = tests_of(self._plan.codebooks[plane.codebook])
        return tests[plane.part * TESTS_A_PLANE : (plane.part + 1) * TESTS_A_PLANE]

    def _named(self, number: int) -> tuple[pa.Array, NDArray[np.int64]]:
        """Return all names of a codebook and the class of each."""
        found = self._names.get(number)
        if found is None:
            codebook = self._plan.codebooks[number]
            assert isinstance(codebook, NamesCodebook)
            names = [(name, i) for i, names in enumerate(codebook.classes) for name in names]
            array = pa.array([name for name, _ in names], pa.large_string())
            found = self._names[number] = (array, np.array([i for _, i in names], np.int64))
        return found


def tests_of(codebook: Codebook) -> Sequence[Expression]:
    """Return the tests of strings whose outcomes a codebook tells apart."""
    match codebook:
        case TextTestsCodebook(_, tests):
            return [test.test for test in tests]
        case TruthCodebook(TextTest(_, test)):
            return [test]
    return []


def _mask(outcome: pa.Array) -> NDArray[np.uint8]:
    """Return 1 where a test is true, else 0."""
    return _bits(outcome, 1) if not outcome.null_count else _bits(outcome, 1) & _bits(outcome, 0)


def _bits(outcome: pa.Array, buffer: int) -> NDArray[np.uint8]:
    """Return the bits of a buffer of truths as bytes; Arrow's `fill_null` and `to_numpy` take ten times as long."""
    begin, end = outcome.offset, outcome.offset + len(outcome)
    words = np.frombuffer(outcome.buffers()[buffer], np.uint8)[begin // 8 : -(-end // 8)]
    return np.unpackbits(words, bitorder="little")[begin % 8 : begin % 8 + len(outcome)]


def _codes_of(classes: NDArray[np.int64], part: int) -> NDArray[np.uint8]:
    """Return the codes of classes in one plane: those of other planes, and -1 for no class, have code 1."""
    place = classes - part * NAMES_A_PLANE
    return np.where((place >= 0) & (place < NAMES_A_PLANE), place + 2, 1).astype(np.uint8)
