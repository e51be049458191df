"""Sets of values: the algebra that fuses atoms must be the algebra of sets."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.plan.value_sets import Names, Ranges, Truths, ValueSet, intersect, known, union_of_points

INTEGERS = range(-2, 13)


def holds(values: ValueSet, value: object) -> bool:
    """Say the slow way whether a value belongs to a set."""
    match values:
        case Truths(bits):
            return bool(bits >> {None: 0, False: 1, True: 2}[value] & 1)  # type: ignore[index]
        case Names(names, others, null):
            return null if value is None else (value in names) != others
        case Ranges(null, nan, below, cuts):
            if value is None:
                return null
            if isinstance(value, float) and math.isnan(value):
                return nan
            passed = sum(cut <= (value if isinstance(cut, int) else (value, 0)) for cut in cuts)  # type: ignore[operator]
            return below != bool(passed % 2)
    raise AssertionError


truths = st.builds(Truths, st.integers(0, 7))
names = st.builds(Names, st.frozensets(st.sampled_from("abcd")), st.booleans(), st.booleans())
cuts = st.lists(st.integers(0, 10), unique=True, max_size=6).map(sorted).map(tuple)
ranges = st.builds(Ranges, st.booleans(), st.just(False), st.booleans(), cuts)
double_cuts = st.lists(
    st.tuples(st.sampled_from([0.0, 1.5, 2.0, math.inf]), st.integers(0, 1)), unique=True, max_size=5
).map(lambda found: tuple(sorted(found)))
double_ranges = st.builds(Ranges, st.booleans(), st.booleans(), st.booleans(), double_cuts, st.just(True))

FAMILIES: list[tuple[st.SearchStrategy[ValueSet], list[object]]] = [
    (truths, [None, False, True]),
    (names, [None, *"abcde"]),
    (ranges, [None, *INTEGERS]),
    (double_ranges, [None, math.nan, -1.0, 0.0, 1.0, 1.5, 1.7, 2.0, 3.0, math.inf]),
]


@pytest.mark.parametrize(("family", "values"), FAMILIES, ids=["truths", "names", "ranges", "doubles"])
def test_algebra_is_that_of_sets(family: st.SearchStrategy[ValueSet], values: list[object]) -> None:
    """Complement, intersection and the constants agree with membership, value by value."""

    @given(family, family)
    def check(left: ValueSet, right: ValueSet) -> None:
        both, outside = intersect(left, right), left.complement()
        for value in values:
            assert holds(outside, value) != holds(left, value)
            assert holds(both, value) == (holds(left, value) and holds(right, value))
            assert holds(known(left), value) == (value is not None)
        assert outside.complement() == left
        assert intersect(left, outside).is_empty()

    check()


def test_full_and_empty_are_recognised() -> None:
    """Only then does fusion find contradictions and tautologies."""
    everything = Ranges(True, True, True, (), has_nan=True)
    assert everything.is_full()
    assert everything.complement().is_empty()
    assert not Ranges(True, False, True, (), has_nan=True).is_full()  # NaN is missing
    assert Ranges(True, False, True, ()).is_full()  # integers have no NaN
    assert Names(frozenset(), True, True).is_full()
    assert not Names(frozenset(), True, False).is_full()


def test_touching_points_join() -> None:
    """`x in [3, 4]` is one range, not two."""
    assert union_of_points([(3, 4), (4, 5), (7, 8)]) == (3, 5, 7, 8)
