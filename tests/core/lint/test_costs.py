"""Conditions that go value by value."""

import pytest

from tests.core.lint.reviewing import findings, told


def test_a_function_of_two_columns_is_told() -> None:
    (finding,) = findings("vip && country.indexOf(city) > 0")
    assert str(finding) == (
        "warning: `country.indexOf(city) > 0` is evaluated row by row: it takes up to a few microseconds a customer\n"
        " --> segments.r0:1:8\n"
        "1 | vip && country.indexOf(city) > 0\n"
        "  |        ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = fix: if that is too slow, store the result with the customers, as an attribute of its own\n"
        "  = kind: row-by-row, in segment `r0`"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "country.indexOf(city) > 2",
        "country.substring(size(city)) == city",
        '"%s-%s".format([country, city]) == "a-b"',
        "country.indexOf(city) + orders > 2",
    ],
)
def test_such_functions_are_found_wherever_they_stand(rule: str) -> None:
    assert [one.split(":")[0] for one in told(rule)] == ["row-by-row"]


@pytest.mark.parametrize(
    "rule",
    [
        'country.startsWith("D")',
        "country.startsWith(city)",
        "country.substring(0, 2) == city",
        "country == city",
        "country.lowerAscii() == city",
        'country + city == "ab"',
        "size(country) > orders",
        'country.indexOf("a") > orders',  # once for each distinct string
        "orders * orders > 7",
        "price > price",
    ],
)
def test_nothing_is_said_of_what_is_judged_once_or_by_kernels(rule: str) -> None:
    assert told(rule) == []
