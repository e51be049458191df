"""Documents whose rules are laid out: nothing else in them changes, and nothing in them means something else."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.ruleset import load_ruleset
from fasttwitch.ruleset.rewriting import rewrite_rules
from tests.core.syntax.test_layout import texts

BEFORE = """\
# Rules of the house
version: 1   # the first
language: cel/1

segments:
  # those who buy
  plain:    ltv>5&&x == 'q'   # and why
  double: "ltv>5 && y==\\"z\\""
  single: 'ltv>5 && y=="z"'
  folded: >-
    ltv > 5
    &&  y

  # those who do not
  below_its_key:
     description: "x:   y"
     when:
        first_attribute == 1 && second_attribute == 2 && third_attribute == 3
        && fourth_attribute == 4 && fifth_attribute == 5
     tags: [x,   y]
  in_braces: {when: "ltv>5", owner:   crm}
  plain_in_braces: {when: ltv>5&&a}
  block: |+
      ltv>5

      // why
      &&a


  conditional: a ?b :c
  with_digit: |2
     ltv>5&&a
  too_long: first_attribute == 1 && second_attribute == 2 && third_attribute == 3 && fourth_attribute == 4&&sixth # last
  escaped: "a // why\\n&&b"
  escaped_in_braces: {when: "a // why\\n&&b"}
  done: |
    ltv > 5 // laid out
    && a
  folded_and_done: >
    ltv > 5
    && a
  in_parentheses: (a&&b)"""

AFTER = """\
# Rules of the house
version: 1   # the first
language: cel/1

