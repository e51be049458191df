"""Pairs of masks are related as the sets of their rows are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fasttwitch.kernels.relations import BOTH, CHUNK_WORDS, FIRST_ALONE, SECOND_ALONE, relate
from tests.core.kernels.guarded import Guarded
from tests.oracle import relations

GARBAGE = -77
ALL = 1 << BOTH | 1 << FIRST_ALONE | 1 << SECOND_ALONE


def related(masks: list[NDArray[np.uint64]], pairs: NDArray[np.int32], wanted: int = ALL) -> NDArray[np.int64]:
    """Return what the kernel writes; masks end at pages that may not be touched."""
    words = masks[0].size
    guarded = [Guarded(mask.tobytes()) for mask in masks]
    addresses = np.array([one.address for one in guarded])
    out = np.full((len(pairs), 3), GARBAGE, np.int64)
    left = np.full(len(pairs), GARBAGE, np.int32)
    middle = len(pairs) // 2
    relate(addresses.ctypes.data, words, pairs, 0, middle, wanted, left, out)
    assert (out[middle:] == GARBAGE).all()
    assert (left[middle:] == GARBAGE).all()
    relate(addresses.ctypes.data, words, pairs, middle, len(pairs), wanted, left, out)
    return out


def all_pairs(count: int) -> NDArray[np.int32]:
    return np.array([(one, other) for one in range(count) for other in range(count)], np.int32).reshape(-1, 2)


def masks_of(rows: int, generator: np.random.Generator, count: int = 8) -> list[NDArray[np.uint64]]:
    """Return masks of every density, some inside others, some outside, nobody and everybody among them."""
    members = [generator.random(rows) < share for share in generator.choice([0.0, 0.001, 0.01, 0.3, 0.9, 1.0], count)]
    for place in range(1, count, 2):
        before, chosen = members[place - 1], members[place]
        members[place] = [before & chosen, before | chosen, chosen & ~before, before.copy()][generator.integers(4)]
    padding = np.zeros(-rows % 64, np.bool_)
    return [np.packbits(np.append(one, padding), bitorder="little").view(np.uint64) for one in members]


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 64 * CHUNK_WORDS - 1, 64 * CHUNK_WORDS, 64 * CHUNK_WORDS + 1, 70_000])
def test_pairs_are_related_as_sets_are(rows: int) -> None:
    for seed in range(4):
        masks = masks_of(rows, np.random.default_rng(seed))
        pairs = all_pairs(len(masks))
        assert related(masks, pairs).tolist() == relations.relate(masks, pairs)


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_words(values: list[list[int]]) -> None:
    masks = [np.array(words, np.uint64) for words in values]
    pairs = all_pairs(len(masks))
    assert related(masks, pairs).tolist() == relations.relate(masks, pairs)


@pytest.mark.parametrize("wanted", range(ALL + 1))
def test_what_is_wanted_is_right_and_the_rest_never_wrong(wanted: int) -> None:
    """A pair may be left early: then nobody was met, which is not to say that there is nobody."""
    for seed in range(4):
        masks = masks_of(40_000, np.random.default_rng(seed))
        pairs = all_pairs(len(masks))
        found, expected = related(masks, pairs, wanted), np.array(relations.relate(masks, pairs))
        for field in (BOTH, FIRST_ALONE, SECOND_ALONE):
            if wanted >> field & 1:
                np.testing.assert_array_equal(found[:, field], expected[:, field])
            else:
                met = found[:, field] >= 0
                np.testing.assert_array_equal(found[met, field], expected[met, field])


def test_masks_of_no_words_hold_nobody() -> None:
    masks = [np.zeros(0, np.uint64)] * 2
    assert related(masks, all_pairs(2)).tolist() == [[-1, -1, -1]] * 4
