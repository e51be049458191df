"""zen-engine, the business rules of GoRules in Rust: compiled expressions, or a decision that is loaded once.

A decision table that collects is its own way of asking which of many rules hold. It has no customers prepared
beforehand: mappings and JSON are read anew with each call, so both categories get the quicker one.
"""

import json
from collections.abc import Sequence
from typing import Any

import zen as zen_engine

from bench.rivals.point.spelling import WORDS, listed, spelled
from bench.rivals.point.ways import MAPPING, PREPARED, Question, Way, true_places


def zen(asked: Question) -> Sequence[Way]:
    """Return the ways of asking zen."""
    texts = [spelled(rule, WORDS) for rule in asked.rules]
    each = [zen_engine.compile_expression(text) for text in texts]
    whole = zen_engine.compile_expression(listed(texts))
    decision = zen_engine.ZenEngine().create_decision(_table(texts))

    def ask_each(i: int) -> list[Any]:
        customer = asked.texts[i]
        return [expression.evaluate(customer) for expression in each]

    def rows(answer: dict[str, Any]) -> list[int]:
        return [row["rule"] for row in answer["result"]]

    return tuple(
        way
        for category in (PREPARED, MAPPING)
        for way in (
            Way(category, "an expression a rule", ask_each, true_places),
            Way(category, "one expression, a list", lambda i: whole.evaluate(asked.profiles[i]), true_places),
            Way(category, "a decision table", lambda i: decision.evaluate(asked.texts[i]), rows),
        )
    )


def _table(texts: Sequence[str]) -> str:
    """Return a decision whose table collects the numbers of all rules that hold."""
    rules = [{"_id": f"rule {number}", "if": text, "then": str(number)} for number, text in enumerate(texts)]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "if", "name": "if"}],
        "outputs": [{"id": "then", "name": "then", "field": "rule"}],
        "rules": rules,
    }
    nodes = [
        _node("customer", "inputNode", {}),
        _node("rules", "decisionTableNode", table),
        _node("answer", "outputNode", {}),
    ]
    edges = [
        {"id": f"{source} {target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("customer", "rules"), ("rules", "answer"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _node(name: str, type: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": name, "type": type, "position": {"x": 0, "y": 0}, "content": content}
