"""What is settled before anybody looks at a customer."""

import pytest

from tests.core.lint.reviewing import findings, told


def test_a_contradiction_is_shown_with_both_of_its_parts() -> None:
    (finding,) = findings("vip && orders > 5 && orders < 3")
    assert str(finding) == (
        "warning: segment `r0` is empty: `orders > 5` and `orders < 3` are never true together\n"
        " --> segments.r0:1:8\n"
        "1 | vip && orders > 5 && orders < 3\n"
        "  |        ^^^^^^^^^^    ^^^^^^^^^^\n"
        "  = fix: `orders > 5 || orders < 3` if either is enough\n"
        "  = kind: empty-segment, in segment `r0`"
    )


def test_parts_on_two_lines_are_both_shown() -> None:
    (finding,) = findings("orders > 5\n  && orders < 3 || vip")
    assert str(finding) == (
        "warning: `orders > 5` and `orders < 3` are never true together\n"
        " --> segments.r0:1:1\n"
        "1 | orders > 5\n"
        "  | ^^^^^^^^^^\n"
        " --> segments.r0:2:6\n"
        "2 |   && orders < 3 || vip\n"
        "  |      ^^^^^^^^^^\n"
        "  = fix: `orders > 5 || orders < 3` if either is enough\n"
        "  = kind: contradiction, in segment `r0`"
    )


