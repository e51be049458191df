"""What a call from Python takes: each customer by itself, by the clock of the system."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.point import ours
from bench.point.ours import Asked, Subject, subject
from bench.point.results import Call


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking.

    customers  that one answer is about
    answers    measured in a turn
    goal       microseconds a customer at 10,000 rules
    """

    what: str
    prepare: Callable[[Subject], Asked]
    customers: int = 1
    answers: int = ours.CUSTOMERS
    goal: float | None = None


MAPPING = Way("a mapping", ours.from_mappings, goal=30.0)
ROW = Way("a prepared row", ours.from_rows, goal=9.0)
MANY = Way("1,000 mappings at once, each", ours.many_at_once, customers=ours.MANY, answers=3, goal=8.0)
MANY_ROWS = Way("1,000 prepared rows at once, each", ours.many_rows_at_once, ours.MANY, answers=3, goal=8.0)
MANY_OF_BASE = Way("1,000 rows of a base at once, each", ours.many_of_base_at_once, ours.MANY, answers=3, goal=8.0)
ALL = (
    MAPPING,
    Way("a mapping, names read", ours.names_from_mappings),
    ROW,
    Way("a prepared row, names read", ours.names_from_rows),
    Way("a row of an encoded base", ours.from_base),
    MANY,
    MANY_ROWS,
    MANY_OF_BASE,
    Way("a mapping, no string seen before", ours.from_strangers),
    Way("why, or why not", ours.explained, answers=50),
)


def call_cases(rounds: int) -> Iterator[Call]:
    """Yield what calls take: all of them where goals are set, the usual ones with other rules."""
    yield from timed("plain", 10_000, rounds, ALL)
    for kind, rules in (("selective", 10_000), ("nested", 10_000), ("plain", 1_000)):
        yield from timed(kind, rules, rounds, (MAPPING, ROW, MANY))


def timed(kind: str, rules: int, rounds: int, ways: Sequence[Way]) -> list[Call]:
    """Return what calls take, in turns."""
    asked = subject(kind, rules)
    medians: dict[str, list[float]] = {way.what: [] for way in ways}
    highs: dict[str, list[float]] = {way.what: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            taken = turn(way.prepare(asked), way.answers, way.customers)
            medians[way.what].append(statistics.median(taken))
            if way.customers == 1:
                highs[way.what].append(float(np.percentile(taken, 99)))
    return [
        Call(
            way.what,
            kind,
            rules,
            asked.matching,
            medians[way.what],
            highs[way.what],
            way.goal if rules == 10_000 else None,
        )
        for way in ways
    ]


def turn(ask: Asked, answers: int, customers: int) -> list[float]:
    """Return the microseconds of each customer, of answers that are about so many customers each."""
    ask(0)
    taken = [0] * answers
    gc.collect()
    gc.disable()
    try:
        for i in range(answers):
            begin = time.perf_counter_ns()
            ask(i)
            taken[i] = time.perf_counter_ns() - begin
    finally:
        gc.enable()
    return [nanoseconds / 1e3 / customers for nanoseconds in taken]
