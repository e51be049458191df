"""The customers of all segments at one instant, kept for the next question where nothing can have changed."""

import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.point.kept import reads_clock
from fasttwitch.engine.program import Program
from fasttwitch.engine.snapshot import Snapshot
from fasttwitch.plan.lowering import TRUE

PROGRAMS_KEPT = 2  # of each base, the latest


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Who is in which segment.

    rows    customers looked at
    now     the instant, UTC
    counts  customers of each segment
    masks   uint64[ceil(rows / 64)] of each segment that somebody is in and somebody is not in; an eighth of a byte a
            customer and different segment
    """

    rows: int
    now: datetime
    counts: Mapping[str, int]
    masks: Mapping[str, NDArray[np.uint64]]


def members(program: Program, data: pa.Table | Snapshot, now: datetime, threads: int | None) -> Members:
    """Return who is in the segments of a program at an instant; errors as `Program.select`.

    It holds on to nothing but masks: neither to the program nor to the data.
    """
    audiences = program.select(data, now, threads)
    rows, counts = audiences.rows, audiences.counts
    masks = {name: audiences.words(name) for name, count in counts.items() if 0 < count < rows}
    return Members(rows, now, counts, masks)


def kept_members(program: Program, base: Snapshot, now: datetime, threads: int | None) -> Members:
    """Return the same of an encoded base; what was found last is found again, unless a rule reads the clock.

    What is kept of a base lives as long as nobody updates the base, and as the program does, for the latest two
    programs at most; that of rules that read the clock serves its own instant alone.
    """
    with _lock:
        of_base = _kept.setdefault(base, weakref.WeakKeyDictionary())
        found = of_base.pop(program, None)
        if found is not None and found.now != now and _is_clocked(program):
            found = None  # its masks make room for the new ones
        if found is not None:
            of_base[program] = found  # last: it is the latest
    if found is None:
        found = members(program, base, now, threads)
        with _lock:
            of_base[program] = found
            for oldest in list(of_base)[:-PROGRAMS_KEPT]:
                of_base.pop(oldest, None)
    return replace(found, now=now)


_kept: "weakref.WeakKeyDictionary[Snapshot, weakref.WeakKeyDictionary[Program, Members]]"
_kept = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def _is_clocked(program: Program) -> bool:
    return any(map(reads_clock, program.half(TRUE).plan.codebooks))
