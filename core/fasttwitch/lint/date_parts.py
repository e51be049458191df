"""Months, days of the month, of the week and of the year count from 0: constants that count from 1."""

from collections.abc import Iterator
from dataclasses import dataclass

from fasttwitch.lint.domains import FUNCTION_RANGES
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.logic.nodes import And, Apply, Compare, Constant, In
from fasttwitch.plan.cuts import compare_ranges
from fasttwitch.plan.value_sets import Ranges


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a date that counts from 0.

    first, last   what its least and its greatest number stand for
    """

    noun: str
    first: str
    last: str


PARTS = {
    "getMonth": Part("months", "January", "December"),
    "getDayOfMonth": Part("days of the month", "the 1st", "the 31st"),
    "getDayOfWeek": Part("days of the week", "Sunday", "Saturday"),
    "getDayOfYear": Part("days of the year", "January 1st", "December 31st of a leap year"),
}


def zero_based(subject: Subject) -> Iterator[Finding]:
    """Yield constants that no such part can be, or that bound it where nothing lies beyond."""
    for rule in subject.rules.values():
        told: set[int] = set()
        for chain in walk(rule.tree):
            if isinstance(chain, And):
                yield from _spans_from_one(rule, chain, told)
        for leaf in walk(rule.tree):
            if isinstance(leaf, Compare | In) and id(leaf) not in told and counts_from_zero(leaf):
                yield _finding(rule, leaf)


def counts_from_zero(leaf: Compare | In) -> bool:
    """Return whether a leaf compares such a part with a constant just past its greatest number."""
    call = _call(leaf)
    if call is None:
        return False
    past = FUNCTION_RANGES[call.function][1] + 1
    if isinstance(leaf, In):
        return past in leaf.constants and 0 not in leaf.constants
    assert isinstance(leaf.right, Constant)
    if leaf.right.value != past:
        return False
    true = compare_ranges(leaf.operator, leaf.right.value, call.type)
    whole = Ranges(False, False, False, (0, past))
    inside = true.intersection(whole)
    return inside.is_empty() or inside == whole


def _call(leaf: Compare | In) -> Apply | None:
    """Return the part of a date that a leaf compares with constants."""
    value = leaf.operand if isinstance(leaf, In) else leaf.left
    if not isinstance(value, Apply) or value.function not in PARTS:
        return None
    return value if isinstance(leaf, In) or isinstance(leaf.right, Constant) else None


def _spans_from_one(rule: Rule, chain: And, told: set[int]) -> Iterator[Finding]:
    """Yield `x.getMonth() >= 1 && x.getMonth() <= 12`, which leaves out January."""
    for high in chain.operands:
        if not (isinstance(high, Compare) and high.operator == "<=" and counts_from_zero(high)):
            continue
        for low in chain.operands:
            if isinstance(low, Compare) and low.left == high.left and _is_from_one(low):
                told.add(id(high))
                words = rule.words(high.left)
                last = FUNCTION_RANGES[_function(high)][1]
                part = PARTS[_function(high)]
                message = f"`{rule.quote(low)}` leaves out {part.first}: `{_function(high)}` counts {part.noun} from 0"
                yield rule.finding("zero-based", message, low, f"`{words} >= 0 && {words} <= {last}`", [high])


def _is_from_one(low: Compare) -> bool:
    return isinstance(low.right, Constant) and (low.operator, low.right.value) in ((">=", 1), (">", 0))


def _function(leaf: Compare) -> str:
    assert isinstance(leaf.left, Apply)
    return leaf.left.function


def _finding(rule: Rule, leaf: Compare | In) -> Finding:
    call = _call(leaf)
    assert call is not None
    last, part = FUNCTION_RANGES[call.function][1], PARTS[call.function]
    numbers = f"counts {part.noun} from 0, {part.first}, to {last}, {part.last}"
    words = rule.words(call)
    if isinstance(leaf, In):
        message = f"{last + 1} is never found: `{call.function}` {numbers}"
        return rule.finding("zero-based", message, leaf, _list_fix(words, call.function, leaf))
    true = compare_ranges(leaf.operator, last + 1, call.type)
    nothing = true.intersection(Ranges(False, False, False, (0, last + 1))).is_empty()
    ending = "is never true" if nothing else "is true wherever it is known"
    message = f"`{rule.quote(leaf)}` {ending}: `{call.function}` {numbers}"
    fix = f"`{words} {leaf.operator} {last}` for {part.last}"
    if call.function == "getDayOfWeek" and leaf.operator in ("==", "!="):
        fix = f"`{words} {leaf.operator} 0` for Sunday, {fix}"
    return rule.finding("zero-based", message, leaf, fix)


def _list_fix(words: str, function: str, leaf: In) -> str:
    """Return the list with the numbers that are meant; weeks that count to 7 begin on Monday, most often."""
    constants = [one for one in leaf.constants if isinstance(one, int)]
    if function == "getDayOfWeek":
        meant = sorted(one % 7 for one in constants)
        return f"`{words} in [{', '.join(map(str, meant))}]` if 7 is Sunday"
    return f"`{words} in [{', '.join(str(one - 1) for one in constants)}]`"
