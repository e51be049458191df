"""Vocabularies: they make the next run faster and never change an answer."""

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.batch import vocabulary

RULES = {"a": 'word.startsWith("w1")', "b": 'word == "w2" || word.contains("9")', "c": "word == null"}
FORMS = [pa.string(), pa.large_string(), pa.string_view()]


def table(words: list[str | None], form: pa.DataType = FORMS[0]) -> pa.Table:
    return pa.table({"word": pa.array(words, form), "n": pa.array(range(len(words)))})


def counts(words: list[str | None]) -> dict[str, int]:
    known = [word for word in words if word is not None]
    return {
        "a": sum(word.startswith("w1") for word in known),
        "b": sum(word == "w2" or "9" in word for word in known),
        "c": len(words) - len(known),
    }


def program() -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": RULES}), table([]).schema)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_was_seen_before_changes_no_answer(form: pa.DataType) -> None:
    """Known strings, new ones, fewer, none but nulls: whatever the runs before have met."""
    compiled = program()
    few: list[str | None] = ["w1", "w2", None, "x9"] * 700
    for words in (few, few, [*few, "w19"], ["w1", None], [None] * 5, ["w" + str(i) for i in range(3000)], few, ["new"]):
        data = table(list(words), form)
        assert compiled.count(data) == counts(list(words))
        audiences = compiled.select(data)
        assert audiences.counts == counts(list(words))
        assert audiences.unknown["a"] == counts(list(words))["c"]


def test_a_column_that_always_brings_new_strings_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running twice each time would be slower than interning each time."""
    monkeypatch.setattr(vocabulary, "MOST_STRINGS", 50)
    compiled = program()
    for start in range(0, 200, 10):
        words: list[str | None] = [f"w{i}" for i in range(start, start + 10)]
        assert compiled.count(table(words)) == counts(words)


def test_a_dictionary_after_plain_strings_is_read_as_one() -> None:
    """The next table may store the same column in another way."""
    compiled = program()
    words: list[str | None] = ["w1", "w29", None] * 10
    assert compiled.count(table(words)) == counts(words)
    encoded = table(words).set_column(0, "word", table(words)["word"].dictionary_encode())
    assert compiled.count(encoded) == counts(words)
    assert compiled.count(table(["w1x", None])) == counts(["w1x", None])
