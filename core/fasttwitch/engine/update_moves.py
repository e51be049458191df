"""Who has entered and left which segments because of an update, and which of the changed attributes did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.changes import Changes
from fasttwitch.batch.columns import column_at
from fasttwitch.batch.exact import as_language
from fasttwitch.batch.patched import PatchedTable
from fasttwitch.batch.point.kept import CoderTables, KeptCoder
from fasttwitch.engine.delta import Cause, has_code
from fasttwitch.engine.half import Half
from fasttwitch.engine.kept_codes import Kept
from fasttwitch.engine.moves import Moves
from fasttwitch.errors import DataError
from fasttwitch.explanation.goal import paths_of_source
from fasttwitch.logic.datatypes import DOUBLE, language_type
from fasttwitch.plan.gates import PointPlan
from fasttwitch.plan.sources import Path

if TYPE_CHECKING:
    from fasttwitch.engine.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The codes that an update may have changed, before it or after it, of the customers of whom it has changed any.

    planes    plane of the half's plan → its codes
    instants  a column of instants, of which the half tells ages apart → µs since 1970 UTC
    """

    planes: Mapping[int, Kept]
    instants: Mapping[Path, NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Affected:
    """What an update has changed for the program that it tells of.

    roots    int64: for each segment its row among the half's answers
    numbers  int64, ascending: the rows of the customers of whom any code has changed
    places   int64: where these stand among the changes
    columns  the data before
    """

    half: Half
    roots: NDArray[np.int64]
    numbers: NDArray[np.int64]
    places: NDArray[np.int64]
    before: Side
    after: Side
    columns: PatchedTable
    changes: Changes


class UpdateMoves(Moves):
    """The customers who have entered and left segments because of an update; the clock stood still.

    It keeps the changes, and the codes of those whom they touch, for who asks for causes; of the base before, the
    columns that it shares with the base afterwards.

    now     the instant at which rules were asked, before and after
    digest  that of the program that answered
    """

    def __init__(
        self, program: "Program", customers: NDArray[np.int64], flips: NDArray[np.int32], now: int, affected: Affected
    ) -> None:
        super().__init__(program.names, affected.roots, customers, flips, range(now, now))
        self._program = program
        self._at = now
        self._affected = affected

    def __repr__(self) -> str:
        told = f"{sum(self.entered.values())} entries, {sum(self.left.values())} exits"
        return f"UpdateMoves({told} by {self.changed_rows.size} changed customers at {self.now.isoformat()})"

    @property
    def digest(self) -> str:
        """The digest of the program that answered."""
        return self._program.digest

    @property
    def changed_rows(self) -> NDArray[np.int64]:
        """The rows of the base that the update has named, int64 and ascending."""
        return self._affected.changes.numbers

    def cause(self, segment: str, row: int) -> Cause:
        """Return which changed attributes made a customer enter or leave a segment.

        Errors: DataError for an unknown segment, and for a customer who has neither entered nor left it.
        """
        moved = np.concatenate([self._rows(segment, 1), self._rows(segment, 0)])
        if row not in moved:
            raise DataError(
                f"row {row} has neither entered nor left `{segment}`", "ask for one of `entered_rows` or `left_rows`"
            )
        return next(iter(self._causes(segment, np.array([row], np.int64))))

    def causes(self, segment: str) -> Mapping[Cause, int]:
        """Return which changed attributes made customers enter or leave a segment, and how many; most frequent first.

        Errors: DataError for an unknown segment.
        """
        return self._causes(segment, np.concatenate([self._rows(segment, 1), self._rows(segment, 0)]))

    def _causes(self, segment: str, customers: NDArray[np.int64]) -> Mapping[Cause, int]:
        if not customers.size:
            return {}
        places = np.searchsorted(self._affected.numbers, customers)
        by_path: dict[Path, NDArray[np.bool_]] = {}
        for number, flipped in self._flipped(segment, places).items():
            paths = paths_of_source(self._plan.dimensions[number].source)
            for path in paths:
                if path[0] in self._affected.changes.table.schema.names:
                    has_changed = flipped & self._differs(path, places) if len(paths) > 1 else flipped
                    by_path[path] = by_path.get(path, np.zeros(places.size, np.bool_)) | has_changed
        names = sorted(by_path, key=".".join)
        matrix = np.stack([by_path[path] for path in names], axis=1) if names else np.zeros((places.size, 0), np.bool_)
        rows, counts = np.unique(matrix, axis=0, return_counts=True)
        found = [
            (count, tuple(".".join(path) for path, is_cause in zip(names, row, strict=True) if is_cause))
            for row, count in zip(rows.tolist(), counts.tolist(), strict=True)
        ]
        found.sort(key=lambda one: (-one[0], one[1]))
        return {Cause(attributes, clock=False): count for count, attributes in found}

    def _flipped(self, segment: str, places: NDArray[np.int64]) -> dict[int, NDArray[np.bool_]]:
        """Return, for each dimension of which a literal of the segment has flipped, for which customers one has."""
        before, after = (self._codes(side, places) for side in (self._affected.before, self._affected.after))
        plan = self._plan
        found: dict[int, NDArray[np.bool_]] = {}
        for number, runs in plan.gates.literals_below([plan.roots[self.names.index(segment)]]):
            flipped = has_code(runs, before[:, number]) != has_code(runs, after[:, number])
            if flipped.any():
                found[number] = found.get(number, np.zeros(places.size, np.bool_)) | flipped
        return found

    def _codes(self, side: Side, places: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the codes of customers at the point; 0 where the update has changed none."""
        known = {number: one.least_codes for number, one in side.planes.items() if one.least_codes is not None}
        tables = CoderTables(self._affected.half.plan, side.planes, known)
        planes = {number: one.codes for number, one in side.planes.items()}
        unchanged = np.zeros(self._affected.numbers.size, np.int64)
        instants = {path: side.instants.get(path, unchanged) for path, _, _ in tables.ages}
        return KeptCoder(tables, planes, instants).codes(places, self._at)

    def _differs(self, path: Path, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for which customers an attribute is not what it was."""
        before = self._affected.columns.some([path[0]], self._affected.numbers[places])
        after = self._affected.changes.table.select([path[0]]).take(pa.array(self._affected.places[places]))
        return different(column_at(before, path, None), column_at(after, path, None))

    @property
    def _plan(self) -> PointPlan:
        return self._affected.half.point_plan


def different(before: pa.ChunkedArray, after: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return where two columns differ: doubles by their bits, as one NaN is another but 0.0 is not -0.0."""
    kind = language_type(before.type)
    old, new = (as_language(column, kind).combine_chunks() for column in (before, after))
    known = [side.is_valid().to_numpy(zero_copy_only=False) for side in (old, new)]
    if kind is DOUBLE:
        bits = [side.fill_null(0.0).to_numpy(zero_copy_only=False).view(np.int64) for side in (old, new)]
        return np.asarray((known[0] != known[1]) | (bits[0] != bits[1]))
    values = [np.array(side.to_pylist(), object) for side in (old, new)]
    return np.asarray((known[0] != known[1]) | (values[0] != values[1]), np.bool_)
