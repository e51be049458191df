"""Every fix of `wrong_rules.txt`, pasted: over what the carets mark, or as the whole rule."""

import re
from collections.abc import Sequence

import pytest

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.logic.check import check
from fasttwitch.syntax import parse
from tests.core.logic.test_wrong_rules import examples
from tests.core.logic.typed_text import SCOPE

# Fixes that say what to do, or show how something is written, of other columns.
ADVICE = (
    "write it like",
    "e.g.",
    "look into it: `…",
    "`x == null` tests",
    "the first is",
    "any text is",
    "close the",
    "open the",
    "there is no look-",
    "there are",
    "`%s` prints",
    "write `%s`",
    "give one value",
    "begin a comment",
    "write `condition ? value",
    "leave it out",
    "weeks have no numbers",
    "a part of a string",
    "write `x.matches",
    "write `(a || b)",
    "write `coalesce(x, y)",
    "use one of its fields",
    "compare one of its fields",
)
PLACEHOLDERS = re.compile(r"…|\bx\b|\bat\b|\ba \+ b\b|\bbirthday\b")
LATER = "this version does not evaluate it yet"


def problems(rule: str) -> Sequence[Problem]:
    """Return what is wrong with a rule."""
    try:
        check(parse(rule), SCOPE, rule)
    except RulesetError as error:
        return error.problems
    return ()


def pasted(rule: str, problem: Problem) -> list[str]:
    """Return the rules that a fix may be meant to make."""
    assert problem.span is not None
    start, end = problem.span
    made = []
    for words in re.findall(r"`([^`]+)`", problem.fix):
        made += [words, rule[:start] + words + rule[end:]]
        if words.startswith("list("):  # the carets mark the name in a call
            made.append(re.sub(r"list\([^)]*\)", words, rule))
    return made


FIXES = [
    (rule, problem)
    for rule in dict.fromkeys(rule for rule, _ in examples())
    for problem in problems(rule)
    if "`" in problem.fix and not problem.fix.startswith(ADVICE) and not PLACEHOLDERS.search(problem.fix)
]
# Rules with a second mistake, which is told once the first one is mended.
TWO_MISTAKES = frozenset(
    """
opted_in ? age : country
opted_in ? age : ltv
-country == "a"
math.foo(age) > 3
-price > cost
age.isTrue()
toDays(age) > 3
toDays() > 3
undefined == 3
trim(country, city) == "a"
undefined -- 3
age.days() > 3
TODAY() - signup > 30
country & city == "x"
age > 18 AND country == “DE”
country == "DE" or "AT"
tags contains "vip"
tags includes "vip"
hour(last_order_at, "Berlin") == 12
DATE(2026, 1, 31) < signup
last_order_at.getFullYear(Europe) == 3
country.startsWith("a" or "b")
    """.strip().splitlines()
)


@pytest.mark.parametrize(("rule", "problem"), FIXES, ids=[f"{rule} | {one.fix}" for rule, one in FIXES])
def test_what_a_fix_makes_is_accepted(rule: str, problem: Problem) -> None:
    """What a later version evaluates is named as such."""
    before = problems(rule)
    for made in pasted(rule, problem):
        left = problems(made)
        if not left or all(LATER in one.message for one in left) or len(left) < len(before):
            return
        if rule in TWO_MISTAKES and problem.message not in [one.message for one in left]:
            return
    pytest.fail(
        f"{problem.fix} makes {[(made, [one.message for one in problems(made)]) for made in pasted(rule, problem)]}"
    )


def test_most_fixes_can_be_pasted() -> None:
    told = [problem for rule, _ in examples() for problem in problems(rule) if problem.fix]
    assert len(FIXES) > 0.6 * len(told)
