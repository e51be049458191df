"""Where the time of one run goes, found by leaving steps out.

encode    columns from memory, values to codes: left out with kept codes
compare   codes to bitmasks
combine   bitmasks to segments, and counting: left out with no instructions
"""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from bench import ours
from bench.results import Steps
from bench.rounds import interleaved
from bench.workloads import NOW, SHAPES, base, segments
from fasttwitch.engine.clock import microseconds
from fasttwitch.engine.run import Job, run
from fasttwitch.kernels.layout import RUN_FIELDS
from fasttwitch.plan.lowering import TRUE


def steps(shape: str, count: int, customers: int, gigabytes_per_second: float, rounds: int) -> Steps:
    """Return the milliseconds of each step of one run from Arrow."""
    table = base(shape, customers)
    program = ours.program(table, segments(count, 1, SHAPES[shape]))
    half, now = program.half(TRUE), microseconds(NOW)
    kept = program.encode(table).job(half, now, ours.THREADS)
    times = interleaved(
        {
            "all": lambda: _run(half.job(table, now, ours.THREADS, aligned=False)),
            "encode, compare": lambda: _run(_without_combining(half.job(table, now, ours.THREADS, aligned=False))),
            "compare, combine": lambda: _run(kept),
            "compare": lambda: _run(_without_combining(kept)),
        },
        rounds,
    )
    whole, coded, evaluated, compared = (float(np.median(each)) for each in times.values())
    megabytes = sum(_bytes(table[name]) for name in program.attributes) / 1e6
    limit = megabytes / gigabytes_per_second
    # In one run the steps overlap: reading hides behind combining, so that the parts may add up to more than the whole.
    return Steps(
        shape,
        count,
        customers,
        megabytes,
        limit,
        {
            "encode": max(0.0, coded - compared),
            "compare": compared,
            "combine": max(0.0, evaluated - compared),
            "whole": whole,
        },
    )


def _run(job: Job) -> object:
    return run(job, ours.THREADS, with_masks=False)


def _without_combining(job: Job) -> Job:
    """Return the job up to the bitmasks of its tests."""
    return replace(job, plan=replace(job.plan, runs=np.zeros((0, RUN_FIELDS), np.int64)))


def _bytes(column: pa.ChunkedArray) -> int:
    """Return the bytes that a run must read of a column: of words, the indices only."""
    return sum(
        chunk.indices.nbytes if isinstance(chunk, pa.DictionaryArray) else chunk.nbytes for chunk in column.chunks
    )
