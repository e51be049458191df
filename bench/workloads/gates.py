"""Rules over codes, and customers of codes: for measuring the point evaluator's index by itself.

42 attributes, a dimension each, with as many codes as `CODES` says. A rule has 4 to 8 literals on distinct attributes,
each true for 30 to 80 % of the customers (0.41 in the mean); a fifth of them are sets of three runs, the others ranges.

non      no literal is more selective than that
sel1     one literal of each rule holds for about 1 % of the customers
sel01    for about 0.1 %; with real codes 40 % of these are equalities on the 1,500 codes
mix      half of the rules as in non, half as in sel1
nested   ANDs of ORs and the other way round, up to three deep, of 5 to 20 literals

Attributes are picked evenly and independently, which is the worst case for an index that puts like with like.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from fasttwitch.kernels.point.gates import Gates

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]

CODES = {"u30": (30,) * 42, "real": (200,) * 30 + (50,) * 10 + (1_500, 2)}
KINDS = ("non", "sel1", "sel01", "mix", "nested")

ATTRIBUTES = 42
MOST_LITERALS = 8
RUNS = 3
RARE = (0.001,) * 3 + (0.01,) * 6  # shares of the first nine codes, in random order, of attributes of 30 to 200 codes
LONG_ATTRIBUTE = 40  # the one of 1,500 codes


@dataclass(frozen=True, slots=True)
class GateWorkload:
    """Gates, and who is matched.

    gates   one row of answers a rule
    codes   int32[customers, 42]
    shares  float64[cells]: how often each code occurs
    """

    gates: Gates
    codes: npt.NDArray[np.int32]
    shares: Doubles


def gate_workload(codes: str, kind: str, rules: int, customers: int = 2_000, seed: int = 0) -> GateWorkload:
    """Return a workload; `codes` is one of CODES, `kind` one of KINDS."""
    generator = np.random.default_rng(seed)
    sizes = np.array(CODES[codes], np.int64)
    shares, rare = _shares(sizes, generator)
    drawn = [generator.choice(size, customers, p=part) for size, part in zip(sizes, shares, strict=True)]
    world = _World(codes, sizes, shares, rare)
    if kind == "nested":
        gates = _nested(world, rules, generator)
    else:
        attributes, first, last, literals = _rules(world, kind, rules, generator)
        gates = _conjunctions(sizes, attributes, first, last, literals)
    return GateWorkload(gates, np.stack(drawn, 1).astype(np.int32), np.concatenate(shares))


@dataclass(frozen=True, slots=True)
class _World:
    codes: str
    sizes: Ints
    shares: list[Doubles]
    rare: list[Ints]  # of each attribute nine rare codes, or none

    def place(self, attribute: int, point: Doubles) -> Ints:
        """Return the codes at points between 0 and 1 of an attribute's distribution."""
        before = np.concatenate(([0.0], np.cumsum(self.shares[attribute])))
        return np.clip(np.searchsorted(before, point, "right") - 1, 0, self.sizes[attribute] - 1)


def _shares(sizes: Ints, generator: Generator) -> tuple[list[Doubles], list[Ints]]:
    shares, rare = [], []
    for size in sizes:
        part, places = np.full(size, 1.0 / size), np.zeros(0, np.int64)
        if 30 <= size <= 200:
            places = generator.permutation(size)[: len(RARE)]
            part[:] = (1.0 - sum(RARE)) / (size - len(RARE))
            part[places] = RARE
        shares.append(part / part.sum())
        rare.append(places)
    return shares, rare


