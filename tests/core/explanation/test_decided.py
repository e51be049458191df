"""Which conditions decided, as people see it: whole texts."""

from datetime import UTC, datetime

import pyarrow as pa

import fasttwitch as ft
from fasttwitch.explanation.annotation import annotated

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    {
        "a": pa.bool_(),
        "b": pa.bool_(),
        "c": pa.bool_(),
        "ltv": pa.float64(),
        "tier": pa.string(),
        "country": pa.string(),
        "last_order_at": pa.timestamp("us", "UTC"),
    }
)


def explain(profile: dict[str, object], **rules: str) -> ft.Explanation:
    """Return why the last of some rules is what it is."""
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": rules})
    return ft.compile(ruleset, SCHEMA).explain(profile, list(rules)[-1], NOW)


def marks(rule: str, width: int = 76, **profile: object) -> list[str]:
    """Return a rule with its marks."""
    return [line.text for line in annotated(explain(profile, s=rule).rule, width)]


def test_a_false_operand_decides_an_and_and_a_true_one_an_or() -> None:
    assert marks("a && b && c", a=True, b=False, c=None) == ["a && b && c", "·    ^    ·", "true F    unknown"]
    assert marks("a || b || c", a=False, b=True, c=None) == ["a || b || c", "·    ^    ·", "F    true unknown"]


def test_all_operands_decide_a_true_and_and_a_false_or() -> None:
    assert marks("a && b", a=True, b=True) == ["a && b", "^    ^", "true true"]
    assert marks("a || b", a=False, b=False) == ["a || b", "^    ^", "F    false"]


def test_unknown_comes_from_what_is_unknown() -> None:
    assert marks("a && b && c", a=True) == ["a && b && c", "·    ^    ^", "true U    unknown"]
    assert marks("a || b || c", a=False, c=False) == ["a || b || c", "·    ^    ·", "F    U    false"]


def test_negation_turns_nothing_around_about_who_decides() -> None:
    """De Morgan: `!(a && b)` is false for the same reasons for which `!a || !b` is."""
    for a in (True, False, None):
        for b in (True, False, None):
            one, other = marks("!(a && b)", a=a, b=b)[1], marks("!a || !b", a=a, b=b)[1]
            assert (one[2], one[7]) == (other[1], other[7])


def test_a_choice_is_decided_by_its_condition_and_the_branch_it_took() -> None:
    text = "a ? b : c"
    assert marks(text, a=True, b=False, c=False) == [text, "^   ^   ·", "T   F   false"]
    assert marks(text, a=False, b=False, c=False) == [text, "^   ·   ^", "F   F   false"]
    assert marks(text, b=False, c=False) == [text, "^   ·   ·", "U   F   false"]


def test_where_an_answer_has_no_room_its_first_letter_stands_for_it() -> None:
    assert marks("a && b && !c", a=True, c=True) == ["a && b && !c", "·    ·    ^^", "true U    false"]


def test_a_negated_condition_is_told_as_a_whole() -> None:
    """Under `b` alone, "false" would stand in an `&&` that is false for another reason."""
    assert marks("a && !b && c", a=True, b=False, c=False) == [
        "a && !b && c",
        "·    ··    ^",
        "true true  false",
    ]
    found = explain({"ltv": 90.0, "tier": "x"}, loyal="ltv > 100", s='!segment("loyal") && !(tier == "gold" || a)')
    assert [line.text for line in annotated(found.rule, 76)] == [
        '!segment("loyal") && !(tier == "gold" || a)',
        "·················      ··············    ^",
        "true                   false             unknown",
    ]


def test_a_long_rule_is_folded_where_it_did_not_decide() -> None:
    """Sixty conditions would be 180 lines, of which three say why."""
    high = " && ".join(f"ltv > {bound}" for bound in range(30))
    names = " && ".join(f'!(tier == "name {one}")' for one in range(28))
    assert marks(f'{high} && tier == "gold" && {names} && (a || b)', ltv=90.0, tier="x", a=True) == [
        "… 30 more are true",
        '&& tier == "gold"',
        "   ^^^^^^^^^^^^^^",
        "   false",
        "… 30 more did not decide",
    ]
    assert marks(f'{high} && (tier == "gold" && c || {names}) && c', ltv=90.0, tier="x", c=False)[-3:] == [
        "&& c",
        "   ^",
        "   false",
    ]


