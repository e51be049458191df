"""Rules as texts of languages that look like CEL, and as JSONLogic."""

import json
from dataclasses import dataclass
from typing import Any

from bench.rivals.conditions import Compare, Condition, Every, Flag, Not, OneOf, Some, StartsWith
from bench.rivals.point.ways import plain


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language writes its operators."""

    both: str
    either: str
    negation: str


CEL = Spelling("&&", "||", "!")
WORDS = Spelling("and", "or", "not ")


def spelled(condition: Condition, spelling: Spelling) -> str:
    """Return the text of a rule."""
    match condition:
        case Compare(column, operator, constant):
            return f"{column} {operator} {json.dumps(plain(constant))}"
        case OneOf(column, words):
            return f"{column} in [{', '.join(map(json.dumps, words))}]"
        case Flag(column):
            return column
        case Not(part):
            return f"{spelling.negation}({spelled(part, spelling)})"
        case Every(parts):
            return f" {spelling.both} ".join(_operand(part, spelling) for part in parts)
        case Some(parts):
            return f" {spelling.either} ".join(_operand(part, spelling) for part in parts)
        case StartsWith():
            raise NotImplementedError("the rules of touchpoints have no prefixes")


def _operand(condition: Condition, spelling: Spelling) -> str:
    text = spelled(condition, spelling)
    return f"({text})" if isinstance(condition, Every | Some) else text


def json_logic(condition: Condition) -> dict[str, Any]:
    """Return a rule as JSONLogic."""
    match condition:
        case Compare(column, operator, constant):
            return {operator: [{"var": column}, plain(constant)]}
        case OneOf(column, words):
            return {"in": [{"var": column}, list(words)]}
        case Flag(column):
            return {"var": column}
        case Not(part):
            return {"!": [json_logic(part)]}
        case Every(parts):
            return {"and": [json_logic(part) for part in parts]}
        case Some(parts):
            return {"or": [json_logic(part) for part in parts]}
        case StartsWith():
            raise NotImplementedError("the rules of touchpoints have no prefixes")


def listed(texts: list[str]) -> str:
    """Return one expression: the list of all."""
    return f"[{', '.join(texts)}]"
