"""Segments are put in an order in which each comes after those it names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.ruleset import SegmentDefinition, dependency_order, parse_rule


def segments(**rules: str) -> dict[str, SegmentDefinition]:
    return {name: SegmentDefinition(name, when, parse_rule(when)) for name, when in rules.items()}


def test_needed_segments_come_first_and_others_stay_in_place() -> None:
    given_order = segments(
        a="ltv > 1", b='segment("d") && !segment("c")', c='ltv > 2 ? segment("d") : true', d="ltv > 3", e="ltv > 4"
    )
    assert dependency_order(given_order) == ("a", "d", "c", "b", "e")


def test_unknown_segments_are_left_to_the_checker() -> None:
    assert dependency_order(segments(a='segment("nowhere")')) == ("a",)


def test_references_are_found_in_every_kind_of_expression() -> None:
    when = (
        '[1].exists(x, segment("a")) || {"k": segment("b")}.k || (segment("c") ? -1 : 2) in [1] '
        '|| f.g(segment("d"))[segment("e")].h || !segment("f") || t{x: segment("g")}.x'
    )
    found = SegmentDefinition("x", when, parse_rule(when)).references
    assert [name for name, _ in found] == list("abcdefg")
    assert [when[start:end] for _, (start, end) in found] == [f'segment("{name}")' for name in "abcdefg"]


def test_a_column_named_segment_is_no_reference() -> None:
    when = 'segment == "a" || segment.of("b") || x.segment("c")'
    assert SegmentDefinition("x", when, parse_rule(when)).references == ()


def test_a_chain_of_fifty_thousand_segments_has_an_order() -> None:
    rules = {f"s{number}": f'segment("s{number + 1}")' for number in range(50_000)} | {"s50000": "ltv > 3"}
    assert dependency_order(segments(**rules)) == tuple(f"s{number}" for number in range(50_000, -1, -1))


def test_every_circle_is_reported_once() -> None:
    circles = segments(
        a='segment("b")', b='ltv > 3 || segment("a")', c='segment("c")', d='segment("a") && segment("c")', e="ltv > 1"
    )
    with pytest.raises(RulesetError) as caught:
        dependency_order(circles)
    assert str(caught.value) == (
        "segments need each other in a circle: `a` → `b` → `a`\n"
        " --> rule:1:12\n"
        '1 | ltv > 3 || segment("a")\n'
        "  |            ^^^^^^^^^^^^\n"
        "  = fix: say in one of them what it means without the others\n"
        "\n"
        "segment `c` needs itself\n"
        " --> rule:1:1\n"
        '1 | segment("c")\n'
        "  | ^^^^^^^^^^^^\n"
        "  = fix: say in one of them what it means without the others\n"
        "\n"
        "2 problems"
    )


def test_a_long_circle_is_shortened() -> None:
    rules = {f"s{number}": f'segment("s{(number + 1) % 20}")' for number in range(20)}
    with pytest.raises(RulesetError) as caught:
        dependency_order(segments(**rules))
    assert caught.value.problems[0].message == (
        "segments need each other in a circle: `s0` → `s1` → `s2` → `s3` → … → `s18` → `s19` → `s0`"
    )


graphs = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghz"), max_size=3), max_size=8)


@given(graph=graphs)
def test_an_order_exists_exactly_where_nothing_needs_itself(graph: dict[str, list[str]]) -> None:
    rules = {
        name: " || ".join([*(f'segment("{other}")' for other in others), "ltv > 1"]) for name, others in graph.items()
    }
    try:
        order = dependency_order(segments(**rules))
    except RulesetError:
        assert any(name in _reachable(graph, name) for name in graph)
    else:
        assert sorted(order) == sorted(graph)
        for name, others in graph.items():
            assert all(order.index(other) < order.index(name) for other in others if other in graph)


def _reachable(graph: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name in graph and name not in found:
            found.add(name)
            ahead += graph[name]
    return found
