"""datalogic-py, JSONLogic in Rust: compiled rules, one session, the customer parsed beforehand into a handle.

Its documentation says: `evaluate_many` is for many rules over one customer, a handle is for a customer who is asked
about more than once, JSON text for one who comes as such. One rule that lists all the others, or that merges the
numbers of those that hold, is quicker: one call does not turn each answer into a string.
"""

from collections.abc import Sequence

import datalogic_py

from bench.rivals.point.spelling import json_logic
from bench.rivals.point.ways import MAPPING, PREPARED, Question, Way, true_places


def datalogic(asked: Question) -> Sequence[Way]:
    """Return the ways of asking datalogic."""
    engine = datalogic_py.Engine()
    session = engine.session()
    logic = [json_logic(rule) for rule in asked.rules]
    rules = [engine.compile(each) for each in logic]
    whole = engine.compile(logic)
    merged = engine.compile({"merge": [{"if": [each, number, []]} for number, each in enumerate(logic)]})
    handles = [datalogic_py.DataHandle(each) for each in asked.profiles]
    texts = asked.texts

    def read(answers: Sequence[str]) -> list[int]:
        return true_places([answer == "true" for answer in answers])

    return (
        Way(PREPARED, "evaluate_many", lambda i: session.evaluate_many(rules, handles[i]), read),
        Way(PREPARED, "one rule, a list", lambda i: session.evaluate_data(whole, handles[i]), true_places),
        Way(PREPARED, "one rule that merges", lambda i: session.evaluate_data(merged, handles[i]), list),
        Way(MAPPING, "evaluate_many", lambda i: session.evaluate_many(rules, datalogic_py.DataHandle(texts[i])), read),
        Way(MAPPING, "one rule, a list", lambda i: session.evaluate(whole, asked.profiles[i]), true_places),
        Way(MAPPING, "one rule that merges", lambda i: session.evaluate(merged, asked.profiles[i]), list),
    )
