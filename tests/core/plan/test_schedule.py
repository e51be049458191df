"""Schedules: whatever the order, the slots and the groups, each root gets the rows its gates say."""

import numpy as np
import pytest
from numpy.random import Generator

from fasttwitch.kernels import layout
from fasttwitch.plan import schedule as room
from fasttwitch.plan.circuit import EVERY_ROW, NO_ROW, CodeTest, Wire
from fasttwitch.plan.schedule import Schedule, schedule

Bits = np.ndarray[tuple[int], np.dtype[np.bool_]]
ROWS = 257


def random_gates(random: Generator, tests: int, ands: int, widest: int) -> list[CodeTest | tuple[Wire, ...]]:
    gates: list[CodeTest | tuple[Wire, ...]] = [()]
    gates += [CodeTest(0, layout.AT_LEAST, index) for index in range(tests)]
    for _ in range(ands):
        operands = random.choice(
            np.arange(1, len(gates)), size=min(len(gates) - 1, int(random.integers(2, widest))), replace=False
        )
        gates.append(tuple(sorted(2 * int(gate) + int(random.integers(2)) for gate in operands)))
    return gates


def gate_bits(gates: list[CodeTest | tuple[Wire, ...]], tests: Bits) -> list[Bits]:
    """Return the rows of each gate, computed one by one in order."""
    found: list[Bits] = [np.ones(ROWS, np.bool_)]
    for gate in gates[1:]:
        if isinstance(gate, CodeTest):
            found.append(tests[gate.index])
        else:
            found.append(np.logical_and.reduce([found[wire >> 1] ^ bool(wire & 1) for wire in gate]))
    return found


def played(scheduled: Schedule, tests: Bits, gates: list[CodeTest | tuple[Wire, ...]]) -> dict[int, Bits]:
    """Return the rows of each root, by playing the instruction stream over slots full of garbage."""
    slots = np.random.default_rng(3).random((scheduled.slots + 1, ROWS)) < 0.5
    for slot, number in enumerate(scheduled.tests):
        gate = gates[number]
        assert isinstance(gate, CodeTest)
        slots[slot] = tests[gate.index]
    roots: dict[int, Bits] = {}
    for shape, begin, count, sink, invert in scheduled.runs.tolist():
        positives, negatives = divmod(shape, 5)
        width = 1 + positives + negatives
        stream = scheduled.operands[begin : begin + count * width].reshape(count, width)
        # Instructions of one run may stand in any order: read all before writing any.
        results = [
            np.logical_and.reduce([*slots[row[1 : 1 + positives]], *~slots[row[1 + positives :]]]) ^ bool(invert)
            for row in stream
        ]
        for row, result in zip(stream, results, strict=True):
            if sink == layout.ROOT:
                assert int(row[0]) not in roots, "a row of counts must be written once"
                roots[int(row[0])] = result
            else:
                slots[row[0]] = result
    return roots


@pytest.mark.parametrize("group", [1, 3, 256])
@pytest.mark.parametrize("widest", [3, 20])
@pytest.mark.parametrize("seed", range(6))
def test_roots_hold_what_their_gates_say(monkeypatch: pytest.MonkeyPatch, seed: int, widest: int, group: int) -> None:
    """Small groups reuse slots early: a slot freed too soon would show here."""
    monkeypatch.setattr(room, "ROOTS_A_GROUP", group)
    random = np.random.default_rng(seed)
    gates = random_gates(random, 12, 60, widest)
    roots = [EVERY_ROW, NO_ROW, *random.integers(2, 2 * len(gates), 25).tolist()]
    roots += [roots[5], roots[5] ^ 1]  # the same segment twice, and its complement
    tests = random.random((12, ROWS)) < 0.5
    scheduled = schedule(gates, roots)
    found, expected = played(scheduled, tests, gates), gate_bits(gates, tests)
    for wire, row in zip(roots, scheduled.roots, strict=True):
        if wire in (EVERY_ROW, NO_ROW):
            assert row == (-2 if wire == EVERY_ROW else -1)
        else:
            np.testing.assert_array_equal(found[row], expected[wire >> 1] ^ bool(wire & 1))
    assert len(found) == scheduled.rows


def test_slots_are_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps a program of thousands of segments in the second-level cache."""
    gates: list[CodeTest | tuple[Wire, ...]] = [(), *(CodeTest(0, layout.AT_LEAST, i) for i in range(4))]
    for _ in range(100):  # an inner gate for each root, needed by nobody else
        gates.append((2, 4, 7))
        gates.append((6, 2 * (len(gates) - 1)))
    roots = [2 * gate for gate in range(6, len(gates), 2)]
    monkeypatch.setattr(room, "ROOTS_A_GROUP", 10)
    assert schedule(gates, roots).slots == 3 + 10
