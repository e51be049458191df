"""Codebooks: for each source, the classes of values that the program tells apart, spread over code columns.

A code column holds a byte a row, so a codebook of more classes is split over *planes*. A test compares one plane with
one code and fills one bitmask slot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from fasttwitch.plan.reads import may_fail
from fasttwitch.plan.sources import Path, Source, TextTest
from fasttwitch.plan.value_sets import Cut, Names, Ranges, ValueSet

# Limits of one plane; with codes 0 (null) and 1 (NaN, or "no class") they fill a byte.
CUTS_A_PLANE = 253
THRESHOLDS_A_PLANE = 126
NAMES_A_PLANE = 254
TESTS_A_PLANE = 7  # bit 7 says "not null"


@dataclass(frozen=True, slots=True)
class OrderedCodebook:
    """Cuts of an ordered source.

    cuts   ascending; ints, or (value, side) for doubles and decimals
    """

    source: Source
    cuts: tuple[Cut, ...]
    has_nan: bool


@dataclass(frozen=True, slots=True)
class TruthCodebook:
    """A Boolean source: 0 unknown, 1 false, 2 true. A test of strings is one where a string may make it unknown."""

    source: Source


@dataclass(frozen=True, slots=True)
class NamesCodebook:
    """Classes of strings: names that no set of the program tells apart are one class.

    classes   the names of each class; class i has code 2 + i % 254 in plane i // 254, where all other strings have 1
    """

    source: Source
    classes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class TextTestsCodebook:
    """Tests of one string column: bit i % 7 of plane i // 7 is test i, bit 7 says that the string is not null."""

    path: Path
    tests: tuple[TextTest, ...]


Codebook: TypeAlias = OrderedCodebook | TruthCodebook | NamesCodebook | TextTestsCodebook


@dataclass(frozen=True, slots=True)
class Plane:
    """One code column: part `part` of codebook number `codebook`."""

    codebook: int
    part: int


def planes_of(codebook: Codebook) -> int:
    """Return how many planes a codebook needs."""
    match codebook:
        case OrderedCodebook(_, cuts, has_nan) if has_nan:
            return _ceiling(len(thresholds_of(cuts)), THRESHOLDS_A_PLANE)
        case OrderedCodebook(_, cuts):
            return _ceiling(len(cuts), CUTS_A_PLANE)
        case NamesCodebook(_, classes):
            return _ceiling(len(classes), NAMES_A_PLANE)
        case TextTestsCodebook(_, tests):
            return _ceiling(len(tests), TESTS_A_PLANE)
    return 1


def thresholds_of(cuts: Iterable[Cut]) -> tuple[float, ...]:
    """Return the distinct values at which double cuts stand, ascending."""
    values: list[float] = []
    for cut in cuts:
        assert isinstance(cut, tuple)
        value = cut[0]
        assert isinstance(value, float)
        if not values or values[-1] != value:
            values.append(value)
    return tuple(values)


def ordered_codebook(source: Source, sets: Iterable[Ranges]) -> OrderedCodebook:
    """Return the codebook whose cuts are those of all `sets`."""
    cuts: set[Cut] = set()
    has_nan = False
    for values in sets:
        cuts.update(values.cuts)
        has_nan = values.has_nan
    return OrderedCodebook(source, tuple(sorted(cuts, key=_order)), has_nan)


def names_codebook(source: Source, sets: Iterable[Names]) -> NamesCodebook:
    """Return the codebook whose classes are the names that the same `sets` mention."""
    mentions: dict[str, list[int]] = {}
    for number, values in enumerate({values.names for values in sets}):
        for name in values:
            mentions.setdefault(name, []).append(number)
    by_mentions: dict[tuple[int, ...], list[str]] = {}
    for name in sorted(mentions):
        by_mentions.setdefault(tuple(mentions[name]), []).append(name)
    return NamesCodebook(source, tuple(sorted(map(tuple, by_mentions.values()))))


def codebooks_of(
    sources: list[Source], sets: dict[int, set[ValueSet]]
) -> tuple[list[Codebook], dict[int, tuple[int, int]]]:
    """Return the codebooks of all sources in use, and for each source its (codebook, index of its text test).

    sets   source number → the sets of its values that the program uses
    """
    codebooks: list[Codebook] = []
    homes: dict[int, tuple[int, int]] = {}
    tests: dict[Path, list[int]] = {}
    for number in sorted(sets):
        source = sources[number]
        if isinstance(source, TextTest) and not may_fail(source.test):
            tests.setdefault(source.path, []).append(number)
            continue
        homes[number] = (len(codebooks), 0)
        values = sets[number]
        match next(iter(values)):
            case Ranges():
                codebooks.append(ordered_codebook(source, values))  # type: ignore[arg-type]
            case Names():
                codebooks.append(names_codebook(source, values))  # type: ignore[arg-type]
            case _:
                codebooks.append(TruthCodebook(source))
    for path, numbers in tests.items():
        for index, number in enumerate(numbers):
            homes[number] = (len(codebooks), index)
        codebooks.append(TextTestsCodebook(path, tuple(sources[number] for number in numbers)))  # type: ignore[misc]
    return codebooks, homes


def _order(cut: Cut) -> tuple[int | float | Decimal, int]:
    return cut if isinstance(cut, tuple) else (cut, 0)


def _ceiling(count: int, limit: int) -> int:
    return max(1, -(-count // limit))


def tested_path(codebook: Codebook) -> Path | None:
    """Return the string column that a codebook asks more of than which name it equals."""
    match codebook:
        case TextTestsCodebook(path) | TruthCodebook(TextTest(path)):
            return path
    return None
