"""How a rival is asked about one customer, and in what form it answers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from bench.rivals.conditions import Condition, Constant, conditions
from bench.workloads.bases import NOW
from bench.workloads.touchpoint import Customers

Plain: TypeAlias = float | int | str | bool

PREPARED, MAPPING = "prepared", "mapping"


@dataclass(frozen=True, slots=True)
class Question:
    """The same rules and customers for everybody.

    rules     conditions, in the order of the document
    profiles  of each customer; instants are seconds since 1970
    texts     the same as JSON
    """

    rules: tuple[Condition, ...]
    profiles: tuple[dict[str, Plain], ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking.

    category  PREPARED: what can be done with the customer beforehand is done; MAPPING: from a mapping or from JSON
    name      in few words
    ask       answers about a customer, given its number: this is what is measured
    matched   numbers of the rules that hold, from an answer
    """

    category: str
    name: str
    ask: Callable[[int], Any]
    matched: Callable[[Any], list[int]]


PointRival: TypeAlias = Callable[[Question], Sequence[Way]]


def question(rules: Mapping[str, str], customers: Customers) -> Question:
    """Return rules and customers as rivals take them."""
    profiles = tuple({name: plain(value) for name, value in each.items()} for each in customers.profiles)
    translated = tuple(conditions(rules, customers.table.schema, NOW).values())
    return Question(translated, profiles, tuple(map(json.dumps, profiles)))


def plain(value: Constant | bool | None) -> Plain:
    """Return a value that JSON knows."""
    match value:
        case datetime():
            return int(value.timestamp())
        case None | date() | Decimal():
            raise NotImplementedError("rivals are asked about complete customers, in numbers, texts and Booleans")
        case _:
            return value


def true_places(answers: Sequence[object]) -> list[int]:
    """Return where a list of answers says true."""
    return [place for place, answer in enumerate(answers) if answer]
