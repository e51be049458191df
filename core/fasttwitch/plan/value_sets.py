"""Sets of an attribute's values: what an atom is, before codes exist.

Any Boolean combination of atoms on one attribute is again a set of its values, so fusing atoms is set algebra here.
Three families cover all attributes:

    Truths   Booleans and computed tests       three values: unknown, false, true
    Names    strings                           finite and cofinite sets of constants
    Ranges   everything with an order          the places at which membership flips

In each family null (and with it unknown) is a value like any other, so a complement is exact: the complement of
"x < 5" holds null rows, the difference of "known" and "x < 5" does not.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

# A cut: the place just below a value (side 0) or just above it (side 1). Integers need no sides: above 4 is below 5.
Cut: TypeAlias = int | tuple[float, int] | tuple[Decimal, int]


@dataclass(frozen=True, slots=True)
class Truths:
    """A subset of {unknown, false, true} as bits 1, 2, 4."""

    bits: int

    def is_empty(self) -> bool:
        """Return whether no value belongs to the set."""
        return self.bits == 0

    def is_full(self) -> bool:
        """Return whether every value belongs to the set."""
        return self.bits == 7

    def complement(self) -> "Truths":
        """Return the values that do not belong."""
        return Truths(7 ^ self.bits)

    def intersection(self, other: "Truths") -> "Truths":
        """Return the values that belong to both."""
        return Truths(self.bits & other.bits)


UNKNOWN_BIT, FALSE_BIT, TRUE_BIT = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Names:
    """The strings in `names`, or (`others`) all strings but those; `null` says whether null belongs."""

    names: frozenset[str]
    others: bool
    null: bool

    def is_empty(self) -> bool:
        """Return whether no value belongs to the set."""
        return not (self.names or self.others or self.null)

    def is_full(self) -> bool:
        """Return whether every value belongs to the set."""
        return self.others and self.null and not self.names

    def complement(self) -> "Names":
        """Return the values that do not belong."""
        return Names(self.names, not self.others, not self.null)

    def intersection(self, other: "Names") -> "Names":
        """Return the values that belong to both."""
        null = self.null and other.null
        match self.others, other.others:
            case False, False:
                return Names(self.names & other.names, False, null)
            case False, True:
                return Names(self.names - other.names, False, null)
            case True, False:
                return Names(other.names - self.names, False, null)
            case _:
                return Names(self.names | other.names, True, null)


@dataclass(frozen=True, slots=True)
class Ranges:
    """A union of ranges of ordered values.

    null   whether null belongs
    nan    whether NaN belongs (doubles only; else false here and in every complement)
    below  whether the values below the first cut belong
    cuts   ascending; membership flips at each
    has_nan  whether NaN exists here: doubles
    """

    null: bool
    nan: bool
    below: bool
    cuts: tuple[Cut, ...]
    has_nan: bool = False

    def is_empty(self) -> bool:
        """Return whether no value belongs to the set."""
        return not (self.null or self.nan or self.below or self.cuts)

    def is_full(self) -> bool:
        """Return whether every value belongs to the set."""
        return self.null and self.below and not self.cuts and (self.nan or not self.has_nan)

    def complement(self) -> "Ranges":
        """Return the values that do not belong."""
        return Ranges(not self.null, self.has_nan and not self.nan, not self.below, self.cuts, self.has_nan)

    def intersection(self, other: "Ranges") -> "Ranges":
        """Return the values that belong to both."""
        null, nan, below = self.null and other.null, self.nan and other.nan, self.below and other.below
        if not self.cuts:
            cuts = other.cuts if self.below else ()
        elif not other.cuts:
            cuts = self.cuts if other.below else ()
        else:
            cuts = _intersect_cuts(self, other)
        return Ranges(null, nan, below, cuts, self.has_nan)


ValueSet: TypeAlias = Truths | Names | Ranges


def known(values: ValueSet) -> ValueSet:
    """Return all values that are not null, of the family of `values`."""
    match values:
        case Truths():
            return Truths(FALSE_BIT | TRUE_BIT)
        case Names():
            return Names(frozenset(), True, False)
        case _:
            return Ranges(False, values.has_nan, True, (), values.has_nan)


def intersect(left: ValueSet, right: ValueSet) -> ValueSet:
    """Return the values that belong to both sets, which are of one family."""
    match left, right:
        case Truths(), Truths():
            return left.intersection(right)
        case Names(), Names():
            return left.intersection(right)
        case Ranges(), Ranges():
            return left.intersection(right)
    raise AssertionError("sets of two families")


def _intersect_cuts(left: Ranges, right: Ranges) -> tuple[Cut, ...]:
    """Return the cuts of the intersection: walk both lists, note where "in both" flips."""
    inside_left, inside_right = left.below, right.below
    inside = inside_left and inside_right
    cuts: list[Cut] = []
    i = j = 0
    a, b = left.cuts, right.cuts
    while i < len(a) or j < len(b):
        left_first = j == len(b) or (i < len(a) and a[i] <= b[j])  # type: ignore[operator]
        cut = a[i] if left_first else b[j]
        if i < len(a) and a[i] == cut:
            inside_left = not inside_left
            i += 1
        if j < len(b) and b[j] == cut:
            inside_right = not inside_right
            j += 1
        if (inside_left and inside_right) != inside:
            inside = not inside
            cuts.append(cut)
    return tuple(cuts)


def union_of_points(points: list[tuple[Cut, Cut]]) -> tuple[Cut, ...]:
    """Return the cuts of a union of sorted, disjoint `[low, high)` pairs, touching ones joined."""
    cuts: list[Cut] = []
    for low, high in points:
        if cuts and cuts[-1] == low:
            cuts[-1] = high
        else:
            cuts += (low, high)
    return tuple(cuts)
