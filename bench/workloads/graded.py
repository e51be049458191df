"""Attributes whose conditions can be asked for by the share of customers that meet them.

A scale is cut by 200 constants into classes of about equally many customers, words are more or less popular: so a rule
can be made of conditions of known selectivity, as the measurement of one customer against many rules needs it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.random import Generator

CUTS = 200

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Graded:
    """An attribute of a customer.

    name       as rules name it
    constants  that rules compare it with, as many as there can be
    column     draws a column of so many rows, a share of them null
    wide       writes a condition that about such a share of the customers meets
    narrow     writes a condition that about 1 % meets, or nothing where there is none
    """

    name: str
    constants: int
    column: Callable[[Generator, int, float], pa.Array]
    wide: Callable[[Random, float], str]
    narrow: Callable[[Random], str] | None


def amount(name: str, mean: float) -> Graded:
    """Return an attribute of money or the like: many small, few large; a double."""
    cuts = np.round(_exponential(mean), 2)
    return _scale(name, cuts, pa.float64(), [f"{cut:.2f}" for cut in cuts])


def share(name: str) -> Graded:
    """Return an attribute between 0 and 1 that some model made; a double."""
    cuts = np.round(np.arange(1, CUTS + 1) / (CUTS + 1), 3)
    return _scale(name, cuts, pa.float64(), [f"{cut:.3f}" for cut in cuts])


def count(name: str, mean: float, type: pa.DataType) -> Graded:
    """Return an attribute that counts something: an integer; `mean` is 500 or more, so that the cuts differ."""
    cuts = np.round(_exponential(mean))
    return _scale(name, cuts, type, [f"{cut:.0f}" for cut in cuts])


def recency(name: str, mean_days: float, now: int) -> Graded:
    """Return an attribute that says when something happened last, to the second; rules ask how long ago that is."""
    cuts = np.round(_exponential(mean_days))
    ages = _scale(f"now - {name}", cuts, pa.float64(), [f"days({cut:.0f})" for cut in cuts])

    def column(generator: Generator, rows: int, nulls: float) -> pa.Array:
        seconds = now - np.rint(_drawn(generator, rows, cuts) * 86_400.0)
        microseconds = (seconds * 1e6).astype(np.int64)
        return pa.array(microseconds, mask=generator.random(rows) < nulls).cast(pa.timestamp("us", tz="UTC"))

    return Graded(name, CUTS, column, ages.wide, ages.narrow)


def word(name: str, words: Sequence[str]) -> Graded:
    """Return an attribute that takes one of some words, the first the most popular; a string.

    A wide condition lists as many words as it takes, or excludes them; of more than a thousand words it excludes a few,
    which nearly everybody meets.
    """
    popularity = 1.0 / (np.arange(len(words)) + 3.0)
    popularity /= popularity.sum()
    rare = [place for place, part in enumerate(popularity) if 0.007 <= part <= 0.014]

    def column(generator: Generator, rows: int, nulls: float) -> pa.Array:
        places = generator.choice(len(words), rows, p=popularity)
        return pa.array(words, pa.string()).take(pa.array(places, mask=generator.random(rows) < nulls))

    def wide(random: Random, wanted: float) -> str:
        if len(words) > 1_000:
            return _without(name, random.sample(list(words), random.randrange(1, 6)))
        left = max(0.05, wanted if wanted <= 0.5 else 1.0 - wanted)
        chosen: list[str] = []
        for place in dict.fromkeys(random.choices(range(len(words)), popularity.tolist(), k=len(words))):
            if popularity[place] < 1.5 * left:
                left -= popularity[place]
                chosen.append(words[place])
            if left < 0.02:
                break
        return _within(name, chosen) if wanted <= 0.5 else _without(name, chosen)

    def narrow(random: Random) -> str:
        return f'{name} == "{words[random.choice(rare)]}"'

    return Graded(name, len(words), column, wide, narrow if rare else None)


def flag(name: str, probability: float) -> Graded:
    """Return an attribute that is true or false."""

    def column(generator: Generator, rows: int, nulls: float) -> pa.Array:
        return pa.array(generator.random(rows) < probability, mask=generator.random(rows) < nulls)

    def wide(random: Random, wanted: float) -> str:
        return name if abs(wanted - probability) < abs(wanted - 1.0 + probability) else f"!{name}"

    return Graded(name, 1, column, wide, None)


def _scale(name: str, cuts: Floats, type: pa.DataType, written: Sequence[str]) -> Graded:
    """Return an attribute of numbers, given the constants that rules compare it with and how they are written."""
    assert len(set(written)) == CUTS

    def column(generator: Generator, rows: int, nulls: float) -> pa.Array:
        values = _drawn(generator, rows, cuts)
        whole = np.floor(values) if pa.types.is_integer(type) else np.round(values, 4)
        return pa.array(whole.astype(type.to_pandas_dtype()), mask=generator.random(rows) < nulls)

    def wide(random: Random, wanted: float) -> str:
        classes = max(1, min(CUTS, round(wanted * (CUTS + 1))))
        match random.randrange(4):
            case 0:
                return f"{name} < {written[classes - 1]}"
            case 1:
                return f"{name} >= {written[CUTS - classes]}"
            case _:
                first = random.randrange(CUTS - classes) if classes < CUTS else 0
                last = min(first + classes, CUTS - 1)
                return f"{name} >= {written[first]} && {name} < {written[last]}"

    def narrow(random: Random) -> str:
        first = random.randrange(CUTS - 2)
        return f"{name} >= {written[first]} && {name} < {written[first + 2]}"

    return Graded(name, CUTS, column, wide, narrow)


def _exponential(mean: float) -> Floats:
    """Return the constants that cut an exponential distribution into classes of equally many."""
    cuts: Floats = -mean * np.log1p(-np.arange(1, CUTS + 1) / (CUTS + 1))
    return cuts


def _drawn(generator: Generator, rows: int, cuts: Floats) -> Floats:
    """Return values, equally many of them between each two cuts."""
    places = generator.random(rows) * (CUTS + 1)
    values: Floats = np.interp(places, np.arange(CUTS + 2), [0.0, *cuts, cuts[-1] * 1.5])
    return values


def _within(name: str, words: Sequence[str]) -> str:
    return f"{name} in [{', '.join(_quoted(words))}]" if len(words) > 1 else f'{name} == "{words[0]}"'


def _without(name: str, words: Sequence[str]) -> str:
    return f"!({_within(name, words)})"


def _quoted(words: Sequence[str]) -> list[str]:
    return sorted(f'"{each}"' for each in words)
