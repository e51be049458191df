"""How many customers each condition keeps out, against a count of them one by one."""

import json
from datetime import UTC, datetime
from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.nodes import Logical
from tests.generators.trials import trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import predicate

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_those_of_the_interpreter(seed: int) -> None:
    drawn = trial(Random(seed), 6, 100)
    try:
        program = ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema)
    except ft.RulesetError:
        pytest.skip("a limit that authors are told of")
    world, people, now = drawn.world, rows(drawn.table), moment(drawn.shape.now)
    base = program.encode(drawn.table)
    for name, text in drawn.rules.items():
        tree = parse(text)
        chain = isinstance(tree, Logical) and tree.operator == "&&"
        conditions = tree.operands if isinstance(tree, Logical) and chain else (tree,)
        said = [[predicate(one, world)(person) for one in conditions] for person in people]
        found = program.exclusions(drawn.table, name, now)
        assert found == program.exclusions(base, name, now, threads=1)
        assert found.inside == sum(all(one is True for one in row) for row in said)
        assert [one.text for one in found.conditions] == [print_expression(one) for one in conditions]
        for place, one in enumerate(found.conditions):
            others = [all(truth is True for at, truth in enumerate(row) if at != place) for row in said]
            own = [row[place] for row in said]
            assert (one.false, one.unknown) == (own.count(False), own.count(None))
            assert one.alone == sum(rest and truth is not True for rest, truth in zip(others, own, strict=True))


def small(rule: str) -> ft.Exclusions:
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"old": "age >= 65", "s": rule}})
    table = pa.table({"age": [70, 30, None, 66, 80], "ok": [True, True, True, None, False]})
    return ft.compile(ruleset, table.schema).exclusions(table, "s", NOW)


def test_a_table_of_text() -> None:
    assert str(small('segment("old") && ok && age != 80')) == (
        "s: 1 of 5 customers at 2026-02-01 00:00:00Z\n"
        "\n"
        "  kept out by     false  unknown  alone\n"
        '  segment("old")      1        1      1\n'
        "  ok                  1        1      1\n"
        "  age != 80           1        1      0\n"
        "\n"
        "  alone: customers whom this condition keeps out and no other does"
    )


def test_a_rule_that_is_no_and_is_one_condition() -> None:
    found = small('segment("old") || ok')
    assert [(one.text, one.false, one.unknown, one.alone) for one in found.conditions] == [
        ('segment("old") || ok', 0, 0, 0)
    ]
    found = small("!(age >= 65 && ok)")
    assert [(one.text, one.false, one.alone) for one in found.conditions] == [("!(age >= 65 && ok)", 1, 3)]


def test_a_long_condition_is_clipped_to_the_width() -> None:
    table = small("age in [" + ", ".join(map(str, range(100))) + "] && ok")
    assert {len(line.text) for line in table.lines(80)[3:5]} == {80}


def test_hundreds_of_conditions_stay_small() -> None:
    rule = " && ".join(f"age != {number}" for number in range(600))
    found = small(rule)
    assert len(found.conditions) == 600
    assert [(one.text, one.alone) for one in found.conditions if one.alone] == [
        ("age != 30", 1),
        ("age != 66", 1),
        ("age != 70", 1),
        ("age != 80", 1),
    ]


def test_exclusions_as_json() -> None:
    found = small("ok && age > 60")
    assert json.loads(found.to_json()) == {
        "segment": "s",
        "rule": "ok && age > 60",
        "now": "2026-02-01T00:00:00Z",
        "digest": found.digest,
        "customers": 5,
        "inside": 1,
        "conditions": [
            {"text": "ok", "span": [0, 2], "false": 1, "unknown": 1, "alone": 2},
            {"text": "age > 60", "span": [6, 14], "false": 1, "unknown": 1, "alone": 2},
        ],
    }


def test_a_base_does_not_grow_with_every_segment_that_is_asked() -> None:
    rules = {f"s{one}": f"age > {one} && ok" for one in range(20)}
    table = pa.table({"age": list(range(100)), "ok": [True] * 100})
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": rules}), table.schema)
    base = program.encode(table)
    before = base.nbytes
    assert [program.exclusions(base, name, NOW).inside for name in rules] == list(range(99, 79, -1))
    assert base.nbytes == before


def test_an_unknown_segment_is_refused() -> None:
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"lapsed": "age > 3"}})
    table = pa.table({"age": [1]})
    with pytest.raises(ft.DataError) as caught:
        ft.compile(ruleset, table.schema).exclusions(table, "lasped")
    assert str(caught.value) == "there is no segment `lasped`\n  = fix: did you mean `lapsed`?"


def test_exclusions_have_a_short_name() -> None:
    told = "Exclusions(s: 1 of 5 customers at 2026-02-01T00:00:00+00:00, 3 conditions)"
    assert repr(small('segment("old") && ok && age != 80')) == told
