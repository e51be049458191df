"""What is wrong with a text that does not parse, in words for whoever wrote it.

Nothing here runs for a correct rule, so it may look at the tokens again from the start. What stands before the place of
a problem has been parsed: its brackets are balanced and its operators have operands.
"""

import re
from collections.abc import Sequence

from fasttwitch.errors import Problem
from fasttwitch.syntax import foreign
from fasttwitch.syntax.habits import (
    TERNARY,
    cast_as,
    not_in,
    number_with_unit,
    other_comment,
    percent,
    quote_inside_string,
    separated_number,
    word_before,
    word_operator,
)
from fasttwitch.syntax.lexer import Tokens
from fasttwitch.syntax.nodes import Span
from fasttwitch.syntax.surroundings import CLOSERS, as_list, closer_of, open_brackets, shortened, subject_before
from fasttwitch.syntax.words import KEYWORDS, POWERS, is_name

_COMBINE = "combine conditions with `&&` or `||`"


class RefusedError(Exception):
    """The way out of the parser, from any depth: holds the problem, for `parse` to place in the text."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def missing_value(text: str, tokens: Tokens, position: int) -> Problem:
    """Return why no value can begin with the token at `position`."""
    token, span = tokens.texts[position], tokens.span(position)
    before = tokens.texts[position - 1] if position else ""
    if position and (problem := other_comment(text, tokens, position)):
        return problem
    if token == "/" and tokens.texts[position + 1] == "*":
        span = (span[0], tokens.ends[position + 1])
        return Problem(
            "`/*` begins no comment here", span, "begin a comment with `//`; it goes on to the end of the line"
        )
    problem = percent(tokens, position) or _split_operator(tokens, position) or foreign.strange(text, token, span)
    if problem:
        return problem
    if not token and not before:
        fix = "an empty condition would match everybody; write `true` if that is meant"
        return Problem("the rule is empty", (0, 0), fix)
    if token == "?":
        fix = "leave it out: what is missing is unknown, and `coalesce(x, y)` gives it a value"
        return Problem("`?` cannot stand before a value", span, fix)
    if token == "+" and tokens.texts[position + 1] != "+":
        return Problem("`+` cannot be a sign", span, "leave it out")
    if token in CLOSERS.values() and (not before or before in CLOSERS):
        return _nothing_to_close(tokens, position)
    if not before or before in CLOSERS or (before == "," and token == ","):
        if not token:
            return _never_closed(tokens, position - 1)
        return Problem(f"nothing stands before `{token}`", span, _fill(token, "before"))
    if not token:
        return Problem(f"the rule ends after `{before}`", tokens.span(position - 1), _fill(before, "after"))
    if token in POWERS and before in POWERS:
        both = (tokens.starts[position - 1], tokens.ends[position])
        return Problem(f"nothing stands between `{before}` and `{token}`", both, "remove one of them")
    return Problem(f"nothing stands after `{before}`", tokens.span(position - 1), _fill(before, "after"))


def misplaced(text: str, tokens: Tokens, position: int) -> Problem:
    """Return why the token at `position` cannot follow the complete value before it."""
    token = tokens.texts[position]
    span = tokens.span(position)
    openers = open_brackets(tokens, position)
    opener = tokens.texts[openers[-1]] if openers else ""
    for explain in (
        other_comment,
        cast_as,
        number_with_unit,
        separated_number,
        word_operator,
        word_before,
        quote_inside_string,
    ):
        if problem := explain(text, tokens, position):
            return problem
    if problem := foreign.strange(text, token, span):
        return problem
    if token in ("", "?", *CLOSERS.values()):
        return _closing(text, tokens, position, openers)
    if token == ",":
        return _comma(text, tokens, position, openers)
    if token == ":" and opener == "[":
        return Problem("this `:` has no `?` before it", span, "a part of a string is `x.substring(0, 2)`")
    if token == ":" and position == 1:
        return Problem("`:` is not an operator here", span, "write `==` to compare")
    if token == ":":
        return Problem("this `:` has no `?` before it", span, TERNARY)
    if token == "!":
        if tokens.texts[position + 1] == "in":
            return not_in(text, tokens, position)
        if problem := _split_operator(tokens, position + 1):
            return problem
        return Problem("`!` stands before a condition, not after it", span, "write `!=` to compare, `!x` to negate")
    if token == "(":
        return Problem("only a name can be called", span, "write an operator before the parenthesis")
    if token == "{":
        return Problem("`{` cannot follow a value", span, "write the condition without braces")
    if opener == "{" and ":" not in tokens.texts[openers[-1] : position]:
        return _map_without_colon(text, tokens, openers[-1])
    return _side_by_side(text, tokens, position, openers)


def missing_field(text: str, tokens: Tokens, position: int) -> Problem:
    """Return why the token at `position` cannot be the name of a field."""
    token = tokens.texts[position]
    before = tokens.texts[position - 1]
    if before == "." and tokens.texts[position - 2][:1].isdigit():
        number = tokens.texts[position - 2]
        start = tokens.starts[position - 2]
        if spread := re.compile(r"([0-9]+)\.\.\.?([0-9]+)").match(text, start):
            subject = subject_before(text, tokens, position - 3) if tokens.texts[position - 3] == "in" else "x"
            fix = f"write `{subject} >= {spread[1]} && {subject} <= {spread[2]}`"
            return Problem("a range is written as two comparisons", spread.span(), fix)
        span = (tokens.starts[position - 2], tokens.ends[position - 1])
        return Problem(f"`{number}.` has no digits after its point", span, f"write `{number}` or `{number}.0`")
    if token in KEYWORDS:
        fix = f"write it in backticks: `` .`{token}` ``"
        return Problem(f"`{token}` is a word of the language, so it cannot name a field", tokens.span(position), fix)
    if token and token != "?" and (problem := foreign.strange(text, token, tokens.span(position))):
        return problem
    if before == ".":
        span = tokens.span(position - 1)
        return Problem("a field's name is missing after the dot", span, "write it, or remove the dot")
    fix = "write `Type{field: value}`, or the condition without braces"
    return Problem("a field's name is missing here", tokens.span(position), fix)


def leading_dot(tokens: Tokens, position: int) -> Problem:
    """Return why a value cannot begin with the dot at `position`."""
    following = tokens.texts[position + 1]
    if is_name(following):
        span = (tokens.starts[position], tokens.ends[position + 1])
        name = shortened(following)
        return Problem(f"`.{name}` begins with a dot", span, f"write `{name}`")
    return Problem("a value cannot begin with a dot", tokens.span(position), "remove it")


def mixed_signs(tokens: Tokens, position: int) -> Problem:
    """Return why `!-x` and `-!x` are refused: `!` wants a condition and `-` a number, so one of them is too much."""
    signs = tokens.texts[position] + tokens.texts[position + 1]
    span = (tokens.starts[position], tokens.ends[position + 1])
    return Problem(f"`{signs}` mixes two signs", span, f"write parentheses: `{signs[0]}({signs[1]}…)`")


def reserved_word(token: str, span: Span) -> Problem:
    """Return why `token` cannot be a name."""
    if token in ("if", "else"):
        return Problem(f"`{token}` is not a word of this language", span, TERNARY)
    return Problem(f"`{token}` is a reserved word, so it cannot be a name", span, "give the attribute another name")


def escaped_field(token: str, span: Span) -> Problem:
    """Return what is wrong with a field in backticks."""
    if len(token) < 2 or token[-1] != "`":
        return Problem("this backtick is never closed", (span[0], span[0] + 1), "add ` after the field's name")
    fix = "between backticks stand letters from a to z, digits, blanks and `_ . - /`"
    return Problem(f"{shortened(token)} cannot name a field", span, fix)


def chained_comparison(text: str, tokens: Tokens, span: Span, first: int, second: int) -> Problem:
    """Return what is wrong with `a < b < c`, whose two operators are the tokens `first` and `second`."""
    low = shortened(text[span[0] : tokens.ends[first - 1]])
    middle = shortened(text[tokens.starts[first + 1] : tokens.ends[second - 1]])
    high = shortened(text[tokens.starts[second + 1] : span[1]])
    if tokens.texts[first][0] != tokens.texts[second][0] and not low[:1].isdigit():  # `age >= 18 <= 65`
        fix = f"write `{low} {tokens.texts[first]} {middle} && {low} {tokens.texts[second]} {high}`"
        return Problem("a comparison has two sides, and this one has three", span, fix)
    fix = f"write `{low} {tokens.texts[first]} {middle} && {middle} {tokens.texts[second]} {high}`"
    return Problem("a comparison has two sides, and this one has three", span, fix)


def _fill(token: str, side: str) -> str:
    if token in ("&&", "||", "!") or (token == "?" and side == "before"):
        return f"write a condition {side} it, or remove it"
    return f"write a value {side} it, or remove it"


def _split_operator(tokens: Tokens, position: int) -> Problem | None:
    """Explain `age > = 18`."""
    if not position or not tokens.texts[position]:
        return None
    joined = tokens.texts[position - 1] + tokens.texts[position]
    if joined not in ("<=", ">=", "==", "!=", "&&", "||"):
        return None
    span = (tokens.starts[position - 1], tokens.ends[position])
    return Problem(f"`{joined}` is written in one piece", span, f"write `{joined}`")


def _closing(text: str, tokens: Tokens, position: int, openers: Sequence[int]) -> Problem:
    """Return why neither the text nor a bracket can end here."""
    token = tokens.texts[position]
    question = _pending_question(tokens, openers[-1] + 1 if openers else 0, position)
    if question is not None:
        return Problem("this `?` has no `:` after it", tokens.span(question), TERNARY)
    if not openers:
        return _closes_nothing(token, tokens.span(position))
    if not token:
        return _never_closed(tokens, openers[-1])
    if token == "}" and tokens.texts[openers[-1]] == "{":
        return _map_without_colon(text, tokens, openers[-1])
    return _wrong_closer(tokens, openers[-1], position)


def _nothing_to_close(tokens: Tokens, position: int) -> Problem:
    """Return why a bracket cannot close at `position`, at the start of the rule or right after an opening one."""
    token = tokens.texts[position]
    if not position:
        return _closes_nothing(token, tokens.span(position))
    before = tokens.texts[position - 1]
    if CLOSERS[before] != token:
        return _wrong_closer(tokens, position - 1, position)
    span = (tokens.starts[position - 1], tokens.ends[position])
    return Problem(f"nothing stands between `{before}` and `{token}`", span, "write a value there, or remove both")


def _closes_nothing(token: str, span: Span) -> Problem:
    opener = next(opener for opener, closer in CLOSERS.items() if closer == token)
    return Problem(f"this `{token}` closes nothing", span, f"remove it, or add `{opener}` before")


def _never_closed(tokens: Tokens, opener: int) -> Problem:
    bracket = tokens.texts[opener]
    return Problem(f"this `{bracket}` is never closed", tokens.span(opener), f"add `{CLOSERS[bracket]}`")


def _wrong_closer(tokens: Tokens, opener: int, closer: int) -> Problem:
    bracket = tokens.texts[opener]
    message = f"`{tokens.texts[closer]}` cannot close the `{bracket}` before it"
    return Problem(message, tokens.span(closer), f"write `{CLOSERS[bracket]}`")


def _pending_question(tokens: Tokens, start: int, position: int) -> int | None:
    """Return where a `?` stands that waits for its `:`, of those not in brackets since `start`."""
    waiting: list[int] = []
    inside = 0
    for at in range(start, position):
        token = tokens.texts[at]
        inside += (token in CLOSERS) - (token in (")", "]", "}"))
        if token == "?" and not inside:
            waiting.append(at)
        elif token == ":" and not inside and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def _is_call(tokens: Tokens, opener: int) -> bool:
    """Return whether the parenthesis at `opener` holds arguments."""
    before = tokens.texts[opener - 1] if opener else ""
    return is_name(before) and before not in KEYWORDS


def _map_without_colon(text: str, tokens: Tokens, opener: int) -> Problem:
    """Return what is wrong with the brace at `opener`, behind which stands something else than a map."""
    if tokens.texts[opener - 1 : opener] == ["{"]:
        span = (tokens.starts[opener - 1], tokens.ends[opener])
        return Problem("`{{` belongs to a template, not to a rule", span, "write the name alone, without braces")
    fix = "write `[…]` for a list, `(…)` around a condition"
    if tokens.texts[opener - 1 : opener] == ["in"]:
        end = closer_of(tokens, opener)
        span = (tokens.starts[opener], tokens.ends[opener if end is None else end])
        return Problem("a list stands in square brackets", span, f"write `{as_list(text, tokens, opener)}`")
    return Problem("a map has `key: value` between its braces", tokens.span(opener), fix)


def _comma(text: str, tokens: Tokens, position: int, openers: Sequence[int]) -> Problem:
    """Return why a comma cannot stand here."""
    span = tokens.span(position)
    if not openers:
        return Problem("`,` cannot stand between conditions", span, _COMBINE)
    opener = openers[-1]
    bracket = tokens.texts[opener]
    if bracket == "{":
        return _map_without_colon(text, tokens, opener)
    if bracket == "[":
        return Problem("an index is one value", span, "remove what follows the comma")
    end = closer_of(tokens, opener)
    if end is None:
        return Problem("parentheses hold one value", span, "for a list write `[…]`")
    whole = (tokens.starts[opener], tokens.ends[end])
    return Problem("a list stands in square brackets", whole, f"write `{as_list(text, tokens, opener)}`")


def _side_by_side(text: str, tokens: Tokens, position: int, openers: Sequence[int]) -> Problem:
    """Return the problem of two values with nothing between them."""
    before, token = tokens.texts[position - 1], tokens.texts[position]
    span = (tokens.starts[position - 1], tokens.ends[position])
    subject = subject_before(text, tokens, position)
    literal = token[:1].isdigit() or token[:1] in ('"', "'")
    if literal and is_name(before) and before not in KEYWORDS and "\n" not in text[span[0] : span[1]]:
        fix = f"write an operator, such as `{subject} == {shortened(token)}`"
    elif openers and (tokens.texts[openers[-1]] != "(" or _is_call(tokens, openers[-1])):
        fix = "write `,` between them"
    else:
        fix = _COMBINE
    return Problem(f"nothing stands between `{shortened(before)}` and `{shortened(token)}`", span, fix)
