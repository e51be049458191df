"""The codes of one customer: one small integer for each source that the rules read.

Bulk runs spread the codes of a codebook over bytes ("planes"); at the point a code is one int32, and each test of a
string has codes of its own. The classes of values are the same.

    ordered    0 null, [1 NaN,] then 1 (2 where NaN exists) plus the number of cuts at or below the value
    truths     0 unknown, 1 false, 2 true; tests of strings too
    names      0 null, 1 no name of the rules, 2 + number of the class
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fasttwitch.plan.codebooks import Codebook, NamesCodebook, OrderedCodebook, TextTestsCodebook
from fasttwitch.plan.sources import Source
from fasttwitch.plan.value_sets import Names, Ranges, Truths, ValueSet


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


def code_runs(values: ValueSet, codebook: Codebook) -> tuple[tuple[int, int], ...]:
    """Return the codes of a set as runs (first, last), ascending, with gaps between them."""
    match values, codebook:
        case Truths(bits), _:
            return _runs_of([code for code in range(3) if bits >> code & 1])
        case Names(names, others, null), NamesCodebook(_, classes):
            named = [2 + number for number, members in enumerate(classes) if (members[0] in names) != others]
            return _runs_of([0] * null + [1] * others + named)
        case Ranges(), OrderedCodebook():
            return _range_runs(values, codebook)
    raise AssertionError("a set of another family than its codebook")


def _range_runs(values: Ranges, codebook: OrderedCodebook) -> tuple[tuple[int, int], ...]:
    first = 1 + codebook.has_nan
    toggles = [first + 1 + codebook.cuts.index(cut) for cut in values.cuts]
    ends = [first, *toggles] if values.below else toggles
    ends += [first + len(codebook.cuts) + 1] * (len(ends) % 2)
    runs = [(0, 0)] * values.null + [(1, 1)] * values.nan
    runs += [(begin, end - 1) for begin, end in zip(ends[::2], ends[1::2], strict=True)]
    return _joined(runs)


def _runs_of(codes: list[int]) -> tuple[tuple[int, int], ...]:
    return _joined([(code, code) for code in codes])


def _joined(runs: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return ascending runs, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)
