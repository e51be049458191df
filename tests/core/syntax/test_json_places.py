import pytest

from fasttwitch.syntax.json_places import shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("gold", '`"gold"`'),
        ("x" * 50, f'`"{"x" * 40}…"`'),
        (None, "`null`"),
        (True, "`true`"),
        (5, "`5`"),
        (2.5, "`2.5`"),
        (10**40, "such a number"),
    ],
)
def test_a_value_is_shown_as_json_writes_it(value: object, words: str) -> None:
    assert shown(value) == words
