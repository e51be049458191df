"""common-expression-language, CEL in Rust: programs compiled once, a context with the customer's variables."""

from collections.abc import Sequence
from typing import Any

import cel

from bench.rivals.point.spelling import CEL, listed, spelled
from bench.rivals.point.ways import MAPPING, PREPARED, Question, Way, true_places


def rust_cel(asked: Question) -> Sequence[Way]:
    """Return the ways of asking CEL in Rust."""
    texts = [spelled(rule, CEL) for rule in asked.rules]
    programs = [cel.compile(text) for text in texts]
    whole = cel.compile(listed(texts))
    contexts = [cel.Context(variables=each) for each in asked.profiles]

    def ask_prepared(i: int) -> list[Any]:
        customer = contexts[i]
        return [program.execute(customer) for program in programs]

    def ask_mapping(i: int) -> list[Any]:
        customer = cel.Context(variables=asked.profiles[i])
        return [program.execute(customer) for program in programs]

    return (
        Way(PREPARED, "a program a rule", ask_prepared, true_places),
        Way(PREPARED, "one program, a list", lambda i: whole.execute(contexts[i]), true_places),
        Way(MAPPING, "a program a rule", ask_mapping, true_places),
        Way(MAPPING, "one program, a list", lambda i: whole.execute(asked.profiles[i]), true_places),
    )
