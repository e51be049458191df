"""Ourselves, asked about one customer in every way that Python has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import fasttwitch as ft
from bench import ours
from bench.workloads.bases import NOW
from bench.workloads.touchpoint import TOUCHPOINT_RULES, Customers, Value, touchpoint_customers

CUSTOMERS = 2_000
MANY = 1_000
SAMPLE = 20_000  # customers from whom the shares of codes are taken, none of whom is asked about

Asked = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Subject:
    """A program and the customers it is asked about.

    matching  share of the rules that hold for a customer
    """

    program: ft.Program
    customers: Customers
    matching: float


@lru_cache(maxsize=2)
def subject(kind: str, rules: int, nulls: float = 0.02) -> Subject:
    """Return so many rules of a kind, and different customers."""
    customers = touchpoint_customers(CUSTOMERS, nulls)
    program = ft.compile(ours.ruleset(TOUCHPOINT_RULES[kind](rules)), customers.table.schema)
    program.analyze(touchpoint_customers(SAMPLE, nulls, seed=1).table)
    matched = sum(program.count(customers.table, now=NOW).values())
    return Subject(program, customers, matched / rules / CUSTOMERS)


def from_mappings(asked: Subject) -> Asked:
    """Return a function of the number of a customer: from a mapping of all attributes."""
    program, profiles = asked.program, asked.customers.profiles
    return lambda i: program.match(profiles[i], now=NOW)


def names_from_mappings(asked: Subject) -> Asked:
    """Return the same that also reads the names of the segments."""
    program, profiles = asked.program, asked.customers.profiles
    return lambda i: program.match(profiles[i], now=NOW).segments


def from_rows(asked: Subject) -> Asked:
    """Return a function of the number of a customer: from a prepared row."""
    program = asked.program
    rows = [program.row(profile) for profile in asked.customers.profiles]
    return lambda i: program.match(rows[i], now=NOW)


def names_from_rows(asked: Subject) -> Asked:
    """Return the same that also reads the names of the segments."""
    program = asked.program
    rows = [program.row(profile) for profile in asked.customers.profiles]
    return lambda i: program.match(rows[i], now=NOW).segments


def from_base(asked: Subject) -> Asked:
    """Return a function of the number of a customer: from a row of an encoded base."""
    program = asked.program
    base = program.encode(asked.customers.table)
    return lambda i: program.match(base.row(i), now=NOW)


def from_strangers(asked: Subject) -> Asked:
    """Return a function of the number of a customer: from a mapping whose strings nobody has seen before, once."""
    program = asked.program
    profiles = [_with_new_strings(profile, next(_numbers)) for profile in asked.customers.profiles]
    return lambda i: program.match(profiles[i], now=NOW)


def many_at_once(asked: Subject) -> Asked:
    """Return a function, of a number that does not matter, that asks about MANY customers at once."""
    program, profiles = asked.program, asked.customers.profiles[:MANY]
    return lambda _: program.match_many(profiles, now=NOW)


def many_rows_at_once(asked: Subject) -> Asked:
    """Return the same, about MANY prepared rows."""
    program = asked.program
    rows = [program.row(profile) for profile in asked.customers.profiles[:MANY]]
    return lambda _: program.match_many(rows, now=NOW)


def many_of_base_at_once(asked: Subject) -> Asked:
    """Return the same, about MANY rows of an encoded base."""
    program = asked.program
    base = program.encode(asked.customers.table)
    rows = [base.row(number) for number in range(MANY)]
    return lambda _: program.match_many(rows, now=NOW)


def explained(asked: Subject) -> Asked:
    """Return a function of the number of a customer: why it is in a segment, or is not."""
    program, profiles, names = asked.program, asked.customers.profiles, asked.program.names
    return lambda i: program.explain(profiles[i], names[i % len(names)], now=NOW)


_numbers = count()


def _with_new_strings(profile: Mapping[str, Value], number: int) -> dict[str, Value]:
    return {name: f"{value}?{number}" if isinstance(value, str) else value for name, value in profile.items()}
