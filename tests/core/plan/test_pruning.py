"""Pruned programs: the same answers, from fewer instructions, for the rows that some planes can move, and no others."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from fasttwitch.plan import schedule as room
from fasttwitch.plan.circuit import CodeTest, Wire
from fasttwitch.plan.compiler import PLANE, SLOT
from fasttwitch.plan.pruning import pruned
from fasttwitch.plan.schedule import Schedule, schedule
from tests.oracle import kernels_evaluate as oracle

ROWS, PLANES = 257, 7


def random_program(seed: int) -> tuple[Schedule, NDArray[np.int64]]:
    """Return a program over tests of seven planes, and where its tests stand."""
    random = np.random.default_rng(seed)
    tests = int(random.integers(8, 30))
    gates: list[CodeTest | tuple[Wire, ...]] = [()]
    gates += [CodeTest(index % PLANES, layout.AT_LEAST, index) for index in range(tests)]
    for _ in range(60):
        operands = random.choice(np.arange(1, len(gates)), size=int(random.integers(2, 12)) % len(gates), replace=False)
        gates.append(tuple(sorted(2 * int(gate) + int(random.integers(2)) for gate in [*operands, len(gates) - 1])))
    roots = [2 * int(gate) + int(random.integers(2)) for gate in random.integers(1, len(gates), 40)]
    scheduled = schedule(gates, roots)
    found = []
    for slot, number in enumerate(scheduled.tests):
        gate = gates[number]
        assert isinstance(gate, CodeTest)
        found.append((gate.plane, gate.kind, gate.index, slot))
    return scheduled, np.array(sorted(found), np.int64)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_left_answers_as_the_whole_and_what_is_not_cannot_move(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "ROOTS_A_GROUP", 7)  # slots are written anew from group to group
    scheduled, tests = random_program(seed)
    random = np.random.default_rng(seed)
    planes = random.choice(PLANES, int(random.integers(0, 3)), replace=False).tolist()
    some = pruned(tests, scheduled.runs, scheduled.operands, scheduled.slots, planes)
    first = {slot: random.random(ROWS) < 0.5 for slot in range(len(scheduled.tests))}
    moved = {slot: random.random(ROWS) < 0.5 for slot in tests[np.isin(tests[:, PLANE], planes), SLOT].tolist()}
    for slots in (first, first | moved):
        whole = oracle.run_program(scheduled.runs, scheduled.operands, dict(slots))
        only = {slot: slots[slot] for slot in some.tests[:, SLOT].tolist()}  # nothing else may be read
        found = oracle.run_program(some.runs, some.operands, dict(only))
        assert sorted(found) == list(range(some.rows.size))
        for place, row in enumerate(some.rows.tolist()):
            np.testing.assert_array_equal(found[place], whole[row])
    before = oracle.run_program(scheduled.runs, scheduled.operands, dict(first))
    after = oracle.run_program(scheduled.runs, scheduled.operands, first | moved)
    for row in set(before) - set(some.rows.tolist()):
        np.testing.assert_array_equal(before[row], after[row])


def test_no_plane_moves_nothing() -> None:
    scheduled, tests = random_program(0)
    some = pruned(tests, scheduled.runs, scheduled.operands, scheduled.slots, [])
    assert (len(some.tests), len(some.runs), some.operands.size, some.rows.size) == (0, 0, 0, 0)


def test_all_planes_move_every_row() -> None:
    scheduled, tests = random_program(1)
    some = pruned(tests, scheduled.runs, scheduled.operands, scheduled.slots, range(PLANES))
    assert some.rows.tolist() == list(range(scheduled.rows))
    assert some.operands.size <= scheduled.operands.size
