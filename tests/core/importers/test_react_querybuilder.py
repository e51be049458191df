"""Queries of react-querybuilder mean in rules what they mean in its form."""

import json
from typing import Any

import pytest

import fasttwitch as ft
from fasttwitch.importers import react_querybuilder
from tests.core.importers.customers import SCHEMA, Row, selected


def rule(field: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **more}


def group(*rules: Any, combinator: str = "and", **more: Any) -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(rules), **more}


# (rule, text, (value that matches, value that does not))
OPERATORS: list[tuple[dict[str, Any], str, Row, Row]] = [
    (rule("age", "=", "18"), "age == 18", {"age": 18}, {"age": 19}),
    (rule("country", "!=", "DE"), 'country != "DE"', {"country": "FR"}, {"country": "DE"}),
    (rule("age", "<", 18), "age < 18", {"age": 17}, {"age": 18}),
    (rule("age", ">", 18), "age > 18", {"age": 19}, {"age": 18}),
    (rule("ltv", "<=", "5"), "ltv <= 5.0", {"ltv": 5.0}, {"ltv": 5.1}),
    (rule("price", ">=", "1.10"), "price >= 1.1", {"price": 2}, {"price": 1}),
    (rule("email", "contains", "@"), 'email.contains("@")', {"email": "a@b"}, {"email": "ab"}),
    (rule("email", "beginsWith", "a"), 'email.startsWith("a")', {"email": "ab"}, {"email": "ba"}),
    (rule("email", "endsWith", "b"), 'email.endsWith("b")', {"email": "ab"}, {"email": "ba"}),
    (rule("email", "doesNotContain", "@"), '!email.contains("@")', {"email": "ab"}, {"email": "@"}),
    (rule("email", "doesNotBeginWith", "a"), '!email.startsWith("a")', {"email": "ba"}, {"email": "ab"}),
    (rule("email", "doesNotEndWith", "b"), '!email.endsWith("b")', {"email": "ba"}, {"email": "ab"}),
    (rule("email", "null"), "email == null", {}, {"email": ""}),
    (rule("email", "notNull"), "email != null", {"email": ""}, {}),
    (rule("country", "in", "DE, AT"), 'country in ["DE", "AT"]', {"country": "AT"}, {"country": "FR"}),
    (rule("age", "in", ["1", 2]), "age in [1, 2]", {"age": 2}, {"age": 3}),
    (rule("country", "notIn", ["DE"]), '!(country in ["DE"])', {"country": "FR"}, {"country": "DE"}),
    (rule("age", "between", "1,3"), "age >= 1 && age <= 3", {"age": 3}, {"age": 4}),
    (rule("age", "notBetween", [1, 3]), "!(age >= 1 && age <= 3)", {"age": 4}, {"age": 1}),
    (rule("vip", "=", True), "vip == true", {"vip": True}, {"vip": False}),
    (rule("vip", "=", "false"), "vip == false", {"vip": False}, {"vip": True}),
    (rule("age", "=", "score", valueSource="field"), "age == score", {"age": 1, "score": 1}, {"age": 1, "score": 2}),
    (
        rule("age", "in", ["score"], valueSource="field"),
        "age == score",
        {"age": 1, "score": 1},
        {"age": 1, "score": 2},
    ),
    (
        rule("country", "contains", "city", valueSource="field"),
        "country.contains(city)",
        {"country": "Ulm/DE", "city": "Ulm"},
        {"country": "DE", "city": "Ulm"},
    ),
    (rule("address.city", "=", "Ulm"), 'address.city == "Ulm"', {"address": {"city": "Ulm"}}, {"address": {}}),
]


@pytest.mark.parametrize(("query", "text", "inside", "outside"), OPERATORS, ids=[one[1] for one in OPERATORS])
def test_an_operator_means_what_it_says(query: dict[str, Any], text: str, inside: Row, outside: Row) -> None:
    imported = react_querybuilder.read(group(query), schema=SCHEMA)
    assert imported.text == text
    assert selected(imported, inside, outside) == [True, False]


NEGATED = ["!=", "doesNotContain", "doesNotBeginWith", "doesNotEndWith", "notIn"]


@pytest.mark.parametrize("operator", NEGATED)
def test_missing_values_match_negated_operators_only_if_asked_for(operator: str) -> None:
    query = group(rule("country", operator, "DE"))
    assert selected(react_querybuilder.read(query, schema=SCHEMA), {}) == [False]
    assert selected(react_querybuilder.read(query, schema=SCHEMA, missing="match"), {}) == [True]