SAID = {
    "vip && !vip": "empty-segment: segment `r0` is empty: `vip` and `!vip` are never true together; "
    "`vip || !vip` if either is enough",
    'country == "DE" && country == "AT"': 'empty-segment: segment `r0` is empty: `country == "DE"` and '
    '`country == "AT"` are never true together; `country == "DE" || country == "AT"` if either is enough',
    "orders == null && orders > 5": "empty-segment: segment `r0` is empty: `orders == null` and `orders > 5` are never "
    "true together; `orders == null || orders > 5` if either is enough",
    "now - seen_at > days(3) && seen_at == null": "empty-segment: segment `r0` is empty: `now - seen_at > days(3)` and "
    "`seen_at == null` are never true together; `now - seen_at > days(3) || seen_at == null` if either is enough",
    'address == null && address.city == "Rome"': "empty-segment: segment `r0` is empty: `address == null` and "
    '`address.city == "Rome"` are never true together; `address == null || address.city == "Rome"` if either is enough',
    "(vip || opted_out) && !vip && !opted_out": "empty-segment: segment `r0` is empty: "
    "`(vip || opted_out) && !vip && !opted_out` is never true: it is false or unknown for every customer; "
    "write `false` if that is meant",
    "false && vip": "empty-segment: segment `r0` is empty: `false` and `vip` are never true together; "
    "`false || vip` if either is enough",
    "1 > 2": "empty-segment: segment `r0` is empty: `1 > 2` is false for every customer; "
    "write `false` if that is meant",
    "2 > 1 && vip": "never-false: `2 > 1` is true for every customer; write `true` if that is meant, or drop it",
    "orders in []": "empty-segment: segment `r0` is empty: `orders in []` is never true: it is false or unknown for "
    "every customer; write `false` if that is meant",
    "orders < 5 || orders >= 5": "never-false: `orders < 5` and `orders >= 5` are never false together: this is "
    "true wherever it is known; `orders != null` finds the same customers",
    "orders < 5 || orders >= 5 || vip": "never-false: `orders < 5` and `orders >= 5` are never false together: this is "
    "true wherever it is known; `isKnown(orders < 5 || orders >= 5 || vip)` finds the same customers",
    "orders == null || orders != null": "never-false: `orders == null` or `orders != null` is true for every customer; "
    "write `true` if everybody is meant",
    "orders > 5 && orders > 3": "redundant: `orders > 3` adds nothing to `orders > 5`; `orders > 5`",
    "orders > 5 || vip || orders > 3": "redundant: `orders > 5` adds nothing to `orders > 3`; `vip || orders > 3`",
    "vip && opted_out && vip": "redundant: `vip` stands here twice; `vip && opted_out`",
    "vip && (vip || opted_out)": "redundant: `vip || opted_out` adds nothing to `vip`; `vip`",
    'country == "DE" || country in ["DE", "AT"]': 'redundant: `country == "DE"` adds nothing to '
    '`country in ["DE", "AT"]`; `country in ["DE", "AT"]`',
    "age > 300 || vip": "out-of-range: `age > 300` is never true: the column `age` is int8, which holds -128 to 127; "
    "write `false` if that is meant",
    "visits >= 0u": "out-of-range: `visits >= 0u` is true wherever it is known: the column `visits` is uint16, which "
    "holds 0 to 65535; `visits != null` finds the same customers",
    "age != 200": "out-of-range: `age != 200` is true wherever it is known: the column `age` is int8, which holds -128 "
    "to 127; `age != null` finds the same customers",
    "size(country) >= 0": "out-of-range: `size(country) >= 0` is true wherever it is known: `size(country)` is at "
    "least 0; `country != null` finds the same customers",
    'bucket(country, "test", 100) < 100': 'out-of-range: `bucket(country, "test", 100) < 100` is true wherever it is '
    'known: `bucket(country, "test", 100)` lies between 0 and 99; `country != null` finds the same customers',
    "bucket(orders, 'test', 100) < 0.5 || vip": "bucket-share: `bucket(orders, 'test', 100) < 0.5` compares a whole "
    "number from 0 to 99 with a share; `bucket(orders, 'test', 100) < 50` for 50 %",
    "bucket(orders, 'test', 10) >= 0.25": "bucket-share: `bucket(orders, 'test', 10) >= 0.25` compares a whole number "
    "from 0 to 9 with a share; use more buckets for 25 %",
    'city.lowerAscii() == "Rome" || vip': 'never-true: `city.lowerAscii() == "Rome"` is never true: '
    '`city.lowerAscii()` has no capitals; `city.lowerAscii() == "rome"`',
    'city.upperAscii() != "Rome"': 'never-false: `city.upperAscii() != "Rome"` is true wherever it is known: '
    '`city.upperAscii()` has no small letters; `city.upperAscii() != "ROME"`',
    'city.lowerAscii().startsWith("R")': 'never-true: `city.lowerAscii().startsWith("R")` is never true: '
    '`city.lowerAscii()` has no capitals; `city.lowerAscii().startsWith("r")`',
    'city.lowerAscii() in ["rome", "Bari"]': 'out-of-range: `"Bari"` of this list is never found: `city.lowerAscii()` '
    'has no capitals; write `"bari"` in its place',
    "isKnown(isTrue(vip))": "never-false: `isKnown(isTrue(vip))` is true for every customer; write `true` if that is "
    "meant, or drop it",
    "!(orders < 5 || orders >= 5) || vip": "never-false: `orders < 5` and `orders >= 5` are never false together: "
    "this is true wherever it is known; `orders != null` finds the same customers",
    "orders == 0.5": "empty-segment: segment `r0` is empty: `orders == 0.5` is never true: "
    "`orders` holds whole numbers; write `false` if that is meant",
    'bucket(country, "test", 1) == 0 && vip': 'out-of-range: `bucket(country, "test", 1) == 0` is true wherever it is '
    'known: `bucket(country, "test", 1)` is always 0; `country != null` finds the same customers',
    "visits - 1u >= 0u": "never-false: `visits - 1u >= 0u` is never false: it is true wherever it is known; "
    "`isKnown(visits - 1u >= 0u)` finds the same customers",
    "vip || 10 % (vip ? 0 : 0) > 1": "never-known: `10 % (vip ? 0 : 0) > 1` is neither true nor false for any "
    "customer; write `false` if that is meant",
}


