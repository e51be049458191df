"""Targeting rules of flagd: who gets a variant."""

from typing import Any

import pytest

import fasttwitch as ft
from fasttwitch.importers import flagd
from tests.core.importers.customers import SCHEMA, Row, selected


def var(name: str) -> dict[str, Any]:
    return {"var": name}


def flags(targeting: Any, variants: Any = None, default: Any = "off", **more: Any) -> dict[str, Any]:
    variants = {"on": True, "off": False, "true": True, "false": False} if variants is None else variants
    flag = {"state": "ENABLED", "variants": variants, "defaultVariant": default, "targeting": targeting}
    return {"flags": {"banner": flag}, **more}


def switched(condition: Any) -> dict[str, Any]:
    """A flag that is on where a condition holds."""
    return flags({"if": [condition, "on", "off"]})


COLOURS = {"red": "#f00", "blue": "#00f", "green": "#0f0"}

CASES: list[tuple[Any, str, Row, bool]] = [
    (switched({"in": ["@example.com", var("email")]}), "", {"email": "a@example.com"}, True),
    (switched({"in": ["@example.com", var("email")]}), "", {"email": "a@other.com"}, False),
    (switched({"in": ["@example.com", var("email")]}), "off", {}, True),
    (switched({"starts_with": [var("email"), "admin"]}), "", {"email": "admin@x"}, True),
    (switched({"starts_with": [var("email"), "admin"]}), "", {"email": "x@admin"}, False),
    (switched({"ends_with": [var("email"), "@x"]}), "", {"email": "admin@x"}, True),
    (switched({"ends_with": [var("email"), "@x"]}), "", {}, False),
    *(
        (switched({"sem_ver": [var("version"), operator, "1.10.0"]}), "", {"version": version}, expected)
        for operator, version, expected in (
            ("=", "1.10.0", True),
            ("=", "1.10.0-rc.1", False),
            ("!=", "1.10.1", True),
            ("!=", "1.10.0", False),
            ("<", "1.9.9", True),
            ("<", "1.10.0", False),
            ("<=", "1.10.0", True),
            (">", "1.11.0", True),
            (">=", "1.9.0", False),
            ("~", "1.10.7", True),
            ("~", "1.11.0", False),
            ("^", "1.99.0", True),
            ("^", "2.0.0", False),
            (">", "no version", False),
            ("!=", "no version", False),
        )
    ),
    (flags({"in": ["@x", var("email")]}), "true", {"email": "a@x"}, True),
    (flags({"in": ["@x", var("email")]}), "false", {"email": "a@y"}, True),
    (flags(None, default="on"), "", {}, True),
    (flags({}, default="off"), "", {}, False),
    (flags({"if": [var("vip"), "on"]}, default="off"), "", {"vip": True}, True),
    (flags({"if": [var("vip"), "on"]}, default="on"), "", {}, True),
    (flags({"if": [var("vip"), "on", None]}, default="off"), "off", {"vip": False}, True),
    (
        flags({"if": [var("vip"), "red", {"==": [var("country"), "DE"]}, "blue", "green"]}, COLOURS, "red"),
        "blue",
        {"country": "DE"},
        True,
    ),
    (
        flags({"if": [var("vip"), "red", {"==": [var("country"), "DE"]}, "blue", "green"]}, COLOURS, "red"),
        "green",
        {"country": "FR"},
        True,
    ),
    (
        flags({"if": [{"$ref": "staff"}, "on", "off"]}, **{"$evaluators": {"staff": {"in": ["@x", var("email")]}}}),
        "",
        {"email": "a@x"},
        True,
    ),
    (switched({"==": [var("$flagd.flagKey"), "banner"]}), "", {}, True),
    (switched({">": [var("$flagd.timestamp"), 1_700_000_000]}), "", {}, True),
    (switched({"<": [var("age"), 18]}), "", {}, False),
    (flags({"fractional": [var("email"), ["on", 100], ["off", 0]]}), "", {"email": "a"}, True),
    (flags({"fractional": [var("email"), ["on", 0], ["off", 100]]}), "", {"email": "a"}, False),
    (flags({"fractional": [var("email"), ["on", 100], ["off", 0]]}), "off", {}, True),
    (flags({"fractional": [["on"], ["on"]]}), "", {"user_id": "u"}, True),
]


@pytest.mark.parametrize(
    ("document", "variant", "row", "expected"), CASES, ids=[str((one[0]["flags"], *one[1:3]))[:150] for one in CASES]
)
def test_a_flag_resolves_to_the_variant(document: Any, variant: str, row: Row, expected: bool) -> None:
    imported = flagd.read(document, variant=variant, schema=SCHEMA, names={"targetingKey": "user_id"})
    assert selected(imported, row) == [expected]


def test_the_variants_of_a_fraction_share_all_customers() -> None:
    """Everybody gets exactly one, in about the shares that are asked for."""
    document = flags({"fractional": [var("email"), ["red", 50], ["blue", 20], ["green", 30]]}, COLOURS, "red")
    rows = [{"email": f"customer{number}"} for number in range(1_000)]
    shares = {variant: selected(flagd.read(document, variant=variant, schema=SCHEMA), *rows) for variant in COLOURS}
    assert [sum(found) for found in zip(*shares.values(), strict=True)] == [1] * 1_000
    assert 450 < sum(shares["red"]) < 550
    assert 160 < sum(shares["blue"]) < 240


