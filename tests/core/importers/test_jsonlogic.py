"""Rules of JsonLogic select whom JsonLogic finds truthy."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fasttwitch as ft
from fasttwitch.importers import jsonlogic
from tests.core.importers.customers import SCHEMA, Row, selected, selections
from tests.core.importers.jsonlogic_reference import evaluate, truthy


def var(name: str) -> dict[str, Any]:
    return {"var": name}


# (rule, row, expected): the same in both modes
CASES: list[tuple[Any, Row, bool]] = [
    # constants
    (True, {}, True),
    (0, {}, False),
    ({"!!": [""]}, {}, False),
    ({"!!": ["0"]}, {}, True),
    ([], {}, False),
    # equality
    ({"==": [var("country"), "DE"]}, {"country": "DE"}, True),
    ({"===": [var("country"), "DE"]}, {"country": "FR"}, False),
    ({"==": ["DE", var("country")]}, {"country": "DE"}, True),
    ({"==": [var("age"), 1]}, {}, False),
    ({"!=": [var("age"), 1]}, {}, True),
    ({"!==": [var("age"), 1]}, {"age": 1}, False),
    ({"==": [var("age"), 0]}, {}, False),
    ({"==": [var("age"), None]}, {}, True),
    ({"!=": [var("age"), None]}, {"age": 0}, True),
    ({"==": [var("age"), var("score")]}, {"age": 3, "score": 3}, True),
    ({"==": [1, 1]}, {}, True),
    ({"==": [{"<": [var("age"), 5]}, True]}, {"age": 4}, True),
    # logic
    ({"and": [{">": [var("age"), 3]}, var("vip")]}, {"age": 4, "vip": True}, True),
    ({"or": [var("vip"), {"==": [var("country"), "DE"]}]}, {"country": "DE"}, True),
    ({"!": var("vip")}, {}, True),
    ({"!": [var("vip")]}, {"vip": True}, False),
    ({"!!": var("country")}, {"country": ""}, False),
    ({"!!": var("country")}, {"country": "DE"}, True),
    ({"!": var("age")}, {"age": 0}, True),
    ({"!": var("age")}, {"age": 7}, False),
    ({"if": [var("vip"), True, False]}, {"vip": True}, True),
    ({"if": [var("vip"), False, var("country"), True, False]}, {"country": "x"}, True),
    ({"?:": [var("vip"), False, True]}, {}, True),
    ({"if": [var("vip"), True]}, {}, False),
    # order
    ({">": [var("age"), 1]}, {"age": 2}, True),
    ({"<=": [var("ltv"), 1]}, {"ltv": 1.0}, True),
    ({"<": [1, var("age"), 3]}, {"age": 2}, True),
    ({"<": [1, var("age"), 3]}, {"age": 3}, False),
    ({"<=": [1, var("age"), 3]}, {"age": 3}, True),
    ({"<": [var("country"), "E"]}, {"country": "DE"}, True),
    ({"<": [var("country"), "E"]}, {}, False),
    # membership
    ({"in": [var("country"), ["DE", "AT"]]}, {"country": "AT"}, True),
    ({"in": [var("country"), ["DE", None]]}, {}, True),
    ({"in": [var("country"), ["DE", var("city")]]}, {"country": "X", "city": "X"}, True),
    ({"!": {"in": [var("country"), ["DE"]]}}, {}, True),
    ({"in": ["pring", var("city")]}, {"city": "Springfield"}, True),
    ({"in": [var("country"), "DE AT"]}, {"country": "AT"}, True),
    # arithmetic
    ({"==": [{"+": [var("age"), 2, 1]}, 7]}, {"age": 4}, True),
    ({"==": [{"-": var("age")}, -4]}, {"age": 4}, True),
    ({"==": [{"+": "3.5"}, 3.5]}, {}, True),
    ({"==": [{"*": [var("age"), 2]}, 8]}, {"age": 4}, True),
    ({"==": [{"/": [var("age"), 8]}, 0.5]}, {"age": 4}, True),
    ({"==": [{"%": [var("age"), 3]}, 1]}, {"age": 4}, True),
    ({">": [{"+": [var("age"), var("ltv")]}, 5]}, {"age": 4, "ltv": 1.5}, True),
    ({"==": [{"max": [var("age"), 2, 3]}, 4]}, {"age": 4}, True),
    ({"==": [{"min": [var("ltv"), var("age")]}, 1]}, {"age": 4, "ltv": 1.0}, True),
    # texts
    ({"==": [{"cat": [var("country"), "-", var("age")]}, "DE-4"]}, {"country": "DE", "age": 4}, True),
    ({"==": [{"substr": [var("city"), 4]}, "ng"]}, {"city": "Spring"}, True),
    ({"==": [{"substr": [var("city"), -2]}, "ng"]}, {"city": "Spring"}, True),
    ({"==": [{"substr": [var("city"), 1, 3]}, "pri"]}, {"city": "Spring"}, True),
    ({"==": [{"substr": [var("city"), 1, -2]}, "pri"]}, {"city": "Spring"}, True),
    ({"==": [{"substr": [var("city"), -9, 2]}, "Sp"]}, {"city": "Spring"}, True),
    # variables
    ({"==": [{"var": ["age", 5]}, 5]}, {}, True),
    ({"==": [{"var": ["age", 5]}, 5]}, {"age": 4}, False),
    ({"==": [{"var": "address.city"}, "Ulm"]}, {"address": {"city": "Ulm"}}, True),
    ({"!": {"missing": ["age", "country"]}}, {"age": 1, "country": "DE"}, True),
    ({"missing": ["age", "country"]}, {"age": 1, "country": ""}, True),
    ({"missing_some": [1, ["age", "country"]]}, {"age": 1}, False),
    ({"missing_some": [2, ["age", "country"]]}, {"age": 1}, True),
]


@pytest.mark.parametrize("mode", ["strict", "compat"])
@pytest.mark.parametrize(("rule", "row", "expected"), CASES, ids=[str(one[:2]) for one in CASES])
def test_a_rule_selects_whom_jsonlogic_finds_truthy(rule: Any, row: Row, expected: bool, mode: str) -> None:
    assert selected(jsonlogic.read(rule, schema=SCHEMA, mode=mode), row) == [expected]


# (rule, row, strict, compat): where missing values make a difference
HABITS: list[tuple[Any, Row, bool, bool]] = [
    ({"<": [var("age"), 18]}, {}, False, True),
    ({">": [var("age"), -1]}, {}, False, True),
    ({"<": [-1, var("age"), 1]}, {}, False, True),
    ({"==": [var("age"), var("score")]}, {}, False, True),
    ({"==": [{"*": [var("age"), 2]}, 0]}, {}, False, True),
    ({"==": [{"+": [var("age"), 2]}, 2]}, {}, False, False),
    ({"==": [{"max": [var("age"), -1]}, 0]}, {}, False, True),
    ({"==": [{"cat": [var("country"), "!"]}, "!"]}, {}, False, True),
    ({"<=": [var("country"), var("city")]}, {}, False, True),
]


@pytest.mark.parametrize(("rule", "row", "strict", "compat"), HABITS, ids=[str(one[0]) for one in HABITS])
def test_missing_values_are_unknown_or_what_javascript_makes_of_them(
    rule: Any, row: Row, strict: bool, compat: bool
) -> None:
    assert selected(jsonlogic.read(rule, schema=SCHEMA), row) == [strict]
    assert selected(jsonlogic.read(rule, schema=SCHEMA, mode="compat"), row) == [compat]


def test_strict_mode_notes_where_jsonlogic_would_count_a_missing_value_as_zero() -> None:
    imported = jsonlogic.read({"and": [{"<": [var("age"), 18]}, {"==": [var("country"), "DE"]}]}, schema=SCHEMA)
    assert [str(note) for note in imported.notes] == [
        '$.and[0]: a missing value is unknown here; JsonLogic counts it as 0 (`mode="compat"`)'
    ]


REFUSED: list[tuple[Any, str, str, str]] = [
    ({"==": [var("age"), "5"]}, '$["=="][1]', '`"5"` does not fit an int', ""),
    (
        {"==": [var("age"), var("country")]},
        "$",
        "an int and a string cannot be compared, and types are not converted",
        "compare it with a value of its own type",
    ),
    ({"map": [var("tags"), 1]}, "$", "`map` looks into a list, which rules cannot do yet", ""),
    ({"in": ["a", var("tags")]}, "$.in[1]", "rules do not look into lists yet", ""),
    ({"log": "x"}, "$", "writing to a log is no part of a rule", "remove it"),
    ({"startz": 1}, "$", "there is no operation `startz`", ""),
    ({"a": 1, "b": 2}, "$", "an operation is an object with one key, and this has 2", ""),
    ({}, "$", "an operation is an object with one key, and this has 0", ""),
    ({"var": ""}, "$", "the data as a whole is no value", "name one variable"),
    ({"%": [var("ltv"), 2]}, "$", "`%` is for whole numbers", "divide, or round first"),
    ({"<": [var("vip"), 1]}, '$["<"][1]', "`1` does not fit a bool", ""),
    (
        {"missing_some": [2, ["age", "city", "country"]]},
        "$",
        "only 1 or all of the variables can be asked for",
        "combine several of these by `and`",
    ),
]


@pytest.mark.parametrize(("rule", "place", "message", "fix"), REFUSED, ids=[one[2] for one in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(rule: Any, place: str, message: str, fix: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        jsonlogic.read(rule, schema=SCHEMA)
    assert (error.value.place, error.value.message, error.value.fix) == (place, message, fix)


def test_truthiness_needs_a_type() -> None:
    """Whether a missing schema hides a text, a number or a truth changes what is truthy."""
    with pytest.raises(ft.ImporterError) as error:
        jsonlogic.read({"!": var("x")})
    assert error.value.message == "whether this is truthy depends on its type"
    assert jsonlogic.read({"!": var("x")}, schema={"x": "string"}).text == '!isTrue(x != "")'


NUMBERS = st.sampled_from([var("age"), var("score"), var("ltv"), {"var": ["age", 2]}]) | st.integers(-2, 3)
TEXTS = st.sampled_from([var("country"), var("city"), "DE", "", "D"])
ARITHMETIC = st.recursive(
    NUMBERS,
    lambda below: (
        st.builds(lambda name, left, right: {name: [left, right]}, st.sampled_from("+-*"), below, below)
        | st.builds(lambda left: {"/": [left, 2]}, below)
    ),
    max_leaves=3,
)
ORDERINGS = st.sampled_from(["<", "<=", ">", ">="])
EQUALITIES = st.sampled_from(["==", "!=", "===", "!=="])
LEAVES: st.SearchStrategy[Any] = (
    st.booleans()
    | st.sampled_from([var("vip"), var("country"), var("age"), {"missing": ["age", "city"]}])
    | st.builds(lambda name, left, right: {name: [left, right]}, ORDERINGS | EQUALITIES, ARITHMETIC, NUMBERS)
    | st.builds(lambda name, left, right: {name: [left, right]}, ORDERINGS | EQUALITIES, TEXTS, TEXTS)
    | st.builds(lambda low, x, high: {"<": [low, x, high]}, st.integers(-2, 3), NUMBERS, NUMBERS)
    | st.builds(lambda name, other: {name: [var("age"), other]}, EQUALITIES, st.none())
    | st.builds(lambda x, some: {"in": [x, some]}, TEXTS, st.lists(st.sampled_from(["DE", "D", "x"]), max_size=3))
    | st.builds(lambda part, whole: {"in": [part, whole]}, TEXTS, TEXTS)
    | st.builds(
        lambda text, start, length: {"==": [{"substr": [text, start, *length]}, "D"]},
        st.sampled_from([var("country"), "DE"]),
        st.integers(-3, 3),
        st.lists(st.integers(-2, 3), max_size=1),
    )
)
RULES = st.recursive(
    LEAVES,
    lambda below: (
        st.builds(
            lambda name, some: {name: some}, st.sampled_from(["and", "or"]), st.lists(below, min_size=1, max_size=3)
        )
        | st.builds(lambda name, one: {name: [one]}, st.sampled_from(["!", "!!"]), below)
        | st.builds(lambda some: {"if": some}, st.lists(below, min_size=2, max_size=5))
    ),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries(
    {
        "age": st.none() | st.integers(-2, 3),
        "score": st.none() | st.integers(-2, 3),
        "ltv": st.none() | st.sampled_from([-1.5, 0.0, 2.0]),
        "country": st.sampled_from([None, "DE", "D", "", "xDEy"]),
        "city": st.sampled_from([None, "DE", ""]),
        "vip": st.none() | st.booleans(),
    }
)


@pytest.mark.parametrize("mode", ["strict", "compat"])
@settings(max_examples=30, deadline=None)
@given(rules=st.lists(RULES, min_size=1, max_size=4), rows=st.lists(ROWS, min_size=1, max_size=6))
def test_random_rules_select_whom_the_reference_finds_truthy(mode: str, rules: list[Any], rows: list[Row]) -> None:
    imported = [jsonlogic.read(rule, schema=SCHEMA, mode=mode) for rule in rules]
    expected = [[truthy(evaluate(rule, row, mode == "strict")) for row in rows] for rule in rules]
    assert selections(imported, rows) == expected
