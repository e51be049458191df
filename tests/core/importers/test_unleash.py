"""Constraints and strategies of Unleash select whom Unleash would select."""

from datetime import UTC, datetime
from typing import Any

import pytest

import fasttwitch as ft
from fasttwitch.importers import unleash
from tests.core.importers.customers import SCHEMA, Row, selected

NAMES = {"userId": "user_id", "sessionId": "session_id"}


def constraint(name: str, operator: str, wanted: Any = None, **more: Any) -> dict[str, Any]:
    key = "values" if isinstance(wanted, list) else "value"
    return {"contextName": name, "operator": operator, key: wanted, **more}


def rollout(share: object, stickiness: str = "userId", group: str = "g") -> dict[str, Any]:
    parameters = {"rollout": share, "stickiness": stickiness, "groupId": group}
    return {"name": "flexibleRollout", "parameters": parameters, "constraints": []}


NOON = datetime(2022, 1, 29, 12, tzinfo=UTC)

CASES: list[tuple[Any, Row, bool]] = [
    (constraint("country", "IN", ["DE", "AT"]), {"country": "AT"}, True),
    (constraint("country", "IN", ["DE", "AT"]), {"country": "FR"}, False),
    (constraint("country", "IN", ["DE"]), {}, False),
    (constraint("country", "IN", []), {"country": "DE"}, False),
    (constraint("country", "NOT_IN", ["DE"]), {"country": "FR"}, True),
    (constraint("country", "NOT_IN", ["DE"]), {"country": "DE"}, False),
    (constraint("country", "NOT_IN", ["DE"]), {}, True),
    (constraint("country", "NOT_IN", []), {"country": "DE"}, True),
    (constraint("country", "IN", ["DE"], inverted=True), {}, True),
    (constraint("country", "IN", ["DE"], inverted=True), {"country": "DE"}, False),
    (constraint("country", "NOT_IN", ["DE"], inverted=True), {"country": "DE"}, True),
    (constraint("country", "NOT_IN", ["DE"], inverted=True), {}, False),
    (constraint("country", "IN", ["de"], caseInsensitive=True), {"country": "DE"}, True),
    (constraint("age", "IN", ["18", "21"]), {"age": 21}, True),
    (constraint("vip", "IN", ["true"]), {"vip": True}, True),
    (constraint("email", "STR_STARTS_WITH", ["a", "e1"]), {"email": "e1@x"}, True),
    (constraint("email", "STR_STARTS_WITH", ["E1"]), {"email": "e1@x"}, False),
    (constraint("email", "STR_STARTS_WITH", ["E1"], caseInsensitive=True), {"email": "e1@x"}, True),
    (constraint("email", "STR_ENDS_WITH", [".com", ".de"]), {"email": "a@b.de"}, True),
    (constraint("email", "STR_ENDS_WITH", [".com"]), {}, False),
    (constraint("email", "STR_CONTAINS", ["@b"]), {"email": "a@b.de"}, True),
    (constraint("email", "STR_CONTAINS", ["@b"], inverted=True), {"email": "a@b.de"}, False),
    (constraint("email", "STR_CONTAINS", ["@b"], inverted=True), {}, True),
    (constraint("email", "STR_CONTAINS", []), {"email": "a"}, False),
    (constraint("age", "NUM_EQ", "12"), {"age": 12}, True),
    (constraint("age", "NUM_EQ", "12.0"), {"age": 12}, True),
    (constraint("ltv", "NUM_EQ", "12"), {"ltv": 12.0}, True),
    (constraint("age", "NUM_EQ", "12", inverted=True), {"age": 12}, False),
    (constraint("age", "NUM_EQ", "12", inverted=True), {}, True),
    (constraint("age", "NUM_GT", "12"), {"age": 13}, True),
    (constraint("age", "NUM_GTE", "12"), {"age": 12}, True),
    (constraint("age", "NUM_LT", "12"), {"age": 11}, True),
    (constraint("age", "NUM_LTE", "12"), {"age": 13}, False),
    (constraint("age", "NUM_LT", "12"), {}, False),
    (constraint("age", "NUM_GT", "11.5"), {"age": 12}, True),
    (constraint("country", "NUM_GT", "5"), {"country": "12"}, True),
    (constraint("country", "NUM_GT", "5"), {"country": "DE"}, False),
    (constraint("price", "NUM_GT", "9.99"), {"price": 10}, True),
    (constraint("seen", "DATE_AFTER", "2022-01-29T11:00:00.000Z"), {"seen": NOON}, True),
    (constraint("seen", "DATE_BEFORE", "2022-01-29T11:00:00.000Z"), {"seen": NOON}, False),
    (constraint("seen", "DATE_AFTER", "2022-01-29T13:00:00.000+02:00"), {"seen": NOON}, True),
    (constraint("seen", "DATE_BEFORE", "2022-01-29T12:00:00Z", inverted=True), {}, True),
    (constraint("country", "DATE_AFTER", "2022-01-29T11:00:00Z"), {"country": "2022-01-29T11:00:01Z"}, True),
    (constraint("currentTime", "DATE_AFTER", "2022-01-29T11:00:00Z"), {}, True),
    (constraint("currentTime", "DATE_BEFORE", "2022-01-29T11:00:00Z"), {}, False),
    (constraint("version", "SEMVER_EQ", "1.2.3"), {"version": "1.2.3"}, True),
    (constraint("version", "SEMVER_GT", "1.9.0"), {"version": "1.10.0"}, True),
    (constraint("version", "SEMVER_LT", "1.10.0"), {"version": "1.10.0-beta.1"}, True),
    (constraint("version", "SEMVER_LT", "1.10.0"), {"version": "latest"}, False),
    (constraint("version", "SEMVER_LT", "1.10.0", inverted=True), {"version": "latest"}, True),
    (constraint("email", "REGEX", "^[a-z]+@"), {"email": "abc@x"}, True),
    (constraint("email", "REGEX", "^[A-Z]+@", caseInsensitive=True), {"email": "abc@x"}, True),
    # lists of constraints, segments, strategies, features
    ([constraint("age", "NUM_GT", "12"), constraint("age", "NUM_LT", "16")], {"age": 15}, True),
    ([constraint("age", "NUM_GT", "12"), constraint("age", "NUM_LT", "16")], {"age": 16}, False),
    ([], {}, True),
    ({"name": "adults", "constraints": [constraint("age", "NUM_GT", "17")]}, {"age": 18}, True),
    ({"name": "default", "parameters": {}, "constraints": []}, {}, True),
    ({"name": "default", "parameters": {}, "disabled": True}, {}, False),
    ({"name": "userWithId", "parameters": {"userIds": "u1, u2"}}, {"user_id": "u2"}, True),
    ({"name": "userWithId", "parameters": {"userIds": "u1, u2"}}, {}, False),
    # the hash is Unleash's own: these customers are those of its client specification
    (rollout("10", "default", "Feature.flexibleRollout.10"), {"user_id": "174"}, True),
    (rollout("10", "default", "Feature.flexibleRollout.10"), {"user_id": "499"}, False),
    (rollout("10", "default", "Feature.flexibleRollout.10"), {"session_id": "174"}, True),
    (rollout("55", "userId", "Feature.flexibleRollout.userId.55"), {"user_id": "25"}, True),
    (rollout("55", "userId", "Feature.flexibleRollout.userId.55"), {"session_id": "25"}, False),
    (rollout("42", "sessionId", "Feature.flexibleRollout.sessionId.42"), {"session_id": "147"}, True),
    (rollout("100", "default"), {}, True),
    (rollout("0"), {"user_id": "1"}, False),
    (rollout(100, "userId"), {}, False),
    (
        {"name": "gradualRolloutUserId", "parameters": {"percentage": "100", "groupId": "g"}},
        {"user_id": "1"},
        True,
    ),
    ({"name": "F", "enabled": True, "strategies": []}, {}, True),
    ({"name": "F", "enabled": False, "strategies": [{"name": "default"}]}, {}, False),
    (
        {
            "features": [{"name": "F", "enabled": True, "strategies": [{"name": "default", "segments": [7]}]}],
            "segments": [{"id": 7, "constraints": [constraint("country", "IN", ["DE"])]}],
        },
        {"country": "DE"},
        True,
    ),
]


