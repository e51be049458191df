"""What was measured of single customers, as values: written to JSON by the measurement, read by the tables."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench.results import FOLDER, write_cases

FILE = FOLDER / "point.json"

OURS = "fasttwitch"


class InRounds:
    """Medians and 99th percentiles over customers, round by round."""

    __slots__ = ()
    medians: list[float]
    highs: list[float]

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.medians)

    @property
    def high(self) -> float:
        """The 99th percentile of a round, the median over the rounds."""
        return statistics.median(self.highs)


@dataclass(frozen=True, slots=True)
class Kernel(InRounds):
    """Codes of one customer to the rules that hold, each customer timed by itself inside compiled code.

    codes         how many an attribute has: "30 codes" or "realistic codes"
    kind          of rules
    matching      share of the rules that hold
    bytes_a_rule  of all tables
    bytes_read    that one customer needs, the median: rows of the flat part, clauses of the lists
    level         of the memory that holds most of the larger tables: "L2", "L3" or "memory"
    limit         microseconds that reading so many bytes takes at least, from the levels that hold the tables
    medians       microseconds, the median over the customers, round by round
    highs         microseconds, the 99th percentile, round by round
    goal          microseconds that the median should not exceed, if anybody set one
    """

    codes: str
    kind: str
    rules: int
    customers: int
    matching: float
    bytes_a_rule: float
    bytes_read: float
    level: str
    limit: float
    medians: list[float]
    highs: list[float]
    goal: float | None


@dataclass(frozen=True, slots=True)
class Call(InRounds):
    """One call from Python, in microseconds a customer: the median and the 99th percentile, round by round."""

    what: str
    kind: str
    rules: int
    matching: float
    medians: list[float]
    highs: list[float]
    goal: float | None


@dataclass(frozen=True, slots=True)
class Against:
    """Ourselves and rivals in turns, in microseconds a customer, round by round.

    category      "prepared" or "mapping"
    microseconds  of each contender: OURS, or a rival's name, a colon and its way of being asked
    goal          how many times as long the fastest rival should take at least, if anybody said so
    """

    category: str
    rules: int
    matching: float
    microseconds: Mapping[str, list[float]]
    goal: float | None

    def median(self, contender: str) -> float:
        """Return the median microseconds of a contender."""
        return statistics.median(self.microseconds[contender])

    def times(self, rival: str) -> float:
        """Return how many times as long as ours a rival takes, median over the rounds."""
        pairs = zip(self.microseconds[rival], self.microseconds[OURS], strict=True)
        return statistics.median(theirs / ours for theirs, ours in pairs)

    def best_ways(self) -> dict[str, str]:
        """Return the quickest contender of each rival, by the rival's name, the quickest rival first."""
        found: dict[str, str] = {}
        for contender in sorted(self.microseconds, key=self.median):
            if not contender.startswith(OURS):
                found.setdefault(contender.partition(": ")[0], contender)
        return found


@dataclass(frozen=True, slots=True)
class PointResults:
    """All of it.

    bandwidths  gigabytes a second that one thread reads, by level of the memory
    """

    machine: Mapping[str, str | int | float]
    bandwidths: Mapping[str, float]
    kernels: tuple[Kernel, ...]
    calls: tuple[Call, ...]
    against: tuple[Against, ...]

    def kernel(self, codes: str, kind: str, rules: int) -> Kernel | None:
        """Return one case of the kernels, if it was measured."""
        for case in self.kernels:
            if (case.codes, case.kind, case.rules) == (codes, kind, rules):
                return case
        return None


EMPTY = PointResults({}, {}, (), (), ())


def write(results: PointResults, path: Path = FILE) -> None:
    """Write the results, one case a line, so that a diff can be read."""
    heads = {"machine": dict(results.machine), "bandwidths": dict(results.bandwidths)}
    cases = {name: [asdict(case) for case in getattr(results, name)] for name in ("kernels", "calls", "against")}
    write_cases(path, heads, cases)


def read(path: Path = FILE) -> PointResults:
    """Return the results that were written, or empty ones."""
    if not path.exists():
        return EMPTY
    found = json.loads(path.read_text())
    return PointResults(
        machine=found["machine"],
        bandwidths=found["bandwidths"],
        kernels=tuple(Kernel(**case) for case in found["kernels"]),
        calls=tuple(Call(**case) for case in found["calls"]),
        against=tuple(Against(**case) for case in found["against"]),
    )


def renewed(results: PointResults, parts: Mapping[str, tuple[object, ...]]) -> PointResults:
    """Return the results with some parts measured anew."""
    return replace(results, **parts)  # type: ignore[arg-type]
