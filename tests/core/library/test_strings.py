"""Functions over strings: CEL's extension, position by position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.library import strings
from fasttwitch.syntax import Constant, parse

texts = st.text(st.sampled_from("ab©α😀, \u00a0"), max_size=12)
parts = st.text(st.sampled_from("ab©"), max_size=3)
positions = st.integers(-2, 14)


@pytest.mark.parametrize(
    ("text", "position", "character"),
    [("straße", 4, "ß"), ("straße", 0, "s"), ("straße", 6, ""), ("", 0, ""), ("😀b", 1, "b")],
)
def test_char_at_counts_code_points(text: str, position: int, character: str) -> None:
    assert strings.char_at(text, position) == character


@pytest.mark.parametrize(("text", "position"), [("straße", 7), ("straße", -1), ("", 1)])
def test_char_at_is_unknown_beyond_the_end(text: str, position: int) -> None:
    assert strings.char_at(text, position) is None


@pytest.mark.parametrize(
    ("text", "part", "start", "found"),
    [
        ("hallo hallo", "ll", 0, 2),
        ("hallo hallo", "ll", 2, 2),
        ("hallo hallo", "ll", 3, 8),
        ("hallo hallo", "lll", 0, -1),
        ("hallo", "", 0, 0),
        ("hallo", "", 5, 5),
        ("hallo", "o", 5, -1),
        ("ta©o©αT", "©α", 3, 4),
    ],
)
def test_index_of_looks_from_a_position_on(text: str, part: str, start: int, found: int) -> None:
    assert strings.index_of(text, part, start) == found


@pytest.mark.parametrize(
    ("text", "part", "start", "found"),
    [
        ("hallo hallo", "ll", None, 8),
        ("hallo hallo", "ll", 8, 8),
        ("hallo hallo", "ll", 7, 2),
        ("hallo", "", None, 5),
        ("hallo", "", 3, 3),
        ("hallo", "hallo!", 2, -1),
        ("", "a", None, -1),
        ("", "", None, 0),
        ("bananananana", "nana", 7, 6),
        ("ta©o©αT", "©", 3, 2),
    ],
)
def test_last_index_of_takes_the_last_that_begins_by_then(text: str, part: str, start: int | None, found: int) -> None:
    assert strings.last_index_of(text, part, start) == found


@pytest.mark.parametrize("start", [-1, 6])
def test_a_search_cannot_start_outside(start: int) -> None:
    assert strings.index_of("hallo", "a", start) is None
    assert strings.last_index_of("hallo", "a", start) is None


@given(text=texts, part=parts, start=positions)
def test_index_of_finds_the_first_that_substring_shows(text: str, part: str, start: int) -> None:
    places = [i for i in range(len(text) + 1) if strings.substring(text, i, min(i + len(part), len(text))) == part]
    found = strings.index_of(text, part, start)
    if 0 <= start <= len(text):
        assert found == next((place for place in places if place >= start), -1)
    else:
        assert found is None


@given(text=texts, part=parts, start=positions)
def test_last_index_of_finds_the_last_that_substring_shows(text: str, part: str, start: int) -> None:
    places = [i for i in range(len(text) + 1) if strings.substring(text, i, min(i + len(part), len(text))) == part]
    found = strings.last_index_of(text, part, start)
    if 0 <= start <= len(text):
        assert found == max((place for place in places if place <= start), default=-1)
    else:
        assert found is None
    assert strings.last_index_of(text, part) == max(places, default=-1)


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (4, None, "ße"),
        (6, None, ""),
        (7, None, None),
        (-1, None, None),
        (0, 4, "stra"),
        (4, 4, ""),
        (6, 6, ""),
        (4, 3, None),
        (0, 7, None),
        (-1, 2, None),
    ],
)
def test_substring_ends_before_its_end(begin: int, end: int | None, expected: str | None) -> None:
    assert strings.substring("straße", begin, end) == expected


@given(text=texts, cut=positions)
def test_a_text_is_its_two_halves(text: str, cut: int) -> None:
    left, right = strings.substring(text, 0, cut), strings.substring(text, cut)
    if left is None or right is None:
        assert not 0 <= cut <= len(text)
    else:
        assert left + right == text


@pytest.mark.parametrize(
    ("text", "old", "new", "limit", "expected"),
    [
        ("a-b-c", "-", "+", -1, "a+b+c"),
        ("a-b-c", "-", "+", 1, "a+b-c"),
        ("a-b-c", "-", "+", 0, "a-b-c"),
        ("aaa", "aa", "b", -1, "ba"),
        ("abc", "", "_", -1, "_a_b_c_"),
        ("abc", "", "_", 2, "_a_bc"),
        ("", "", "x", -1, "x"),
    ],
)
def test_replace_goes_from_left_to_right(text: str, old: str, new: str, limit: int, expected: str) -> None:
    assert strings.replace(text, old, new, limit) == expected


@pytest.mark.parametrize(
    ("text", "separator", "limit", "expected"),
    [
        ("a,b,,c", ",", -1, ("a", "b", "", "c")),
        ("a,b,c", ",", 2, ("a", "b,c")),
        ("a,b,c", ",", 1, ("a,b,c",)),
        ("a,b,c", ",", 0, ()),
        ("a,b,c", ",", 9, ("a", "b", "c")),
        ("a,b,c", ",", -7, ("a", "b", "c")),
        ("", ",", -1, ("",)),
        ("a©b", "", -1, ("a", "©", "b")),
        ("a©b", "", 2, ("a", "©b")),
        ("a©b", "", 3, ("a", "©", "b")),
        ("a©b", "", 4, ("a", "©", "b")),
        ("", "", -1, ()),
        ("", "", 4, ()),
    ],
)
def test_split_keeps_empty_parts(text: str, separator: str, limit: int, expected: tuple[str, ...]) -> None:
    assert strings.split(text, separator, limit) == expected


@given(text=texts, separator=parts, limit=st.integers(-1, 5))
def test_joining_what_was_split_gives_it_back(text: str, separator: str, limit: int) -> None:
    found = strings.split(text, separator, limit)
    if limit == 0:
        assert found == ()
        return
    assert strings.join(found, separator) == text
    assert limit < 0 or len(found) <= limit


@given(text=texts, old=parts.filter(bool), new=parts, limit=st.integers(-1, 5))
def test_replacing_is_splitting_and_joining(text: str, old: str, new: str, limit: int) -> None:
    pieces = strings.split(text, old, limit + 1 if limit >= 0 else -1)
    assert strings.replace(text, old, new, limit) == strings.join(pieces, new)


@pytest.mark.parametrize(("capital", "small"), [("STRASSE", "strasse"), ("STRAßE", "straße"), ("ÄPFEL İ", "Äpfel İ")])
def test_ascii_case_leaves_other_letters(capital: str, small: str) -> None:
    assert strings.lower_ascii(capital) == small
    assert strings.upper_ascii(small) == capital


def test_trim_takes_what_unicode_calls_white_space() -> None:
    white = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029)))
    white += "\u202f\u205f\u3000"
    assert strings.trim(f"{white}a{white}b{white}") == f"a{white}b"
    assert strings.trim(white) == ""


@pytest.mark.parametrize("character", ["\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\x1c", "\x1f"])
def test_trim_leaves_what_only_looks_empty(character: str) -> None:
    assert strings.trim(f"{character}a{character}") == f"{character}a{character}"


def test_reverse_turns_code_points() -> None:
    assert strings.reverse("Ta©o😀") == "😀o©aT"
    assert strings.reverse("") == ""


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("first\nsecond", r'"first\nsecond"'),
        ("\a\b\f\r\t\v", r'"\a\b\f\r\t\v"'),
        ("back\\slash", r'"back\\slash"'),
        ('it\'s "so"', r'''"it's \"so\""'''),
        ("завтра 😀", '"завтра 😀"'),
        ("", '""'),
    ],
)
def test_quote_escapes_what_cel_escapes(text: str, quoted: str) -> None:
    assert strings.quote(text) == quoted


@given(text=st.text())
def test_what_was_quoted_is_read_back(text: str) -> None:
    """The quoted text can be pasted into a rule."""
    constant = parse(strings.quote(text))
    assert isinstance(constant, Constant)
    assert constant.value == text


def test_an_element_has_a_position_inside_its_list() -> None:
    values = ("a", "b")
    assert [strings.element(values, i) for i in range(-1, 3)] == [None, "a", "b", None]
