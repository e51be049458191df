"""The search for conflicts between segments, all with each other or drafts with all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fasttwitch.lint.compared import Compared, Related
from fasttwitch.lint.conflict_findings import CONTAINED, DISJOINT, EQUAL
from fasttwitch.lint.nesting import NumberPair, first_of_each_nest, largest_apart, nearest_around, one_for_all
from fasttwitch.lint.proofs import Proofs
from fasttwitch.lint.telling import worth_telling

Pairs = Mapping[str, Sequence[NumberPair]]  # by kind


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    pairs      by kind, as numbers of segments; of "contained" the inner one first
    related    the pairs that are related at all, with their witnesses
    implied, by_chance  as in `Conflicts`
    """

    pairs: Pairs
    related: Related
    implied: int
    by_chance: int


def search_all(compared: Compared, proofs: Proofs, kinds: Sequence[str]) -> Found:
    """Return the conflicts between all segments; of equal ones, one stands for all."""
    related = compared.related(compared.all_pairs(), DISJOINT in kinds)
    telling = worth_telling(compared, related, proofs, kinds)
    equal, merged = one_for_all(telling.pairs[EQUAL])
    outer = _by_first(telling.pairs[CONTAINED], merged)
    apart = _by_first(telling.pairs[DISJOINT], merged)
    pairs = {EQUAL: equal, CONTAINED: nearest_around(outer), DISJOINT: largest_apart(apart, outer)}
    return _found(pairs, telling.pairs, related, kinds, telling.by_chance)


def search_drafts(compared: Compared, proofs: Proofs, kinds: Sequence[str], drafts: Iterable[str]) -> Found:
    """Return the conflicts of drafts with each other and with all other segments, not of these among themselves.

    A draft that is equal to another segment is related to all others as that one is, which goes without saying.
    """
    own = [number for number, name in enumerate(compared.names) if name in set(drafts)]
    related = compared.related(compared.pairs_with(own), DISJOINT in kinds)
    telling = worth_telling(compared, related, proofs, kinds)
    equal, merged = one_for_all(telling.pairs[EQUAL])
    merged &= set(own)
    outer = _by_first(telling.pairs[CONTAINED], merged)
    inner = _by_first([(larger, smaller) for smaller, larger in telling.pairs[CONTAINED]], merged)
    apart = _by_first([pair for one, other in telling.pairs[DISJOINT] for pair in ((one, other), (other, one))], merged)

    def around(segment: int, others: Sequence[int]) -> Sequence[bool]:
        return compared.lie_inside([segment] * len(others), others)

    def within(segment: int, others: Sequence[int]) -> Sequence[bool]:
        return compared.lie_inside(others, [segment] * len(others))

    contained: list[NumberPair] = []
    disjoint: list[NumberPair] = []
    for draft in own:
        contained += ((draft, other) for other in first_of_each_nest(sorted(outer.get(draft, ())), around))
        largest_inside = first_of_each_nest(sorted(inner.get(draft, ()), reverse=True), within)
        contained += ((other, draft) for other in largest_inside)
        largest_outside = first_of_each_nest(sorted(apart.get(draft, ()), reverse=True), within)
        disjoint += ((min(draft, other), max(draft, other)) for other in largest_outside)
    pairs = {EQUAL: equal, CONTAINED: _from_both(contained, own), DISJOINT: _from_both(disjoint, own)}
    return _found(pairs, telling.pairs, related, kinds, telling.by_chance)


def _from_both(pairs: Sequence[NumberPair], drafts: Sequence[int]) -> list[NumberPair]:
    """Return the pairs once each; those of two drafts only if they were found from either's side."""
    times = Counter(pairs)
    return [pair for pair in times if times[pair] == len(set(drafts).intersection(pair))]


def _found(pairs: Pairs, told: Pairs, related: Related, kinds: Sequence[str], by_chance: int) -> Found:
    wanted = {kind: some for kind, some in pairs.items() if kind in kinds}
    implied = sum(len(told[kind]) - len(some) for kind, some in wanted.items())
    return Found(wanted, related, implied, by_chance)


def _by_first(pairs: Iterable[NumberPair], merged: set[int]) -> dict[int, list[int]]:
    """Return the second segments by the first ones, without those that others stand for."""
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        if one not in merged and other not in merged:
            found.setdefault(one, []).append(other)
    return found
