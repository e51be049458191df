"""Conditions of GrowthBook select whom GrowthBook would select."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fasttwitch as ft
from fasttwitch.importers import growthbook
from tests.core.importers.customers import SCHEMA, Row, selected, selections
from tests.core.importers.growthbook_reference import holds

GROUPS: dict[str, list[Any]] = {"insiders": ["u1", "u2"], "ages": [18, 21], "nobody": []}

# (condition, attributes, expected)
CASES: list[tuple[dict[str, Any], Row, bool]] = [
    ({}, {}, True),
    # equality
    ({"country": "DE"}, {"country": "DE"}, True),
    ({"country": "DE"}, {"country": "de"}, False),
    ({"country": "DE"}, {}, False),
    ({"age": 18}, {"age": 18}, True),
    ({"ltv": 18}, {"ltv": 18.0}, True),
    ({"ltv": 0.1}, {"ltv": 0.1}, True),
    ({"vip": True}, {"vip": True}, True),
    ({"vip": False}, {"vip": False}, True),
    ({"vip": False}, {}, False),
    ({"country": None}, {}, True),
    ({"country": None}, {"country": "DE"}, False),
    ({"age": 18, "country": "DE"}, {"age": 18, "country": "DE"}, True),
    ({"age": 18, "country": "DE"}, {"age": 18, "country": "FR"}, False),
    ({"country": {"$eq": "DE"}}, {"country": "DE"}, True),
    ({"country": {"$eq": None}}, {}, True),
    ({"country": {"$ne": "DE"}}, {"country": "FR"}, True),
    ({"country": {"$ne": "DE"}}, {"country": "DE"}, False),
    ({"country": {"$ne": "DE"}}, {}, True),
    ({"country": {"$ne": None}}, {}, False),
    ({"country": {"$ne": None}}, {"country": "DE"}, True),
    # order; a missing number is 0
    ({"age": {"$gt": 17}}, {"age": 18}, True),
    ({"age": {"$gt": 18}}, {"age": 18}, False),
    ({"age": {"$gte": 18}}, {"age": 18}, True),
    ({"age": {"$lt": 18}}, {"age": 18}, False),
    ({"age": {"$lte": 18}}, {"age": 18}, True),
    ({"age": {"$lt": 18}}, {}, True),
    ({"age": {"$gt": 18}}, {}, False),
    ({"age": {"$gt": -1}}, {}, True),
    ({"age": {"$gte": 18, "$lt": 30}}, {"age": 29}, True),
    ({"age": {"$gte": 18, "$lt": 30}}, {"age": 30}, False),
    ({"age": {"$gt": 17.5}}, {"age": 18}, True),
    ({"ltv": {"$gt": 100}}, {"ltv": 100.5}, True),
    ({"price": {"$gt": 9.99}}, {"price": 10}, True),
    ({"price": {"$lte": 9.99}}, {}, True),
    ({"country": {"$gt": "C"}}, {"country": "DE"}, True),
    ({"country": {"$lt": "C"}}, {}, False),
    # one of several
    ({"country": {"$in": ["DE", "AT"]}}, {"country": "AT"}, True),
    ({"country": {"$in": ["DE", "AT"]}}, {"country": "FR"}, False),
    ({"country": {"$in": ["DE", "AT"]}}, {}, False),
    ({"country": {"$in": []}}, {"country": "DE"}, False),
    ({"country": {"$in": ["DE", None]}}, {}, True),
    ({"country": {"$nin": ["DE", "AT"]}}, {"country": "FR"}, True),
    ({"country": {"$nin": ["DE", "AT"]}}, {"country": "DE"}, False),
    ({"country": {"$nin": ["DE", "AT"]}}, {}, True),
    ({"country": {"$nin": ["DE", None]}}, {}, False),
    ({"country": {"$nin": []}}, {}, True),
    ({"age": {"$in": [1, 2.0]}}, {"age": 2}, True),
    ({"country": {"$ini": ["de"]}}, {"country": "DE"}, True),
    ({"country": {"$nini": ["de"]}}, {"country": "DE"}, False),
    ({"user_id": {"$inGroup": "insiders"}}, {"user_id": "u1"}, True),
    ({"user_id": {"$inGroup": "insiders"}}, {"user_id": "u9"}, False),
    ({"user_id": {"$inGroup": "insiders"}}, {}, False),
    ({"user_id": {"$notInGroup": "insiders"}}, {}, True),
    ({"age": {"$inGroup": "ages"}}, {"age": 21}, True),
    # presence and type
    ({"country": {"$exists": True}}, {"country": "DE"}, True),
    ({"country": {"$exists": True}}, {}, False),
    ({"country": {"$exists": False}}, {}, True),
    ({"tags": {"$exists": True}}, {"tags": ["a"]}, True),
    ({"country": {"$type": "string"}}, {"country": "DE"}, True),
    ({"country": {"$type": "string"}}, {}, False),
    ({"country": {"$type": "null"}}, {}, True),
    ({"age": {"$type": "number"}}, {"age": 1}, True),
    ({"age": {"$type": "string"}}, {"age": 1}, False),
    ({"vip": {"$type": "boolean"}}, {"vip": False}, True),
    ({"tags": {"$type": "array"}}, {"tags": []}, True),
    ({"address": {"$type": "object"}}, {"address": {}}, True),
    # texts
    ({"email": {"$regex": "@example\\.com$"}}, {"email": "a@example.com"}, True),
    ({"email": {"$regex": "^example"}}, {"email": "a@example.com"}, False),
    ({"email": {"$regex": "x"}}, {}, False),
    ({"email": {"$regexi": "EXAMPLE"}}, {"email": "a@example.com"}, True),
    # versions
    ({"version": {"$vgt": "1.9.0"}}, {"version": "1.10.0"}, True),
    ({"version": {"$vgte": "v1.10.0"}}, {"version": "1.10.0"}, True),
    ({"version": {"$vlt": "1.10.0"}}, {"version": "1.10.0-beta"}, True),
    ({"version": {"$vlt": "1.10.0"}}, {}, True),
    ({"version": {"$vlte": "1.10.0"}}, {"version": "1.10.0"}, True),
    ({"version": {"$veq": "1.2.3+build"}}, {"version": "1.2.3"}, True),
    ({"version": {"$vne": "1.2.3"}}, {"version": "1.2.4"}, True),
    ({"version": {"$vne": "1.2.3"}}, {}, True),
    ({"version": {"$vgt": "1.2.3"}}, {}, False),
    # connectives
    ({"$and": [{"age": 1}, {"country": "DE"}]}, {"age": 1, "country": "DE"}, True),
    ({"$and": []}, {}, True),
    ({"$or": [{"age": 1}, {"country": "DE"}]}, {"country": "DE"}, True),
    ({"$or": [{"age": 1}, {"country": "DE"}]}, {"country": "FR"}, False),
    ({"$or": []}, {}, True),
    ({"$nor": [{"age": 1}, {"country": "DE"}]}, {"country": "FR"}, True),
    ({"$nor": [{"age": 1}, {"country": "DE"}]}, {"country": "DE"}, False),
    ({"$not": {"country": "DE"}}, {}, True),
    ({"$not": {"country": "DE"}}, {"country": "DE"}, False),
    ({"country": {"$not": {"$in": ["DE"]}}}, {}, True),
    ({"email": {"$not": {"$regex": "^a"}}}, {"email": "a@b"}, False),
    ({"$not": {"$or": [{"age": {"$gt": 5}}, {"vip": True}]}}, {}, True),
    # fields
    ({"address.city": "Ulm"}, {"address": {"city": "Ulm"}}, True),
    ({"address.city": "Ulm"}, {}, False),
    ({"address.city": {"$exists": False}}, {"address": {"zip": 1}}, True),
    ({"address": {"city": "Ulm", "zip": 1}}, {"address": {"city": "Ulm", "zip": 1}}, True),
    ({"address": {"city": "Ulm", "zip": 1}}, {"address": {"city": "Ulm", "zip": 2}}, False),
]


@pytest.mark.parametrize(("condition", "attributes", "expected"), CASES, ids=[str(one[:2]) for one in CASES])
def test_a_condition_selects_whom_growthbook_selects(
    condition: dict[str, Any], attributes: Row, expected: bool
) -> None:
    imported = growthbook.read(condition, schema=SCHEMA, saved_groups=GROUPS)
    assert selected(imported, attributes) == [expected]


TEXTS = [
    ({"age": {"$gt": 18}}, "coalesce(age, 0) > 18"),
    ({"ltv": {"$lte": 5}}, "coalesce(ltv, 0.0) <= 5.0"),
    ({"country": {"$ne": "DE"}}, '!isTrue(country == "DE")'),
    ({"country": {"$nin": ["DE"]}}, '!isTrue(country in ["DE"])'),
    ({"country": None}, "country == null"),
    ({"$nor": [{"age": 1}, {"vip": True}]}, "!isTrue(age == 1 || vip == true)"),
    ({"user_id": {"$inGroup": "insiders"}}, 'user_id in list("insiders")'),
    ({"version": {"$vlt": "2.0.0"}}, 'version == null || semver(version) < "2.0.0"'),
]


@pytest.mark.parametrize(("condition", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_the_habit_of_the_source_stands_in_the_text(condition: dict[str, Any], text: str) -> None:
    assert growthbook.read(condition, schema=SCHEMA, saved_groups=GROUPS).text == text


REFUSED = [
    (
        {"tags": {"$elemMatch": {"$eq": "a"}}},
        "$.tags.$elemMatch",
        "`$elemMatch` looks into a list, which rules cannot do yet",
        "",
    ),
    ({"tags": {"$size": 3}}, "$.tags.$size", "`$size` looks into a list, which rules cannot do yet", ""),
    ({"tags": {"$in": ["a"]}}, "$.tags", "`tags` is a list, and rules do not look into lists yet", ""),
    ({"country": {"$gtt": 1}}, "$.country.$gtt", "there is no operator `$gtt`", "did you mean `$gt`?"),
    ({"countri": "DE"}, "$.countri", "there is no column `countri`", "did you mean `country`?"),
    ({"age": "18"}, "$.age", '`"18"` does not fit an int', ""),
    ({"age": {"$gt": True}}, "$.age.$gt", "true and false have no order", "use `$eq` or `$ne`"),
    ({"$where": "x"}, "$.$where", "`$where` cannot stand here", "write it below an attribute"),
    ({"$and": {"age": 1}}, "$.$and", "`$and` must be an array, not an object", ""),
    ({"country": ["DE"]}, "$.country", "a list cannot be compared as a whole", "one of several values is `$in`"),
    (
        {"country": {"$inGroup": "insider"}},
        "$.country.$inGroup",
        "there is no saved group `insider`",
        "did you mean `insiders`?",
    ),
    (
        {"email": {"$regex": "(?=a)"}},
        "$.email.$regex",
        "this is no regular expression: invalid perl operator: (?=",
        "there is no look-ahead: join two `matches` with `&&`",
    ),
    (
        {"version": {"$vgt": "1.2"}},
        "$.version.$vgt",
        '`"1.2"` is no version of the form 1.2.3',
        "write all three numbers, e.g. `2.10.0`",
    ),
]


@pytest.mark.parametrize(("condition", "place", "message", "fix"), REFUSED, ids=[one[2] for one in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(condition: object, place: str, message: str, fix: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        growthbook.read(condition, schema=SCHEMA, saved_groups=GROUPS)
    assert (error.value.place, error.value.message, error.value.fix) == (place, message, fix)


def test_an_error_prints_message_place_and_fix() -> None:
    with pytest.raises(ft.ImporterError) as error:
        growthbook.read('{"$or": [{"country": "DE"}, {"agee": 3}]}', schema=SCHEMA)
    assert str(error.value) == "there is no column `agee`\n --> $.$or[1].agee\n  = fix: did you mean `age`?"


def test_saved_groups_become_named_lists() -> None:
    imported = growthbook.read({"user_id": {"$inGroup": "insiders"}}, saved_groups=GROUPS)
    assert imported.lists == {"insiders": ("u1", "u2")}
    assert imported.document("beta") == {
        "version": 1,
        "language": "cel/1",
        "lists": {"insiders": {"type": "string", "values": ["u1", "u2"]}},
        "segments": {"beta": 'user_id in list("insiders")'},
    }


def test_without_a_schema_constants_keep_the_type_of_the_json() -> None:
    assert growthbook.read({"ltv": {"$gt": 5}, "a.b": 1.5}).text == "coalesce(ltv, 0) > 5 && a.b == 1.5"


def test_attributes_may_be_called_otherwise() -> None:
    assert growthbook.read({"user-id": "x"}, names={"user-id": "user_id"}).text == 'user_id == "x"'


def test_what_the_sdks_disagree_about_is_noted() -> None:
    notes = growthbook.read({"age": 0}, schema=SCHEMA).notes
    assert [str(note) for note in notes] == [
        "$.age: a missing value is not 0 here; GrowthBook's JavaScript SDK says it is"
    ]


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "age": st.integers(-2, 3),
    "ltv": st.sampled_from([-1.5, 0.0, 1.0, 2.5]),
    "country": st.sampled_from(["DE", "de", "FR", ""]),
    "address.city": st.sampled_from(["Ulm", "Bonn"]),
    "vip": st.booleans(),
    "version": st.sampled_from(["1.2.3", "1.10.0", "1.2.3-rc.1"]),
}


@st.composite
def attribute_conditions(draw: st.DrawFn, depth: int = 1) -> tuple[str, Any]:
    name = draw(st.sampled_from(sorted(VALUES)))
    value = VALUES[name]
    operators = ["$eq", "$ne", "$in", "$nin", "$exists", *(["$not"] if depth else [])]
    operators += [] if name == "vip" else ["$lt", "$lte", "$gt", "$gte"]
    operators += ["$regex", "$regexi", "$ini", "$nini"] if name == "country" else []
    operators += ["$veq", "$vne", "$vlt", "$vlte", "$vgt", "$vgte"] if name == "version" else []
    wanted = {
        "$in": st.lists(st.none() | value, max_size=3),
        "$nin": st.lists(st.none() | value, max_size=3),
        "$ini": st.lists(value, max_size=3),
        "$nini": st.lists(value, max_size=3),
        "$exists": st.booleans(),
        "$eq": st.none() | value,
        "$ne": st.none() | value,
        "$regex": st.sampled_from(["^D", "e$", "."]),
        "$regexi": st.sampled_from(["^d", "R"]),
    }
    if draw(st.booleans()):
        return name, draw(st.none() | value)
    chosen = draw(st.lists(st.sampled_from(operators), min_size=1, max_size=2, unique=True))
    condition: dict[str, Any] = {}
    for operator in chosen:
        if operator == "$not":
            inner = draw(attribute_conditions(depth=0).filter(lambda found: found[0] == name))[1]
            condition[operator] = inner
        else:
            condition[operator] = draw(wanted.get(operator, value))
    return name, condition


CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.lists(attribute_conditions(), max_size=2).map(dict),
    lambda below: (
        st.dictionaries(st.sampled_from(["$and", "$or", "$nor"]), st.lists(below, max_size=3), min_size=1)
        | st.fixed_dictionaries({"$not": below})
    ),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries(
    {name: st.none() | value for name, value in VALUES.items() if "." not in name}
    | {"address": st.none() | st.fixed_dictionaries({"city": st.none() | VALUES["address.city"], "zip": st.none()})}
)


@settings(max_examples=30, deadline=None)
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=4), rows=st.lists(ROWS, min_size=1, max_size=6))
def test_random_conditions_select_whom_the_reference_selects(
    conditions: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    imported = [growthbook.read(condition, schema=SCHEMA) for condition in conditions]
    expected = [[holds(condition, row, {}) for row in rows] for condition in conditions]
    assert selections(imported, rows) == expected
