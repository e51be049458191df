"""What authors of wrong rules are told: every rule of `wrong_rules.txt` with its whole message."""

import re
from pathlib import Path

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.logic.check import check
from fasttwitch.syntax import nodes as syntax
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE


def examples() -> list[tuple[str, str]]:
    """Return (rule, message) of every block of the table."""
    text = (Path(__file__).parent / "wrong_rules.txt").read_text(encoding="utf-8")
    text = re.sub(r"\n## .*\n", "\n", text)
    blocks = text.split("\n── ")[1:]
    return [(rule, message.strip("\n")) for rule, _, message in (block.partition("\n") for block in blocks)]


@pytest.mark.parametrize(("rule", "message"), examples(), ids=[rule for rule, _ in examples()])
def test_a_wrong_rule_is_told(rule: str, message: str) -> None:
    with pytest.raises(RulesetError) as caught:
        check(parse(rule), SCOPE, rule)
    assert str(caught.value) == message


@pytest.mark.parametrize("rule", [rule for rule, _ in examples()])
def test_every_problem_lies_inside_its_rule(rule: str) -> None:
    with pytest.raises(RulesetError) as caught:
        check(parse(rule), SCOPE, rule)
    for problem in caught.value.problems:
        assert problem.span is not None
        start, end = problem.span
        assert 0 <= start < end <= len(rule)


def test_the_table_is_read_whole() -> None:
    assert len(examples()) >= 250


def test_a_list_of_too_many_constants_is_refused_whole() -> None:
    items = tuple(syntax.Constant("int", number, (0, 1), str(number)) for number in range(100_001))
    tree = syntax.Binary("in", syntax.Name("age", (0, 1)), syntax.ListOf(items, (0, 1)), (0, 1), (0, 1))
    with pytest.raises(RulesetError) as caught:
        check(tree, SCOPE)
    (problem,) = caught.value.problems
    assert problem.message == "a list in a rule holds at most 100,000 constants"
    assert problem.fix == 'put them into a named list: `x in list("name")`'


@pytest.mark.parametrize(
    "level", ["([1] == {})", "{}.foo()", "max({}, 1)", "{}.days()", "concat({}, city)", "{}.before(now)"]
)
def test_deep_mistakes_are_read_once(level: str) -> None:
    """Were each level read twice, forty of them would take a century."""
    rule = "tags"
    for _ in range(40):
        rule = level.format(rule)
    with pytest.raises(RulesetError):
        check(parse(rule), SCOPE, rule)
