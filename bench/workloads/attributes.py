"""Kinds of attributes: how a column is drawn, and how a marketer asks about it.

Each function returns an attribute of one Arrow type. Columns are independent of each other: engines that skip work
because columns are correlated would look better on data that we invented than on real data, and so would we.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.random import Generator

Values: TypeAlias = npt.NDArray[Any]

# What people type: round numbers, and now and then an odd one.
ROUND_AMOUNTS = (25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600)
WINDOWS_DAYS = (1, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 365, 540, 730)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a customer.

    name       as rules name it
    weight     how often rules ask about it, against the others
    column     draws a column of so many rows
    condition  writes one condition on it
    """

    name: str
    weight: float
    column: Callable[[Generator, int], pa.Array]
    condition: Callable[[Random], str]


def amount(name: str, typical: float, *, type: pa.DataType, nulls: float, weight: float) -> Attribute:
    """Return an attribute of money: mostly small, a few large, two decimals."""

    def column(generator: Generator, rows: int) -> pa.Array:
        values = generator.gamma(2.0, typical / 2.0, rows)
        return pa.array(values.astype(type.to_pandas_dtype()), mask=_missing(generator, rows, nulls))

    def condition(random: Random) -> str:
        value = random.choice(ROUND_AMOUNTS) + random.choice((0, 0, 0, random.randrange(50)))
        return f"{name} {random.choice(('>', '<', '>=', '<='))} {value:.1f}"

    return Attribute(name, weight, column, condition)


def money(name: str, typical: int, *, nulls: float, weight: float) -> Attribute:
    """Return an attribute of exact money: decimal128(12, 2)."""

    def column(generator: Generator, rows: int) -> pa.Array:
        cents = generator.gamma(2.0, typical * 50.0, rows).astype(np.int64)
        words = np.zeros(
            (rows, 2), dtype=np.int64
        )  # little-endian 128 bits; the high word of what is not negative is 0
        words[:, 0] = cents
        valid = ~_missing(generator, rows, nulls)
        validity = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
        return pa.Array.from_buffers(pa.decimal128(12, 2), rows, [validity, pa.py_buffer(words)])

    def condition(random: Random) -> str:
        cents = random.choice((0, 50, 99))
        return f"{name} {random.choice(('>', '<', '>=', '<='))} {random.choice(ROUND_AMOUNTS)}.{cents:02d}"

    return Attribute(name, weight, column, condition)


def share(name: str, *, nulls: float, weight: float) -> Attribute:
    """Return an attribute between 0 and 1 that some model made: float32."""

    def column(generator: Generator, rows: int) -> pa.Array:
        values = generator.beta(2.0, 5.0, rows).astype(np.float32)
        return pa.array(values, mask=_missing(generator, rows, nulls))

    def condition(random: Random) -> str:
        # Sixteenths: exact in 32 bits, so that rivals may compare in 32 bits and still count the same.
        return f"{name} {random.choice(('>', '<', '>=', '<='))} {random.randrange(1, 14) / 16}"

    return Attribute(name, weight, column, condition)


def number(name: str, mean: float, *, type: pa.DataType, nulls: float, weight: float) -> Attribute:
    """Return an attribute that counts something: orders, visits, years."""

    def column(generator: Generator, rows: int) -> pa.Array:
        values = generator.poisson(mean, rows).astype(type.to_pandas_dtype())
        return pa.array(values, mask=_missing(generator, rows, nulls))

    def condition(random: Random) -> str:
        value = max(0, round(random.gauss(mean, mean**0.5 * 1.5)))
        return f"{name} {random.choice(('>', '<', '>=', '<=', '=='))} {value}"

    return Attribute(name, weight, column, condition)


