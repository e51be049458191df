"""Tests of strings, seen as sets of what they compare: `size(s) > 5` and `size(s) < 3` speak of one number.

The plan judges each test of a string on its own, once for each distinct string: there a test is an answer and no more.
A review wants to know that two tests exclude each other, so a comparison of a computed value with a constant becomes a
set of values again, and a column that can only be one of a few words is put to the tests that read it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from fasttwitch.lint.domains import null_only
from fasttwitch.logic.datatypes import DATE, DECIMAL, DOUBLE, DURATION, INT, SEMVER, STRING, TIMESTAMP, UINT
from fasttwitch.logic.evaluation import constant_value
from fasttwitch.logic.nodes import Apply, Attribute, Compare, Constant, Expression, In, ListOf, Value
from fasttwitch.plan.cuts import compare_ranges, membership_ranges
from fasttwitch.plan.reads import attributes_of, fine_print, only_text
from fasttwitch.plan.sources import ColumnTest, Derived, Path, Source, TextTest
from fasttwitch.plan.value_sets import FALSE_BIT, TRUE_BIT, UNKNOWN_BIT, Cut, Names, Ranges, Truths, ValueSet, intersect

MOST_CONSTANTS = 1_000
NUMBERS = (INT, UINT, DOUBLE, DECIMAL, TIMESTAMP, DATE, DURATION)
BELOW = {"<": True, "<=": True, ">": False, ">=": False, "==": False, "!=": True}


@dataclass(frozen=True, slots=True)
class Judged:
    """A source of a review alone: a string or a version that is computed from columns.

    ordered  whether it is compared by order; else by equality alone
    """

    expression: Expression
    ordered: bool
    fine_print: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer says about a value: the values of `source` for which the answer is true, and false."""

    source: Source | Judged
    true: ValueSet
    false: ValueSet

    def values(self, answers: Truths) -> ValueSet:
        """Return the values for which the answer is one of these."""
        null = null_only(self.true)
        outside = intersect(null, null.complement()).complement()
        for bit, values in ((TRUE_BIT, self.true), (FALSE_BIT, self.false), (UNKNOWN_BIT, null)):
            if answers.bits & bit:
                outside = intersect(outside, values.complement())
        return outside.complement()


def meaning(source: Source | Judged) -> Meaning | None:
    """Return what a test of strings says about the value that it compares; None where it compares none."""
    if not isinstance(source, TextTest | ColumnTest):
        return None
    match source.test:
        case Compare(operator, left, Constant(bound)):
            return _compared(left, operator, bound)
        case In(operand, constants) if 0 < len(constants) <= MOST_CONSTANTS:
            return _listed(operand, constants)
    return None


def judge(source: Source | Judged) -> tuple[Path, Callable[[str], Value | None]] | None:
    """Return the one string column that a source reads, and what the source is for a string; None if it reads more."""
    match source:
        case TextTest(test=expression) | Judged(expression) | Derived(expression):
            if only_text(expression) and _is_plain(expression):
                path = next(attributes_of(expression)).path
                return path, lambda word: constant_value(_with_word(expression, word))
    return None


def sampled(value: Value | None) -> tuple[str, object]:
    """Return a value in the form in which samples have it."""
    if value is None:
        return ("null", None)
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, float) and math.isnan(value):
        return ("nan", None)
    return ("at", value)


def holds(values: ValueSet, value: Value | None) -> bool:
    """Return whether a computed value belongs to a set."""
    from fasttwitch.lint.samples import contains

    kind, detail = sampled(value)
    if isinstance(values, Names) and kind == "at":
        return contains(values, ("name", detail))
    if kind == "at" and isinstance(detail, float | Decimal | str | tuple):
        detail = (detail + 0.0, 0) if isinstance(detail, float) else (detail, 0)
    return contains(values, (kind, detail))


def _compared(left: Expression, operator: str, bound: Value) -> Meaning | None:
    kind = left.type
    if kind in NUMBERS:
        true: ValueSet = compare_ranges(operator, bound, kind)
        return _numbers(left, true)
    if kind is STRING and operator in ("==", "!="):
        return _words(left, frozenset((str(bound),)), operator == "==")
    if kind is STRING or kind is SEMVER:
        low, high = _cut(bound, 0), _cut(bound, 1)
        cuts = {"<": (low,), ">=": (low,), "<=": (high,), ">": (high,)}.get(operator, (low, high))
        return _ordered(left, Ranges(False, False, BELOW[operator], cuts))
    return None


def _listed(operand: Expression, constants: tuple[Value, ...]) -> Meaning | None:
    if operand.type in NUMBERS:
        return _numbers(operand, membership_ranges(constants, operand.type))
    if operand.type is STRING:
        return _words(operand, frozenset(map(str, constants)), True)
    return None


def _numbers(value: Expression, true: ValueSet) -> Meaning:
    assert isinstance(true, Ranges)
    return Meaning(Derived(value, value.type, fine_print(value)), true, _rest(true))


def _ordered(value: Expression, true: Ranges) -> Meaning:
    return Meaning(Judged(value, True, fine_print(value)), true, _rest(true))


def _words(value: Expression, words: frozenset[str], equal: bool) -> Meaning:
    same, rest = Names(words, False, False), Names(words, True, False)
    return Meaning(Judged(value, False, fine_print(value)), *((same, rest) if equal else (rest, same)))


def _rest(true: Ranges) -> Ranges:
    """Return the known values outside `true`."""
    return Ranges(False, true.has_nan and not true.nan, not true.below, true.cuts, true.has_nan)


def _cut(bound: Value, side: int) -> Cut:
    return bound, side  # type: ignore[return-value]  # cuts of strings and versions are known here only


def _is_plain(value: Expression) -> bool:
    match value:
        case Apply(_, inner) | ListOf(inner):
            return all(map(_is_plain, inner))
        case Compare(_, left, right):
            return _is_plain(left) and _is_plain(right)
        case In(operand):
            return _is_plain(operand)
    return isinstance(value, Constant | Attribute)


def _with_word(value: Expression, word: str) -> Expression:
    match value:
        case Attribute():
            return Constant(word, STRING, value.span)
        case Apply(_, inner):
            return replace(value, arguments=tuple(_with_word(one, word) for one in inner))
        case ListOf(inner):
            return replace(value, items=tuple(_with_word(one, word) for one in inner))
        case Compare(_, left, right):
            return replace(value, left=_with_word(left, word), right=_with_word(right, word))
        case In(operand):
            return replace(value, operand=_with_word(operand, word))
    return value