def _rules(world: _World, kind: str, rules: int, generator: Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Return int64[rules, 8] attributes, int64[rules, 8, 3] first and last codes of runs (-1: none), and how many."""
    usable = np.nonzero(world.sizes < 1_000)[0]
    literals = generator.integers(4, MOST_LITERALS + 1, rules)
    order = np.argsort(generator.random((rules, usable.size), dtype=np.float32), axis=1)[:, :MOST_LITERALS]
    attributes = usable[order]
    first = np.full((rules, MOST_LITERALS, RUNS), -1, np.int64)
    last = first.copy()
    truth = 0.3 + 0.5 * generator.beta(1, 3.6, (rules, MOST_LITERALS))
    is_set = generator.random((rules, MOST_LITERALS)) < 0.2
    for attribute in usable:
        rule, place = np.nonzero(attributes == attribute)
        first[rule, place], last[rule, place] = _runs(
            world, int(attribute), truth[rule, place], is_set[rule, place], generator
        )
    if kind != "non":
        selective = np.arange(rules) % 2 == 0 if kind == "mix" else np.ones(rules, np.bool_)
        chosen = np.nonzero(selective)[0]
        _make_selective(world, kind, chosen, (attributes, first, last), generator)
    return attributes, first, last, literals


def _runs(world: _World, attribute: int, truth: Doubles, is_set: Any, generator: Generator) -> tuple[Ints, Ints]:
    first = np.full((truth.size, RUNS), -1, np.int64)
    last = first.copy()
    size = world.sizes[attribute]
    if size == 2:
        first[:, 0] = last[:, 0] = generator.integers(0, 2, truth.size)
        return first, last
    begin = generator.random((truth.size, RUNS))
    at = begin[:, 0] * (1 - truth)
    first[:, 0] = world.place(attribute, at)
    last[:, 0] = np.maximum(first[:, 0], world.place(attribute, at + truth - 1 / size))
    for run in range(RUNS):
        at = run / RUNS + begin[:, run] * (1 - truth) / RUNS
        low = world.place(attribute, at)
        high = np.maximum(low, world.place(attribute, at + truth / RUNS - 1 / size))
        low = np.maximum(low, last[:, run - 1] + 2) if run else low  # runs have gaps between them
        exists = low <= high
        first[is_set, run] = np.where(exists, low, -1)[is_set]
        last[is_set, run] = np.where(exists, high, last[:, run - 1] if run else -1)[is_set]
    return first, last


def _make_selective(
    world: _World, kind: str, chosen: Ints, rules: tuple[Ints, Ints, Ints], generator: Generator
) -> None:
    """Put a selective literal in the first place of some rules."""
    attributes, first, last = rules
    able = np.array([attribute for attribute in range(ATTRIBUTES) if world.rare[attribute].size])
    own = able[generator.integers(0, able.size, chosen.size)]
    group = slice(0, 3) if kind == "sel01" else slice(3, 9)
    rare = np.stack([world.rare[attribute][group] for attribute in able])
    code = rare[np.searchsorted(able, own), generator.integers(0, rare.shape[1], chosen.size)]
    end = code.copy()
    if world.codes == "real":
        numeric = world.sizes[own] == 200
        if kind == "sel01":
            long = generator.random(chosen.size) < 0.4
            own = np.where(long, LONG_ATTRIBUTE, own)
            code = end = np.where(long, generator.integers(0, world.sizes[LONG_ATTRIBUTE], chosen.size), code)
        else:
            code = np.where(numeric, generator.integers(0, 199, chosen.size), code)
            end = np.where(numeric, code + 1, code)
    rule, place = np.nonzero(attributes[chosen] == own[:, None])  # if the rule reads that attribute, it moves there
    for array in (attributes, first, last):
        array[chosen[rule], place] = array[chosen[rule], 0]
    attributes[chosen, 0] = own
    first[chosen, 0], last[chosen, 0] = -1, -1
    first[chosen, 0, 0], last[chosen, 0, 0] = code, end


def _conjunctions(sizes: Ints, attributes: Ints, first: Ints, last: Ints, literals: Ints) -> Gates:
    rules = attributes.shape[0]
    kept = np.arange(MOST_LITERALS)[None] < literals[:, None]
    has_run = (first >= 0) & kept[:, :, None]
    runs_of = has_run.sum(2)[kept]
    return Gates(
        _starts(sizes),
        attributes[kept].astype(np.int32),
        _starts(runs_of),
        np.stack((first[has_run], last[has_run]), 1).astype(np.int32),
        _starts(literals),
        np.arange(int(literals.sum()), dtype=np.int32),
        np.zeros(rules + 1, np.int64),
        np.zeros(0, np.int32),
        (2 * np.arange(rules)).astype(np.int32),
    )


def _starts(counts: Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(counts)))


class _Circuit:
    """Gates that grow while trees of rules are drawn."""

    def __init__(self, world: _World, generator: Generator) -> None:
        self.world, self.generator = world, generator
        self.dimension: list[int] = []
        self.runs: list[list[tuple[int, int]]] = []
        self.gates: list[tuple[list[int], list[int]]] = []

    def node(self, depth: int, is_or: bool) -> int:
        """Return the number of a gate that lives where an AND is true, or an OR false."""
        literals: dict[int, int] = {}
        wires = []
        for _ in range(int(self.generator.integers(2, 5))):
            if depth < 3 and self.generator.random() < 0.5:
                wires.append(self.node(depth + 1, not is_or))
            else:
                attribute = int(self.generator.choice(np.nonzero(self.world.sizes < 1_000)[0]))
                literals[attribute] = self.literal(attribute, is_or)
        self.gates.append((list(literals.values()), wires))
        return len(self.gates) - 1

    def literal(self, attribute: int, complemented: bool) -> int:
        truth = np.array([0.3 + 0.5 * self.generator.beta(1, 3.6)])
        is_set = self.generator.random(1) < 0.2
        first, last = _runs(self.world, attribute, truth, is_set, self.generator)
        runs = [(int(low), int(high)) for low, high in zip(first[0], last[0], strict=True) if low >= 0]
        if complemented:
            edges = [-1, *(edge for run in runs for edge in run), int(self.world.sizes[attribute])]
            runs = [(edges[i] + 1, edges[i + 1] - 1) for i in range(0, len(edges), 2) if edges[i] + 1 < edges[i + 1]]
        if not runs:
            return self.literal(attribute, complemented)
        self.dimension.append(attribute)
        self.runs.append(runs)
        return len(self.runs) - 1


def _nested(world: _World, rules: int, generator: Generator) -> Gates:
    circuit = _Circuit(world, generator)
    roots = []
    for rule in range(rules):
        is_or = rule % 2 == 1
        roots.append(2 * circuit.node(0, is_or) + is_or)
    return Gates(
        _starts(world.sizes),
        np.array(circuit.dimension, np.int32),
        _starts(np.array([len(runs) for runs in circuit.runs])),
        np.array([run for runs in circuit.runs for run in runs], np.int32),
        _starts(np.array([len(literals) for literals, _ in circuit.gates])),
        np.array([literal for literals, _ in circuit.gates for literal in literals], np.int32),
        _starts(np.array([len(wires) for _, wires in circuit.gates])),
        np.array([wire for _, wires in circuit.gates for wire in wires], np.int32),
        np.array(roots, np.int32),
    )
