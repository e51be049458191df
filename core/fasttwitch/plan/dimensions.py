"""The codes of one customer: one small integer for each source that the rules read.

Bulk runs spread the codes of a codebook over bytes ("planes"); at the point a code is one int32, and each test of a
string has codes of its own. The classes of values are the same.

    ordered    0 null, [1 NaN,] then 1 (2 where NaN exists) plus the number of cuts at or below the value
    truths     0 unknown, 1 false, 2 true; tests of strings too
    names      0 null, 1 no name of the rules, 2 + number of the class
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fasttwitch.plan.codebooks import Codebook, NamesCodebook, OrderedCodebook, TextTestsCodebook
from fasttwitch.plan.sources import Source
from fasttwitch.plan.value_sets import Cut, Names, Ranges, Truths, ValueSet

Runs: TypeAlias = tuple[tuple[int, int], ...]  # (first, last) codes, ascending, with gaps between them


@dataclass(frozen=True, slots=True)
class Dimension:
    """The codes of one source.

    source    what is coded
    codebook  number of the plan's codebook that tells its values apart
    test      index within a TextTestsCodebook, else 0
    codes     how many there are
    """

    source: Source
    codebook: int
    test: int
    codes: int


def dimensions_of(codebooks: Sequence[Codebook]) -> tuple[Dimension, ...]:
    """Return the dimensions of a plan, those of one codebook side by side."""
    dimensions: list[Dimension] = []
    for number, codebook in enumerate(codebooks):
        match codebook:
            case OrderedCodebook(source, cuts, has_nan):
                dimensions.append(Dimension(source, number, 0, len(cuts) + 2 + has_nan))
            case NamesCodebook(source, classes):
                dimensions.append(Dimension(source, number, 0, len(classes) + 2))
            case TextTestsCodebook(_, tests):
                dimensions += (Dimension(test, number, index, 3) for index, test in enumerate(tests))
            case _:
                dimensions.append(Dimension(codebook.source, number, 0, 3))
    return tuple(dimensions)


def runs_by(codebook: Codebook) -> Callable[[ValueSet], Runs]:
    """Return what gives the codes of a set of values of a codebook."""
    match codebook:
        case OrderedCodebook(_, cuts, has_nan):
            first = 1 + has_nan
            code_of = {cut: first + 1 + number for number, cut in enumerate(cuts)}
            return lambda values: _range_runs(values, code_of, first)
        case NamesCodebook(_, classes):
            class_of = {name: 2 + number for number, members in enumerate(classes) for name in members}
            return lambda values: _name_runs(values, class_of, len(classes) + 2)
        case _:
            return _truth_runs


def _truth_runs(values: ValueSet) -> Runs:
    assert isinstance(values, Truths)
    return _joined((code, code) for code in range(3) if values.bits >> code & 1)


def _name_runs(values: ValueSet, class_of: Mapping[str, int], codes: int) -> Runs:
    assert isinstance(values, Names)
    named = sorted({class_of[name] for name in values.names})
    runs = [(0, 0)] if values.null else []
    if not values.others:
        return _joined([*runs, *((code, code) for code in named)])
    begin = 1
    for code in named:
        if begin < code:
            runs.append((begin, code - 1))
        begin = code + 1
    return _joined([*runs, (begin, codes - 1)] if begin < codes else runs)


def _range_runs(values: ValueSet, code_of: Mapping[Cut, int], first: int) -> Runs:
    assert isinstance(values, Ranges)
    ends = [first] if values.below else []
    ends += [code_of[cut] for cut in values.cuts]
    ends += [first + len(code_of) + 1] * (len(ends) % 2)
    runs = [(0, 0)] * values.null + [(1, 1)] * (values.nan and first == 2)  # code 1 is NaN only where there is NaN
    return _joined([*runs, *((begin, end - 1) for begin, end in zip(ends[::2], ends[1::2], strict=True))])


def _joined(runs: Iterable[tuple[int, int]]) -> Runs:
    """Return ascending runs, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)