def unix_seconds(name: str, first: int, last: int, *, nulls: float, weight: float) -> Attribute:
    """Return an attribute that holds an instant as a plain integer, as too many bases do."""

    def column(generator: Generator, rows: int) -> pa.Array:
        return pa.array(generator.integers(first, last, rows), mask=_missing(generator, rows, nulls))

    def condition(random: Random) -> str:
        value = first + 86_400 * random.randrange(0, (last - first) // 86_400, 10)
        return f"{name} {random.choice(('>', '<'))} {value}"

    return Attribute(name, weight, column, condition)


def instant(name: str, now: int, days: int, *, unit: str, nulls: float, weight: float) -> Attribute:
    """Return an attribute that says when something happened last: a timestamp, recent ones more often."""
    scale = {"ms": 1_000, "us": 1_000_000}[unit]

    def column(generator: Generator, rows: int) -> pa.Array:
        seconds = now - generator.exponential(days / 3.0, rows) * 86_400.0
        values = (seconds * scale).astype(np.int64)
        return pa.array(values, mask=_missing(generator, rows, nulls)).cast(pa.timestamp(unit, tz="UTC"))

    def condition(random: Random) -> str:
        return f"now - {name} {random.choice(('<', '<', '>', '>='))} days({random.choice(WINDOWS_DAYS)})"

    return Attribute(name, weight, column, condition)


def day(name: str, first: int, last: int, *, nulls: float, weight: float) -> Attribute:
    """Return an attribute that is a calendar day: date32, as days since 1970."""

    def column(generator: Generator, rows: int) -> pa.Array:
        values = generator.integers(first, last, rows).astype(np.int32)
        return pa.array(values, mask=_missing(generator, rows, nulls)).cast(pa.date32())

    def condition(random: Random) -> str:
        written = np.datetime64(random.randrange(first, last, 7), "D")
        return f'{name} {random.choice(("<", ">="))} date("{written}")'

    return Attribute(name, weight, column, condition)


def flag(name: str, probability: float, *, nulls: float, weight: float) -> Attribute:
    """Return an attribute that is true or false."""

    def column(generator: Generator, rows: int) -> pa.Array:
        return pa.array(generator.random(rows) < probability, mask=_missing(generator, rows, nulls))

    def condition(random: Random) -> str:
        return name

    return Attribute(name, weight, column, condition)


def category(name: str, words: Sequence[str], *, nulls: float, weight: float) -> Attribute:
    """Return an attribute that takes one of a few words: a dictionary of strings."""

    def column(generator: Generator, rows: int) -> pa.Array:
        indices = generator.integers(0, len(words), rows).astype(np.int32)
        return pa.DictionaryArray.from_arrays(
            pa.array(indices, mask=_missing(generator, rows, nulls)), pa.array(words, type=pa.string())
        )

    def condition(random: Random) -> str:
        return _one_of(name, words, random)

    return Attribute(name, weight, column, condition)


def text(name: str, stems: Sequence[str], values: int, *, nulls: float, weight: float) -> Attribute:
    """Return an attribute of plain strings, `values` different ones, each a stem and a number."""
    words = [f"{stems[i % len(stems)]}-{i:03d}" for i in range(values)]

    def column(generator: Generator, rows: int) -> pa.Array:
        indices = pa.array(generator.integers(0, values, rows), mask=_missing(generator, rows, nulls))
        return pa.array(words, type=pa.string()).take(indices)

    def condition(random: Random) -> str:
        if random.random() < 0.3:
            return f'{name}.startsWith("{random.choice(stems)}-")'
        return _one_of(name, words, random)

    return Attribute(name, weight, column, condition)


def _one_of(name: str, words: Sequence[str], random: Random) -> str:
    """Return a condition that asks for one word or for a few."""
    if random.random() < 0.5:
        return f'{name} == "{random.choice(words)}"'
    wanted = sorted(random.sample(list(words), min(len(words) - 1, random.randrange(2, 8))))
    quoted = ", ".join(f'"{word}"' for word in wanted)
    return f"{name} in [{quoted}]"


def _missing(generator: Generator, rows: int, nulls: float) -> Values:
    """Return which rows have no value."""
    return generator.random(rows) < nulls
