"""Few rules, gate by gate: for what a change has brought, until all rules are laid out together again.

An index of twenty rules takes 2 ms to build, and this a tenth of that; a gate takes some 10 ns of a customer's time.
"""

from dataclasses import dataclass, field

import numpy as np
from numba import types
from numpy.typing import NDArray

from fasttwitch.kernels.addresses import bytes_at, ints_at, shorts_at
from fasttwitch.kernels.jit import interpreter_kernel, kernel, routine
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.heads import point_at
from fasttwitch.kernels.point.runs import is_in_runs

ANY = 1 << 40

# Fields of the head.
(
    FEW_DIMENSIONS,
    FEW_GATES,
    FEW_ROWS,
    FEW_DIMENSION,
    FEW_LITERAL_RUNS,
    FEW_RUNS,
    FEW_GATE_LITERALS,
    FEW_LITERALS,
    FEW_GATE_WIRES,
    FEW_WIRES,
    FEW_ROOTS,
    FEW_FIELDS,
) = range(12)


@dataclass(frozen=True, slots=True, eq=False)
class FewIndex:
    """What `match_few` reads, in place of an `Index`; the rest as there."""

    gates: Gates
    dimensions: int
    most_ids: int
    scratch_bytes: int
    _head: NDArray[np.int64] = field(repr=False)

    @property
    def address(self) -> int:
        """Return the address of the head, for kernels; the index must outlive its use."""
        return int(self._head.ctypes.data)


def few_index(gates: Gates) -> FewIndex:
    """Return what evaluates gates one by one."""
    head = np.zeros(FEW_FIELDS, np.int64)
    dimensions, count, rows = gates.cells.size - 1, gates.gate_wires.size - 1, gates.roots.size
    head[[FEW_DIMENSIONS, FEW_GATES, FEW_ROWS]] = dimensions, count, rows
    arrays = (
        (FEW_DIMENSION, gates.dimension),
        (FEW_LITERAL_RUNS, gates.literal_runs),
        (FEW_RUNS, gates.runs),
        (FEW_GATE_LITERALS, gates.gate_literals),
        (FEW_LITERALS, gates.literals),
        (FEW_GATE_WIRES, gates.gate_wires),
        (FEW_WIRES, gates.wires),
        (FEW_ROOTS, gates.roots),
    )
    point_at(head, arrays)
    return FewIndex(gates, dimensions, max(rows, 1), max(count, 1), head)


@routine
def _lives(table, gate, values, lives):  # type: ignore[no-untyped-def]
    """Return whether a gate lives; those before it are settled."""
    begins, wires = ints_at(table[FEW_GATE_WIRES], ANY), shorts_at(table[FEW_WIRES], ANY)
    for place in range(begins[gate], begins[gate + 1]):
        if lives[wires[place]] != 0:
            return 0
    begins, literals = ints_at(table[FEW_GATE_LITERALS], ANY), shorts_at(table[FEW_LITERALS], ANY)
    dimension, runs = shorts_at(table[FEW_DIMENSION], ANY), shorts_at(table[FEW_RUNS], ANY)
    run_begins = ints_at(table[FEW_LITERAL_RUNS], ANY)
    for place in range(begins[gate], begins[gate + 1]):
        literal = np.int64(literals[place])
        if is_in_runs(runs, run_begins[literal], run_begins[literal + 1], values[dimension[literal]]) == 0:
            return 0
    return 1


@routine
def _match(head, codes, scratch, out):  # type: ignore[no-untyped-def]
    table = ints_at(head, FEW_FIELDS)
    values, lives = shorts_at(codes, ANY), bytes_at(scratch, ANY)
    for gate in range(table[FEW_GATES]):
        lives[gate] = _lives(table, gate, values, lives)
    roots, ids = shorts_at(table[FEW_ROOTS], ANY), shorts_at(out, ANY)
    count = 0
    for row in range(table[FEW_ROWS]):
        root = np.int64(roots[row])
        if np.int64(lives[root >> 1]) != (root & 1):
            ids[count] = row
            count += 1
    return count


@interpreter_kernel(types.int64(*[types.int64] * 4))
def match_few(head: int, codes: int, scratch: int, out: int) -> int:
    """Write the rows of answers that hold for one customer, ascending; return how many. Arguments as `driver.match`."""
    return _match(head, codes, scratch, out)  # type: ignore[no-any-return]


@kernel(types.int64(*[types.int64] * 7))
def match_few_of_many(head: int, codes: int, customers: int, scratch: int, out: int, capacity: int, ends: int) -> int:
    """Write the rows of answers of customers one after the other; all as `driver.match_many`."""
    ends_of, table = ints_at(ends, ANY), ints_at(head, FEW_FIELDS)
    ids = 0
    for customer in range(customers):
        if capacity - ids < table[FEW_ROWS]:
            return customer
        ids += _match(head, codes + 4 * table[FEW_DIMENSIONS] * customer, scratch, out + 4 * ids)
        ends_of[customer] = ids
    return customers
