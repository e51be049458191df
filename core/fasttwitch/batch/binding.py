"""A plan bound to one table: the kernels' tables, filled with this data's addresses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.coding import Coder, Coding
from fasttwitch.batch.columns import TEXT_BYTES, TEXTS, Physical, column_at, fill_input, normalised, physical, spans
from fasttwitch.batch.decimals import fits_64_bits, ranks
from fasttwitch.batch.evaluation import computed, is_quick
from fasttwitch.batch.interning import MOST_IN_QUICK_SAMPLE, MOST_IN_SAMPLE, interned
from fasttwitch.batch.lookups import Lookups, tests_of
from fasttwitch.batch.outline import outline
from fasttwitch.batch.vocabulary import Vocabularies, Vocabulary
from fasttwitch.batch.wiring import ComputedInput, DerivedInput, StoredInput, Wiring
from fasttwitch.kernels import layout
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.codebooks import OrderedCodebook, tested_path
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.sources import Path
from fasttwitch.plan.value_sets import Cut


@dataclass(slots=True)
class Span:
    """A run of rows in which every column is contiguous, ready for `run_blocks`.

    first   number of its first row in the table
    rows    how many
    inputs, planes  the kernels' tables; `alive` keeps what they point at
    """

    first: int
    rows: int
    inputs: NDArray[np.int64]
    planes: NDArray[np.int64]
    alive: list[object]


class Binder:
    """Binds a plan to tables; keeps what tables of the same types share.

    wiring  the inputs that the plan reads
    """

    def __init__(self, plan: Plan, wiring: Wiring) -> None:
        self._plan = plan
        self._wiring = wiring
        self._lookups = Lookups(plan)
        self._tested = _samples(plan)
        self._vocabularies = Vocabularies()
        self._direct: tuple[pa.Schema | None, list[tuple[int | None, Physical | None]]] = (None, [])
        self._coders: dict[tuple[tuple[Physical, ...], frozenset[int]], Coder] = {}

    def bind(self, table: pa.Table, now: int, threads: int, afresh: bool = False) -> "Binding":
        """Return the plan bound to a table, the clock at `now` µs since 1970 UTC.

        afresh  take no string for known: after a run that missed one, and where codes are to be kept

        Errors: DataError if a column is missing or of another type than the program was compiled for.
        """
        schema, direct = self._direct
        if schema is None or not table.schema.equals(schema):
            direct = self._direct_columns(table)
            self._direct = (table.schema, direct)
        ranked: set[int] = set()
        vocabularies: dict[int, Vocabulary] = {}
        if not afresh:
            known = ((number, self._vocabularies.get(number)) for number in range(len(direct)))
            vocabularies = {number: strings for number, strings in known if strings is not None}
        fresh: set[int] = set()
        found = self._computed(table, now, threads)
        for number, (place, _) in enumerate(direct):
            if place is not None:
                found[number] = table.column(place)
            elif number not in found:
                found[number] = self._column(table, number, ranked, vocabularies, fresh, threads)
        columns = [found[number] for number in range(len(direct))]
        forms = tuple(
            physical(column.type) if form is None else form for column, (_, form) in zip(columns, direct, strict=True)
        )
        key = (forms, frozenset(ranked))
        coder = self._coders.get(key)
        if coder is None:
            coder = self._coders[key] = Coder(self._plan, self._wiring, forms, key[1])
        coding = coder.at(now)
        return Binding(
            self._plan,
            self._wiring,
            self._lookups,
            columns,
            forms,
            coding,
            vocabularies,
            fresh,
            threads,
            table.num_rows,
        )

    def _direct_columns(self, table: pa.Table) -> list[tuple[int | None, Physical | None]]:
        """Return place and form of each column input that a table of this schema holds as kernels read it.

        (None, None) stands for those that must be looked at, or converted, in every run.
        """
        found: list[tuple[int | None, Physical | None]] = []
        for number in range(self._column_inputs()):
            entry = self._wiring.inputs[number]
            if isinstance(entry, StoredInput) and len(entry.path) == 1:
                column = column_at(table, entry.path, entry.type)
                if (
                    not pa.types.is_decimal(column.type)
                    and normalised(column) is column
                    and not (entry.path in self._tested and column.type in TEXTS)
                ):
                    found.append((table.schema.get_field_index(entry.path[0]), physical(column.type)))
                    continue
            found.append((None, None))
        return found

    def _column_inputs(self) -> int:
        return sum(not isinstance(entry, DerivedInput) for entry in self._wiring.inputs)

    def _column(
        self,
        table: pa.Table,
        number: int,
        ranked: set[int],
        vocabularies: dict[int, Vocabulary],
        fresh: set[int],
        threads: int,
    ) -> pa.ChunkedArray:
        match self._wiring.inputs[number]:
            case StoredInput(path, type_):
                column = normalised(column_at(table, path, type_))
                if path in self._tested and column.type in TEXTS:
                    if number in vocabularies:
                        return column
                    column = interned(column, threads, self._tested[path])
                    fresh.add(number)
                    self._vocabularies.learn(number, [chunk.dictionary for chunk in column.chunks])
                    return column
                vocabularies.pop(number, None)  # of a table that held plain strings here
                if pa.types.is_decimal(column.type) and not fits_64_bits(column):
                    ranked.add(number)
                    column = ranks(column, self._cuts_of_input(number))
                return column
        raise AssertionError("derived and computed inputs are no columns of the table")

    def _computed(self, table: pa.Table, now: int, threads: int) -> dict[int, pa.ChunkedArray]:
        """Return the inputs that are computed from the columns, by number."""
        wanted = {number: entry for number, entry in enumerate(self._wiring.inputs) if isinstance(entry, ComputedInput)}
        found = computed([entry.expression for entry in wanted.values()], table, now, threads)
        return {number: normalised(column) for number, column in zip(wanted, found, strict=True)}

    def _cuts_of_input(self, number: int) -> tuple[Cut, ...]:
        place = self._wiring.plane_input.index(number)
        codebook = self._plan.codebooks[self._plan.planes[self._wiring.plane_order[place]].codebook]
        assert isinstance(codebook, OrderedCodebook)
        return codebook.cuts


def _samples(plan: Plan) -> dict[Path, int]:
    """Return, for each string column that tests are asked of, above what share of a sample no equal ones are sought."""
    tests: dict[Path, list[Expression]] = {}
    for codebook in plan.codebooks:
        path = tested_path(codebook)
        if path is not None:
            tests.setdefault(path, []).extend(tests_of(codebook))
    return {path: MOST_IN_QUICK_SAMPLE if is_quick(outline(some)) else MOST_IN_SAMPLE for path, some in tests.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """The columns of one table, and how they are coded.

    vocabularies  by number of input: the strings that a text column is taken to hold
    interned      numbers of the inputs whose dictionaries were made for this run
    threads       for judging strings
    rows          of the table
    """

    plan: Plan
    wiring: Wiring
    lookups: Lookups
    columns: list[pa.ChunkedArray]
    forms: tuple[Physical, ...]
    coding: Coding
    vocabularies: dict[int, Vocabulary]
    interned: set[int]
    threads: int
    rows: int
    misses: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))

    def spans(self, aligned: bool) -> Iterator[Span]:
        """Yield the spans of the table; `aligned` ones begin at multiples of 64 rows."""
        coding = self.coding
        for first, arrays in spans(self.columns, self.rows, aligned):
            inputs = np.zeros((len(self.wiring.inputs), layout.INPUT_FIELDS), np.int64)
            alive: list[object] = [coding, arrays]
            for row, form, array in zip(inputs, self.forms, arrays, strict=False):
                alive += fill_input(row, array, form)
            for number, (begin, end) in coding.step_ranges.items():
                entry = self.wiring.inputs[number]
                assert isinstance(entry, DerivedInput)
                inputs[number, layout.INPUT_PHYSICAL] = entry.physical
                inputs[number, layout.INPUT_STEP_BEGIN] = begin
                inputs[number, layout.INPUT_STEP_END] = end
            rows = len(arrays[0]) if arrays else self.rows
            yield Span(first, rows, inputs, self._planes(arrays, inputs, alive), alive)

    def _planes(self, arrays: list[pa.Array], inputs: NDArray[np.int64], alive: list[object]) -> NDArray[np.int64]:
        """Return the plane table of a span, its look-ups of strings filled in."""
        planes = self.coding.planes.copy()
        for number, group in groupby(range(len(self.wiring.plane_input)), self.wiring.plane_input.__getitem__):
            if number >= len(arrays) or self.forms[number].kind == layout.ABSENT:
                continue
            array, places = arrays[number], list(group)
            wanted = [self.plan.planes[self.wiring.plane_order[place]] for place in places]
            if pa.types.is_dictionary(array.type):
                keep = number not in self.interned
                look_ups = self.lookups.planes(wanted, array.dictionary, self.threads, keep)
            elif number in self.vocabularies:
                known = self.vocabularies[number]
                look_ups = self.lookups.planes(wanted, known.strings, self.threads, keep=True)
                inputs[number, layout.INPUT_NAMES] = known.table.address
                inputs[number, layout.INPUT_MISSES] = self.misses.ctypes.data
                alive += (known, self.misses)
            elif self.forms[number].kind in TEXT_BYTES:
                look_ups = [self.lookups.plain_plane(plane.codebook, plane.part) for plane in wanted]
                names = self.lookups.names_table(wanted[0].codebook)
                inputs[number, layout.INPUT_NAMES] = names.address
                alive.append(names)
            else:
                continue
            for place, look_up in zip(places, look_ups, strict=True):
                look_up.fill(planes[place])
            alive += look_ups
        return planes
