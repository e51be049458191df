"""Lists in rules."""

import pytest

from tests.core.lint.reviewing import findings, reviewed, told


def test_a_constant_that_stands_twice_is_shown_twice() -> None:
    (finding,) = findings('country in ["DE", "AT", "DE"]')
    assert str(finding) == (
        'warning: `"DE"` stands in this list already\n'
        " --> segments.r0:1:25\n"
        '1 | country in ["DE", "AT", "DE"]\n'
        "  |             ^^^^        ^^^^\n"
        '  = fix: `country in ["DE", "AT"]`\n'
        "  = kind: repeated-constant, in segment `r0`"
    )


def test_more_than_one_repetition_is_counted() -> None:
    assert told("orders in [1, 2, 1, 2, 1]") == [
        "repeated-constant: `1` stands in this list already, and 2 more like it; `orders in [1, 2]`"
    ]


def test_a_list_of_one_is_an_equality() -> None:
    assert told('vip && country in ["DE"]') == [
        'short-list: `country in ["DE"]` looks for one constant only; `country == "DE"`'
    ]
    assert told("orders + 1 in [7]") == [
        "short-list: `orders + 1 in [7]` looks for one constant only; `orders + 1 == 7`"
    ]


@pytest.mark.parametrize("rule", ["orders in [1, 2]", 'country in ["DE", "de"]', 'country == "in"'])
def test_nothing_is_said_of_plain_lists(rule: str) -> None:
    assert told(rule) == []


def test_a_list_that_has_a_name_is_told_its_name() -> None:
    found = reviewed(
        {
            "lists": {"eu": ["DE", "AT", "FR"]},
            "segments": {
                "a": 'country in ["AT", "FR", "DE"]',
                "b": 'city in list("eu")',
                "c": 'country in ["DE", "AT"]',
            },
        }
    )
    assert [f"{one.segment}: {one.message}; {one.fix}" for one in found if one.kind == "copied-list"] == [
        'a: these are the constants of `list("eu")`; `country in list("eu")`'
    ]
