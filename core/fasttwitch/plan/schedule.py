"""Gates in an order to run: bitmask slots, and runs of instructions of one shape.

Segments are taken in groups. Within a group, instructions are sorted by (level, shape), so that a kernel dispatches
once a run; slots of a group's gates are free again after the last group that reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.layout import (
    ROOT,
    RUN_BEGIN,
    RUN_COUNT,
    RUN_FIELDS,
    RUN_INVERT,
    RUN_SHAPE,
    RUN_SINK,
    STORE,
)
from fasttwitch.plan.circuit import EVERY_ROW, NO_ROW, CodeTest, Wire

# Runs get longer with the group, slots fewer without it; 128 to 256 measured best.
ROOTS_A_GROUP = 256
OPERANDS_A_SIDE = 4
REGISTERS_OF_SHAPE = OPERANDS_A_SIDE + 1

# Roots that need no row of counts: no customer at all, every customer.
NOBODY, EVERYBODY = -1, -2


@dataclass(frozen=True, slots=True)
class Schedule:
    """The program of one circuit.

    tests       gate numbers of the tests; test i fills slot i
    slots       number of slots in all
    runs        int64[runs, RUN_FIELDS]
    operands    int32: the operand stream
    roots       row of the counts for each root wire asked for; or NOBODY, or EVERYBODY
    rows        number of distinct rows of counts (and masks)
    """

    tests: tuple[int, ...]
    slots: int
    runs: NDArray[np.int64]
    operands: NDArray[np.int32]
    roots: tuple[int, ...]
    rows: int


class _Instruction(NamedTuple):
    """Instructions sort by level, then by what makes a run; a tuple, because sorting thousands of them counts."""

    level: int
    sink: int
    invert: int
    shape: int
    target: int
    operands: tuple[int, ...]


def schedule(gates: Sequence[CodeTest | tuple[Wire, ...]], roots: Sequence[Wire]) -> Schedule:
    """Return the program that computes `roots`."""
    rows: dict[Wire, int] = {}
    for wire in roots:
        if wire not in (EVERY_ROW, NO_ROW):
            rows.setdefault(wire, len(rows))
    builder = _Builder(gates, list(rows))
    builder.run()
    constants = {EVERY_ROW: EVERYBODY, NO_ROW: NOBODY}
    return Schedule(
        tuple(builder.tests),
        builder.slots,
        np.array(builder.runs, np.int64).reshape(-1, RUN_FIELDS),
        np.array(builder.operands, np.int32),
        tuple(rows.get(wire, constants.get(wire, 0)) for wire in roots),
        len(rows),
    )


class _Builder:
    """The state of one pass over all groups."""

    def __init__(self, gates: Sequence[CodeTest | tuple[Wire, ...]], roots: list[Wire]) -> None:
        self._gates = gates
        self._roots = roots
        self._groups = [roots[i : i + ROOTS_A_GROUP] for i in range(0, len(roots), ROOTS_A_GROUP)]
        self.tests: list[int] = []
        self.runs: list[list[int]] = []
        self.operands: list[int] = []
        self._slot: dict[int, int] = {}
        self._level: dict[int, int] = {}
        self._uses: dict[int, int] = {}
        self._free: list[int] = []
        self._root_of_wire = {wire: row for row, wire in enumerate(roots)}

    def run(self) -> None:
        members, last_group = self._assign()
        self.slots = len(self.tests)
        for number, group in enumerate(self._groups):
            instructions: list[_Instruction] = []
            temporary: list[int] = []
            fused = {wire >> 1 for wire in group if self._is_fused(wire)}
            for gate in members[number]:
                if gate not in fused:
                    self._slot[gate] = self._allocate()
                    self._emit(gate, STORE, self._slot[gate], 0, instructions, temporary)
            for wire in group:
                row = self._root_of_wire[wire]
                gate = wire >> 1
                if gate in fused:
                    self._emit(gate, ROOT, row, wire & 1, instructions, temporary)
                else:
                    level = self._level[gate] + 1
                    shape, operands = REGISTERS_OF_SHAPE, (self._slot[gate],)
                    instructions.append(_Instruction(level, ROOT, wire & 1, shape, row, operands))
            self._append(instructions)
            self._free += temporary
            self._free += [self._slot.pop(gate) for gate in last_group[number] if gate in self._slot]

    def _assign(self) -> tuple[list[list[int]], list[list[int]]]:
        """Return each group's new AND gates, operands first, and the AND gates last read in each group."""
        members: list[list[int]] = []
        last: dict[int, int] = {}
        for number, group in enumerate(self._groups):
            new: list[int] = []
            for wire in group:
                self._visit(wire >> 1, new)
            members.append(new)
            self._mark(number, group, last)
        last_group: list[list[int]] = [[] for _ in self._groups]
        for gate, number in last.items():
            last_group[number].append(gate)
        return members, last_group

    def _visit(self, root: int, new: list[int]) -> None:
        """Append the gates below `root` that no root before has reached, operands first, and note their levels."""
        waiting = [root]
        level = self._level
        while waiting:
            gate = waiting[-1]
            if gate in level:
                waiting.pop()
                continue
            wires = self._gates[gate]
            if isinstance(wires, CodeTest):
                level[gate] = 0
                self._slot[gate] = len(self.tests)
                self.tests.append(gate)
                continue
            missing = [wire >> 1 for wire in wires if wire >> 1 not in level]
            if missing:
                waiting += missing
                continue
            level[gate] = 1 + max(level[wire >> 1] for wire in wires) + _extra_levels(wires)
            for wire in wires:
                self._uses[wire >> 1] = self._uses.get(wire >> 1, 0) + 1
            new.append(gate)

    def _mark(self, number: int, group: list[Wire], last: dict[int, int]) -> None:
        """Note for every AND gate below the group's roots that this group reads it."""
        waiting = [wire >> 1 for wire in group]
        while waiting:
            gate = waiting.pop()
            if last.get(gate) == number or isinstance(self._gates[gate], CodeTest):
                continue
            fresh = gate not in last
            last[gate] = number
            wires = self._gates[gate]
            assert isinstance(wires, tuple)
            # A gate of an earlier group has its bits in a slot: what lies below it is not read again.
            waiting += [wire >> 1 for wire in wires] if fresh else []

    def _is_fused(self, wire: Wire) -> bool:
        """Return whether nobody but this root needs the gate, so that its result need not be stored."""
        gate = wire >> 1
        only = not isinstance(self._gates[gate], CodeTest) and self._uses.get(gate, 0) == 0
        return only and (wire ^ 1) not in self._root_of_wire

    def _allocate(self) -> int:
        if self._free:
            return self._free.pop()
        self.slots += 1
        return self.slots - 1

    def _emit(
        self, gate: int, sink: int, target: int, invert: int, instructions: list[_Instruction], temporary: list[int]
    ) -> None:
        """Append the instructions of one AND; long ones go through temporary slots."""
        wires = self._gates[gate]
        assert isinstance(wires, tuple)
        positives = [self._slot[wire >> 1] for wire in wires if not wire & 1]
        negatives = [self._slot[wire >> 1] for wire in wires if wire & 1]
        level = self._level[gate] - _extra_levels(wires)
        while len(positives) > OPERANDS_A_SIDE or len(negatives) > OPERANDS_A_SIDE:
            slot = self._allocate()
            temporary.append(slot)
            head = (*positives[:OPERANDS_A_SIDE], *negatives[:OPERANDS_A_SIDE])
            instructions.append(_Instruction(level, STORE, 0, _shape(positives, negatives), slot, head))
            positives = [slot, *positives[OPERANDS_A_SIDE:]]
            negatives = negatives[OPERANDS_A_SIDE:]
            level += 1
        shape = _shape(positives, negatives)
        instructions.append(_Instruction(level, sink, invert, shape, target, (*positives, *negatives)))

    def _append(self, instructions: list[_Instruction]) -> None:
        """Sort the instructions of a group into runs."""
        instructions.sort()
        last = None
        for instruction in instructions:
            key = (instruction.level, instruction.sink, instruction.invert, instruction.shape)
            if key != last:
                run = [0] * RUN_FIELDS
                run[RUN_SHAPE], run[RUN_BEGIN] = instruction.shape, len(self.operands)
                run[RUN_SINK], run[RUN_INVERT] = instruction.sink, instruction.invert
                self.runs.append(run)
                last = key
            self.runs[-1][RUN_COUNT] += 1
            self.operands.append(instruction.target)
            self.operands += instruction.operands


def _shape(positives: list[int], negatives: list[int]) -> int:
    return min(len(positives), OPERANDS_A_SIDE) * REGISTERS_OF_SHAPE + min(len(negatives), OPERANDS_A_SIDE)


def _extra_levels(wires: tuple[Wire, ...]) -> int:
    """Return how many instructions an AND of so many operands needs beyond its first."""
    negatives = sum(wire & 1 for wire in wires)
    positives = len(wires) - negatives
    extra = 0
    while positives > OPERANDS_A_SIDE or negatives > OPERANDS_A_SIDE:
        positives = max(positives - OPERANDS_A_SIDE, 0) + 1
        negatives = max(negatives - OPERANDS_A_SIDE, 0)
        extra += 1
    return extra
