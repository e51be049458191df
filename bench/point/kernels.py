"""What the kernels of one customer take, on circuits drawn for it: 42 dimensions, 4 to 8 literals a rule."""

from collections.abc import Iterator, Mapping
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
        return f"{self.codes}-{self.kind}-{self.rules}"


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
    medians, highs = _rounds(timer, rounds)
    goal = GOALS.get((case.kind, case.rules))
    if case.kind == "mix":
        goal = MIXTURE * sum(_half(case, kind, rounds) for kind in ("non", "sel1"))
    flat, listed = bytes_read(index, codes)
    of_rows = microseconds_a_byte(index.flat.rows.nbytes, bandwidths)
    of_records = microseconds_a_byte(index.listed.records.nbytes, bandwidths)
    return Kernel(
        codes=CODES[case.codes],
        kind=KINDS[case.kind],
        rules=case.rules,
        customers=len(codes),
        matching=float(counts.mean()) / case.rules,
        bytes_a_rule=index.nbytes / case.rules,
        bytes_read=flat + float(np.median(listed)),
        level=level_of(max(index.flat.rows.nbytes, index.listed.records.nbytes)),
        limit=float(np.median(flat * of_rows + listed * of_records)),
        medians=medians,
        highs=highs,
        goal=goal,
    )


def laid_out(case: Case) -> tuple[Index, NDArray[np.int32]]:
    """Return the index of a case, and customers."""
    drawn = gate_workload(case.codes, case.kind, case.rules, CUSTOMERS)
    return build_index(drawn.gates, drawn.shares), drawn.codes


def _half(case: Case, kind: str, rounds: int) -> float:
    """Return the median of one half of a mixture by itself."""
    index, codes = laid_out(Case(case.codes, kind, case.rules // 2))
    medians, _ = _rounds(Timer(index, codes), rounds)
    return float(np.median(medians))


def _rounds(timer: Timer, rounds: int) -> tuple[list[float], list[float]]:
    """Return the median and the 99th percentile over the customers, round by round, in microseconds."""
    medians, highs = [], []
    timer.run()
    for _ in range(rounds):
        taken, _ = timer.run()
        microseconds = taken / ticks_a_microsecond()
        medians.append(float(np.median(microseconds)))
        highs.append(float(np.percentile(microseconds, 99)))
    return medians, highs
