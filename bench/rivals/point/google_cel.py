"""cel-expr-python, Google's CEL in C++: checked expressions, an activation with the customer's variables.

One list of all rules is not possible: an expression may have 100,000 characters.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cel_expr_python.cel as google

from bench.rivals.point.spelling import CEL, spelled
from bench.rivals.point.ways import MAPPING, PREPARED, Plain, Question, Way, true_places


def google_cel(asked: Question) -> Sequence[Way]:
    """Return the ways of asking Google's CEL."""
    environment = google.NewEnv(variables=_types(asked.profiles[0]))
    expressions = [environment.compile(spelled(rule, CEL)) for rule in asked.rules]
    activations = [environment.Activation(data=each) for each in asked.profiles]

    def ask(activation: Any) -> list[Any]:
        return [expression.eval(activation).value() for expression in expressions]

    return (
        Way(PREPARED, "an expression a rule", lambda i: ask(activations[i]), true_places),
        Way(
            MAPPING, "an expression a rule", lambda i: ask(environment.Activation(data=asked.profiles[i])), true_places
        ),
    )


def _types(profile: Mapping[str, Plain]) -> dict[str, Any]:
    """Return the declared type of each attribute."""
    types = {float: google.Type.DOUBLE, int: google.Type.INT, str: google.Type.STRING, bool: google.Type.BOOL}
    return {name: types[type(value)] for name, value in profile.items()}