def test_other_customers_get_a_fraction_and_that_is_noted() -> None:
    imported = flagd.read(flags({"fractional": [var("email"), ["on", 1], ["off", 3]]}), schema=SCHEMA)
    assert imported.text == 'isTrue(bucket(email, "banner", 4) < 1)'
    assert [str(note) for note in imported.notes] == [
        "$.flags.banner.targeting: each variant keeps its share, but other customers get it:"
        " `bucket` is not flagd's hash"
    ]


def test_a_short_version_is_completed_and_that_is_noted() -> None:
    imported = flagd.read(switched({"sem_ver": [var("version"), ">=", "v1.2"]}), schema=SCHEMA)
    assert imported.text == 'isTrue(semver(version) >= "1.2.0")'
    assert [note.message for note in imported.notes] == ["`v1.2` is read as `1.2.0`"]


def circle(length: int) -> dict[str, Any]:
    return {f"e{number}": {"$ref": f"e{(number + 1) % length}"} for number in range(length)}


CHAIN = {f"e{number}": {"$ref": f"e{number + 1}"} for number in range(5_000)} | {"e5000": True}
BOMB = {f"e{number}": {"and": [{"$ref": f"e{number + 1}"}] * 10} for number in range(30)} | {"e30": True}

REFUSED: list[tuple[Any, str, str, str, str]] = [
    (
        flags({"if": [{"$ref": "e0"}, "on", "off"]}, **{"$evaluators": circle(3)}),
        "",
        "$.$evaluators.e2",
        "the evaluator `e0` refers to itself",
        "take one reference out of the circle",
    ),
    (
        flags({"if": [{"$ref": "e0"}, "on", "off"]}, **{"$evaluators": BOMB}),
        "",
        "$.$evaluators.e29.and[4]",
        "the rule has more than 10,000 parts",
        "split it into several rules",
    ),
    (
        flags({"if": [{"$ref": "e0"}, "on", "off"]}, **{"$evaluators": CHAIN}),
        "",
        "$.$evaluators.e49",
        "evaluators refer to each other more than 50 levels deep",
        "write what they say in one place",
    ),
    (switched({"$ref": "staff"}), "", "$.flags.banner.targeting.if[0]", "there is no evaluator `staff`", ""),
    (
        flags("yellow", COLOURS, "red"),
        "red",
        "$.flags.banner.targeting",
        "the flag has no variant `yellow`",
        "name one of its variants",
    ),
    (
        flags("red", COLOURS, "red"),
        "",
        "$.flags.banner.variants",
        "no variant is true",
        'say which one is meant: `variant="…"`, one of `red`, `blue`, `green`',
    ),
    (
        flags({"cat": ["r", "ed"]}, COLOURS, "red"),
        "red",
        "$.flags.banner.targeting",
        "`cat` computes the name of a variant",
        "choose by `if`",
    ),
    (
        flags({"fractional": [{"cat": [var("email"), var("city")]}, ["on", 1]]}),
        "",
        "$.flags.banner.targeting.fractional[0]",
        "customers are divided by one variable",
        'write {"var": "targetingKey"}',
    ),
    (
        switched({"sem_ver": [var("version"), "=>", "1.0.0"]}),
        "",
        "$.flags.banner.targeting.if[0].sem_ver[1]",
        "there is no operator `=>`",
        "one of = != < <= > >= ~ ^",
    ),
    (
        switched({"and": [{"==": [var("city"), "Ulm"]}, {"fractional": [["on", 10], ["off", 90]]}]}),
        "",
        "$.flags.banner.targeting.if[0].and[1]",
        "`fractional` gives a variant, and here stands a condition",
        'choose by `if`: `{"if": [condition, {"fractional": […]}, "off"]}`',
    ),
    ({"flags": {}}, "", "$.flags", "there are 0 flags", 'say which one: `flag="…"`, one of '),
    ({}, "", "$", "a document of flags has the key `flags`", "for a rule alone use the importer of JsonLogic"),
]


@pytest.mark.parametrize(("document", "variant", "place", "message", "fix"), REFUSED, ids=[one[3] for one in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(
    document: Any, variant: str, place: str, message: str, fix: str
) -> None:
    with pytest.raises(ft.ImporterError) as error:
        flagd.read(document, variant=variant, schema=SCHEMA)
    assert (error.value.place, error.value.message, error.value.fix) == (place, message, fix)


def test_one_of_several_flags_must_be_named() -> None:
    document = {"flags": {**flags(None)["flags"], "other": flags(None, default="on")["flags"]["banner"]}}
    assert flagd.read(document, flag="other").text == "true"
    with pytest.raises(ft.ImporterError) as error:
        flagd.read(document)
    assert error.value.fix == 'say which one: `flag="…"`, one of `banner`, `other`'


def test_a_disabled_flag_is_false_and_that_is_noted() -> None:
    document = flags({"if": [True, "on"]})
    document["flags"]["banner"]["state"] = "DISABLED"
    imported = flagd.read(document)
    assert imported.text == "false"
    assert [note.message for note in imported.notes] == [
        "the flag is disabled: it resolves to nothing, so this is false for everybody"
    ]