@pytest.mark.parametrize(("document", "row", "expected"), CASES, ids=[str(one[:2])[:120] for one in CASES])
def test_a_rule_selects_whom_unleash_selects(document: Any, row: Row, expected: bool) -> None:
    assert selected(unleash.read(document, schema=SCHEMA, names=NAMES), row) == [expected]


TEXTS = [
    (constraint("country", "NOT_IN", ["DE"]), 'country == null || !(country in ["DE"])'),
    (constraint("age", "NUM_LT", "5", inverted=True), "!isTrue(age < 5)"),
    (rollout("25"), 'bucket(user_id, "g", 100) < 25'),
    (rollout("25", "default"), 'bucket(coalesce(user_id, session_id), "g", 100) < 25'),
    (constraint("currentTime", "DATE_AFTER", "2022-01-29T11:00:00Z"), 'now > timestamp("2022-01-29T11:00:00Z")'),
]


@pytest.mark.parametrize(("document", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_the_habit_of_the_source_stands_in_the_text(document: Any, text: str) -> None:
    assert unleash.read(document, schema=SCHEMA, names=NAMES).text == text


REFUSED: list[tuple[Any, str, str, str]] = [
    (
        constraint("country", "NOT_INN", ["DE"]),
        "$.operator",
        "there is no operator `NOT_INN` here",
        "did you mean `NOT_IN`?",
    ),
    ({"operator": "IN", "values": []}, "$", "a constraint needs `contextName`", ""),
    (constraint("age", "NUM_GT", "many"), "$.value", '`"many"` does not fit an int', ""),
    (
        constraint("seen", "DATE_AFTER", "2022-01-29T11:00:00"),
        "$.value",
        '`"2022-01-29T11:00:00"` has no time zone',
        'add `Z` for UTC: `"2022-01-29T11:00:00Z"`',
    ),
    (
        rollout("50", "random"),
        "$.parameters.stickiness",
        "random stickiness draws anew each time",
        "choose a field",
    ),
    (rollout("101"), "$.parameters.rollout", '"101" is no whole number from 0 to 100', ""),
    (
        {"name": "gradualRolloutRandom", "parameters": {"percentage": "5"}},
        "$",
        "`gradualRolloutRandom` draws anew at each request, so nobody is in it or not",
        "leave this strategy out",
    ),
    (
        {"name": "flexibleRollout", "parameters": {"rollout": "5"}},
        "$",
        "a gradual rollout without `groupId` hashes by the feature's name",
        'give `feature="…"`',
    ),
    (
        {"features": [{"name": "a", "strategies": []}, {"name": "b", "strategies": []}]},
        "$.features",
        "there are 2 features",
        'say which one: `feature="…"`, one of `a`, `b`',
    ),
    (
        {"name": "default", "segments": [3]},
        "$.segments[0]",
        "there is no segment 3",
        "import the document with its `segments`",
    ),
    (
        {"x": 1},
        "$",
        "this is no constraint, segment, strategy or feature of Unleash",
        "give an object with `constraints`, `strategies` or `features`",
    ),
]


@pytest.mark.parametrize(("document", "place", "message", "fix"), REFUSED, ids=[one[2] for one in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(document: Any, place: str, message: str, fix: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        unleash.read(document, schema=SCHEMA, names=NAMES)
    assert (error.value.place, error.value.message, error.value.fix) == (place, message, fix)


def test_a_feature_hashes_by_its_name_where_there_is_no_group() -> None:
    strategy = {"name": "flexibleRollout", "parameters": {"rollout": "5", "stickiness": "userId"}}
    document = {"name": "new-checkout", "enabled": True, "strategies": [strategy]}
    assert unleash.read(document, names=NAMES).text == 'bucket(user_id, "new-checkout", 100) < 5'


def test_what_decides_nothing_is_noted() -> None:
    strategy = {"name": "default", "constraints": [constraint("age", "NUM_GT", "1")], "variants": [{"name": "blue"}]}
    assert [str(note) for note in unleash.read(strategy, schema=SCHEMA).notes] == [
        "$.variants: not read: it decides nothing about who is in"
    ]


def test_without_a_schema_numbers_are_numbers_and_lists_hold_texts() -> None:
    document = [constraint("spent", "NUM_GT", "12.50"), constraint("plan", "IN", ["1", "2"])]
    assert unleash.read(document).text == 'spent > 12.5 && plan in ["1", "2"]'