segments:
  # those who buy
  plain:    ltv > 5 && x == "q"   # and why
  double: "ltv > 5 && y == \\"z\\""
  single: 'ltv > 5 && y == "z"'
  folded: >-
    ltv > 5 && y

  # those who do not
  below_its_key:
     description: "x:   y"
     when: |
       first_attribute == 1
       && second_attribute == 2
       && third_attribute == 3
       && fourth_attribute == 4
       && fifth_attribute == 5
     tags: [x,   y]
  in_braces: {when: "ltv > 5", owner:   crm}
  plain_in_braces: {when: ltv > 5 && a}
  block: |+
      ltv > 5
      // why
      && a


  conditional: 'a ? b : c'
  with_digit: |
    ltv > 5 && a
  too_long: | # last
    first_attribute == 1
    && second_attribute == 2
    && third_attribute == 3
    && fourth_attribute == 4
    && sixth
  escaped: |
    a // why
    && b
  escaped_in_braces: {when: "a // why\\n&& b"}
  done: |
    ltv > 5 // laid out
    && a
  folded_and_done: >
    ltv > 5
    && a
  in_parentheses: a && b"""


def rewritten(text: str, name: str = "rules.yaml") -> str:
    return rewrite_rules(text, name).text


def test_every_kind_of_scalar_keeps_its_kind_where_it_can() -> None:
    assert rewritten(BEFORE) == AFTER
    assert rewritten(AFTER) == AFTER


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_stay_what_they_are(end: str) -> None:
    assert rewritten(BEFORE.replace("\n", end)) == AFTER.replace("\n", end)


def test_changes_are_told_in_the_order_of_the_document() -> None:
    changes = rewrite_rules(BEFORE, "rules.yaml").changes
    assert [(one.segment, one.line) for one in changes][:5] == [
        ("plain", 7),
        ("double", 8),
        ("single", 9),
        ("folded", 10),
        ("below_its_key", 17),
    ]
    assert (changes[0].before, changes[0].after) == ("ltv>5&&x == 'q'", 'ltv > 5 && x == "q"')
    assert {"done", "folded_and_done"}.isdisjoint(one.segment for one in changes)


def test_rules_in_json_stay_on_one_line_unless_they_have_comments() -> None:
    long = " && ".join(f"attribute_{number}>0" for number in range(20))
    document = json.dumps({"version": 1, "segments": {"long": long, "b": {"when": "x>5 // five\n&&a", "tags": []}}})
    after = json.loads(rewritten(document, "rules.json"))
    assert after["segments"] == {"long": long.replace(">", " > "), "b": {"when": "x > 5 // five\n&& a", "tags": []}}
    assert rewritten(document.replace("x>5 // five\\n&&a", "x > 5 // five\\n&& a").replace(">0", " > 0")) == (
        document.replace("x>5 // five\\n&&a", "x > 5 // five\\n&& a").replace(">0", " > 0")
    )


def test_a_comment_between_key_and_rule_stays() -> None:
    document = "version: 1\nsegments:\n  a: # why\n    x>1&&y\n    && z // now\n"
    assert rewritten(document) == "version: 1\nsegments:\n  a: # why\n    x > 1 && y && z // now\n"
    long = "version: 1\nsegments:\n  a: # why\n    " + " && ".join(f"attribute_{n} > 1" for n in range(9)) + "\n"
    assert rewritten(long).startswith(
        "version: 1\nsegments:\n  a: # why\n    |\n    attribute_0 > 1\n    && attribute_1"
    )
    assert rewritten(rewritten(long)) == rewritten(long)


STYLES = ("plain", "single", "double", "block", "block_of_3", "folded", "braces", "key_above")


def written(rule: str, style: str) -> str:
    """Return an entry of a document that holds a rule in a style, or in quotes where that cannot hold it."""
    quoted: str = yaml.dump(rule, default_style='"', width=2**20).rstrip("\n")
    lines = rule.split("\n")
    simple = rule.isprintable() and rule == rule.strip()
    blocky = all(line.isprintable() for line in lines) and lines[0].strip() == lines[0] != ""
    match style:
        case "plain" if simple and yaml.dump(rule, width=2**20) == f"{rule}\n":
            return rule
        case "single" if simple:
            return "'" + rule.replace("'", "''") + "'"
        case "block" if blocky:
            return "| # here\n" + "\n".join(f"    {line}" for line in lines)
        case "block_of_3" if blocky:
            return "|3-\n" + "\n".join(f"     {line}" for line in lines)
        case "braces":
            return f"{{owner: me,  when: {quoted} , tags: [] }}"
        case "key_above":
            return f"\n      {quoted}  # below"
        case _:
            return quoted


@given(rules=st.lists(st.tuples(texts(), st.sampled_from(STYLES)), min_size=1, max_size=3))
def test_a_rewritten_document_means_the_same_and_is_laid_out_already(rules: list[tuple[str, str]]) -> None:
    entries = [f"  s{number}: {written(rule, style)}\n  # next\n" for number, (rule, style) in enumerate(rules)]
    document = f"version: 1\nlanguage: cel/1\nsegments:\n{''.join(entries)}key:   id\n"
    before = load_ruleset(document)
    after = rewritten(document)
    assert load_ruleset(after).digest == before.digest
    assert rewritten(after) == after
    assert after.count("  # next\n") == len(rules)
    assert after.endswith("key:   id\n")


@given(rule=texts())
def test_a_rewritten_json_document_means_the_same_and_is_laid_out_already(rule: str) -> None:
    document = json.dumps({"version": 1, "language": "cel/1", "segments": {"a": rule, "b": {"when": rule}}}, indent=1)
    after = rewritten(document, "rules.json")
    assert load_ruleset(after).digest == load_ruleset(document).digest
    assert rewritten(after, "rules.json") == after


LONG = " && ".join(f"attribute_{number}>1" for number in range(9))
HEAD = "version: 1\nlanguage: cel/1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '  a: {description: "😀é", when: x=="😀"&&y} # 😀\n',
            '  a: {description: "😀é", when: x == "😀" && y} # 😀\n',
        ),
        ("  ? a\n  : x>5&&b\n", "  ? a\n  : x > 5 && b\n"),
        (f"  ? a\n  : {LONG}\n", f"  ? a\n  : {LONG.replace('>', ' > ')}\n"),
        ('  a: {"when":\n    x>1&&\n     y, tags: [a]}\n', '  a: {"when":\n    x > 1 && y, tags: [a]}\n'),
        ("  a:\n    when:    |4\n        x>1\n    owner: b\n", "  a:\n    when:    |\n        x > 1\n    owner: b\n"),
        ("  a: |\n\n\n    x>1   \n\n    &&y  \n\n\nkey: id\n", "  a: |\n    x > 1 && y\n\n\nkey: id\n"),
        ("  a: >+2\n    x>1\n\n    && y\n\nkey: id", "  a: >+\n    x > 1 && y\n\nkey: id"),
        ("  a: 'x>1\n\n     &&   y' # k\n", "  a: 'x > 1 && y' # k\n"),
        ('  a: "x>1 \\\n     && y"\n', '  a: "x > 1 && y"\n'),
        ('  a: {when: "x>1 // \\u200bz\\n && y"}\n', '  a: {when: "x > 1 // \\u200bz\\n&& y"}\n'),
        ("  a: x>'it'\n", '  a: x > "it"\n'),
    ],
)
def test_odd_documents(before: str, after: str) -> None:
    assert rewritten(f"{HEAD}segments:\n{before}") == f"{HEAD}segments:\n{after}"
    assert rewritten(f"{HEAD}segments:\n{after}") == f"{HEAD}segments:\n{after}"
