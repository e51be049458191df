"""Habits from other languages that this one answers with advice: words as operators, units, separators, percent.

Each function explains one habit at a token that cannot stand where it stands, or returns None.
"""

import re
from decimal import Decimal

from fasttwitch.errors import Problem
from fasttwitch.syntax import foreign
from fasttwitch.syntax.lexer import Tokens
from fasttwitch.syntax.phrases import spelt_out
from fasttwitch.syntax.surroundings import (
    closer_of,
    list_at,
    open_brackets,
    opener_of,
    operand_after,
    operand_end,
    shortened,
    subject_before,
    value_at,
)
from fasttwitch.syntax.words import is_name

TERNARY = "write `condition ? value : other value`"


def word_operator(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain a word that is an operator elsewhere: `AND`, `is null`, `NOT IN`, `LIKE`, `BETWEEN`."""
    if not tokens.texts[position]:
        return None
    word, following = (token.lower() for token in tokens.texts[position : position + 2])
    match word:
        case "not" if following == "in":
            return not_in(text, tokens, position)
        case "not" if condition := _instead(text, tokens, position + 1, position):
            return _no_operator(text, tokens, (position, position + 1), f"write `!({condition})`")
        case _ if problem := spelt_out(text, tokens, position):
            return problem
        case "is":
            return _is(text, tokens, position, following == "not")
        case "xor":
            return _no_operator(text, tokens, (position, position), "write `(a || b) && !(a && b)` for one of two")
        case "then" | "else":
            return Problem(f"`{tokens.texts[position]}` is not a word of this language", tokens.span(position), TERNARY)
        case _ if condition := _instead(text, tokens, position, position):
            return _no_operator(text, tokens, (position, position), f"write `{condition}`")
        case _ if word in foreign.OPERATORS:
            return _no_operator(text, tokens, (position, position), f"write `{foreign.OPERATORS[word]}`")
    return None


def _no_operator(text: str, tokens: Tokens, words: tuple[int, int], fix: str) -> Problem:
    """Return the problem of an operator that stands from the first of `words` to the last, and is none."""
    span = (tokens.starts[words[0]], tokens.ends[words[1]])
    return Problem(f"`{shortened(text[span[0] : span[1]])}` is not an operator here", span, fix)


def _instead(text: str, tokens: Tokens, word: int, end: int) -> str | None:
    """Return the condition that the token `word` makes of the value before the token `end`, or None."""
    match tokens.texts[word].lower():
        case "like" | "ilike":
            return _like(subject_before(text, tokens, end), tokens.texts[word + 1])
        case "between":
            subject, low = subject_before(text, tokens, end), operand_after(text, tokens, word + 1)
            middle = operand_end(tokens, word + 1)
            bounded = [token.lower() for token in tokens.texts[middle : middle + 1]] in (["and"], ["&&"], [","])
            high = operand_after(text, tokens, middle + 1) if bounded else "…"
            return f"{subject} >= {low} && {subject} <= {high}"
        case method if method in foreign.METHODS:
            value = value_at(text, tokens, word + 1)
            return f"{subject_before(text, tokens, end)}.{foreign.METHODS[method]}({value})"
    return None


def word_before(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain a word that was read as a name and is none: `not active`, `where age > 3`."""
    word = tokens.texts[position - 1]
    span = tokens.span(position - 1)
    if not (tokens.texts[position][:1].isalnum() or tokens.texts[position][:1] in ('"', "'", "[", "!")):
        return None
    match word.lower():
        case "not":
            condition = operand_after(text, tokens, position)
            plain = operand_end(tokens, position) == position + 1 or condition.endswith(")")
            fix = f"write `!{condition}`" if plain else f"write `!({condition})`"
            return Problem(f"`{word}` is not an operator here", span, fix)
        case "and" | "or" as operator:
            return Problem(f"`{word}` is not an operator here", span, f"write `{foreign.OPERATORS[operator]}`")
        case "case" if tokens.texts[position].lower() == "when":
            return Problem(f"`{word}` is not a word of this language", span, TERNARY)
        case "segment" | "list" if is_name(tokens.texts[position]):
            fix = f'write `{word}("{tokens.texts[position]}")`'
            return Problem(f"`{word}` needs parentheses and quotes", (span[0], tokens.ends[position]), fix)
        case "where" | "when" | "select":
            return Problem(f"`{word}` is not a word of this language", span, "write the condition alone")
    return None


def not_in(text: str, tokens: Tokens, position: int) -> Problem:
    """Explain `x not in […]` and `x !in […]`, whose first word stands at `position`."""
    fix = f"write `!({subject_before(text, tokens, position)} in {list_at(text, tokens, position + 2)})`"
    return _no_operator(text, tokens, (position, position + 1), fix)


def _is(text: str, tokens: Tokens, position: int, negated: bool) -> Problem:
    """Explain `is null`, `IS NOT NULL`, `is "DE"`."""
    last = position + negated
    value = value_at(text, tokens, last + 1)
    match value.lower():
        case "null" | "none" | "nil" | "missing" | "empty" | "unknown":
            value = "null"
        case "true" | "false" as word:
            value = word
    fix = f"write `{subject_before(text, tokens, position)} {'!=' if negated else '=='} {value}`"
    return _no_operator(text, tokens, (position, last), fix)


def _like(subject: str, pattern: str) -> str:
    """Return the condition for SQL's `LIKE`, in whose pattern `%` stands for any characters."""
    body = pattern[1:-1].strip("%")
    at_start, at_end = pattern[1:2] == "%", pattern[-2:-1] == "%"
    if pattern[:1] in ("'", '"') and re.fullmatch(r"[\w %-]*_[\w %-]*", pattern[1:-1], re.ASCII):
        expression = pattern[1:-1].replace("_", ".").replace("%", ".*")
        return f'{subject}.matches("^{expression}$")'
    if pattern[:1] not in ("'", '"') or any(letter in body for letter in '%_"\\') or len(body) > 40:
        return f'{subject}.matches("…")'
    if at_start and at_end:
        return f'{subject}.contains("{body}")'
    if at_start or at_end:
        return f'{subject}.{"endsWith" if at_start else "startsWith"}("{body}")'
    return f'{subject} == "{body}"'


def number_with_unit(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain `30d`, `30 days`, `5usd`."""
    number, unit = tokens.texts[position - 1], tokens.texts[position]
    if not number[:1].isdigit() or not is_name(unit):
        return None
    span = (tokens.starts[position - 1], tokens.ends[position])
    written, number = shortened(text[span[0] : span[1]]), shortened(number)
    if unit.lower() in foreign.DURATIONS:
        duration = foreign.DURATIONS[unit.lower()].format(number)
        if tokens.texts[position + 1].lower() == "ago":
            span, duration = (span[0], tokens.ends[position + 1]), f"now - {duration}"
            written = shortened(text[span[0] : span[1]])
        return Problem(f"`{written}` is not how a time is written", span, f"write `{duration}`")
    if tokens.ends[position - 1] != tokens.starts[position]:
        return None
    if number == "0" and unit.lower() == "x":
        return Problem("`0x` has no hexadecimal digits after it", span, "write `0`, or digits from 0 to F")
    if unit.startswith("_") and unit.replace("_", "").isdigit():
        return Problem("a number has no separators", span, f"write `{written.replace('_', '')}`")
    fix = f"write the number alone: `{number}`; a name cannot begin with a digit"
    return Problem(f"`{written}` is neither a number nor a name", span, fix)


def separated_number(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain `1,000`, `1 000`, `1.000.000` and `1,5`."""
    openers = open_brackets(tokens, position)
    if openers and tokens.texts[openers[-1] - 1] == "in":
        return None  # `x in (100,200)` is a list in the wrong brackets
    match = _SEPARATED.match(text, tokens.starts[position - 1])
    if match is None or match.end() <= tokens.starts[position]:
        return None
    if match["thousands"]:
        digits = "".join(filter(str.isdigit, match["thousands"])) + (match["fraction"] or "").replace(",", ".")
        return Problem("a number has no separators", match.span(), f"write `{shortened(digits)}`")
    return Problem("a number has a decimal point, no comma", match.span(), f"write `{match[0].replace(',', '.')}`")


_SEPARATED = re.compile(
    r"(?P<thousands>[0-9]{1,3}(?:(?:,[0-9]{3})+|"
    r"(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+(?=,[0-9])|(?:'[0-9]{3})+|(?: [0-9]{3})+))(?![0-9])"
    r"(?P<fraction>[.,][0-9]+)?|[0-9]{1,20},[0-9]{1,20}\b"
)


def percent(tokens: Tokens, position: int) -> Problem | None:
    """Explain `rate > 10%`."""
    number = tokens.texts[position - 2] if position > 1 else ""
    if tokens.texts[position - 1] != "%" or len(number) > 20 or not number.replace(".", "", 1).isdigit():
        return None
    share = format((Decimal(number) / 100).normalize(), "f")
    span = (tokens.starts[position - 2], tokens.ends[position - 1])
    if (buckets := _buckets(tokens, position - 4)) is not None and (meant := buckets * Decimal(number) / 100) % 1 == 0:
        fix = f"write `{int(meant)}`: {number} percent of {buckets} buckets"
        return Problem("`%` is the remainder of a division, not a percentage", span, fix)
    return Problem("`%` is the remainder of a division, not a percentage", span, f"write {number} percent as `{share}`")


def _buckets(tokens: Tokens, closer: int) -> int | None:
    """Return how many buckets a call of `bucket` makes that is closed at `closer`, None of anything else."""
    if closer < 1 or tokens.texts[closer] != ")":
        return None
    opener, count = opener_of(tokens, closer), tokens.texts[closer - 1]
    return int(count) if opener and tokens.texts[opener - 1] == "bucket" and count.isdigit() else None


def cast_as(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain SQL's `CAST(x AS int)`."""
    openers = open_brackets(tokens, position)
    opener = openers[-1] if openers else 0
    if (
        tokens.texts[position].lower() != "as"
        or not opener
        or tokens.texts[opener - 1].lower() not in ("cast", "try_cast")
    ):
        return None
    kind = foreign.CASTS.get(tokens.texts[position + 1].lower(), tokens.texts[position + 1].lower())
    value = shortened(text[tokens.starts[opener + 1] : tokens.ends[position - 1]])
    end = closer_of(tokens, opener)
    span = (tokens.starts[opener - 1], tokens.ends[end if end is not None else position])
    return Problem(f"`{tokens.texts[opener - 1]}` is not a function of this language", span, f"write `{kind}({value})`")


def other_comment(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain `-- words` and `/* words */` after a condition."""
    line = text.rfind("\n", 0, tokens.starts[position]) + 1
    before = text[line : tokens.starts[position]].rstrip(" ")
    if tokens.texts[position - 1 : position + 1] == ["/", "*"] and tokens.starts[position] == tokens.ends[position - 1]:
        span = (tokens.starts[position - 1], tokens.ends[position])
        return Problem(
            "`/*` begins no comment here", span, "begin a comment with `//`; it goes on to the end of the line"
        )
    for at in range(position - 1, 1, -1):
        if tokens.starts[at] < line:
            break
        if tokens.texts[at - 1 : at + 1] == ["-", "-"] and tokens.starts[at] == tokens.ends[at - 1] and before:
            span = (tokens.starts[at - 1], tokens.ends[at])
            return Problem("`--` begins no comment here", span, "begin a comment with `//`")
    return None


def quote_inside_string(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain `'it's'`: a quote inside a string has ended it."""
    before = tokens.texts[position - 1]
    token = tokens.texts[position]
    glued = tokens.starts[position] == tokens.ends[position - 1]
    if not (glued and before[-1:] in ("'", '"') and (token[:1].isalnum() or (token[:1] in ("'", '"') and token))):
        return None
    span = (tokens.ends[position - 1] - 1, tokens.ends[position - 1])
    if before[0] in "rR":  # where a backslash is only a backslash
        fix = f"put {before[-1] * 3} at both ends of the string"
    else:
        fix = f"for a quote inside a string write `\\{before[-1]}`"
    return Problem("this quote ends the string", span, fix)
