"""Kernels of updates against their twins."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from fasttwitch.batch.columns import fill_input, physical
from fasttwitch.kernels import layout
from fasttwitch.kernels.updates.differences import count_differences, list_differences
from fasttwitch.kernels.updates.gathering import gather_planes
from fasttwitch.kernels.updates.ids import find_words, hash_texts, index_words, slots_for
from tests.oracle import kernels_updates as oracle


def at(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)


@pytest.mark.parametrize(("rows", "words"), [(1, 1), (5, 3), (40, 32)])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5])
def test_differences_are_listed_row_by_row(rows: int, words: int, share: float) -> None:
    random = np.random.default_rng(rows)
    before = random.integers(0, 2**64, (rows, words + 2), np.uint64)  # the last words belong to others
    bits = np.packbits(random.random((rows, 64 * (words + 2))) < share, axis=1, bitorder="little")
    after = (before ^ bits.view(np.uint64)).astype(np.uint64)
    names = random.permutation(1_000)[:rows].astype(np.int64)
    customers = random.integers(0, 10**9, 64 * words)
    expected = oracle.differences(before[:, :words], after[:, :words], names.tolist(), customers.tolist())
    where = at(before), at(after), before.strides[0], rows, words
    assert count_differences(*where) == len(expected)
    flips, moved = np.full(len(expected) + 1, -7, np.int32), np.full(len(expected) + 1, -7, np.int64)
    assert list_differences(*where, at(names), at(customers), at(flips), at(moved)) == len(expected)
    assert list(zip(flips.tolist(), moved.tolist(), strict=True)) == [*expected, (-7, -7)]


@pytest.mark.parametrize(("planes", "rows"), [(1, 1), (3, 7), (20, 1_000)])
def test_codes_are_gathered_plane_by_plane(planes: int, rows: int) -> None:
    random = np.random.default_rng(planes)
    kept = [random.integers(0, 256, 5_000).astype(np.uint8) for _ in range(planes)]
    numbers = random.integers(0, 5_000, rows)
    out = np.full((planes, rows + 9), 77, np.uint8)
    sources = np.array([at(plane) for plane in kept], np.int64)
    gather_planes(at(sources), planes, at(numbers), rows, at(out), out.strides[0])
    for plane, found in zip(kept, out, strict=True):
        np.testing.assert_array_equal(found[:rows], plane[numbers])
    assert (out[:, rows:] == 77).all()


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 100, 5_000])
def test_words_are_found_where_they_were_put(rows: int) -> None:
    """Neighbours, multiples of powers of two, and the ends of the range."""
    random = np.random.default_rng(rows)
    ends = np.array([-(2**63), 2**63 - 1, 0], np.int64)
    drawn = random.integers(-(2**63), 2**63, rows), np.arange(rows), np.arange(rows) * 2**40, ends
    words = random.permutation(np.unique(np.concatenate(drawn)))[:rows]
    known = (random.random(words.size) < 0.9).astype(np.uint8)
    slots = slots_for(words.size)
    table = np.full(2 * slots, -1, np.int64)
    assert index_words(at(words), at(known), words.size, at(table), slots) == -1
    wanted = np.concatenate([words, random.integers(-(2**63), 2**63, 50), np.arange(50)]).astype(np.int64)
    wanted_known = (random.random(wanted.size) < 0.9).astype(np.uint8)
    found = np.full(wanted.size, -7, np.int64)
    find_words(at(wanted), at(wanted_known), wanted.size, at(table), slots, at(found))
    assert found.tolist() == oracle.rows_of(words.tolist(), known.tolist(), wanted.tolist(), wanted_known.tolist())


def test_the_first_word_that_was_there_before_is_told() -> None:
    words, known = np.array([5, 6, 5, 7, 6, 5], np.int64), np.array([0, 1, 1, 1, 1, 1], np.uint8)
    table = np.full(2 * slots_for(6), -1, np.int64)
    assert index_words(at(words), at(known), 6, at(table), slots_for(6)) == 4


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_hashes_tell_strings_apart_whatever_holds_them(kind: pa.DataType) -> None:
    """That differ in one byte, anywhere, or in length alone; offsets and nulls are no matter."""
    texts: list[str | None] = ["", "a", "b", "\0", "\0\0", None, "é", "ab", "abc", "abcd"]
    texts += ["x" * place + "y" + "x" * (length - place - 1) for length in (7, 8, 9, 20, 40) for place in range(length)]
    texts += ["z" * length for length in range(1, 70)]
    array = pa.array(["before", *texts, "after"], kind).slice(1, len(texts))
    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    alive = fill_input(row, array, physical(kind))
    words = np.full(len(texts), -7, np.int64)
    hash_texts(row, 3, words)
    assert words[texts.index(None)] == 0
    assert np.unique(words).size == len(texts)
    plain = pa.array(texts, pa.large_string())
    fill_input(row, plain, physical(plain.type))
    again = np.empty(len(texts), np.int64)
    hash_texts(row, 3, again)
    np.testing.assert_array_equal(words, again)
    hash_texts(row, 4, again)
    assert (words != again).sum() == len(texts) - 1
    del alive
