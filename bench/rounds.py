"""Fair timing on a machine that others use too: contenders take turns, and ratios are taken turn by turn.

A slow minute of the machine then hits everybody alike; a median forgets it. Figures of different runs are not compared.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence


def interleaved(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each contender in each round.

    Every contender runs once before the clock starts: caches are warm, lazy things are done. The order shifts by one
    from round to round, so that nobody always follows the one who empties the caches.
    """
    names = list(contenders)
    times: dict[str, list[float]] = {name: [] for name in names}
    for contender in contenders.values():
        contender()
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                times[name].append(_milliseconds(contenders[name]))
    finally:
        gc.enable()
    return times


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """Return how many times as long the first took: the median over the rounds."""
    return statistics.median(a / b for a, b in zip(slower, faster, strict=True))


def _milliseconds(contender: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begin = time.perf_counter_ns()
    contender()
    return (time.perf_counter_ns() - begin) / 1e6
