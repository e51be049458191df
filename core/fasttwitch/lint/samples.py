"""Made-up customers, to see at once for thousands of pairs of segments that one does not contain the other.

A sample is one value of every source. Bit i of a node's mask says whether sample i belongs to it. The samples of a
segment's own are inside it by construction, so they refute most wrong guesses; what no sample refutes is worth a proof.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, TypeAlias, cast

from fasttwitch.lint.bounded import BoundedGraph
from fasttwitch.lint.domains import holds_null
from fasttwitch.plan.lowering import Gate, Leaf
from fasttwitch.plan.value_sets import Names, Ranges, Truths, ValueSet

MOST_VALUES = 48  # of one source, beside those that segments ask for
NULL, NAN, LOWEST, OTHER = "null", "nan", "lowest", "other"  # (kind, detail) names a value
Sampled: TypeAlias = tuple[str, object]


class Samples:
    """Samples over one graph.

    boxes  for each sample the values that some sources must have; all other sources get any
    """

    def __init__(self, graph: BoundedGraph, boxes: Iterable[Mapping[int, ValueSet]], seed: int = 1) -> None:
        self._graph = graph
        random = Random(seed)
        leaves: dict[int, list[ValueSet]] = {}
        for node in graph.nodes:
            if type(node) is Leaf:
                leaves.setdefault(node.source, []).append(node.values)
        pools = {source: _pool(random, sets, graph.domains[source]) for source, sets in leaves.items()}
        self._bits: dict[int, dict[Sampled, int]] = {source: {} for source in pools}
        for number, box in enumerate(boxes):
            for source, pool in pools.items():
                value = _member(random, box[source]) if source in box else random.choice(pool)
                bits = self._bits[source]
                bits[value] = bits.get(value, 0) | 1 << number
            self.count = number + 1
        self._masks: dict[int, int] = {}

    def mask(self, root: int) -> int:
        """Return the samples that belong to a node. A stack of our own: segments may be chained by thousands."""
        everybody = (1 << self.count) - 1
        masks, nodes = self._masks, self._graph.nodes
        waiting = [root]
        while waiting:
            number = waiting[-1]
            node = nodes[number]
            if number in masks:
                waiting.pop()
            elif type(node) is Gate:
                missing = [operand for operand in node.operands if operand not in masks]
                if missing:
                    waiting += missing
                    continue
                found = everybody if node.conjunction else 0
                for operand in node.operands:
                    found = found & masks[operand] if node.conjunction else found | masks[operand]
                masks[number] = found
            elif type(node) is Leaf:
                bits = self._bits[node.source]
                masks[number] = sum(mask for value, mask in bits.items() if contains(node.values, value))
            else:
                masks[number] = everybody if getattr(node, "everywhere", False) else 0
        return masks[root]


def contains(values: ValueSet, value: Sampled) -> bool:
    """Return whether a sampled value belongs to a set."""
    kind, detail = value
    if kind == NULL:
        return holds_null(values)
    match values:
        case Truths(bits):
            return bool(bits & (4 if detail else 2))
        case Names(names, others):
            return others if kind == OTHER else (detail in names) != others
        case Ranges(_, nan, below, cuts):
            if kind == NAN:
                return nan
            passed = 0 if kind == LOWEST else bisect_right(cuts, cast(Any, detail))
            return below != bool(passed % 2)


def _pool(random: Random, sets: list[ValueSet], everything: Ranges | None) -> list[Sampled]:
    """Return values that tell the sets of one source apart, as many as are worth sampling."""
    first = sets[0]
    if isinstance(first, Truths):
        return [(NULL, None), ("truth", False), ("truth", True)]
    if isinstance(first, Names):
        names = sorted({name for values in sets for name in getattr(values, "names", ())})
        chosen = random.sample(names, min(len(names), MOST_VALUES))
        return [(NULL, None), (OTHER, None), *(("name", name) for name in chosen)]
    cuts = {cut for values in sets for cut in getattr(values, "cuts", ())}
    ordered = sorted(cuts)
    chosen_cuts = random.sample(ordered, min(len(ordered), MOST_VALUES))
    pool: list[Sampled] = [(NULL, None), (LOWEST, None), *(("at", cut) for cut in chosen_cuts)]
    if first.has_nan:
        pool.append((NAN, None))
    return pool if everything is None else [value for value in pool if contains(everything, value)]


def _member(random: Random, values: ValueSet) -> Sampled:
    """Return a value of a set that is not empty."""
    found: list[Sampled] = [(NULL, None)] if holds_null(values) else []
    match values:
        case Truths(bits):
            found += [("truth", truth) for truth in (False, True) if bits & (4 if truth else 2)]
        case Names(names, others):
            found += [(OTHER, None)] if others else [("name", name) for name in sorted(names)[:MOST_VALUES]]
        case Ranges(_, nan, below, cuts):
            found += [(NAN, None)] if nan else []
            found += [(LOWEST, None)] if below else []
            found += [("at", cut) for cut in cuts[1 if below else 0 :: 2]]
    return random.choice(found)
