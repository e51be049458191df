"""Where each row of answers is decided: by bits of the flat part, or in lists under selective codes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.coarse import row_counts
from fasttwitch.kernels.point.gates import Gates, Int64s
from fasttwitch.kernels.point.literals import MOST_TREE, NARROW, Facts, choose_access
from fasttwitch.kernels.point.ragged import elements_of

Bools = NDArray[np.bool_]
Doubles = NDArray[np.float64]

MOST_ACCESS_CODES = 16  # a clause stands in the list of each: 28 bytes
MOST_OPERANDS = 16  # of an OR that is listed operand by operand

# Measured on Zen 4, of 42 attributes: what a gate of the flat part takes, and a listed clause under a customer's code,
# where all rules as bits would fit the third-level cache (to about 100,000 rules of 30 codes), and where not; and that
# there are lists at all: half of it, since lists of 1,000 rules take 55 bytes a rule where bits of 200 codes take 837,
# in a cache that others want too. So a literal that holds for a tenth of the customers is selective enough, and there
# are lists from 600 rules on.
FLAT_NS, CANDIDATE_NS = 0.11, 1.1
FLAT_NS_FROM_MEMORY, CANDIDATE_NS_FROM_MEMORY = 0.3, 2.2
LISTS_NS = 60.0
EXACT_NS = 15.0  # of a gate that is evaluated by itself
CACHE_BYTES = 24 << 20

FLAT, LISTED = "flat", "listed"


@dataclass(frozen=True, slots=True, eq=False)
class Clauses:
    """Conjunctions that lists hold: if one is true, its row is.

    rows          int64[clauses]: row of answers
    gates         int64[clauses]: that must live; -1 where the access literal is all there is
    access        int64[clauses]: literal under whose codes the clause is listed
    complemented  bool[clauses]: under those that the literal lacks, that is
    cost_ns       float64[clauses]: that it takes, in the mean of all customers
    """

    rows: Int64s
    gates: Int64s
    access: Int64s
    complemented: Bools
    cost_ns: Doubles


def choose_homes(gates: Gates, facts: Facts, only: str | None = None) -> tuple[Int64s, Clauses]:
    """Return the rows that get bits, and the clauses of all others.

    only  "flat", or "listed" (whatever can be): for tests
    """
    clauses = _all_clauses(gates, facts)
    listed = _listed(gates, facts, clauses, only)
    chosen = np.nonzero(listed[clauses.rows])[0]
    return np.nonzero(~listed)[0], Clauses(
        clauses.rows[chosen],
        clauses.gates[chosen],
        clauses.access[chosen],
        clauses.complemented[chosen],
        clauses.cost_ns[chosen],
    )


def _listed(gates: Gates, facts: Facts, clauses: Clauses, only: str | None) -> Bools:
    """Return which rows are to be listed."""
    rows = gates.roots.size
    possible = np.bincount(clauses.rows, minlength=rows) > 0
    if only == FLAT:
        return np.zeros(rows, np.bool_)
    if only == LISTED:
        return possible
    flat_ns = FLAT_NS if _is_cached(gates) else FLAT_NS_FROM_MEMORY
    listed_ns = np.bincount(clauses.rows, clauses.cost_ns, minlength=rows)
    listed: Bools = possible & (listed_ns < flat_ns)
    gain = flat_ns * np.count_nonzero(listed) - listed_ns[listed].sum()
    return listed if gain > LISTS_NS else np.zeros(rows, np.bool_)


def _is_cached(gates: Gates) -> bool:
    """Return whether the third-level cache would hold all rules as bits."""
    used = np.bincount(gates.dimension[gates.literals], minlength=gates.cells.size - 1) > 0
    return bool(row_counts(gates.cells)[used].sum() / 8 * gates.roots.size < CACHE_BYTES)


def _all_clauses(gates: Gates, facts: Facts) -> Clauses:
    """Return the clauses of all rows that can be listed, by rows."""
    candidate_ns = CANDIDATE_NS if _is_cached(gates) else CANDIDATE_NS_FROM_MEMORY
    access = np.full(gates.gate_literals.size - 1, -1, np.int64)
    all_share = np.zeros(access.size)
    choose_access(
        gates.gate_literals,
        gates.literals,
        facts.literal_share,
        facts.literal_codes,
        MOST_ACCESS_CODES,
        access,
        all_share,
    )
    access[facts.tree > MOST_TREE] = -1
    cost = np.append(facts.literal_share, 0.0)[access] * candidate_ns
    cost += np.where(_is_exact(gates, facts), all_share * facts.tree * EXACT_NS, 0.0)
    plain = np.nonzero(gates.roots & 1 == 0)[0]
    roots = gates.roots[plain].astype(np.int64) >> 1
    plain, roots = plain[access[roots] >= 0], roots[access[roots] >= 0]
    conjunctions = Clauses(plain, roots, access[roots], np.zeros(roots.size, np.bool_), cost[roots])
    return _joined(conjunctions, _alternatives(gates, facts, access, cost, candidate_ns))


def _is_exact(gates: Gates, facts: Facts) -> Bools:
    """Return which gates say more than lanes can, about."""
    wide = (np.diff(gates.cells)[gates.dimension] > NARROW) & (facts.literal_codes > 1)
    ends = np.concatenate(([0], np.cumsum(wide[gates.literals])))
    exact: Bools = (facts.level > 0) | (ends[gates.gate_literals[1:]] > ends[gates.gate_literals[:-1]])
    return exact


def _alternatives(gates: Gates, facts: Facts, access: Int64s, cost: Doubles, candidate_ns: float) -> Clauses:
    """Return the clauses of rows that hold where a gate is dead: one of its literals fails, or a wire's gate lives."""
    lacked = np.diff(gates.cells)[gates.dimension] - facts.literal_codes
    rows = np.nonzero(gates.roots & 1)[0]
    roots = gates.roots[rows].astype(np.int64) >> 1
    literal_places, literal_begins = elements_of(gates.gate_literals, roots)
    wire_places, wire_begins = elements_of(gates.gate_wires, roots)
    literals, wires = gates.literals[literal_places].astype(np.int64), gates.wires[wire_places].astype(np.int64)
    literal_owner, wire_owner = (
        np.repeat(np.arange(rows.size), np.diff(literal_begins)),
        np.repeat(np.arange(rows.size), np.diff(wire_begins)),
    )
    bad = np.zeros(rows.size, np.bool_)
    bad[literal_owner[lacked[literals] > MOST_ACCESS_CODES]] = True
    bad[wire_owner[access[wires] < 0]] = True
    operands = np.diff(literal_begins) + np.diff(wire_begins)
    bad |= (operands == 0) | (operands > MOST_OPERANDS)
    keep, keep_wire = ~bad[literal_owner], ~bad[wire_owner]
    literals, wires = literals[keep], wires[keep_wire]
    return _joined(
        Clauses(
            rows[literal_owner[keep]],
            np.full(literals.size, -1),
            literals,
            np.ones(literals.size, np.bool_),
            (1.0 - facts.literal_share[literals]) * candidate_ns,
        ),
        Clauses(rows[wire_owner[keep_wire]], wires, access[wires], np.zeros(wires.size, np.bool_), cost[wires]),
    )


def _joined(first: Clauses, second: Clauses) -> Clauses:
    return Clauses(
        np.concatenate((first.rows, second.rows)),
        np.concatenate((first.gates, second.gates)),
        np.concatenate((first.access, second.access)),
        np.concatenate((first.complemented, second.complemented)),
        np.concatenate((first.cost_ns, second.cost_ns)),
    )
