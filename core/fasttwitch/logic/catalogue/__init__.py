"""Every plain function of the language: how it is written, what it takes and gives, and what it does to values.

Plain are functions that are strict, and whose type follows from the types of their arguments. What each one does is
defined once, in `fasttwitch.library`: constants are folded with it here, strings and rows are judged by it in `batch`.
"""

from collections.abc import Mapping

from fasttwitch.library import strings
from fasttwitch.logic.catalogue.clocks import CLOCKS
from fasttwitch.logic.catalogue.conversions import CONVERSIONS
from fasttwitch.logic.catalogue.mathematics import MATHEMATICS
from fasttwitch.logic.catalogue.products import PRODUCTS
from fasttwitch.logic.catalogue.signatures import EITHER, FUNCTION, METHOD, Define, Function, Overload
from fasttwitch.logic.catalogue.texts import TEXTS

__all__ = [
    "CATALOGUE",
    "EITHER",
    "FUNCTION",
    "LIST_OPERATORS",
    "METHOD",
    "STRING_OPERATORS",
    "Define",
    "Function",
    "Overload",
]

CATALOGUE: Mapping[str, Function] = {**CONVERSIONS, **CLOCKS, **TEXTS, **MATHEMATICS, **PRODUCTS}

# What stands in the typed tree under a name of its own, though it is written with operators or has a rule of its own.
STRING_OPERATORS: Mapping[str, Define] = {
    "+": lambda left, right: left + right,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}
# Of lists of anything; `size` of strings too.
LIST_OPERATORS: Mapping[str, Define] = {
    "[]": strings.element,
    "size": len,
    "in": lambda value, values: value in values,
}
