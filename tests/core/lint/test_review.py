"""The review as a whole: its order, what it leaves out, and rules of which there is nothing to say."""

from importlib import resources

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.demo.base import customers
from fasttwitch.lint.findings import KINDS
from tests.cases.loading import load_all
from tests.core.lint.reviewing import SCHEMA, reviewed

DOCUMENT = """\
version: 1
language: cel/1
attributes: {orders: int, city: string, ltv: double}
lists: {eu: [DE, AT]}
segments:
  second: orders / 2 > 3
  first: orders > 5 && orders > 3
"""


def test_findings_stand_in_the_order_of_the_document_and_those_about_it_come_last() -> None:
    found = ft.review(ft.load_ruleset(DOCUMENT), SCHEMA)
    assert [(one.kind, one.segment, one.place) for one in found] == [
        ("integer-division", "second", (6, 11)),
        ("redundant", "first", (7, 24)),
        ("unused-list", "", (0, 0)),
        ("unused-attribute", "", (3, 33)),
        ("unused-attribute", "", (3, 46)),
    ]


def test_what_is_declared_and_not_read_is_shown_where_it_stands() -> None:
    *_, of_list, attribute, _ = ft.review(ft.load_ruleset(DOCUMENT), SCHEMA)
    assert str(of_list) == (
        "warning: list `eu` is declared, and no rule reads it\n"
        " --> ruleset\n"
        "  = fix: drop `eu` from `lists`\n"
        "  = kind: unused-list"
    )
    assert str(attribute) == (
        "warning: attribute `city` is declared, and no rule reads it\n"
        " --> ruleset:3:33\n"
        "3 | attributes: {orders: int, city: string, ltv: double}\n"
        "  |                                 ^^^^^^\n"
        "  = fix: drop `city` from `attributes`\n"
        "  = kind: unused-attribute"
    )


def test_the_key_and_structs_with_fields_that_are_read_count_as_read() -> None:
    found = reviewed(
        {
            "key": "country",
            "attributes": {"country": "string", "address": "struct", "address.city": "string"},
            "lists": {"eu": ["DE"]},
            "segments": {"a": 'address.city == "Rome" || "DE" in list("eu")'},
        }
    )
    assert [one.kind for one in found if one.kind.startswith("unused")] == []


def test_kinds_can_be_left_out() -> None:
    found = ft.review(ft.load_ruleset(DOCUMENT), SCHEMA, ignore=["redundant", "unused-attribute"])
    assert [one.kind for one in found] == ["integer-division", "unused-list"]


def test_a_finding_can_be_taken_apart_as_json() -> None:
    first, *_ = ft.review(ft.load_ruleset(DOCUMENT), SCHEMA)
    assert first.to_json() == {
        "kind": "integer-division",
        "severity": "warning",
        "segment": "second",
        "message": "`orders / 2` drops the fraction, as `7 / 2` is 3",
        "fix": "`double(orders) / 2.0`",
        "file": "ruleset",
        "line": 6,
        "column": 11,
    }


def test_wrong_rules_are_not_reviewed() -> None:
    with pytest.raises(ft.RulesetError):
        reviewed({"segments": {"a": "ordrs > 3"}})


def test_data_without_the_columns_that_rules_read_are_refused() -> None:
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"a": "orders > 3"}})
    with pytest.raises(ft.DataError, match="the data has no column `orders`"):
        ft.review(ruleset, SCHEMA, pa.table({"age": [1]}))


def test_the_demo_is_clean_but_for_what_is_true_of_it() -> None:
    text = resources.files("fasttwitch.demo").joinpath("rules.yaml").read_text("utf-8")
    table = customers(2_000)
    found = ft.review(ft.load_ruleset(text), table.schema, table)
    assert [(one.kind, one.segment) for one in found] == [
        ("contained-segment", "second_purchase"),
        ("null-under-negation", "cross_sell_home"),
    ]


def test_every_fix_that_is_a_rule_mends_what_was_found() -> None:
    """Put in place of what was pointed at, it is a rule, and no longer found."""
    rules = {
        "score == 0.3": "float32-equality",
        "orders / 2 > 3": "integer-division",
        'country in ["DE"]': "short-list",
        'country in ["DE", "AT", "DE"]': "repeated-constant",
        "seen_at.getMonth() in [11, 12]": "zero-based",
    }
    for rule, kind in rules.items():
        (finding,) = (one for one in reviewed({"segments": {"a": rule}}) if one.kind == kind)
        fix = finding.fix.split("`")[1]
        start, end = finding.span if kind == "integer-division" and finding.span else (0, len(rule))
        mended = rule[:start] + fix + rule[end:]
        assert [one for one in reviewed({"segments": {"a": mended}}) if one.kind == kind] == [], mended


@pytest.mark.parametrize("name", load_all())
def test_what_is_proved_of_the_cases_is_true_of_their_rows(name: str) -> None:
    """Cases are full of odd rules; what is called settled or empty must be so in the rows they bring."""
    case = load_all()[name]
    ruleset = ft.load_ruleset(case.document)
    for one in ft.review(ruleset, case.table.schema, case.table):
        assert one.kind in KINDS
        if one.kind == "empty-segment":
            assert one.segment.startswith("rule-"), one
            rule = list(case.answers)[int(one.segment.removeprefix("rule-"))]
            assert "T" not in case.answers[rule], one
