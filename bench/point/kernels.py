"""What the kernels of one customer take, on circuits drawn for it: 42 dimensions, 4 to 8 literals a rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.point.bandwidth import level_of, microseconds_a_byte
from bench.point.clock import Timer, bytes_read, ticks_a_microsecond
from bench.point.results import Kernel
from bench.workloads.gates import gate_workload
from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.index import Index

CUSTOMERS = 2_000
CODES = {"u30": "30 codes", "real": "realistic codes"}
KINDS = {
    "non": "not selective",
    "sel1": "1 % selective",
    "sel01": "0.1 % selective",
    "mix": "half selective, half not",
    "nested": "nested",
}
# Microseconds of the median; a mixture may take 1.2 times what its halves take together.
GOALS = {
    ("non", 1_000): 0.8,
    ("sel1", 1_000): 0.8,
    ("nested", 1_000): 15.0,
    ("non", 10_000): 4.5,
    ("sel1", 10_000): 1.6,
    ("non", 100_000): 55.0,
    ("sel1", 100_000): 6.0,
    ("sel01", 100_000): 1.2,
    ("non", 1_000_000): 600.0,
    ("sel1", 1_000_000): 45.0,
    ("sel01", 1_000_000): 3.5,
}
MIXED = 10_000
MIXTURE = 1.2


@dataclass(frozen=True, slots=True)
class Case:
    """So many rules of a kind over attributes with so many codes."""

    codes: str
    kind: str
    rules: int

    def __str__(self) -> str:
        return f"{self.codes}-{self.rules}-{self.kind}"


CASES = tuple(
    Case(codes, kind, rules)
    for kind, rules in sorted((*GOALS, ("mix", MIXED)), key=lambda key: (key[1], list(KINDS).index(key[0])))
    for codes in CODES
)


def kernel_cases(rounds: int, bandwidths: Mapping[str, float], most: int = 1_000_000) -> Iterator[Kernel]:
    """Yield what the kernels take, case by case: each round asks about all customers anew."""
    for case in CASES:
        if case.rules <= most:
            yield measured(case, rounds, bandwidths)


def measured(case: Case, rounds: int, bandwidths: Mapping[str, float]) -> Kernel:
    """Return what one case takes, beside the time that reading its tables takes at least."""
    index, codes = laid_out(case)
    timer = Timer(index, codes)
    _, counts = timer.run()
    halves = [Case(case.codes, kind, case.rules // 2) for kind in ("non", "sel1")] if case.kind == "mix" else []
    medians, highs, halves_take = _rounds(timer, [Timer(*laid_out(half)) for half in halves], rounds)
    flat, listed, found = bytes_read(index, codes)
    of_rows, of_clauses, of_starts = (
        microseconds_a_byte(array.nbytes, bandwidths)
        for array in (index.flat.rows, index.listed.lanes, index.listed.starts)
    )
    return Kernel(
        codes=CODES[case.codes],
        kind=KINDS[case.kind],
        rules=case.rules,
        customers=len(codes),
        matching=float(counts.mean()) / case.rules,
        bytes_a_rule=index.nbytes / case.rules,
        bytes_read=flat + found + float(np.median(listed)),
        level=level_of(max(index.flat.rows.nbytes, index.listed.lanes.nbytes)),
        limit=flat * of_rows + found * of_starts + float(np.median(listed)) * of_clauses,
        medians=medians,
        highs=highs,
        goal=MIXTURE * halves_take if halves else GOALS.get((case.kind, case.rules)),
    )


def laid_out(case: Case) -> tuple[Index, NDArray[np.int32]]:
    """Return the index of a case, and customers."""
    drawn = gate_workload(case.codes, case.kind, case.rules, CUSTOMERS)
    return build_index(drawn.gates, drawn.shares), drawn.codes


def _rounds(timer: Timer, others: Sequence[Timer], rounds: int) -> tuple[list[float], list[float], float]:
    """Return the median and the 99th percentile over the customers, round by round, in microseconds.

    And the sum of the medians of others, measured in the same rounds.
    """
    medians: list[float] = []
    highs: list[float] = []
    of_others: list[list[float]] = [[] for _ in others]
    for number in range(rounds + 1):
        taken = _microseconds(timer)
        theirs = [float(np.median(_microseconds(other))) for other in others]
        if number:  # the first round fills the caches
            medians.append(float(np.median(taken)))
            highs.append(float(np.percentile(taken, 99)))
            for each, median in zip(of_others, theirs, strict=True):
                each.append(median)
    return medians, highs, sum(float(np.median(each)) for each in of_others)


def _microseconds(timer: Timer) -> NDArray[np.float64]:
    taken, _ = timer.run()
    return taken / ticks_a_microsecond()
