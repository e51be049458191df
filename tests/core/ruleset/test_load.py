"""From documents to rulesets."""

import json
from pathlib import Path

import pytest
import yaml

from fasttwitch.errors import RulesetError
from fasttwitch.logic.datatypes import DATE, DOUBLE, INT, STRING, ListType
from fasttwitch.ruleset import Ruleset, load_ruleset
from fasttwitch.ruleset import load as load_module

DOCUMENT = """\
# All that a document may have today.
version: 1
language: cel/1
key: id
attributes:
  ltv: {type: double, description: lifetime value, unit: EUR}
  tags: list(string)
lists:
  suppressed: {file: lists/suppressed.csv}
  stores: [12, 14, 12]
  holidays: {type: date, values: [2026-12-25]}
segments:
  high_value: ltv > 500   # the upper tenth
  vip:
    when: |
      segment("high_value")
        && tier in ["gold", "platinum"]
    description: Our best
    owner: crm
    tags: [core, retention]
  lapsed: >-
    now - last_order_at > days(90)
    && !(country == "DE")
  "2024": "ltv > 2024.0"
  Zürich.core-1: city == 'Zürich'
events: {}
offers:
context: {}
tests:
  - profile: {ltv: 900, tier: gold, country: "NO", address: {zip: "00042"}, tags: [a, b], age: ~, ok: true, x: .5}
    now: 2026-01-01T00:00:00Z
    in: [vip]
    out: lapsed
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "suppressed.csv").write_text('\ufeffc1\n"c, 2"\nc1\n\n', "utf-8")
    (tmp_path / "rules.yaml").write_text(DOCUMENT, "utf-8")
    return tmp_path


def test_a_document_is_read_section_by_section(folder: Path) -> None:
    ruleset = load_ruleset(folder / "rules.yaml")
    assert (ruleset.version, ruleset.language, ruleset.key) == (1, "cel/1", "id")
    ltv, tags = ruleset.attributes.values()
    assert (ltv.name, ltv.type, ltv.description, ltv.unit) == ("ltv", DOUBLE, "lifetime value", "EUR")
    assert tags.type == ListType(STRING)
    assert {name: (one.type, one.values) for name, one in ruleset.lists.items()} == {
        "suppressed": (STRING, ("c1", "c, 2")),
        "stores": (INT, (12, 14)),
        "holidays": (DATE, (20_812,)),
    }
    assert {name: one.when for name, one in ruleset.segments.items()} == {
        "high_value": "ltv > 500",
        "vip": 'segment("high_value")\n  && tier in ["gold", "platinum"]',
        "lapsed": 'now - last_order_at > days(90) && !(country == "DE")',
        "2024": "ltv > 2024.0",
        "Zürich.core-1": "city == 'Zürich'",
    }
    vip = ruleset.segments["vip"]
    assert (vip.description, vip.owner, vip.tags) == ("Our best", "crm", ("core", "retention"))
    assert vip.references == (("high_value", (0, 21)),)
    (example,) = ruleset.tests
    assert example.profile == {
        "ltv": 900,
        "tier": "gold",
        "country": "NO",
        "address": {"zip": "00042"},
        "tags": ["a", "b"],
        "age": None,
        "ok": True,
        "x": 0.5,
    }
    assert (example.now, example.inside, example.outside) == (1_767_225_600_000_000, ("vip",), ("lapsed",))


def test_yaml_json_and_values_are_one_ruleset(folder: Path) -> None:
    """A document keeps its meaning and its digest when it is converted."""
    values = yaml.safe_load(DOCUMENT)
    from_yaml = load_ruleset(folder / "rules.yaml")
    from_values = load_ruleset(values, base=folder)
    from_json = load_ruleset(json.dumps(values, default=str), base=folder)
    assert from_yaml.digest == from_values.digest == from_json.digest
    assert from_yaml.segments == from_values.segments == from_json.segments


def test_a_json_file_is_read_as_json(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"version": 1, "language": "cel/1", "segments": {"vip": "ltv > 500"}}')
    assert load_ruleset(str(path)).segments["vip"].when == "ltv > 500"


def test_braces_without_quotes_are_yaml() -> None:
    assert load_ruleset("{version: 1, language: cel/1, segments: {vip: ltv > 500}}").segments["vip"].when == "ltv > 500"


@pytest.mark.parametrize(("name", "there"), [("ruels.yaml", True), ("other.txt", False)])
def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, name: str, there: bool) -> None:
    (tmp_path / "rules.yaml").write_text("version: 1\n")
    fix = f"did you mean {tmp_path}/rules.yaml?" if there else "give the path of a .yaml, .yml, .json file"
    with pytest.raises(RulesetError) as caught:
        load_ruleset(tmp_path / name)
    assert str(caught.value) == f"there is no such file\n --> {tmp_path}/{name}\n  = fix: {fix}"


def test_a_text_that_ends_like_a_path_is_a_path() -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset("nowhere/rules.yaml")
    assert str(caught.value) == (
        "there is no such file\n --> nowhere/rules.yaml\n  = fix: there is no folder nowhere either"
    )


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(tmp_path)
    assert str(caught.value) == f"the ruleset cannot be read: is a directory\n --> {tmp_path}"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"version: 1\nkey: caf\xe9\n")
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    assert str(caught.value) == (
        f"line 2 of the document is not UTF-8 text\n --> {path}\n  = fix: save it again as UTF-8"
    )


def test_a_document_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    with path.open("wb") as file:
        file.truncate(load_module.SIZE_LIMIT + 2**20)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    assert str(caught.value) == (
        "the document has 65 MiB, and 64 MiB is the limit\n"
        f" --> {path}\n"
        "  = fix: keep long lists in files of their own: `lists: {name: {file: …}}`"
    )


@pytest.mark.parametrize("document", ["[" * 100_000, "- " * 100_000, '{"a":' * 100_000, "{a: " * 100_000, "? " * 9_999])
def test_a_tower_of_brackets_is_an_error_and_not_a_crash(document: str) -> None:
    with pytest.raises(RulesetError, match="the document nests deeper than 32 levels"):
        load_ruleset(document)


def test_values_that_contain_themselves_are_refused() -> None:
    values: dict[str, object] = {"version": 1, "language": "cel/1"}
    values["segments"] = values
    with pytest.raises(RulesetError, match="the document nests deeper than 32 levels"):
        load_ruleset(values)


def test_aliases_are_refused_before_they_multiply() -> None:
    laughs = "a: &a [lol, lol]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(RulesetError) as caught:
        load_ruleset(laughs)
    assert len([one for one in caught.value.problems if "an alias" in one.message]) == 16


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (object(), "this value is neither text, number, list nor mapping\n --> segments.vip"),
        (3, "a rule is a condition, and `3` is a number\n --> segments.vip\n  = fix: compare it: `ltv > 500`"),
        (
            None,
            "an empty condition would match everybody\n"
            " --> segments\n"
            "  = fix: write the condition, or remove the segment",
        ),
        ("\ud800", "this text has half of a surrogate pair\n --> segments.vip"),
    ],
)
def test_values_that_are_no_rules_are_refused(value: object, said: str) -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset({"version": 1, "language": "cel/1", "segments": {"vip": value}})
    assert str(caught.value) == said


def test_a_boolean_key_is_what_an_old_reader_made_of_a_word() -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset({"version": 1, "language": "cel/1", "segments": {False: 'country == "NO"'}})
    assert str(caught.value) == (
        "many YAML readers take the name `false` for a Boolean unless it stands in quotes\n"
        " --> segments\n"
        '  = fix: write `"false":`'
    )


def test_both_yaml_readers_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in C is not everywhere."""
    from fasttwitch.ruleset import yaml_document

    document = DOCUMENT.replace("  suppressed: {file: lists/suppressed.csv}\n", "")
    with_c: Ruleset = load_ruleset(document)
    monkeypatch.setattr(yaml_document, "_LOADER", yaml.SafeLoader)
    without = load_ruleset(document)
    assert with_c.segments == without.segments
    assert [one.place for one in with_c.segments.values()] == [one.place for one in without.segments.values()]


def test_after_a_tab_the_rest_of_the_line_is_read() -> None:
    """The line is then quoted with spaces in the tab's place, so that its caret stands right."""
    with pytest.raises(RulesetError) as caught:
        load_ruleset("version: 1\nlanguage: cel/1\nsegments:\n\tvip: !ltv\n")
    assert str(caught.value) == (
        "a tab indents this line, which YAML does not allow\n"
        " --> ruleset:4:1\n"
        "4 | \tvip: !ltv\n"
        "  | ^\n"
        "  = fix: indent with spaces\n"
        "\n"
        "YAML takes `!` at the start of a value for a tag\n"
        " --> ruleset:4:8\n"
        "4 |   vip: !ltv\n"
        "  |        ^\n"
        "  = fix: write `|` after the colon and the rule on the next line, indented\n"
        "\n"
        "2 problems"
    )
