"""Constants that a function's result cannot be: capitals after `lowerAscii()`, blanks at the ends after `trim()`."""

from collections.abc import Callable, Iterator, Mapping

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import LONGEST_QUOTE, Rule, Subject, walk
from fasttwitch.logic.checking import quoted
from fasttwitch.logic.nodes import Apply, Compare, Constant, Expression, In

CASES: Mapping[str, tuple[Callable[[str], str], str]] = {
    "lowerAscii": (lambda word: "".join(one.lower() if one.isascii() else one for one in word), "capitals"),
    "upperAscii": (lambda word: "".join(one.upper() if one.isascii() else one for one in word), "small letters"),
}
TESTS = ("startsWith", "endsWith", "contains")


def impossible_letters(subject: Subject) -> Iterator[Finding]:
    """Yield comparisons with constants whose letters the compared value never has."""
    for rule in subject.rules.values():
        for part in walk(rule.tree):
            yield from _told(rule, part)


def _told(rule: Rule, part: Expression) -> Iterator[Finding]:
    match part:
        case Compare("==" | "!=" as operator, Apply(name) as value, Constant(str(word))) if name in CASES:
            change, letters = CASES[name]
            ending = "is never true" if operator == "==" else "is true wherever it is known"
            words = f"{rule.words(value)} {operator} {quoted(change(word))}"
        case Apply(test, (Apply(name) as value, Constant(str(word)))) if test in TESTS and name in CASES:
            change, letters = CASES[name]
            ending = "is never true"
            words = f"{rule.words(value)}.{test}({quoted(change(word))})"
        case In(Apply(name) as value, constants, list_name) if name in CASES and not list_name:
            yield from _in_list(rule, part, value, constants)
            return
        case _:
            return
    if change(word) != word and len(word) <= LONGEST_QUOTE:
        message = f"`{rule.quote(part)}` {ending}: `{rule.quote(value)}` has no {letters}"
        yield rule.finding("never-true" if ending == "is never true" else "never-false", message, part, f"`{words}`")


def _in_list(rule: Rule, part: In, value: Apply, constants: tuple[object, ...]) -> Iterator[Finding]:
    change, letters = CASES[value.function]
    wrong = next((str(one) for one in constants if change(str(one)) != str(one)), None)
    if wrong is not None and len(wrong) <= LONGEST_QUOTE:
        message = f"`{quoted(wrong)}` of this list is never found: `{rule.words(value)}` has no {letters}"
        yield rule.finding("out-of-range", message, part, f"write `{quoted(change(wrong))}` in its place")
