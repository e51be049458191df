"""Random gates, and customers for them."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from fasttwitch.kernels.point.few import FewIndex
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import Index
from fasttwitch.kernels.point.load import PointKernels


@dataclass(frozen=True, slots=True)
class Shape:
    """What random gates are like.

    rows        of answers
    dimensions  and the codes of each
    gates       inner ones, that wires may name
    literals    of a gate, at most
    wires       of a gate, at most; they prefer the gates just before, which makes circuits deep
    runs        of a literal, at most
    share       of the codes of a dimension that a literal has, about
    inverted    share of rows that hold where their gate is dead
    """

    rows: int = 200
    dimensions: int = 8
    codes: tuple[int, int] = (2, 40)
    gates: int = 0
    literals: int = 6
    wires: int = 0
    runs: int = 3
    share: float = 0.5
    inverted: float = 0.0


def circuit(shape: Shape, generator: Generator) -> Gates:
    """Return gates of a shape."""
    sizes = generator.integers(shape.codes[0], shape.codes[1] + 1, shape.dimensions)
    dimension: list[int] = []
    runs: list[tuple[int, int]] = []
    literal_runs = [0]
    pool: list[list[int]] = [[] for _ in range(shape.dimensions)]
    for own in range(shape.dimensions):
        for _ in range(max(3, (shape.rows + shape.gates) // 8)):
            runs += _runs(int(sizes[own]), shape, generator)
            literal_runs.append(len(runs))
            pool[own].append(len(dimension))
            dimension.append(own)
    literals: list[int] = []
    wires: list[int] = []
    gate_literals, gate_wires = [0], [0]
    for gate in range(shape.gates + shape.rows):
        count = int(generator.integers(0, min(shape.literals, shape.dimensions) + 1))
        for own in generator.permutation(shape.dimensions)[:count]:
            literals.append(int(generator.choice(pool[own])))
        last = min(gate, shape.gates)
        if last:
            count = int(generator.integers(0, shape.wires + 1))
            near = np.minimum(generator.integers(1, last + 1, count), generator.integers(1, last + 1, count))
            wires += np.unique(last - near).tolist()
        gate_literals.append(len(literals))
        gate_wires.append(len(wires))
    total = shape.gates + shape.rows
    roots = generator.integers(0, total, shape.rows) if shape.gates else generator.permutation(total)
    inverted = generator.random(shape.rows) < shape.inverted
    return Gates(
        np.concatenate(([0], np.cumsum(sizes))),
        np.array(dimension, np.int32),
        np.array(literal_runs, np.int64),
        np.array(runs, np.int32).reshape(-1, 2),
        np.array(gate_literals, np.int64),
        np.array(literals, np.int32),
        np.array(gate_wires, np.int64),
        np.array(wires, np.int32),
        (2 * roots + inverted).astype(np.int32),
    )


def _runs(codes: int, shape: Shape, generator: Generator) -> list[tuple[int, int]]:
    kind = generator.random()
    if kind < 0.05:
        return [(0, codes - 1)]
    if kind < 0.15:
        code = int(generator.integers(0, codes))
        return [(code, code)]
    cuts = 2 * int(generator.integers(1, shape.runs + 1))
    inside = np.zeros(codes, np.bool_)
    for _ in range(cuts // 2):
        length = max(1, int(generator.random() * 2 * shape.share * codes * 2 / cuts))
        first = int(generator.integers(0, codes))
        inside[first : first + length] = True
    edges = np.diff(np.concatenate(([0], inside.astype(np.int8), [0])))
    return list(zip(np.nonzero(edges == 1)[0].tolist(), (np.nonzero(edges == -1)[0] - 1).tolist(), strict=True))


def customers(gates: Gates, count: int, generator: Generator) -> NDArray[np.int32]:
    """Return codes of customers, int32[count, dimensions]; first and last codes occur more often than others."""
    sizes = np.diff(gates.cells)
    codes = generator.integers(0, sizes, (count, sizes.size))
    codes = np.where(generator.random(codes.shape) < 0.1, 0, codes)
    return np.ascontiguousarray(np.where(generator.random(codes.shape) < 0.1, sizes - 1, codes).astype(np.int32))


def matches(index: Index | FewIndex, kernels: PointKernels, codes: NDArray[np.int32]) -> list[list[int]]:
    """Return the rows of answers of each customer, ascending, each once, by one call a customer."""
    scratch, out = room(index.scratch_bytes), np.full(index.most_ids + GUARD.size, -7, np.int32)
    out[index.most_ids :] = GUARD
    answers = []
    for customer in codes:
        count = kernels.match(index.address, customer.ctypes.data, _aligned(scratch), out.ctypes.data)
        assert np.array_equal(out[index.most_ids :], GUARD), "wrote past the room"
        answers.append(np.unique(out[:count]).tolist())
    assert np.all(scratch[-64:] == 0x5A), "wrote past the scratch"
    return answers


def matches_together(
    index: Index | FewIndex, kernels: PointKernels, codes: NDArray[np.int32], capacity: int
) -> list[list[int]]:
    """Return the same by calls of `match_many` with so much room."""
    scratch, out = room(index.scratch_bytes), np.zeros(capacity, np.int32)
    ends = np.zeros(len(codes), np.int64)
    answers: list[list[int]] = []
    while len(answers) < len(codes):
        rest = np.ascontiguousarray(codes[len(answers) :])
        done = kernels.match_many(
            index.address,
            rest.ctypes.data,
            len(rest),
            _aligned(scratch),
            out.ctypes.data,
            capacity,
            ends.ctypes.data,
        )
        assert done > 0
        begins = [0, *ends[: done - 1].tolist()]
        answers += [np.unique(out[begin:end]).tolist() for begin, end in zip(begins, ends[:done].tolist(), strict=True)]
    assert np.all(scratch[-64:] == 0x5A), "wrote past the scratch"
    return answers


GUARD = np.arange(1_000, 1_064, dtype=np.int32)


def room(size: int) -> NDArray[np.uint8]:
    """Return bytes, garbage on purpose, of which an aligned part has room for `size` and a guard of 64 behind it."""
    raw = np.full(size + 128, 0x5A, np.uint8)
    begin = -raw.ctypes.data % 64
    return raw[begin : begin + size + 64]


def _aligned(scratch: NDArray[np.uint8]) -> int:
    assert scratch.ctypes.data % 64 == 0
    return int(scratch.ctypes.data)
