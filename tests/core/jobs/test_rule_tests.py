"""Tests of documents: what passes, what fails, and why."""

import json
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.explanation.annotation import annotated
from fasttwitch.jobs.rule_tests import TestReport, TestRequest, choose, run_tests
from fasttwitch.ruleset import load_ruleset
from fasttwitch.syntax import print_expression
from fasttwitch.syntax.nodes import Conditional, Expression, Logical, Name, Unary

HEAD = "version: 1\nlanguage: cel/1\n"


def run(document: str, schema: pa.Schema | None = None, part: str = "") -> TestReport:
    ruleset = load_ruleset(HEAD + document)
    request = TestRequest(ruleset, schema, "data.parquet", choose(ruleset, part))
    return run_tests(request, lambda step, done, total: None)


def outcomes(report: TestReport) -> list[list[tuple[str, str, str]]]:
    """Return (segment, expected, got) of every failure, by test."""
    return [[(one.segment, one.expected, one.got) for one in result.failures] for result in report.results]


def refused(document: str, schema: pa.Schema | None = None) -> str:
    with pytest.raises(RulesetError) as caught:
        run(document, schema)
    return str(caught.value)


def test_in_means_true_out_means_not_true_and_unknown_means_neither() -> None:
    report = run(
        """\
segments: {vip: ltv > 500}
tests:
  - {profile: {ltv: 900}, in: vip}
  - {profile: {ltv: 900}, out: vip}
  - {profile: {ltv: 900}, unknown: vip}
  - {profile: {ltv: 100}, in: vip}
  - {profile: {ltv: 100}, out: vip}
  - {profile: {ltv: 100}, unknown: vip}
  - {profile: {ltv: null}, in: vip}
  - {profile: {}, out: vip}
  - {profile: {}, unknown: vip}
"""
    )
    assert outcomes(report) == [
        [],
        [("vip", "out", "true")],
        [("vip", "unknown", "true")],
        [("vip", "in", "false")],
        [],
        [("vip", "unknown", "false")],
        [("vip", "in", "unknown")],
        [],
        [],
    ]
    assert (report.failed, report.expectations, report.warnings) == (5, 9, ())


def test_each_instant_has_its_own_answers() -> None:
    report = run(
        """\
segments: {lapsed: now - seen > days(90)}
tests:
  - {profile: {seen: "2026-01-01T00:00:00Z"}, now: 2026-02-01, out: lapsed}
  - {profile: {seen: "2026-01-01T00:00:00Z"}, now: 2026-08-01, in: lapsed}
  - {profile: {seen: "2026-01-01T00:00:00Z"}, now: 2026-02-01, in: lapsed}
"""
    )
    assert outcomes(report) == [[], [], [("lapsed", "in", "false")]]
    assert report.results[2].failures[0].values == {"seen": '"2026-01-01T00:00:00Z"', "now": "2026-02-01T00:00:00Z"}


def test_a_test_of_the_clock_without_an_instant_is_warned_about() -> None:
    report = run(
        """\
segments: {lapsed: now - seen > days(90), quiet: '!segment("lapsed")', vip: ltv > 500}
tests:
  - {profile: {seen: "2000-01-01T00:00:00Z"}, out: quiet}
  - {profile: {ltv: 900}, in: vip}
  - {profile: {ltv: 900}}
"""
    )
    assert report.warnings == (
        "1 test expects nothing: add `in`, `out` or `unknown`",
        "1 test asks a rule that reads the clock, without a `now`: the answer may change with time",
    )


def test_an_explanation_shows_which_conditions_decided_and_follows_them_into_segments() -> None:
    report = run(
        """\
attributes: {ltv: double}
segments:
  high: ltv>100||  points > 5
  vip: segment("high") && tier in ["gold", "platinum"] && !(country == "DE") // not there
tests:
  - profile: {points: 3, tier: gold, country: AT}
    in: vip
"""
    )
    (failure,) = report.results[0].failures
    assert [one.segment for one in failure.rules] == ["vip", "high"]
    assert [line.text for one in failure.rules for line in annotated(one, 76)] == [
        'segment("high") && tier in ["gold", "platinum"] && !(country == "DE") // not there',
        "^^^^^^^^^^^^^^^    ····························    ··················",
        "unknown            true" + " " * 28 + "true",
        "ltv > 100 || points > 5",
        "^^^^^^^^^    ··········",
        "unknown      false",
    ]
    assert failure.values == {"tier": '"gold"', "country": '"AT"', "ltv": "null", "points": "3"}


