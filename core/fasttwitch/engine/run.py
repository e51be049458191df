"""One run of a plan: ranges of blocks, shared out among threads."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.binding import Span
from fasttwitch.kernels.layout import BLOCK_ROWS, RUN_FIELDS
from fasttwitch.kernels.load import load
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.schedule import EVERYBODY, NOBODY
from fasttwitch.pool import aligned_scratch, run_together

# Long ranges keep each thread's columns streaming (8 blocks took 7.8 ms where 64 took 6.7), short ones let no thread
# wait long for the last: a quarter of a thread's share, within these bounds.
LEAST_BLOCKS_A_RANGE, MOST_BLOCKS_A_RANGE = 8, 64
RANGES_A_THREAD = 4
# Masks larger than this go past the caches: they would push out what the next blocks need.
STREAMING_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """A plan and where its data lies.

    rows       of all spans
    tests, steps   the kernels' tables, see `batch.binding`
    registers  how many registers the widest derived input needs
    misses     int64[1]: becomes 1 when a string is met that was taken not to be there
    least_codes  see `batch.coding.Coding`
    """

    plan: Plan
    rows: int
    spans: Sequence[Span]
    tests: NDArray[np.int64]
    steps: NDArray[np.int64]
    registers: int
    misses: NDArray[np.int64]
    least_codes: Mapping[int, NDArray[np.int64]]

    @property
    def has_missed(self) -> bool:
        """Whether the run met a string that was not known: what it found is void."""
        return bool(self.misses.any())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found.

    counts  int64[plan.rows]
    masks   uint64[plan.rows, words], or None if only counts were asked for; bits past the last row are 0
    """

    counts: NDArray[np.int64]
    masks: NDArray[np.uint64] | None


def counts_by_name(plan: Plan, outcome: Outcome, rows: int) -> dict[str, int]:
    """Return the number of customers in each segment, of `rows` customers in all."""
    counts = outcome.counts.tolist()
    constants = {NOBODY: 0, EVERYBODY: rows}
    return {
        name: counts[root] if root >= 0 else constants[root] for name, root in zip(plan.names, plan.roots, strict=True)
    }


def run(job: Job, threads: int, with_masks: bool) -> Outcome:
    """Evaluate a plan over its data; the answer does not depend on `threads`."""
    masks = _aligned_words(job.plan.rows, -(-job.rows // 64)) if with_masks else None
    if not job.rows or not job.plan.rows:
        return Outcome(np.zeros(job.plan.rows, np.int64), masks)
    return Outcome(_execute(job, threads, job.plan.runs, masks), masks)


def run_into(masks: NDArray[np.uint64], job: Job, threads: int) -> None:
    """Write the bitmasks of a plan over its data into room that is there already.

    masks  uint64[plan.rows, words] or larger, each row contiguous; words that hold no rows of the data stay as they are
    """
    _execute(job, threads, job.plan.runs, masks)


def encode(job: Job, threads: int) -> None:
    """Fill the codes of the planes that are to be kept, and evaluate nothing."""
    for span in job.spans:  # one after the other: the last block of a span writes past its rows
        only = replace(job, spans=[span])
        _execute(only, threads, np.zeros((0, RUN_FIELDS), np.int64), None)


def _execute(job: Job, threads: int, runs: NDArray[np.int64], masks: NDArray[np.uint64] | None) -> NDArray[np.int64]:
    """Run the kernels; return int64[plan.rows] counts and fill `masks` if given."""
    plan, tests, steps = job.plan, job.tests, job.steps
    kernels = load()
    size = kernels.scratch_bytes(plan.slots, job.registers)
    stride = masks.strides[0] if masks is not None else 0
    streaming = masks is not None and masks.nbytes > STREAMING_BYTES
    ranges = [part for span in job.spans for part in _ranges(span, threads)]
    next_range = itertools.count()
    totals: list[NDArray[np.int64]] = []

    def work() -> None:
        scratch = aligned_scratch(size)
        counts = np.zeros((max(plan.rows, 1), 8), np.int64)
        while (number := next(next_range)) < len(ranges):
            span, begin, end = ranges[number]
            at = masks.ctypes.data + span.first // 8 if masks is not None else 0
            stream = int(streaming and at % 64 == 0 and stride % 64 == 0)
            kernels.run_blocks(
                begin,
                end,
                span.rows,
                span.inputs,
                span.planes,
                tests,
                steps,
                runs,
                plan.operands,
                scratch,
                plan.slots,
                counts,
                at,
                stride,
                stream,
            )
        totals.append(counts.sum(axis=1)[: plan.rows])

    run_together(max(1, min(threads, len(ranges))), work)
    total: NDArray[np.int64] = np.sum(totals, axis=0, dtype=np.int64)
    return total


def _ranges(span: Span, threads: int) -> Iterator[tuple[Span, int, int]]:
    """Yield (span, first block, past the last block) for the ranges that threads take one after the other."""
    blocks = -(-span.rows // BLOCK_ROWS)
    size = min(max(blocks // (threads * RANGES_A_THREAD), LEAST_BLOCKS_A_RANGE), MOST_BLOCKS_A_RANGE)
    for begin in range(0, blocks, size):
        yield span, begin, min(begin + size, blocks)


def _aligned_words(rows: int, words: int) -> NDArray[np.uint64]:
    """Return zeroed uint64[rows, words], each row at a multiple of 64 bytes."""
    stride = -(-max(words, 1) // 8) * 8
    room = np.zeros(rows * stride + 8, np.uint64)
    skip = -room.ctypes.data % 64 // 8
    aligned: NDArray[np.uint64] = room[skip : skip + rows * stride].reshape(rows, stride)
    return aligned
