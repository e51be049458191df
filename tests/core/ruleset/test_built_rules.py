"""Rules built in Python in place of texts: the same ruleset, the same problems."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch import col, now, segment
from fasttwitch.errors import RulesetError

HEAD = {"version": 1, "language": "cel/1"}
BUILT = {
    "high_value": col("ltv") > 600,
    "vip": {"when": segment("high_value") & col("tier").is_in(["gold", "platinum"]), "owner": "crm"},
    "lapsed": now - col("last_order_at") > ft.days(90),
}
WRITTEN = {
    "high_value": "ltv>600",
    "vip": {"when": "segment('high_value') && (tier in ['gold', 'platinum'])", "owner": "crm"},
    "lapsed": "now - last_order_at > days(90)",
}


def test_a_ruleset_of_expressions_is_the_ruleset_of_their_texts() -> None:
    built = ft.load_ruleset({**HEAD, "segments": BUILT})
    assert built.digest == ft.load_ruleset({**HEAD, "segments": WRITTEN}).digest
    assert built.segments["lapsed"].when == "now - last_order_at > days(90)"


def test_expressions_and_texts_stand_side_by_side() -> None:
    ruleset = ft.load_ruleset({**HEAD, "segments": {**WRITTEN, "high_value": BUILT["high_value"]}})
    assert ruleset.digest == ft.load_ruleset({**HEAD, "segments": WRITTEN}).digest


def test_a_change_can_be_an_expression() -> None:
    ruleset = ft.load_ruleset({**HEAD, "segments": WRITTEN})
    changed = ruleset.with_changes(segments={"high_value": col("ltv") > 500, "new": segment("vip") | False})
    assert changed.segments["high_value"].when == "ltv > 500"
    assert changed.segments["new"].when == 'segment("vip") || false'


def test_built_rules_find_the_customers_that_their_texts_find() -> None:
    customers = pa.table(
        {
            "ltv": [700.0, 700.0, None, 10.0],
            "tier": ["gold", "silver", "gold", None],
            "last_order_at": pa.array([datetime(2025, 1, 1, tzinfo=UTC)] * 3 + [None]),
        }
    )
    at = datetime(2025, 6, 1, tzinfo=UTC)
    found = [
        ft.compile(ft.load_ruleset({**HEAD, "segments": segments}), customers.schema).select(customers, now=at).counts
        for segments in (BUILT, WRITTEN)
    ]
    assert found[0] == found[1] == {"high_value": 2, "vip": 1, "lapsed": 3}


def test_a_problem_of_a_built_rule_points_into_its_text() -> None:
    ruleset = ft.load_ruleset({**HEAD, "segments": {"adults": (col("country") == "DE") & (col("age") >= "18")}})
    with pytest.raises(RulesetError) as caught:
        ft.compile(ruleset, pa.schema({"age": pa.int64(), "country": pa.string()}))
    assert str(caught.value) == (
        'cannot compare `age` (int) with the string `"18"`\n'
        " --> segments.adults:1:27\n"
        '1 | country == "DE" && age >= "18"\n'
        "  |                           ^^^^\n"
        "  = fix: drop the quotes: `age >= 18`"
    )


def test_an_expression_that_is_too_large_is_a_problem_of_its_segment() -> None:
    deep = col("a")
    for _ in range(5_000):
        deep = deep + 1
    with pytest.raises(RulesetError) as caught:
        ft.load_ruleset({**HEAD, "segments": {"deep": deep > 3, "fine": "a > 3"}})
    assert str(caught.value) == (
        "the rule is nested more than 100 levels deep here\n"
        " --> segments.deep\n"
        '  = fix: split it into segments that use each other: `segment("…")`'
    )


def test_an_expression_elsewhere_in_a_document_is_refused() -> None:
    with pytest.raises(RulesetError) as caught:
        ft.load_ruleset({**HEAD, "key": col("customer_id"), "segments": WRITTEN})
    assert str(caught.value) == "an expression can be the rule of a segment, and nothing else\n --> key"
