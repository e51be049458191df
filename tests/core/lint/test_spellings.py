"""Constants in another spelling than the data."""

import pyarrow as pa
import pytest

from tests.core.lint.reviewing import findings, told

WORDS = ["DE", "de", "De", "de", "AT ", " AT", "FR", "Ä", "ä", None]
DATA = pa.table({"country": pa.array(WORDS).dictionary_encode(), "vip": [True] * len(WORDS)})


def test_the_other_spelling_is_shown_with_its_rows() -> None:
    (finding,) = findings('vip && country == "DE"', data=DATA)
    assert str(finding) == (
        "warning: `DE` occurs as `de` in 2 rows, and in 1 other spelling\n"
        " --> segments.r0:1:8\n"
        '1 | vip && country == "DE"\n'
        "  |        ^^^^^^^^^^^^^^^\n"
        '  = fix: `country.lowerAscii() == "de"`\n'
        "  = kind: spelling, in segment `r0`"
    )


SAID = {
    'country == "AT"': 'spelling: `AT` occurs as ` AT` in 1 row, and in 1 other spelling; `country.trim() == "AT"`',
    'country in ["FR", "At"]': "spelling: `At` occurs as ` AT` in 1 row, and in 1 other spelling; "
    '`country.trim().lowerAscii() in ["fr", "at"]`',
    'country == "Ä"': "spelling: `Ä` occurs as `ä` in 1 row; spell it in one way in the data",
}


@pytest.mark.parametrize("rule", SAID)
def test_case_and_blanks_are_told_apart(rule: str) -> None:
    assert "\n".join(told(rule, data=DATA)) == SAID[rule]


@pytest.mark.parametrize(
    "rule", ['country == "FR"', 'country in ["DE", "de", "De"]', 'country.lowerAscii() == "de"', 'country == "XX"']
)
def test_nothing_is_said_of_words_that_are_spelt_alike(rule: str) -> None:
    assert told(rule, data=DATA) == []


def test_a_word_that_the_data_spell_in_one_other_way_is_written_so() -> None:
    data = pa.table({"tier": ["gold", "silver", None], "vip": [True, False, None]})
    assert told('tier == "Gold"', data=data) == ['spelling: `Gold` occurs as `gold` in 1 row; `tier == "gold"`']
    assert told('tier in ["Silver", "bronze"]', data=data) == [
        'spelling: `Silver` occurs as `silver` in 1 row; `tier in ["silver", "bronze"]`'
    ]


def test_nothing_is_said_without_data() -> None:
    assert told('country == "DE"') == []
