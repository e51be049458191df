"""The section `tests`: what it may say, and what is said about it."""

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.ruleset import load_ruleset

HEAD = "version: 1\nlanguage: cel/1\nsegments: {a: x > 1, b: x > 2, c: x > 3}\ntests:\n"


def test_a_test_may_have_a_name_and_expect_the_unknown() -> None:
    one, other = load_ruleset(
        HEAD + "  - {name: ' one ', profile: {x: 1}, in: [a, a], out: b, unknown: [c]}\n  - profile: {x: 2}\n"
    ).tests
    assert (one.name, one.inside, one.outside, one.unknown) == ("one", ("a",), ("b",), ("c",))
    assert (other.name, other.inside, other.outside, other.unknown, other.place.line) == ("", (), (), (), 6)
    assert (one.places["x"].line, one.places["x"].column) == (5, 34)


def test_names_and_the_unknown_count_in_the_digest() -> None:
    plain = HEAD + "  - {profile: {x: 1}, in: [a]}\n"
    digests = {
        load_ruleset(plain).digest,
        load_ruleset(plain.replace("in: [a]", "in: [a], name: one")).digest,
        load_ruleset(plain.replace("in: [a]", "in: [a], unknown: [b]")).digest,
        load_ruleset(plain.replace("in: [a]", "in: [a], unknown: [c]")).digest,
    }
    assert len(digests) == 4
    assert load_ruleset(plain.replace("in: [a]", "in: [a], unknown: []")).digest in digests


def test_a_segment_is_expected_one_way() -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(HEAD + "  - profile: {x: 1}\n    in: [a, b]\n    unknown: [c, a]\n")
    assert str(caught.value) == (
        "segment `a` is expected `in` and `unknown`\n"
        " --> ruleset:7:14\n"
        "7 |     unknown: [c, a]\n"
        "  |              ^\n"
        "  = fix: keep one of the two"
    )
