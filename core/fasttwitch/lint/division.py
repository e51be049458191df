"""Whole numbers divided by whole numbers: the fraction is dropped."""

from collections.abc import Iterator

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.logic.datatypes import INT, UINT
from fasttwitch.logic.nodes import Apply, Constant, Expression


def divisions(subject: Subject) -> Iterator[Finding]:
    """Yield every division that drops a fraction."""
    for rule in subject.rules.values():
        for part in walk(rule.tree):
            if isinstance(part, Apply) and part.function == "/" and part.type in (INT, UINT):
                yield _finding(subject, rule, part)


def _finding(subject: Subject, rule: Rule, division: Apply) -> Finding:
    fix = " / ".join(_as_double(rule, operand) for operand in division.arguments)
    advice = f"`{fix}`"
    if not subject.accepts(rule.replaced(division.span, fix)):
        advice += ", and what stands beside it as a double too"
    message = f"`{rule.quote(division)}` drops the fraction, as `7 / 2` is 3"
    return rule.finding("integer-division", message, division, advice)


def _as_double(rule: Rule, operand: Expression) -> str:
    if isinstance(operand, Constant) and isinstance(operand.value, int) and abs(operand.value) < 2**53:
        return f"{operand.value}.0"
    return f"double({rule.words(operand)})"
