"""Rulesets change by making new ones, and are known by their digest."""

import pickle
from random import Random

import pyarrow as pa
import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.ruleset import Ruleset, load_ruleset, schema_problems

RULES = """\
version: 1
language: cel/1
attributes: {ltv: double}
lists: {blocked: [a, b]}
segments:
  high: ltv > 500
  vip: {when: segment("high") && tier == "gold", owner: crm}
  lapsed: orders_12m == 0
"""


@pytest.fixture
def ruleset() -> Ruleset:
    return load_ruleset(RULES)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ltv > 500", "ltv>500  // the upper tenth"),
        ("ltv > 500", "(ltv > 500)"),
        ("ltv > 500", "|\n    ltv\n      > 500"),
        ("  lapsed: orders_12m == 0\n", "  lapsed: {when: orders_12m == 0}\n"),
        ("lists: {blocked: [a, b]}\n", "lists: {blocked: {values: [b, a, b]}}\n"),
        ("version: 1\n", "# a comment\nversion: 1\noffers: {}\n"),
    ],
)
def test_the_digest_does_not_see_how_a_document_is_written(ruleset: Ruleset, before: str, after: str) -> None:
    assert before in RULES
    assert load_ruleset(RULES.replace(before, after)).digest == ruleset.digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ltv > 500", "ltv > 501"),
        ("  high:", "  hugh:"),
        ("[a, b]", "[a, c]"),
        ("[a, b]", "[ab]"),
        ("owner: crm", "owner: crn"),
        ("{ltv: double}", "{ltv: int}"),
        ("version: 1\n", "version: 1\nkey: id\n"),
        ("version: 1\n", "version: 1\ntests: [{profile: {ltv: 1}}]\n"),
    ],
)
def test_the_digest_sees_what_a_document_says(ruleset: Ruleset, before: str, after: str) -> None:
    assert before in RULES
    assert load_ruleset(RULES.replace(before, after)).digest != ruleset.digest


def test_the_digest_is_frozen(ruleset: Ruleset) -> None:
    """Digests are written down by others: a new canonical form needs a new name."""
    assert ruleset.digest == "sha256:756017e4d8af139e985dd6f6d6370c66ae3d279ad3f7d2004df56ebe52457e8f"


def test_the_order_of_segments_does_not_count(ruleset: Ruleset) -> None:
    moved = ruleset.with_changes(remove=["lapsed"]).with_changes(segments={"lapsed": "orders_12m == 0"})
    assert moved.with_changes(remove=["high", "vip"]).segments.keys() == {"lapsed"}
    turned = load_ruleset(
        RULES.replace("  high: ltv > 500\n", "").replace("segments:\n", "segments:\n  lapsed2: ltv > 1\n")
        + "  high: ltv > 500\n"
    ).with_changes(remove=["lapsed2"])
    assert list(turned.segments) == ["vip", "lapsed", "high"]
    assert turned.digest == ruleset.digest == moved.digest


def test_changes_make_a_new_ruleset_and_leave_the_old_one(ruleset: Ruleset) -> None:
    changed = ruleset.with_changes(
        segments={"high": "ltv > 600", "new": {"when": "ltv < 1", "tags": ["x"]}},
        remove=["lapsed"],
        lists={"blocked": {"values": [1, 2], "type": "int"}, "more": ["x"]},
    )
    assert {name: one.when for name, one in changed.segments.items()} == {
        "high": "ltv > 600",
        "vip": 'segment("high") && tier == "gold"',
        "new": "ltv < 1",
    }
    assert [one.values for one in changed.lists.values()] == [(1, 2), ("x",)]
    assert ruleset.digest == load_ruleset(RULES).digest != changed.digest
    assert changed.segments["vip"] is ruleset.segments["vip"]


def test_wrong_changes_are_reported_together(ruleset: Ruleset) -> None:
    with pytest.raises(RulesetError) as caught:
        ruleset.with_changes(segments={"high": "", "x y": "ltv > 1"}, remove=["laps"], lists={"blocked": [None]})
    assert str(caught.value) == (
        "an empty condition would match everybody\n"
        " --> segments\n"
        "  = fix: write the condition, or remove the segment\n"
        "\n"
        "`x y` cannot be the name of a segment\n"
        " --> segments\n"
        "  = fix: use letters, digits, `_`, `-` and `.`, at most 120, beginning with a letter, a digit or `_`\n"
        "\n"
        "a list cannot hold null: nothing equals it\n"
        " --> lists.blocked[0]\n"
        "  = fix: drop it; test for null with `x == null`\n"
        "\n"
        "there is no segment `laps`\n"
        " --> remove\n"
        "  = fix: did you mean `lapsed`?\n"
        "\n"
        "4 problems"
    )


def test_a_change_cannot_close_a_circle(ruleset: Ruleset) -> None:
    with pytest.raises(RulesetError, match="segments need each other in a circle: `high` → `vip` → `high`"):
        ruleset.with_changes(segments={"high": 'segment("vip")'})


def test_some_segments_bring_along_what_they_need(ruleset: Ruleset) -> None:
    assert list(ruleset.only(["vip"]).segments) == ["high", "vip"]
    assert list(ruleset.only(["lapsed"]).segments) == ["lapsed"]


def test_rulesets_survive_pickling(ruleset: Ruleset) -> None:
    digest = ruleset.digest
    copy = pickle.loads(pickle.dumps(ruleset))
    assert copy.segments == ruleset.segments
    assert copy.digest == digest


def test_the_schema_must_keep_the_promised_types() -> None:
    rules = "version: 1\nlanguage: cel/1\nattributes:\n"
    rules += "  ltv: double\n  age: {type: int}\n  address.zip: string\n  absent: bool\n"
    ruleset = load_ruleset(rules + "  tags: list(string)\n  address: struct\nsegments: {vip: ltv > 1}\n")
    schema = pa.schema(
        {
            "ltv": pa.string(),
            "age": pa.int8(),
            "address": pa.struct({"zip": pa.int32()}),
            "tags": pa.large_list(pa.string_view()),
        }
    )
    assert "\n\n".join(map(str, schema_problems(ruleset.attributes, schema))) == (
        "attribute `ltv` is double in the ruleset and string in the data\n"
        " --> ruleset:4:8\n"
        "4 |   ltv: double\n"
        "  |        ^^^^^^\n"
        "  = fix: write `string` here, or convert the column\n"
        "\n"
        "attribute `address.zip` is string in the ruleset and int in the data\n"
        " --> ruleset:6:16\n"
        "6 |   address.zip: string\n"
        "  |                ^^^^^^\n"
        "  = fix: write `int` here, or convert the column"
    )


def document(rules: dict[str, str]) -> Ruleset:
    return load_ruleset({"version": 1, "language": "cel/1", "segments": rules})


@pytest.mark.parametrize("seed", range(5))
def test_the_digest_of_a_changed_ruleset_is_that_of_one_written_so(seed: int) -> None:
    random = Random(f"digests/{seed}")
    rules = {f"s{number}": f"n > {number}" for number in range(400)}
    changed = document(rules)
    assert changed.digest
    for _ in range(10):
        gone = random.sample(sorted(rules), 3)
        fresh = {name: f"n < {random.randrange(999)}" for name in (*random.sample(sorted(rules), 3), f"t{len(rules)}")}
        rules = {**{name: rule for name, rule in rules.items() if name not in gone}, **fresh}
        changed = changed.with_changes(segments=fresh, remove=gone)
        assert changed.digest == document(rules).digest
