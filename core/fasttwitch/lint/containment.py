"""Segments that lie inside others, and segments that are equal: proved, not counted.

Pairs that made-up customers do not tell apart are proved one by one, as long as the steps last; a pair that would cost
more goes without a finding.
"""

from collections.abc import Iterator
from contextlib import suppress

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.prover import GaveUpError
from fasttwitch.lint.samples import Samples
from fasttwitch.lint.subject import Rule, Subject
from fasttwitch.logic.nodes import And, Constant, Expression, Or, Segment
from fasttwitch.plan.lowering import NOT_TRUE, TRUE
from fasttwitch.plan.value_sets import ValueSet

STEPS_A_PAIR = 2_000
STEPS_IN_ALL = 250_000  # two to three seconds
SAMPLES_EACH = 2
MOST_NAMES = 3  # of segments around one
MOST_WORDS = 160  # of a rule that is repeated inside a fix


def contained(subject: Subject) -> Iterator[Finding]:
    """Yield equal segments, then segments inside others that do not say so."""
    rules = _worth_comparing(subject)
    search = _Search(subject, rules)
    leaders: dict[str, str] = {}
    for name in rules:
        equal = next((other for other in dict.fromkeys(leaders.values()) if search.are_equal(name, other)), None)
        leaders[name] = equal or name
        if equal is not None:
            yield _equal(subject.rules[name], equal)
    yield from _inside(subject, search, [name for name in rules if leaders[name] == name])


def _inside(subject: Subject, search: "_Search", names: list[str]) -> Iterator[Finding]:
    outer: dict[str, list[str]] = {}
    for name in names:
        outer[name] = [other for other in names if other != name and search.is_inside(name, other)]
    for name, others in outer.items():
        nearest = [
            other
            for other in others
            if not any(other in outer[third] for third in others if third != other)
            and not _says_so(subject, name, other)
        ]
        if nearest:
            yield _contained(subject, subject.rules[name], nearest)


def _worth_comparing(subject: Subject) -> list[str]:
    """Return the segments that have customers and are not everybody."""
    found = []
    for name in subject.ruleset.segments:
        rule = subject.rules[name]
        lowering, prover = subject.lowering, subject.prover
        if isinstance(rule.tree, Constant) or not prover.is_possible(lowering.segment(name, TRUE)):
            continue
        if prover.is_possible(lowering.segment(name, NOT_TRUE)):
            found.append(name)
    return found


class _Search:
    """Proofs about pairs of segments, within one budget."""

    def __init__(self, subject: Subject, names: list[str]) -> None:
        self._prover = subject.prover
        self._true = {name: subject.lowering.segment(name, TRUE) for name in names}
        self._not_true = {name: subject.lowering.segment(name, NOT_TRUE) for name in names}
        boxes: list[dict[int, ValueSet]] = [{}]
        for name in names:
            for node in (self._true[name], self._not_true[name]):
                with suppress(GaveUpError):
                    boxes += [self._prover.witness((node,)) or {}] * SAMPLES_EACH
        samples = Samples(subject.lowering.graph, boxes)
        self._masks = {name: samples.mask(node) for name, node in self._true.items()}
        self._limit = self._prover.spent + STEPS_IN_ALL

    def is_inside(self, inner: str, outer: str) -> bool:
        """Return whether every customer of one segment is proved to be in the other."""
        if self._true[inner] == self._true[outer]:
            return True
        if self._masks[inner] & ~self._masks[outer] or self._prover.spent >= self._limit:
            return False
        return not self._prover.is_possible(self._true[inner], self._not_true[outer], steps=STEPS_A_PAIR)

    def are_equal(self, one: str, other: str) -> bool:
        """Return whether two segments are proved to have the same customers."""
        return self._masks[one] == self._masks[other] and self.is_inside(one, other) and self.is_inside(other, one)


def _says_so(subject: Subject, inner: str, outer: str) -> bool:
    """Return whether a rule names the other segment such that anybody sees that one lies inside the other."""
    return outer in _required(subject, inner, And, set()) or inner in _required(subject, outer, Or, set())


def _required(subject: Subject, name: str, family: type[And] | type[Or], seen: set[str]) -> set[str]:
    """Return the segments that a rule joins by `&&` (or `||`) on its top level, and those that they join so."""
    ahead: list[Expression] = [subject.rules[name].tree]
    while ahead:
        tree = ahead.pop()
        if isinstance(tree, family):
            ahead += tree.operands
        elif isinstance(tree, Segment) and tree.name not in seen:
            seen.add(tree.name)
            ahead.append(subject.rules[tree.name].tree)
    return seen


def _equal(rule: Rule, other: str) -> Finding:
    message = f"segments `{other}` and `{rule.name}` have the same customers"
    return rule.finding("equal-segments", message, rule.tree, f'`segment("{other}")`')


def _contained(subject: Subject, rule: Rule, outer: list[str]) -> Finding:
    """Return one finding for a segment and all that it lies in: the nearest, not those around them."""
    shown = [f"`{name}`" for name in outer[:MOST_NAMES]]
    if len(outer) > MOST_NAMES:
        shown.append(f"{len(outer) - MOST_NAMES} more")
    inside = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    message = f"every customer of `{rule.name}` is in {inside}"
    words = " && ".join([f'segment("{outer[0]}")', *_remaining(subject, rule, outer[0])])
    fix = f"say so: `{words}`" if len(words) <= MOST_WORDS else f'say so: `segment("{outer[0]}") && …`'
    return rule.finding("contained-segment", message, rule.tree, fix)


def _remaining(subject: Subject, rule: Rule, other: str) -> list[str]:
    """Return the conditions of a rule that the other segment does not make superfluous."""
    operands = rule.tree.operands if isinstance(rule.tree, And) else (rule.tree,)
    outer = subject.lowering.segment(other, TRUE)
    return [
        rule.grouped(one)
        for one in operands
        if subject.prover.is_possible(outer, subject.lowering.node(one, NOT_TRUE), steps=STEPS_A_PAIR)
    ]
