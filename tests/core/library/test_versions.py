"""Versions: SemVer 2.0's own examples, and its laws."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import versions
from fasttwitch.library.casts import string_of_semver

ASCENDING = [
    "0.0.0-0",
    "0.0.0",
    "0.9.12",
    "1.0.0--",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0-1",
    "1.2.0-1.0",
    "1.2.0-2",
    "1.2.0-10",
    "1.2.0-1a",
    "1.2.0-A",
    "1.2.0-a",
    "1.2.0",
    "1.10.0",
    "2.0.0",
    "10.0.0",
    "99999999999999999999.0.0",
]

MALFORMED = [
    "",
    "1",
    "1.2",
    "1.2.3.4",
    "v1.2.3",
    " 1.2.3",
    "1.2.3 ",
    "1.2.3\n",
    "01.2.3",
    "1.02.3",
    "1.2.03",
    "1.2.3-",
    "1.2.3-01",
    "1.2.3-a..b",
    "1.2.3-a.",
    "1.2.3+",
    "1.2.3+a+b",
    "1.2.3-ü",
    "1.2.3-a_b",
    "-1.2.3",
    "+1.2.3",
    "1.2.-3",
    "١.2.3",
    "1.2.3-٣",
]

numbers = st.integers(0, 10**20)
words = st.from_regex(r"[0-9]*[A-Za-z-][0-9A-Za-z-]*", fullmatch=True).filter(str.isascii)
identifiers = st.one_of(numbers.map(str), words)
texts = st.builds(
    lambda parts, pre: ".".join(map(str, parts)) + ("-" + ".".join(pre) if pre else ""),
    st.tuples(numbers, numbers, numbers),
    st.lists(identifiers, max_size=3),
)


def test_versions_ascend_as_semver_has_them() -> None:
    found = [versions.read_semver(text) for text in ASCENDING]
    for (lower, left), (higher, right) in pairwise(zip(ASCENDING, found, strict=True)):
        assert left is not None
        assert right is not None
        assert left < right, f"{lower} < {higher}"


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_version_is_unknown(text: str) -> None:
    assert versions.read_semver(text) is None
    assert not versions.is_semver(text)


@pytest.mark.parametrize("text", ASCENDING)
def test_a_version_is_printed_as_it_was_read(text: str) -> None:
    version = versions.read_semver(text)
    assert version is not None
    assert versions.is_semver(text)
    assert string_of_semver(version) == text


@given(text=texts)
def test_any_version_is_printed_as_it_was_read(text: str) -> None:
    version = versions.read_semver(text)
    assert version is not None
    assert string_of_semver(version) == text


def test_build_metadata_is_ignored() -> None:
    assert versions.read_semver("1.2.3+b.7") == versions.read_semver("1.2.3+001") == versions.read_semver("1.2.3")
    assert versions.read_semver("1.2.3-rc+b") == versions.read_semver("1.2.3-rc") != versions.read_semver("1.2.3")
    version = versions.read_semver("1.2.3-rc.1+build.9")
    assert version is not None
    assert string_of_semver(version) == "1.2.3-rc.1"


@given(left=texts, right=texts)
def test_equal_versions_are_equal_texts(left: str, right: str) -> None:
    """Without build metadata there is one text for each version, so the order is total on texts."""
    one, other = versions.read_semver(left), versions.read_semver(right)
    assert one is not None
    assert other is not None
    assert (one == other) == (left == right)
    assert (one < other) + (one == other) + (one > other) == 1


def test_numbers_of_a_version() -> None:
    version = versions.read_semver("10.20.30-rc.1")
    assert version is not None
    assert [versions.major(version), versions.minor(version), versions.patch(version)] == [10, 20, 30]


def test_a_number_beyond_an_int_is_unknown() -> None:
    version = versions.read_semver(f"{2**63 - 1}.{2**63}.0")
    assert version is not None
    assert [versions.major(version), versions.minor(version), versions.patch(version)] == [2**63 - 1, None, 0]


def test_a_text_of_a_book_is_no_version() -> None:
    assert versions.read_semver("1.2.3-" + "1" * 5000) is None
    assert not versions.is_semver("1.2.3-" + "1" * 5000)
    assert versions.is_semver("1.2.3-" + "1" * 3000)
