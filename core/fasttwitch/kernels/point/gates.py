"""Rules as conjunctions over codes: what the index of the point evaluator is built from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Int32s: TypeAlias = NDArray[np.int32]
Int64s: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """An AND circuit over code sets: plain arrays.

    A customer is one code for each *dimension*. A *literal* is a set of codes of one dimension. A *gate* lives if the
    customer's code lies in each of its literals and each gate that its *wires* name is dead. Rules are roots: a row of
    answers is true where a gate lives, or (inverted) where it is dead.

    cells          int64[dimensions + 1]: dimension d has cells[d + 1] - cells[d] codes, from 0; cell = cells[d] + code
    dimension      int32[literals]: of each literal
    literal_runs   int64[literals + 1]: where each literal's runs begin
    runs           int32[runs, 2]: first and last code of each run; ascending, gaps between them, within a literal
    gate_literals  int64[gates + 1]: where each gate's literals begin
    literals       int32: numbers of literals, at most one of a dimension within a gate
    gate_wires     int64[gates + 1]: where each gate's wires begin
    wires          int32: numbers of gates, each smaller than the number of the gate that names it
    roots          int32[rows]: 2 * gate + inverted, one for each row of answers
    """

    cells: Int64s
    dimension: Int32s
    literal_runs: Int64s
    runs: Int32s
    gate_literals: Int64s
    literals: Int32s
    gate_wires: Int64s
    wires: Int32s
    roots: Int32s

    def literals_below(self, rows: Iterable[int]) -> Iterator[tuple[int, Int32s]]:
        """Yield the literals of all gates that rows of answers depend on: dimension, int32[runs, 2] of its codes."""
        seen: set[int] = set()
        ahead = [int(self.roots[row]) >> 1 for row in rows]
        while ahead:
            gate = ahead.pop()
            if gate in seen:
                continue
            seen.add(gate)
            ahead += self.wires[self.gate_wires[gate] : self.gate_wires[gate + 1]].tolist()
            for literal in self.literals[self.gate_literals[gate] : self.gate_literals[gate + 1]].tolist():
                runs = self.runs[self.literal_runs[literal] : self.literal_runs[literal + 1]]
                yield int(self.dimension[literal]), runs
