"""Only the nearest and the largest: what follows from other findings is left out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

NumberPair: TypeAlias = tuple[int, int]


def one_for_all(equal: Iterable[NumberPair]) -> tuple[list[NumberPair], set[int]]:
    """Return each pair of equal segments of which the first stands for both, and the segments that others stand for.

    equal  in each pair, the segment that should stand for both comes first
    """
    kept: list[NumberPair] = []
    merged: set[int] = set()
    for one, other in sorted(equal):
        if one not in merged:
            kept.append((one, other))
            merged.add(other)
    return kept, merged


def nearest_around(outer: Mapping[int, Sequence[int]]) -> list[NumberPair]:
    """Return (inner, outer) where no other segment lies between the two.

    outer  by segment: those that it lies inside of; none lies inside of itself, however many steps it takes
    """
    around = {inner: _bits(others) for inner, others in outer.items()}
    farther = {inner: _any_of(around.get(other, 0) for other in others) for inner, others in outer.items()}
    return [(inner, other) for inner, others in outer.items() for other in others if not farther[inner] >> other & 1]


def largest_apart(apart: Mapping[int, Sequence[int]], outer: Mapping[int, Sequence[int]]) -> list[NumberPair]:
    """Return the disjoint pairs of which neither segment lies inside another one that is disjoint from the other.

    apart  by segment: those that it is disjoint from; each pair once
    outer  by segment: those that it lies inside of
    """
    outside: dict[int, int] = {}
    for one, others in apart.items():
        outside[one] = outside.get(one, 0) | _bits(others)
        for other in others:
            outside[other] = outside.get(other, 0) | 1 << one
    around = {inner: _bits(others) for inner, others in outer.items()}
    farther = {one: _any_of(outside.get(other, 0) for other in outer.get(one, ())) for one in apart}
    return [
        (one, other)
        for one, others in apart.items()
        for other in others
        if not farther[one] >> other & 1 and not around.get(other, 0) & outside[one]
    ]


def first_of_each_nest(ordered: Sequence[int], following: Callable[[int, Sequence[int]], Sequence[bool]]) -> list[int]:
    """Return the segments that do not follow from earlier ones.

    ordered    such that a segment can only follow from earlier ones, and what follows from one that follows, follows
    following  (segment, later ones) → which of the later ones follow from it; asked once for each that is kept
    """
    kept: list[int] = []
    left = list(ordered)
    while left:
        first, *rest = left
        kept.append(first)
        left = [segment for segment, follows in zip(rest, following(first, rest), strict=True) if not follows]
    return kept


def _bits(numbers: Iterable[int]) -> int:
    return _any_of(1 << number for number in numbers)


def _any_of(words: Iterable[int]) -> int:
    bits = 0
    for word in words:
        bits |= word
    return bits
