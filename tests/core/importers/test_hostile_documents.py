"""Whatever is thrown at a reader, it answers with a rule or with an ImporterError, and soon."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fasttwitch as ft
from fasttwitch.importers import Imported, flagd, growthbook, jsonlogic, react_querybuilder, sql, unleash
from fasttwitch.syntax import parse
from tests.core.importers.customers import SCHEMA

Read = Callable[[Any], Imported]


def flag(targeting: Any) -> Any:
    variants = {"on": True, "off": False}
    return {"flags": {"f": {"state": "ENABLED", "variants": variants, "defaultVariant": "on", "targeting": targeting}}}


READERS: dict[str, Read] = {
    "react_querybuilder": lambda document: react_querybuilder.read(document, schema=SCHEMA),
    "growthbook": lambda document: growthbook.read(document, schema=SCHEMA),
    "jsonlogic": lambda document: jsonlogic.read(document, schema=SCHEMA),
    "jsonlogic without types": lambda document: jsonlogic.read(document, mode="compat"),
    "flagd": lambda document: flagd.read(flag(document), schema=SCHEMA),
    "flagd as a whole": flagd.read,
    "unleash": lambda document: unleash.read(document, schema=SCHEMA),
    "unleash as a list": lambda document: unleash.read([document]),
}

# The words of all formats, so that random documents get past the first check.
WORDS = [
    "combinator",
    "rules",
    "not",
    "field",
    "operator",
    "value",
    "and",
    "or",
    "=",
    "!=",
    "in",
    "notIn",
    "between",
    "contains",
    "beginsWith",
    "null",
    "null",
    "muted",
    "$and",
    "$or",
    "$nor",
    "$not",
    "$eq",
    "$ne",
    "$lt",
    "$gt",
    "$in",
    "$nin",
    "$exists",
    "$type",
    "$regex",
    "$vgt",
    "$inGroup",
    "$elemMatch",
    "var",
    "==",
    "===",
    "!=",
    "<",
    "<=",
    ">",
    "!",
    "!!",
    "if",
    "+",
    "-",
    "*",
    "/",
    "%",
    "max",
    "min",
    "cat",
    "substr",
    "missing",
    "missing_some",
    "in",
    "log",
    "map",
    "flags",
    "state",
    "variants",
    "defaultVariant",
    "targeting",
    "ENABLED",
    "on",
    "off",
    "fractional",
    "sem_ver",
    "starts_with",
    "$ref",
    "$evaluators",
    "contextName",
    "values",
    "inverted",
    "caseInsensitive",
    "IN",
    "NOT_IN",
    "NUM_GT",
    "DATE_AFTER",
    "SEMVER_GT",
    "STR_CONTAINS",
    "constraints",
    "strategies",
    "name",
    "flexibleRollout",
    "parameters",
    "rollout",
    "stickiness",
    "groupId",
    "default",
    "segments",
    "features",
    "enabled",
    "id",
    "age",
    "ltv",
    "country",
    "vip",
    "seen",
    "address.city",
    "tags",
    "address",
    "__proto__",
    "constructor",
    "now",
    "true",
    "18",
    "1.2.3",
    "DE",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=5)
    | st.binary(max_size=2)
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS), below, max_size=4)
        | st.dictionaries(st.text(max_size=4) | st.integers(), below, max_size=2)
        | st.builds(lambda name, values: {name: values}, st.sampled_from(WORDS), st.lists(below, max_size=3))
    ),
    max_leaves=20,
)


def told(error: ft.ImporterError) -> None:
    assert error.place
    assert error.message
    assert len(str(error)) < 1_000


@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
@settings(max_examples=60, deadline=None)
@given(document=DOCUMENTS)
def test_random_documents_give_a_rule_or_an_importer_error(read: Read, document: Any) -> None:
    try:
        imported = read(document)
    except ft.ImporterError as refusal:
        told(refusal)
    else:
        assert parse(imported.text) == imported.tree


SQL_WORDS = (
    *"()'\"%+-*/,.;=<>?$:\\~|&!\0é",
    *"age country ltv vip seen AND OR NOT IN LIKE ILIKE CASE WHEN THEN ELSE END IS NULL TRUE BETWEEN".split(),  # noqa: SIM905
    *"SELECT FROM WHERE 1 2.5 'DE' '2026-01-31' INTERVAL DAY CAST AS INT DATE now lower substr coalesce -- /*".split(),  # noqa: SIM905
)


@settings(max_examples=100, deadline=None)
@given(text=st.lists(st.sampled_from(SQL_WORDS), max_size=12).map(" ".join))
def test_random_sql_gives_a_rule_or_an_importer_error(text: str) -> None:
    try:
        imported = sql.read(text, schema=SCHEMA)
    except ft.ImporterError as refusal:
        told(refusal)
    else:
        assert parse(imported.text) == imported.tree


def deep(levels: int) -> Any:
    document: Any = {"age": 1}
    for _ in range(levels):
        document = {"$and": [document]}
    return document


def circular() -> Any:
    document: dict[str, Any] = {}
    document["$not"] = document
    return document


def bushy() -> Any:
    """A circle in which every level has thrice as many parts as the one above."""
    document: dict[str, Any] = {}
    document["$not"] = document["and"] = document["rules"] = document
    return document


HUGE = "x" * 10_000_000

HOSTILE: list[tuple[str, Any, str]] = [
    ("not JSON", "{'a': 1}", "the document is not JSON: expecting property name enclosed in double quotes"),
    ("nothing", "", "the document is not JSON: expecting value"),
    ("bytes", b"\xff", "the document is not UTF-8 text"),
    ("NaN", '{"age": NaN}', "`NaN` is not JSON"),
    ("infinity as a value", {"age": float("inf")}, "NaN and infinity are not JSON"),
    ("a key twice", '{"age": 1, "age": 2}', "an object has the key `age` twice"),
    ("brackets", "[" * 200_000, "the document nests deeper than 100 levels"),
    ("depth", deep(60), "the document nests deeper than 100 levels"),
    ("a circle", circular(), "the document nests deeper than 100 levels"),
    ("a bushy circle", bushy(), "the document has more than 200,000 values"),
    ("half a character", {"country": "\ud800"}, "this text has half of a surrogate pair"),
    ("half a character in a key", {"\udfff": 1}, "a key has half of a surrogate pair"),
    ("a number of a million digits", f'{{"age": {"9" * 1_000_000}}}', "the document has a number with too many digits"),
    ("a huge text", {"country": HUGE}, "this text has more than 4,194,304 characters"),
    ("a huge document", json.dumps([HUGE, HUGE]), "the document has more than 16,777,216 characters"),
    ("many values", [0] * 300_000, "the document has more than 200,000 values"),
    ("a key that is no text", {1: 2}, "the key `1` is no text"),
    ("a set", {"age": {1, 2}}, "a `set` is not JSON"),
    ("an object", object(), "a `object` is not JSON"),
]


@pytest.mark.parametrize(("document", "message"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE])
def test_hostile_documents_are_refused(document: Any, message: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        growthbook.read(document)
    assert error.value.message == message


@pytest.mark.parametrize("read", [growthbook.read, jsonlogic.read, flagd.read, unleash.read, react_querybuilder.read])
def test_all_readers_open_documents_alike(read: Read) -> None:
    with pytest.raises(ft.ImporterError) as error:
        read('{"a": 1, "a": 2}')
    assert str(error.value) == "an object has the key `a` twice\n --> $\n  = fix: keep one of them"


LARGE: dict[str, tuple[Read, Any]] = {
    "a condition of 5,000 fields": (
        growthbook.read,
        {f"c{number}": number for number in range(5_000)},
    ),
    "a sum of 50,000 numbers": (jsonlogic.read, {">": [{"+": [1] * 9_000}, 1]}),
    "an if of 4,000 branches": (jsonlogic.read, {"if": [{"<": [{"var": "b"}, 1]}, {"==": [{"var": "a"}, 1]}] * 800}),
    "a list of 150,000 values": (growthbook.read, {"a": {"$in": list(range(150_000))}}),
}


@pytest.mark.parametrize(("read", "document"), LARGE.values(), ids=list(LARGE))
def test_what_is_too_large_for_one_rule_is_refused(read: Read, document: Any) -> None:
    with pytest.raises(ft.ImporterError) as error:
        read(document)
    assert error.value.message.startswith(("too large for one rule: ", "the rule has more than"))


def test_a_list_as_long_as_a_rule_may_have_is_no_problem() -> None:
    imported = growthbook.read({"a": {"$in": list(range(100_000))}})
    assert imported.text.startswith("a in [0, 1, 2")


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_names_that_mean_something_to_javascript_are_plain_names(name: str) -> None:
    assert growthbook.read({name: 1}).text == f"{name} == 1"
    assert jsonlogic.read({"==": [{"var": name}, 1]}).text == f"{name} == 1"


@pytest.mark.parametrize("name", ["now", "true", "in", "for", "zip-code", "", "a b", "é", "a.", ".a"])
def test_names_that_no_column_can_have_in_a_rule_are_refused(name: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        growthbook.read({name: 1})
    assert error.value.fix == f'say which column is meant: `names={{"{name}": "…"}}`'


TOO_DEEP = ["(" * 3_000 + "age > 1" + ")" * 3_000, " + ".join(["age"] * 20_000) + " > 1", "NOT " * 5_000 + "vip"]


@pytest.mark.parametrize("text", TOO_DEEP, ids=["brackets", "a sum", "negations"])
def test_sql_that_nests_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        sql.read(text)
    assert error.value.message in (
        "the SQL nests too deep",
        "this is no SQL: the text ends or breaks off where it should not",
        "too large for one rule: the rule is nested more than 100 levels deep here",
    )
