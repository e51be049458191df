"""What all states of a base share: numbers for codebooks, and how programs read codes. Holds no codes itself."""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.point.kept import CoderTables, ages_of, coding_plan, is_age, reads_clock
from fasttwitch.engine.half import Half
from fasttwitch.engine.kept_codes import Kept, KeptProgram, kept_codes
from fasttwitch.explanation.goal import paths_of_codebook
from fasttwitch.plan.codebooks import Codebook, TextTestsCodebook
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.pruning import pruned
from fasttwitch.plan.sources import Path

Key: TypeAlias = tuple[int, int]  # the number of a codebook, and the part of it that a plane holds
Index = TypeVar("Index", bound=Hashable)
Made = TypeVar("Made")

HALVES_KEPT = 16
CODINGS_KEPT = 64  # sets of columns that have changed together, mostly
PRUNED_KEPT = 64


class PrunedProgram:
    """The rules that some planes may move.

    rows  int64: the rows of the half's plan that `program` finds, in its order
    """

    def __init__(self, half: Half, planes: Iterable[int]) -> None:
        plan = half.plan
        found = pruned(half.wiring.tests, plan.runs, plan.operands, plan.slots, list(planes))
        self.rows: NDArray[np.int64] = found.rows
        own = replace(plan, names=(), runs=found.runs, operands=found.operands, roots=(), rows=found.rows.size)
        self.program = KeptProgram(own, found.tests)


class Reading:
    """How a half reads kept codes.

    keys        of each plane, in the order of the half's wiring
    clocked     which of them follow the clock; `is_age`: which tell ages apart
    ages        the columns of instants of which it tells ages apart
    """

    def __init__(self, half: Half, numbers: list[int]) -> None:
        plan = half.plan
        self.half = half
        planes = [plan.planes[number] for number in half.wiring.plane_order]
        self.keys: tuple[Key, ...] = tuple((numbers[plane.codebook], plane.part) for plane in planes)
        follows = [reads_clock(codebook) for codebook in plan.codebooks]
        self.clocked: tuple[bool, ...] = tuple(follows[plane.codebook] for plane in planes)
        self.is_age: tuple[bool, ...] = tuple(is_age(plan.codebooks[plane.codebook]) for plane in planes)
        self.ages: tuple[Path, ...] = ages_of(plan)
        self._pruned: dict[frozenset[int], PrunedProgram] = {}
        self._coder: tuple[list[NDArray[np.int64] | None], CoderTables] | None = None

    @property
    def follows_clock(self) -> bool:
        """Whether any code changes with the instant of the run."""
        return any(self.clocked)

    @cached_property
    def roots(self) -> NDArray[np.int64]:
        """For each segment its row of answers."""
        return np.array(self.half.plan.roots, np.int64)

    @cached_property
    def program(self) -> KeptProgram:
        """All rules."""
        return KeptProgram(self.half.plan, self.half.wiring.tests)

    def pruned(self, planes: Iterable[int]) -> PrunedProgram:
        """Return the rules that some planes, as the wiring counts them, may move."""
        wanted = frozenset(planes)
        return _kept(self._pruned, wanted, PRUNED_KEPT, lambda: PrunedProgram(self.half, wanted))

    def coder_tables(self, least_codes: list[NDArray[np.int64] | None]) -> CoderTables:
        """Return what turns kept codes into those of the point.

        least_codes  of each plane that does not follow the clock, in the order of the wiring
        """
        found = self._coder
        if found is None or any(old is not new for old, new in zip(found[0], least_codes, strict=True)):
            order = self.half.wiring.plane_order
            numbers = [number for number, clocked in zip(order, self.clocked, strict=True) if not clocked]
            known = {number: least for number, least in zip(numbers, least_codes, strict=True) if least is not None}
            found = self._coder = (least_codes, CoderTables(self.half.plan, numbers, known))
        return found[1]


class Shelf:
    """Numbers the codebooks of a base, and keeps what is made once a half; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._numbers: dict[Codebook, int] = {}
        self._codebooks: list[Codebook] = []
        self._columns: list[frozenset[str]] = []
        self._readings: dict[int, Reading] = {}
        self._codings: dict[tuple[Key, ...], list[tuple[tuple[Key, ...], Half]]] = {}
        self._plan: Plan | None = None

    def reading(self, half: Half) -> Reading:
        """Return how a half reads kept codes."""
        found = self._readings.get(id(half))
        if found is None or found.half is not half:
            with self._lock:
                self._plan = half.plan
                numbers = [self._number(codebook) for codebook in half.plan.codebooks]
                self._readings.pop(id(half), None)
                found = _kept(self._readings, id(half), HALVES_KEPT, lambda: Reading(half, numbers))
        return found

    def keys_of(self, plan: Plan) -> set[Key] | None:
        """Return the keys of a plan's planes; None if a codebook is new."""
        numbers = [self._numbers.get(codebook) for codebook in plan.codebooks]
        found = {(numbers[plane.codebook], plane.part) for plane in plan.planes}
        return None if any(number is None for number, _ in found) else found  # type: ignore[return-value]

    def columns_of(self, key: Key) -> frozenset[str]:
        """Return the top-level columns that a plane's codes are computed from."""
        return self._columns[key[0]]

    def codings(self, keys: tuple[Key, ...]) -> list[tuple[tuple[Key, ...], Half]]:
        """Return halves that evaluate nothing: some of the keys each, and a plan with those planes in that order."""
        with self._lock:
            return _kept(self._codings, keys, CODINGS_KEPT, lambda: list(map(self._coding, self._groups(keys))))

    def _coding(self, keys: tuple[Key, ...]) -> tuple[tuple[Key, ...], Half]:
        assert self._plan is not None, "keys come from a reading"
        return keys, Half.of_plans(coding_plan(self._plan, [(self._codebooks[number], part) for number, part in keys]))

    def _groups(self, keys: tuple[Key, ...]) -> list[tuple[Key, ...]]:
        """Return the keys in groups that know one codebook a source, as a program's plan does: binding relies on it."""
        groups: list[tuple[list[Key], dict[Hashable, int]]] = []
        for key in keys:
            codebook = self._codebooks[key[0]]
            source = codebook.path if isinstance(codebook, TextTestsCodebook) else (type(codebook), codebook.source)
            for group, known in groups:
                if known.setdefault(source, key[0]) == key[0]:
                    group.append(key)
                    break
            else:
                groups.append(([key], {source: key[0]}))
        return [tuple(group) for group, _ in groups]

    def _number(self, codebook: Codebook) -> int:
        number = self._numbers.setdefault(codebook, len(self._codebooks))
        if number == len(self._codebooks):
            self._codebooks.append(codebook)
            self._columns.append(frozenset(path[0] for path in paths_of_codebook(codebook)))
        return number


def codes_by_key(
    shelf: Shelf, keys: tuple[Key, ...], table: pa.Table, now: int, threads: int
) -> Iterator[tuple[Key, Kept]]:
    """Yield each key with the codes of its plane; arguments and errors as `kept_codes`."""
    for some, half in shelf.codings(keys):
        yield from zip(some, kept_codes(half, table, now, threads), strict=True)


def _kept(found: dict[Index, Made], key: Index, most: int, make: Callable[[], Made]) -> Made:
    """Return what stands under a key; made if it is not there, and the oldest given up if there are too many."""
    made = found.get(key)
    if made is None:
        made = found[key] = make()
        if len(found) > most:
            found.pop(next(iter(found)), None)
    return made
