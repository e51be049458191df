"""Ourselves and rivals, about the same customers, in turns."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.point.ours import Subject, from_mappings, from_rows, subject
from bench.point.results import OURS, Against
from bench.point.tables import NAMES_READ
from bench.rivals.point.ways import MAPPING, PREPARED, Way, question
from bench.rounds import interleaved
from bench.workloads.touchpoint import TOUCHPOINT_RULES

GOALS = {(PREPARED, 1_000): 80.0, (MAPPING, 1_000): 20.0}
TURN_MILLISECONDS = 20.0  # that a turn of one contender takes, if it is quick enough
COMPARED = 100  # customers
COMPARED_AT_LEAST = 5  # however slow a contender is


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who is asked.

    ask        about a customer, by number
    matched    numbers of the rules that hold, from an answer
    customers  how many there are to ask about
    """

    ask: Callable[[int], Any]
    matched: Callable[[Any], list[int]]
    customers: int


def against_cases(rounds: int) -> Iterator[Against]:
    """Yield ourselves against all rivals, at 100 and at 1,000 rules."""
    from bench.rivals.point.registry import POINT_RIVALS  # here, because the tests of this file do without rivals

    for rules in (100, 1_000):
        yield from against("plain", rules, rounds, tuple(POINT_RIVALS))


def against(kind: str, rules: int, rounds: int, rivals: Sequence[str]) -> list[Against]:
    """Return both categories, after comparing what everybody answers, customer by customer."""
    from bench.rivals.point.registry import POINT_RIVALS

    asked = subject(kind, rules, nulls=0.0)
    posed = question(TOUCHPOINT_RULES[kind](rules), asked.customers.first(COMPARED))
    ways = {name: POINT_RIVALS[name](posed) for name in rivals}
    found = []
    for category in (PREPARED, MAPPING):
        times = in_turns(_ourselves(asked, category) | _rivals(ways, category), rounds)
        found.append(Against(category, rules, asked.matching, times, GOALS.get((category, rules))))
    return found


def in_turns(contenders: Mapping[str, Contender], rounds: int) -> dict[str, list[float]]:
    """Return the microseconds a customer of each contender in each round, after comparing their answers.

    A turn is as many customers as fit into TURN_MILLISECONDS: always the first ones, so all are asked about the same.
    """
    first = next(iter(contenders.values()))
    expected = [sorted(first.matched(first.ask(i))) for i in range(COMPARED)]
    customers = {name: _compared(name, contender, expected) for name, contender in contenders.items()}
    turns = {name: _turn(contender.ask, customers[name]) for name, contender in contenders.items()}
    times = interleaved(turns, rounds)
    return {name: [each * 1e3 / customers[name] for each in times[name]] for name in times}


def _compared(name: str, contender: Contender, expected: Sequence[list[int]]) -> int:
    """Return how many customers a contender can be asked about in a turn; raise if it answers anything else."""
    taken: list[float] = []
    for i, matched in enumerate(expected):
        begin = time.perf_counter()
        answer = contender.ask(i)
        taken.append((time.perf_counter() - begin) * 1e3)
        if sorted(contender.matched(answer)) != matched:
            raise AssertionError(f"{name} answers otherwise about customer {i}")
        if i + 1 >= COMPARED_AT_LEAST and sum(taken) > 50 * TURN_MILLISECONDS:
            break
    return max(1, min(contender.customers, int(TURN_MILLISECONDS / statistics.median(taken))))


def _turn(ask: Callable[[int], Any], customers: int) -> Callable[[], object]:
    def turn() -> None:
        for i in range(customers):
            ask(i)

    return turn


def _ourselves(asked: Subject, category: str) -> dict[str, Contender]:
    """Return ourselves, without and with reading the names of segments."""
    numbers = {name: number for number, name in enumerate(asked.program.names)}
    ask: Any = (from_rows if category == PREPARED else from_mappings)(asked)

    def matched(answer: Any) -> list[int]:
        segments = answer if isinstance(answer, tuple) else answer.segments
        return [numbers[name] for name in segments]

    return {
        OURS: Contender(ask, matched, len(asked.customers.profiles)),
        NAMES_READ: Contender(lambda i: ask(i).segments, matched, len(asked.customers.profiles)),
    }


def _rivals(ways: Mapping[str, Sequence[Way]], category: str) -> dict[str, Contender]:
    return {
        f"{rival}: {way.name}": Contender(way.ask, way.matched, COMPARED)
        for rival, each in ways.items()
        for way in each
        if way.category == category
    }