def test_types_come_from_the_data_where_data_is_given() -> None:
    document = """\
segments: {vip: ltv > 500.0}
tests: [{profile: {ltv: 900.04}, in: vip}, {profile: {ltv: "900"}, in: vip}]
"""
    assert refused(document, pa.schema({"ltv": pa.float32()})) == (
        'attribute `ltv` is a double, and "900" is a string\n'
        " --> ruleset:4:61\n"
        '4 | tests: [{profile: {ltv: 900.04}, in: vip}, {profile: {ltv: "900"}, in: vip}]\n'
        "  |                                                             ^^^\n"
        "  = fix: write it like `ltv: 49.90`"
    )


def test_declared_types_decide_and_the_rest_is_told_from_profiles() -> None:
    report = run(
        """\
attributes: {price: decimal, born: timestamp, address.zip: string, tags: list(string)}
segments:
  a: price == 12.10 && born < timestamp("2000-01-01T00:00:00Z") && address.zip == "00042" && address.floor > 3
  b: opened < date("2026-01-01") && seen < timestamp("2026-01-01T00:00:00Z") && rate > 1.5 && name == "Ann" && ok
tests:
  - profile: {price: 12.1, born: "1980-01-01", address: {zip: "00042", floor: 4}, tags: [x]}
    in: a
  - profile: {opened: 2025-01-01, seen: 2025-01-01T00:00:00Z, rate: 2, name: Ann, ok: true}
    in: b
  - profile: {rate: 1.6}
    unknown: b
"""
    )
    assert outcomes(report) == [[], [], []]
    assert report.types == "the ruleset's `attributes` and the tests' profiles"


def test_a_type_that_nothing_tells_is_asked_for() -> None:
    assert refused("segments: {vip: ltv > 500 && gone}\ntests: [{profile: {ltv: null}, out: vip}]\n") == (
        "what type does `ltv` have? neither `attributes` nor a test says\n"
        " --> ruleset:3:17\n"
        "3 | segments: {vip: ltv > 500 && gone}\n"
        "  |                 ^^^\n"
        "  = fix: declare it: `attributes: {ltv: …}`, or take the types from a file of customers with --data\n"
        "\n"
        "what type does `gone` have? neither `attributes` nor a test says\n"
        " --> ruleset:3:30\n"
        "3 | segments: {vip: ltv > 500 && gone}\n"
        "  |                              ^^^^\n"
        "  = fix: declare it: `attributes: {gone: …}`, or take the types from a file of customers with --data\n"
        "\n"
        "2 problems"
    )
    document = "segments: {a: x == 1}\ntests: [{profile: {x: 1}, in: a}, {profile: {x: '1'}, in: a}]\n"
    assert refused(document).startswith("what type does `x` have? the tests give it values of several types\n")


def test_a_wrong_guess_is_pointed_at() -> None:
    said = refused('segments: {a: code == "x"}\ntests: [{profile: {code: 2026-01-01}, out: a}]\n')
    assert said.split("\n\n")[1] == (
        "the types of these were told from the tests' profiles: `code`\n"
        "  = fix: declare them under `attributes`, or take the types from a file of customers with --data"
    )


def test_a_misspelt_attribute_is_found_in_rules_and_in_profiles() -> None:
    document = (
        "attributes: {country: string}\nsegments: {a: country == 'DE'}\ntests: [{profile: {contry: DE}, in: a}]\n"
    )
    assert refused(document) == (
        "neither a rule nor `attributes` knows `contry`\n"
        " --> ruleset:5:28\n"
        "5 | tests: [{profile: {contry: DE}, in: a}]\n"
        "  |                            ^^\n"
        "  = fix: did you mean `country`?"
    )
    document = (
        "attributes: {country: string}\nsegments: {a: contry == 'DE'}\ntests: [{profile: {country: DE}, in: a}]\n"
    )
    assert refused(document).startswith("unknown name `contry`\n --> ruleset:4:15\n")


