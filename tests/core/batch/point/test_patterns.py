"""Two builds of RE2 say the same of one string."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.batch.point import patterns
from fasttwitch.batch.point.patterns import arrow_finder, finder, quick_finder
from tests.generators.rules import PATTERNS
from tests.generators.words import words

ALL_PATTERNS = (
    *PATTERNS,
    "^$",
    "a{2,3}",
    "[^\\x00-\\x7F]",
    "(?s)a.b",
    "a.b",
    "(?m)^b$",
    "\\bgold\\b",
    "\\C",
    "x*",
    "\\pL\\d",
)
TEXTS = ("", "a", "gold", "a\nb", "Zürich", "\U0001f600", "a\0b", "ab" * 200, "GOLD 5", "x\r\n", "ß", "aa")


@pytest.mark.parametrize("pattern", ALL_PATTERNS)
def test_both_find_the_same(pattern: str) -> None:
    quick = quick_finder(pattern)
    assert quick is not None
    slow = arrow_finder(pattern)
    for text in (*TEXTS, *words(Random(5), 20)):
        assert quick(text) is slow(text), text


@given(text=st.text(max_size=20))
def test_both_find_the_same_in_any_text(text: str) -> None:
    for pattern in ("^.{1,3}$", "\\p{L}", "(?i)K", "[a-z]\\d", "\\s$"):
        quick = quick_finder(pattern)
        assert quick is not None
        assert quick(text) is arrow_finder(pattern)(text), pattern


def test_without_google_re2_arrow_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "re2", None)
    assert quick_finder("a") is None
    assert finder("^a+$")("aaa") is True
    assert finder("^a+$")("aab") is False


def test_a_pattern_that_google_re2_refuses_is_left_to_arrow() -> None:
    assert quick_finder("(") is None
