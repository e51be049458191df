"""Buckets in bulk: the same as those of one value, whatever the layout of the strings and the length of the salt."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.kernels import layout
from fasttwitch.kernels.bucketing import bucket_ints, bucket_texts
from fasttwitch.library.bucketing import bucket, murmur3_32
from tests.core.kernels.guarded import Guarded

FORMS = {pa.string(): layout.TEXT32, pa.large_string(): layout.TEXT64, pa.string_view(): layout.TEXT_VIEW}
SALTS = ["", "a", "ab", "abc", "abcd", "Grüße 😀", "x" * 37]


def prefix(salt: str) -> np.ndarray:
    return np.frombuffer(f"{salt}:".encode(), np.uint8)


def buckets_of(texts: list[str | None], form: pa.DataType, salt: str, count: int, begin: int = 0) -> list[int]:
    array = pa.array(["before", *texts], form)[1:]  # a slice: rows do not begin where buffers do
    buffers = array.buffers()
    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    width = {layout.TEXT32: 4, layout.TEXT64: 8, layout.TEXT_VIEW: 16}[FORMS[form]]
    row[layout.INPUT_PHYSICAL] = FORMS[form]
    row[layout.INPUT_VALUES] = buffers[1].address + width * array.offset
    if buffers[0] is not None:
        row[layout.INPUT_VALIDITY] = buffers[0].address
        row[layout.INPUT_VALIDITY_BIT] = array.offset
    addresses = np.array([0 if buffer is None else buffer.address for buffer in buffers[2:]] + [0], np.int64)
    row[layout.INPUT_DATA] = addresses.ctypes.data if form == pa.string_view() else addresses[0]
    out = np.full(len(texts), -7, np.int64)
    bucket_texts(row, begin, len(texts), prefix(salt), count, out)
    return out.tolist()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_strings_fall_into_the_buckets_of_the_language(form: pa.DataType) -> None:
    @given(
        st.lists(st.none() | st.text(max_size=40), min_size=1, max_size=20),
        st.sampled_from(SALTS),
        st.sampled_from([1, 2, 100, 1000, 999_983, 1_000_000]),
    )
    def check(texts: list[str | None], salt: str, count: int) -> None:
        assert buckets_of(texts, form, salt, count) == [bucket(text or "", salt, count) for text in texts]

    check()


def test_only_the_rows_asked_for_are_written() -> None:
    """Threads share one array of buckets."""
    found = buckets_of(["a", "b", "c"], pa.string(), "salt", 1000, begin=2)
    assert found == [-7, -7, bucket("c", "salt", 1000)]


@pytest.mark.parametrize("salt", SALTS)
def test_integers_fall_into_the_buckets_of_their_decimal_text(salt: str) -> None:
    random = np.random.default_rng(1)
    powers = [sign * (10**power + step) for power in range(19) for step in (-1, 0, 1) for sign in (1, -1)]
    some = (random.integers(-(2**63), 2**63, 500) >> random.integers(0, 64, 500)).tolist()
    ints = np.array([*powers, *some, 0, 2**63 - 1, -(2**63), 42], np.int64)
    out = np.full(ints.size, -1, np.int64)
    bucket_ints(ints, 0, prefix(salt), 1_000_000, out)
    assert out.tolist() == [bucket(value, salt, 1_000_000) for value in ints.tolist()]
    uints = np.array([2**64 - 1, 2**63, 10**19, 10**19 - 1, 0, 1, 18_446_744_073_000_000_000], np.uint64)
    out = np.full(uints.size, -1, np.int64)
    bucket_ints(uints.view(np.int64), 1, prefix(salt), 1_000_000, out)
    assert out.tolist() == [bucket(value, salt, 1_000_000) for value in uints.tolist()]


def test_a_number_and_its_text_agree() -> None:
    out = np.zeros(1, np.int64)
    bucket_ints(np.array([42]), 0, prefix("s"), 100, out)
    assert out.tolist() == buckets_of(["42"], pa.string(), "s", 100)


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize("length", range(1, 14))
def test_no_byte_beside_a_string_is_read(length: int, at_end: bool) -> None:
    """The string lies between pages that may not be touched."""
    text = bytes(range(65, 65 + length))
    memory = Guarded(text, at_end)
    offsets = np.array([0, length], np.int32)
    row = np.zeros(layout.INPUT_FIELDS, np.int64)
    row[layout.INPUT_PHYSICAL] = layout.TEXT32
    row[layout.INPUT_VALUES] = offsets.ctypes.data
    row[layout.INPUT_DATA] = memory.address
    out = np.zeros(1, np.int64)
    bucket_texts(row, 0, 1, prefix("salt"), 2**32, out)
    assert out.tolist() == [murmur3_32(b"salt:" + text)]
