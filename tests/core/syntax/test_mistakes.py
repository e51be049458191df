"""What the author of a wrong rule is told, whole: the message, its place and its fix."""

import tomllib
from pathlib import Path

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import parse

WRONG = tomllib.loads((Path(__file__).parent / "mistakes.toml").read_text(encoding="utf-8"))["wrong"]


def refusal(text: str) -> str:
    """Return the message of a text that must not parse."""
    with pytest.raises(RulesetError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(("text", "error"), [(wrong["text"], wrong["error"]) for wrong in WRONG])
def test_a_mistake_is_explained(text: str, error: str) -> None:
    assert refusal(text) == error


def test_no_two_mistakes_of_the_table_are_one_text() -> None:
    assert len({wrong["text"] for wrong in WRONG}) == len(WRONG) > 60


def test_what_cannot_be_seen_is_named() -> None:
    """Office software and web pages put such characters into what people copy."""
    assert refusal("age\u00a0> 3") == (
        "an invisible character stands here: U+00A0, no-break space\n"
        " --> rule:1:4\n1 | age\u00a0> 3\n  |    ^\n  = fix: replace it by a blank"
    )
    assert refusal("age >\u200b 3") == (
        "an invisible character stands here: U+200B, zero width space\n"
        " --> rule:1:6\n1 | age >\u200b 3\n  |      ^\n  = fix: delete it"
    )
    assert refusal("age > \0") == (
        "an invisible character stands here: U+0000, a control character\n"
        " --> rule:1:7\n1 | age > \0\n  |       ^\n  = fix: delete it"
    )


def test_half_a_character_is_refused_in_words_that_can_be_printed() -> None:
    message = refusal('name == "\ud800"')
    assert message == (
        "half of a character stands here\n"
        ' --> rule:1:10\n1 | name == "\ufffd"\n  |          ^\n  = fix: the file is damaged: save it as UTF-8 again'
    )
    assert message.encode()


def test_the_place_is_right_on_later_lines() -> None:
    assert refusal("age > 18 // adults\n&& (tier == 'gold'\n|| vip") == (
        "this `(` is never closed\n --> rule:2:4\n2 | && (tier == 'gold'\n  |    ^\n  = fix: add `)`"
    )


def test_the_first_mistake_is_the_one_that_is_told() -> None:
    with pytest.raises(RulesetError) as caught:
        parse('tier = "gold" AND (age >')
    (problem,) = caught.value.problems
    assert problem.span == (5, 6)
    assert problem.text == 'tier = "gold" AND (age >'


def test_long_words_are_shortened_in_messages() -> None:
    first, *_ = refusal("x" * 5000 + " " + "y" * 5000).split("\n")
    assert first == f"nothing stands between `{'x' * 30}…` and `{'y' * 30}…`"
    first, *_ = refusal("1" * 5000).split("\n")
    assert first == "`11111111111111111111…1111111111` is out of range for an int"


@pytest.mark.parametrize(("text", "column"), [("a ? b ? c : d", 3), ("a ? b : c ? d", 11), ("f(a ? b : c ? d)", 13)])
def test_the_question_without_an_answer_is_the_one_that_is_shown(text: str, column: int) -> None:
    assert refusal(text) == (
        f"this `?` has no `:` after it\n --> rule:1:{column}\n1 | {text}\n  | {' ' * (column - 1)}^\n"
        "  = fix: write `condition ? value : other value`"
    )


@pytest.mark.parametrize("word", ["as", "break", "for", "function", "return", "while"])
def test_a_reserved_word_is_no_name_but_may_be_a_field(word: str) -> None:
    assert refusal(f"{word} > 1") == (
        f"`{word}` is a reserved word, so it cannot be a name\n"
        f" --> rule:1:1\n1 | {word} > 1\n  | {'^' * len(word)}\n  = fix: give the attribute another name"
    )
    parse(f"order.{word} > 1")
