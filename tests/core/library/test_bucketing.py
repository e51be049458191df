"""Buckets: the hash as published, the buckets as Unleash counts them, and ours frozen for ever."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library.bucketing import bucket, murmur3_32

# Widely published vectors of MurmurHash3_x86_32; the seeds and the odd lengths reach every branch.
PUBLISHED = [
    (b"", 0, 0),
    (b"", 1, 0x514E28B7),
    (b"", 0xFFFFFFFF, 0x81F16F39),
    (b"\xff\xff\xff\xff", 0, 0x76293B50),
    (b"\x21\x43\x65\x87", 0, 0xF55B516B),
    (b"\x21\x43\x65\x87", 0x5082EDEE, 0x2362F9DE),
    (b"\x21\x43\x65", 0, 0x7E4A8634),
    (b"\x21\x43", 0, 0xA0F7B07A),
    (b"\x21", 0, 0x72661CF4),
    (b"\0\0\0\0", 0, 0x2362F9DE),
    (b"\0\0\0", 0, 0x85F0B427),
    (b"\0\0", 0, 0x30F4C306),
    (b"\0", 0, 0x514E28B7),
    (b"test", 0, 0xBA6BD213),
    (b"test", 0x9747B28C, 0x704B81DC),
    (b"Hello, world!", 0, 0xC0363E43),
    (b"Hello, world!", 0x9747B28C, 0x24884CBA),
    (b"The quick brown fox jumps over the lazy dog", 0, 0x2E4FF723),
    (b"The quick brown fox jumps over the lazy dog", 0x9747B28C, 0x2FA826CD),
]

# Values that Unleash's clients have in common: (identifier, group, normalised value of 1 to 100).
UNLEASH = [("123", "gr1", 73), ("999", "groupX", 25)]

# (value, salt, count, bucket): never to be changed, for customers would move from one group to another.
FROZEN = [
    ("customer-1", "checkout-2026", 100, 25),
    ("customer-2", "checkout-2026", 100, 81),
    ("customer-3", "checkout-2026", 100, 79),
    ("customer-1", "checkout-2027", 100, 91),
    ("", "checkout-2026", 100, 91),
    ("", "", 100, 30),
    ("a", "", 1000, 998),
    (0, "holdout", 1000, 391),
    (1, "holdout", 1000, 255),
    (42, "holdout", 1000, 935),
    (-1, "holdout", 1000, 582),
    (-(2**63), "holdout", 1_000_000, 435535),
    (2**63 - 1, "holdout", 1_000_000, 271209),
    (2**64 - 1, "holdout", 1_000_000, 745778),
    ("héé", "ümläut", 1000, 764),
    ("😀", "emoji", 1000, 545),
    ("日本語", "salz", 1_000_000, 861237),
    ("x" * 100, "long", 1_000_000, 863586),
    ("6f1e0f5c-8b1b-4c7e-9a53-2f0f9f1d7c11", "onboarding", 10_000, 8355),
    ("anna@example.com", "spring sale", 2, 0),
    ("anything", "one bucket", 1, 0),
]


@pytest.mark.parametrize(("data", "seed", "expected"), PUBLISHED)
def test_the_hash_is_murmur3(data: bytes, seed: int, expected: int) -> None:
    assert murmur3_32(data, seed) == expected


@pytest.mark.parametrize(("identifier", "group", "normalised"), UNLEASH)
def test_a_bucket_is_unleash_s_normalised_value_minus_one(identifier: str, group: str, normalised: int) -> None:
    assert bucket(identifier, group, 100) == normalised - 1


@pytest.mark.parametrize(("value", "salt", "count", "expected"), FROZEN)
def test_buckets_are_frozen(value: str | int, salt: str, count: int, expected: int) -> None:
    assert bucket(value, salt, count) == expected


@given(value=st.integers(-(2**63), 2**64 - 1), salt=st.text(), count=st.integers(1, 1_000_000))
def test_an_integer_and_its_digits_share_a_bucket(value: int, salt: str, count: int) -> None:
    """One table has the customer's number as an integer, another as text."""
    assert 0 <= bucket(value, salt, count) == bucket(str(value), salt, count) < count


def test_buckets_are_even_and_salts_independent() -> None:
    """Of 20,000 customers every tenth holds 2,000, give or take; so does every pair of tenths 200."""
    pairs = Counter((bucket(number, "one", 10), bucket(number, "two", 10)) for number in range(20_000))
    tenths = Counter(bucket(number, "one", 10) for number in range(20_000))
    assert len(tenths) == 10
    assert all(abs(size - 2000) < 6 * 2000**0.5 for size in tenths.values())
    assert len(pairs) == 100
    assert all(abs(size - 200) < 6 * 200**0.5 for size in pairs.values())
