"""Months and days that count from 0, and instants without a zone."""

import pytest

from tests.core.lint.reviewing import findings, told

COUNTS = {
    "getMonth": "`getMonth` counts months from 0, January, to 11, December",
    "getDayOfMonth": "`getDayOfMonth` counts days of the month from 0, the 1st, to 30, the 31st",
    "getDayOfWeek": "`getDayOfWeek` counts days of the week from 0, Sunday, to 6, Saturday",
    "getDayOfYear": "`getDayOfYear` counts days of the year from 0, January 1st, to 365, December 31st of a leap year",
}
SAID = {
    "seen_at.getMonth() == 12": f"zero-based: `seen_at.getMonth() == 12` is never true: {COUNTS['getMonth']}; "
    "`seen_at.getMonth() == 11` for December",
    "born.getMonth() != 12": f"zero-based: `born.getMonth() != 12` is true wherever it is known: {COUNTS['getMonth']}; "
    "`born.getMonth() != 11` for December",
    "seen_at.getDayOfMonth() == 31": "zero-based: `seen_at.getDayOfMonth() == 31` is never true: "
    f"{COUNTS['getDayOfMonth']}; `seen_at.getDayOfMonth() == 30` for the 31st",
    "seen_at.getDayOfWeek() == 7": "zero-based: `seen_at.getDayOfWeek() == 7` is never true: "
    f"{COUNTS['getDayOfWeek']}; `seen_at.getDayOfWeek() == 0` for Sunday, `seen_at.getDayOfWeek() == 6` for Saturday",
    'seen_at.getDayOfYear("Europe/Berlin") == 366': 'zero-based: `seen_at.getDayOfYear("Europe/Berlin") == 366` is '
    f"never true: {COUNTS['getDayOfYear']}; "
    '`seen_at.getDayOfYear("Europe/Berlin") == 365` for December 31st of a leap year',
    "seen_at.getDayOfWeek() in [1, 7]": f"zero-based: 7 is never found: {COUNTS['getDayOfWeek']}; "
    "`seen_at.getDayOfWeek() in [0, 1]` if 7 is Sunday",
    "seen_at.getMonth() in [11, 12]": f"zero-based: 12 is never found: {COUNTS['getMonth']}; "
    "`seen_at.getMonth() in [10, 11]`",
    "seen_at.getMonth() >= 1 && seen_at.getMonth() <= 12": "zero-based: `seen_at.getMonth() >= 1` leaves out January: "
    "`getMonth` counts months from 0; `seen_at.getMonth() >= 0 && seen_at.getMonth() <= 11`",
}


@pytest.mark.parametrize("rule", SAID)
def test_parts_of_dates_that_count_from_zero_are_told(rule: str) -> None:
    """One mistake is told once: that nobody is in such a segment follows."""
    assert told(rule) == [SAID[rule]]


@pytest.mark.parametrize(
    "rule",
    [
        "seen_at.getMonth() == 11",
        "seen_at.getMonth() == 1",
        "seen_at.getDate() == 31",
        "seen_at.getDayOfWeek() in [0, 6]",
        "seen_at.getMonth() >= 1",
        "seen_at.getHours() == 12",
    ],
)
def test_nothing_is_said_of_parts_of_dates_that_occur(rule: str) -> None:
    assert told(rule) == []


def test_other_parts_of_dates_have_ends_too() -> None:
    assert told("seen_at.getHours() == 24 || vip") == [
        "out-of-range: `seen_at.getHours() == 24` is never true: `seen_at.getHours()` lies between 0 and 23; "
        "write `false` if that is meant"
    ]


def test_a_column_without_a_zone_is_told_once() -> None:
    (finding,) = findings("vip && bought_at > now - days(3)", "now - bought_at > days(9)")
    assert str(finding) == (
        "warning: `bought_at` has no time zone, so its times are read as UTC\n"
        " --> segments.r0:1:8\n"
        "1 | vip && bought_at > now - days(3)\n"
        "  |        ^^^^^^^^^\n"
        "  = fix: give the column the zone UTC if that is right; convert it to UTC if its times are local\n"
        "  = kind: naive-timestamp, in segment `r0`"
    )


@pytest.mark.parametrize(
    "rule",
    ["bought_at == null", "bought_at < shipped_at", "shipped_at - bought_at > days(3)", "seen_at > now - days(3)"],
)
def test_nothing_is_said_where_no_zone_is_needed(rule: str) -> None:
    assert told(rule) == []
