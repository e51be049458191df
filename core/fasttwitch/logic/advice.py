"""What the author of a wrong constant or a bare word most likely meant."""

import re
from dataclasses import replace

from fasttwitch.logic.checking import Checking, quoted
from fasttwitch.logic.datatypes import BOOL, DATE, DURATION, NUMERIC, STRING, TIMESTAMP, Type
from fasttwitch.logic.instants import duration_words
from fasttwitch.logic.nodes import Constant, Expression
from fasttwitch.syntax import nodes as syntax


def constant_fix(constant: Constant, words: str, other: Type) -> tuple[str, str] | None:
    """Return (why, what to write) for a constant that stands beside something of another type, or None."""
    value = constant.value
    if constant.type is STRING and type(value) is str:
        if other in NUMERIC and is_number(value):
            return "drop the quotes", value.strip()
        if other is BOOL and value.lower() in ("true", "false"):
            return "drop the quotes", value.lower()
        if other is DURATION:
            return "say it as a length of time", duration_words(value)
        return None
    if constant.type in NUMERIC:
        if other is STRING:
            return "add quotes", quoted(words)
        if other is BOOL and value in (0, 1):
            return "a bool is true or false", "true" if value else "false"
        if other is DURATION:
            return "say the unit", f"days({words})"
        if other is TIMESTAMP:
            return "compare with an instant", "now - days(30)"
        if other is DATE:
            return "compare with a day", '"2026-01-31"'
        return None
    if constant.type is BOOL and other is STRING:
        return "add quotes", quoted(words)
    if constant.type is DURATION and other is TIMESTAMP:
        return "compare with an instant", f"now - {words}"
    if constant.type is DATE and other is TIMESTAMP:
        return "compare with an instant", '"2026-01-31T00:00:00Z"'
    if constant.type is TIMESTAMP and other is DATE:
        return "compare with a day", '"2026-01-31"'
    return None


def mend_bare_word(checking: Checking, tree: syntax.Expression, other: Expression) -> None:
    """Add to an unknown name beside a string column that it may be a string itself: `country == DE`."""
    if other.type is not STRING or type(other) is Constant or type(tree) is not syntax.Name:
        return
    string = f'the string `"{tree.name}"`'
    for place, problem in enumerate(checking.problems):
        if problem.span == tree.span and problem.message == f"unknown name `{tree.name}`":
            fix = f"{problem.fix[:-1]}, or {string}?" if problem.fix.endswith("?") else f"did you mean {string}?"
            checking.problems[place] = replace(problem, fix=fix)


def mend_list(checking: Checking, tree: syntax.Binary, listed: syntax.Expression, other: syntax.Expression) -> None:
    """Say of a list that was compared by `==` how to look into it."""
    named = type(listed) is syntax.Call and listed.function == "list" and listed.receiver is None
    if type(listed) is not syntax.ListOf and not named:
        return
    look_up = f"{checking.side(other)} in {checking.quote(listed)}"
    for place, problem in enumerate(checking.problems):
        if problem.span == listed.span:
            fix = f"`!({look_up})`" if tree.operator == "!=" else f"`{look_up}`"
            checking.problems[place] = replace(problem, fix=fix)


def is_number(text: str) -> bool:
    """Return whether a text is a plain decimal number, so that its quotes may go."""
    return re.fullmatch(r"-?\d+(\.\d+)?", text.strip(), re.ASCII) is not None
