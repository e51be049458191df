"""Code tables of dictionaries: each distinct string is judged once, whatever the number of rows."""

from collections import OrderedDict
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.batch.evaluation import Evaluation
from fasttwitch.batch.text import plain
from fasttwitch.kernels.names import NamesTable, names_table
from fasttwitch.kernels.tables import PlaneTable, lookup_plane
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.codebooks import NAMES_A_PLANE, TESTS_A_PLANE, NamesCodebook, TextTestsCodebook, TruthCodebook
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.sources import TextTest

TABLES_KEPT = 512


class Lookups:
    """Builds and keeps the code tables of a plan's string codebooks.

    A kept table holds its dictionary, so that an address found again is the same dictionary and not a new one in its
    place. Bounded; safe to share between threads.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tables: OrderedDict[tuple[int, ...], tuple[pa.Array, PlaneTable]] = OrderedDict()
        self._lock = Lock()
        self._names: dict[int, tuple[pa.Array, NDArray[np.int64]]] = {}
        self._plain: dict[tuple[int, int], PlaneTable] = {}
        self._tables_of_names: dict[int, NamesTable] = {}

    def plane(self, codebook: int, part: int, dictionary: pa.Array) -> PlaneTable:
        """Return the table index → code for one plane over one dictionary."""
        addresses = (0 if buffer is None else buffer.address for buffer in dictionary.buffers())
        key = (codebook, part, dictionary.offset, len(dictionary), *addresses)
        with self._lock:
            if key in self._tables:
                self._tables.move_to_end(key)
                return self._tables[key][1]
        table = lookup_plane(self._codes(codebook, part, dictionary))
        with self._lock:
            self._tables[key] = (dictionary, table)
            if len(self._tables) > TABLES_KEPT:
                self._tables.popitem(last=False)
        return table

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

    def _codes(self, number: int, part: int, dictionary: pa.Array) -> NDArray[np.uint8]:
        """Return uint8[dictionary]: the code of each entry, 0 for null."""
        codebook = self._plan.codebooks[number]
        values = plain(dictionary)
        valid = pc.is_valid(values).to_numpy(zero_copy_only=False)
        match codebook:
            case NamesCodebook():
                names, classes = self._named(number)
                found = pc.index_in(values, value_set=names).fill_null(-1).to_numpy(zero_copy_only=False)
                codes = _codes_of(np.append(classes, -1)[found], part).astype(np.int64)  # -1 takes the last, no class
            case TextTestsCodebook(_, tests):
                codes = np.full(len(values), 128, np.int64)
                for bit, test in enumerate(tests[part * TESTS_A_PLANE : (part + 1) * TESTS_A_PLANE]):
                    outcome = self._judged(test.test, values)
                    codes |= outcome.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64) << bit
            case TruthCodebook(TextTest(_, test)):
                outcome = self._judged(test, values)
                codes = np.where(outcome.fill_null(False).to_numpy(zero_copy_only=False), 2, 1)
                valid = pc.is_valid(outcome).to_numpy(zero_copy_only=False)
            case _:
                raise AssertionError("only strings have dictionaries here")
        return np.where(valid, codes, 0).astype(np.uint8)

    def _judged(self, test: Expression, values: pa.Array) -> pa.Array:
        """Return what a test says of each string: null where it is unknown."""
        return Evaluation({}, len(values), 0, strings=values).array(test)

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


def _codes_of(classes: NDArray[np.int64], part: int) -> NDArray[np.uint8]:
    """Return the codes of classes in one plane: those of other planes, and -1 for no class, have code 1."""
    place = classes - part * NAMES_A_PLANE
    return np.where((place >= 0) & (place < NAMES_A_PLANE), place + 2, 1).astype(np.uint8)
