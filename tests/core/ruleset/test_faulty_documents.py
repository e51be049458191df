"""What is said about documents that are wrong, word for word."""

import re
from pathlib import Path

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.ruleset import load_ruleset

_TEXT = Path(__file__).with_name("faulty_documents.txt").read_text("utf-8").replace("<BEL>", "\x07")
_CASES = re.findall(r"^======== (.+)\n((?:.*\n)*?)-------- says\n((?:(?!========).*\n?)*)", _TEXT, re.MULTILINE)


def test_the_file_of_cases_is_read_whole() -> None:
    """A pattern that misses cases would let them pass."""
    assert len(_CASES) == _TEXT.count("\n-------- says\n") >= 70


@pytest.mark.parametrize(("document", "said"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
def test_every_problem_is_named_placed_and_mended(document: str, said: str) -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document, base="/nowhere")
    assert str(caught.value) == said.strip("\n")


@pytest.mark.parametrize(("document", "said"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
def test_windows_line_ends_change_no_message(document: str, said: str) -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document.replace("\n", "\r\n"), base="/nowhere")
    assert str(caught.value) == said.strip("\n")
