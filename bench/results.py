"""What was measured, as values: written to JSON by the measurement, read by the table and the plots."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeAlias

FOLDER = Path(__file__).parent / "results"
FILE = FOLDER / "bulk.json"

RAW = "fasttwitch"
KEPT = "fasttwitch, kept codes"
PORTABLE = "fasttwitch, portable kernels"

Times: TypeAlias = Mapping[str, list[float]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """One workload, counted by several contenders in turns.

    question      what the case is part of: "table", "functions", "kinds", "rows" or "segments"
    milliseconds  of each contender, round by round
    """

    question: str
    shape: str
    segments: int
    customers: int
    attributes: int
    milliseconds: Times

    def median(self, contender: str) -> float:
        """Return the median milliseconds of a contender."""
        return statistics.median(self.milliseconds[contender])

    def times(self, slower: str, faster: str) -> float:
        """Return how many times as long the first took, median over the rounds."""
        pairs = zip(self.milliseconds[slower], self.milliseconds[faster], strict=True)
        return statistics.median(a / b for a, b in pairs)

    def nanoseconds_a_cell(self, contender: str) -> float:
        """Return the cost of one segment for one customer."""
        return self.median(contender) * 1e6 / (self.customers * self.segments)


@dataclass(frozen=True, slots=True)
class Compile:
    """From a document to a program: milliseconds, round by round, of each step."""

    kind: str
    segments: int
    milliseconds: Times


@dataclass(frozen=True, slots=True)
class Steps:
    """Where one run's time goes: milliseconds of each step, and the least that reading the columns can take."""

    shape: str
    segments: int
    customers: int
    megabytes: float
    limit: float
    milliseconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Results:
    """All of it, and the machine."""

    machine: Mapping[str, str | int | float]
    bulk: tuple[Bulk, ...]
    compile: tuple[Compile, ...]
    steps: tuple[Steps, ...]

    def table(self, shape: str) -> list[Bulk]:
        """Return the cases of the README's table."""
        return [case for case in self.bulk if case.question == "table" and case.shape == shape]

    def with_bulk(self, question: str, cases: tuple[Bulk, ...]) -> "Results":
        """Return the results with the cases of one question measured anew."""
        others = tuple(case for case in self.bulk if case.question != question)
        return replace(self, bulk=(*others, *cases))

    def over(self, question: str) -> list[Bulk]:
        """Return the cases of a sweep, in its order."""
        return [case for case in self.bulk if case.question == question]


def write(results: Results, path: Path = FILE) -> None:
    """Write the results, one case a line, so that a diff can be read."""
    cases = {name: [asdict(case) for case in getattr(results, name)] for name in ("bulk", "compile", "steps")}
    write_cases(path, {"machine": dict(results.machine)}, cases)


def write_cases(path: Path, heads: Mapping[str, object], cases: Mapping[str, Sequence[object]]) -> None:
    """Write a JSON object of some heads, one a line, and of lists of cases, one case a line."""
    path.parent.mkdir(exist_ok=True)
    parts = [f'"{name}": {json.dumps(head)}' for name, head in heads.items()]
    for name, several in cases.items():
        lines = ",\n    ".join(json.dumps(_rounded(case)) for case in several)
        parts.append(f'"{name}": [\n    {lines}\n  ]')
    path.write_text("{\n  " + ",\n  ".join(parts) + "\n}\n")


def read(path: Path = FILE) -> Results:
    """Return the results that were written."""
    found = json.loads(path.read_text())
    return Results(
        machine=found["machine"],
        bulk=tuple(Bulk(**case) for case in found["bulk"]),
        compile=tuple(Compile(**case) for case in found["compile"]),
        steps=tuple(Steps(**case) for case in found["steps"]),
    )


def _rounded(value: object) -> object:
    """Return the value with all floats to six digits."""
    match value:
        case float():
            return float(f"{value:.6g}")
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list():
            return [_rounded(each) for each in value]
        case _:
            return value
