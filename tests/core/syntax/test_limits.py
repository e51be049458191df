"""How large a rule may be, to the last one that is allowed."""

import sys
from collections.abc import Callable

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import Expression, ListOf, Logical, Member, Name, limits, parse, print_expression

# Each makes a text whose tree has as many levels as it is told, or whose brackets are nested as deep.
DEEP: dict[str, Callable[[int], str]] = {
    "parentheses": lambda depth: "(" * depth + "a" + ")" * depth,
    "lists": lambda depth: "[" * depth + "]" * depth,
    "calls": lambda depth: "f(" * (depth - 1) + "a" + ")" * (depth - 1),
    "signs": lambda depth: "!" * (depth - 1) + "a",
    "negations": lambda depth: "!(" * (depth - 1) + "a" + ")" * (depth - 1),
    "fields": lambda depth: "a" + ".b" * (depth - 1),
    "indices": lambda depth: "a" + "[b]" * (depth - 1),
    "receivers": lambda depth: "a" + ".f()" * (depth - 1),
    "sums to the left": lambda depth: "a" + " + a" * (depth - 1),
    "sums to the right": lambda depth: "a + (" * (depth - 1) + "a" + ")" * (depth - 1),
    "conditionals": lambda depth: "a ? b : " * (depth - 1) + "a",
    "maps": lambda depth: "{1: " * (depth - 1) + "a" + "}" * (depth - 1),
    "messages": lambda depth: "T{x: " * (depth - 1) + "a" + "}" * (depth - 1),
}


def problem_of(text: str) -> str:
    """Return the message of a text that must not parse."""
    with pytest.raises(RulesetError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert problem.fix
    return problem.message


@pytest.mark.parametrize("shape", DEEP)
def test_a_hundred_levels_are_allowed_and_one_more_is_not(shape: str) -> None:
    text = DEEP[shape](100)
    tree = parse(text)
    assert parse(print_expression(tree)) == tree
    assert problem_of(DEEP[shape](101)) == "the rule is nested more than 100 levels deep here"


@pytest.mark.parametrize("shape", DEEP)
def test_no_depth_is_too_much_for_a_clear_answer(shape: str) -> None:
    assert problem_of(DEEP[shape](100_000)) in (
        "the rule is nested more than 100 levels deep here",
        "the rule has more than 2,000 parts",
    )


def test_a_tree_of_a_hundred_levels_prints_to_a_text_that_parses() -> None:
    """Parentheses that printing needs are never more than the levels of the tree."""
    tree: Expression = Name("a", (0, 0))
    for level in range(99):
        tree = Logical("&&" if level % 2 else "||", (tree, Name("b", (0, 0))), (0, 0))
    assert parse(print_expression(tree)) == tree


def test_the_deepest_text_needs_few_frames_of_the_stack() -> None:
    """A web server's own frames and a parser's must fit into Python's limit of 1,000 together."""

    def headroom(frames: int) -> Expression:
        limit = sys.getrecursionlimit()
        depth = 0
        frame = sys._getframe()
        while frame.f_back is not None:
            frame, depth = frame.f_back, depth + 1
        sys.setrecursionlimit(depth + frames)
        try:
            return parse("-(" * 49 + "(" * 50 + "1 + f(a)" + ")" * 99)
        finally:
            sys.setrecursionlimit(limit)

    assert headroom(500)


def test_a_chain_is_one_level_however_long() -> None:
    tree = parse(" && ".join(["a"] * 1999))
    assert isinstance(tree, Logical)
    assert len(tree.operands) == 1999
    assert problem_of(" && ".join(["a"] * 2000)) == "the rule has more than 2,000 parts"


def test_constants_of_a_list_count_neither_as_parts_nor_as_a_level() -> None:
    assert parse("!" * 98 + "(a in [1, -2, 3.5])")
    assert parse(" && ".join(["a"] * 1994) + " && a[0] in [" + '"x", ' * 5000 + "-1]")
    assert problem_of("!" * 98 + "(a in [1, b])") == "the rule is nested more than 100 levels deep here"


def test_a_list_has_at_most_100_000_constants() -> None:
    tree = parse("[" + "1, " * 99_999 + "-1]")
    assert isinstance(tree, ListOf)
    assert len(tree.items) == 100_000
    for constant in ("1", "-1", '"x"'):
        assert problem_of(f"[{', '.join([constant] * 100_001)}]") == "this list has more than 100,000 values"


def test_a_list_far_too_long_is_not_read_to_its_end() -> None:
    assert problem_of(f"x in [{'7,' * 100_600}") == "this list has more than 100,000 values"


def test_a_text_has_at_most_four_mebibytes() -> None:
    """Bytes and not characters: a limit has to hold where the text is stored, too."""
    text = "a // " + "x" * (limits.MAXIMUM_BYTES - 6)
    assert parse(text + "x")
    assert problem_of(text + "é") == "the rule's text has 4,194,305 bytes, and at most 4,194,304 are allowed"


def test_a_tree_from_elsewhere_is_measured_without_recursion() -> None:
    tree: Expression = Name("a", (0, 0))
    for _ in range(50_000):
        tree = Member(tree, "b", (0, 0))
    problem = limits.excess(tree)
    assert problem is not None
    assert problem.message == "the rule is nested more than 100 levels deep here"
