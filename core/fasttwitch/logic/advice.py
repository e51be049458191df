"""What the author of a wrong constant or a bare word most likely meant."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from fasttwitch.logic.checking import Checking, quoted
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    NUMERIC,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    Type,
)
from fasttwitch.logic.instants import DAY, Refusal, duration_words, read_date
from fasttwitch.logic.nodes import Apply, Constant, Expression
from fasttwitch.syntax import nodes as syntax


def constant_fix(constant: Constant, words: str, other: Type) -> tuple[str, str] | None:
    """Return (why, what to write) for a constant that stands beside something of another type, or None."""
    value = constant.value
    if constant.type is STRING and type(value) is str:
        if other in NUMERIC and is_number(value):
            return "drop the quotes", value.strip()
        if other is BOOL and value.lower() in ("true", "false"):
            return "drop the quotes", value.lower()
        if other is BOOL and value.lower() in SPOKEN:
            return "a bool is true or false", SPOKEN[value.lower()]
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
        if other in (TIMESTAMP, DATE) and (day := _written_day(words)):
            return "write the day in quotes", f'"{day}"'
        if other is TIMESTAMP:
            return "compare with an instant", "now - days(30)"
        if other is DATE:
            return "compare with a day", '"2026-01-31"'
        if other is SEMVER and re.fullmatch(r"\d+(\.\d+)?", words, re.ASCII):
            return "a version has three numbers, in quotes", f'"{words}{".0" * (2 - words.count("."))}"'
        return None
    if constant.type is BOOL and other is STRING:
        return "add quotes", quoted(words)
    if constant.type is DURATION and other is TIMESTAMP:
        return "compare with an instant", f"now - {words}"
    if constant.type is DATE and other is TIMESTAMP:
        return "compare with an instant", f'"{_iso_day(value)}T00:00:00Z"'
    if constant.type is TIMESTAMP and other is DATE:
        return "compare with a day", f'"{_iso_day(int(value) // DAY)}"'  # type: ignore[arg-type]
    return None


SPOKEN = dict.fromkeys(("yes", "y", "1", "on"), "true") | dict.fromkeys(("no", "n", "0", "off"), "false")
# A constant of each type, for advice where nobody knows which one is meant.
CONSTANTS = {
    INT: "1",
    UINT: "1",
    DOUBLE: "1.5",
    DECIMAL: "1.5",
    STRING: '"…"',
    BOOL: "true",
    TIMESTAMP: "now - days(30)",
    DATE: '"2026-01-31"',
    DURATION: "days(30)",
    SEMVER: '"2.10.0"',
}
_NAMES = {
    "getMonth": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    "getDayOfWeek": ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
}


def named_part(word: object, part: Expression) -> int | None:
    """Return the number of a month or of a day of the week that stands beside `at.getMonth()` by its name."""
    names = _NAMES.get(part.function, ()) if type(part) is Apply else ()
    start = word.lower()[:3] if type(word) is str else ""
    return names.index(start) if start in names else None


def columns_in(tree: syntax.Expression) -> Iterator[str]:
    """Yield the names and fields that an expression reads, as they are written."""
    match tree:
        case syntax.Name(name):
            if name != "now":
                yield name
        case syntax.Member(operand, field):
            yield from (f"{name}.{field}" for name in columns_in(operand))
        case syntax.Unary(_, operand):
            yield from columns_in(operand)
        case syntax.Binary(_, left, right):
            yield from columns_in(left)
            yield from columns_in(right)
        case syntax.Call(_, receiver, arguments):
            for each in (receiver, *arguments) if receiver is not None else arguments:
                yield from columns_in(each)


def null_words(tree: syntax.Expression, operator: str) -> str:
    """Return a test of the columns in an expression for null, "" where it reads none."""
    names = list(dict.fromkeys(columns_in(tree)))
    return (" || " if operator == "==" else " && ").join(f"{name} {operator} null" for name in names)


def _written_day(words: str) -> str:
    """Return the day that `2026-01-31` or `20260131` names, "" for anything else."""
    match = re.fullmatch(r"(\d{4}) ?-? ?(\d\d) ?-? ?(\d\d)", words, re.ASCII)
    day = "-".join(match.groups()) if match else ""
    return day if day and not isinstance(read_date(day), Refusal) else ""


def _iso_day(value: object) -> str:
    assert isinstance(value, int)
    return (date(1970, 1, 1) + timedelta(days=value)).isoformat()


def mend_bare_word(checking: Checking, tree: syntax.Expression, other: Expression) -> None:
    """Add to an unknown name beside a string column that it may be a string itself: `country == DE`."""
    if other.type is not STRING or type(other) is Constant or type(tree) is not syntax.Name:
        return
    string = f'the string `"{tree.name}"`'
    for place, problem in enumerate(checking.problems):
        if problem.span == tree.span and problem.message == f"unknown name `{tree.name}`":
            fix = f"{problem.fix[:-1]}, or {string}?" if problem.fix.endswith("?") else f"did you mean {string}?"
            checking.problems[place] = replace(problem, fix=fix)


def mend_list(
    checking: Checking, tree: syntax.Binary, listed: syntax.Expression, other: syntax.Expression, kind: Type
) -> None:
    """Say of a list that was compared by `==` how to look into it."""
    named = type(listed) is syntax.Call and listed.function == "list" and listed.receiver is None
    if type(listed) is not syntax.ListOf and not named:
        return
    look_up = f"{checking.side(other)} in {checking.quote(listed)}"
    if type(listed) is syntax.ListOf and len(listed.items) == 1 and type(listed.items[0]) is syntax.Name:
        fix = f"`{checking.quote(listed.items[0])} {tree.operator} {checking.side(other)}`"  # `[country] == "DE"`
    elif type(listed) is syntax.ListOf and type(kind) is ListType:
        fix = " || ".join(f"{checking.side(item)} in {checking.quote(other)}" for item in listed.items[:4])
        fix = f"`{fix}`" if len(listed.items) == 1 or tree.operator == "==" else ""
    else:
        fix = f"`!({look_up})`" if tree.operator == "!=" else f"`{look_up}`"
    for place, problem in enumerate(checking.problems):
        if problem.span == listed.span:
            checking.problems[place] = replace(problem, fix=fix)


def is_number(text: str) -> bool:
    """Return whether a text is a plain decimal number, so that its quotes may go."""
    return re.fullmatch(r"-?\d+(\.\d+)?", text.strip(), re.ASCII) is not None
