"""pyarrow.compute: one kernel call an operation, each different condition computed once a half of the table.

What a careful person would write by hand: the kernels release the interpreter's lock, so two threads take a half each;
conditions on words are computed on the dictionary and looked up; equal conditions are remembered.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc

from bench.rivals.conditions import Compare, Condition, Count, Every, Flag, Not, OneOf, Some, StartsWith

KERNELS = {"<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal, "==": pc.equal}


def arrow_compute(table: pa.Table, segments: Mapping[str, Condition]) -> Count:
    """Return a function that counts each segment with pyarrow.compute."""
    half = table.num_rows // 2
    halves = [table.slice(0, half), table.slice(half)]
    threads = ThreadPoolExecutor(2)

    def count() -> dict[str, int]:
        totals = dict.fromkeys(segments, 0)
        for counts in threads.map(lambda part: _counts(part, segments), halves):
            for name, matched in counts.items():
                totals[name] += matched
        return totals

    return count


def _counts(table: pa.Table, segments: Mapping[str, Condition]) -> dict[str, int]:
    """Return the count of each segment in a part of the table."""
    known: dict[Condition, pa.Array] = {}

    def mask(condition: Condition) -> pa.Array:
        found = known.get(condition)
        if found is None:
            found = known[condition] = _mask(condition, table, mask)
        return found

    return {name: pc.sum(mask(condition)).as_py() or 0 for name, condition in segments.items()}


def _mask(condition: Condition, table: pa.Table, mask: Callable[[Condition], pa.Array]) -> pa.Array:
    """Return the rows that meet a condition, given how to get those of its parts."""
    match condition:
        case Compare(column, comparison, constant):
            values = table[column].chunk(0)
            scalar = pa.scalar(constant, pa.string() if isinstance(constant, str) else values.type)
            return _looked_up(values, lambda words: KERNELS[comparison](words, scalar))
        case OneOf(column, words):
            wanted = pa.array(words)
            return _looked_up(table[column].chunk(0), lambda values: _is_in(values, wanted))
        case StartsWith(column, prefix):
            return _looked_up(table[column].chunk(0), lambda words: pc.starts_with(words, prefix))
        case Flag(column):
            return table[column].chunk(0)
        case Not(part):
            return pc.invert(mask(part))
        case Every(parts):
            return _folded(pc.and_kleene, [mask(part) for part in parts])
        case Some(parts):
            return _folded(pc.or_kleene, [mask(part) for part in parts])


def _looked_up(values: pa.Array, test: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return a test of each value; of a dictionary, each word is tested once."""
    if isinstance(values, pa.DictionaryArray):
        return test(values.dictionary).take(values.indices)
    return test(values)


def _is_in(values: pa.Array, wanted: pa.Array) -> pa.Array:
    """Return whether each value is wanted; unknown where there is none (`is_in` alone says false)."""
    return pc.if_else(values.is_valid(), pc.is_in(values, value_set=wanted), pa.scalar(None, pa.bool_()))


def _folded(kernel: Callable[[pa.Array, pa.Array], pa.Array], masks: list[pa.Array]) -> pa.Array:
    """Return all masks combined, two by two."""
    result = masks[0]
    for other in masks[1:]:
        result = kernel(result, other)
    return result