@pytest.mark.parametrize("rule", SAID)
def test_what_is_settled_is_told_with_a_way_out(rule: str) -> None:
    assert "\n".join(told(rule)) == SAID[rule]


@pytest.mark.parametrize(
    "rule",
    [
        "true",
        "false",
        "ltv < 1.0 || ltv >= 1.0",  # not for NaN
        "orders > 5 && orders != null",  # false and not unknown where orders is null
        "orders > 5 && orders < 7",
        "age > 126 || vip && age < 127",
        "vip || !opted_out",
        "isTrue(vip) || !opted_out",
        "orders > 5 || orders == null",
        "orders == null ? vip : orders > 5",
        "!(orders > 5) && isKnown(orders > 5)",
    ],
)
def test_nothing_is_said_of_rules_that_say_something(rule: str) -> None:
    assert told(rule) == []


def test_the_innermost_part_is_told_and_nothing_around_it() -> None:
    assert told("isTrue(!(vip && !vip)) && age > 3") == [
        "contradiction: `vip` and `!vip` are never true together; `vip || !vip` if either is enough"
    ]


def test_an_alternative_that_another_condition_rules_out_is_told() -> None:
    assert told("orders > 5 && (orders < 3 || vip)") == [
        "contradiction: `orders < 3` lets nobody in: it is never true together with `orders > 5`; "
        "`orders > 5 && vip` finds the same customers"
    ]
    assert told("orders > 5 && (orders < 7 || vip)") == []


def test_a_segment_is_empty_because_another_one_is() -> None:
    assert told('segment("nobody") && vip', '!segment("nobody")', nobody="orders > 5 && orders < 3") == [
        "empty-segment: segment `r0` is empty: nobody is in segment `nobody`; mend segment `nobody` first",
        "empty-segment: segment `nobody` is empty: `orders > 5` and `orders < 3` are never true together; "
        "`orders > 5 || orders < 3` if either is enough",
    ]


def test_hundreds_of_operands_are_read_in_a_moment() -> None:
    """Chains too long to compare pair by pair are still proved as a whole."""
    rule = " && ".join(f"orders != {number}" for number in range(400))
    assert told(rule) == []
    assert [one.kind for one in findings(f"{rule} && orders == 7")] == ["empty-segment"]


def test_what_is_quoted_keeps_its_blanks_and_loses_its_comments() -> None:
    """The fix is to be pasted: blanks inside a string are the string."""
    rule = 'vip && (country == "  a  b" || // both\n  city == "c  d") && vip'
    assert told(rule) == ['redundant: `vip` stands here twice; `vip && (country == "  a  b" || city == "c  d")`']


@pytest.mark.parametrize(
    "rule",
    [
        'country == "DE" && country.startsWith("A")',
        'country in ["DE", "AT"] && country.startsWith("A") && country.endsWith("E")',
        "size(country) > 5 && size(country) < 3",
        'country.lowerAscii() == "a" && country.lowerAscii() in ["b", "c"]',
        'semver(country) >= "2.0.0" && semver(country) < "2.0.0-rc.1"',
        'country < "b" && country > "c"',
        'country == "c" && country < "b"',
        'int(country) > 5 && country == "3"',
        'country.matches("^a") && country == null',
    ],
)
def test_tests_of_one_string_that_exclude_each_other_are_found(rule: str) -> None:
    assert [one.kind for one in findings(rule)] == ["empty-segment"]


@pytest.mark.parametrize(
    "rule",
    [
        'country == "AT" && city.startsWith("D")',
        'country in ["DE", "AT"] && country.startsWith("A")',
        "size(country) > 3 && size(country) < 5",
        'country.lowerAscii() == "a" && country.upperAscii() == "A"',
        'semver(country) >= "2.0.0" && semver(country) < "2.0.1"',
        'country < "b" && country > "a"',
        'int(country) > 5 && country == "7"',
    ],
)
def test_tests_of_one_string_that_can_hold_together_are_left_alone(rule: str) -> None:
    assert told(rule) == []
