"""What is left of nested sets: no more than is needed, and all that is."""

from collections.abc import Sequence
from itertools import combinations
from random import Random

from fasttwitch.lint.nesting import first_of_each_nest, largest_apart, nearest_around, one_for_all


def sets(random: Random) -> list[frozenset[int]]:
    """Return different sets, the smaller ones first: many of them nested, many disjoint."""
    drawn = {frozenset(range(low, low + random.randint(1, 6))) for low in (random.randint(0, 12) for _ in range(20))}
    return sorted(drawn, key=lambda one: (len(one), sorted(one)))


def test_nearest_is_where_nothing_lies_between() -> None:
    for seed in range(50):
        drawn = sets(Random(seed))
        numbers = range(len(drawn))
        outer = {one: [other for other in numbers if drawn[one] < drawn[other]] for one in numbers}
        expected = [
            (one, other)
            for one in numbers
            for other in outer[one]
            if not any(drawn[one] < drawn[third] < drawn[other] for third in numbers)
        ]
        assert nearest_around(outer) == expected


def test_the_largest_disjoint_pairs_are_left() -> None:
    for seed in range(50):
        drawn = sets(Random(seed))
        numbers = range(len(drawn))
        outer = {one: [other for other in numbers if drawn[one] < drawn[other]] for one in numbers}
        apart = {one: [other for other in numbers[one + 1 :] if not drawn[one] & drawn[other]] for one in numbers}
        expected = [
            (one, other)
            for one, other in combinations(numbers, 2)
            if not drawn[one] & drawn[other]
            and not any(drawn[one] < third and not third & drawn[other] for third in drawn)
            and not any(drawn[other] < third and not third & drawn[one] for third in drawn)
        ]
        assert largest_apart(apart, outer) == expected


def test_a_relation_that_was_not_told_hides_none() -> None:
    """0 in 1 in 2: if nobody says that 0 lies in 1, that it lies in 2 must be said."""
    assert nearest_around({0: [2], 1: [2]}) == [(0, 2), (1, 2)]
    assert nearest_around({0: [1, 2], 1: [2]}) == [(0, 1), (1, 2)]


def test_one_stands_for_all_that_are_equal() -> None:
    assert one_for_all([(1, 4), (0, 2), (0, 3), (2, 3)]) == ([(0, 2), (0, 3), (1, 4)], {2, 3, 4})
    assert one_for_all([]) == ([], set())


def test_what_follows_from_an_earlier_one_is_dropped() -> None:
    asked: list[tuple[int, list[int]]] = []

    def following(segment: int, later: Sequence[int]) -> list[bool]:
        asked.append((segment, list(later)))
        return [other % segment == 0 for other in later]

    assert first_of_each_nest([2, 3, 4, 5, 6, 9, 25], following) == [2, 3, 5]
    assert asked == [(2, [3, 4, 5, 6, 9, 25]), (3, [5, 9, 25]), (5, [25])]
    assert first_of_each_nest([], following) == []