def test_a_rule_of_twelve_conditions_is_told_in_full() -> None:
    told = marks(" && ".join(f"ltv > {bound}" for bound in range(88, 100)), width=40, ltv=90.0)
    assert len(told) == 36
    assert "…" not in "".join(told)


def test_a_narrow_explanation_marks_each_line_of_the_rule() -> None:
    rule = 'ltv > 100 && (tier in ["gold", "platinum"] || country == "DE")'
    assert marks(rule, width=20, ltv=200.0, tier="silver", country="AT") == [
        "ltv > 100",
        "·········",
        "true",
        "&& (",
        "  tier in [",
        '    "gold",',
        '    "platinum"',
        "  ]",
        "  ^",
        "  false",
        '  || country == "DE"',
        "     ^^^^^^^^^^^^^^^",
        "     false",
        ")",
    ]


def test_the_middle_of_a_long_list_is_left_out() -> None:
    names = ", ".join(f'"name {number}"' for number in range(100))
    assert marks(f"a && tier in [{names}]", width=30, a=True, tier="x") == [
        "a",
        "·",
        "true",
        "&& tier in [",
        '  "name 0", "name 1",',
        '  "name 2", "name 3",',
        '  "name 4", "name 5",',
        "  … 45 lines …",
        '  "name 96", "name 97",',
        '  "name 98", "name 99"',
        "]",
        "^",
        "false",
    ]


def test_a_whole_explanation_follows_what_decided_into_segments() -> None:
    found = explain(
        {"ltv": 90.0, "tier": "silver", "last_order_at": datetime(2026, 1, 1, 12, tzinfo=UTC)},
        high="ltv > 100",
        reach='a && country != "US" // where we may write',
        active='now - last_order_at < days(90) && segment("high")',
        asked='(segment("active") || tier == "gold") && segment("reach")',
    )
    assert str(found) == (
        "asked is false at 2026-02-01 00:00:00Z\n"
        "\n"
        '    (segment("active") || tier == "gold") && segment("reach")\n'
        "     ^^^^^^^^^^^^^^^^^    ^^^^^^^^^^^^^^     ················\n"
        "     false                false              unknown\n"
        "\n"
        "  active is false\n"
        "\n"
        '    now - last_order_at < days(90) && segment("high")\n'
        "    ······························    ^^^^^^^^^^^^^^^\n"
        "    true                              false\n"
        "\n"
        "  high is false\n"
        "\n"
        "    ltv > 100\n"
        "    ^^^^^^^^^\n"
        "    false\n"
        "\n"
        '  ^ tier           "silver"\n'
        '  · last_order_at  "2026-01-01T12:00:00Z", 30 days 12 hours ago\n'
        "  · a              null\n"
        "  · country        null\n"
        "  ^ ltv            90.0\n"
        "\n"
        "  asked would be true with 3 other values\n"
        "\n"
        "    a        null  →  true\n"
        '    country  null  →  "other", or any but "US"\n'
        "    ltv      90.0  →  100.01\n"
        "\n"
        "  checked: the changed customer was run; no fewer changes would do"
    )
    assert found.missing == ("a", "country")
    assert [one.text for one in found.decided_by] == [
        'segment("active")',
        'tier == "gold"',
        'segment("high")',
        "ltv > 100",
    ]
    assert [(one.attribute, one.words) for one in found.deciding_values] == [("tier", '"silver"'), ("ltv", "90.0")]


def test_a_segment_that_is_asked_twice_is_told_once() -> None:
    found = explain({"a": False}, x="a", s='segment("x") && (b || segment("x"))')
    assert [rule.segment for rule in found.rules] == ["s", "x"]
    assert str(found).count("x is false") == 1


def test_missing_are_the_attributes_on_which_something_unknown_depends() -> None:
    """`b` is missing, and nothing is unknown because of that."""
    found = explain({"a": None, "tier": "x"}, s='a && (tier == "x" || b) && (c == null || ltv > 5)')
    assert (found.answer, found.missing) == ("unknown", ("a", "b", "ltv"))
    assert explain({}, s="isTrue(b) || c == null").missing == ("b",)


def test_who_is_in_already_needs_no_fix() -> None:
    found = explain({"a": True}, s="a || b")
    assert (found.answer, found.fix, found.to_dict()["fix"]) == ("true", None, None)
    assert str(found).endswith("\n  ^ a  true\n  · b  null")
