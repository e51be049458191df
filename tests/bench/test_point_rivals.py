"""What rivals of one customer are asked, and that they answer as we do, where they are installed."""

import json
from typing import Any

import pytest

from bench.rivals.conditions import Compare, conditions
from bench.rivals.point.spelling import CEL, WORDS, json_logic, listed, spelled
from bench.rivals.point.ways import MAPPING, PREPARED, plain, question
from bench.workloads import NOW
from bench.workloads.touchpoint import TOUCHPOINT_RULES, touchpoint_customers
from fasttwitch import syntax
from tests.oracle import arrow, interpreter
from tests.oracle.kinds import World

RULE = 'ltv >= 50.5 && (country in ["AT", "DE"] || !(email_opt_in && city == "Wien")) && now - last_visit_at < days(1)'


def test_a_rule_is_spelled_as_cel() -> None:
    assert spelled(_condition(), CEL) == (
        'ltv >= 50.5 && (country in ["AT", "DE"] || !(email_opt_in && city == "Wien")) && last_visit_at > 1767139200'
    )


def test_a_rule_is_spelled_with_words() -> None:
    assert listed([spelled(_condition(), WORDS)]) == (
        '[ltv >= 50.5 and (country in ["AT", "DE"] or not (email_opt_in and city == "Wien")) '
        "and last_visit_at > 1767139200]"
    )


def test_a_rule_is_spelled_as_jsonlogic() -> None:
    assert json_logic(_condition()) == {
        "and": [
            {">=": [{"var": "ltv"}, 50.5]},
            {
                "or": [
                    {"in": [{"var": "country"}, ["AT", "DE"]]},
                    {"!": [{"and": [{"var": "email_opt_in"}, {"==": [{"var": "city"}, "Wien"]}]}]},
                ]
            },
            {">": [{"var": "last_visit_at"}, 1_767_139_200]},
        ]
    }


def test_customers_come_as_mappings_and_as_json() -> None:
    posed = question(TOUCHPOINT_RULES["plain"](5), touchpoint_customers(10, 0.0))
    assert (len(posed.rules), len(posed.profiles)) == (5, 10)
    assert posed.profiles[3] == json.loads(posed.texts[3])
    assert isinstance(posed.profiles[3]["last_visit_at"], int)


def test_nobody_is_asked_about_what_is_missing() -> None:
    with pytest.raises(NotImplementedError, match="rivals are asked about complete customers"):
        plain(None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "rival"),
    [
        ("datalogic_py", "datalogic-py"),
        ("zen", "zen-engine"),
        ("cel", "CEL (Rust)"),
        ("cel_expr_python", "CEL (Google's C++)"),
        ("celpy", "CEL (Python)"),
        ("rule_engine", "rule-engine"),
    ],
)
def test_each_way_of_asking_a_rival_gives_the_answers_of_the_interpreter(module: str, rival: str) -> None:
    pytest.importorskip(module)
    registry: Any = pytest.importorskip("bench.rivals.point.registry")
    customers = touchpoint_customers(60, 0.0)
    rules = TOUCHPOINT_RULES["plain"](60)
    trees = {name: syntax.parse(text) for name, text in rules.items()}
    world = World(arrow.paths(customers.table.schema), trees, {}, int(NOW.timestamp()) * 1_000_000)
    truths = list(interpreter.answers(world, arrow.rows(customers.table)).values())
    expected = [[number for number, of_rule in enumerate(truths) if of_rule[i] is True] for i in range(60)]
    assert sum(map(len, expected)) > 20
    ways = registry.POINT_RIVALS[rival](question(rules, customers))
    assert {way.category for way in ways} == {PREPARED, MAPPING}
    for way in ways:
        assert [sorted(way.matched(way.ask(i))) for i in range(60)] == expected, way.name


def _condition() -> Any:
    (condition,) = conditions({"rule": RULE}, touchpoint_customers(1).table.schema, NOW).values()
    assert isinstance(condition.parts[-1], Compare)  # type: ignore[union-attr]
    return condition