def test_only_segments_that_are_tested_have_to_fit() -> None:
    report = run("segments: {a: x > 1, b: nobody_knows > 1}\ntests: [{profile: {x: 2}, in: a}]\n")
    assert outcomes(report) == [[]]


def test_tests_are_chosen_by_their_names_and_by_their_segments() -> None:
    document = """\
segments: {vip: ltv > 1, other: ltv > 2}
tests:
  - {name: A Gold customer, profile: {ltv: 2}, in: vip}
  - {profile: {ltv: 3}, in: other}
  - {profile: {ltv: 3}, in: vip}
"""
    assert [one.number for one in run(document, part="gold").results] == [1]
    assert [one.number for one in run(document, part="OTHER").results] == [2]
    assert [one.title for one in run(document, part="test 3").results] == ["test 3"]
    assert len(run(document).results) == 3


def test_a_thousand_tests_are_a_handful_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One table for each instant, not for each test."""
    from fasttwitch.engine.program import Program

    calls = []
    select = Program.select

    def counted(self: Program, *arguments: Any, **options: Any) -> Any:
        calls.append(arguments[0].num_rows)
        return select(self, *arguments, **options)

    monkeypatch.setattr(Program, "select", counted)
    tests = [
        {"profile": {"ltv": number, "seen": "2026-01-01T00:00:00Z"}, "now": f"2026-0{number % 4 + 1}-02", "in": ["vip"]}
        for number in range(1000)
    ]
    report = run(f'segments: {{vip: "ltv > 499 && now > seen"}}\ntests: {json.dumps(tests)}\n')
    assert report.failed == 500
    assert calls == [250] * 4
    assert sum(bool(one.failures[0].rules) for one in report.results if one.failures) == 100


def test_the_clock_is_read_once() -> None:
    before = datetime.now(UTC)
    report = run("segments: {a: now > seen}\ntests: [{profile: {seen: 2020-01-01T00:00:00Z}, in: a}]\n")
    assert before <= report.now <= datetime.now(UTC)


HERE = (0, 0)
names = st.sampled_from("abc").map(lambda name: Name(name, HERE))


def chain(operator: str, parts: list[Expression]) -> Expression:
    operands: list[Expression] = []
    for part in parts:
        operands += part.operands if isinstance(part, Logical) and part.operator == operator else [part]
    return Logical(operator, tuple(operands), HERE)


conditions: st.SearchStrategy[Expression] = st.recursive(
    names,
    lambda parts: st.one_of(
        st.builds(chain, st.sampled_from(("&&", "||")), st.lists(parts, min_size=2, max_size=3)),
        parts.map(lambda part: Unary("!", part, HERE)),
        st.builds(lambda one, two, three: Conditional(one, two, three, HERE), parts, parts, parts),
    ),
    max_leaves=8,
)


@settings(max_examples=25)
@given(tree=conditions)
def test_an_explanation_comes_to_the_engines_answer_for_everybody(tree: Expression) -> None:
    """Three Booleans, each true, false or unknown: 27 customers, of whom none is as expected."""
    text = print_expression(tree)
    people = [dict(zip("abc", values, strict=True)) for values in product((True, False, None), repeat=3)]
    attributes = "attributes: {a: bool, b: bool, c: bool}\n"

    def failing(expected: str) -> TestReport:
        tests = [{"profile": person, expected: ["s"]} for person in people]
        return run(f"{attributes}segments: {{s: {json.dumps(text)}}}\ntests: {json.dumps(tests)}\n")

    seen = 0
    for expected in ("in", "out"):
        for result in failing(expected).results:
            for failure in result.failures:
                (explanation,) = failure.rules
                assert explanation.answer == failure.got
                assert any(one.decided for one in explanation.conditions)
                seen += 1
    assert seen == len(people)
