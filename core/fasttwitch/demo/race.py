"""The same question put to two engines, in turns, and their answers compared."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from fasttwitch.engine.compile import check_segments, scope_of
from fasttwitch.engine.program import Program
from fasttwitch.ruleset import dependency_order

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Race:
    """Median seconds to count all segments.

    raw     from Arrow columns, nothing prepared
    kept    from a base whose codes are kept, as for the second run over the same customers
    polars  one lazy query over a frame that is prepared beforehand
    differing  segments that the two engines count differently: none, or one of us is wrong
    """

    raw: float
    kept: float
    polars: float
    polars_version: str
    differing: tuple[str, ...]


def race(program: Program, table: pa.Table, now: datetime, threads: int | None = None) -> Race | None:
    """Return how long each takes, taking turns; None if Polars is not installed."""
    try:
        import polars
    except ImportError:
        return None
    from fasttwitch.demo.polars_rules import polars_counts, polars_frame

    needed = table.select([name.split(".")[0] for name in program.attributes])
    trees = check_segments(program.ruleset.segments.values(), scope_of(program.ruleset, table.schema))
    ordered = {name: trees[name] for name in dependency_order(program.ruleset.segments)}
    base = program.encode(needed, threads=threads)
    runners: Mapping[str, Callable[[], dict[str, int]]] = {
        "raw": lambda: program.count(needed, now=now, threads=threads),
        "kept": lambda: program.count(base, now=now, threads=threads),
        "polars": polars_counts(polars_frame(needed), ordered, now),
    }
    counts = {name: run() for name, run in runners.items()}  # the first round warms up, and is compared
    differing = tuple(one for one in counts["raw"] if len({counts[name][one] for name in runners}) > 1)
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(ROUNDS):
        for name, run in runners.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    return Race(medians["raw"], medians["kept"], medians["polars"], polars.__version__, differing)
