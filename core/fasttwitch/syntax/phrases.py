"""Operators that people spell out: `is greater than`, `starts with`, `is one of`, `within`.

Each phrase is a run of words between two values, in small letters; the longest one that fits is meant.
"""

from fasttwitch.errors import Problem
from fasttwitch.syntax import foreign
from fasttwitch.syntax.lexer import Tokens
from fasttwitch.syntax.surroundings import as_list, operand_after, shortened, subject_before

# What stands in the fix: {x} is the value before, {y} the one after, {list} the same as a list.
PHRASES = {
    "is greater than or equal to": "{x} >= {y}",
    "is less than or equal to": "{x} <= {y}",
    "greater than or equal to": "{x} >= {y}",
    "less than or equal to": "{x} <= {y}",
    "is greater than": "{x} > {y}",
    "is more than": "{x} > {y}",
    "is less than": "{x} < {y}",
    "is at least": "{x} >= {y}",
    "is at most": "{x} <= {y}",
    "is equal to": "{x} == {y}",
    "is not equal to": "{x} != {y}",
    "is before": "{x} < {y}",
    "is after": "{x} > {y}",
    "greater than": "{x} > {y}",
    "more than": "{x} > {y}",
    "less than": "{x} < {y}",
    "at least": "{x} >= {y}",
    "at most": "{x} <= {y}",
    "equal to": "{x} == {y}",
    "starts with": "{x}.startsWith({y})",
    "begins with": "{x}.startsWith({y})",
    "ends with": "{x}.endsWith({y})",
    "does not start with": "!{x}.startsWith({y})",
    "does not end with": "!{x}.endsWith({y})",
    "does not contain": "!{x}.contains({y})",
    "not contains": "!{x}.contains({y})",
    "is not one of": "!({x} in {list})",
    "is not in": "!({x} in {list})",
    "is one of": "{x} in {list}",
    "is any of": "{x} in {list}",
    "is in": "{x} in {list}",
    "in": "{x} in {list}",
    "within the last": "{x} > now - {y}",
    "within": "{x} > now - {y}",
    "in the last": "{x} > now - {y}",
}
_LONGEST = max(phrase.count(" ") + 1 for phrase in PHRASES)


def spelt_out(text: str, tokens: Tokens, position: int) -> Problem | None:
    """Explain a phrase that begins with the token at `position`, None where none does."""
    for words in range(_LONGEST, 0, -1):
        run = tokens.texts[position : position + words]
        template = PHRASES.get(" ".join(run).lower())
        if template is None or len(run) < words or (run == ["in"]):
            continue
        following = position + words
        value, listed = operand_after(text, tokens, following), ""
        if tokens.texts[following] in ("(", "[", "{"):
            listed = as_list(text, tokens, following)
        if "now -" in template:
            value = _length(tokens, following) or value
        condition = template.format(x=subject_before(text, tokens, position), y=value, list=listed or f"[{value}]")
        span = (tokens.starts[position], tokens.ends[following - 1])
        message = f"`{shortened(text[span[0] : span[1]])}` is not an operator here"
        return Problem(message, span, f"write `{condition}`")
    return None


def _length(tokens: Tokens, position: int) -> str:
    """Return `30 days` as `days(30)`, "" for anything else."""
    number, unit = (*tokens.texts[position : position + 2], "", "")[:2]
    return (
        foreign.DURATIONS[unit.lower()].format(number) if number.isdigit() and unit.lower() in foreign.DURATIONS else ""
    )
