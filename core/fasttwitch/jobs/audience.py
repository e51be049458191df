"""The audience job: rules and a file of customers in, one file of ids for each segment out."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet as pq

from fasttwitch.errors import DataError
from fasttwitch.jobs.folders import SUMMARY, whole_folder
from fasttwitch.jobs.tables import open_customers
from fasttwitch.ruleset import Ruleset

FORMATS = ("parquet", "csv", "arrow")


@dataclass(frozen=True, slots=True)
class AudienceRequest:
    """What to compute, and where to put it.

    segments  names of those to write; empty = all of the ruleset
    key       the column of ids
    now       the instant of the run; None = when it starts
    """

    ruleset: Ruleset
    data: Path
    out: Path
    key: str
    format: str = "parquet"
    segments: tuple[str, ...] = ()
    now: datetime | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """One line of the summary."""

    name: str
    customers: int
    unknown: int
    file: str


@dataclass(frozen=True, slots=True)
class AudienceReport:
    """What was done.

    seconds   by step, in the order of the steps
    warnings  about the data: nothing was left out in silence
    """

    rows: int
    now: datetime
    digest: str
    segments: tuple[SegmentSize, ...]
    warnings: tuple[str, ...]
    seconds: dict[str, float]
    data: str
    key: str
    format: str

    def to_json(self) -> dict[str, Any]:
        """Return the report as it is written to summary.json."""
        return {
            "digest": self.digest,
            "data": self.data,
            "rows": self.rows,
            "now": self.now.isoformat(),
            "key": self.key,
            "format": self.format,
            "segments": [
                {"name": one.name, "customers": one.customers, "unknown": one.unknown, "file": one.file}
                for one in self.segments
            ],
            "warnings": list(self.warnings),
            "seconds": {step: round(seconds, 6) for step, seconds in self.seconds.items()},
        }


@dataclass(slots=True)
class Steps:
    """Times the steps of a job, and tells somebody which one it is at.

    tell  called with the step's name, how much of it is done, and how much there is
    say   called with a line of text when the engine compiles itself, which happens once
    """

    tell: Callable[[str, int, int], None] = lambda step, done, total: None
    say: Callable[[str], None] = lambda line: None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        self.tell(name, 0, 0)
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def run_audience(request: AudienceRequest, steps: Steps) -> AudienceReport:
    """Return what was written to the folder of the request; it is replaced whole, or left as it was.

    Raises RulesetError, DataError or OutputError.
    """
    with steps.step("start"):
        start_engine(steps.say)
        import fasttwitch as ft

        ruleset = request.ruleset.only(request.segments) if request.segments else request.ruleset
        declared = {name: one.type for name, one in ruleset.attributes.items()}
        customers = open_customers(request.data, request.key, declared)
        customers.find(request.key, "the key of the customers")
    with steps.step("compile"), customers.owning_guesses():
        program = ft.compile(ruleset, customers.schema)
    with steps.step("read"):
        columns = {name.split(".")[0] for name in program.attributes}
        table = customers.read({*columns, request.key})
    with steps.step("check ids"):
        warnings = _warn_about_keys(table.column(request.key), request.key)
    with steps.step("evaluate"):
        audiences = program.select(table, now=request.now, threads=request.threads)
        counts, unknown = audiences.counts, audiences.unknown
    names = request.segments or tuple(ruleset.segments)
    sizes = tuple(SegmentSize(name, counts[name], unknown[name], f"{name}.{request.format}") for name in names)
    with whole_folder(request.out) as folder:
        with steps.step("write"):
            for number, size in enumerate(sizes):
                steps.tell("write", number, len(sizes))
                ids = audiences.ids(size.name, key=request.key)
                write_ids(folder / size.file, ids, request.key, request.format)
        report = AudienceReport(
            rows=audiences.rows,
            now=audiences.now,
            digest=request.ruleset.digest,
            segments=sizes,
            warnings=tuple(warnings),
            seconds=dict(steps.seconds),
            data=str(request.data),
            key=request.key,
            format=request.format,
        )
        (folder / SUMMARY).write_text(json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return report


def start_engine(say: Callable[[str], None]) -> None:
    """Import the engine and load its kernels, so that later steps are timed without them."""
    import fasttwitch.engine.compile  # noqa: F401
    from fasttwitch.kernels.load import load

    try:
        load(progress=say)
    except ValueError as error:  # the environment asks for kernels that are not there
        raise DataError(str(error)) from error


def write_ids(path: Path, ids: pa.Array, key: str, format_name: str) -> None:
    """Write one column of ids; rows without an id have none to write."""
    table = pa.table({key: ids.drop_null()})
    match format_name:
        case "parquet":
            pq.write_table(table, path)
        case "csv":
            pa.csv.write_csv(table, path)
        case _:
            with pa.ipc.new_file(str(path), table.schema) as writer:
                writer.write_table(table)


def _warn_about_keys(keys: pa.ChunkedArray, name: str) -> Sequence[str]:
    """Return what is odd about the ids, in sentences."""
    if len(keys) == 0:
        return ["the file has no customers"]
    warnings = []
    if keys.null_count:
        warnings.append(f"{_customers(keys.null_count)} without `{name}`: counted, but missing from the files")
    twice = len(keys) - keys.null_count - pc.count_distinct(keys, mode="only_valid").as_py()
    if twice:
        warnings.append(f"`{name}` is not unique: {'1 row repeats' if twice == 1 else f'{twice:,} rows repeat'} an id")
    return warnings


def _customers(number: int) -> str:
    return "1 customer" if number == 1 else f"{number:,} customers"
