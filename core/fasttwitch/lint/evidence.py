"""Conflicts with what supports them: a proof, or the customers who show it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from fasttwitch.kernels.relations import NOBODY_THERE
from fasttwitch.lint.compared import Compared
from fasttwitch.lint.conflict_findings import CONTAINED, EMPTY, EVERYBODY, KINDS, OBSERVED, PROVED, Conflict, Witness
from fasttwitch.lint.conflict_search import Found
from fasttwitch.lint.nesting import NumberPair
from fasttwitch.lint.proofs import Proofs


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where proofs and customers come from.

    table   the customers
    key     the column of their ids, if the table has it
    places  segments by name, in the order in which two of them are named
    """

    proofs: Proofs
    table: pa.Table
    key: str
    places: Mapping[str, int]

    def conflicts(
        self, counts: Mapping[str, int], compared: Compared, found: Found, kinds: Sequence[str]
    ) -> tuple[Conflict, ...]:
        """Return the segments of nobody and of everybody, and the pairs that a search found.

        They come by kind, proved ones first, those first that chance is the least likely to bring about.

        counts  of the segments that may be told to be empty, or to hold everybody
        """
        told = [*self._constants(counts, kinds), *self._pairs(compared, found)]
        told.sort(key=lambda one: (KINDS.index(one.kind), one.certainty != PROVED))
        return tuple(self._with_ids(told))

    def _constants(self, counts: Mapping[str, int], kinds: Sequence[str]) -> Iterator[Conflict]:
        rows = self.table.num_rows
        for name, count in counts.items():
            if count == 0 and EMPTY in kinds:
                yield Conflict(EMPTY, self._certainty(EMPTY, (name,)), (name,), (0,))
            elif count == rows and count > 0 and EVERYBODY in kinds:
                certainty = self._certainty(EVERYBODY, (name,))
                yield Conflict(EVERYBODY, certainty, (name,), (rows,), (Witness((name,), 0),))

    def _pairs(self, compared: Compared, found: Found) -> Iterator[Conflict]:
        """Yield the pairs that a search found, of each kind those first that are the least likely by chance."""
        related = found.related
        place_of: dict[NumberPair, int] = {
            (one, other): place for place, (one, other) in enumerate(related.pairs.tolist())
        }
        chance = related.chance.tolist()
        for kind, pairs in found.pairs.items():
            for pair in sorted(pairs, key=lambda pair: (chance[place_of[pair]], pair)):
                one, other = ((compared.names[number], int(compared.counts[number])) for number in pair)
                both, one_alone, other_alone = related.rows[place_of[pair]].tolist()
                if kind != CONTAINED and self.places[one[0]] > self.places[other[0]]:
                    one, one_alone, other, other_alone = other, other_alone, one, one_alone
                (first, first_count), (second, second_count) = one, other
                names = (first, second)
                shown = ((names, both), ((first,), one_alone), ((second,), other_alone))
                witnesses = tuple(Witness(inside, row) for inside, row in shown if row != NOBODY_THERE)
                yield Conflict(kind, self._certainty(kind, names), names, (first_count, second_count), witnesses)

    def _certainty(self, kind: str, names: Sequence[str]) -> str:
        return PROVED if self.proofs.holds(kind, names) else OBSERVED

    def _with_ids(self, conflicts: Sequence[Conflict]) -> Iterable[Conflict]:
        """Return conflicts whose witnesses have ids, if the table has any."""
        if self.key not in self.table.schema.names:
            return conflicts
        # Few rows are the first of so many sets, and Arrow cannot take rows of all types at once.
        column, rows = self.table.column(self.key), {witness.row for one in conflicts for witness in one.witnesses}
        ids = {row: column[row].as_py() for row in rows}
        return [
            replace(one, witnesses=tuple(replace(witness, id=ids[witness.row]) for witness in one.witnesses))
            for one in conflicts
        ]
