"""Divisions, and numbers that a column cannot hold."""

import pytest

from tests.core.lint.reviewing import findings, told

SAID = {
    "orders / 2 > 3": "integer-division: `orders / 2` drops the fraction, as `7 / 2` is 3; `double(orders) / 2.0`",
    "(orders + 1) / orders > 3": "integer-division: `(orders + 1) / orders` drops the fraction, as `7 / 2` is 3; "
    "`double(orders + 1) / double(orders)`",
    "orders / 2 + orders > 3": "integer-division: `orders / 2` drops the fraction, as `7 / 2` is 3; "
    "`double(orders) / 2.0`, and what stands beside it as a double too",
    "visits / 7u > 3u": "integer-division: `visits / 7u` drops the fraction, as `7 / 2` is 3; `double(visits) / 7.0`",
    "score == 0.3": "float32-equality: `score == 0.3` is never true: `score` is a float32 column, which holds "
    "0.30000001192092896 and not 0.3; `score == 0.30000001192092896`",
    "score != 0.1": "float32-equality: `score != 0.1` is true wherever it is known: `score` is a float32 column, which "
    "holds 0.10000000149011612 and not 0.1; `score != 0.10000000149011612`",
    "score in [0.5, 0.1]": "float32-equality: `0.1` of this list is never found: `score` is a float32 column, which "
    "holds 0.10000000149011612 and not 0.1; write `0.10000000149011612` in its place",
    "price == 1.999": "out-of-range: `price == 1.999` is never true: `price` has 2 digits after the point; "
    "compare with `<` or `>`, e.g. `price < 1.999`",
    "price in [1.5, 0.001]": "out-of-range: `0.001` of this list is never found: `price` has 2 digits after the point; "
    "drop it",
}


@pytest.mark.parametrize("rule", SAID)
def test_numbers_that_mislead_are_told(rule: str) -> None:
    assert "\n".join(told(rule)) == SAID[rule]


@pytest.mark.parametrize(
    "rule",
    [
        "ltv / 2.0 > 3.0",
        "double(orders) / 2.0 > 3.0",
        "orders % 2 == 1",
        "score == 0.5",
        "score > 0.3",
        "score == 0.30000001192092896",
        "ltv == 0.3",
        "price == 1.990",
        "price == 0.00",
        "price > 1.999",
        "price == 5",
    ],
)
def test_nothing_is_said_of_numbers_that_can_be(rule: str) -> None:
    assert told(rule) == []


def test_a_division_is_pointed_at() -> None:
    (finding,) = findings("vip && orders / 2 > 3")
    assert str(finding) == (
        "warning: `orders / 2` drops the fraction, as `7 / 2` is 3\n"
        " --> segments.r0:1:8\n"
        "1 | vip && orders / 2 > 3\n"
        "  |        ^^^^^^^^^^\n"
        "  = fix: `double(orders) / 2.0`\n"
        "  = kind: integer-division, in segment `r0`"
    )