TEXTS: list[tuple[Any, str]] = [
    (group(rule("age", ">", 1), rule("vip", "=", True)), "age > 1 && vip == true"),
    (group(rule("age", ">", 1), rule("vip", "=", True), combinator="or"), "age > 1 || vip == true"),
    ({**group(rule("age", ">", 1)), "not": True}, "!(age > 1)"),
    (
        group(group(rule("age", ">", 1), rule("age", "<", 0), combinator="OR"), rule("vip", "=", True)),
        "(age > 1 || age < 0) && vip == true",
    ),
    # independent combinators: `and` binds tighter
    (
        {"rules": [rule("age", "=", 1), "or", rule("age", "=", 2), "and", rule("vip", "=", True)]},
        "age == 1 || age == 2 && vip == true",
    ),
    (
        group(rule("age", ">", 1, id="r1", path=[0], valueEditorType="text"), id="g"),
        "age > 1",
    ),
    (group(rule("seen", ">", "2026-01-31")), 'seen > timestamp("2026-01-31")'),
    (group(rule("born", "<", "2000-01-01")), 'born < date("2000-01-01")'),
]


@pytest.mark.parametrize(("query", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_groups_become_chains(query: Any, text: str) -> None:
    assert react_querybuilder.read(query, schema=SCHEMA).text == text
    assert react_querybuilder.read(json.dumps(query), schema=SCHEMA).text == text


def test_without_a_schema_values_keep_the_type_of_the_json() -> None:
    query = group(rule("a", "=", "1"), rule("b", "=", 1), rule("c", "in", [1, 2.5]), rule("d", "=", False))
    assert react_querybuilder.read(query).text == 'a == "1" && b == 1 && c in [1.0, 2.5] && d == false'


def test_what_is_muted_or_unknown_is_noted() -> None:
    query = group(rule("age", ">", 1, muted=True), rule("vip", "=", True, colour="red"))
    imported = react_querybuilder.read(query, schema=SCHEMA)
    assert imported.text == "vip == true"
    assert [str(note) for note in imported.notes] == [
        "$.rules[0]: muted, so it was left out",
        "$.rules[1].colour: not a part of the format, so it was not read",
    ]


REFUSED: list[tuple[Any, str, str, str]] = [
    (group(), "$", "an empty group would match everybody", "add a rule, or remove the group"),
    (
        group(rule("age", ">", 1), group()),
        "$.rules[1]",
        "an empty group would match everybody",
        "add a rule, or remove the group",
    ),
    (group(rule("age", ">", 1, muted=True)), "$", "the query is empty, and would match everybody", "add a rule to it"),
    (
        group(rule("~", "=", 1)),
        "$.rules[0].field",
        "this rule is unfinished",
        "choose a field and an operator, or remove it",
    ),
    (group(rule("agee", "=", 1)), "$.rules[0].field", "there is no column `agee`", "did you mean `age`?"),
    (group(rule("age", "=", "old")), "$.rules[0].value", '`"old"` does not fit an int', ""),
    (group(rule("age", "contains", "1")), "$.rules[0].field", "this needs a text, and the column is an int", ""),
    (
        group(rule("age", "between", [1])),
        "$.rules[0].value",
        "`between` needs two values, not 1",
        "write them as an array: `[1, 10]`",
    ),
    (group(rule("age", "="), combinator="xor"), "$.combinator", "there is no combinator `xor` here", "`and` or `or`"),
    (
        {"rules": [rule("age", "=", 1), "or"]},
        "$.rules[1]",
        "a combinator must stand between two rules",
        "set `combinator` for the group",
    ),
    (
        group(rule("tags", "=", "x", match={"mode": "all"})),
        "$.rules[0].match",
        "rules do not look into lists yet",
        "compare single values",
    ),
    (group({"operator": "="}), "$.rules[0]", "a rule needs `field`", ""),
    ([], "$", "a rule group must be an object, not an array", ""),
]


@pytest.mark.parametrize(("query", "place", "message", "fix"), REFUSED, ids=[one[2] for one in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(query: Any, place: str, message: str, fix: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        react_querybuilder.read(query, schema=SCHEMA)
    assert (error.value.place, error.value.message, error.value.fix) == (place, message, fix)


def test_an_unknown_operator_is_told_all_that_there_are() -> None:
    with pytest.raises(ft.ImporterError) as error:
        react_querybuilder.read(group(rule("age", "matches", 1)), schema=SCHEMA)
    assert error.value.message == "there is no operator `matches`"
    assert error.value.fix.startswith("one of =, ==, !=, <, >, <=, >=, contains")


@pytest.mark.parametrize(
    ("operator", "value", "text"),
    [
        (">", "18", 'age > "18"'),
        ("between", "18, 65", 'age >= "18" && age <= "65"'),
        ("in", "1,2", 'age in ["1", "2"]'),
    ],
)
def test_numbers_that_a_form_keeps_as_texts_are_noted_where_no_schema_helps(
    operator: str, value: str, text: str
) -> None:
    """`age > "18"` runs nowhere, and its author has typed no quotes."""
    query = group(rule("age", operator, value))
    imported = react_querybuilder.read(query)
    assert imported.text == text
    assert str(imported.notes[0]).endswith(
        " stays a text: with a schema, it becomes a number where the column holds some"
    )
    assert not react_querybuilder.read(query, schema={"age": "int"}).notes
