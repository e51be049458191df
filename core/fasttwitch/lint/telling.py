"""Which related pairs are worth telling: those that are proved, and those that chance would hardly bring about."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.lint.compared import Compared, Related
from fasttwitch.lint.conflict_findings import CONTAINED, DISJOINT, EQUAL
from fasttwitch.lint.nesting import NumberPair
from fasttwitch.lint.proofs import Proofs

# An observed relation is told if, among all pairs that are compared, segments of the same sizes that have nothing to do
# with each other would bring about fewer such than this.
MOST_BY_CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class Telling:
    """Pairs worth telling, by kind, as numbers of segments: the smaller one first; and how many others there are."""

    pairs: dict[str, list[NumberPair]]
    by_chance: int


def worth_telling(compared: Compared, related: Related, proofs: Proofs, wanted: Sequence[str]) -> Telling:
    """Return the pairs that are worth telling; proofs are tried of the others, the least likely ones first.

    wanted  kinds: of others nothing is proved, and those that are likely by chance are not counted
    """
    first, second = related.pairs.T
    equal = compared.counts[first] == compared.counts[second]
    kinds = np.select([related.are_disjoint, equal], [DISJOINT, EQUAL], CONTAINED)
    chance = related.chance
    told = chance <= math.log(MOST_BY_CHANCE / max(related.compared, 1))
    likely = np.flatnonzero(~told & np.isin(kinds, wanted))
    for place in likely[np.argsort(chance[likely], kind="stable")].tolist():
        if proofs.are_used_up:
            break
        names = compared.names[first[place]], compared.names[second[place]]
        told[place] = proofs.holds(str(kinds[place]), names)
    pairs = {kind: _as_pairs(related.pairs[told & (kinds == kind)]) for kind in (EQUAL, CONTAINED, DISJOINT)}
    return Telling(pairs, int(np.count_nonzero(~told[likely])))


def _as_pairs(pairs: NDArray[np.int32]) -> list[NumberPair]:
    return [(one, other) for one, other in pairs.tolist()]
