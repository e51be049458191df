"""rule-engine, a language of its own in plain Python: rules parsed once, types declared, numbers as decimals.

It computes with decimals, so a prepared customer holds some: else each number is converted each time it is read.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import rule_engine as rules_of_python

from bench.rivals.point.spelling import WORDS, listed, spelled
from bench.rivals.point.ways import MAPPING, PREPARED, Plain, Question, Way, true_places


def rule_engine(asked: Question) -> Sequence[Way]:
    """Return the ways of asking rule-engine."""
    context = rules_of_python.Context(type_resolver=rules_of_python.type_resolver_from_dict(_types(asked.profiles[0])))
    texts = [spelled(rule, WORDS) for rule in asked.rules]
    rules = [rules_of_python.Rule(text, context=context) for text in texts]
    whole = rules_of_python.Rule(listed(texts), context=context)
    decimals = [_with_decimals(each) for each in asked.profiles]

    def ask(customer: Mapping[str, Any]) -> list[bool]:
        return [rule.matches(customer) for rule in rules]

    return (
        Way(PREPARED, "a rule each", lambda i: ask(decimals[i]), true_places),
        Way(PREPARED, "one rule, a list", lambda i: whole.evaluate(decimals[i]), true_places),
        Way(MAPPING, "a rule each", lambda i: ask(asked.profiles[i]), true_places),
        Way(MAPPING, "one rule, a list", lambda i: whole.evaluate(asked.profiles[i]), true_places),
    )


def _types(profile: Mapping[str, Plain]) -> dict[str, Any]:
    """Return the declared type of each attribute; integers are floats to it."""
    kinds = rules_of_python.DataType
    types = {float: kinds.FLOAT, int: kinds.FLOAT, str: kinds.STRING, bool: kinds.BOOLEAN}
    return {name: types[type(value)] for name, value in profile.items()}


def _with_decimals(profile: Mapping[str, Plain]) -> dict[str, Any]:
    """Return the profile with its numbers as decimals, exactly as they are written."""
    return {
        name: Decimal(repr(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for name, value in profile.items()
    }
